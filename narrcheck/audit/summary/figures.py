"""Everything the summary says, in figures: queries over the store in one reading transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from narrcheck.audit import schema
from narrcheck.audit.connect import explained
from narrcheck.audit.summary import crossings, groups, listed, ranking
from narrcheck.audit.summary.found import (
    FILED,
    by_file,
    current,
    evaluations,
    filed,
    files,
    filings,
    folders,
    plain,
)
from narrcheck.audit.summary.model import Capped, Coverage, Figures, Folder, Head, Place, Trouble

SHOWN = 50
_COMPARED = "compared"
_RUN = ("state", "started", "ended", "engine", "version", "profile", "mode")


def figures(engine: Engine, limit: int = 30) -> Figures:
    """The figures of a whole store, with the `limit` filings to look at first. StoreError."""
    with reading(engine) as connection:
        return drawn(connection, limit)


def drawn(connection: Connection, limit: int) -> Figures:
    """The figures as a connection of `reading` sees the store."""
    years, changes = groups.changes(connection)
    rules = groups.by_rule(connection)
    decided = sum(line.confirmed + line.dismissed + line.waived for line in rules)
    return Figures(
        head=_head(connection),
        rules=rules,
        total=groups.total(connection),
        departments=groups.by_group(connection, groups.departments()),
        units=groups.by_group(connection, groups.units()),
        units_by_rate=groups.by_rate(connection, groups.units()),
        years=groups.by_year(connection),
        ranked=ranking.ranked(connection, limit),
        settled=listed.settled(connection, SHOWN, decided),
        copies=crossings.copies(connection),
        crossings={rule: crossings.crossings(connection, rule) for rule in crossings.LISTED},
        change_years=years,
        changes=changes,
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction whose queries all see the store as it is at the first of them. StoreError."""
    with explained(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def troubles(connection: Connection, kind: str) -> Any:
    """The query of what was unread or skipped, in order: columns that `trouble` takes."""
    problems = schema.problems
    return (
        select(folders.c.location, folders.c.named, files.c.path, problems.c.path, problems.c.code, problems.c.reason)
        .join(files, files.c.id == problems.c.file_id)
        .join(folders, folders.c.id == files.c.folder_id)
        .where(files.c.current, problems.c.kind == kind)
        .order_by(plain(folders.c.location, connection), plain(files.c.path, connection), problems.c.position)
    )


def trouble(row: Sequence[Any]) -> Trouble:
    """What a row of `troubles` tells."""
    return Trouble(Place(*row[:3]), *row[3:])


def _head(connection: Connection) -> Head:
    states = select(files.c.state, func.count()).where(files.c.current).group_by(files.c.state)
    forms = current(filings.c.form, func.count()).group_by(filings.c.form)
    years = current(filings.c.year).where(filings.c.year.is_not(None)).distinct().order_by(filings.c.year)
    counts = (filings.c.numbers, filings.c.claimed, filings.c.linked, filings.c.checked, filings.c.doubtful_cells)
    seen = connection.execute(current(*(func.coalesce(func.sum(column), 0) for column in counts))).one()
    failed = current(func.count()).where(filings.c.failures.is_not(None), filings.c.failures != "[]")
    compared = select(schema.facts.c.name).where(schema.facts.c.name == _COMPARED)
    degraded = current(*FILED).where(filings.c.degraded)
    unchecked = evaluations(*FILED).where(filings.c.checked == 0)
    return Head(
        folders=_folders(connection),
        years=tuple(connection.execute(years).scalars()),
        files=_counts(connection, states),
        forms=_counts(connection, forms),
        coverage=Coverage(*map(int, seen)),
        unread=_capped(connection, troubles(connection, "unread"), trouble),
        skipped=_capped(connection, troubles(connection, "skipped"), trouble),
        degraded=_capped(connection, degraded.order_by(*by_file(connection)), filed),
        unchecked=_capped(connection, unchecked.order_by(*by_file(connection)), filed),
        failures=connection.execute(failed).scalar_one(),
        compared=connection.execute(compared).first() is not None,
    )


def _counts(connection: Connection, query: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(query)}


def _capped(connection: Connection, query: Any, make: Any) -> Capped[Any]:
    total = connection.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    return Capped(tuple(make(row) for row in connection.execute(query.limit(SHOWN))), total)


def _folders(connection: Connection) -> tuple[Folder, ...]:
    runs = schema.runs
    last = select(func.max(runs.c.id)).group_by(runs.c.folder_id)
    query = (
        select(folders.c.named, folders.c.location, *(runs.c[name] for name in _RUN))
        .outerjoin(runs, (runs.c.folder_id == folders.c.id) & runs.c.id.in_(last))
        .order_by(folders.c.id)
    )
    return tuple(Folder(*row) for row in connection.execute(query))
