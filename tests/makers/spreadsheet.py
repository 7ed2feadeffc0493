"""A filing as a workbook: numbers kept as numbers, shown by their formats as they are printed."""

import re
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from makers.table import Cell, Layout, Table, table
from narrcheck.filing import Filing

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,13})(?:\.(\d{1,8}))?(%?)")
_RULED = Border(*(Side("thin") for _ in range(4)))
_MIDDLE = Alignment("center", "center", wrap_text=True)
_LEFT = Alignment("left", "center", wrap_text=True)


def to_xlsx(*filings: Filing, layout: Layout = "national") -> bytes:
    """One sheet a filing, and a sheet of instructions behind them."""
    book = Workbook()
    book.remove(book.active)
    for number, filing in enumerate(filings, 1):
        _fill(book.create_sheet("自评表" if len(filings) == 1 else f"自评表{number}"), table(filing, layout), layout)
    guide = book.create_sheet("填报说明")
    guide["A1"] = "一、本表由项目实施单位填写。"
    guide["A2"] = "二、金额保留两位小数。"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def number_format(text: str, layout: Layout) -> tuple[float | int, str] | None:
    """The number and the format that shows it as `text`; None where no format does."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    places, percent = len(found[1] or ""), found[2]
    value = Decimal(text.rstrip("%").replace(",", "")) / (100 if percent else 1)
    shown = ("#,##0" if "," in text else "0") + ("." + "0" * places if places else "") + percent
    plain = not percent and "," not in text
    if plain and str(value.normalize().quantize(1) if not places else value.normalize()) == text:
        shown = "General"
    elif plain and layout == "numbered" and places:
        shown += "_ "
    return (int(value) if value == value.to_integral_value() else float(value)), shown


def _fill(sheet: Worksheet, made: Table, layout: Layout) -> None:
    width = len(made.widths)
    for row, title in enumerate(made.titles, 1):
        sheet.cell(row, 1, title).alignment = _MIDDLE
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    sheet.cell(1, 1).font = Font("宋体", 18, bold=True)
    above = len(made.titles) + 1
    for row in range(above, above + made.height):
        for column in range(1, width + 1):
            sheet.cell(row, column).border = _RULED
    for cell in made.cells:
        _write(sheet, cell, cell.row + above, layout)
    if made.foot:
        sheet.cell(above + made.height, 1, made.foot)
    for column, share in enumerate(made.widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = share / 6
    sheet.print_title_rows = f"1:{len(made.titles)}"


def _write(sheet: Worksheet, cell: Cell, row: int, layout: Layout) -> None:
    own = sheet.cell(row, cell.column + 1)
    own.alignment = _MIDDLE if cell.sort != "text" else _LEFT
    number = number_format(cell.text, layout) if cell.sort == "number" else None
    if number:
        own.value, own.number_format = number
    elif cell.text:
        own.value = cell.text
        own.data_type = "s"
    if cell.rows > 1 or cell.columns > 1:
        sheet.merge_cells(
            start_row=row,
            start_column=own.column,
            end_row=row + cell.rows - 1,
            end_column=own.column + cell.columns - 1,
        )
