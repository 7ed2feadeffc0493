"""Sheets of a workbook that are written row by row, with the limits of the format: rows, links, lengths."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from narrcheck.audit.summary import links
from narrcheck.audit.summary.sections import Linked
from narrcheck.audit.summary.wording import say
from narrcheck.reports.workbooks import LINK_LENGTH, LINKS, ROWS, address, cell_text, for_print

Column = tuple[str, int]
"""A heading, and the width in characters of half a Chinese one."""
Value = str | int | float | Linked | None


class Formats:
    """How the cells of a workbook look; `base` is the folder that links start from."""

    def __init__(self, book: Any, lang: str, base: Path) -> None:
        self.book, self.lang, self.base = book, lang, base
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.money = book.add_format({"num_format": "#,##0.00", "valign": "top"})
        self.count = book.add_format({"valign": "top"})
        self.link = book.add_format({"font_color": "#0563C1", "underline": 1, "text_wrap": True, "valign": "top"})


class Writer:
    """Writes cells of one worksheet; rows from top to bottom."""

    def __init__(self, formats: Formats, sheet: Any) -> None:
        self._formats, self._sheet = formats, sheet
        self._links = 0

    def cell(self, row: int, column: int, value: Value, style: Any = None) -> None:
        """A text stays a text, whatever it begins with; a fraction is an amount of money or a score."""
        formats, sheet = self._formats, self._sheet
        if isinstance(value, Linked):
            self._linked(row, column, value)
        elif isinstance(value, str):
            sheet.write_string(row, column, cell_text(value), style or formats.text)
        elif value is not None:
            number = formats.money if isinstance(value, float) else formats.count
            sheet.write_number(row, column, value, style or number)

    def _linked(self, row: int, column: int, value: Linked) -> None:
        """A link; plain text where it is too long, or the sheet is full of them."""
        target, text = links.href(value.place, self._formats.base), cell_text(value.text)
        if self._links >= LINKS or len(target) > LINK_LENGTH:
            self._sheet.write_string(row, column, text, self._formats.text)
            return
        self._links += 1
        self._sheet.write_url(row, column, address(target, text), self._formats.link)


class Pages:
    """A table that goes on in a further sheet where one is full; heads stay in sight, with filters."""

    def __init__(self, formats: Formats, name: str, columns: Sequence[Column], rows: int = ROWS) -> None:
        self._formats, self._name, self._columns, self._rows = formats, name, columns, rows
        self._number = 0
        self._begin()

    def add(self, *values: Value) -> None:
        """Write a row."""
        if self._next >= self._rows:
            self.close()
            self._begin()
        for column, value in enumerate(values):
            self._writer.cell(self._next, column, value)
        self._next += 1

    def close(self) -> None:
        """Set the filters over all rows of the sheet."""
        self._sheet.autofilter(0, 0, self._next - 1, len(self._columns) - 1)

    def _begin(self) -> None:
        self._number += 1
        title = say(f"sheet.{self._name}", self._formats.lang)
        if self._number > 1:
            title = say("sheet.next", self._formats.lang, name=title, number=self._number)
        self._sheet = self._formats.book.add_worksheet(title)
        for_print(self._sheet)
        self._writer = Writer(self._formats, self._sheet)
        for column, (head, width) in enumerate(self._columns):
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(0, column, head, self._formats.head)
        self._next = 1
