"""What became of an earlier report's findings, as JSON: what a comparison adds to the report."""

from typing import Any

from narrcheck.reports.changes import counted
from narrcheck.reports.json import finding_to_json, head_of
from narrcheck.resubmitted import Change, FilingChange, Now, Resubmission


def comparison(told: Resubmission) -> dict[str, Any]:
    """What the comparison says of the whole run; the filings that are missing, each with its findings."""
    return {
        "path": told.path,
        "counts": counted(*told.filings),
        "remarks": list(told.remarks),
        "missing": [{**(_filing(item) or {}), "changes": _changes(item)} for item in told.missing],
    }


def filing_changes(told: Resubmission, position: int) -> dict[str, Any]:
    """What a filing's object has beside its findings: which filing it was earlier, and the changes."""
    at = told.filings[position] if position < len(told.filings) else None
    item = at if at is not None and at.position == position else told.filing(position)
    if item is None:
        return {}
    return {"earlier": _filing(item), "same_file": item.same_file, "changes": _changes(item)}


def _filing(item: FilingChange) -> dict[str, Any] | None:
    return None if item.earlier is None else head_of(item.earlier)


def _changes(item: FilingChange) -> list[dict[str, Any]]:
    return [_change(change) for change in item.changes]


def _change(change: Change) -> dict[str, Any]:
    return {
        "state": change.state,
        "earlier": None if change.earlier is None else finding_to_json(change.earlier),
        "now": None if change.now is None else change.now.id,
        "places": [_place(now) for now in change.places],
        "reason": change.reason,
    }


def _place(now: Now) -> dict[str, Any]:
    """The place of a piece of earlier evidence: its quote, and what stands there now (null: the place is gone)."""
    piece = now.earlier
    place = {key: getattr(piece, key) for key in ("field", "row", "name", "column")}
    return {**place, "quote": piece.quote, "now": now.text}
