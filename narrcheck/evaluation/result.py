"""What an evaluation gives: per filing the counts and what was missed or wrong, and the figures over all of them.

The models are also the saved form (`eval run --format json`), which a later run is compared with.
"""

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SCHEMA = "narrcheck-eval/1"
Verdict = Literal["found", "missed", "debatable", "false", "repetition", "differs"]
Measure = Literal["precision", "recall", "f1"]
MEASURES: tuple[Measure, ...] = ("precision", "recall", "f1")


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Counts(_Model):
    """What is labelled and how much of that was found; what was reported and how much of that is right."""

    labels: int = 0
    found: int = 0
    reported: int = 0
    right: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """The counts of both."""
        return Counts(
            labels=self.labels + other.labels,
            found=self.found + other.found,
            reported=self.reported + other.reported,
            right=self.right + other.right,
        )

    def figure(self) -> "Figure":
        """The counts with their shares."""
        precision = self.right / self.reported if self.reported else None
        recall = self.found / self.labels if self.labels else None
        f1 = 0.0 if self.labels else None
        if precision and recall:
            f1 = 2 * precision * recall / (precision + recall)
        counts = {"labels": self.labels, "found": self.found, "reported": self.reported, "right": self.right}
        return Figure(**counts, precision=precision, recall=recall, f1=f1)


class Figure(_Model):
    """The counts of a layer or rule over several filings with precision (right of reported), recall (found of labels)
    and F1; a share without a denominator is None, F1 is 0 where there are labels and nothing is right."""

    labels: int = 0
    found: int = 0
    reported: int = 0
    right: int = 0
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None


class Quote(_Model):
    """A passage that a label or finding rests on; `row` is the name of its row."""

    field: str = ""
    row: str | None = None
    quote: str = ""
    value: str | None = None


class Item(_Model):
    """One label or answer, and what became of it.

    `layer` is reading, claims, modifiers, links or findings; `key` the layer or rule whose figure it counts for.
    `name` is the same for the same label or answer in every run. `verdict`: a label is found or missed, a debatable
    one found (debatable), an answer is false or a repetition; something found in part differs from what is labelled.
    `text` is for people: the finding's message or the label's reason, or what was wanted and what was had.
    """

    layer: str
    key: str
    verdict: Verdict
    name: str
    text: str = ""
    quotes: list[Quote] = Field(default_factory=list)


class FileResult(_Model):
    """One file of a fixture against its labels. `id` is the fixture's, `file` the folder's name and the file's.
    `checked` says that it was read and its findings are labelled.
    `numbers` are the numbers in its texts, `claims` those recognised as claims. `error` says why it was not read;
    `several` that it holds further filings, which are not scored."""

    id: str
    file: str
    sector: str | None = None
    layout: str | None = None
    format: str = ""
    numbers: int = 0
    claims: int = 0
    checked: bool = False
    error: str | None = None
    several: bool = False
    counts: dict[str, Counts] = Field(default_factory=dict)
    items: list[Item] = Field(default_factory=list)

    @property
    def group(self) -> str:
        """The fixture that the file belongs to, told apart from those of other folders."""
        return f"{self.file.rpartition('/')[0]}/{self.id}"


class System(_Model):
    """What was measured: a version, how it used a model, its profile and its rules."""

    name: str = "offline"
    version: str = ""
    mode: str = "offline"
    profile: str = "national"
    selection: str = ""
    model: str | None = None


class Cost(_Model):
    """What a language model was used for: tokens of all attempts, seconds summed over requests, money where prices are
    set; `unknown` are the questions that a replayed record does not hold."""

    requests: int = 0
    cached: int = 0
    sent: int = 0
    received: int = 0
    seconds: float | None = None
    money: str | None = None
    currency: str | None = None
    unknown: int = 0


class Result(_Model):
    """An evaluation.

    `figures` pool all filings, by layer or rule; `per_filing` are the means of the filings' own shares; `intervals` and
    `per_filing_intervals` hold both in 95 of 100 resamples of the filings; `by` has figures by severity, sector, layout
    and format. `recognised` is the share of numbers that are claims, `false_alarms` their mean per filing.
    """

    schema_: str = Field(SCHEMA, alias="schema")
    system: System = System()
    folders: list[str] = Field(default_factory=list)
    files: int = 0
    unread: int = 0
    several: int = 0
    figures: dict[str, Figure] = Field(default_factory=dict)
    intervals: dict[str, dict[Measure, tuple[float, float] | None]] = Field(default_factory=dict)
    per_filing: dict[str, dict[Measure, float | None]] = Field(default_factory=dict)
    per_filing_intervals: dict[str, dict[Measure, tuple[float, float] | None]] = Field(default_factory=dict)
    by: dict[str, dict[str, dict[str, Figure]]] = Field(default_factory=dict)
    recognised: float | None = None
    false_alarms: float | None = None
    cost: Cost | None = None
    filings: list[FileResult]

    def to_json(self) -> str:
        """The saved form, one filing a line."""
        document = self.model_dump(mode="json", by_alias=True, exclude={"filings"})
        head = json.dumps(document, ensure_ascii=False, indent=1)[:-2]
        lines = ",\n".join("  " + item.model_dump_json(exclude_defaults=True) for item in self.filings)
        return f'{head},\n "filings": [\n{lines}\n ]\n}}\n'


class ResultError(ValueError):
    """A file is no saved evaluation; `reason` says why, `foreign` that it is something else, not a damaged one."""

    def __init__(self, reason: str, foreign: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.foreign = reason, foreign


def read_result(path: Path) -> Result:
    """A saved evaluation. ResultError, OSError."""
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ResultError(str(error)) from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ResultError(f"schema: {SCHEMA}", foreign=True)
    try:
        return Result.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        raise ResultError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
