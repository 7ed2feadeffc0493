"""What every reader makes of its file: rows of cells in printed order, each knowing where it stands.

A reader of a format with real tables puts the text of a merged range into its first cell and leaves the others blank;
the form is understood from what the cells say and from their order, so nothing else of the layout is needed.
"""

from dataclasses import dataclass, field
from typing import Literal

from narrcheck.printed import PAGE_BREAK, Box, Note, Place, Row

__all__ = ["PAGE_BREAK", "Box", "Document", "Layout", "Note", "Place", "Row"]

Layout = Literal["tabular-text", "line-text", "markdown", "html-text", "sheet", "docx", "pdf", "html"]


@dataclass(frozen=True, slots=True)
class Document:
    """The rows of a file, or of one sheet of it. `layout` names how they were laid out, `notes` say what readers of
    the report should know about the reading (a hidden sheet, a scanned page)."""

    rows: tuple[Row, ...] = field(default=())
    layout: Layout = "tabular-text"
    notes: tuple[Note, ...] = ()
