"""Pages with rules and characters → rows: tables that go on over page ends, and the lines between them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from narrcheck.printed import PAGE_BREAK, Box, Place, Row
from narrcheck.reading.glyphs import Glyph, Line, lines, paragraphs
from narrcheck.reading.pdfpage import Drawing
from narrcheck.reading.ruled import Cells, Lattice, cluster, lattices
from narrcheck.text import squeeze

_SAME_EDGE = 6.0
_MARGIN = 0.12
_PAGE_NUMBER = re.compile(
    r"[-—–·~第\s]*(?:\d{1,4}|[ivx]{1,5})(?:[-—–·~页/\s共]|of|page)*\d{0,4}[-—–·~页\s]*", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_LINE_HEIGHT = 1.6


@dataclass(slots=True)
class Part:
    """A table's part on one page."""

    lattice: Lattice
    glyphs: list[Glyph] = field(default_factory=list)
    table: int = 0


@dataclass(slots=True)
class Page:
    """A page taken apart: the parts of its tables and the lines outside of them, top to bottom."""

    number: int
    drawing: Drawing
    parts: list[Part] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts = [Part(lattice) for lattice in lattices(self.drawing.across, self.drawing.down)]
        free: list[Glyph] = []
        for glyph in self.drawing.glyphs:
            part = next((part for part in self.parts if _holds(part.lattice.box, glyph)), None)
            (part.glyphs if part else free).append(glyph)
        self.parts = [part for part in self.parts if part.glyphs]
        self.lines = lines(free)


def pages_to_rows(pages: Sequence[Page]) -> Iterator[Row]:
    """The rows of all pages in reading order."""
    _drop_running_heads(pages)
    columns = _tables(pages)
    line = paragraph = 0
    heights: dict[int, int] = {}
    for page in pages:
        opens = bool(line)
        for item in _in_order(page):
            if isinstance(item, Part):
                for row in _table_rows(item, columns[item.table], page.number, heights):
                    line += 1
                    gap = PAGE_BREAK if opens else row.gap
                    yield _placed(row, line, gap)
                    opens = False
            else:
                line, paragraph = line + 1, paragraph + 1
                place = Place(line, page=page.number, paragraph=paragraph, boxes=(item.line.box,))
                yield Row((item.line.text,), place, PAGE_BREAK if opens else item.gap)
                opens = False


def _placed(row: Row, line: int, gap: int) -> Row:
    known = row.place
    place = Place(line, page=known.page, table=known.table, row=known.row, boxes=known.boxes)
    return Row(row.cells, place, gap, True)


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


def _drop_running_heads(pages: Sequence[Page]) -> None:
    """Leave out page numbers, and the lines that stand at the same margin of several pages."""
    seen: dict[tuple[bool, str], set[int]] = {}
    margins: list[tuple[Page, Line, tuple[bool, str]]] = []
    for page in pages:
        height = page.drawing.height
        for line in page.lines:
            top = line.box[3] <= _MARGIN * height
            if top or line.box[1] >= (1 - _MARGIN) * height:
                key = (top, _DIGITS.sub("#", squeeze(line.text)))
                seen.setdefault(key, set()).add(page.number)
                margins.append((page, line, key))
    for page, line, key in margins:
        numbered = _PAGE_NUMBER.fullmatch(line.text.strip()) is not None
        if numbered or (len(seen[key]) > 1 and len(seen[key]) * 2 >= len(pages)):
            page.lines.remove(line)


def _tables(pages: Sequence[Page]) -> dict[int, list[float]]:
    """Number the tables, one that goes on over a page end keeping its number; the column edges of each."""
    number = 0
    edges: dict[int, list[float]] = {}
    last: Part | None = None
    for page in pages:
        for index, part in enumerate(page.parts):
            first_on_page = not index and not any(line.box[3] < part.lattice.box[1] for line in page.lines)
            if not (first_on_page and last is not None and _goes_on(last.lattice, part.lattice)):
                number += 1
            part.table = number
            edges.setdefault(number, []).extend(part.lattice.columns())
            last = part
        if page.parts:
            below = [line for line in page.lines if line.box[1] > page.parts[-1].lattice.box[3]]
            last = None if below else page.parts[-1]
        elif page.lines:
            last = None
    return {table: cluster(found) for table, found in edges.items()}


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
            yield Row(tuple(texts), Place(page=page, table=part.table, row=before + row + 1, boxes=tuple(places)))
