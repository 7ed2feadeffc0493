"""Two evaluations of the same fixtures: differences with their intervals, and what was won and lost, item by item.

Differences are paired: in each resample the same fixtures are drawn on both sides, so that what is hard for both does
not blur what differs. Resampling tells nothing about chance where there is little to draw from: from fewer than FILINGS
fixtures, or fewer than CHANGED whose counts have changed (were each as likely to gain as to lose, so many would still
all go one way in 1 of 32 cases), nothing is called better, worse or beyond chance.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from narrcheck.evaluation import tails
from narrcheck.evaluation.changes import LAYERS, Change, Changed, changes
from narrcheck.evaluation.intervals import Group, Sums, grouped, interval, pooled, resamples
from narrcheck.evaluation.labels import ACROSS
from narrcheck.evaluation.result import MEASURES, Cost, Counts, Figure, FileResult, Measure, Result, System

Verdict = Literal["better", "worse", "no-difference", "same", "nothing-shared"]
TooFew = Literal["filings", "changed"]
Interval = tuple[float, float]
FILINGS, CHANGED = 10, 6
_DIGITS = 4
_DECIDING = ("findings", "findings.X", "links", "claims", "claims.modifier", "parse.cells")
_MEASURED_BY = {"reading": ("parse.cells", "parse.filings")}
_LAYER_OF = {"parse": "reading", "claims": "claims", "links": "links"}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Difference(_Model):
    """A layer's or rule's figures on both sides, over the filings that both have. `changed` is the number of fixtures
    whose counts differ. `differences` are new less old, None where a share is missing on a side; `intervals` hold 95 of
    100 resampled differences; `beyond_chance` names the measures whose interval excludes 0, where there is enough to
    tell by."""

    new: Figure
    old: Figure
    changed: int = 0
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
    excludes 0, same where no figure differs and nothing is won or lost, nothing-shared where no file or no layer is in
    both. `too_few` says why chance cannot be told from change: too few fixtures, or too few whose counts of
    `decided_by` have changed. `shared` counts files, `fixtures` the fixtures that these belong to. `relabelled` are
    changes due to other labels. Files are named as in the new evaluation, those of `only_old` as in the old one."""

    verdict: Verdict
    decided_by: str | None
    too_few: TooFew | None = None
    new: Compared
    old: Compared
    shared: int
    fixtures: int = 0
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
    partner = _partners(new.filings, old.filings)
    now = [new.filings[at] for at in partner]
    known = [old.filings[at] for at in partner.values()]
    before = [one.model_copy(update={"file": other.file}) for one, other in zip(known, now, strict=True)]
    layers, one_sided = _layers(now, before)
    groups = grouped(now), grouped(before)
    figures = _differences(*groups, layers)
    pairs = list(zip(now, before, strict=True))
    found: dict[str, list[Change]] = defaultdict(list)
    for side, change in sorted((item for pair in pairs for item in changes(*pair, layers)), key=_order):
        found[side].append(change)
    decided_by = next((key for key in (*_DECIDING, *figures) if key in figures), None)
    verdict = _verdict(figures, decided_by, any(found.values()), bool(layers))
    return Comparison(
        verdict=verdict,
        decided_by=decided_by,
        too_few=_too_few(figures[decided_by], len(groups[0])) if decided_by and verdict == "no-difference" else None,
        new=_compared(new, now),
        old=_compared(old, before),
        shared=len(now),
        fixtures=len(groups[0]),
        only_new=sorted(one.file for at, one in enumerate(new.filings) if at not in partner),
        only_old=sorted(one.file for at, one in enumerate(old.filings) if at not in partner.values()),
        no_longer_read=[one.file for one, other in pairs if one.error is not None and other.error is None],
        read_again=[one.file for one, other in pairs if one.error is None and other.error is not None],
        not_compared=one_sided,
        figures=figures,
        won=found["won"],
        lost=found["lost"],
        relabelled=found["relabelled"],
    )


def _partners(new: Sequence[FileResult], old: Sequence[FileResult]) -> dict[int, int]:
    """The positions of files on the old side by those of the same files on the new one, in the order of the new side.

    Files of one id are known by path, then by the longest common end of their paths, as folders may have been given
    otherwise.
    """
    partner: dict[int, int] = {}
    free: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, one in enumerate(old):
        free[one.id, one.file].append(at)
    for at, one in enumerate(new):
        if free[one.id, one.file]:
            partner[at] = free[one.id, one.file].pop(0)
    taken = set(partner.values())
    ones = [at for at in range(len(new)) if at not in partner]
    others = [at for at in range(len(old)) if at not in taken]
    found = tails.pair([_names(new[at]) for at in ones], [_names(old[at]) for at in others])
    partner |= {ones[at]: others[other] for at, other in found.pairs.items()}
    return dict(sorted(partner.items()))


def _names(one: FileResult) -> tuple[str, ...]:
    """The names along the path, the last with the id; with the folder too where the id is that of labels across
    filings, which all folders share."""
    names = tails.names(one.file)
    last = 2 if one.id == ACROSS else 1
    return (*names[:-last], "/".join((one.id, *names[-last:])))


def _layers(new: Sequence[FileResult], old: Sequence[FileResult]) -> tuple[list[str], list[str]]:
    """The layers that both sides have measured, and those that one side alone has."""
    both, one_sided = [], []
    for layer in LAYERS:
        measured = [any(_measures(one, layer) for one in side) for side in (new, old)]
        if all(measured):
            both.append(layer)
        elif any(measured):
            one_sided.append(layer)
    return both, one_sided


def _measures(one: FileResult, layer: str) -> bool:
    """Whether a layer of a file has been measured. Findings have been where the file was checked, though none is
    labelled and none reported."""
    if layer == "findings":
        return one.numbers > 0 or any(_layer_of(key) == layer for key in one.counts)
    return any(key in one.counts for key in _MEASURED_BY.get(layer, ("claims",)))


def _layer_of(key: str) -> str:
    if key == "claims.modifier":
        return "modifiers"
    return _LAYER_OF.get(key.partition(".")[0], "findings")


def _differences(new: Sequence[Group], old: Sequence[Group], layers: Sequence[str]) -> dict[str, Difference]:
    """The figures of both sides by key; counts that are the same in every fixture differ by exactly 0 in each draw."""
    keys = {key for group in (*new, *old) for key in group if _layer_of(key) in layers}
    none = Counts()
    pairs = list(zip(new, old, strict=True))
    changed = {key: sum(one.get(key, none) != other.get(key, none) for one, other in pairs) for key in keys}
    moved = {key for key, count in changed.items() if count}
    drawn = _drawn([_only(group, moved) for group in new], [_only(group, moved) for group in old], moved)
    now, before = pooled(new), pooled(old)
    return {
        key: _difference(_figure(now, key), _figure(before, key), drawn.get(key), changed[key], len(pairs))
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


def _difference(
    new: Figure, old: Figure, drawn: dict[Measure, Interval | None] | None, changed: int, fixtures: int
) -> Difference:
    less: dict[Measure, float | None] = {}
    for measure in MEASURES:
        value = _less(new, old, measure)
        less[measure] = None if value is None else round(value, _DIGITS)
    if drawn is None:
        drawn = {measure: None if value is None else (0.0, 0.0) for measure, value in less.items()}
    enough = fixtures >= FILINGS and changed >= CHANGED
    beyond = [measure for measure, ends in drawn.items() if enough and ends and (ends[0] > 0 or ends[1] < 0)]
    return Difference(new=new, old=old, changed=changed, differences=less, intervals=drawn, beyond_chance=beyond)


def _verdict(figures: dict[str, Difference], decided_by: str | None, moved: bool, measured: bool) -> Verdict:
    """The verdict; `measured` says whether a layer is in both, `moved` whether anything is listed as changed."""
    if not measured:
        return "nothing-shared"
    if decided_by is None or (not moved and all(one.new == one.old for one in figures.values())):
        return "same"
    if "f1" not in figures[decided_by].beyond_chance:
        return "no-difference"
    return "better" if (figures[decided_by].differences["f1"] or 0) > 0 else "worse"


def _too_few(deciding: Difference, fixtures: int) -> TooFew | None:
    if fixtures < FILINGS:
        return "filings"
    return "changed" if 0 < deciding.changed < CHANGED else None


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
