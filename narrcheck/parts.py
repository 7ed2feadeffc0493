"""Parts of the offline checker that can be left out, to measure what each is worth.

    with without("synonyms"):
        checked = check_filing(filing, settings)

synonyms: words that name the same thing count as one.
rarity: a word of few rows weighs more than one of many or a common noun of these forms.
constraints: in reading, what weights, scores, totals and rates say about each other settles which cell is which.
agreement: that the table has a claim's number speaks for a row; without it words and units alone decide links.
exclusivity: a row is answered once, and the only row and the only claim of a unit belong together.
sums: figures that add up to another one explain a difference.
borders: a pair of characters across the border of two words is no shared word.

All are on unless left out, and are again where the context ends. A context holds for its own thread and for what
asyncio starts in it; the helper process that reads files other than texts is told, a batch's workers are not.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Literal, TypeVar, get_args

Part = Literal["synonyms", "rarity", "constraints", "agreement", "exclusivity", "sums", "borders"]
PARTS: frozenset[Part] = frozenset(get_args(Part))

T = TypeVar("T")
_OFF: ContextVar[frozenset[Part]] = ContextVar("parts left out", default=frozenset())


def on(part: Part) -> bool:
    """Whether the part takes part here and now. To be asked once a filing or text, not for every pair of words."""
    return part not in _OFF.get()


def left_out() -> frozenset[Part]:
    """The parts that are left out here and now."""
    return _OFF.get()


@contextmanager
def without(*parts: Part) -> Iterator[None]:
    """Leave parts out, beside those that a context around this one leaves out. ValueError: no such part."""
    unknown = set(parts) - PARTS
    if unknown:
        raise ValueError(f"no such part: {', '.join(sorted(unknown))}; parts are {', '.join(sorted(PARTS))}")
    before = _OFF.set(_OFF.get() | set(parts))
    try:
        yield
    finally:
        _OFF.reset(before)


def cached(part: Part, maxsize: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """lru_cache for a function of a text whose answer depends on a part: an answer without the part is not kept."""

    def decorate(function: Callable[[str], T]) -> Callable[[str], T]:
        known = lru_cache(maxsize)(function)

        @wraps(function)
        def look(text: str) -> T:
            return function(text) if part in _OFF.get() else known(text)

        return look

    return decorate
