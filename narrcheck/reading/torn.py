"""Labels of a ruled table that a page end tore: their two pieces become one again, and a label printed on the second
page stands in the row where its merged cell begins."""

from collections.abc import Sequence
from dataclasses import replace

from narrcheck.reading.document import PAGE_BREAK, Row
from narrcheck.reading.vocabulary import LONGEST, Headings, key


def whole_labels(rows: Sequence[Row], words: Headings) -> list[Row]:
    """The rows; rows of which nothing is left are gone. Two pieces are one label where only together they are known."""
    if not any(_crosses(rows, index) for index in range(len(rows))):
        return list(rows)
    out = list(rows)
    header = next((index for index, row in enumerate(out) if _heads(row, words)), len(out))
    tops: dict[int, int] = {}
    open_page = False
    for index, row in enumerate(out):
        repeated = sum(_known(cell, words) for cell in row.cells) >= 4
        open_page = _crosses(out, index) or (open_page and index > 0 and _heads(out[index - 1], words))
        for column, piece in row.filled:
            top = tops.get(column)
            if open_page and top is not None and row.place.table == out[top].place.table:
                whole = out[top].cells[column] + piece
                if _known(whole, words) and not (_known(piece, words) and _known(out[top].cells[column], words)):
                    out[top] = _with(out[top], column, whole)
                    out[index] = _with(out[index], column, "")
                    continue
            if open_page and not repeated and words.is_level(key(piece)):
                _lift(out, index, column, header)
            if not (open_page and repeated):
                tops[column] = index
    return [row for row in out if any(row.cells)]


def _lift(rows: list[Row], index: int, column: int, header: int) -> None:
    """Give the label to the last row above the page end, where that has a blank cell of its own in this column: a
    merged cell began there and its label was printed in the middle of it. `header` is where the table's columns are
    named; there are no labels above it."""
    table = rows[index].place.table
    above = index - 1
    while above > 0 and (rows[above].place.table is None or _page(rows[above]) == _page(rows[index])):
        above -= 1
    while above > 0 and column in rows[above].covered:
        above -= 1
    row = rows[above]
    if above <= header or row.gap == PAGE_BREAK:
        return  # what is blank from the page's top on belongs to the page before
    if row.place.table == table and len(row.filled) >= 2 and column < len(row.cells) and not row.cells[column]:
        rows[above] = _with(row, column, rows[index].cells[column])


def _page(row: Row) -> int | None:
    return row.place.page


def _crosses(rows: Sequence[Row], index: int) -> bool:
    row = rows[index]
    return index > 0 and row.place.table is not None and row.gap == PAGE_BREAK


def _heads(row: Row, words: Headings) -> bool:
    return sum(key(cell) in words.columns for cell in row.cells if len(cell) <= LONGEST) >= 4


def _known(cell: str, words: Headings) -> bool:
    if not cell or len(cell) > LONGEST:
        return False
    label = key(cell)
    known = (words.columns, words.funds_columns, words.texts, words.fields)
    return words.is_level(label) or any(label in names for names in known)


def _with(row: Row, column: int, text: str) -> Row:
    return replace(row, cells=(*row.cells[:column], text, *row.cells[column + 1 :]))
