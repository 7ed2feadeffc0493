"""Rows of cells that a page end tore: halves of a row put together, and texts told apart that go on among the rows."""

import re
from collections.abc import Iterator, Sequence

from narrcheck.reading.align import Aligner
from narrcheck.reading.document import Row
from narrcheck.reading.vocabulary import Headings, key
from narrcheck.text import fold

_ITEM = re.compile(
    r"\((?P<a>\d{1,2}|[一二三四五六七八九十]{1,3})\)|(?P<b>\d{1,2})[、.](?!\d)|(?P<c>[一二三四五六七八九十]{1,2})[是、]"
)
_NUMERALS = {numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)}
_LONG = 40
_ENDS = tuple("。；;！？!?”")

Material = tuple[Row, bool]
"""A row and whether a repeated header stood right above it."""


def usual_gap(rows: Sequence[Material]) -> int:
    """The blank lines above most rows."""
    return sorted(row.gap for row, _ in rows)[len(rows) // 2] if rows else 0


def rejoined(rows: Sequence[Material], aligner: Aligner) -> Iterator[Material]:
    """The rows, with the two halves of one that a page end tore apart put together."""
    usual = usual_gap(rows)
    index = 0
    while index < len(rows):
        row, after_header = rows[index]
        if index + 1 < len(rows):
            below, header = rows[index + 1]
            if (header or below.gap > usual) and row.tabular and below.tabular:
                whole = _whole(row, below, aligner)
                if whole is not None:
                    row = whole
                    index += 1
        yield row, after_header
        index += 1


def _whole(above: Row, below: Row, aligner: Aligner) -> Row | None:
    """The row whose halves these two are; None where they are not."""
    if aligner.read(above.filled).numbered:
        return None
    torn_level = _torn_level(above, below, aligner.words)
    if not torn_level and not aligner.read(below.filled).numbered:
        return None
    last = above.filled[-1][0]
    for shift in (0, 1, -1):
        first = below.filled[0][0] + shift
        if first < 0 or not (first >= last or (torn_level and not shift)):
            continue
        merged = _merged(above, below, shift)
        reading = aligner.read(merged.filled)
        if not reading.numbered or "name" not in reading.cells or "target" not in reading.cells:
            continue
        if torn_level or (reading.sure and "actual" in reading.cells):
            return merged
    return None


def _torn_level(above: Row, below: Row, words: Headings) -> bool:
    """Some cell of the upper row becomes the name of a level with the cell below it."""
    return any(
        upper and lower and words.is_level(key(upper + lower)) and not words.is_level(key(upper))
        for upper, lower in zip(above.cells, below.cells, strict=False)
    )


def _merged(above: Row, below: Row, shift: int) -> Row:
    count = max(len(above.cells), len(below.cells) + shift)
    cells = [*above.cells, *[""] * (count - len(above.cells))]
    for place, cell in below.filled:
        cells[place + shift] += cell
    return Row(tuple(cells), above.place, above.gap, True)


def goes_on(piece: str, text: str, above: Sequence[str]) -> bool:
    """Whether the lone piece goes on in the free text rather than in a cell of the row above it: its number follows the
    text's last, or it is long and the text lacks its end while no cell above does."""
    opening = _ITEM.match(fold(piece[:8]).lstrip())
    if opening:
        number, style = _number(opening)
        before = [_number(found) for found in _ITEM.finditer(fold(text))]
        here = [value for value, kind in before if kind == style]
        row = [_number(found) for cell in above for found in _ITEM.finditer(fold(cell))]
        return bool(here) and here[-1] == number - 1 and (number - 1, style) not in row
    if len(piece) < _LONG or not text or text.rstrip().endswith(_ENDS):
        return False
    return all(len(cell) < _LONG // 2 or cell.rstrip().endswith(_ENDS) for cell in above)


def _number(found: re.Match[str]) -> tuple[int, str]:
    """The number of an item and how it is marked."""
    digits = found.group(found.lastgroup or 0)
    style = f"{found.lastgroup}{'d' if digits.isascii() else 'c'}"
    if digits.isascii():
        return int(digits), style
    if "十" not in digits:
        return _NUMERALS[digits[-1]], style
    tens, _, ones = digits.partition("十")
    return _NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0), style
