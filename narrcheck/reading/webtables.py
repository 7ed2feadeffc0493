"""What a web page shows, block by block, and its rows: tables with merged cells, tables that only lay the page out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from narrcheck.printed import PAGE_BREAK, Place, Row
from narrcheck.reading.errors import ReadError
from narrcheck.reading.plain import to_document

BREAK = "\x1e"
"""Stands for a line break inside a paragraph."""

_SPACE = " \t\r\n\f"
_SPACES = re.compile(f"[{_SPACE}]+")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\u2018\u2019\u201c\u201d\u2026\u2014"
_TORN = re.compile(rf"(?<=[{_WIDE}])[ \t]*+[\r\n][{_SPACE}]*+(?=[{_WIDE}])")
_MOST_COLUMNS = 200
_MOST_CELLS = 5_000_000
_FORM_ROWS = _FORM_COLUMNS = 4
_PAIRED_ROWS = 3


class Preformatted(str):
    """A text whose blanks and line ends count."""

    __slots__ = ()


@dataclass(slots=True)
class Flow:
    """Blocks one below the other: paragraphs ("" is a blank line), preformatted texts, tables.

    `pieces` is the paragraph under way, `preformatted` counts the <pre> around it.
    """

    items: "list[str | Table]" = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    preformatted: int = 0

    def add(self, text: str | None) -> None:
        """Go on with the paragraph. A line end of the source between two Chinese characters is nothing."""
        if not text or (not self.pieces and not self.preformatted and not text.strip(_SPACE)):
            return
        if not self.preformatted and "\n" in text:
            text = _TORN.sub("", text)
        self.pieces.append(text)

    def close(self) -> None:
        """End the paragraph. One of blanks alone, which are not white space of the source, is a blank line."""
        if not self.pieces:
            return
        text = "".join(self.pieces)
        self.pieces.clear()
        if self.preformatted:
            text = text.replace("\r\n", "\n").replace("\r", "\n").replace(BREAK, "\n")
            self.items.append(Preformatted(text.strip("\n")))
        else:
            self.items.append(_tidied(text))

    @property
    def tables(self) -> Iterator["Table"]:
        """The tables that stand right in it."""
        return (item for item in self.items if isinstance(item, Table))

    def text(self) -> str:
        """All of it as the text of a cell, but for the tables that are read on their own."""
        lines: list[str] = []
        for item in self.items:
            if not isinstance(item, Table):
                lines.append(item)
            elif not item.is_large:
                lines += item.lines()
        return "\n".join(lines).replace("\xa0", " ").strip()


@dataclass(slots=True)
class Cell:
    """A cell as written: the columns and rows it takes (0 rows: all down to the end of its section)."""

    columns: int
    rows: int
    flow: Flow = field(default_factory=Flow)

    @property
    def is_filled(self) -> bool:
        """It holds more than blank paragraphs."""
        return any(isinstance(item, Table) or not item.isspace() for item in self.flow.items if item)


class Table:
    """A table as written: its sections, the foot last, and what stands above it (its caption)."""

    def __init__(self) -> None:
        self.above = Flow()
        self.rows: list[list[Cell]] = []
        self.sections = [self.rows]
        self.foot: list[list[list[Cell]]] = []
        self.is_large = False
        """It, or a table in it, has the size of a form's table."""

    def section(self, tag: str) -> None:
        """Begin a section (thead, tbody, tfoot)."""
        self.rows = []
        (self.foot if tag == "tfoot" else self.sections).append(self.rows)

    def put(self, cell: Cell) -> None:
        """Append a cell to the row under way."""
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append(cell)

    def finish(self) -> None:
        """The table is complete."""
        self.sections += self.foot
        self.foot = []
        rows = [row for section in self.sections for row in section if row]
        wide = max((sum(max(cell.columns, 1) for cell in row) for row in rows), default=0) >= _FORM_COLUMNS
        inner = (table for row in rows for cell in row for table in cell.flow.tables)
        self.is_large = (wide and len(rows) >= _FORM_ROWS) or any(table.is_large for table in inner)

    def cells(self) -> Iterator[Cell]:
        """Its cells in the order they are written."""
        return (cell for section in self.sections for row in section for cell in row)

    def lines(self) -> list[str]:
        """Its rows as lines of text."""
        texts = ([cell.flow.text() for cell in row] for section in self.sections for row in section)
        lines = [self.above.text(), *(" ".join(filter(None, row)) for row in texts)]
        return [line for line in lines if line]

    @property
    def lays_out(self) -> bool:
        """It has no rows of its own to be read: a frame around a single cell, or around other tables."""
        cells = list(self.cells())
        if len(cells) <= 1:
            return True
        if not any(True for cell in cells for _ in cell.flow.tables):
            return False
        plain = ([c for c in row if c.is_filled and not any(c.flow.tables)] for rows in self.sections for row in rows)
        return sum(len(row) > 1 for row in plain) < _PAIRED_ROWS


class Rows:
    """Collects the rows of a page."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.rows: list[Row] = []
        self.gap = self.tables = self.paragraphs = self.cells = 0

    def add(self, flow: Flow) -> None:
        """All rows of the blocks, in order. ReadError: damaged (more cells than any page has)."""
        for item in flow.items:
            if isinstance(item, Table):
                self._table(item)
            elif isinstance(item, Preformatted) and "\t" in item:
                self._tabbed(item)
            else:
                self._paragraph(item)

    def _put(self, cells: tuple[str, ...], place: Place, tabular: bool) -> None:
        if any(cells):
            self.rows.append(Row(cells, place, min(self.gap, PAGE_BREAK - 1), tabular))
            self.gap = 0
        else:
            self.gap += 1

    @property
    def _line(self) -> int:
        return len(self.rows) + 1

    def _paragraph(self, text: str) -> None:
        lines = [line.strip() for line in text.replace("\xa0", " ").split("\n")]
        self.paragraphs += any(lines)
        for line in lines:
            self._put((line,), Place(self._line, paragraph=self.paragraphs), False)

    def _tabbed(self, text: str) -> None:
        for row in to_document(text.replace("\xa0", " ")).rows:
            self.paragraphs += 1
            self.gap += row.gap
            self._put(row.cells, Place(self._line, paragraph=self.paragraphs), row.tabular)

    def _table(self, table: Table) -> None:
        self.add(table.above)
        if table.lays_out:
            for cell in table.cells():
                self.add(cell.flow)
            return
        self.tables += 1
        number = self.tables
        grid = [row for section in table.sections for row in _placed(section)]
        width = max((cells[-1][0] + 1 for cells in grid if cells), default=0)
        self.cells += width * len(grid)
        if self.cells > _MOST_CELLS:
            raise ReadError("damaged", path=self.path)
        for index, cells in enumerate(grid, 1):
            inner = [table for _, cell in cells for table in cell.flow.tables if table.is_large]
            filled = [cell for _, cell in cells if cell.is_filled]
            if inner and len(filled) == 1:
                self.add(filled[0].flow)
                continue
            texts = [""] * width
            for column, cell in cells:
                texts[column] = cell.flow.text()
            self._put(tuple(texts), Place(self._line, table=number, row=index), True)
            for each in inner:
                self._table(each)


def _placed(section: list[list[Cell]]) -> Iterator[list[tuple[int, Cell]]]:
    """The rows of a section that have cells, each cell with its column (0-based) next to those that hang down."""
    hanging: dict[int, int] = {}
    for row in section:
        cells: list[tuple[int, Cell]] = []
        begun: dict[int, int] = {}
        column = 0
        for cell in row:
            while hanging.get(column):
                column += 1
            if column >= _MOST_COLUMNS:
                break
            cells.append((column, cell))
            end = min(column + max(cell.columns, 1), _MOST_COLUMNS)
            begun |= dict.fromkeys(range(column, end), cell.rows - 1 if cell.rows else len(section))
            column = end
        hanging = {place: left - 1 for place, left in hanging.items() if left > 1} | {
            place: left for place, left in begun.items() if left
        }
        if cells:
            yield cells


def _tidied(text: str) -> str:
    """The paragraph as a browser shows it: runs of blanks are one, none around line ends."""
    lines = _SPACES.sub(" ", text).split(BREAK)
    return "\n".join(line.strip(" ") for line in lines).strip()
