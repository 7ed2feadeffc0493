"""Bootstrap intervals: how far a figure would swing with other filings of the same kind (Efron's percentile method).

Whole filings are drawn with replacement, not labels, because what is missed in one filing hangs together; files of one
filing in several formats are drawn as one. The draws are seeded, so that figures can be reproduced to the digit.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from random import Random

from narrcheck.evaluation.result import MEASURES, Counts, FileResult, Measure

Group = Mapping[str, Counts]
Sums = dict[str, Counts]
COUNT = 1000
_TAIL = 0.025
_DIGITS = 4


@lru_cache(maxsize=4)
def resamples(groups: int, count: int = COUNT, seed: int = 0) -> list[list[int]]:
    """How often each of so many groups is drawn, resample by resample."""
    random = Random(seed)
    drawn = []
    for _ in range(count):
        often = [0] * groups
        for _ in range(groups):
            often[random.randrange(groups)] += 1
        drawn.append(often)
    return drawn


def grouped(filings: Iterable[FileResult]) -> list[Group]:
    """The counts of each fixture, all its files together, in order of their ids."""
    found: dict[str, dict[str, Counts]] = {}
    for one in filings:
        sums = found.setdefault(one.group, {})
        for key, counts in one.counts.items():
            sums[key] = sums[key].plus(counts) if key in sums else counts
    return [found[id_] for id_ in sorted(found)]


def pooled(groups: Sequence[Group], often: Sequence[int] | None = None) -> Sums:
    """The counts over all groups by key, each as often as it was drawn."""
    sums: dict[str, list[int]] = {}
    for at, group in enumerate(groups):
        times = 1 if often is None else often[at]
        for key, counts in group.items() if times else ():
            total = sums.setdefault(key, [0, 0, 0, 0])
            total[0] += times * counts.labels
            total[1] += times * counts.found
            total[2] += times * counts.reported
            total[3] += times * counts.right
    return {
        key: Counts(labels=labels, found=found, reported=reported, right=right)
        for key, (labels, found, reported, right) in sums.items()
    }


def interval(values: Iterable[float | None]) -> tuple[float, float] | None:
    """The middle 95 % of the values that there are; None where more than half are missing."""
    values = list(values)
    known = sorted(value for value in values if value is not None)
    if 2 * len(known) < len(values) or not known:
        return None
    low, high = math.floor(_TAIL * len(known)), math.ceil((1 - _TAIL) * len(known)) - 1
    return round(known[low], _DIGITS), round(known[high], _DIGITS)


def intervals(groups: Sequence[Group]) -> dict[str, dict[Measure, tuple[float, float] | None]]:
    """The interval of each share of each key. A resample without anything to take a share of has none."""
    keys = sorted({key for group in groups for key in group})
    shares: dict[str, dict[Measure, list[float | None]]] = {key: {one: [] for one in MEASURES} for key in keys}
    nothing = Counts().figure()
    for often in resamples(len(groups)) if groups else ():
        sums = pooled(groups, often)
        for key, told in shares.items():
            figure = sums[key].figure() if key in sums else nothing
            for measure in MEASURES:
                told[measure].append(getattr(figure, measure))
    return {key: {measure: interval(values) for measure, values in told.items()} for key, told in shares.items()}


def mean_intervals(groups: Sequence[Group]) -> dict[str, dict[Measure, tuple[float, float] | None]]:
    """The interval of the mean of the fixtures' own shares, for each layer and group of rules (not for single rules,
    which few fixtures have)."""
    keys = sorted({key for group in groups for key in group if key[0].islower()})
    found: dict[str, dict[Measure, tuple[float, float] | None]] = {}
    for key in keys:
        figures = [(at, group[key].figure()) for at, group in enumerate(groups) if key in group]
        found[key] = {}
        for measure in MEASURES:
            own = [(at, share) for at, figure in figures if (share := getattr(figure, measure)) is not None]
            found[key][measure] = interval(_mean(own, often) for often in resamples(len(groups)))
    return found


def _mean(own: Sequence[tuple[int, float]], often: Sequence[int]) -> float | None:
    count = sum(often[at] for at, _ in own)
    return sum(often[at] * share for at, share in own) / count if count else None
