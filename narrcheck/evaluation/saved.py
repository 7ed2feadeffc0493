"""What `check` and `parse` write with --format json, read back to be measured: the keys that are used, checked.

Keys that are not used are left aside, and those that an older version may lack have the value they then stand for, so
that output of other versions can be measured; what is damaged is refused with its place.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, ValidationError

Fault = Literal["no-output", "saved-twice", "none-in-saved"]


class SavedError(ValueError):
    """Saved output that cannot be measured. `key`: a file is no output of `check` or `parse` (`reason` names the place
    and what is wrong there), two filings of the output answer one file (`reason` names it), or none of the files that
    are measured is in it."""

    def __init__(self, path: Path, reason: str = "", key: Fault = "no-output") -> None:
        super().__init__(f"{path}: {key} {reason}")
        self.path, self.reason, self.key = path, reason, key


def _as_text(value: object) -> object:
    """Numbers may be written as JSON numbers; they are kept as text."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _as_row(value: object) -> object:
    if value is None or isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ValueError("neither the position nor the name of a row")


Text = Annotated[str, BeforeValidator(_as_text)]
Printed = Annotated[str | None, BeforeValidator(_as_text)]
Row = Annotated[Any, BeforeValidator(_as_row)]
Count = Annotated[StrictInt, Field(ge=0)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class SavedSource(_Shape):
    """Where a filing was read; `index` is its position in the file, from 1."""

    path: str = Field(min_length=1)
    index: Annotated[StrictInt, Field(ge=1)] = 1


class SavedCoverage(_Shape):
    """How many numbers the texts have, and how many of these are claims."""

    numbers: Count = 0
    claims: Count = 0


class SavedClaim(_Shape):
    """A claim; `row` is the position or the name of the row it is linked to."""

    field: str
    quote: str
    value: Text
    upper: Printed = None
    unit: str | None = None
    modifier: str
    row: Row = None


class SavedPiece(_Shape):
    """A piece of evidence; `name` is that of its row."""

    field: str
    name: str | None = None
    quote: str | None = None
    value: Printed = None
    upper: Printed = None
    unit: str | None = None


class SavedFinding(_Shape):
    """A finding."""

    rule: str = Field(pattern=r"^[A-Z]\w*$")
    message: str = ""
    evidence: list[SavedPiece]


class SavedCell(_Shape):
    """A target or an actual."""

    raw: Printed = None
    comparator: Printed = None
    value: Printed = None
    upper: Printed = None
    unit: Printed = None
    status: Printed = None


class SavedRow(_Shape):
    """An indicator row."""

    name: Printed = None
    level1: Printed = None
    level2: Printed = None
    target: SavedCell | None = None
    actual: SavedCell | None = None
    weight: Printed = None
    score: Printed = None
    note: Printed = None


class SavedFunds(_Shape):
    """A row of the funds table."""

    label: Printed = None
    initial: Printed = None
    adjusted: Printed = None
    executed: Printed = None
    weight: Printed = None
    rate: Printed = None
    score: Printed = None


class SavedFiling(_Shape):
    """A filing: with findings and claims as `check` writes it, with indicators as `parse` does."""

    source: SavedSource
    findings: list[SavedFinding] | None = None
    claims: list[SavedClaim] | None = None
    coverage: SavedCoverage = SavedCoverage()
    indicators: list[SavedRow] | None = None
    funds: list[SavedFunds] | None = None
    form: Printed = None
    layout: Printed = None
    year: Printed = None
    project: Printed = None
    department: Printed = None
    unit: Printed = None
    money_unit: Printed = None
    goal: Printed = None
    narrative: Printed = None
    total_weight: Printed = None
    total_score: Printed = None
    grade: Printed = None


class SavedProblem(_Shape):
    """A file that could not be read."""

    path: str
    message: str | None = None
    code: str | None = None


class Output(_Shape):
    """What `check` or `parse` has written."""

    version: Text = ""
    mode: str = "offline"
    profile: str = ""
    filings: list[SavedFiling]
    errors: list[SavedProblem] = Field(default_factory=list)


def read_output(path: Path) -> Output:
    """A saved output. SavedError, OSError."""
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise SavedError(path, str(error)) from None
    try:
        found = Output.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SavedError(path, ": ".join(filter(None, (_place(first["loc"]), first["msg"])))) from None
    for at, filing in enumerate(found.filings):
        missing = _missing(filing)
        if missing is not None:
            raise SavedError(path, f"filings[{at}].{missing}")
    return found


def _place(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


def _missing(filing: SavedFiling) -> str | None:
    """The list without which a filing is neither checked nor read."""
    if filing.findings is None:
        return "findings" if filing.indicators is None or filing.claims is not None else None
    return "claims" if filing.claims is None else None
