"""Findings and money by rule, department, unit and year."""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Text,
    case,
    distinct,
    func,
    literal_column,
    select,
)

from narrcheck.audit.summary.found import added, evaluations, filings, found, number, plain, stands, sums
from narrcheck.audit.summary.model import Capped, Change, GroupLine, RuleLine

ERROR, WARNING, INFO = 3, 2, 1
SHOWN = 20
SHOWN_YEARS = 30
RATED_FROM = 3
"""A unit is ranked by its findings a filing from so many self-evaluations on."""

Keys = tuple[ColumnElement[Any], ColumnElement[Any]]
_NONE: ColumnElement[Any] = literal_column("''", Text)  # a parameter would not be the same in GROUP BY


def departments() -> Keys:
    """What groups filings by department, and the name shown."""
    name = func.coalesce(filings.c.department, _NONE)
    return name, name


def units() -> Keys:
    """What groups filings by reporting unit, and the name shown."""
    return filings.c.unit_key, func.coalesce(filings.c.unit, filings.c.department, _NONE)


def years() -> Keys:
    """What groups filings by year; -1 where none is named."""
    return func.coalesce(filings.c.year, literal_column("-1", Integer)), _NONE


def by_rule(connection: Connection) -> tuple[RuleLine, ...]:
    """One line for each rule and severity, in code order; over filings of all forms."""
    rows = found()
    count = {name: number(rows, rows.c.state == name) for name in ("open", "confirmed", "dismissed", "waived")}
    touched = func.count(distinct(case((stands(rows), rows.c.filing_id))))
    query = select(rows.c.rule, rows.c.severity, touched, *count.values()).group_by(rows.c.rule, rows.c.severity)
    lines = (
        RuleLine(rule, severity, left + confirmed, touched, left, confirmed, dismissed, waived)
        for rule, severity, touched, left, confirmed, dismissed, waived in connection.execute(query)
    )
    return tuple(sorted(lines, key=lambda line: (line.code, -line.severity)))


def total(connection: Connection) -> GroupLine:
    """All self-evaluations."""
    row = connection.execute(_groups(connection, found(), (filings.c.form, _NONE))).first()
    return _line("", row) if row is not None else GroupLine("", *(0 for _ in range(12)))


def by_group(connection: Connection, keys: Keys, limit: int = SHOWN) -> Capped[GroupLine]:
    """The groups with the most findings, then those with the most errors."""
    query = _groups(connection, found(), keys)
    groups = query.subquery()
    ordered = select(groups).order_by(
        groups.c.findings.desc(), groups.c.errors.desc(), groups.c.filings.desc(), plain(groups.c.key, connection)
    )
    return _capped(connection, ordered, limit)


def by_rate(connection: Connection, keys: Keys, limit: int = SHOWN) -> Capped[GroupLine]:
    """The groups of RATED_FROM self-evaluations and more with the most findings a filing."""
    groups = _groups(connection, found(), keys).subquery()
    rated = select(groups).where(groups.c.filings >= RATED_FROM, groups.c.findings > 0)
    rate = groups.c.findings * 1.0 / groups.c.filings
    return _capped(
        connection, rated.order_by(rate.desc(), groups.c.findings.desc(), plain(groups.c.key, connection)), limit
    )


def by_year(connection: Connection, limit: int = SHOWN_YEARS) -> Capped[GroupLine]:
    """The latest years, in order; a filing without a year stands under "" at the end."""
    groups = _groups(connection, found(), years()).subquery()
    lines = [*connection.execute(select(groups).order_by(groups.c.key.desc()))]
    named = [_line(str(row.key), row) for row in lines if row.key >= 0]
    unnamed = [_line("", row) for row in lines if row.key < 0]
    return Capped((*reversed(named[:limit]), *unnamed), len(named) + len(unnamed))


def changes(connection: Connection, limit: int = SHOWN) -> tuple[tuple[int, int] | None, Capped[Change]]:
    """The two latest years, and the units that filed in both, those first whose findings a filing rose most."""
    query = evaluations(filings.c.year).where(filings.c.year.is_not(None)).distinct()
    latest = connection.execute(query.order_by(filings.c.year.desc()).limit(2)).scalars().all()
    if len(latest) < 2:
        return None, Capped()
    rows = found()
    before, after = (_groups(connection, rows, units(), year).subquery() for year in reversed(latest))
    rise = after.c.findings * 1.0 / after.c.filings - before.c.findings * 1.0 / before.c.filings
    columns = (before.c.filings.label("earlier"), before.c.findings.label("earlier_findings"))
    both = select(after.c.name, *columns, after.c.filings, after.c.findings)
    both = both.select_from(after.join(before, before.c.key == after.c.key)).where(after.c.key != "")
    count = connection.execute(select(func.count()).select_from(both.subquery())).scalar_one()
    ordered = both.order_by(rise.desc(), after.c.findings.desc(), plain(after.c.key, connection)).limit(limit)
    lines = tuple(Change(row[0], *map(int, row[1:])) for row in connection.execute(ordered))
    return (latest[1], latest[0]), Capped(lines, count)


def _groups(connection: Connection, rows: CTE, keys: Keys, year: int | None = None) -> Select[Any]:
    """A row for each group of self-evaluations, of one year or all, with the findings among `rows`."""
    key, name = keys
    tally = _tally(rows, key, year).subquery()
    worst = select(rows.c.filing_id, func.max(rows.c.severity).label("worst")).where(stands(rows))
    worst_of = worst.group_by(rows.c.filing_id).subquery()
    budget, executed, faulty = filings.c.budget, filings.c.executed, worst_of.c.worst == ERROR
    both = budget.is_not(None) & executed.is_not(None)
    query = evaluations(
        key.label("key"),
        func.min(plain(name, connection)).label("name"),
        func.count().label("filings"),
        func.count(worst_of.c.worst).label("touched"),
        func.coalesce(func.sum(case((faulty, 1), else_=0)), 0).label("faulty"),
        func.count(budget).label("budgeted"),
        *sums("budget", budget),
        *sums("budget_faulty", budget, faulty),
        *sums("executable", budget, both),
        *sums("executed", executed, both),
    ).outerjoin(worst_of, worst_of.c.filing_id == filings.c.id)
    main = (query if year is None else query.where(filings.c.year == year)).group_by(key).subquery()
    counts = [func.coalesce(tally.c[kind], 0).label(kind) for kind in _KINDS]
    return select(main, *counts).outerjoin(tally, tally.c.key == main.c.key)


_KINDS = ("findings", "errors", "warnings", "info")


def _tally(rows: CTE, key: ColumnElement[Any], year: int | None) -> Select[Any]:
    """How many findings of each severity touch the self-evaluations of each group."""
    severities = (rows.c.severity.is_not(None), *(rows.c.severity == value for value in (ERROR, WARNING, INFO)))
    counts = (number(rows, where).label(kind) for kind, where in zip(_KINDS, severities, strict=True))
    query = evaluations(key.label("key"), *counts).join(rows, rows.c.filing_id == filings.c.id).where(stands(rows))
    return (query if year is None else query.where(filings.c.year == year)).group_by(key)


def _capped(connection: Connection, query: Select[Any], limit: int) -> Capped[GroupLine]:
    count = connection.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    return Capped(tuple(_line(row.name, row) for row in connection.execute(query.limit(limit))), count)


def _line(name: str, row: Row[Any]) -> GroupLine:
    counts = {kind: int(getattr(row, kind)) for kind in ("filings", *_KINDS, "touched", "faulty", "budgeted")}
    money = {kind: added(row, kind) for kind in ("budget", "budget_faulty", "executable", "executed")}
    return GroupLine(name, **counts, **money)
