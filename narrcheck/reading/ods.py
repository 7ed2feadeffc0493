"""Spreadsheets of LibreOffice and WPS in the open format (ods): the texts its cells show."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from narrcheck.reading.document import Document
from narrcheck.reading.errors import ReadError
from narrcheck.reading.limits import ReadingLimits
from narrcheck.reading.markup import parse_xml
from narrcheck.reading.numberformat import GENERAL, shown
from narrcheck.reading.package import Package
from narrcheck.reading.sheets import MOST_COLUMNS, NO_VALUE, Sheet, clean, documents

if TYPE_CHECKING:
    from lxml.etree import _Element

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT, _STYLE = (f"{{{_ODF}{name}:1.0}}" for name in ("office", "table", "text", "style"))
_MANIFEST = "META-INF/manifest.xml"
_MOST_ROWS = 1 << 20
_MOST_REPEATED = 10_000
"""Rows of a sheet that hold something and only repeat the row above them; more are not read."""

_MOST_BLANKS = 100
_SPACE = re.compile(r"[ \t\r\n]++")

_GROUPS = frozenset(_TABLE + name for name in ("table-row-group", "table-rows", "table-header-rows"))
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_BREAKS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_FORMATS = {"percentage": "0.00%", "float": GENERAL, "currency": "#,##0.00"}


def read(data: bytes, path: str, limits: ReadingLimits) -> tuple[Document, ...]:
    """The sheets that hold something. ReadError: damaged, password-protected, unsafe-xml, unpacks-too-large, …"""
    package = Package(data, path, limits)
    package.check_declared()
    if _MANIFEST in package.names and b"encryption-data" in package.read(_MANIFEST):
        raise ReadError("password-protected", path=path)
    root = parse_xml(package.read("content.xml"), path)
    hidden = _hidden_styles(root)
    return documents(_sheet(table, hidden) for table in root.iterfind(f".//{_OFFICE}spreadsheet/{_TABLE}table"))


def _hidden_styles(root: "_Element") -> set[str]:
    """The names of the table styles that hide their sheet."""
    return {
        style.get(f"{_STYLE}name", "")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iterchildren(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }


def _sheet(table: "_Element", hidden: set[str]) -> Sheet:
    sheet = Sheet(table.get(f"{_TABLE}name", ""), table.get(f"{_TABLE}style-name", "") in hidden)
    number, spare = 1, _MOST_REPEATED
    for row in _rows(table):
        cells = _cells(row)
        times = _count(row, f"{_TABLE}number-rows-repeated")
        printed = min(times, spare + 1) if cells else 0
        for step in range(printed):
            for column, text in cells:
                sheet.put(number + step, column, text)
        spare -= max(printed - 1, 0)
        number += times
    return sheet


def _rows(table: "_Element") -> Iterator["_Element"]:
    """The rows of a table, out of the groups they may stand in."""
    waiting = [iter(table)]
    while waiting:
        for child in waiting[-1]:
            if child.tag == f"{_TABLE}table-row":
                yield child
            elif child.tag in _GROUPS:
                waiting.append(iter(child))
                break
        else:
            waiting.pop()


def _cells(row: "_Element") -> list[tuple[int, str]]:
    """The filled cells of a row with their column; what merged ranges cover is left out."""
    found: list[tuple[int, str]] = []
    column = 1
    for cell in row.iterchildren(*_CELLS):
        times = _count(cell, f"{_TABLE}number-columns-repeated")
        text = _shown(cell) if cell.tag == _CELLS[0] else ""
        if text:
            found += [(column + step, text) for step in range(min(times, MOST_COLUMNS + 1 - column))]
        column += times
        if column > MOST_COLUMNS:
            break
    return found


def _shown(cell: "_Element") -> str:
    """The cell's paragraphs; where a writer left them out, its value."""
    paragraphs = [_paragraph(child) for child in cell.iterchildren(f"{_TEXT}p")]
    if paragraphs:
        return clean("\n".join(paragraphs))
    kind = cell.get(f"{_OFFICE}value-type", "")
    if kind == "string":
        return clean(cell.get(f"{_OFFICE}string-value", ""))
    if kind in _FORMATS:
        try:
            return shown(float(cell.get(f"{_OFFICE}value", "")), _FORMATS[kind])
        except ValueError:
            return ""
    if kind:
        return clean(cell.get(f"{_OFFICE}{kind}-value", ""))
    return NO_VALUE if cell.get(f"{_TABLE}formula") else ""


def _paragraph(paragraph: "_Element") -> str:
    """Its text, with the blanks, tabs and line breaks that are written as elements; comments left out."""
    from lxml.etree import iterwalk

    pieces: list[str] = []
    walk = iterwalk(paragraph, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        if event == "end":
            pieces.append(_run(element.tail) if element is not paragraph else "")
        elif tag == f"{_TEXT}s":
            pieces.append(" " * min(_count(element, f"{_TEXT}c"), _MOST_BLANKS))
        elif tag in _BREAKS:
            pieces.append(_BREAKS[tag])
        elif tag.startswith(_TEXT) and tag != f"{_TEXT}ruby-text":
            pieces.append(_run(element.text))
        else:
            walk.skip_subtree()
    return "".join(pieces)


def _run(text: str | None) -> str:
    """Blanks and line ends of the XML itself count as one blank."""
    return _SPACE.sub(" ", text) if text else ""


def _count(element: "_Element", name: str) -> int:
    """A count an attribute states, 1 where it states none."""
    try:
        return min(max(int(element.get(name, "1")), 1), _MOST_ROWS)
    except ValueError:
        return 1
