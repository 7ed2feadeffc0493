"""How alike two texts are, and the most alike of many, in time that grows with their number and not with its square."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from narrcheck.text import squeeze

_FIGURE = re.compile(r"\d[\d.,]*")
_LONGEST = 400
_COMMON = 32
_TRIED = 8
_NEAR = 2

Grams = frozenset[str]


def words(text: str) -> Grams:
    """The pairs of neighbouring characters of a text; every figure counts as one and the same character."""
    bare = _FIGURE.sub("#", squeeze(text[:_LONGEST]))
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1)) if len(bare) > 1 else frozenset([bare])


def figures(text: str) -> Grams:
    """The figures of a text."""
    return frozenset(_FIGURE.findall(squeeze(text[:_LONGEST])))


def alike(one: Grams, other: Grams) -> float:
    """The share of what two texts have that they have in common, from 0 to 1."""
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)


def held(part: Grams, whole: Grams) -> float:
    """The share of a text that another one holds, from 0 to 1."""
    return len(part & whole) / (len(part) or 1)


class Index:
    """Texts to be searched by the words they share with another."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(texts)
        self.words = tuple(map(words, self.texts))
        self._holders: dict[str, list[int]] = defaultdict(list)
        for at, grams in enumerate(self.words):
            for gram in grams:
                self._holders[gram].append(at)

    def near(self, grams: Grams, at: int) -> list[int]:
        """The places of a few texts that may be the most alike: those that share the rarest words, and those that stand
        where the text at place `at` stood."""
        shared: Counter[int] = Counter()
        for gram in sorted(grams):
            holders = self._holders.get(gram, ())
            if len(holders) <= _COMMON:
                shared.update(holders)
        found = dict.fromkeys(place for place, _ in shared.most_common(_TRIED))
        around = range(max(at - _NEAR, 0), min(at + _NEAR + 1, len(self.texts)))
        return [*found, *(place for place in around if place not in found)]


def pairs(olds: Sequence[str], news: Sequence[str], least: float) -> list[tuple[int, int]]:
    """Texts of both sides that belong together, the most alike first, each once; none that are less alike than `least`.

    Of two that are equally alike the one with the same figures comes first, then the one that stands earlier.
    """
    index = Index(news)
    numbers = tuple(map(figures, news))
    scored = []
    for at, text in enumerate(olds):
        grams, own = words(text), figures(text)
        for place in index.near(grams, at):
            score = alike(grams, index.words[place])
            if score >= least:
                scored.append((-score, -alike(own, numbers[place]), abs(at - place), at, place))
    left, right, found = set(range(len(olds))), set(range(len(news))), []
    for *_, at, place in sorted(scored):
        if at in left and place in right:
            left.discard(at)
            right.discard(place)
            found.append((at, place))
    return found
