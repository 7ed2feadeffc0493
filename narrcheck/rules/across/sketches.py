"""A few hashes a narrative, and the pairs of narratives that share enough of them to be read side by side."""

import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from struct import pack, unpack

from narrcheck.rules.across.narratives import PASSAGE, Narrative

_HASHES = 16
_PASSAGES = 8  # hashes of neighbouring clauses, behind those
_TELLING = 14  # characters of two neighbouring clauses that are no mere turn of phrase
_SHARING, _SEVERAL = 12, 3  # narratives that share two clauses, beyond which it takes several such to tell something
_INDEXED = 8  # of a sketch's hashes, the smallest, by which earlier narratives are found
_SHINGLE = 3
_SPREAD = 0x9E3779B1
_CROWD = 24  # narratives remembered under one hash: a common turn of phrase needs no more
_POOL = 48
_LIKE, _LINKED = 0.45, 0.3
_PAIRS = 3
_FEWEST = 2
_BITS = 32
_END = 0xFFFFFFFF
_BYTES = 4 * _HASHES


def sketch(narrative: str | None) -> bytes:
    """The smallest hashes of a narrative's three-character pieces, and of its pairs of neighbouring clauses where it is
    long enough to hold a passage of another: at most 96 bytes, the same on every machine.

    Numbers, punctuation and stock clauses are left out first; b"" for a text with too little besides.
    """
    text = Narrative(narrative or "")
    if not text.long_enough:
        return b""
    plain = "".join(part.plain for part in text.parts)
    pieces = {plain[i : i + _SHINGLE] for i in range(len(plain) - _SHINGLE + 1)}
    least = sorted(map(_hash, pieces))[:_HASHES]
    if len(plain) >= PASSAGE and len(least) == _HASHES:
        clauses = [part.plain for part in text.parts]
        least += sorted({_hash(one + other) for one, other in pairwise(clauses) if len(one + other) >= _TELLING})[
            :_PASSAGES
        ]
    return pack(f">{len(least)}I", *least)


def _hash(piece: str) -> int:
    return zlib.crc32(piece.encode("utf-8", "surrogatepass")) * _SPREAD & _END


def candidates(sketches: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, int]]:
    """Pairs of keys (earlier, later) whose narratives are worth comparing, in one pass over the sketches in key order.

    Each narrative is paired with the most alike among the earlier ones, and with up to two more that are not like that
    one: n copies of a text give n - 1 pairs. The earlier one with which it shares most neighbouring clauses comes last.
    """
    seen = _Seen()
    for key, held in sketches:
        if held:
            yield from ((other, key) for other in seen.pairs(key, held))


class _Seen:
    """The sketches so far: by their smallest hashes."""

    def __init__(self) -> None:
        self._first: dict[bytes, int] = {}
        self._held: dict[int, bytes] = {}
        self._index: dict[int, tuple[int, ...]] = {}
        self._passages: dict[int, int] = {}
        self._shared: Counter[int] = Counter()

    def pairs(self, key: int, held: bytes) -> list[int]:
        """The earlier keys to compare with this one, which is then remembered."""
        same = self._first.setdefault(held, key)
        if same != key:
            return [same]
        hashes, passages = _unpacked(held[:_BYTES]), _unpacked(held[_BYTES:])
        own = frozenset(hashes)
        scored = ((_likeness(hashes, own, _unpacked(self._held[other])), other) for other in self._pool(hashes))
        ranked = sorted((-like, other) for like, other in scored if like >= _LIKE)
        found: list[int] = []
        for _, other in ranked:
            if len(found) < _PAIRS and not any(self._linked(other, known) for known in found):
                found.append(other)
        self._remember(key, held[:_BYTES], hashes)
        sharing = self._with_passage(key, passages)
        if sharing is None or sharing in found or any(self._linked(sharing, known) for known in found):
            return found
        return [*found, sharing]

    def _with_passage(self, key: int, passages: tuple[int, ...]) -> int | None:
        """The earlier key that first held most of a narrative's neighbouring clauses, which are then remembered.

        Clauses that many share tell something in number only.
        """
        held: Counter[int] = Counter()
        telling: Counter[int] = Counter()
        for number in passages:
            holder = self._passages.setdefault(number, key)
            if holder != key:
                self._shared[number] += 1
                held[holder] += 1
                telling[holder] += self._shared[number] <= _SHARING
        known = [holder for holder in held if telling[holder] or held[holder] >= _SEVERAL]
        return max(known, key=lambda holder: (held[holder], -holder), default=None)

    def _linked(self, one: int, other: int) -> bool:
        """Whether two earlier narratives are like each other, so that a third need be compared with one only."""
        if one not in self._held or other not in self._held:
            return False
        first, second = _unpacked(self._held[one]), _unpacked(self._held[other])
        return _likeness(first, frozenset(first), second) >= _LINKED

    def _pool(self, hashes: tuple[int, ...]) -> set[int]:
        """Earlier keys that share a hash or two neighbouring ones, those with the rarest first."""
        asked = (*hashes, *_joined(hashes, 1), *_joined(hashes, 2))
        lists = [found for number in asked if (found := self._index.get(number))]
        pool: set[int] = set()
        for found in sorted(lists, key=len):
            pool.update(found)
            if len(pool) >= _POOL:
                break
        return pool

    def _remember(self, key: int, held: bytes, hashes: tuple[int, ...]) -> None:
        """Enters a narrative under its smallest hashes; where one is crowded, under it and the next together."""
        entered = False
        joined = (*_joined(hashes, 1), hashes[-1])
        for places in zip(hashes[:_INDEXED], joined, strict=False):
            free = next((each for each in places if len(self._index.get(each, ())) < _CROWD), None)
            if free is not None:
                self._index[free] = (*self._index.get(free, ()), key)
                entered = True
        if entered:
            self._held[key] = held


def _joined(hashes: tuple[int, ...], step: int) -> list[int]:
    """Each hash and the one `step` further as one number."""
    return [one << _BITS | other for one, other in zip(hashes, hashes[step:], strict=False)]


def _unpacked(held: bytes) -> tuple[int, ...]:
    return unpack(f">{len(held) // 4}I", held)


def _likeness(hashes: tuple[int, ...], own: frozenset[int], other: tuple[int, ...]) -> float:
    """How much of the shorter text stands in the longer, by the hashes up to where both sketches reach; a little less
    the fewer they are."""
    common = len(own.intersection(other))
    if common < _FEWEST:
        return 0.0
    reach = min(held[-1] if len(held) == _HASHES else _END for held in (hashes, other))
    return common / (min(bisect_right(hashes, reach), bisect_right(other, reach)) + 1)
