"""What one file's items win or lose against an older evaluation of the same file.

Items are known by layer and name. Those of findings are listed whether found or missed, so a label that only one side
knows is seen; of claims, links, modifiers and cells only what is wrong is listed, and a file whose number of labels
differs has been labelled anew.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from narrcheck.evaluation.result import FileResult, Item, Quote

State = Literal["found", "missed", "false", "differs"]
Side = Literal["won", "lost", "relabelled"]
Changed = tuple[Side, "Change"]
Key = tuple[str, str, int]

LAYERS = ("findings", "links", "claims", "modifiers", "reading")
"""The layers of items, as reports list them."""
_ANCHORS = {"links": "claims", "claims": "claims", "modifiers": "claims", "reading": "parse.cells"}
_ON_CLAIMS = ("links", "modifiers")
_NUMBERED = re.compile(r" #\d+$")


class Change(BaseModel):
    """An item that is not as it was. `before` and `now`: a label is found (in layers other than findings: right),
    missed or differs, a wrong answer is false; None where there is no such label or answer."""

    model_config = ConfigDict(frozen=True)

    id: str
    file: str
    layer: str
    key: str
    before: State | None
    now: State | None
    name: str
    text: str = ""
    quotes: list[Quote] = Field(default_factory=list)


def changes(new: FileResult, old: FileResult, layers: Iterable[str]) -> Iterator[Changed]:
    """The changes of a file in the given layers: a label found or answered rightly now and not before, a false alarm
    gone (won), the reverse (lost), and what is due to other labels (relabelled). Repetitions and debatable labels are
    neither won nor lost, and a link or modifier that only has or had no claim to stand on is neither."""
    for layer in layers:
        if layer == "findings":
            yield from _findings(new, old)
        else:
            yield from _others(new, old, layer)


def _findings(new: FileResult, old: FileResult) -> Iterator[Changed]:
    now, before = (_items(one, "findings", ("found", "missed")) for one in (new, old))
    other: set[str] = set()
    for key in sorted(now.keys() | before.keys()):
        here, there = now.get(key), before.get(key)
        change = _change(new, there, here)
        if here is None or there is None:
            other.add(change.key)
            yield "relabelled", change
        elif here.verdict != there.verdict:
            yield ("won" if here.verdict == "found" else "lost"), change
    for side, change in _faults(new, old, "findings", ("false",)):
        yield ("relabelled" if change.key in other else side), change


def _others(new: FileResult, old: FileResult, layer: str) -> Iterator[Changed]:
    anchor = _ANCHORS[layer]
    relabelled = _labels(new, anchor) != _labels(old, anchor)
    gone = [_missed(one) if layer in _ON_CLAIMS else frozenset() for one in (new, old)]
    for side, change in (
        *_faults(new, old, layer, ("missed", "differs"), right="found"),
        *_faults(new, old, layer, ("false",)),
    ):
        if change.name not in gone[0 if side == "won" else 1]:
            yield ("relabelled" if relabelled else side), change


def _faults(
    new: FileResult, old: FileResult, layer: str, verdicts: tuple[str, ...], right: State | None = None
) -> Iterator[Changed]:
    """The faults that one side has and the other has not; `right` is the state of a label without a fault."""
    now, before = (_items(one, layer, verdicts) for one in (new, old))
    for key in sorted(now.keys() - before.keys()):
        yield "lost", _change(new, None, now[key], right)
    for key in sorted(before.keys() - now.keys()):
        yield "won", _change(new, before[key], None, right)


def _items(one: FileResult, layer: str, verdicts: tuple[str, ...]) -> Mapping[Key, Item]:
    """The items of a layer by name; those of one name are told apart by their order among these alone."""
    found: dict[Key, Item] = {}
    counted: Counter[str] = Counter()
    for item in one.items:
        if item.layer == layer and item.verdict in verdicts:
            name = _NUMBERED.sub("", item.name)
            counted[name] += 1
            found[item.key, name, counted[name]] = item
    return found


def _missed(one: FileResult) -> frozenset[str]:
    """The names of the claims that were missed."""
    return frozenset(
        _NUMBERED.sub("", item.name) for item in one.items if item.layer == "claims" and item.verdict == "missed"
    )


def _labels(one: FileResult, key: str) -> int:
    return one.counts[key].labels if key in one.counts else 0


def _change(file: FileResult, before: Item | None, now: Item | None, right: State | None = None) -> Change:
    item = now or before
    assert item is not None
    return Change(
        id=file.id,
        file=file.file,
        layer=item.layer,
        key=item.key,
        before=_state(before) or right,
        now=_state(now) or right,
        name=_NUMBERED.sub("", item.name),
        text=item.text,
        quotes=item.quotes,
    )


def _state(item: Item | None) -> State | None:
    if item is None or item.verdict == "debatable" or item.verdict == "repetition":
        return None
    return item.verdict
