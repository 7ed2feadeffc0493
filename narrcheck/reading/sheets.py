"""What spreadsheets share whatever their format: from filled cells and merged ranges to documents."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from narrcheck.printed import PAGE_BREAK, Note, Place, Row, letters
from narrcheck.reading.document import Document

MOST_COLUMNS = 200
"""Columns further right are not read."""

NO_VALUE = "\0"
"""Stands in a cell that has a formula and no stored value; no text of a cell can hold it."""

_MOST_NAMED = 30
_SEPARATOR = "、"


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range: its first and last row and column, 1-based."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """A sheet with something in it: by row number (1-based) the texts from column A on."""

    name: str
    hidden: bool = False
    rows: dict[int, list[str]] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def put(self, row: int, column: int, text: str) -> None:
        """Set the text of a cell, 1-based."""
        if not text or column > MOST_COLUMNS:
            return
        cells = self.rows.setdefault(row, [])
        if column > len(cells):
            cells.extend([""] * (column - len(cells)))
        cells[column - 1] = text


def clean(text: str) -> str:
    """A cell's text as a reader hands it on: one kind of line break, no blanks around it."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace(NO_VALUE, "").strip()


def documents(sheets: Iterable[Sheet]) -> tuple[Document, ...]:
    """One document for each sheet that holds something: the visible ones first, then the hidden ones."""
    made: list[tuple[Sheet, tuple[Row, ...], tuple[Note, ...]]] = []
    for sheet in sheets:
        _clear_merged(sheet)
        notes = (*_without_value(sheet), *_hidden_parts(sheet))
        if rows := _rows(sheet):
            made.append((sheet, rows, notes))
    hidden = _SEPARATOR.join(sheet.name for sheet, _, _ in made if sheet.hidden)
    beside = (Note("note.hidden-sheets-beside", hidden),) if hidden else ()
    made.sort(key=lambda each: each[0].hidden)
    return tuple(
        Document(rows, "sheet", (*((Note("note.hidden-sheet", sheet.name),) if sheet.hidden else beside), *notes))
        for sheet, rows, notes in made
    )


def _clear_merged(sheet: Sheet) -> None:
    """Blank the cells a merged range hides: all of it but its first."""
    numbers = sorted(sheet.rows)
    left = MOST_COLUMNS * len(numbers)
    for area in sheet.merged:
        start, end = bisect_left(numbers, area.top), bisect_right(numbers, area.bottom)
        left -= max(end - start, 0)
        if left < 0:
            return  # ranges that overlap this much are no ranges
        for number in numbers[start:end]:
            cells = sheet.rows[number]
            first = area.left if number == area.top else area.left - 1
            last = min(area.right, len(cells))
            cells[first:last] = [""] * max(last - first, 0)


def _without_value(sheet: Sheet) -> tuple[Note, ...]:
    """Blank the formulas without a value, and say which they were."""
    found: list[str] = []
    for number in sorted(sheet.rows):
        cells = sheet.rows[number]
        if NO_VALUE in cells:
            found += [f"{sheet.name}!{letters(at)}{number}" for at, text in enumerate(cells, 1) if text == NO_VALUE]
            sheet.rows[number] = ["" if text == NO_VALUE else text for text in cells]
    if not found:
        return ()
    more = "…" if len(found) > _MOST_NAMED else ""
    return (Note("note.formula-without-value", _SEPARATOR.join(found[:_MOST_NAMED]) + more),)


def _hidden_parts(sheet: Sheet) -> tuple[Note, ...]:
    """The hidden rows and columns that hold something: they are read, and named."""
    rows = [str(number) for number in sorted(sheet.hidden_rows & set(sheet.rows)) if any(sheet.rows[number])]
    filled = {at for cells in sheet.rows.values() for at in sheet.hidden_columns if at <= len(cells) and cells[at - 1]}
    found = [*rows, *map(letters, sorted(filled))]
    if not found:
        return ()
    more = "…" if len(found) > _MOST_NAMED else ""
    return (Note("note.hidden-rows", f"{sheet.name}!{_SEPARATOR.join(found[:_MOST_NAMED])}{more}"),)


def _rows(sheet: Sheet) -> tuple[Row, ...]:
    """The rows that hold something, all as wide as the sheet is filled."""
    filled = [(number, cells) for number, cells in sorted(sheet.rows.items()) if any(cells)]
    width = max((_width(cells) for _, cells in filled), default=0)
    rows: list[Row] = []
    above = 0
    for line, (number, cells) in enumerate(filled, 1):
        texts = (*cells[:width], *[""] * (width - len(cells)))
        gap = min(number - above - 1, PAGE_BREAK - 1)
        rows.append(Row(texts, Place(line, sheet.name, row=number), gap, True))
        above = number
    return tuple(rows)


def _width(cells: list[str]) -> int:
    return next(column for column in range(len(cells), 0, -1) if cells[column - 1])
