"""Every finding of the store with what became of it: decided by a reviewer, waived, or open."""

import json
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from narrcheck.audit import schema
from narrcheck.audit.summary.crossings import places
from narrcheck.audit.summary.found import (
    AT_ONCE,
    FILED,
    by_file,
    current,
    filed,
    filed_by_key,
    filings,
    latest_decisions,
    plain,
    state,
)
from narrcheck.audit.summary.model import Capped, Filed, Settled
from narrcheck.catalogue import message
from narrcheck.reports.wording import shown

STATES = ("open", "confirmed", "dismissed", "waived")
SETTLED = STATES[1:]
_FINDING = ("finding", "rule", "severity", "message", "suggestion", "waiver")


def all_findings(
    connection: Connection, states: Collection[str] = STATES
) -> Iterator[tuple[Filed | None, list[Filed], Any]]:
    """Every finding in one of these states: those of one filing by file, then those across filings by rule, each with
    the other filings it stands in. A row has state, who, why and decided beside the finding's own columns."""
    single, across, decisions = schema.findings, schema.across, latest_decisions().subquery()
    verdict = decisions.c.verdict
    told = (decisions.c.who, decisions.c.why, decisions.c.decided)
    became = state(single.c.waiver, verdict)
    query = current(*FILED, *(single.c[name] for name in _FINDING), became.label("state"), *told)
    query = query.join(single, single.c.filing_id == filings.c.id)
    query = query.outerjoin(decisions, decisions.c.finding == single.c.finding).where(became.in_(states))
    query = query.order_by(*by_file(connection), single.c.position)
    for row in connection.execute(query.execution_options(yield_per=AT_ONCE)):
        yield filed(row), [], row
    became = state(across.c.waiver, verdict)
    pairs = select(*(across.c[name] for name in _FINDING), became.label("state"), *told)
    pairs = pairs.outerjoin(decisions, decisions.c.finding == across.c.finding).where(became.in_(states))
    pairs = pairs.order_by(across.c.rule, plain(across.c.finding, connection))
    found = iter(connection.execute(pairs.execution_options(yield_per=AT_ONCE)))
    while chunk := list(islice(found, AT_ONCE)):
        keys = places(connection, [row.finding for row in chunk])
        known = filed_by_key(connection, (key for some in keys.values() for key in some))
        for row in chunk:
            items = [known[key] for key in keys[row.finding] if key in known]
            yield (items[0] if items else None), items[1:], row


def settled(connection: Connection, most: int, total: int) -> Capped[Settled]:
    """The first `most` of the `total` findings that were decided or are waived."""
    items = tuple(_settled(*found) for found in islice(all_findings(connection, SETTLED), most))
    return Capped(items, max(total, len(items)))


def _settled(first: Filed | None, others: list[Filed], row: Any) -> Settled:
    who, why, at, until = row.who, row.why, row.decided, None
    if row.state == "waived":
        waiver = json.loads(row.waiver)
        who, why, at, until = waiver.get("who", ""), waiver.get("why", ""), None, waiver.get("until")
    filings_ = (*(() if first is None else (first,)), *others)
    return Settled(row.finding, row.rule, row.message or "", filings_, row.state, who, why, at, until)


def waiver_text(kept: str | None, lang: str) -> str | None:
    """A waiver as the store keeps it, for people: who waived, why, and until when; None where there is none."""
    if kept is None:
        return None
    waiver = json.loads(kept)
    facts = {key: shown(str(waiver.get(key, ""))) for key in ("who", "why")}
    return message("report.decided", lang, **facts) + until_text(waiver.get("until"), lang)


def until_text(until: str | None, lang: str) -> str:
    """Until when a waiver holds; empty where that is not said."""
    return message("report.until", lang, until=shown(until)) if until else ""
