"""The queries that the figures share: current filings, findings with their state, sums that never overflow."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Row, Select, Text, and_, case, cast, distinct, func, null, select

from narrcheck.audit import schema
from narrcheck.audit.summary.model import Filed, Place

EVALUATION = "self_evaluation"
STANDING = ("open", "confirmed")
AT_ONCE = 400
_PART = 10**9

filings, files, folders = schema.filings, schema.files, schema.folders
FILED = (
    filings.c.id, folders.c.location, folders.c.named, files.c.path, filings.c.member, filings.c.number,
    filings.c.project, filings.c.unit, filings.c.department, filings.c.year, filings.c.form,
)  # fmt: skip
"""The columns of which `filed` makes a filing; its first."""


def current(*columns: Any) -> Select[Any]:
    """These columns of the filings that stand now."""
    query = select(*columns).select_from(filings).join(files, files.c.id == filings.c.file_id)
    return query.join(folders, folders.c.id == files.c.folder_id).where(files.c.current)


def evaluations(*columns: Any) -> Select[Any]:
    """These columns of the self-evaluations that stand now."""
    return current(*columns).where(filings.c.form == EVALUATION)


def filed(row: Row[Any]) -> Filed:
    """The filing at the beginning of a row of FILED."""
    key, location, named, path, member, *told = row[: len(FILED)]
    return Filed(key, Place(location, named, path, member), *told)


def filed_by_key(connection: Connection, keys: Iterable[int]) -> dict[int, Filed]:
    """The filings of these keys."""
    wanted, found = sorted(set(keys)), {}
    for chunk in chunks(wanted):
        for row in connection.execute(current(*FILED).where(filings.c.id.in_(chunk))):
            found[row.id] = filed(row)
    return found


def chunks(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """The keys in pieces that a query takes."""
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def plain(column: ColumnElement[Any], connection: Connection) -> ColumnElement[Any]:
    """A text column as ordered by every database alike."""
    return column.collate("C" if connection.dialect.name == "postgresql" else "BINARY")


def by_file(connection: Connection) -> tuple[ColumnElement[Any], ...]:
    """The order of filings by folder, file and place in it."""
    return plain(folders.c.location, connection), plain(files.c.path, connection), filings.c.position


def latest_decisions() -> Select[Any]:
    """The decision in force for each finding."""
    decisions = schema.decisions
    last = select(func.max(decisions.c.id).label("id")).group_by(decisions.c.finding).subquery()
    return select(decisions).join(last, last.c.id == decisions.c.id)


def state(waiver: ColumnElement[Any], verdict: ColumnElement[Any]) -> ColumnElement[Any]:
    """Waived, dismissed, confirmed or open."""
    return case(
        (waiver.is_not(None), "waived"),
        (verdict == "dismissed", "dismissed"),
        (verdict == "confirmed", "confirmed"),
        else_="open",
    )


def found() -> CTE:
    """One row for each finding and filing it stands in: filing_id, across (its id, NULL for one of a single filing),
    rule, severity, state."""
    single, across, places = schema.findings, schema.across, schema.across_filings
    decided = latest_decisions().subquery()
    standing = select(filings.c.id).join(files, files.c.id == filings.c.file_id).where(files.c.current).subquery()
    own = (
        select(
            single.c.filing_id, cast(null(), Text).label("across"), single.c.rule, single.c.severity,
            state(single.c.waiver, decided.c.verdict).label("state"),
        )
        .join(standing, standing.c.id == single.c.filing_id)
        .outerjoin(decided, decided.c.finding == single.c.finding)
    )  # fmt: skip
    touched = select(places.c.finding, places.c.filing_id).distinct().subquery()
    between = (
        select(
            touched.c.filing_id, across.c.finding, across.c.rule, across.c.severity,
            state(across.c.waiver, decided.c.verdict),
        )
        .join(across, across.c.finding == touched.c.finding)
        .join(standing, standing.c.id == touched.c.filing_id)
        .outerjoin(decided, decided.c.finding == across.c.finding)
    )  # fmt: skip
    return own.union_all(between).cte("found")


def stands(rows: CTE) -> ColumnElement[bool]:
    """Whether a row of `found` counts."""
    return rows.c.state.in_(STANDING)


def number(rows: CTE, *where: ColumnElement[bool]) -> ColumnElement[Any]:
    """How many findings there are among rows of `found`: one across filings once, however many of them it touches."""
    single = func.coalesce(func.sum(case((and_(rows.c.across.is_(None), *where), 1), else_=0)), 0)
    return single + func.count(distinct(case((and_(rows.c.across.is_not(None), *where), rows.c.across))))


def sums(name: str, column: ColumnElement[Any], *where: ColumnElement[bool]) -> tuple[ColumnElement[Any], ...]:
    """Columns that `added` adds up: the sum in two parts, each far from the largest integer of a database."""
    value = case((and_(column.is_not(None), *where), column), else_=0)
    parts = (func.coalesce(func.sum(part), 0) for part in (value // _PART, value % _PART))
    return tuple(part.label(f"{name}_{at}") for at, part in enumerate(parts))


def added(row: Row[Any], name: str) -> int:
    """The sum that `sums` named so."""
    return int(getattr(row, f"{name}_0")) * _PART + int(getattr(row, f"{name}_1"))
