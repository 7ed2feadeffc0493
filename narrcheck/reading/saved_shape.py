"""The shape of a reading kept as JSON, checked by pydantic; imported only when such a file is read.

Keys that the shape does not know are refused, so that a slip of the pen is not read as a blank cell; what `check` adds
to a filing (coverage, claims, findings) is accepted and left alone.
"""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from narrcheck.filing import Comparator, FieldName, FormKind, Status
from narrcheck.quantity.cells import read_number

_PLAIN = re.compile(r"-?\d*\.?\d+")


def _as_printed(value: object) -> object:
    """Numbers may be written as JSON numbers; they are kept as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def _as_number(value: object) -> object:
    """Text that must be a number."""
    value = _as_printed(value)
    if isinstance(value, str) and read_number(value).value is None and not _PLAIN.fullmatch(value.strip()):
        raise ValueError(f"not a number: {value!r}")
    return value


Printed = Annotated[str | None, BeforeValidator(_as_printed)]
Numeric = Annotated[str | None, BeforeValidator(_as_number)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SavedTarget(_Shape):
    raw: Printed = None
    comparator: Comparator | None = None
    value: Numeric = None
    upper: Numeric = None
    unit: str | None = None


class SavedActual(_Shape):
    raw: Printed = None
    value: Numeric = None
    upper: Numeric = None
    unit: str | None = None
    status: Status | None = None


class SavedIndicator(_Shape):
    level1: str | None = None
    level2: str | None = None
    name: str
    target: SavedTarget | None = None
    actual: SavedActual | None = None
    weight: Numeric = None
    score: Numeric = None
    note: str | None = None
    raw: dict[str, Printed] | None = None
    position: int | None = None


class SavedFunds(_Shape):
    label: str
    initial: Numeric = None
    adjusted: Numeric = None
    executed: Numeric = None
    weight: Numeric = None
    rate: Numeric = None
    score: Numeric = None
    raw: dict[str, Printed] | None = None


class SavedDoubt(_Shape):
    field: FieldName
    quote: str = ""
    reason: str = ""
    row: int | None = None
    message: str | None = None


class SavedNote(_Shape):
    key: str
    fact: str = ""
    text: str | None = None


class SavedFiling(_Shape):
    form: FormKind = "self_evaluation"
    layout: str | None = None
    year: Annotated[int, Field(ge=1, le=9999)] | None = None
    project: str | None = None
    department: str | None = None
    unit: str | None = None
    money_unit: str | None = None
    goal: str | None = None
    narrative: str | None = None
    funds: list[SavedFunds] = []
    indicators: list[SavedIndicator] = []
    total_weight: Numeric = None
    total_score: Numeric = None
    grade: str | None = None
    doubts: list[SavedDoubt] = []
    notes: list[SavedNote] = []
    signed: list[str] = []
    raw: dict[str, Printed] | None = None
    id: Any = None
    source: Any = None
    coverage: Any = None
    claims: Any = None
    findings: Any = None
    waived: Any = None
    rule_failures: Any = None
    model: Any = None
    reading: Any = None
    earlier: Any = None
    same_file: Any = None
    changes: Any = None
