"""A few hashes a narrative, and the pairs of narratives that share enough of them to be read side by side."""

import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from struct import pack, unpack

from narrcheck.rules.across.narratives import Narrative

_HASHES = 16
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


def sketch(narrative: str | None) -> bytes:
    """The smallest hashes of a narrative's three-character pieces, at most 64 bytes, the same on every machine.

    Numbers, punctuation and stock clauses are left out first; b"" for a text with too little besides.
    """
    text = Narrative(narrative or "")
    if not text.long_enough:
        return b""
    plain = "".join(part.plain for part in text.parts)
    pieces = {plain[i : i + _SHINGLE] for i in range(len(plain) - _SHINGLE + 1)}
    hashes = {zlib.crc32(piece.encode("utf-8", "surrogatepass")) * _SPREAD & 0xFFFFFFFF for piece in pieces}
    least = sorted(hashes)[:_HASHES]
    return pack(f">{len(least)}I", *least)


def candidates(sketches: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, int]]:
    """Pairs of keys (earlier, later) whose narratives are worth comparing, in one pass over the sketches in key order.

    Each narrative is paired with the most alike among the earlier ones, and with up to two more that are not like that
    one: n copies of a text give n - 1 pairs.
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

    def pairs(self, key: int, held: bytes) -> list[int]:
        """The earlier keys to compare with this one, which is then remembered."""
        same = self._first.setdefault(held, key)
        if same != key:
            return [same]
        hashes = _unpacked(held)
        own = frozenset(hashes)
        scored = ((_likeness(hashes, own, _unpacked(self._held[other])), other) for other in self._pool(hashes))
        ranked = sorted((-like, other) for like, other in scored if like >= _LIKE)
        found: list[int] = []
        for _, other in ranked:
            if len(found) < _PAIRS and not any(self._linked(other, known) for known in found):
                found.append(other)
        self._remember(key, held, hashes)
        return found

    def _linked(self, one: int, other: int) -> bool:
        """Whether two earlier narratives are like each other, so that a third need be compared with one only."""
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
