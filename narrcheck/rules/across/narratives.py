"""A narrative as it is compared with another: clause by clause, without numbers, names of its own and stock clauses."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from narrcheck.data import load
from narrcheck.filing import Filing
from narrcheck.rules.across.names import any_of
from narrcheck.text import squeeze

SHORTEST = 30  # characters of a narrative, white space aside
_ALIKE, _ALIKE_MATTER = 82, 78  # percent: the wording as a whole, and what it says beside stock words
_CLAUSE, _CLAUSE_MATTER = 80, 70
_COVERED = 0.85
_MATTER, _MATTER_INSIDE = 8, 16  # characters beside stock words, of a whole text and of a text inside another
_LONGEST = 20000
PASSAGE = 90  # characters of a passage in two texts that is a copy, marks and numbers aside: about 100 as printed
_PLACES = 4
_CLAUSES = re.compile(r"[^，。；！？,;!?\n]+")
_NUMBER = re.compile(r"\d[\d.,]*")
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A clause: its place in the narrative, its words without numbers, and what of them is no stock word."""

    start: int
    end: int
    plain: str
    matter: str


class Narrative:
    """A narrative taken apart; `parts` are the clauses that say something of their own."""

    def __init__(self, raw: str, own: Sequence[str] = ()) -> None:
        self.raw = raw
        self._size = len(squeeze(raw)) if raw else 0
        names = [squeeze(name) for name in own if name]
        self.parts: tuple[Part, ...] = ()
        if self._size >= SHORTEST:
            found = (_part(raw, match.start(), match.end(), names) for match in _CLAUSES.finditer(raw[:_LONGEST]))
            self.parts = tuple(part for part in found if part.matter)

    @property
    def plain(self) -> str:
        return "".join(part.plain for part in self.parts)

    @property
    def matter(self) -> str:
        return "".join(part.matter for part in self.parts)

    @property
    def long_enough(self) -> bool:
        """Whether there is enough to tell a copy from a turn of phrase."""
        return self._size >= SHORTEST and sum(len(part.matter) for part in self.parts) >= _MATTER


@lru_cache(maxsize=1)
def _stock() -> re.Pattern[str]:
    return any_of(load("across.toml")["stock"]["words"])


def _part(raw: str, start: int, end: int, own: Sequence[str]) -> Part:
    plain = squeeze(raw[start:end])
    for name in own:
        plain = plain.replace(name, "")
    plain = _MARKS.sub("", _NUMBER.sub("", plain))
    matter = _stock().sub("", plain)
    return Part(start, end, plain, matter if len(matter) * 5 > len(plain) else "")


def of_filings(first: Filing, second: Filing) -> tuple[Narrative, Narrative]:
    """The narratives of two filings, in which their units, departments and projects are no words."""
    own = {name or "" for filing in (first, second) for name in (filing.unit, filing.department, filing.project)}
    names = sorted(own - {""}, key=lambda name: (-len(name), name))
    return Narrative(first.narrative or "", names), Narrative(second.narrative or "", names)


Span = tuple[int, int]


def shared(one: Narrative, other: Narrative) -> tuple[Span, Span] | None:
    """Where the passage stands that two narratives share: the whole where they are near-duplicates, the clauses of the
    shorter that the longer holds, or a long passage in both; None where they share too little."""
    from rapidfuzz import fuzz

    if not (one.long_enough and other.long_enough):
        return None
    alike = fuzz.ratio(one.plain, other.plain, score_cutoff=_ALIKE)
    if alike and fuzz.ratio(one.matter, other.matter, score_cutoff=_ALIKE_MATTER):
        return _whole(one), _whole(other)
    if len(one.plain) <= len(other.plain):
        found = _inside(one, other)
    elif turned := _inside(other, one):
        found = turned[1], turned[0]
    else:
        found = None
    return found or _passage(one, other)


def _whole(text: Narrative) -> Span:
    stripped = text.raw.strip()
    start = text.raw.find(stripped)
    return start, start + len(stripped)


def _inside(short: Narrative, long: Narrative) -> tuple[Span, Span] | None:
    """The clauses of the shorter text found in the longer, in any order; None unless nearly all of it is found."""
    from rapidfuzz import fuzz, process

    choices = [part.plain for part in long.parts]
    matched: list[tuple[Part, Part]] = []
    for part in short.parts:
        best = process.extractOne(part.plain, choices, scorer=fuzz.ratio, score_cutoff=_CLAUSE)
        if best and fuzz.ratio(part.matter, long.parts[best[2]].matter, score_cutoff=_CLAUSE_MATTER):
            matched.append((part, long.parts[best[2]]))
    total = sum(len(part.plain) for part in short.parts)
    if sum(len(part.plain) for part, _ in matched) < total * _COVERED:
        return None
    if sum(len(part.matter) for part, _ in matched) < _MATTER_INSIDE:
        return None
    here, there = [part for part, _ in matched], [part for _, part in matched]
    return _around(here), _around(there)


def _around(parts: Sequence[Part]) -> Span:
    return min(part.start for part in parts), max(part.end for part in parts)


def _passage(one: Narrative, other: Narrative) -> tuple[Span, Span] | None:
    """The longest run of clauses that stands in both texts, in the same order and nearly word for word; None unless it
    is long. It starts from clauses that are the same."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, part in enumerate(other.parts):
        places[part.plain].append(at)
    best: tuple[int, int, int, int] = (0, 0, 0, 0)
    reached: set[tuple[int, int]] = set()
    for here, part in enumerate(one.parts):
        for there in places.get(part.plain, ())[:_PLACES]:
            if (here, there) not in reached:
                count = _run(one.parts[here:], other.parts[there:])
                reached.update((here + step, there + step) for step in range(count))
                best = max(best, (_length(one.parts[here : here + count]), -here, -there, count))
    length, here, there, count = best[0], -best[1], -best[2], best[3]
    run, twin = one.parts[here : here + count], other.parts[there : there + count]
    if length < PASSAGE or sum(len(part.matter) for part in run) * 2 < length:
        return None
    return _around(run), _around(twin)


def _run(here: Sequence[Part], there: Sequence[Part]) -> int:
    """How many clauses of two texts are alike from their beginnings on."""
    from rapidfuzz import fuzz

    count = 0
    for one, other in zip(here, there, strict=False):
        if fuzz.ratio(one.plain, other.plain) < _CLAUSE:
            break
        count += 1
    return count


def _length(parts: Sequence[Part]) -> int:
    return sum(len(part.plain) for part in parts)
