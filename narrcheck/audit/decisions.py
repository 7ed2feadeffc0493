"""Reviewers' decisions about findings: a history in which the latest stands.

A finding is named by its id, which is made from its evidence, so a decision holds wherever the same form says the same.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Engine, Row, insert, select

from narrcheck.audit import schema
from narrcheck.audit.connect import explained
from narrcheck.audit.rebuilt import current, in_order, shown_path
from narrcheck.audit.rows import storable
from narrcheck.audit.store import now
from narrcheck.catalogue import message
from narrcheck.reports.wording import shown

Verdict = Literal["confirmed", "dismissed"]

SHORTEST = 4
"""So many characters of an id name a finding, where no other begins with them."""
_BEHIND_HEX = "g"
_IDS = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding of the current filings, with the first filing that it is about. `evidence` is a list of the pieces as
    the reports write them; `waiver` tells whether a waiver covers it."""

    finding: str
    rule: str
    severity: int
    message: str
    evidence: list[dict[str, Any]]
    waived: bool
    project: str | None
    year: int | None
    path: str
    index: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decided about a finding; `at` is the time in UTC, the rest is the finding as it then was."""

    finding: str
    verdict: str
    why: str
    who: str
    at: str
    rule: str
    project: str | None
    year: int | None
    message: str

    def to_json(self) -> dict[str, str]:
        """The decision as it stands beside its finding."""
        return {"verdict": self.verdict, "why": self.why, "who": self.who, "at": self.at}


def beginning(connection: Connection, start: str, most: int) -> list[str]:
    """The ids of current findings that begin with `start`, in order, at most `most`; those across filings too."""
    findings, across = schema.findings.c.finding, schema.across.c.finding
    own = _of_current(select(findings)).where(*_between(findings, start)).distinct()
    both = own.union(select(across).where(*_between(across, start)))
    return list(connection.execute(select(both.subquery().c.finding).order_by("finding").limit(most)).scalars())


def nearest(connection: Connection, start: str, most: int) -> list[str]:
    """The ids of current findings that share the longest beginning with `start`; none where that is very short."""
    for length in range(len(start), SHORTEST - 2, -1):
        if found := beginning(connection, start[:length], most):
            return found
    return []


def standing(connection: Connection, finding: str) -> Standing | None:
    """The current finding with this id."""
    owners = _of_current(select(schema.findings.c.filing_id)).where(schema.findings.c.finding == finding)
    row, table, key = _first(connection, owners), schema.findings, schema.findings.c.finding
    if row is None:
        owners = select(schema.across_filings.c.filing_id).where(schema.across_filings.c.finding == finding)
        row, table, key = _first(connection, owners), schema.across, schema.across.c.finding
    if row is None:
        return None
    query = select(table).where(key == finding)
    if table is schema.findings:
        query = query.where(schema.findings.c.filing_id == row.id).order_by(schema.findings.c.position)
    found = connection.execute(query).first()
    return None if found is None else _standing(found, row)


def decide(engine: Engine, about: Standing, verdict: Verdict, why: str, who: str) -> Decision:
    """Enter a decision, which stands from now on. StoreError."""
    values = {
        "finding": about.finding, "verdict": verdict, "why": storable(why), "who": storable(who), "decided": now(),
        "rule": about.rule, "project": about.project, "year": about.year, "message": about.message,
        "evidence": storable(json.dumps(about.evidence, ensure_ascii=False)),
    }  # fmt: skip
    with explained(engine), engine.begin() as connection:
        row = connection.execute(insert(schema.decisions).values(**values).returning(schema.decisions)).one()
        return _decision(row)


def latest(connection: Connection) -> dict[str, Decision]:
    """The decisions that stand, by finding; also those whose finding no longer does."""
    query = select(schema.decisions).order_by(schema.decisions.c.id)
    return {row.finding: _decision(row) for row in connection.execute(query)}


def history(connection: Connection, finding: str) -> list[Decision]:
    """All that was decided about a finding, the latest last."""
    decisions = schema.decisions
    query = select(decisions).where(decisions.c.finding == finding).order_by(decisions.c.id)
    return [_decision(row) for row in connection.execute(query)]


def unused_decisions(connection: Connection) -> list[Decision]:
    """The decisions that stand about findings which no current filing has: kept, in case one comes back."""
    decided = latest(connection)
    found = _current_of(connection, list(decided))
    return [decision for finding, decision in decided.items() if finding not in found]


def evidence_line(piece: dict[str, Any], lang: str) -> str:
    """A piece of evidence for people: the field, the row, the quote, and the file where there are several."""
    field = message(f"column.{piece['column']}" if piece.get("column") else f"field.{piece['field']}", lang)
    name = f"{shown(piece['name'])} " if piece.get("name") else ""
    text = message("export.evidence", lang, place=f"{name}{field}", quote=shown(piece["quote"]))
    source = piece.get("source")
    return text if source is None else f"{text} ({shown(source['path'])}#{source['index']})"


def _current_of(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of the ids that current findings have."""
    findings, across = schema.findings.c.finding, schema.across.c.finding
    found: set[str] = set()
    for start in range(0, len(ids), _IDS):
        chunk = ids[start : start + _IDS]
        found.update(connection.execute(_of_current(select(findings)).where(findings.in_(chunk))).scalars())
        found.update(connection.execute(select(across).where(across.in_(chunk))).scalars())
    return found


def _between(column: ColumnElement[str], start: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= start, column < start + _BEHIND_HEX


def _of_current(query: Any) -> Any:
    """A query over findings, restricted to the filings that stand now."""
    findings, filings, files = schema.findings, schema.filings, schema.files
    joined = findings.join(filings, filings.c.id == findings.c.filing_id).join(files, files.c.id == filings.c.file_id)
    return query.select_from(joined).where(files.c.current)


def _first(connection: Connection, owners: Any) -> Row[Any] | None:
    query = in_order(current().where(schema.filings.c.id.in_(owners)), connection)
    return connection.execute(query.limit(1)).first()


def _standing(found: Row[Any], filing: Row[Any]) -> Standing:
    return Standing(
        found.finding, found.rule, found.severity, found.message or "", json.loads(found.evidence),
        found.waiver is not None, filing.project, filing.year, shown_path(filing), filing.number,
    )  # fmt: skip


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        row.finding, row.verdict, row.why, row.who, row.decided, row.rule, row.project, row.year, row.message
    )
