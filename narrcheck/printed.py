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

    `gap` counts the blank lines above it (PAGE_BREAK where it opens a page): tables are torn there.
    """

    cells: tuple[str, ...]
    place: Place
    gap: int = 0
    tabular: bool = False

    @property
    def filled(self) -> list[tuple[int, str]]:
        """The cells that hold something, with their column (0-based)."""
        return [(column, cell) for column, cell in enumerate(self.cells) if cell]


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader has to say about how it read: a catalogue key `note.…` and the one fact its sentence may hold."""

    key: str
    fact: str = ""
