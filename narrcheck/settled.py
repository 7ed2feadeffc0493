"""What a reviewer said of findings: records that one need not be reported, and decisions whether one holds."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["confirmed", "dismissed"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a reviewer decided about a finding: by whom, why, and when (ISO 8601, UTC; empty where not known)."""

    verdict: Verdict
    who: str
    why: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A reviewer's record that a finding need not be reported: by finding id, or by rule with project and row."""

    who: str
    why: str
    id: str | None = None
    rule: str | None = None
    project: str | None = None
    row: str | None = None
    until: str | None = None
