"""The reports as JSON (schema narrcheck/1): what `--format json` prints, and the dictionaries behind it.

Dictionaries are built by hand and encoded without indentation, one filing a line, because every check pays for it.
`parse` is for correcting by hand, so its document is indented.
"""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from narrcheck.filing import (
    Checked,
    Claim,
    Decided,
    Doubt,
    Evidence,
    Filing,
    Finding,
    Problem,
    Report,
    Skipped,
    Waiver,
)
from narrcheck.printed import Note, Spot
from narrcheck.reports import View
from narrcheck.reports.cells import decimal as decimal
from narrcheck.reports.cells import funds_to_json as funds_to_json
from narrcheck.reports.cells import indicator_to_json
from narrcheck.reports.encoding import encodable, encode
from narrcheck.reports.model import advice_to_json, use_to_json
from narrcheck.reports.parsed import Readings
from narrcheck.reports.wording import note, sentence

SCHEMA = "narrcheck/1"
_SPOT_KEYS = tuple(field.name for field in fields(Spot))
_SIGNATURE = 200


def render(report: Report, view: View | None = None) -> str:
    """The whole run as one document, each filing on a line of its own."""
    filings = ",\n".join(encode(document) for document in filings_to_json(report))
    head = encode(head_to_json(report))[1:-1]
    tail = encode(tail_to_json(report))[1:]
    opening = "[\n" if filings else "["
    return f'{{{head}, "filings": {opening}{filings}],\n{tail}\n'


def filings_to_json(report: Report) -> Iterator[dict[str, Any]]:
    """Every filing as `check` writes it: what was found, the reading it was found in, and what became of the findings
    of an earlier report."""
    for position, checked in enumerate(report.filings):
        told = checked_to_json(checked, report.lang)
        if not any(note.key == "note.reading-not-kept" for note in checked.filing.notes):
            told["reading"] = reading_to_json(checked.filing)
        yield {**told, **_changes(report, position)}


def _changes(report: Report, position: int) -> dict[str, Any]:
    if report.resubmission is None:
        return {}
    from narrcheck.reports.changes_json import filing_changes

    return filing_changes(report.resubmission, position)


def head_to_json(report: Report) -> dict[str, Any]:
    """What the whole run shares, ahead of the filings."""
    head = {"schema": SCHEMA, "version": report.version, "mode": report.mode, "profile": report.profile}
    return head if report.model is None else {**head, "model": use_to_json(report.model, report.lang)}


def tail_to_json(report: Report) -> dict[str, Any]:
    """What could not be read or was left out, the waivers that covered nothing, and what a later comparison must know:
    language and rules asked for."""
    told = {
        "skipped": [skipped_to_json(item, report.lang) for item in report.skipped],
        "errors": [problem_to_json(item) for item in report.errors],
        "unused_waivers": [waiver_to_json(waiver) for waiver in report.unused_waivers],
        "lang": report.lang,
        "selection": next((checked.selection for checked in report.filings), ""),
    }
    if report.resubmission is None:
        return told
    from narrcheck.reports.changes_json import comparison

    return {**told, "resubmission": comparison(report.resubmission)}


def render_parsed(readings: Readings) -> str:
    """The filings as read, indented: corrected by hand, this is an input of `check`."""
    document = {
        **_parsed_head(readings),
        "filings": [filing_to_json(filing, readings.lang) for filing in readings.filings],
        **_parsed_tail(readings),
    }
    return encodable(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def render_parsed_lines(readings: Readings) -> str:
    """The filings as read, one a line, below a line about the run."""
    lines = [encode({**_parsed_head(readings), **_parsed_tail(readings)})]
    lines += [encode(filing_to_json(filing, readings.lang)) for filing in readings.filings]
    return "\n".join(lines) + "\n"


def _parsed_head(readings: Readings) -> dict[str, Any]:
    return {"schema": SCHEMA, "version": readings.version, "mode": "offline", "profile": readings.profile}


def _parsed_tail(readings: Readings) -> dict[str, Any]:
    return {
        "skipped": [skipped_to_json(item, readings.lang) for item in readings.skipped],
        "errors": [problem_to_json(item) for item in readings.errors],
    }


def checked_to_json(checked: Checked, lang: str = "zh") -> dict[str, Any]:
    """A filing's head, coverage, doubts, claims and findings."""
    coverage = checked.coverage
    document = head_of(checked.filing)
    document["coverage"] = {
        "numbers": coverage.numbers,
        "claims": coverage.claims,
        "linked": coverage.linked,
        "checked": coverage.checked,
        "doubtful_cells": coverage.doubtful_cells,
    }
    document["doubts"] = [doubt_to_json(doubt, lang) for doubt in checked.filing.doubts]
    document["notes"] = [note_to_json(item, lang) for item in checked.filing.notes]
    document["claims"] = [claim_to_json(claim) for claim in checked.claims]
    document["findings"] = [
        *({**finding_to_json(f), **_decision(checked.confirmed.get(f.id))} for f in checked.findings),
        *({**finding_to_json(finding), **_decision(decided)} for finding, decided in checked.dismissed),
    ]
    document["waived"] = [
        {**finding_to_json(finding), "waiver": waiver_to_json(waiver)} for finding, waiver in checked.waived
    ]
    document["rule_failures"] = [{"rule": failure.rule, "error": failure.error} for failure in checked.failures]
    if checked.advice is not None:
        document["model"] = advice_to_json(checked, lang)
    return document


def _decision(decided: Decided | None) -> dict[str, Any]:
    """The decision beside its finding, as `batch export` writes it."""
    if decided is None:
        return {}
    return {"decision": {key: getattr(decided, key) for key in ("verdict", "why", "who", "at")}}


def filing_to_json(filing: Filing, lang: str = "zh") -> dict[str, Any]:
    """A filing as read: the reading of this dictionary gives the filing back."""
    document = head_of(filing)
    document["coverage"] = {"doubtful_cells": len(filing.doubts)}
    document["doubts"] = [doubt_to_json(doubt, lang) for doubt in filing.doubts]
    document["notes"] = [note_to_json(item, lang) for item in filing.notes]
    document["signed"] = _signed(filing)
    return {**document, **reading_to_json(filing)}


def reading_to_json(filing: Filing) -> dict[str, Any]:
    """The texts and tables of a filing as read."""
    return {
        "goal": filing.goal,
        "narrative": filing.narrative,
        "funds": [funds_to_json(row) for row in filing.funds],
        "indicators": [indicator_to_json(row) for row in filing.indicators],
        "total_weight": decimal(filing.total_weight.value),
        "total_score": decimal(filing.total_score.value),
        "grade": filing.grade,
        "raw": {"total_weight": filing.total_weight.raw, "total_score": filing.total_score.raw},
    }


def _signed(filing: Filing) -> list[str]:
    """The short printed lines that name persons: whoever masks the saved reading later must know them."""
    from narrcheck.llm.masking import Mask

    lines = ("\t".join(cell for cell in row.cells if cell) for row in filing.printed)
    return list(filing.signed) or [line for line in lines if len(line) <= _SIGNATURE and Mask.of([line]).count]


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """A finding with its evidence."""
    return {
        "id": finding.id,
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.label,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "by": finding.by,
        "evidence": [_evidence(piece) for piece in finding.evidence],
    }


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """A claim with its place, value and link."""
    return {
        "field": claim.field,
        "in_row": claim.in_row,
        "quote": claim.quote,
        "start": claim.start,
        "end": claim.end,
        "value": decimal(claim.value),
        "upper": decimal(claim.upper),
        "unit": claim.unit,
        "modifier": claim.modifier,
        "subject": claim.subject,
        "row": claim.row,
        "why": claim.why,
        "by": claim.by,
    }


def waiver_to_json(waiver: Waiver) -> dict[str, Any]:
    """A waiver, without the keys it leaves out."""
    keys = ("id", "rule", "project", "row", "who", "why", "until")
    return {key: getattr(waiver, key) for key in keys if getattr(waiver, key) is not None}


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """An input that could not be read."""
    return {"path": problem.path, "code": problem.code, "message": problem.message}


def skipped_to_json(skipped: Skipped, lang: str) -> dict[str, Any]:
    """A file that holds no filing."""
    return {"path": skipped.path, "reason": sentence(skipped.reason, lang)}


def head_of(filing: Filing) -> dict[str, Any]:
    """Which filing it is."""
    source = filing.source
    return {
        "source": {"path": source.path, "index": source.index, "sha256": source.sha256},
        "form": filing.form,
        "layout": filing.layout,
        "year": filing.year,
        "project": filing.project,
        "department": filing.department,
        "unit": filing.unit,
        "money_unit": filing.money_unit,
    }


def doubt_to_json(doubt: Doubt, lang: str) -> dict[str, Any]:
    """A cell or number in doubt."""
    return {"field": doubt.field, "row": doubt.row, "quote": doubt.quote, "reason": sentence(doubt.reason, lang)}


def note_to_json(item: Note, lang: str) -> dict[str, Any]:
    """How the filing was read."""
    return {"key": item.key, "fact": item.fact, "text": note(item, lang)}


def _evidence(piece: Evidence) -> dict[str, Any]:
    return {
        "field": piece.field,
        "row": piece.row,
        "name": piece.name,
        "quote": piece.quote,
        "start": piece.start,
        "end": piece.end,
        "value": piece.value,
        "unit": piece.unit,
        "column": piece.column,
        "place": None if piece.spot is None else spot_to_json(piece.spot),
    }


def spot_to_json(spot: Spot) -> dict[str, Any]:
    """Where a quote stands: the keys that the file's format has; a box as left, top, right, bottom in points."""
    found = {key: getattr(spot, key) for key in _SPOT_KEYS if getattr(spot, key) is not None}
    if spot.box is not None:
        found["box"] = [round(edge, 1) for edge in spot.box]
    return found
