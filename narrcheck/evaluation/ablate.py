"""What each part of narrcheck is worth: the same fixtures with the part left out."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from narrcheck.catalogue import message
from narrcheck.evaluation.ablations import ABLATIONS, Ablation
from narrcheck.evaluation.fixtures import Folder
from narrcheck.evaluation.result import Figure, Result
from narrcheck.evaluation.run import evaluate
from narrcheck.evaluation.systems import Live
from narrcheck.parts import without
from narrcheck.settings import Settings

LAYERS = ("findings", "links", "claims", "parse.cells")


@dataclass(frozen=True, slots=True)
class Ablated:
    """An evaluation without something; `key` names the sentence that says without what. The first is the whole.

    `lost` are labelled findings that the whole finds and this does not, `won` the other way round, `alarms` its false
    alarms less those of the whole.
    """

    name: str
    key: str
    result: Result
    lost: int = 0
    won: int = 0
    alarms: int = 0


def ablated(folders: Sequence[Folder], settings: Settings, ablations: Sequence[Ablation] = ABLATIONS) -> list[Ablated]:
    """The whole, then each ablation; the one without the model only where a model is in use."""
    whole = evaluate(folders, Live(settings), resample=False)
    known = _found(whole)
    rows = [Ablated("whole", "ablation.whole", whole)]
    for one in ablations:
        if one.model and settings.model_use == "off":
            continue
        result = _without(one, folders, settings)
        found = _found(result)
        alarms = _false(result) - _false(whole)
        rows.append(Ablated(one.name, one.key, result, len(known - found), len(found - known), alarms))
    return rows


def _without(one: Ablation, folders: Sequence[Folder], settings: Settings) -> Result:
    with without(*one.parts):
        return evaluate(folders, Live(replace(settings, llm="off") if one.model else settings), resample=False)


def _found(result: Result) -> set[tuple[str, str]]:
    return {
        (one.file, item.name)
        for one in result.filings
        for item in one.items
        if item.layer == "findings" and item.verdict == "found"
    }


def _false(result: Result) -> int:
    figure = result.figures.get("findings", Figure())
    return figure.reported - figure.right


def heads(lang: str) -> list[str]:
    """The headings of the table."""
    keys = ("what", "precision", "recall", "lost", "won", "alarms", *LAYERS)
    return [message(f"ablate.head.{key}", lang) for key in keys]


def cells(rows: Sequence[Ablated], lang: str) -> Iterator[list[str]]:
    """The rows of the table: of findings precision, recall and what changed, then the F1 of each layer."""
    for at, row in enumerate(rows):
        figure = row.result.figures.get("findings", Figure())
        changed = [str(row.lost), str(row.won), f"{row.alarms:+d}"] if at else ["", "", ""]
        layers = [_share(row.result.figures.get(key, Figure()).f1) for key in LAYERS]
        yield [message(row.key, lang), _share(figure.precision), _share(figure.recall), *changed, *layers]


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def to_json(rows: Sequence[Ablated]) -> str:
    """The figures of each row."""
    found = [
        {
            "name": row.name,
            "lost": row.lost,
            "won": row.won,
            "false_alarms": row.alarms,
            "figures": {key: figure.model_dump() for key, figure in row.result.figures.items()},
        }
        for row in rows
    ]
    return json.dumps({"schema": "narrcheck-ablations/1", "ablations": found}, ensure_ascii=False, indent=1) + "\n"
