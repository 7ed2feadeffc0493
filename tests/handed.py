"""Forms handed in and handed in again, checked and compared in memory."""

import hashlib
from collections.abc import Sequence

from form_text import NARRATIVE, ROWS
from narrcheck import pipeline
from narrcheck.filing import Checked, Report
from narrcheck.resubmission import compared
from narrcheck.resubmitted import Change, FilingChange
from narrcheck.settings import Settings

SAID = NARRATIVE.replace("26次", "36次").replace("60只", "66只")
"""Two contradictions: the rows count 26 inspections and 60 valves."""


def with_cell(row: int, column: int, text: str, rows: Sequence[Sequence[str]] = ROWS) -> list[list[str]]:
    """The form's rows with one cell changed: 0 is the name, 1 the target, 2 the actual, 3 weight, 4 score, 5 note."""
    changed = [list(cells) for cells in rows]
    changed[row][column] = text
    return changed


def checked(text: str, path: str = "a.txt", settings: Settings | None = None) -> Checked:
    (one,) = pipeline.check_data(text.encode(), path, settings or Settings())
    return one


def report(*filings: Checked, **others: object) -> Report:
    return Report("0.1.0", "offline", "national", filings, **others)  # type: ignore[arg-type]


def one(text: str, settings: Settings | None = None) -> Report:
    """The report of one form."""
    return report(checked(text, settings=settings))


def compare(new: Report, old: Report) -> Report:
    return compared(new, old, "old.json")


def change_of(new: Report, old: Report, position: int = 0) -> FilingChange:
    told = compare(new, old).resubmission
    assert told is not None
    found = told.filing(position)
    assert found is not None
    return found


def states(found: FilingChange) -> list[tuple[str, str, str]]:
    """State, rule, and the row that each finding is about, in order."""
    return [(change.state, *_about(change)) for change in found.changes]


def _about(change: Change) -> tuple[str, str]:
    finding = change.now or change.earlier
    assert finding is not None
    return finding.rule, next((piece.name for piece in finding.evidence if piece.name), "")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
