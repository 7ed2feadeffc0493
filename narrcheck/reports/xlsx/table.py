"""Tables on sheets: heads that stay in sight, filters, widths, and rows that go on in a further sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from narrcheck.catalogue import message
from narrcheck.filing import Filing, Severity
from narrcheck.reports import wording
from narrcheck.reports.addresses import href
from narrcheck.reports.workbooks import LINK_LENGTH, LINKS, ROWS, address, cell_text, for_print, growing

_FILLS = {Severity.ERROR: "#F8D7DA", Severity.WARNING: "#FFF3CD", Severity.INFO: "#E3EDF7"}
_EDGE = {"border": 1, "border_color": "#B8BEC4"}
_WHOLE = {"text_wrap": True, "valign": "top", "font_size": 10, **_EDGE}
_MARGIN = 0.4
_LINE, _SPACE, _HIGHEST = 13.5, 3, 409
"""The height of a line of text and what a row has beside its lines, in points, and the most that a row can have."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: catalogue key xlsx.column.<key>, and its width in characters of half a Chinese one."""

    key: str
    width: int


@dataclass(frozen=True, slots=True)
class Linked:
    """A text that leads to a file; plain text where `target` is None."""

    text: str
    target: str | None


Value = str | int | Severity | Linked | None


class Book:
    """A workbook in one language, and how its cells look; `base` is the folder that links start from."""

    def __init__(self, made: Any, lang: str, base: Path | None) -> None:
        self.made, self.lang, self.base = made, lang, base
        self.title = made.add_format({"bold": True, "font_size": 14})
        self.line = made.add_format({"font_size": 10})
        self.head = made.add_format({**_WHOLE, "bold": True, "bg_color": "#DCE3EA", "valign": "vcenter"})
        self.text = made.add_format(_WHOLE)
        self.count = made.add_format({**_WHOLE, "text_wrap": False, "num_format": "0", "align": "center"})
        self.link = made.add_format({**_WHOLE, "font_color": "#0563C1", "underline": 1})
        self.severities = {item: made.add_format({**_WHOLE, "bg_color": fill}) for item, fill in _FILLS.items()}

    def say(self, key: str, **facts: object) -> str:
        """The sentence xlsx.<key>."""
        return message(f"xlsx.{key}", self.lang, **facts)

    def source(self, filing: Filing) -> Linked:
        """The file of a filing, which it leads to; of a member of a zip file, that file."""
        return Linked(wording.source(filing, self.lang), href(filing.source.path, self.base))


def _lines(value: Value, width: int) -> int:
    """How many lines a text takes in a column; Chinese characters are two columns wide, and lines break early."""
    text = value.text if isinstance(value, Linked) else value
    if not isinstance(text, str):
        return 1
    room = max(width - 1, 2)
    return sum(max(1, -(-cell_len(line) // room)) for line in text.split("\n"))


class Table:
    """A table that goes on in a further sheet where one is full. `above` stands over it on the first sheet; of its
    columns the first `printed` go on paper (None: all)."""

    def __init__(
        self,
        book: Book,
        name: str,
        columns: Sequence[Column],
        above: Sequence[str] = (),
        printed: int | None = None,
        rows: int = ROWS,
    ) -> None:
        self._book, self._name, self._columns = book, name, columns
        self._printed, self._rows = printed or len(columns), rows
        self._number = 0
        self._begin(above)

    def add(self, *values: Value) -> None:
        """Write a row, one value a column."""
        if self._next >= self._rows:
            self.close()
            self._begin(())
        for column, value in enumerate(values):
            self._write(self._next, column, value)
        lines = max(_lines(value, about.width) for value, about in zip(values, self._columns, strict=True))
        self._sheet.set_row(self._next, min(_LINE * lines + _SPACE, _HIGHEST))
        self._next += 1

    def close(self) -> None:
        """Set the filters and the part that is printed, over all rows of the sheet."""
        self._sheet.autofilter(self._head, 0, self._next - 1, len(self._columns) - 1)
        self._sheet.print_area(0, 0, self._next - 1, self._printed - 1)

    def _begin(self, above: Sequence[str]) -> None:
        book = self._book
        self._number += 1
        name = book.say(f"sheet.{self._name}")
        self._sheet = book.made.add_worksheet(name if self._number == 1 else f"{name} {self._number}")
        growing(self._sheet)
        self._links = 0
        for row, line in enumerate(above):
            self._sheet.write_string(row, 0, cell_text(line), book.line if row else book.title)
        self._head = len(above) + bool(above)
        self._next = self._head + 1
        for column, about in enumerate(self._columns):
            self._sheet.set_column(column, column, about.width)
            self._sheet.write_string(self._head, column, book.say(f"column.{about.key}"), book.head)
        for_print(self._sheet, self._head)
        self._sheet.set_margins(_MARGIN, _MARGIN, 2 * _MARGIN, 2 * _MARGIN)
        self._sheet.set_header("&L&A", {"scale_with_doc": False})
        self._sheet.set_footer("&C&P / &N", {"scale_with_doc": False})

    def _write(self, row: int, column: int, value: Value) -> None:
        """A text stays a text, whatever it begins with."""
        book, sheet = self._book, self._sheet
        if isinstance(value, Severity):
            name = message(f"severity.{value.label}", book.lang)
            sheet.write_string(row, column, name, book.severities[value])
        elif isinstance(value, int):
            sheet.write_number(row, column, value, book.count)
        elif isinstance(value, Linked):
            self._linked(row, column, value)
        elif value:
            sheet.write_string(row, column, cell_text(value), book.text)
        else:
            sheet.write_blank(row, column, None, book.text)

    def _linked(self, row: int, column: int, value: Linked) -> None:
        """A link; plain text where it is too long, or the sheet is full of them."""
        text = cell_text(value.text)
        if value.target is None or self._links >= LINKS or len(value.target) > LINK_LENGTH:
            self._sheet.write_string(row, column, text, self._book.text)
            return
        self._links += 1
        self._sheet.write_url(row, column, address(value.target, text), self._book.link)
