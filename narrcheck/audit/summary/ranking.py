"""The filings to look at first.

A filing's points are 10 for each error, 3 for each warning and 1 for each piece of information that counts (neither
waived nor dismissed) and is its own. Rules across filings give points once a rule, however many filings the filing is
compared with: those of the severity and 5 more. A confirmed finding adds 5. The points are multiplied by 1.2, 1.5 or 2
where 全年预算数 is 1,000,000, 10,000,000 or 100,000,000 yuan and more. Ties go by errors, then by budget.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Select, and_, case, func, select

from narrcheck.audit.summary.found import FILED, by_file, chunks, current, filed, filings, found, stands
from narrcheck.audit.summary.model import Capped, Ranked, RuleCount

POINTS = {3: 10, 2: 3, 1: 1}
ACROSS = 5
CONFIRMED = 5
MONEY = ((10_000_000_000, 20), (1_000_000_000, 15), (100_000_000, 12))
"""From so many 分 on, the points count so many tenths."""


def ranked(connection: Connection, limit: int) -> Capped[Ranked]:
    """The first `limit` filings that have a finding, and how many have one."""
    limit = max(limit, 0)
    scores = scored()
    total = connection.execute(select(func.count()).select_from(scores.subquery())).scalar_one()
    score = scores.subquery()
    budget = func.coalesce(filings.c.budget, -1)
    query = (
        current(*FILED, filings.c.budget, score.c.tenths, score.c.errors, score.c.warnings, score.c.info,
                score.c.confirmed)
        .join(score, score.c.filing_id == filings.c.id)
        .order_by(score.c.tenths.desc(), score.c.errors.desc(), budget.desc(), *by_file(connection))
        .limit(limit)
    )  # fmt: skip
    rows = connection.execute(query).all()
    rules = _rules(connection, [row.id for row in rows])
    return Capped(
        tuple(
            Ranked(
                filed(row), int(row.tenths), int(row.errors), int(row.warnings), int(row.info), int(row.confirmed),
                row.budget, tuple(rules[row.id]),
            )
            for row in rows
        ),
        total,
    )  # fmt: skip


def scored() -> Select[Any]:
    """Score and counts of each filing that has a finding; `across` counts those across filings."""
    rows = found()
    weighed = _weighed(rows).subquery()
    points = func.sum(weighed.c.points).label("points")
    counts = [func.sum(weighed.c[name]).label(name) for name in ("errors", "warnings", "info", "confirmed", "across")]
    summed = select(weighed.c.filing_id, points, *counts).group_by(weighed.c.filing_id).subquery()
    tenths = case(*((filings.c.budget >= least, tenths) for least, tenths in MONEY), else_=10)
    total = summed.c.points + summed.c.confirmed * CONFIRMED
    return select(
        summed.c.filing_id, (total * tenths).label("tenths"), summed.c.errors, summed.c.warnings, summed.c.info,
        summed.c.confirmed, summed.c.across,
    ).join(filings, filings.c.id == summed.c.filing_id)  # fmt: skip


def _weighed(rows: CTE) -> Select[Any]:
    """A row for each filing, rule and kind of finding, with its points."""
    worth = case(POINTS, value=rows.c.severity, else_=0)
    own = rows.c.across.is_(None)
    points = case((own, func.sum(worth)), else_=func.max(worth) + ACROSS)
    return (
        select(
            rows.c.filing_id, rows.c.rule, points.label("points"),
            _count(rows.c.severity == 3).label("errors"), _count(rows.c.severity == 2).label("warnings"),
            _count(rows.c.severity == 1).label("info"), _count(rows.c.state == "confirmed").label("confirmed"),
            func.count(rows.c.across).label("across"),
        )
        .where(stands(rows))
        .group_by(rows.c.filing_id, rows.c.rule, own)
    )  # fmt: skip


def _count(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((and_(condition), 1), else_=0))


def _rules(connection: Connection, keys: Sequence[int]) -> dict[int, list[RuleCount]]:
    """The rules that found something in these filings, errors first."""
    rows, found_by = found(), defaultdict(list)
    own = rows.c.across.is_(None)
    for chunk in chunks(keys):
        query = (
            select(rows.c.filing_id, rows.c.rule, rows.c.severity, func.count(), func.count(rows.c.across))
            .where(rows.c.filing_id.in_(chunk), stands(rows))
            .group_by(rows.c.filing_id, rows.c.rule, rows.c.severity, own)
        )
        for key, code, severity, count, across in connection.execute(query):
            found_by[key].append(RuleCount(code, severity, count, across > 0))
    for counts in found_by.values():
        counts.sort(key=lambda item: (-item.severity, item.code))
    return found_by
