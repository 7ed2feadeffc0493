"""What every reader makes of its file: rows of cells in printed order, each knowing where it stands.

A reader of a format with real tables puts the text of a merged range into its first cell and leaves the others blank;
the form is understood from what the cells say and from their order, so nothing else of the layout is needed.
"""

from dataclasses import dataclass, field
from typing import Literal

PAGE_BREAK = 9
"""`gap` of a row that certainly opens a page."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: the line of a text (1-based)."""

    line: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row. `cells` are cleaned of markup; a line without cell marks is a single cell, `tabular` False.

    `gap` counts the blank lines above it (PAGE_BREAK after a form feed): tables are torn there.
    """

    cells: tuple[str, ...]
    place: Place
    gap: int = 0
    tabular: bool = False

    @property
    def filled(self) -> list[tuple[int, str]]:
        """The cells that hold something, with their column."""
        return [(column, cell) for column, cell in enumerate(self.cells) if cell]


@dataclass(frozen=True, slots=True)
class Document:
    """The rows of one file. `layout` names how they were laid out: tabular-text, line-text, markdown, html-text, …"""

    rows: tuple[Row, ...] = field(default=())
    layout: Literal["tabular-text", "line-text", "markdown", "html-text", "xlsx", "docx", "pdf", "html"] = (
        "tabular-text"
    )
