"""The tables of the store. A file of a folder has one current row in `files`; what it held before is kept.

Texts hold no NUL characters and no half surrogates. Decimals are kept as text with their digits as printed, money also
as whole 分 (hundredths of a yuan) so that it can be added up. JSON columns are texts.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

HEAD = "0001"
"""The newest migration; a store of another version is migrated or refused."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Key = BigInteger().with_variant(Integer, "sqlite")
_IS_CURRENT = text("current")


def _key() -> Column[Any]:
    return Column("id", Key, primary_key=True)


def _of(table: str, column: str) -> Column[Any]:
    """A reference to another table's row, also the beginning of the primary key where rows belong to it alone."""
    return Column(column, Key, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False)


def _rows_of(table: str, column: str) -> tuple[Column[Any], Column[Any]]:
    owner = Column(column, Key, ForeignKey(f"{table}.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    return owner, Column("position", Integer, primary_key=True, autoincrement=False)


def _texts(*names: str) -> tuple[Column[Any], ...]:
    return tuple(Column(name, Text) for name in names)


def _counts(*names: str) -> tuple[Column[Any], ...]:
    return tuple(Column(name, Integer, nullable=False, server_default="0") for name in names)


folders = Table(
    "folders",
    metadata,
    _key(),
    Column("location", Text, nullable=False, unique=True),  # absolute, with escapes where it is not UTF-8
    Column("named", Text, nullable=False),  # as the last run named it
)

runs = Table(
    "runs",
    metadata,
    _key(),
    _of("folders", "folder_id"),
    Column("state", Text, nullable=False),  # running, finished, interrupted, stopped
    Column("started", Text, nullable=False),  # UTC, ISO 8601
    *_texts("ended", "reason", "engine", "version", "settings_key", "mode", "profile", "lang", "options", "model"),
    *_counts("listed", "checked", "unchanged"),
)

files = Table(
    "files",
    metadata,
    _key(),
    _of("folders", "folder_id"),
    _of("runs", "run_id"),
    Column("path", Text, nullable=False),  # below the folder, with /, with escapes where it is not UTF-8
    Column("current", Boolean, nullable=False),
    Column("state", Text, nullable=False),  # read, skipped, unread, gone
    Column("passing", Boolean, nullable=False),  # what kept it from being read may pass: tried again by the next run
    *_texts("sha256", "settings_key", "version", "checked_at"),
    Column("size", BigInteger),
    Column("modified", BigInteger),  # nanoseconds, of the bytes that were read
    Index("uq_files_current", "folder_id", "path", unique=True, sqlite_where=_IS_CURRENT, postgresql_where=_IS_CURRENT),
)

problems = Table(
    "problems",
    metadata,
    *_rows_of("files", "file_id"),
    Column("kind", Text, nullable=False),  # unread, skipped
    Column("path", Text, nullable=False),  # as reported: the file, or a member of the zip file
    *_texts("code", "reason"),
    sqlite_with_rowid=False,
)

filings = Table(
    "filings",
    metadata,
    _key(),
    _of("files", "file_id"),
    Column("position", Integer, nullable=False),  # in the file
    Column("member", Text),  # the path below the file, of a member of a zip file
    Column("number", Integer, nullable=False),  # source.index
    Column("sha256", Text, nullable=False),  # of the file, or the member, that holds it
    Column("form", Text, nullable=False),
    *_texts("layout", "project", "department", "unit", "money_unit", "grade", "total_score", "goal", "narrative"),
    Column("year", Integer),
    *_counts("numbers", "claimed", "linked", "checked", "doubtful_cells"),
    Column("budget", BigInteger),  # 全年预算数 of the total, in 分
    Column("executed", BigInteger),  # 全年执行数 of the total, in 分
    *_texts("funds", "doubts", "notes", "failures", "model"),
    Column("degraded", Boolean, nullable=False),
    Column("unit_key", Text, nullable=False),
    Column("project_key", Text, nullable=False),
    Column("sketch", LargeBinary, nullable=False),
    UniqueConstraint("file_id", "position"),
)

claims = Table(
    "claims",
    metadata,
    *_rows_of("filings", "filing_id"),
    Column("field", Text, nullable=False),
    Column("in_row", Integer),
    Column("quote", Text, nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("start", "end")),
    Column("value", Text, nullable=False),
    *_texts("upper", "unit", "modifier", "subject"),
    Column("row", Integer),
    *_texts("why", "by", "scope"),
    sqlite_with_rowid=False,
)

indicators = Table(
    "indicators",
    metadata,
    *_rows_of("filings", "filing_id"),
    *_texts("level1", "level2", "name"),
    *_texts("target", "comparator", "target_value", "target_upper", "target_unit"),
    *_texts("actual", "actual_value", "actual_upper", "actual_unit", "status"),
    *_texts("weight", "score", "note"),
    sqlite_with_rowid=False,
)

findings = Table(
    "findings",
    metadata,
    *_rows_of("filings", "filing_id"),
    Column("finding", Text, nullable=False),  # its id
    Column("rule", Text, nullable=False),
    Column("severity", Integer, nullable=False),  # 1 info, 2 warning, 3 error
    *_texts("message", "suggestion", "by", "evidence", "waiver"),
    sqlite_with_rowid=False,
)

across = Table(
    "across",
    metadata,
    Column("finding", Text, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    *_texts("message", "suggestion", "evidence", "waiver"),
)

across_filings = Table(
    "across_filings",
    metadata,
    Column("finding", Text, ForeignKey("across.finding", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),  # of the piece of evidence
    _of("filings", "filing_id"),
    Index("ix_across_filings_filing_id", "filing_id"),
    sqlite_with_rowid=False,
)

decisions = Table(
    "decisions",
    metadata,
    _key(),
    Column("finding", Text, nullable=False, index=True),
    Column("verdict", Text, nullable=False),  # confirmed, dismissed
    Column("why", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("decided", Text, nullable=False),  # UTC, ISO 8601
    *_texts("rule", "project"),
    Column("year", Integer),
    *_texts("message", "evidence"),
)

facts = Table("facts", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""What holds for the whole store, by name."""
