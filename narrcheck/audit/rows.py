"""The rows that the store keeps of one file: plain values, cheap to send from the workers."""

from typing import Any, NamedTuple

from narrcheck.filing import Problem, Skipped
from narrcheck.reports.encoding import encodable

Row = tuple[Any, ...]


class FilingRows(NamedTuple):
    """A filing's row, and those of its claims, indicators and findings: values in the order of *_COLUMNS below, after
    the position."""

    filing: Row
    claims: tuple[Row, ...]
    indicators: tuple[Row, ...]
    findings: tuple[Row, ...]
    severities: tuple[int, int, int]
    """How many findings of each severity stand: info, warning, error."""


class FileRows(NamedTuple):
    """What came of one file. `state` is read, skipped or unread; `passing`, where a later try may go otherwise.

    `size` in bytes and `modified` in nanoseconds are those of the bytes that `sha256` was taken of.
    """

    path: str
    state: str
    passing: bool
    sha256: str | None
    size: int | None
    modified: int | None
    filings: tuple[FilingRows, ...]
    problems: tuple[Row, ...]


FILING_COLUMNS = (
    "member", "number", "sha256", "form", "layout", "year", "project", "department", "unit", "money_unit", "numbers",
    "claimed", "linked", "checked", "doubtful_cells", "doubts", "notes", "failures", "model", "degraded", "goal",
    "narrative", "grade", "total_score", "budget", "executed", "funds", "unit_key", "project_key", "sketch",
)  # fmt: skip
CLAIM_COLUMNS = (
    "field", "in_row", "quote", "start", "end", "value", "upper", "unit", "modifier", "subject", "row", "why", "by",
    "scope",
)  # fmt: skip
INDICATOR_COLUMNS = (
    "level1", "level2", "name", "target", "comparator", "target_value", "target_upper", "target_unit", "actual",
    "actual_value", "actual_upper", "actual_unit", "status", "weight", "score", "note",
)  # fmt: skip
FINDING_COLUMNS = ("finding", "rule", "severity", "message", "suggestion", "by", "evidence", "waiver")
PROBLEM_COLUMNS = ("kind", "path", "code", "reason")


def problem_row(item: Problem | Skipped) -> Row:
    """What was not read, and why."""
    if isinstance(item, Skipped):
        return ("skipped", storable(item.path), None, storable(item.reason))
    return ("unread", storable(item.path), item.code, storable(item.message))


def storable(text: str) -> str:
    """The text as every store takes it: no half surrogates, and U+FFFD for NUL."""
    return encodable(text).replace("\0", "\ufffd")
