"""Word documents (docx, docm): the body's paragraphs and tables in order, tracked changes read as accepted."""

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from narrcheck.reading.document import Document, Note, Place, Row
from narrcheck.reading.docxtext import (
    CHARACTERS,
    Changes,
    Paragraph,
    alternative,
    attribute,
    character,
    child,
    is_off,
    local,
    paragraph,
    without_placeholders,
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
_PLAIN = tuple(
    f"{{*}}{name}"
    for name in ("tr", "tc", "p", "gridBefore", "gridSpan", "vMerge", "hMerge", "tbl", *sorted(CHARACTERS))
)
_BLANKS = " \t\r\n\u3000\xa0"


def read(data: bytes, path: str, limits: ReadingLimits) -> tuple[Document, ...]:
    """The document's rows. ReadError: no-filing-found (a letter of narrcheck's own), damaged, unpacks-too-large, …"""
    package = Package(data, path, limits)
    package.check()
    xml = package.read(_main_part(package, path))
    body = child(without_placeholders(parse_xml(xml, path)), "body")
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
        for found in _flow(container, self.changes):
            if isinstance(found, Paragraph):
                self._text(found.text)
                for box in found.boxes:
                    self.blocks(box)
            else:
                self._table(found)

    def _text(self, text: str) -> None:
        """A text outside of tables."""
        text = text.strip(_BLANKS)
        self.paragraphs += 1
        if text:
            self._add((text,), Place(len(self.rows) + 1, paragraph=self.paragraphs), tabular=False)
        else:
            self.gap += 1

    def _add(self, cells: tuple[str, ...], place: Place, tabular: bool) -> None:
        self.rows.append(Row(cells, place, self.gap, tabular))
        self.gap = 0

    def _table(self, table: "_Element") -> None:
        """The rows of a table. What stands on its own inside of its cells follows the row it stands in; a row that
        only frames it is no row of a table."""
        self.tables += 1
        number = self.tables
        for position, (cells, after) in enumerate(self._rows(table), 1):
            if not any(cells):
                self.gap += not after
            elif after and sum(map(bool, cells)) == 1:
                for line in "".join(cells).split("\n"):
                    self._text(line)
            else:
                self._add(tuple(cells), Place(len(self.rows) + 1, table=number, row=position), tabular=True)
            for found in after:
                if isinstance(found, list):
                    for line in _lines(found):
                        self._text(line)
                else:
                    self._table(found)

    def _rows(self, table: "_Element") -> "Iterator[tuple[list[str], _After]]":
        """The texts of a table's rows by grid column, each with what follows it."""
        plain = _plain_rows(table) if self.changes.plain else None
        if plain is not None:
            yield from ((cells, []) for cells in plain)
            return
        for row in _rows(table, self.changes):
            after: _After = []
            yield self._cells(row, after), after

    def _cells(self, row: "_Element", after: "_After") -> list[str]:
        """The texts of a row by grid column; what stands on its own inside of its cells is added to `after`."""
        cells = [""] * _count(_properties(row, "trPr").get("gridBefore"), 0)
        for cell in _members(row, "tc", self.changes):
            about = _properties(cell, "tcPr")
            for name in about:
                self.changes.see(name)
            if "cellDel" in about:
                continue
            goes_on = _continues(about.get("vMerge")) or _continues(about.get("hMerge"))
            cells.append("" if goes_on else self._cell(cell, after))
            cells.extend([""] * (_count(about.get("gridSpan"), 1) - 1))
            if len(cells) >= _MOST_COLUMNS:
                break
        return cells[:_MOST_COLUMNS]

    def _cell(self, cell: "_Element", after: "_After") -> str:
        """The text of a cell, or of a box in it: its paragraphs and small tables one below the other, down to the
        first table that stands on its own."""
        own: list[str] = []
        texts = own
        for found in _flow(cell, self.changes):
            if isinstance(found, Paragraph):
                texts.append(found.text)
                texts += [self._cell(box, after) for box in found.boxes]
            elif self._stands_alone(found):
                texts = []
                after += [found, texts]
            else:
                rows = [self._cells(row, after) for row in _rows(found, self.changes)]
                texts += [" ".join(text for text in row if text) for row in rows]
        return "\n".join(_lines(own))

    def _stands_alone(self, table: "_Element") -> bool:
        rows = list(_rows(table, self.changes))
        return len(rows) >= _OWN_TABLE and any(
            sum(_count(_properties(cell, "tcPr").get("gridSpan"), 1) for cell in _members(row, "tc", self.changes))
            >= _OWN_TABLE
            for row in rows
        )


_After = list["_Element | list[str]"]
"""What follows a row: tables out of its cells, and the texts behind each of them."""


def _lines(texts: list[str]) -> list[str]:
    stripped = [text.strip(_BLANKS) for text in texts]
    return [text for text in stripped if text]


def _flow(container: "_Element", changes: Changes) -> "Iterator[Paragraph | _Element]":
    """The paragraphs and tables of a container; a paragraph whose end is deleted goes on in the next one."""
    pending: Paragraph | None = None
    for kind, element in _blocks(container, changes):
        if kind == "p":
            found = paragraph(element, changes)
            pending = found if pending is None else pending.joined(found)
            if pending.runs_on:
                continue
        if pending is not None:
            yield pending
            pending = None
        if kind == "tbl":
            yield element
    if pending is not None:
        yield pending


def _plain_rows(table: "_Element") -> list[list[str]] | None:
    """The texts of a table's rows by grid column, collected in one go; None where a table stands inside of it."""
    rows: list[list[str]] = []
    cells: list[str] = []
    texts: list[list[str]] = []
    column, goes_on = 0, False

    def close() -> None:
        if texts and not goes_on and column < len(cells):
            cells[column] = "\n".join(_lines(["".join(text) for text in texts]))
        texts.clear()

    for element in table.iter(*_PLAIN):
        name = local(element.tag)
        if name == "p":
            texts.append([])
        elif name in CHARACTERS:
            if texts and not _is_tab_stop(element, name):
                texts[-1].append(character(element, name))
        elif name == "tc":
            close()
            column, goes_on = len(cells), False
            if column < _MOST_COLUMNS:
                cells.append("")
        elif name == "tr":
            close()
            cells = []
            rows.append(cells)
        elif name == "vMerge" or name == "hMerge":
            goes_on = goes_on or _continues(element)
        elif name == "tbl":
            if element is not table:
                return None
        else:
            wanted = _count(element, 0) - (name == "gridSpan")
            cells.extend([""] * min(wanted, _MOST_COLUMNS - len(cells)))
    close()
    return rows


def _is_tab_stop(element: "_Element", name: str) -> bool:
    """Whether it only says where tabs end."""
    if name != "tab":
        return False
    around = element.getparent()
    return around is not None and local(around.tag) == "tabs"


def _blocks(container: "_Element", changes: Changes) -> Iterator[tuple[str, "_Element"]]:
    """Paragraphs (p) and tables (tbl), also those wrapped in content controls and tracked insertions."""
    for element in container:
        name = local(element.tag)
        if name == "p" or name == "tbl":
            yield name, element
        elif name == "AlternateContent":
            chosen = alternative(element)
            if chosen is not None:
                yield from _blocks(chosen, changes)
        else:
            changes.see(name)
            if name in _CONTAINERS:
                yield from _blocks(element, changes)


def _rows(table: "_Element", changes: Changes) -> Iterator["_Element"]:
    """The rows of a table without those that a tracked change deletes."""
    for row in _members(table, "tr", changes):
        about = _properties(row, "trPr") if changes.possible else {}
        for name in about:
            changes.see(name)
        if "del" not in about:
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
