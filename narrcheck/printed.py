"""The form as it was printed: rows of cells with the places where they stand in their file."""

from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points (1/72 inch), counted from the upper left corner of the page as it is shown."""

PAGE_BREAK = 9
"""`gap` of a row that certainly opens a page."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands. What a format does not have stays None; every count begins at 1.

    `line` grows from row to row in every format; in a text it is the line itself. `row` counts inside the sheet or the
    table, `column` is the column of the row's first cell, `boxes` has one box a cell, `paragraph` counts the texts
    between tables.
    """

    line: int = 0
    sheet: str | None = None
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int = 1
    paragraph: int | None = None
    boxes: tuple[Box | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row. `cells` are cleaned of markup; a line without cell marks is a single cell, `tabular` False.

    `gap` counts the blank lines above it (PAGE_BREAK where it opens a page): tables are torn there. `covered` are the
    cells (0-based) that are the lower part of a merged one, where a page end may have torn the table.
    """

    cells: tuple[str, ...]
    place: Place
    gap: int = 0
    tabular: bool = False
    covered: frozenset[int] = frozenset()

    @property
    def filled(self) -> list[tuple[int, str]]:
        """The cells that hold something, with their column (0-based)."""
        return [(column, cell) for column, cell in enumerate(self.cells) if cell]


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader has to say about how it read: a catalogue key `note.…` and the one fact its sentence may hold."""

    key: str
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a quote stands in the file, for a person to find it: what the format has of line, sheet and cell, page and
    box, table with row and column, paragraph. Every count begins at 1."""

    line: int | None = None
    sheet: str | None = None
    cell: str | None = None
    page: int | None = None
    box: Box | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    paragraph: int | None = None


def spot(row: Row, column: int) -> Spot:
    """The spot of a row's cell (0-based position in `cells`)."""
    place = row.place
    if place.sheet is not None:
        return Spot(sheet=place.sheet, cell=f"{letters(place.column + column)}{place.row}")
    box = place.boxes[column] if column < len(place.boxes) else None
    if place.table is not None:
        return Spot(page=place.page, box=box, table=place.table, row=place.row, column=place.column + column)
    if place.page is not None or place.paragraph is not None:
        return Spot(page=place.page, box=box, paragraph=place.paragraph)
    return Spot(line=place.line)


def letters(column: int) -> str:
    """The letters of a sheet's column: 1 is A, 27 is AA."""
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
