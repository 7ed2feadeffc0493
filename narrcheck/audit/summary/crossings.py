"""What the rules across filings found: groups of copied narratives, and findings with the filings they stand in."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, distinct, func, select

from narrcheck.audit import schema
from narrcheck.audit.summary.found import chunks, filed_by_key, filings, found, plain, stands
from narrcheck.audit.summary.model import Capped, Cluster, Crossing

COPIED = "X01"
LISTED = ("X02", "X03", "X04", "X05")
SHOWN = 20
SHOWN_FILINGS = 10
_OPENING = 60


def copies(connection: Connection, limit: int = SHOWN) -> Capped[Cluster]:
    """Groups of filings with the same narrative, the largest first."""
    rows = found()
    query = select(rows.c.across, rows.c.filing_id).where(rows.c.rule == COPIED, stands(rows))
    clusters = _clusters(connection.execute(query.order_by(rows.c.across, rows.c.filing_id)).yield_per(1000))
    first = clusters[:limit]
    shown = [key for cluster in first for key in cluster[:SHOWN_FILINGS]]
    known, openings = filed_by_key(connection, shown), _openings(connection, [cluster[0] for cluster in first])
    items = (
        Cluster(openings[keys[0]], Capped(tuple(known[key] for key in keys[:SHOWN_FILINGS]), len(keys)))
        for keys in first
    )
    return Capped(tuple(items), len(clusters))


def _clusters(pairs: Iterable[Any]) -> list[list[int]]:
    """The filings joined by pairs of the same finding, the largest group first, each in the order of the keys."""
    heads: dict[int, int] = {}

    def head(key: int) -> int:
        while heads.setdefault(key, key) != key:
            heads[key] = key = heads[heads[key]]
        return key

    before: tuple[str, int] | None = None
    for finding, key in pairs:
        if before is not None and before[0] == finding:
            one, other = sorted((head(before[1]), head(key)))
            heads[other] = one
        before = (finding, key)
    groups: dict[int, list[int]] = defaultdict(list)
    for key in sorted(heads):
        groups[head(key)].append(key)
    return sorted(groups.values(), key=lambda keys: (-len(keys), keys[0]))


def _openings(connection: Connection, keys: list[int]) -> dict[int, str]:
    """The first words of the narratives of these filings."""
    query = select(filings.c.id, func.substr(filings.c.narrative, 1, _OPENING)).where(filings.c.id.in_(keys))
    return {row[0]: row[1] or "" for row in connection.execute(query)}


def crossings(connection: Connection, rule: str, limit: int = SHOWN) -> Capped[Crossing]:
    """The findings of a rule across filings that count, those of the filings with the largest budget first."""
    rows, across = found(), schema.across
    where = (rows.c.rule == rule, rows.c.across.is_not(None), stands(rows))
    total = connection.execute(select(func.count(distinct(rows.c.across))).where(*where)).scalar_one()
    budget = func.max(func.coalesce(filings.c.budget, -1))
    query = (
        select(rows.c.across, func.max(rows.c.severity))
        .join(filings, filings.c.id == rows.c.filing_id)
        .where(*where)
        .group_by(rows.c.across)
        .order_by(func.max(rows.c.severity).desc(), budget.desc(), plain(rows.c.across, connection))
        .limit(limit)
    )
    severities: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
    wanted = select(across.c.finding, across.c.message).where(across.c.finding.in_(list(severities)))
    messages = {finding: text or "" for finding, text in connection.execute(wanted)}
    keys = places(connection, list(severities))
    known = filed_by_key(connection, (key for found_in in keys.values() for key in found_in))
    items = (
        Crossing(finding, rule, severity, messages[finding], tuple(known[key] for key in keys[finding] if key in known))
        for finding, severity in severities.items()
    )
    return Capped(tuple(items), total)


def places(connection: Connection, findings: list[str]) -> dict[str, list[int]]:
    """The keys of the filings that findings across filings stand in, in the order of their evidence."""
    table, keys = schema.across_filings, defaultdict[str, list[int]](list)
    for chunk in chunks(findings):
        query = select(table.c.finding, table.c.filing_id).where(table.c.finding.in_(chunk))
        for finding, key in connection.execute(query.order_by(table.c.finding, table.c.position)):
            if key not in keys[finding]:
                keys[finding].append(key)
    return keys
