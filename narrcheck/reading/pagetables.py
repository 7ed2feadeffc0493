"""Pages with rules and characters → rows: tables that go on over page ends, and the lines between them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from narrcheck.printed import PAGE_BREAK, Box, Place, Row
from narrcheck.reading.bands import banded
from narrcheck.reading.glyphs import Glyph, Line, lines, paragraphs
from narrcheck.reading.pdfpage import Drawing
from narrcheck.reading.ruled import Cells, Lattice, Rule, cluster, lattices
from narrcheck.text import squeeze

_SAME_EDGE = 6.0
_MARGIN = 0.12
_PAGE_NUMBER = re.compile(
    r"[-—–·~第\s]*(?:\d{1,4}|[ivx]{1,5})(?:[-—–·~页/\s共]|of|page)*\d{0,4}[-—–·~页\s]*", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_LINE_HEIGHT = 1.6
_LABEL = 4
_FLUSH = 1.0


@dataclass(slots=True)
class Part:
    """A table's part on one page."""

    lattice: Lattice
    glyphs: list[Glyph] = field(default_factory=list)
    table: int = 0


@dataclass(slots=True)
class Page:
    """A page taken apart: the parts of its tables and the lines outside of them, top to bottom. `columns` are those of
    a table with level rules only, as the page before shows them."""

    number: int
    drawing: Drawing
    parts: list[Part] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    columns: Sequence[float] = ()

    def __post_init__(self) -> None:
        drawing = self.drawing
        drawing.across = without_underlines(drawing.across, drawing.glyphs)
        found = lattices(drawing.across, drawing.down)
        if not found and (band := banded(drawing.across, drawing.glyphs, drawing.width, self.columns)):
            lattice, self.columns = band
            found = [lattice]
        self.parts = [Part(lattice) for lattice in found]
        free: list[Glyph] = []
        boxes = [(part.lattice.box, part.glyphs) for part in self.parts]
        for glyph in drawing.glyphs:
            next((glyphs for box, glyphs in boxes if _holds(box, glyph)), free).append(glyph)
        self.parts = [part for part in self.parts if part.glyphs]
        self.lines = lines(free)


def pages_to_rows(pages: Sequence[Page]) -> Iterator[Row]:
    """The rows of all pages in reading order."""
    repeated = _running_heads(pages)
    columns = _tables(pages, repeated)
    _drop(pages, repeated)
    line = paragraph = 0
    heights: dict[int, int] = {}
    for page in pages:
        opens = first = bool(line)
        for item in _in_order(page):
            if isinstance(item, Part):
                for row in _table_rows(item, columns[item.table], page.number, heights):
                    line += 1
                    place = replace(row.place, line=line)
                    yield replace(row, place=place, gap=PAGE_BREAK if first else 0)
                    opens = first = False
            else:
                line, paragraph = line + 1, paragraph + 1
                place = Place(line, page=page.number, paragraph=paragraph, boxes=(item.line.box,))
                yield Row((item.line.text,), place, PAGE_BREAK if opens else item.gap)
                opens = False


def without_underlines(across: Sequence[Rule], glyphs: Sequence[Glyph]) -> list[Rule]:
    """The level rules but those that are drawn under or through words: they begin and end with them."""
    rows: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        for step in range(int(glyph.top), int(glyph.bottom) + 3):
            rows.setdefault(step, []).append(glyph)

    def drawn(rule: Rule) -> bool:
        near = [glyph for glyph in rows.get(int(rule.at), ()) if glyph.top + 1 < rule.at]
        return any(abs(glyph.left - rule.start) < _FLUSH for glyph in near) and any(
            abs(glyph.right - rule.end) < _FLUSH for glyph in near
        )

    return [rule for rule in across if not drawn(rule)]


def _holds(box: Box, glyph: Glyph) -> bool:
    return box[0] <= glyph.center <= box[2] and box[1] <= glyph.middle <= box[3]


@dataclass(frozen=True, slots=True)
class _Spaced:
    """A line with the number of blank lines above it."""

    line: Line
    gap: int


def _in_order(page: Page) -> Iterator[Part | _Spaced]:
    """Tables and lines from top to bottom."""
    items: list[tuple[float, Part | Line]] = [(part.lattice.box[1], part) for part in page.parts]
    items += [(line.box[1], line) for line in page.lines]
    bottom: float | None = None
    for _, item in sorted(items, key=lambda pair: pair[0]):
        if isinstance(item, Part):
            bottom = item.lattice.box[3]
            yield item
        else:
            room = 0.0 if bottom is None else item.box[1] - bottom
            yield _Spaced(item, max(int(room / (_LINE_HEIGHT * item.size)), 0))
            bottom = item.box[3]


def _running_heads(pages: Sequence[Page]) -> set[int]:
    """The lines (by identity) that are page numbers or stand at the same margin of several pages."""
    seen: dict[tuple[bool, str], set[int]] = {}
    margins: list[tuple[Line, tuple[bool, str]]] = []
    for page in pages:
        height = page.drawing.height
        for line in page.lines:
            top = line.box[3] <= _MARGIN * height
            if top or line.box[1] >= (1 - _MARGIN) * height:
                key = (top, _DIGITS.sub("#", squeeze(line.text)))
                seen.setdefault(key, set()).add(page.number)
                margins.append((line, key))
    return {
        id(line)
        for line, key in margins
        if _PAGE_NUMBER.fullmatch(line.text.strip()) or (len(seen[key]) > 1 and len(seen[key]) * 2 >= len(pages))
    }


def _drop(pages: Sequence[Page], repeated: set[int]) -> None:
    """Leave the running heads out. Where a page opens a new table, what stands above may be its title."""
    known: set[int] = set()
    for page in pages:
        opens = bool(page.parts) and page.parts[0].table not in known
        known |= {part.table for part in page.parts}
        half = page.drawing.height / 2
        page.lines = [
            line
            for line in page.lines
            if id(line) not in repeated
            or (opens and line.box[3] < half and not _PAGE_NUMBER.fullmatch(line.text.strip()))
        ]


def _tables(pages: Sequence[Page], repeated: set[int]) -> dict[int, list[float]]:
    """Number the tables, one that goes on over a page end keeping its number; the column edges of each."""
    number = 0
    edges: dict[int, list[float]] = {}
    opening = ""
    last: Part | None = None
    for page in pages:
        lines_here = [line for line in page.lines if id(line) not in repeated]
        for index, part in enumerate(page.parts):
            first = not index and not any(line.box[3] < part.lattice.box[1] for line in lines_here)
            begins = _first_words(part)
            if not (first and last is not None and begins != opening and _goes_on(last.lattice, part.lattice)):
                number += 1
                opening = begins
            part.table = number
            edges.setdefault(number, []).extend(part.lattice.columns())
            last = part
        if page.parts:
            below = [line for line in lines_here if line.box[1] > page.parts[-1].lattice.box[3]]
            last = None if below else page.parts[-1]
        elif lines_here:
            last = None
    return {table: cluster(found) for table, found in edges.items()}


def _first_words(part: Part) -> str:
    """How a table's part begins: one that begins like the table before it is another form."""
    top = lines(part.glyphs)
    return squeeze(top[0].text)[:_LABEL] if top else ""


def _goes_on(above: Lattice, below: Lattice) -> bool:
    """Both parts are equally wide and stand one below the other."""
    return all(abs(above.box[side] - below.box[side]) <= _SAME_EDGE for side in (0, 2))


def _table_rows(part: Part, xs: Sequence[float], page: int, heights: dict[int, int]) -> Iterator[Row]:
    """The rows of a table's part that hold something. `heights` counts the rows of each table so far."""
    cells = Cells(part.lattice, xs)
    held: dict[int, list[Glyph]] = {}
    for glyph in part.glyphs:
        place = cells.at(glyph.center, glyph.middle)
        if place is not None:
            held.setdefault(place, []).append(glyph)
    boxes = cells.boxes()
    before = heights.get(part.table, 0)
    heights[part.table] = before + cells.height
    for row in range(cells.height):
        texts, places = [], []
        for column in range(cells.width):
            index = row * cells.width + column
            glyphs = held.get(index)
            box = boxes.get(index)
            texts.append(paragraphs(lines(glyphs), box[2] - box[0]) if glyphs and box else "")
            places.append(box)
        if any(texts):
            where = Place(page=page, table=part.table, row=before + row + 1, boxes=tuple(places))
            yield Row(tuple(texts), where, tabular=True, covered=cells.covered(row))
