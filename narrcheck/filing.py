"""The data that flows through narrcheck: a filing as read, the claims in its texts, the findings about it.

Everything is frozen: each step is a function from one of these to the next. Terms are those of the rule catalogue
(docs/rules.md). Offsets count code points of the field's text as `narrcheck parse` prints it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from narrcheck.printed import Note, Row, Spot
from narrcheck.settled import Decided as Decided
from narrcheck.settled import Verdict as Verdict
from narrcheck.settled import Waiver as Waiver

if TYPE_CHECKING:
    from narrcheck.advice import Advice, ModelUse
    from narrcheck.resubmitted import Resubmission

FieldName = Literal[
    "goal", "narrative", "name", "target", "actual", "weight", "score", "note", "funds", "total", "grade", "header"
]
Modifier = Literal["exact", "at_least", "at_most", "about", "range"]
Comparator = Literal["=", "≥", ">", "≤", "<"]
Status = Literal["met", "partly_met", "not_met"]
FormKind = Literal["self_evaluation", "target_table"]
Scope = Literal["year", "total", "part", "partial", "cumulative", "other_year", "change", "plan", "extra", "per"]
Author = Literal["offline", "llm", "both"]


class Severity(IntEnum):
    """How much a finding weighs; `--fail-on` compares these."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that should hold a number (weight, score, amount, rate), with the digits as printed. `value` is None where
    the cell is blank or a dash, or holds what is no number; `malformed` tells the two apart."""

    raw: str = ""
    value: Decimal | None = None

    @property
    def malformed(self) -> bool:
        return self.value is None and self.raw.strip() not in _BLANK_CELLS


_BLANK_CELLS = frozenset(["", "-", "—", "–", "－", "——", "--", "/", "／", "一"])


@dataclass(frozen=True, slots=True)
class Target:
    """年度指标值. `value` and `unit` only where the cell is comparator, number, unit and nothing more.

    `unit` of a bare number is the unit that stands in the row's name (检查次数（次）). `upper` closes a range.
    """

    raw: str = ""
    comparator: Comparator | None = None
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Actual:
    """实际完成值: a value and unit, or a short verdict (`status`), or words (all None)."""

    raw: str = ""
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row under 一级/二级/三级指标; `name` is the 三级指标, `position` the 0-based place in the table.

    `line` is the printed row it was read from (`Place.line`), `columns` the place of each of its cells in that row.
    """

    position: int
    level1: str | None
    level2: str | None
    name: str
    target: Target = Target()
    actual: Actual = Actual()
    weight: Number = Number()
    score: Number = Number()
    note: str | None = None
    line: int = field(default=0, compare=False, repr=False)
    columns: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FundsRow:
    """One row of the funds table; amounts in the filing's money unit, rate in percent."""

    label: str
    initial: Number = Number()
    adjusted: Number = Number()
    executed: Number = Number()
    weight: Number = Number()
    rate: Number = Number()
    score: Number = Number()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell or number that could not be read for certain. `row` is an indicator's position, or None."""

    field: FieldName
    quote: str
    reason: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a filing was read: the file, the 1-based position of the filing in it, the SHA-256 of the file."""

    path: str
    index: int = 1
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """A self-evaluation form (财政项目支出绩效自评表) or target table (绩效目标表), as read. `notes` say how; `printed`
    are the rows it was read from, which tell where evidence stands; `signed` a saved reading's lines with names."""

    source: Source
    form: FormKind = "self_evaluation"
    layout: str = ""
    year: int | None = None
    project: str | None = None
    department: str | None = None
    unit: str | None = None
    money_unit: str | None = None
    goal: str | None = None
    narrative: str | None = None
    funds: tuple[FundsRow, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    total_weight: Number = Number()
    total_score: Number = Number()
    grade: str | None = None
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[Note, ...] = ()
    printed: tuple[Row, ...] = field(default=(), compare=False, repr=False)
    signed: tuple[str, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """A quantity stated in free text about something planned or done. `start`/`end` place `quote` in the field's text,
    `number_start`/`number_end` the number with modifier and unit. `in_row` is the indicator whose text holds the claim,
    `row` the one it is linked to. `scope` says what the figure stands for: this year's own, a sum, a part of claim
    `whole`, a running total, …; "partial" are some months or places only, which no figure of the year contradicts.
    """

    field: FieldName
    in_row: int | None
    quote: str
    start: int
    end: int
    value: Decimal
    upper: Decimal | None
    unit: str
    modifier: Modifier
    subject: str
    number_start: int
    number_end: int
    scope: Scope = "year"
    whole: int | None = None
    row: int | None = None
    why: str = ""
    by: Author = "offline"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One side of a finding: the field, its verbatim quote with offsets, and what was read from it.

    `row` is the position in its own table (indicators or funds); `name` the indicator's name or the funds row's label;
    `column` that of a funds row (initial … score) or of the total row (weight, score); `spot` the place in the file.
    """

    field: FieldName
    quote: str
    start: int
    end: int
    row: int | None = None
    name: str | None = None
    value: str | None = None
    unit: str | None = None
    column: str | None = None
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One discrepancy, with verbatim evidence; `id` is the same wherever the same form says the same."""

    id: str
    rule: str
    name: str
    severity: Severity
    message: str
    suggestion: str
    evidence: tuple[Evidence, ...]
    by: Author = "offline"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was looked at: `numbers` in the free texts, `claims` among them, those `linked` to a row, those
    `checked` against anything, and cells left in doubt."""

    numbers: int = 0
    claims: int = 0
    linked: int = 0
    checked: int = 0
    doubtful_cells: int = 0


@dataclass(frozen=True, slots=True)
class RuleFailure:
    """A rule that raised instead of answering: reported, never silent."""

    rule: str
    error: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A filing with its claims and findings. `waived` pairs a finding with the waiver that covers it, `dismissed` one
    with the reviewer's decision that it is none; neither is in `findings`. `confirmed` are the decisions, by finding
    id, that findings hold. `selection` names the rules asked for (N,F01 -N05), empty where all speak. With a language
    model `claims` and `findings` are of both, `alone` is what the rules gave without it, `advice` the model's part."""

    filing: Filing
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]
    coverage: Coverage
    waived: tuple[tuple[Finding, Waiver], ...] = ()
    failures: tuple[RuleFailure, ...] = ()
    selection: str = ""
    advice: "Advice | None" = None
    alone: tuple[tuple[Claim, ...], tuple[Finding, ...]] = ((), ())
    dismissed: tuple[tuple[Finding, Decided], ...] = ()
    confirmed: Mapping[str, Decided] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be read: `code` is fixed (no-filing-found, empty-file, …), `message` is for people."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file inside a folder that holds no filing."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one run over all inputs: what every report format prints. `resubmission` compares it with an
    earlier one, where that was asked for."""

    version: str
    mode: Literal["offline", "llm"]
    profile: str
    filings: tuple[Checked, ...]
    skipped: tuple[Skipped, ...] = ()
    errors: tuple[Problem, ...] = ()
    unused_waivers: tuple[Waiver, ...] = ()
    lang: str = "zh"
    model: "ModelUse | None" = None
    resubmission: "Resubmission | None" = None
