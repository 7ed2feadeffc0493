"""Workbooks of Excel and WPS (xlsx, xlsm): the sheets' XML, with numbers as their format shows them."""

import posixpath
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from narrcheck.reading.document import Document
from narrcheck.reading.errors import ReadError
from narrcheck.reading.limits import ReadingLimits
from narrcheck.reading.markup import parse_xml
from narrcheck.reading.numberformat import GENERAL, code_of, shown
from narrcheck.reading.package import Package
from narrcheck.reading.sheets import MOST_COLUMNS, NO_VALUE, Merged, Sheet, clean, documents

if TYPE_CHECKING:
    from lxml.etree import _Element

_WORKBOOK = "xl/workbook.xml"
_PACKAGE = "_rels/.rels"
_MOST_ROWS = 1 << 20
_REFERENCE = re.compile(r"\$?+([A-Za-z]{1,3})\$?+(\d{1,7})$")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FIGURE = r"(?:\d[\d,]*+(?:\.\d*+)?+|\.\d++)"
_MEANT_AS_TEXT = re.compile(
    rf"[+-]?+{_FIGURE}\s*+[%％]?+$"
    rf"|[+-]?+{_FIGURE}(?:[-~—～至]{_FIGURE})?+\s*+[%％]?+\s*+(?:[(（][^\d()（）]|(?![Ee][+-]?\d)[^\W\d_]|[℃°‰㎡])"
)
"""A bare number, or one followed by what no formula can have behind a number: a unit, a bracket."""
_ORIGIN = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
_YES = ("1", "true")
_TRUTH = {"1": "TRUE", "0": "FALSE"}


def read(data: bytes, path: str, limits: ReadingLimits) -> tuple[Document, ...]:
    """The sheets that hold something. ReadError: damaged, password-protected, unsafe-xml, unpacks-too-large, …; no-
    filing-found where the workbook is a report of narrcheck."""
    package = Package(data, path, limits)
    package.check()
    return documents(_Workbook(package, path).sheets())


class _Workbook:
    """The parts of the file, found by what the workbook says of them."""

    def __init__(self, package: Package, path: str) -> None:
        self.package, self.path = package, path
        self.parts = {name.replace("\\", "/").lstrip("/").lower(): name for name in package.names}
        workbook = self._workbook()
        self.root = self._xml(workbook)
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        folder, name = posixpath.split(workbook)
        for relation in self._xml(f"{folder}/_rels/{name}.rels".lstrip("/")).iter("{*}Relationship"):
            part = _resolved(relation.get("Target", ""))
            self.targets[relation.get("Id", "")] = part
            self.kinds[relation.get("Type", "").rpartition("/")[2]] = part

    def _workbook(self) -> str:
        """The workbook's part: the usual one, or what the package's relations name."""
        if _WORKBOOK not in self.parts and _PACKAGE in self.parts:
            for relation in self._xml(_PACKAGE).iter("{*}Relationship"):
                if relation.get("Type", "").endswith("/officeDocument"):
                    return posixpath.normpath(relation.get("Target", "").lstrip("/"))
        return _WORKBOOK

    def sheets(self) -> Iterator[Sheet]:
        """The worksheets in the workbook's order; charts and macro sheets left out."""
        for entry in self.root.iter("{*}sheet"):
            part = next((str(value) for name, value in entry.items() if str(name).endswith("}id")), "")
            root = self._xml(self.targets.get(part, ""))
            if _local(root) == "worksheet":
                sheet = Sheet(entry.get("name", ""), entry.get("state", "visible") != "visible")
                self._fill(sheet, root)
                yield sheet

    @cached_property
    def strings(self) -> list[str]:
        """The texts the cells refer to by number."""
        root = self._optional("sharedStrings", "xl/sharedStrings.xml")
        return [] if root is None else [clean(_joined(item)) for item in root.iterchildren("{*}si")]

    @cached_property
    def codes(self) -> list[str]:
        """The format code of each cell style."""
        root = self._optional("styles", "xl/styles.xml")
        if root is None:
            return []
        declared = {
            _count(entry.get("numFmtId")): _unescaped(entry.get("formatCode", ""))
            for entry in root.iterfind("{*}numFmts/{*}numFmt")
        }
        return [code_of(_count(style.get("numFmtId")), declared) for style in root.iterfind("{*}cellXfs/{*}xf")]

    @cached_property
    def date1904(self) -> bool:
        return any(entry.get("date1904") in ("1", "true") for entry in self.root.iterchildren("{*}workbookPr"))

    def _xml(self, part: str) -> "_Element":
        name = self.parts.get(part.lower())
        if name is None:
            raise ReadError("damaged", path=self.path)
        return parse_xml(self.package.read(name), self.path)

    def _optional(self, kind: str, usual: str) -> "_Element | None":
        part = self.kinds.get(kind, usual)
        return self._xml(part) if part.lower() in self.parts else None

    def _fill(self, sheet: Sheet, root: "_Element") -> None:
        """The texts and the merged ranges of a sheet."""
        space = root.tag[: -len("worksheet")]
        row_tag, cell_tag = f"{space}row", f"{space}c"
        number = 0
        for entry in root.iterfind(f"{space}cols/{space}col"):
            if entry.get("hidden") in _YES:
                first, last = _count(entry.get("min")), min(_count(entry.get("max")), MOST_COLUMNS)
                sheet.hidden_columns.update(range(first, last + 1))
        for row in root.iterfind(f"{space}sheetData/{row_tag}"):
            stated = _count(row.get("r"))
            number = stated if 0 < stated <= _MOST_ROWS else number + 1
            if row.get("hidden") in _YES:
                sheet.hidden_rows.add(number)
            column = 0
            for cell in row.iterchildren(cell_tag):
                column = _column(cell.get("r", "")) or column + 1
                if len(cell):
                    sheet.put(number, column, self._text(cell))
        for entry in root.iterfind(f"{space}mergeCells/{space}mergeCell"):
            if area := _area(entry.get("ref", "")):
                sheet.merged.append(area)

    def _text(self, cell: "_Element") -> str:
        """What the cell shows."""
        kind = cell.get("t", "n")
        value: str | None = None
        formula: str | None = None
        for child in cell:
            name = _local(child)
            if name == "v":
                value = child.text or ""
            elif name == "f":
                formula = child.text or ""
            elif name == "is":
                return clean(_joined(child))
        if not value and formula is not None and (value is None or kind != "str"):
            return _unevaluated(formula)
        if not value:
            return ""
        if kind == "s":
            return self._shared(value)
        if kind == "b":
            return _TRUTH.get(value, value)
        if kind in ("str", "e"):
            return clean(_unescaped(value))
        return self._number(value, kind, cell.get("s"))

    def _shared(self, value: str) -> str:
        index = _count(value, -1)
        if not 0 <= index < len(self.strings):
            raise ReadError("damaged", path=self.path)
        return self.strings[index]

    def _number(self, value: str, kind: str, style: str | None) -> str:
        """A number or (kind d) an ISO date, in the format of the cell's style; what is neither stays as it is."""
        index = _count(style)
        code = self.codes[index] if 0 <= index < len(self.codes) else GENERAL
        try:
            if kind == "d":
                date = datetime.fromisoformat(value).replace(tzinfo=None)
                number = (date - _ORIGIN[self.date1904]).total_seconds() / 86400
            else:
                number = float(value)
        except ValueError:
            return clean(value)
        return shown(number, code, self.date1904)


def _local(element: "_Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _resolved(target: str) -> str:
    """The part's name in the package; a target is relative to the workbook unless it begins with a slash."""
    return posixpath.normpath(posixpath.join("/xl", target.replace("\\", "/"))).lstrip("/")


def _count(text: str | None, default: int = 0) -> int:
    try:
        return int(text or default)
    except ValueError:
        return default


@lru_cache(maxsize=1 << 14)
def _column(reference: str) -> int:
    """The column of a reference (C7 → 3); 0 where it is none."""
    found = _REFERENCE.match(reference)
    column = 0
    for letter in found[1].upper() if found else "":
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _area(reference: str) -> Merged | None:
    first, _, last = reference.partition(":")
    start, end = _REFERENCE.match(first), _REFERENCE.match(last)
    if not start or not end:
        return None
    return Merged(int(start[2]), _column(first), int(end[2]), _column(last))


def _joined(item: "_Element") -> str:
    """The runs of a text one behind the other, without the reading aids beside them."""
    pieces: list[str] = []
    for child in item:
        name = _local(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces += [run.text or "" for run in child.iterchildren("{*}t")]
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    """The characters XML cannot hold are written _x000D_; those nobody sees are dropped."""
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    if 0xD800 <= code < 0xE000:
        return "\ufffd"
    return chr(code) if code >= 0x20 or code in (0x09, 0x0A, 0x0D) else ""


def _unevaluated(formula: str) -> str:
    """A formula without a value: a text beginning with "=" that a writer took for a formula, or a real one."""
    formula = clean(_unescaped(formula)).removeprefix("=")
    return f"={formula}" if "!" not in formula and _MEANT_AS_TEXT.match(formula) else NO_VALUE
