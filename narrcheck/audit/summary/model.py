"""What a summary holds. Money is in 分 (hundredths of a yuan).

A finding counts where it is neither waived nor dismissed by its latest decision. One across filings counts once in
every line it touches. The groups (departments, units, years) and all money are those of self-evaluations.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Capped(Generic[T]):
    """The first of a list, and how many there are in all."""

    items: tuple[T, ...] = ()
    total: int = 0

    @property
    def left(self) -> int:
        """How many are not among `items`."""
        return self.total - len(self.items)


@dataclass(frozen=True, slots=True)
class Place:
    """A file below an audited folder as the store keeps it; `member` is the path inside it, of a zip file."""

    location: str
    named: str
    path: str
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A filing, by its key in the store; `number` is its position in the file."""

    key: int
    place: Place
    number: int
    project: str | None
    unit: str | None
    department: str | None
    year: int | None
    form: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file, or a member of a zip file (`path` as reported), that was not read or left out, and why."""

    place: Place
    path: str
    code: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Folder:
    """An audited folder and its last run; times are UTC in ISO 8601, all None where no run was entered."""

    named: str
    location: str
    state: str | None
    started: str | None
    ended: str | None
    engine: str | None
    version: str | None
    profile: str | None
    mode: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers in the texts, those taken as claims, the claims linked to a row, those compared; cells in doubt."""

    numbers: int = 0
    claims: int = 0
    linked: int = 0
    checked: int = 0
    doubtful_cells: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """What was audited. `files` counts by state, `forms` the filings by kind of form; `unchecked` are the
    self-evaluations no number of which was compared; `failures` the filings on which a rule failed; `compared` tells
    whether the rules across filings have run."""

    folders: tuple[Folder, ...]
    years: tuple[int, ...]
    files: dict[str, int]
    forms: dict[str, int]
    coverage: Coverage
    unread: Capped[Trouble]
    skipped: Capped[Trouble]
    degraded: Capped[Filed]
    unchecked: Capped[Filed]
    failures: int
    compared: bool

    @property
    def filings(self) -> int:
        """Filings of all forms."""
        return sum(self.forms.values())


@dataclass(frozen=True, slots=True)
class RuleLine:
    """The findings of one rule at one severity, and in how many filings; of them confirmed and still open; beside
    them dismissed and waived."""

    code: str
    severity: int
    findings: int
    filings: int
    open: int
    confirmed: int
    dismissed: int
    waived: int


@dataclass(frozen=True, slots=True)
class GroupLine:
    """The self-evaluations of a department, unit or year ("" where none is named).

    `touched` have a finding, `faulty` an error. `budget` is that of the `budgeted` filings that name one,
    `budget_faulty` the part of those with errors; `executed` of `executable` holds where a filing names both.
    """

    name: str
    filings: int
    findings: int
    errors: int
    warnings: int
    info: int
    touched: int
    faulty: int
    budgeted: int
    budget: int
    budget_faulty: int
    executable: int
    executed: int

    @property
    def per_filing(self) -> float:
        """Findings a filing."""
        return self.findings / self.filings if self.filings else 0.0


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule found something in a filing; `across`, where it compares filings."""

    code: str
    severity: int
    count: int
    across: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A filing to look at, with what its place rests on; `tenths` is its score in tenths."""

    filed: Filed
    tenths: int
    errors: int
    warnings: int
    info: int
    confirmed: int
    budget: int | None
    rules: tuple[RuleCount, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Filings whose narratives are the same, directly or by way of others, and how the first one begins."""

    opening: str
    filings: Capped[Filed]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A finding across filings, with the filings it stands in."""

    finding: str
    rule: str
    severity: int
    message: str
    filings: tuple[Filed, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A finding that a reviewer decided about or a waiver covers. `state` is confirmed, dismissed or waived; `at` the
    time of the decision (UTC, ISO 8601), `until` the day a waiver ends, None where there is none."""

    finding: str
    rule: str
    message: str
    filings: tuple[Filed, ...]
    state: str
    who: str
    why: str
    at: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A unit in two years: its self-evaluations and findings in each."""

    name: str
    filings_before: int
    findings_before: int
    filings: int
    findings: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The summary. `units` go by number of findings, `units_by_rate` by findings a filing; `changes` compare the two
    latest years `change_years`."""

    head: Head
    rules: tuple[RuleLine, ...]
    total: GroupLine
    departments: Capped[GroupLine]
    units: Capped[GroupLine]
    units_by_rate: Capped[GroupLine]
    years: Capped[GroupLine]
    ranked: Capped[Ranked]
    settled: Capped[Settled]
    copies: Capped[Cluster]
    crossings: dict[str, Capped[Crossing]]
    change_years: tuple[int, int] | None
    changes: Capped[Change]

    @property
    def findings(self) -> int:
        """Findings that count, over all filings."""
        return sum(line.findings for line in self.rules)

    def of_severity(self, severity: int) -> int:
        """Findings of a severity that count."""
        return sum(line.findings for line in self.rules if line.severity == severity)

    def decided(self, state: str) -> int:
        """Findings that are open, confirmed, dismissed or waived."""
        count: int = sum(getattr(line, state) for line in self.rules)
        return count
