"""Word documents (docx, docm): the body's paragraphs and tables in order, tracked changes read as accepted."""

import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from narrcheck.reading.document import Document, Note, Place, Row
from narrcheck.reading.docxtext import (
    Changes,
    Paragraph,
    attribute,
    child,
    is_off,
    local,
    paragraph,
)
from narrcheck.reading.errors import ReadError
from narrcheck.reading.limits import ReadingLimits
from narrcheck.reading.markup import parse_xml
from narrcheck.reading.package import Package

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAIN = "word/document.xml"
_RELATIONS = "_rels/.rels"
_MOST_COLUMNS = 200
_OWN_TABLE = 4
"""A table inside a cell with so many rows and columns is the form itself, its outer table only frames it."""
_CONTAINERS = frozenset(["sdt", "sdtContent", "customXml", "ins", "moveTo"])
_BLANKS = " \t\r\n\u3000\xa0"


def read(data: bytes, path: str, limits: ReadingLimits) -> tuple[Document, ...]:
    """The document's rows. ReadError: damaged, password-protected, unsafe-xml, unpacks-too-large, …"""
    package = Package(data, path, limits)
    package.check_declared()
    xml = package.read(_main_part(package, path))
    root = parse_xml(xml, path)
    body = child(root, "body")
    if body is None:
        raise ReadError("damaged", path=path)
    walk = _Walk(Changes.of(xml))
    try:
        walk.blocks(body)
    except RecursionError:
        raise ReadError("damaged", path=path) from None
    notes = (Note("note.tracked-changes"),) if walk.changes.found else ()
    return (Document(tuple(walk.rows), "docx", notes),)


def _main_part(package: Package, path: str) -> str:
    """The part that holds the body: the usual one, or what the package's relations name."""
    names = set(package.names)
    if _MAIN not in names and _RELATIONS in names:
        for relation in parse_xml(package.read(_RELATIONS), path):
            if relation.get("Type", "").endswith("/officeDocument"):
                part = posixpath.normpath(posixpath.join("/", relation.get("Target", ""))).lstrip("/")
                if part in names:
                    return part
    return _MAIN


class _Walk:
    """Collects rows while the body is walked."""

    def __init__(self, changes: Changes) -> None:
        self.rows: list[Row] = []
        self.changes = changes
        self.gap = self.tables = self.paragraphs = 0

    def blocks(self, container: "_Element") -> None:
        """The paragraphs and tables of a container, in order."""
        pending: Paragraph | None = None
        for kind, element in _blocks(container, self.changes):
            if kind == "tbl":
                self._text(pending)
                pending = None
                self._table(element)
                continue
            found = paragraph(element, self.changes)
            if pending is not None and pending.runs_on:
                found = pending.joined(found)
            else:
                self._text(pending)
            pending = found
        self._text(pending)

    def _text(self, found: Paragraph | None) -> None:
        """A paragraph outside of tables, with the text boxes anchored in it."""
        if found is None:
            return
        for text in (found.text, *found.boxes):
            text = text.strip(_BLANKS)
            self.paragraphs += 1
            if not text:
                self.gap += 1
                continue
            self._add((text,), Place(len(self.rows) + 1, paragraph=self.paragraphs), tabular=False)

    def _add(self, cells: tuple[str, ...], place: Place, tabular: bool) -> None:
        self.rows.append(Row(cells, place, self.gap, tabular))
        self.gap = 0

    def _table(self, table: "_Element") -> None:
        """The rows of a table; tables inside of its cells that are forms of their own follow the row they stand in."""
        self.tables += 1
        number = self.tables
        for position, row in enumerate(_rows(table, self.changes), 1):
            cells, inner = self._cells(row)
            if any(cells):
                self._add(tuple(cells), Place(len(self.rows) + 1, table=number, row=position), tabular=True)
            elif not inner:
                self.gap += 1
            for element in inner:
                self._table(element)

    def _cells(self, row: "_Element") -> tuple[list[str], list["_Element"]]:
        """The texts of a row by grid column, and the tables inside of it that stand on their own."""
        cells = [""] * _count(_properties(row, "trPr").get("gridBefore"), 0)
        inner: list[_Element] = []
        for cell in _members(row, "tc", self.changes):
            about = _properties(cell, "tcPr")
            if "cellDel" in about:
                self.changes.found = True
                continue
            goes_on = _continues(about.get("vMerge")) or _continues(about.get("hMerge"))
            cells.append("" if goes_on else self._cell(cell, inner))
            if "gridSpan" in about:
                cells.extend([""] * (_count(about["gridSpan"], 1) - 1))
            if len(cells) >= _MOST_COLUMNS:
                break
        return cells[:_MOST_COLUMNS], inner

    def _cell(self, cell: "_Element", inner: list["_Element"]) -> str:
        """The text of a cell: its paragraphs one below the other."""
        lines: list[str] = []
        runs_on = False
        for element in _contents(cell, self.changes):
            if local(element.tag) == "tbl":
                rows = [self._cells(row)[0] for row in _rows(element, self.changes)]
                if len(rows) >= _OWN_TABLE and max(map(len, rows)) >= _OWN_TABLE:
                    inner.append(element)
                else:
                    lines += [" ".join(text for text in row if text) for row in rows]
                continue
            found = paragraph(element, self.changes)
            if runs_on and lines:
                lines[-1] += found.text
            else:
                lines.append(found.text)
            lines += found.boxes
            runs_on = found.runs_on
        stripped = [line.strip(_BLANKS) for line in lines]
        return "\n".join(line for line in stripped if line)


def _blocks(container: "_Element", changes: Changes) -> Iterator[tuple[str, "_Element"]]:
    """Paragraphs (p) and tables (tbl), also those wrapped in content controls and tracked insertions."""
    for element in container:
        name = local(element.tag)
        if name == "p" or name == "tbl":
            yield name, element
        elif name in _CONTAINERS:
            changes.see(name)
            yield from _blocks(element, changes)


def _contents(cell: "_Element", changes: Changes) -> Iterable["_Element"]:
    """The paragraphs and tables of a cell; nearly all hold their properties and one paragraph."""
    if len(cell) == 2 and local(cell[1].tag) == "p":
        return (cell[1],)
    return (element for _, element in _blocks(cell, changes))


def _rows(table: "_Element", changes: Changes) -> Iterator["_Element"]:
    """The rows of a table without those that a tracked change deletes."""
    for row in _members(table, "tr", changes):
        if changes.possible and "del" in _properties(row, "trPr"):
            changes.found = True
            continue
        yield row


def _members(parent: "_Element", wanted: str, changes: Changes) -> Iterator["_Element"]:
    """The rows of a table or the cells of a row, also those that are wrapped."""
    for element in parent:
        name = local(element.tag)
        if name == wanted:
            yield element
        elif name in _CONTAINERS:
            changes.see(name)
            yield from _members(element, wanted, changes)


def _properties(element: "_Element", name: str) -> dict[str, "_Element"]:
    """The properties of a row or cell by their names."""
    about = element[0] if len(element) and local(element[0].tag) == name else child(element, name)
    return {} if about is None else {local(found.tag): found for found in about}


def _continues(merge: "_Element | None") -> bool:
    """Whether a cell goes on in the merged cell above it (vMerge) or before it (hMerge)."""
    return merge is not None and attribute(merge, "val") != "restart" and not is_off(merge)


def _count(found: "_Element | None", default: int) -> int:
    """A count among properties, within bounds."""
    value = "" if found is None else attribute(found, "val")
    return min(int(value), _MOST_COLUMNS) if value.isascii() and value.isdigit() else default
