"""Characters with their boxes → lines of text, as they are read."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from narrcheck.printed import Box

_SAME_LINE = 0.5
_SMALL = 0.8
_INSIDE = 0.4
_WIDE_GAP = 1.5
_WORD_GAP = 0.22
_SAME_GLYPH = 0.3
_PADDING = 5.4
_SAME_EDGE = 2.0


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box (see `Box`); `index` is its place among the page's characters."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    index: int = -1

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def center(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its box; `size` is the height of its characters."""

    text: str
    box: Box
    first: float
    size: float

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]


def plain(char: str) -> str:
    """The character itself where the font has put a look-alike in its place (the radicals ⾦, ⼈ for 金, 人)."""
    return unicodedata.normalize("NFKC", char) if "\u2e80" <= char <= "\u2fdf" else char


def lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """The lines that these characters make, top to bottom."""
    rows: list[list[Glyph]] = []
    middle = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.middle, glyph.left)):
        if rows and glyph.middle - middle <= _SAME_LINE * min(_height(glyph), _height(rows[-1][0])):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
        middle = glyph.middle if len(rows[-1]) == 1 else middle + (glyph.middle - middle) / len(rows[-1])
    rows = _with_raised(rows)
    found = [_line(row) for row in rows]
    return [line for line in found if line is not None]


def _with_raised(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    """The rows, with raised and lowered small characters given to the line they stand in."""
    whole: list[list[Glyph]] = []
    small: list[Glyph] = []
    usual = sorted(_height(glyph) for row in rows for glyph in row)
    least = _SMALL * usual[len(usual) // 2] if usual else 0.0
    for row in rows:
        if max(map(_height, row)) < least:
            small.extend(row)
        else:
            whole.append(row)
    for glyph in small:
        best = max(whole, key=lambda row: _shared(row[0], glyph), default=None)
        if best is not None and _shared(best[0], glyph) >= _INSIDE * _height(glyph):
            best.append(glyph)
        else:
            whole.append([glyph])
    return sorted(whole, key=lambda row: row[0].middle)


def _shared(first: Glyph, second: Glyph) -> float:
    return min(first.bottom, second.bottom) - max(first.top, second.top)


def paragraphs(found: Sequence[Line], room: float) -> str:
    """The text of a cell: a line that ends because it is full goes on in the next one, any other ends a paragraph.

    `room` is the width of the cell.
    """
    if not found:
        return ""
    left = min(line.box[0] for line in found)
    flush = sum(line.box[0] - left < _SAME_EDGE for line in found) * 2 >= len(found)
    # In text set flush left, a first line's indent counts as part of it.
    widths = [line.box[2] - left if flush else line.width for line in found]
    usable = max(*widths, room - 2 * _PADDING)
    text = found[0].text
    for number, line in enumerate(found[1:]):
        full = widths[number] + line.first > usable - 0.5 * line.size or _closes(line.text[0])
        text += joint(text[-1:], line.text[:1]) if full else "\n"
        text += line.text
    return text


def _closes(char: str) -> bool:
    """A mark that no paragraph begins with."""
    return unicodedata.category(char) in ("Pe", "Pf") or char in "，。、；：！？,;:!?"


def joint(before: str, after: str) -> str:
    """What stands between two pieces of one text: a blank between Latin words, nothing else."""
    return " " if before.isascii() and after.isascii() and before.isalpha() and after.isalpha() else ""


def _height(glyph: Glyph) -> float:
    return max(glyph.bottom - glyph.top, 1.0)


def _line(row: list[Glyph]) -> Line | None:
    row.sort(key=lambda glyph: glyph.left)
    kept: list[Glyph] = []
    for glyph in row:
        # Bold letters are sometimes drawn twice, a hair apart.
        if kept and kept[-1].char == glyph.char and glyph.left - kept[-1].left < _SAME_GLYPH * _width(glyph):
            continue
        kept.append(glyph)
    while kept and kept[0].char.isspace():
        kept.pop(0)
    while kept and kept[-1].char.isspace():
        kept.pop()
    if not kept:
        return None
    sizes = sorted(map(_height, kept))
    size = sizes[len(sizes) // 2]
    pieces = [kept[0].char]
    for before, glyph in pairwise(kept):
        pieces.append(_between(before, glyph, size))
        pieces.append(glyph.char)
    box = (kept[0].left, min(g.top for g in kept), max(g.right for g in kept), max(g.bottom for g in kept))
    return Line("".join(pieces), box, _first_width(kept), size)


def _width(glyph: Glyph) -> float:
    return max(glyph.right - glyph.left, 1.0)


def _between(before: Glyph, after: Glyph, size: float) -> str:
    """Blanks that stand on the page as room only."""
    gap = after.left - before.right
    if gap > _WIDE_GAP * size:
        return "  "
    latin = before.char.isascii() and after.char.isascii() and before.char.isalnum() and after.char.isalnum()
    return " " if latin and gap > _WORD_GAP * size else ""


def _first_width(kept: Sequence[Glyph]) -> float:
    """The width of what cannot be parted at the beginning of the line: a character, or a Latin word or number with the
    mark behind it."""
    last = 0
    if kept[0].char.isascii() and not kept[0].char.isspace():
        while last + 1 < len(kept) and kept[last + 1].char.isascii() and not kept[last + 1].char.isspace():
            last += 1
    while last + 1 < len(kept) and _closes(kept[last + 1].char):
        last += 1
    return kept[last].right - kept[0].left
