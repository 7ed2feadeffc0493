"""Which filing of the new report is which filing of the earlier one: each belongs to one other at most."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import PurePath

from narrcheck.filing import Filing
from narrcheck.resubmission.likeness import alike, held, words
from narrcheck.text import squeeze

_ALIKE = 0.6
_HALF = 0.5
_MOST = 10_000

Key = Callable[[Filing], Hashable]


def paired(olds: Sequence[Filing], news: Sequence[Filing]) -> dict[int, int]:
    """The place of the earlier filing, by that of the new one: filings of one kind with the same project and year; then
    with the same project, the same file, a file of the same name; then one that is left over on either side, or of
    several those of one unit that have most of their rows in common."""
    found: dict[int, int] = {}
    for key in (_project_and_year, _project, _file, _name):
        for finer in (lambda filing: filing.source.path, lambda _: None):
            _join(olds, news, found, key, finer)
    left, free = _left(olds, found.values()), _left(news, found)
    if len(left) == 1 and len(free) == 1:
        old, new = olds[left[0]], news[free[0]]
        if old.form == new.form and (len(olds) == len(news) == 1 or _looks_like(old, new)):
            found[free[0]] = left[0]
    elif len(left) * len(free) <= _MOST:
        _join_by_rows(olds, news, left, free, found)
    return found


def _join_by_rows(
    olds: Sequence[Filing], news: Sequence[Filing], left: list[int], free: list[int], found: dict[int, int]
) -> None:
    """Pair filings whose projects differ and that are of one unit and alike in their rows, the most alike first."""
    then, today = {at: _rows(olds[at]) for at in left}, {place: _rows(news[place]) for place in free}
    shares = sorted(
        (-alike(then[at], today[place]), at, place)
        for at in left
        for place in free
        if _unit(olds[at]) == _unit(news[place]) != (olds[at].form, "")
    )
    used: set[int] = set()
    for share, at, place in shares:
        if -share > _HALF and place not in found and at not in used:
            found[place] = at
            used.add(at)


def _unit(filing: Filing) -> tuple[str, str]:
    return filing.form, squeeze(filing.unit or "")


def _rows(filing: Filing) -> frozenset[str]:
    return frozenset(squeeze(row.name) for row in filing.indicators)


def _join(olds: Sequence[Filing], news: Sequence[Filing], found: dict[int, int], key: Key, finer: Key) -> None:
    """Pair those that have equal keys and are not paired yet, in their order."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for at in reversed(_left(olds, found.values())):
        if (told := key(olds[at])) is not None:
            waiting[olds[at].form, told, finer(olds[at])].append(at)
    for at in _left(news, found):
        places = waiting.get((news[at].form, key(news[at]), finer(news[at])))
        if places:
            found[at] = places.pop()


def _left(filings: Sequence[Filing], used: Iterable[int]) -> list[int]:
    taken = set(used)
    return [at for at in range(len(filings)) if at not in taken]


def _project_and_year(filing: Filing) -> Hashable:
    return (squeeze(filing.project), filing.year) if filing.project else None


def _project(filing: Filing) -> Hashable:
    return squeeze(filing.project) if filing.project else None


def _file(filing: Filing) -> Hashable:
    return filing.source.path, filing.source.index


def _name(filing: Filing) -> Hashable:
    return PurePath(filing.source.path.replace("\\", "/")).name, filing.source.index


def _looks_like(old: Filing, new: Filing) -> bool:
    """Whether two filings with different projects may be one whose project was corrected."""
    if alike(words(old.project or ""), words(new.project or "")) >= _ALIKE:
        return True
    rows = _rows(old)
    return bool(rows) and held(rows, _rows(new)) > _HALF
