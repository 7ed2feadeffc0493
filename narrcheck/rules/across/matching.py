"""Which row of a self-evaluation answers which row of the target table, and whether two targets are the same."""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from narrcheck.data import load
from narrcheck.filing import Indicator, Target
from narrcheck.quantity.units import comparable, conflicting, in_base
from narrcheck.rules.across.names import any_of, kind_of, loose_name, row_name
from narrcheck.text import squeeze

_RENAMED, _ALMOST = 50, 84  # percent of likeness of two names: with the same target, and with another
_HEAD = 3
_MARKS = re.compile(r"[^\w%≥≤<>=.+-]+")
_SIDES = {"≥": "least", ">": "least", "≤": "most", "<": "most", "=": "equal"}
_SEVERAL = re.compile(r"[、;；,，\n/]")
_LAST_DAY = re.compile(r"(?<!\d)0?([1-9]|1[0-2])月(末|底|\d{1,2}日)")
_BEFORE = re.compile(r"(?:之前|以前|前)(?:完成)?")
_YEAR = re.compile(r"20\d{2}(?:年(?=[\d年])|(?=年))")
_LEAP = 2024
_PEOPLE = "person"
_ZEROS = re.compile(r"(?<=\d)\.0+(?!\d)")


@dataclass(frozen=True, slots=True)
class Matching:
    """Rows of the target table whose target the self-evaluation changed (with its own row), and those it lacks."""

    changed: tuple[tuple[Indicator, Indicator], ...]
    missing: tuple[Indicator, ...]


def match_rows(table: Sequence[Indicator], own: Sequence[Indicator]) -> Matching:
    """The rows of both forms paired: by name, by name with synonyms, then by likeness of name and the same target."""
    elsewhere = load("across.toml")["targets"]["elsewhere"]
    named = [row for row in table if row.name.strip() and row.target.raw.strip()]
    left = [row for row in named if row_name(row.name) not in elsewhere or any(row.name == at.name for at in own)]
    free = [row for row in own if row.name.strip()]
    pairs: list[tuple[Indicator, Indicator]] = []
    for name_of in (row_name, loose_name):
        left, free = _by_name(left, free, name_of, pairs)
    left, free = _by_likeness(left, free, pairs)
    missing = [row for row in left if not _written_in(row, own)]
    changed = [(row, answer) for row, answer in pairs if answer.target.raw.strip() and differs(row, answer)]
    changed.sort(key=lambda pair: pair[0].position)
    return Matching(tuple(changed), tuple(missing))


def _by_name(
    left: Sequence[Indicator],
    free: Sequence[Indicator],
    name_of: Callable[[str], str],
    pairs: list[tuple[Indicator, Indicator]],
) -> tuple[list[Indicator], list[Indicator]]:
    """Pairs rows of one name, those with the same target first; what is left of both sides."""
    named: dict[str, list[Indicator]] = defaultdict(list)
    for row in free:
        named[name_of(row.name)].append(row)
    unpaired: list[Indicator] = []
    for same in (True, False):
        unpaired, waiting = [], left
        for row in waiting:
            answers = named.get(name_of(row.name), [])
            answer = next((own for own in answers if not same or not differs(row, own)), None)
            if answer is None:
                unpaired.append(row)
            else:
                answers.remove(answer)
                pairs.append((row, answer))
        left = unpaired
    return unpaired, [row for row in free if any(row is own for own in named[name_of(row.name)])]


def _by_likeness(
    left: Sequence[Indicator], free: list[Indicator], pairs: list[tuple[Indicator, Indicator]]
) -> tuple[list[Indicator], list[Indicator]]:
    """Pairs a row with the likest of the free rows, if it has the same target or nearly the same name."""
    from rapidfuzz import fuzz

    missing = []
    for row in left:
        scored = [(fuzz.ratio(row_name(row.name), row_name(own.name)), -at) for at, own in enumerate(free)]
        ranked = sorted(scored, reverse=True)
        renamed = (-at for score, at in ranked if score >= _RENAMED or _same_head(row, free[-at]))
        answer = next((at for at in renamed if not differs(row, free[at])), None)
        if answer is None and ranked and ranked[0][0] >= _ALMOST:
            answer = -ranked[0][1] if _may_answer(row, free[-ranked[0][1]]) else None
        if answer is None:
            answer = _alone_with_its_target(row, free)
        if answer is None:
            missing.append(row)
        else:
            pairs.append((row, free.pop(answer)))
    return missing, free


def _same_head(row: Indicator, own: Indicator) -> bool:
    """Whether two names end alike (观众满意度, 读者满意度)."""
    return row_name(row.name)[-_HEAD:] == row_name(own.name)[-_HEAD:]


def _may_answer(row: Indicator, own: Indicator) -> bool:
    return not (row.target.unit and own.target.unit and conflicting(row.target.unit, own.target.unit))


def _alone_with_its_target(row: Indicator, free: Sequence[Indicator]) -> int | None:
    """The one free row under the same heading with the same number, unit and no shorter one: a row renamed wholly."""
    if row.target.value is None or row.target.value < 10 or row.target.unit in (None, "%"):
        return None
    same = [at for at, own in enumerate(free) if not differs(row, own) and _same_heading(row, own)]
    return same[0] if len(same) == 1 else None


def _same_heading(row: Indicator, own: Indicator) -> bool:
    return not row.level2 or not own.level2 or squeeze(row.level2) == squeeze(own.level2)


def _written_in(row: Indicator, own: Iterable[Indicator]) -> bool:
    """Whether a row's name stands inside a cell of the other form that joins several rows in one."""
    name = row_name(row.name)
    joined = [cell for other in own for cell in (other.name, other.target.raw) if _SEVERAL.search(cell)]
    return any(name in row_name(cell) for cell in joined)


def nearest(row: Indicator, own: Sequence[Indicator]) -> Indicator:
    """The row of the other form whose name is likest."""
    from rapidfuzz import fuzz

    named = [other for other in own if other.name]
    return max(named, key=lambda other: (fuzz.ratio(row_name(row.name), row_name(other.name)), -other.position))


def differs(row: Indicator, own: Indicator) -> bool:
    """Whether two targets are not the same: another value, bound or unit, or other words."""
    one, other = row.target, own.target
    if one.value is None or other.value is None:
        return not _same_words(_in_words(one.raw), _in_words(other.raw))
    sides = {_side(one), _side(other)} - {None}
    if len(sides) > 1:
        return True
    unit, own_unit = one.unit or other.unit or "", other.unit or one.unit or ""
    if not comparable(unit, own_unit):
        apart = conflicting(unit, own_unit) or _people_and_things(unit, own_unit)
        return apart or (one.value, one.upper) != (other.value, other.upper)
    return _bounds(one, unit) != _bounds(other, own_unit)


def _side(target: Target) -> str | None:
    """Which way a target is open; None for a bare number, which forms print for any of them."""
    return None if target.comparator is None else _SIDES[target.comparator]


def _bounds(target: Target, unit: str) -> tuple[object, object]:
    assert target.value is not None
    return in_base(target.value, unit), None if target.upper is None else in_base(target.upper, unit)


def _people_and_things(unit: str, own_unit: str) -> bool:
    """Whether one unit counts people and the other what is certainly none (件, 场)."""
    things = load("across.toml")["targets"]["things"]
    return any(
        kind_of(people) == _PEOPLE and squeeze(other) in things
        for people, other in ((unit, own_unit), (own_unit, unit))
    )


@lru_cache(maxsize=4096)
def _in_words(raw: str) -> str:
    """A target in words as compared: without punctuation, emphasis and the zeros that a form adds; the last day of a
    month is its end."""
    plain = _MARKS.sub("", squeeze(raw))
    plain = _LAST_DAY.sub(_month_end, _BEFORE.sub("前", plain)).replace("12月底", "年底").replace("年末", "年底")
    return _ZEROS.sub("", _fillers().sub("", plain)) or plain


def _month_end(date: re.Match[str]) -> str:
    month, day = int(date[1]), date[2]
    last = {"末", "底", f"{monthrange(_LEAP, month)[1]}日", f"{monthrange(_LEAP + 1, month)[1]}日"}
    return f"{month}月底" if day in last else date[0]


def _same_words(one: str, other: str) -> bool:
    """Whether two targets in words are the same; a year that only one of them names adds nothing."""
    years = [bool(_YEAR.search(each)) for each in (one, other)]
    return one == other or (years[0] != years[1] and _YEAR.sub("", one) == _YEAR.sub("", other))


@lru_cache(maxsize=1)
def _fillers() -> re.Pattern[str]:
    return any_of(load("across.toml")["targets"]["fillers"])


def less_is_better(row: Indicator) -> bool:
    """Whether the row measures what should be small, so that a lower "=" target asks more."""
    return any(
        word in f"{row.level2 or ''}{row.level1 or ''}{row.name}" for word in load("across.toml")["targets"]["less"]
    )
