"""Text cut into words, by rjieba where it is installed and by jieba otherwise; loaded on first use.

jieba's own start-up reads its whole dictionary and keeps a copy in the folder for temporary files. Here the dictionary
is read in place, and only the entries whose first character occurs in the text: a tenth of the time, and nothing is
written or read outside the package. The words that come out are the same.
"""

import re
import warnings
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

# The sum of all frequencies in jieba's dictionary, which its route weights are relative to.
_TOTAL = 60101967

_LONGEST = 2000
_ENTRIES = re.compile(r"^(.)[^\n]*+(?:\n\1[^\n]*+)*+", re.MULTILINE)


@lru_cache(maxsize=32768)
def words(text: str) -> tuple[str, ...]:
    """The words of a short text (a name, a phrase) in order; joined they give the text again.

    Only the first 2,000 characters are cut: no name or phrase is longer, and the cache stays small.
    """
    return tuple(_cutter()(text[:_LONGEST]))


def straddles(text: str, pair: str) -> bool:
    """Whether every place of a pair of characters in a text lies across the border of two words.

    Such a pair (会议 in 大会|议程) only looks like a word. A word of one character makes no border.
    """
    cut = words(text)
    borders = set()
    at = 0
    for one, other in pairwise(cut):
        at += len(one)
        if len(one) > 1 and len(other) > 1:
            borders.add(at)
    places = [i for i in range(len(text) - 1) if text.startswith(pair, i)]
    return bool(places) and all(place + 1 in borders for place in places)


@lru_cache(maxsize=1)
def _cutter() -> Callable[[str], Iterable[str]]:
    try:
        import rjieba
    except ImportError:
        return _Jieba().cut
    cut: Callable[[str], Iterable[str]] = rjieba.cut
    return cut


class _Jieba:
    """jieba with a dictionary that is filled one first character at a time."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # jieba imports pkg_resources, which announces its end on standard error
            import jieba
        self._text = Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8")
        self._places: dict[str, list[tuple[int, int]]] = {}
        for match in _ENTRIES.finditer(self._text):
            self._places.setdefault(match[1], []).append(match.span())
        self._tokenizer: Any = jieba.Tokenizer()
        self._tokenizer.FREQ, self._tokenizer.total, self._tokenizer.initialized = {}, _TOTAL, True

    def cut(self, text: str) -> Iterable[str]:
        """The words of `text`, as jieba.cut gives them."""
        for first in set(text):
            for start, end in self._places.pop(first, ()):
                self._load(self._text[start:end])
        cut: Iterable[str] = self._tokenizer.cut(text)
        return cut

    def _load(self, entries: str) -> None:
        """Enters words with their frequencies, and their beginnings with 0, as jieba's word graph expects."""
        known: dict[str, int] = self._tokenizer.FREQ
        for line in entries.split("\n"):
            word, frequency = line.split(" ")[:2]
            known[word] = int(frequency)
            for end in range(1, len(word)):
                known.setdefault(word[:end], 0)
