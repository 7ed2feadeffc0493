"""Workbooks of Excel 97 to 2003 and of WPS (xls, et), read like the newer ones."""

import io
from typing import Any

import xlrd

from narrcheck.reading.document import Document
from narrcheck.reading.errors import ReadError
from narrcheck.reading.limits import ReadingLimits
from narrcheck.reading.numberformat import code_of, shown
from narrcheck.reading.sheets import Merged, Sheet, clean, documents


def read(data: bytes, path: str, limits: ReadingLimits) -> tuple[Document, ...]:
    """The sheets that hold something. ReadError: damaged, password-protected."""
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO(), on_demand=False
        )
        return documents([_sheet(book, sheet) for sheet in book.sheets()])
    except xlrd.XLRDError as error:
        locked = "encrypted" in str(error)
        raise ReadError("password-protected" if locked else "damaged", path=path) from None
    except Exception:  # xlrd trusts the file: broken bytes come out as whatever error they lead to
        raise ReadError("damaged", path=path) from None


def _sheet(book: Any, printed: Any) -> Sheet:
    """The filled cells and the merged ranges of a sheet."""
    sheet = Sheet(printed.name, bool(printed.visibility))
    declared = {entry.format_key: entry.format_str for entry in book.format_list}
    codes = [code_of(style.format_key, declared) for style in book.xf_list]
    for row in range(printed.nrows):
        for column in range(printed.row_len(row)):
            cell = printed.cell(row, column)
            sheet.put(row + 1, column + 1, _text(cell, codes, bool(book.datemode)))
    sheet.hidden_rows.update(row + 1 for row, about in printed.rowinfo_map.items() if about.hidden)
    sheet.hidden_columns.update(column + 1 for column, about in printed.colinfo_map.items() if about.hidden)
    sheet.merged = [Merged(top + 1, left + 1, below, behind) for top, below, left, behind in printed.merged_cells]
    return sheet


def _text(cell: Any, codes: list[str], date1904: bool) -> str:
    """What the cell shows."""
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return clean(cell.value)
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return shown(cell.value, codes[cell.xf_index], date1904)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, ""))
    return ""
