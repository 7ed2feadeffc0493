"""Text as it is compared: white space removed and width folded, every character knowing its place in the original.

Published forms break sentences anywhere and mix full and half width. All reading of meaning happens on the `flat` text;
every quote that leaves the program is cut from `raw`, so it stays verbatim.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD[0x3000] = 0x20
_FOLD[0x00A0] = 0x20
_FOLD[0x2236] = ord(":")
_FOLD[0x2264] = ord("≤")
_FOLD[0x2266] = ord("≤")
_FOLD[0x2267] = ord("≥")
_FOLD[0x2A7E] = ord("≥")
_FOLD[0x2A7D] = ord("≤")
# Marks without a width of their own: they hide inside copied text and separate nothing.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_BLANK = re.compile(rf"[\s{_INVISIBLE}]+")
# Letters and 第 before make the first number a code or an ordinal of its own: Q1 200, 第5 120.
_GROUP_BEFORE = re.compile(r"(?<![\d.,A-Za-z第])\d{1,3}$")
_GROUP_AFTER = re.compile(r"\d{3}(?!\d)")
_WORD = frozenset("0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def fold(text: str) -> str:
    """The text with full-width ASCII made half width, character for character, so that offsets stay."""
    return text if text.isascii() else text.translate(_FOLD)


def _separates(text: str, start: int, end: int) -> bool:
    """Whether the blank text[start:end] parts two words or numbers: not an invisible mark, nor 1 000's own blank."""
    if start == 0 or end == len(text) or text[start - 1] not in _WORD or text[end] not in _WORD:
        return False
    if not any(map(str.isspace, text[start:end])):
        return False
    return not (_GROUP_BEFORE.search(text, max(start - 4, 0), start) and _GROUP_AFTER.match(text, end))


class Text:
    """One field of a form: `raw` as printed, `flat` as compared.

    White space between two ASCII words or two numbers is kept as one blank, because there it separates; elsewhere in
    Chinese text, and between groups of three digits, it carries nothing and is dropped, as invisible marks are.
    """

    __slots__ = ("_places", "flat", "raw")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        folded = fold(raw)
        if not _BLANK.search(folded):
            self.flat = folded
            self._places: Sequence[int] | None = None
            return
        pieces: list[str] = []
        places: list[int] = []
        position = 0
        for gap in _BLANK.finditer(folded):
            start, end = gap.span()
            pieces.append(folded[position:start])
            places.extend(range(position, start))
            if _separates(folded, start, end):
                pieces.append(" ")
                places.append(start)
            position = end
        pieces.append(folded[position:])
        places.extend(range(position, len(folded)))
        self.flat = "".join(pieces)
        self._places = places

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in `raw` of flat[start:end]."""
        if self._places is None:
            return start, end
        if end <= start:
            at = self._places[start] if start < len(self._places) else len(self.raw)
            return at, at
        return self._places[start], self._places[end - 1] + 1

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """The place in `flat` of raw[start:end]: the inverse of `span`."""
        if self._places is None:
            return start, end
        return bisect_left(self._places, start), bisect_left(self._places, end)

    def quote(self, start: int, end: int) -> str:
        """The verbatim words behind flat[start:end]."""
        first, last = self.span(start, end)
        return self.raw[first:last]


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """The text without white space and invisible marks, width folded: how two spellings of one thing compare."""
    return _BLANK.sub("", fold(text))


_CLAUSE_ENDS = frozenset("，。；！？,;!?\n")


def clause(text: str, start: int, end: int, before: int = 60, after: int = 30) -> tuple[int, int]:
    """Where the clause around text[start:end] begins and ends; it reaches at most `before` and `after` characters."""
    first, last = start, end
    while first > 0 and start - first < before and text[first - 1] not in _CLAUSE_ENDS:
        first -= 1
    while last < len(text) and last - end < after and text[last] not in _CLAUSE_ENDS:
        last += 1
    return first, last


_BRACKET = re.compile(r"[(（][^()（）]*+[)）]")


def clause_words(text: str, start: int, end: int) -> str:
    """The clause around text[start:end], without the brackets in it that do not hold that place."""
    first, last = clause(text, start, end)
    before, after = _BRACKET.sub("", text[first:start]), _BRACKET.sub("", text[end:last])
    return before + text[start:end] + after


def clauses(text: str) -> list[str]:
    """The clauses of a text, in order."""
    parts, start = [], 0
    for at, character in enumerate(text):
        if character in _CLAUSE_ENDS:
            if at > start:
                parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]] if start < len(text) else parts
