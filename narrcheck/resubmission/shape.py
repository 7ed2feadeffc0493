"""The shape of a report kept as JSON, checked by pydantic; imported only when one is read.

Keys that are not used are left aside, and those that an older version may lack have the value they then stand for.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt

from narrcheck.filing import Author, FieldName, Modifier, Verdict


def _as_text(value: object) -> object:
    """Numbers may be written as JSON numbers; they are kept as text."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_as_text)]
Printed = Annotated[str | None, BeforeValidator(_as_text)]
Count = Annotated[StrictInt, Field(ge=0)]
Position = Annotated[StrictInt | None, Field(ge=0)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class SavedSpot(_Shape):
    """Where a quote stands in its file."""

    sheet: str | None = None
    cell: str | None = None
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    paragraph: int | None = None
    line: int | None = None
    box: tuple[float, float, float, float] | None = None


class SavedSource(_Shape):
    path: str
    index: int = 1
    sha256: str = ""


class SavedPiece(_Shape):
    """A piece of evidence; `source` where it stands in another filing (X rules)."""

    field: FieldName
    quote: str
    start: Count = 0
    end: Count = 0
    row: Position = None
    name: str | None = None
    value: Printed = None
    unit: str | None = None
    column: Literal["initial", "adjusted", "executed", "weight", "rate", "score"] | None = None
    place: SavedSpot | None = None
    source: SavedSource | None = None


class SavedDecision(_Shape):
    verdict: Verdict
    who: str = ""
    why: str = ""
    at: Text = ""


class SavedWaiver(_Shape):
    who: str = ""
    why: str = ""
    id: str | None = None
    rule: str | None = None
    project: str | None = None
    row: str | None = None
    until: str | None = None


class SavedFinding(_Shape):
    """A finding; `waiver` only among the waived ones."""

    id: str = Field(min_length=1)
    rule: str = Field(pattern=r"^[A-Z]\w*$")
    name: str = ""
    severity: Literal["error", "warning", "info"]
    message: str = ""
    suggestion: str = ""
    by: Author = "offline"
    evidence: list[SavedPiece] = Field(default_factory=list)
    decision: SavedDecision | None = None
    waiver: SavedWaiver | None = None


class SavedClaim(_Shape):
    field: FieldName
    in_row: Position = None
    quote: str
    start: Count = 0
    end: Count = 0
    value: Annotated[Decimal, BeforeValidator(_as_text)]
    upper: Annotated[Decimal | None, BeforeValidator(_as_text)] = None
    unit: str = ""
    modifier: Modifier = "exact"
    subject: str = ""
    row: Position = None
    why: str = ""
    by: Author = "offline"


class SavedCoverage(_Shape):
    numbers: Count = 0
    claims: Count = 0
    linked: Count = 0
    checked: Count = 0
    doubtful_cells: Count = 0


class SavedFailure(_Shape):
    rule: str
    error: str = ""


class SavedTrouble(_Shape):
    message: str = ""


class SavedAdvice(_Shape):
    """The model's part in a filing: why it did not answer."""

    degraded: list[SavedTrouble] = Field(default_factory=list)


class SavedChecked(_Shape):
    """A filing; what heads it and its texts (`reading`) are read by the reader of saved readings."""

    source: SavedSource
    coverage: SavedCoverage = SavedCoverage()
    claims: list[SavedClaim] = Field(default_factory=list)
    findings: list[SavedFinding]
    waived: list[SavedFinding] = Field(default_factory=list)
    rule_failures: list[SavedFailure] = Field(default_factory=list)
    model: SavedAdvice | None = None
    reading: dict[str, Any] | None = None


class SavedTokens(_Shape):
    sent: Count = 0
    received: Count = 0
    estimated: Count = 0


class SavedQuestions(_Shape):
    asked: Count = 0
    full: Count = 0


class SavedModel(_Shape):
    """The run's use of a language model."""

    model: str = ""
    endpoint: str = ""
    use: str = ""
    mode: str = ""
    prompts: Text = ""
    requests: Count = 0
    cached: Count = 0
    tokens: SavedTokens = SavedTokens()
    seconds: float = 0
    questions: SavedQuestions = SavedQuestions()
    degraded: Count = 0
    cache_trouble: str | None = None
    record_trouble: str | None = None
    replayed: str | None = None
    not_recorded: Count = 0


class SavedSkipped(_Shape):
    path: str
    reason: str = ""


class SavedProblem(_Shape):
    path: str
    code: str = ""
    message: str = ""


class SavedRun(_Shape):
    """What the whole run shares. `selection` is None where the report does not say which rules were asked for."""

    version: Text = ""
    mode: Literal["offline", "llm"] = "offline"
    profile: str = ""
    lang: Literal["zh", "en"] | None = None
    selection: str | None = None
    model: SavedModel | None = None
    skipped: list[SavedSkipped] = Field(default_factory=list)
    errors: list[SavedProblem] = Field(default_factory=list)
    unused_waivers: list[SavedWaiver] = Field(default_factory=list)
