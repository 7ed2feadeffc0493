"""What a run reads from its store and writes to it: one transaction a file, so that nothing is ever half there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPICursor

from narrcheck.audit import schema
from narrcheck.audit.connect import connect, explained, own_files
from narrcheck.audit.interrupts import whole
from narrcheck.audit.rows import (
    CLAIM_COLUMNS,
    FILING_COLUMNS,
    FINDING_COLUMNS,
    INDICATOR_COLUMNS,
    PROBLEM_COLUMNS,
    FileRows,
    Row,
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Under what a file was checked: an unchanged file is checked again where this differs."""

    settings: str
    version: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of a file now."""

    sha256: str | None
    size: int | None
    modified: int | None
    stamp: Stamp
    passing: bool


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Store:
    """A store opened for writing; a context. Every method may raise StoreError."""

    def __init__(self, address: str) -> None:
        self.engine = connect(address, writing=True)
        self.files = own_files(self.engine.url)
        self._connection = self.engine.connect()
        self._current = _CURRENT.format(mark=_mark(self._connection))
        self._insert = {table.name: _insertion(self._connection, table, names) for table, names in _ROWS}

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store; SQLite then folds its log into the one file."""
        self._connection.close()
        self.engine.dispose()

    def folder(self, location: str, named: str) -> int:
        """The key of a folder, which is entered where it is new."""
        with explained(self.engine), whole(), self._connection.begin():
            folders = schema.folders
            _insert_missing(self._connection, folders, {"location": location, "named": named})
            key: int = self._connection.execute(select(folders.c.id).where(folders.c.location == location)).scalar_one()
            self._connection.execute(update(folders).where(folders.c.id == key).values(named=named))
            return key

    def begin_run(self, folder: int, values: Mapping[str, Any]) -> int:
        """Enter a run that begins now; its key."""
        with explained(self.engine), whole(), self._connection.begin():
            insert = schema.runs.insert().values(folder_id=folder, state="running", started=now(), **values)
            key: int = self._connection.execute(insert.returning(schema.runs.c.id)).scalar_one()
            return key

    def update_run(self, run: int, values: Mapping[str, Any]) -> None:
        """Note how a run goes, or ended."""
        with explained(self.engine), whole(), self._connection.begin():
            self._connection.execute(update(schema.runs).where(schema.runs.c.id == run).values(**values))

    def known(self, folder: int, paths: Sequence[str] | None = None) -> dict[str, Known]:
        """What the store holds of these files of a folder, or of all of them."""
        files = schema.files
        query = select(
            files.c.path, files.c.sha256, files.c.size, files.c.modified, files.c.settings_key, files.c.version,
            files.c.passing,
        ).where(files.c.folder_id == folder, files.c.current)  # fmt: skip
        if paths is not None:
            query = query.where(files.c.path.in_(paths))
        stamps: dict[tuple[str, str], Stamp] = {}
        with explained(self.engine), self._connection.begin():
            found: dict[str, Known] = {}
            for path, sha256, size, modified, *stamp, passing in self._connection.execute(query).all():
                key = (stamp[0], stamp[1])
                if key not in stamps:
                    stamps[key] = Stamp(*key)
                found[path] = Known(sha256, size, modified, stamps[key], passing)
            return found

    def write(self, folder: int, run: int, stamp: Stamp, rows: FileRows, again: bool = False) -> bool:
        """Take what came of a file in the place of what it held before; False where the store has the same already,
        as after another run (`again`: taken nevertheless)."""
        with explained(self.engine), whole(), self._connection.begin():
            if self.engine.dialect.name == "postgresql":  # one writer of a folder at a time, as SQLite has it anyway
                self._connection.execute(_HOLD, {"folder": folder})
            # The driver's own cursor: half of the time of a file would otherwise go into SQLAlchemy's care for values.
            cursor = self._connection.connection.cursor()
            cursor.execute(self._current, (folder, rows.path))
            kept = cursor.fetchone()
            if kept is not None:
                same = (*kept[1:4], bool(kept[4])) == (rows.sha256, stamp.settings, stamp.version, False)
                if same and not again:
                    return False
                self._connection.execute(update(schema.files).where(schema.files.c.id == kept[0]).values(current=False))
            facts = (rows.path, True, rows.state, rows.passing, rows.sha256, rows.size, rows.modified)
            file = self._key(cursor, "files", (folder, run, *facts, stamp.settings, stamp.version, now()))
            self._rows(cursor, "problems", file, rows.problems)
            for position, filing in enumerate(rows.filings):
                key = self._key(cursor, "filings", (file, position, *filing.filing))
                self._rows(cursor, "claims", key, filing.claims)
                self._rows(cursor, "indicators", key, filing.indicators)
                self._rows(cursor, "findings", key, filing.findings)
            cursor.close()
            return True

    def standing(self, folder: int) -> list[tuple[int, str]]:
        """The files of a folder that stand now, each with its key."""
        files = schema.files
        query = select(files.c.id, files.c.path).where(files.c.folder_id == folder, files.c.current)
        with explained(self.engine), self._connection.begin():
            return [(key, path) for key, path in self._connection.execute(query)]

    def leave(self, gone: Sequence[int]) -> int:
        """Note that these files are gone; how many they are. Their rows stay as history."""
        change = update(schema.files).where(schema.files.c.id == bindparam("key")).values(current=False)
        with explained(self.engine), whole(), self._connection.begin():
            if gone:
                self._connection.execute(change, [{"key": key} for key in gone])
        return len(gone)

    def _key(self, cursor: DBAPICursor, table: str, values: Row) -> int:
        """Enter a row; its key."""
        cursor.execute(f"{self._insert[table]} RETURNING id", values)
        row = cursor.fetchone()
        assert row is not None
        return int(row[0])

    def _rows(self, cursor: DBAPICursor, table: str, owner: int, rows: Sequence[Row]) -> None:
        if rows:
            cursor.executemany(self._insert[table], [(owner, position, *row) for position, row in enumerate(rows)])


_FILE_COLUMNS = (
    "folder_id", "run_id", "path", "current", "state", "passing", "sha256", "size", "modified", "settings_key",
    "version", "checked_at",
)  # fmt: skip
_ROWS = (
    (schema.files, _FILE_COLUMNS),
    (schema.filings, ("file_id", "position", *FILING_COLUMNS)),
    (schema.problems, ("file_id", "position", *PROBLEM_COLUMNS)),
    (schema.claims, ("filing_id", "position", *CLAIM_COLUMNS)),
    (schema.indicators, ("filing_id", "position", *INDICATOR_COLUMNS)),
    (schema.findings, ("filing_id", "position", *FINDING_COLUMNS)),
)
_CURRENT = (
    "SELECT id, sha256, settings_key, version, passing FROM files"
    " WHERE folder_id = {mark} AND path = {mark} AND current"
)
_HOLD = select(schema.folders.c.id).where(schema.folders.c.id == bindparam("folder")).with_for_update(key_share=True)


def _mark(connection: Connection) -> str:
    """What stands for a value in a statement, as the driver takes it."""
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"


def _insertion(connection: Connection, table: Table, names: Sequence[str]) -> str:
    """The statement that enters rows of plain values in the order of `names`, as the driver takes it."""
    quote, mark = connection.dialect.identifier_preparer.quote, _mark(connection)
    columns = ", ".join(quote(table.c[name].name) for name in names)
    return f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({', '.join([mark] * len(names))})"


def _insert_missing(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        connection.execute(postgresql.insert(table).values(**values).on_conflict_do_nothing())
        return
    connection.execute(sqlite.insert(table).values(**values).on_conflict_do_nothing())
