"""The labels of a filing or of a folder of filings: what a careful reader would claim, link and find.

The models are the label format itself; `schema` gives it as JSON schema. A key that no model names is refused, so that
a slip of the pen (`vaules`) does not quietly weaken a label.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Certainty = Literal["sure", "debatable"]
Modifier = Literal["exact", "at_least", "at_most", "about", "range"]
SUFFIX = ".labels.json"
ACROSS = "across"
"""The id of the labels that concern several filings of their folder."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ClaimLabel(_Model):
    """A quantity that a text states. `row` is the name of the indicator row that counts the same thing."""

    field: str = Field(description="goal, narrative, note:<row name>, actual:<row name> or target:<row name>")
    quote: str = Field(min_length=1, description="the passage, as the text has it")
    value: str = Field(min_length=1, description="a decimal in the unit as written")
    upper: str | None = Field(None, description="the upper end of a range")
    unit: str = Field(description="the unit as written, with 万 or 亿")
    modifier: Modifier
    subject: str = Field("", description="what is counted, for readers")
    row: str | None = Field(None, description="the name of the row that counts the same thing, if any does")
    row_debatable: bool = Field(False, description="whether readers may differ about the row")


class FindingLabel(_Model):
    """A contradiction that a reviewer would report. A debatable one is never missed, and no harm when it is found."""

    rule: str = Field(pattern=r"^[A-Z]\d\d$")
    row: str | None = Field(None, description="the name of the indicator or funds row it is about")
    rows: list[str] | None = Field(None, description="of a finding that lists rows, their names")
    fields: list[str] = Field(default_factory=list, description="where it shows, for readers")
    quotes: list[str] = Field(default_factory=list, description="the passages, as the filing has them")
    values: list[str] = Field(default_factory=list, description="values of which one is in the evidence")
    certainty: Certainty = "sure"
    why: str = ""
    filings: list[str] | None = Field(None, description="of a finding across filings, their ids")


class Head(_Model):
    """A filing that labels across filings speak of."""

    id: str = Field(min_length=1)
    project: str | None = None
    year: int | None = None


class Labels(_Model):
    """The labels of one filing, `x.labels.json` beside `x.txt`, or those across the filings of a folder
    (`across.labels.json`)."""

    id: str = Field(min_length=1, description="the name of the filing's file without its ending")
    project: str | None = None
    year: int | None = None
    money_unit: str | None = None
    sector: str | None = Field(None, description="the field of government the project belongs to")
    layout: str | None = Field(None, description="the layout of the form: national, or a provincial one by name")
    why: str = Field("", description="what the fixture is for, for readers")
    findings_only: bool = Field(False, description="whether claims are not labelled")
    claims: list[ClaimLabel] = Field(default_factory=list)
    findings: list[FindingLabel]
    dismissed: list[FindingLabel] = Field(default_factory=list, description="findings that a reviewer has rejected")
    filings: list[Head] | None = Field(None, description="of labels across filings, what they speak of")


class LabelError(ValueError):
    """A label file is not of the format; `where` is the place in it (`findings[2].vaules`), `key` names the sentence of
    the catalogue that says what is wrong, `fact` fills it."""

    def __init__(self, key: str, where: str = "", fact: str = "") -> None:
        super().__init__(f"{where}: {key} {fact}")
        self.key, self.where, self.fact = key, where, fact


def read_labels(path: Path) -> Labels:
    """The labels of a file. LabelError, OSError."""
    try:
        return Labels.model_validate(read_json(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
        key = "unknown-key" if first["type"] == "extra_forbidden" else "wrong-entry"
        raise LabelError(key, where or "—", first["msg"]) from None


def read_json(path: Path) -> Any:
    """What a JSON file holds; a key that an object has twice is refused, since one of the two would count for nothing.
    LabelError, OSError."""
    try:
        return json.loads(path.read_bytes(), object_pairs_hook=_object)
    except UnicodeDecodeError:
        raise LabelError("not-utf8") from None
    except json.JSONDecodeError as error:
        raise LabelError("not-json", f"{error.lineno}:{error.colno}", error.msg) from None
    except RecursionError:
        raise LabelError("not-json", "1:1", "nested too deeply") from None
    except LabelError:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise LabelError("not-json", "1:1", str(error)) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise LabelError("twice-key", next(key for key in keys if keys.count(key) > 1))
    return found


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The label format as a JSON schema."""
    document = Labels.model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**head, **document, "title": "narrcheck labels"}
