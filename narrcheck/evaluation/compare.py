"""Two evaluations of the same fixtures: differences with their intervals, and what was won and lost, item by item.

Differences are paired: in each resample the same fixtures are drawn on both sides, so that what is hard for both does
not blur what differs.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from narrcheck.evaluation.changes import LAYERS, Change, Changed, changes
from narrcheck.evaluation.intervals import Group, Sums, grouped, interval, pooled, resamples
from narrcheck.evaluation.result import MEASURES, Cost, Counts, Figure, FileResult, Measure, Result, System

Verdict = Literal["better", "worse", "no-difference", "same", "nothing-shared"]
Interval = tuple[float, float]
_DIGITS = 4
_DECIDING = ("findings", "links", "claims", "claims.modifier", "parse.cells")
_MEASURED_BY = {"findings": ("findings",), "reading": ("parse.cells", "parse.filings")}
_LAYER_OF = {"parse": "reading", "claims": "claims", "links": "links"}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Difference(_Model):
    """A layer's or rule's figures on both sides, over the filings that both have. `differences` are new less old,
    None where a share is missing on a side; `intervals` hold 95 of 100 resampled differences; `beyond_chance` names the
    measures whose interval excludes 0."""

    new: Figure
    old: Figure
    differences: dict[Measure, float | None]
    intervals: dict[Measure, Interval | None]
    beyond_chance: list[Measure] = Field(default_factory=list)


class Compared(_Model):
    """One of the two systems over the shared filings: recognised share of numbers, false alarms a filing, and what its
    whole evaluation cost."""

    system: System
    recognised: float | None = None
    false_alarms: float | None = None
    cost: Cost | None = None


class Comparison(_Model):
    """A new evaluation beside an old one. `verdict` is about the F1 of `decided_by`, the first layer that both have
    measured (findings before links, claims, modifiers, cells): better or worse where the interval of its difference
    excludes 0, same where no figure differs and nothing is won or lost. `relabelled` are changes due to other labels.
    Files are named as in the new evaluation, those of `only_old` as in the old one."""

    verdict: Verdict
    decided_by: str | None
    new: Compared
    old: Compared
    shared: int
    only_new: list[str] = Field(default_factory=list)
    only_old: list[str] = Field(default_factory=list)
    no_longer_read: list[str] = Field(default_factory=list)
    read_again: list[str] = Field(default_factory=list)
    not_compared: list[str] = Field(default_factory=list, description="layers that one side alone has measured")
    figures: dict[str, Difference] = Field(default_factory=dict)
    won: list[Change] = Field(default_factory=list)
    lost: list[Change] = Field(default_factory=list)
    relabelled: list[Change] = Field(default_factory=list)

    def to_json(self) -> str:
        """The comparison on one line."""
        return self.model_dump_json()


def compare(new: Result, old: Result) -> Comparison:
    """What the new evaluation has better and worse than the old one."""
    now, before = _paired(new.filings, old.filings)
    shared = {_place(one) for one in now}
    known = {_place(one) for one in before}
    before = [one.model_copy(update={"file": other.file}) for one, other in zip(before, now, strict=True)]
    layers, one_sided = _layers(now, before)
    figures = _differences(grouped(now), grouped(before), layers)
    pairs = list(zip(now, before, strict=True))
    found: dict[str, list[Change]] = defaultdict(list)
    for side, change in sorted((item for pair in pairs for item in changes(*pair, layers)), key=_order):
        found[side].append(change)
    decided_by = next((key for key in _DECIDING if key in figures), None)
    return Comparison(
        verdict=_verdict(figures, decided_by, any(found.values()), bool(now)),
        decided_by=decided_by,
        new=_compared(new, now),
        old=_compared(old, before),
        shared=len(now),
        only_new=sorted(one.file for one in new.filings if _place(one) not in shared),
        only_old=sorted(one.file for one in old.filings if _place(one) not in known),
        no_longer_read=[one.file for one, other in pairs if one.error is not None and other.error is None],
        read_again=[one.file for one, other in pairs if one.error is None and other.error is not None],
        not_compared=one_sided,
        figures=figures,
        won=found["won"],
        lost=found["lost"],
        relabelled=found["relabelled"],
    )


def _place(one: FileResult) -> tuple[str, str]:
    return one.id, one.file


def _paired(new: Sequence[FileResult], old: Sequence[FileResult]) -> tuple[list[FileResult], list[FileResult]]:
    """The files that both sides have, in the order of the new side: first by id and path, then by id and name, as
    folders may have been given otherwise."""
    partner: dict[int, FileResult] = {}
    left = dict(enumerate(old))
    for known in (_place, _name):
        free: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, one in left.items():
            free[known(one)].append(at)
        for at, one in enumerate(new):
            if at not in partner and free[known(one)]:
                partner[at] = left.pop(free[known(one)].pop(0))
    places = sorted(partner)
    return [new[at] for at in places], [partner[at] for at in places]


def _name(one: FileResult) -> tuple[str, str]:
    return one.id, one.file.rpartition("/")[2]


def _layers(new: Sequence[FileResult], old: Sequence[FileResult]) -> tuple[list[str], list[str]]:
    """The layers that both sides have measured, and those that one side alone has."""
    sides = [{key for one in side for key in one.counts} for side in (new, old)]
    both, one_sided = [], []
    for layer in LAYERS:
        keys = _MEASURED_BY.get(layer, ("claims",))
        measured = [any(key in side for key in keys) for side in sides]
        if all(measured):
            both.append(layer)
        elif any(measured):
            one_sided.append(layer)
    return both, one_sided


def _layer_of(key: str) -> str:
    if key == "claims.modifier":
        return "modifiers"
    return _LAYER_OF.get(key.partition(".")[0], "findings")


def _differences(new: Sequence[Group], old: Sequence[Group], layers: Sequence[str]) -> dict[str, Difference]:
    """The figures of both sides by key; counts that are the same in every fixture differ by exactly 0 in each draw."""
    keys = {key for group in (*new, *old) for key in group if _layer_of(key) in layers}
    none = Counts()
    pairs = list(zip(new, old, strict=True))
    moved = {key for key in keys if any(one.get(key, none) != other.get(key, none) for one, other in pairs)}
    drawn = _drawn([_only(group, moved) for group in new], [_only(group, moved) for group in old], moved)
    now, before = pooled(new), pooled(old)
    return {
        key: _difference(_figure(now, key), _figure(before, key), drawn.get(key))
        for key in sorted(keys, key=lambda key: (key[0].isupper(), key))
    }


def _only(group: Group, keys: Iterable[str]) -> Group:
    return {key: group[key] for key in keys if key in group}


def _drawn(new: Sequence[Group], old: Sequence[Group], keys: set[str]) -> dict[str, dict[Measure, Interval | None]]:
    """The intervals of the differences, the same fixtures drawn on both sides."""
    values: dict[str, dict[Measure, list[float | None]]] = {key: {one: [] for one in MEASURES} for key in keys}
    for often in resamples(len(new)) if keys else ():
        sums = pooled(new, often), pooled(old, often)
        for key, told in values.items():
            figures = _figure(sums[0], key), _figure(sums[1], key)
            for measure in MEASURES:
                told[measure].append(_less(*figures, measure))
    return {key: {measure: interval(told[measure]) for measure in MEASURES} for key, told in values.items()}


def _figure(sums: Sums, key: str) -> Figure:
    return sums.get(key, Counts()).figure()


def _less(new: Figure, old: Figure, measure: Measure) -> float | None:
    one, other = getattr(new, measure), getattr(old, measure)
    return None if one is None or other is None else one - other


def _difference(new: Figure, old: Figure, drawn: dict[Measure, Interval | None] | None) -> Difference:
    less: dict[Measure, float | None] = {}
    for measure in MEASURES:
        value = _less(new, old, measure)
        less[measure] = None if value is None else round(value, _DIGITS)
    if drawn is None:
        drawn = {measure: None if value is None else (0.0, 0.0) for measure, value in less.items()}
    beyond = [measure for measure, ends in drawn.items() if ends is not None and (ends[0] > 0 or ends[1] < 0)]
    return Difference(new=new, old=old, differences=less, intervals=drawn, beyond_chance=beyond)


def _verdict(figures: dict[str, Difference], decided_by: str | None, changed: bool, shared: bool) -> Verdict:
    if not shared or decided_by is None:
        return "nothing-shared"
    if not changed and all(one.new == one.old for one in figures.values()):
        return "same"
    deciding = figures[decided_by]
    if "f1" not in deciding.beyond_chance:
        return "no-difference"
    return "better" if (deciding.differences["f1"] or 0) > 0 else "worse"


def _compared(result: Result, filings: Sequence[FileResult]) -> Compared:
    numbers = sum(one.numbers for one in filings)
    found = [one.counts["findings"] for one in filings if "findings" in one.counts]
    return Compared(
        system=result.system,
        recognised=round(sum(one.claims for one in filings) / numbers, _DIGITS) if numbers else None,
        false_alarms=round(sum(one.reported - one.right for one in found) / len(found), _DIGITS) if found else None,
        cost=result.cost,
    )


def _order(item: Changed) -> tuple[int, str, str, str]:
    """Findings first, by rule and file."""
    change = item[1]
    return LAYERS.index(change.layer), change.key, change.file, change.name
