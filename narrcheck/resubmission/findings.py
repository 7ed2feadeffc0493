"""Which finding of today is which finding of the earlier report: each belongs to one other at most."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from narrcheck.filing import Checked, Decided, Evidence, Finding, Waiver
from narrcheck.resubmission.likeness import Grams, alike, pairs, words
from narrcheck.resubmission.rows import Key, Rows, key_of_new
from narrcheck.rules.engine import PRECEDENCE
from narrcheck.text import squeeze

_ALIKE = 0.6
_TRIED = 32

_ONCE = {"total", "grade"}
"""The fields that are one cell of the form."""

Piece = tuple[Key, str]
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding of either report, with the waiver or decision that set it aside. `pieces` are its evidence by place
    and words, `rows` the indicator rows and cells of the funds table among its places, `words` what its quotes say."""

    finding: Finding
    pieces: tuple[Piece, ...]
    rows: frozenset[tuple[str, int]]
    text: str
    words: Grams
    aside: Waiver | Decided | None = None

    @property
    def placed(self) -> bool:
        """Whether the places say which finding it is: rows do, and the cells that a form has once."""
        return bool(self.rows) or {field for (field, *_), _ in self.pieces} <= _ONCE

    @property
    def same(self) -> tuple[str, tuple[Piece, ...]]:
        """What two findings have in common that say the same."""
        return self.finding.rule, tuple(sorted(self.pieces))


def entries(checked: Checked, rows: Rows | None = None) -> list[Entry]:
    """The findings of a filing; with `rows`, those of the earlier report, placed as the rows stand today."""
    place = key_of_new if rows is None else rows.key_of_old
    every: list[tuple[Finding, Waiver | Decided | None]] = [
        *((finding, None) for finding in checked.findings),
        *checked.waived,
        *checked.dismissed,
    ]
    return [_entry(finding, aside, place) for finding, aside in every]


def _entry(finding: Finding, aside: Waiver | Decided | None, place: Callable[[Evidence], Key]) -> Entry:
    pieces = tuple((place(piece), squeeze(piece.quote)) for piece in finding.evidence)
    rows = frozenset((column + kind, at) for (_, column, kind, at), _ in pieces if kind != "=")
    text = " ".join(quote for _, quote in pieces)
    return Entry(finding, pieces, rows, text, words(text), aside)


@dataclass(slots=True)
class Pairing:
    """`now` maps earlier findings to those of today, both by their place in the lists; `within` those that are reported
    as a part of another one today."""

    olds: Sequence[Entry]
    news: Sequence[Entry]
    now: dict[int, int] = field(default_factory=dict)
    within: dict[int, int] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def join(self, old: int, new: int) -> None:
        self.now[old] = new
        self.taken.add(new)

    @property
    def left(self) -> list[int]:
        """The earlier findings that have no equal yet."""
        return [at for at in range(len(self.olds)) if at not in self.now]

    @property
    def free(self) -> list[int]:
        """The findings of today that have no equal yet."""
        return [at for at in range(len(self.news)) if at not in self.taken]


def paired(olds: Sequence[Entry], news: Sequence[Entry]) -> Pairing:
    """The findings that belong together: by id, by what they say, by their places, by a row they share, and those that
    settling precedence has made findings of another rule."""
    pairing = Pairing(olds, news)
    _by_key(pairing, lambda entry: entry.finding.id)
    _by_key(pairing, lambda entry: entry.same)
    _by_places(pairing)
    _by_row(pairing)
    _by_precedence(pairing)
    return pairing


def _by_key(pairing: Pairing, key: Callable[[Entry], Hashable]) -> None:
    """Pair those with equal keys in their order."""
    free = _buckets(pairing.free, lambda at: key(pairing.news[at]))
    for at in pairing.left:
        places = free.get(key(pairing.olds[at]))
        if places:
            pairing.join(at, places.pop(0))


def _by_places(pairing: Pairing) -> None:
    """Pair findings of one rule about the same places. Where these are no rows, both must say something alike."""
    free = _buckets(pairing.free, lambda at: _subject(pairing.news[at]))
    for subject, olds in _buckets(pairing.left, lambda at: _subject(pairing.olds[at])).items():
        news = free.get(subject, [])
        texts = [pairing.olds[at].text for at in olds], [pairing.news[at].text for at in news]
        by_row = pairing.olds[olds[0]].placed
        for one, other in pairs(*texts, 0.0 if by_row else _ALIKE):
            pairing.join(olds[one], news[other])
        if by_row:
            rest = [at for at in news if at not in pairing.taken]
            for at, place in zip((at for at in olds if at not in pairing.now), rest, strict=False):
                pairing.join(at, place)


def _subject(entry: Entry) -> tuple[str, tuple[Key, ...]]:
    """Rule and places; of a finding about texts alone only the rule, as its evidence may have moved between them."""
    return entry.finding.rule, tuple(sorted({place for place, _ in entry.pieces})) if entry.placed else ()


def _by_row(pairing: Pairing) -> None:
    """Pair findings of one rule that share a row, those that share most first."""
    holders: dict[tuple[str, tuple[str, int]], list[int]] = defaultdict(list)
    for at in pairing.free:
        for row in pairing.news[at].rows:
            holders[pairing.news[at].finding.rule, row].append(at)
    scored = []
    for at in pairing.left:
        old = pairing.olds[at]
        near = {place for row in old.rows for place in holders.get((old.finding.rule, row), ())[:_TRIED]}
        for place in near:
            new = pairing.news[place]
            shared = len(old.rows & new.rows) / len(old.rows | new.rows)
            scored.append((-shared, -alike(old.words, new.words), at, place))
    for _, _, at, place in sorted(scored):
        if at not in pairing.now and place not in pairing.taken:
            pairing.join(at, place)


def _by_precedence(pairing: Pairing) -> None:
    """Find the earlier findings that are told by another rule today, which took their evidence up, or left it."""
    for first, second in PRECEDENCE:
        for old_rule, new_rule in ((second, first), (first, second)):
            _told_by(pairing, old_rule, new_rule)


def _told_by(pairing: Pairing, old_rule: str, new_rule: str) -> None:
    olds = [at for at in pairing.left if pairing.olds[at].finding.rule == old_rule]
    if not olds:
        return
    holders: dict[Piece, list[int]] = defaultdict(list)
    for place, new in enumerate(pairing.news):
        if new.finding.rule == new_rule:
            for piece in new.pieces:
                holders[piece].append(place)
    for at in olds:
        own = set(pairing.olds[at].pieces)
        near = list(dict.fromkeys(place for piece in own for place in holders.get(piece, ())[:_TRIED]))
        found = [place for place in near if _holds(own, set(pairing.news[place].pieces))]
        free = [place for place in found if place not in pairing.taken]
        if free:
            pairing.join(at, free[0])
        elif found:
            pairing.within[at] = found[0]


def _holds(one: set[Piece], other: set[Piece]) -> bool:
    return one <= other or other <= one


def _buckets(items: Iterable[int], key: Callable[[int], K]) -> dict[K, list[int]]:
    found: dict[K, list[int]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return found
