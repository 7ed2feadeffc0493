"""A report kept as JSON or JSON lines (`check`, `batch export`), as the report it was."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from narrcheck.advice import ModelUse, Usage
from narrcheck.filing import (
    Checked,
    Claim,
    Coverage,
    Decided,
    Evidence,
    Filing,
    Finding,
    Problem,
    Report,
    RuleFailure,
    Severity,
    Skipped,
    Waiver,
)
from narrcheck.printed import Note, Spot
from narrcheck.reading.errors import ReadError
from narrcheck.reading.saved import filing_from_json
from narrcheck.resubmission.errors import SavedReportError
from narrcheck.resubmission.marks import NO_ANSWERS, NO_READING, NO_RULES
from narrcheck.resubmission.shape import (
    SavedChecked,
    SavedClaim,
    SavedDecision,
    SavedFinding,
    SavedModel,
    SavedPiece,
    SavedRun,
    SavedWaiver,
)

_HEAD = ("form", "layout", "year", "project", "department", "unit", "money_unit", "doubts", "notes")
_OURS = ('"findings"', '"schema": "narrcheck/')

M = TypeVar("M", bound=BaseModel)
Document = dict[str, Any]
Placed = tuple[str, Any]


def report_of(data: bytes, path: str, lang: str) -> Report | None:
    """The report of a JSON text; None where it is other JSON. `lang` is the language of one that names none.

    SavedReportError: damaged (with the place), format (a report for tools).
    """
    found = _documents(data, path)
    if found is None:
        return None
    head, filings = found
    run = _shaped(SavedRun, head, "", path)
    return Report(
        run.version,
        run.mode,
        run.profile,
        tuple(_checked(document, where, run, path) for where, document in filings),
        tuple(Skipped(item.path, item.reason) for item in run.skipped),
        tuple(Problem(item.path, item.code, item.message) for item in run.errors),
        tuple(map(_waiver, run.unused_waivers)),
        run.lang or lang,
        None if run.model is None else _model(run.model),
    )


def _documents(data: bytes, path: str) -> tuple[Document, Sequence[Placed]] | None:
    """What heads the report, and its filings with the place of each; None for other JSON."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        return _lines(data, path, error)
    if "runs" in document and "sarif" in str(document.get("$schema", "")):
        raise SavedReportError("format", path=path)
    filings = document.get("filings")
    if isinstance(filings, list) and (any(map(_has_findings, filings)) or (not filings and "skipped" in document)):
        return document, [(f"filings[{at}]", filing) for at, filing in enumerate(filings)]
    return (document, ()) if filings is None and {"schema", "skipped", "mode"} <= set(document) else None


def _has_findings(filing: object) -> bool:
    return isinstance(filing, dict) and "findings" in filing


def _lines(data: bytes, path: str, error: Exception) -> tuple[Document, Sequence[Placed]] | None:
    """The same of JSON lines; `error` says why the whole is no JSON."""
    lines = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").splitlines()
    filled = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    try:
        head = json.loads(filled[0][1])
    except (ValueError, RecursionError):
        head = None
    if not isinstance(head, dict) or "filings" in head or "schema" not in head:
        if any(sign in line for _, line in filled for sign in _OURS):
            raise SavedReportError("damaged", path=path, where=_spot(error), reason=_said(error)) from None
        return None
    if len(filled) > 1 and '"findings"' not in data.decode("utf-8", "replace"):
        return None  # readings, one a line
    return head, [(f"line {number}", _line(line, number, path)) for number, line in filled[1:]]


def _line(line: str, number: int, path: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SavedReportError("damaged", path=path, where=f"line {number}", reason=_said(error)) from None


def _spot(error: Exception) -> str:
    return f"line {error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "line 1"


def _said(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__


def _shaped(shape: type[M], document: object, where: str, path: str) -> M:
    """The document in its shape. SavedReportError: damaged."""
    try:
        return shape.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        whole = (where + place).lstrip(".") or "1"
        raise SavedReportError("damaged", path=path, where=whole, reason=first["msg"]) from None


def _checked(document: object, where: str, run: SavedRun, path: str) -> Checked:
    saved = _shaped(SavedChecked, document, where, path)
    assert isinstance(document, Mapping)
    filing = _filing(document, saved, where, run, path)
    own = (filing.source.path, filing.source.index)
    judged = [
        (_finding(item, own), None if item.decision is None else _decided(item.decision)) for item in saved.findings
    ]
    confirmed = {finding.id: decision for finding, decision in judged if decision and decision.verdict == "confirmed"}
    return Checked(
        filing,
        tuple(map(_claim, saved.claims)),
        tuple(finding for finding, decision in judged if decision is None or decision.verdict == "confirmed"),
        Coverage(**saved.coverage.model_dump()),
        tuple((_finding(item, own), _waiver(item.waiver or SavedWaiver())) for item in saved.waived),
        dismissed=tuple((f, decision) for f, decision in judged if decision and decision.verdict == "dismissed"),
        confirmed=confirmed,
        failures=tuple(RuleFailure(item.rule, item.error) for item in saved.rule_failures),
        selection=run.selection or "",
    )


def _filing(
    document: Document | Mapping[str, Any], saved: SavedChecked, where: str, run: SavedRun, path: str
) -> Filing:
    """The filing as far as the report holds it, with notes of what it does not hold."""
    marks: list[Note] = []
    if saved.reading is None:
        marks.append(Note(NO_READING))
    if run.selection is None:
        marks.append(Note(NO_RULES))
    if saved.model is not None and saved.model.degraded:
        marks.append(Note(NO_ANSWERS, saved.model.degraded[0].message))
    told = {key: document[key] for key in _HEAD if key in document}
    notes = told["notes"] if isinstance(told.get("notes"), list) else []
    known = {note.get("key") for note in notes if isinstance(note, dict)}
    kept = [*notes, *({"key": mark.key, "fact": mark.fact} for mark in marks if mark.key not in known)]
    try:
        return filing_from_json({**told, **(saved.reading or {}), "notes": kept, "source": saved.source.model_dump()})
    except ReadError as error:
        place = f"{where}.{error.facts.get('where', '')}"
        raise SavedReportError("damaged", path=path, where=place, reason=error.facts.get("reason", "")) from None


def _finding(saved: SavedFinding, own: tuple[str, int]) -> Finding:
    """The finding with the evidence of its own filing; that of other filings (X rules) cannot be shown here."""
    here = [piece for piece in saved.evidence if piece.source is None or (piece.source.path, piece.source.index) == own]
    return Finding(
        saved.id,
        saved.rule,
        saved.name,
        Severity[saved.severity.upper()],
        saved.message,
        saved.suggestion,
        tuple(map(_piece, here or saved.evidence)),
        saved.by,
    )


def _piece(saved: SavedPiece) -> Evidence:
    spot = None if saved.place is None else Spot(**saved.place.model_dump())
    cell = (saved.row, saved.name, saved.value, saved.unit, saved.column)
    return Evidence(saved.field, saved.quote, saved.start, saved.end, *cell, spot)


def _claim(saved: SavedClaim) -> Claim:
    told = {name: getattr(saved, name) for name in SavedClaim.model_fields}
    return Claim(**told, number_start=saved.start, number_end=saved.end)


def _decided(saved: SavedDecision) -> Decided:
    return Decided(saved.verdict, saved.who, saved.why, saved.at)


def _waiver(saved: SavedWaiver) -> Waiver:
    return Waiver(**saved.model_dump())


def _model(saved: SavedModel) -> ModelUse:
    tokens = saved.tokens
    usage = Usage(
        saved.requests, saved.cached, tokens.sent, tokens.received, tokens.estimated, round(saved.seconds * 1000)
    )
    return ModelUse(
        saved.model,
        saved.endpoint,
        saved.use,
        saved.mode,
        saved.prompts,
        usage,
        saved.questions.asked,
        saved.questions.full,
        saved.degraded,
        cache=saved.cache_trouble,
        record=saved.record_trouble,
        replayed=saved.replayed,
        not_recorded=saved.not_recorded,
    )
