"""What became of the findings of an earlier report when the filing was handed in again.

`resubmission` works it out, the reports print it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from narrcheck.filing import Evidence, Filing, Finding

State = Literal["new", "changed", "standing", "resolved", "settled", "unknown"]
"""new: not in the earlier report. changed: the same rule about the same rows or texts, with other words or figures.
standing: as it was. resolved: looked for and no longer there. settled: still there, and waived or dismissed now.
unknown: not there, but nobody can say that it was resolved, as its rule did not run or its place was not read."""

STATES: tuple[State, ...] = ("new", "changed", "standing", "unknown", "settled", "resolved")
"""In the order in which reports list them: what asks for work first."""


@dataclass(frozen=True, slots=True)
class Now:
    """What stands at the place of a piece of earlier evidence today: `text`, empty where the cell is blank, None where
    the row or text is gone or was not read."""

    earlier: "Evidence"
    text: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one finding. `earlier` is None for a new one, `now` for one that is gone. `places` tell, for a
    finding that was there before, what its evidence says now. `reason` says why a finding is settled (`now` is then the
    one that is waived or dismissed) or unknown, or that one that stands did not count before: plain text in the
    report's language."""

    state: State
    earlier: "Finding | None" = None
    now: "Finding | None" = None
    places: tuple[Now, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FilingChange:
    """One filing in both reports. `position` is its place in the new report's `filings`, None where it is not there
    (`earlier` then says which it was); `earlier` is None where it was not in the earlier report. The changes stand in
    the order of STATES, within one state by severity. `same_file`: the file has not changed, byte for byte."""

    position: int | None
    earlier: "Filing | None"
    changes: tuple[Change, ...] = ()
    same_file: bool = False

    @property
    def by_finding(self) -> Mapping[str, Change]:
        """The changes of findings that stand in the new report, by the finding's id."""
        return {change.now.id: change for change in self.changes if change.now is not None}

    def of(self, *states: State) -> tuple[Change, ...]:
        """The changes in these states."""
        return tuple(change for change in self.changes if change.state in states)


@dataclass(frozen=True, slots=True)
class Resubmission:
    """A report compared with the earlier one in the file `path`. `remarks` are what differs between the two runs and
    could itself change findings (version, profile, rules, model): plain text in the report's language."""

    path: str
    filings: tuple[FilingChange, ...]
    remarks: tuple[str, ...] = ()

    def filing(self, position: int) -> FilingChange | None:
        """The change of the filing at this place of the new report."""
        if position < len(self.filings) and self.filings[position].position == position:
            return self.filings[position]
        return next((item for item in self.filings if item.position == position), None)

    @property
    def missing(self) -> tuple[FilingChange, ...]:
        """The filings of the earlier report that the new one does not have."""
        return tuple(item for item in self.filings if item.position is None)
