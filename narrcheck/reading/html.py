"""Web pages to Document: their tables row by row, what stands outside of them as lines of text."""

import codecs
import re
from typing import TYPE_CHECKING

from narrcheck.reading.decode import decode
from narrcheck.reading.document import Document
from narrcheck.reading.errors import ReadError
from narrcheck.reading.limits import ReadingLimits
from narrcheck.reading.package import AUTHOR
from narrcheck.reading.webtables import BREAK, Cell, Flow, Rows, Table

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEAD = 8192
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_TRADITIONAL = {"big5": ("big5hkscs", "cp950"), "big5hkscs": ("big5hkscs",), "cp950": ("cp950", "big5hkscs")}
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_DEEPEST, _TABLES_DEEPEST = 2000, 50

_LEFT_OUT = frozenset([
    "applet", "audio", "base", "button", "canvas", "datalist", "embed", "iframe", "link", "map", "meta", "nav",
    "noframes", "noscript", "object", "rp", "rt", "script", "style", "svg", "template", "title", "video", "xml",
])  # fmt: skip
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
    "hr", "html", "legend", "li", "main", "menu", "ol", "optgroup", "p", "pre", "search", "section", "summary", "ul",
])  # fmt: skip
_SECTIONS = frozenset(["thead", "tbody", "tfoot"])
_CELLS = frozenset(["td", "th"])
_SHOWN_INPUTS = frozenset(["", "text", "number", "date", "datetime-local", "month", "tel", "url", "email", "search"])
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE)
_COUNT = re.compile(r"\s*+\+?+(\d{1,9})")


def read(data: bytes, path: str, limits: ReadingLimits) -> tuple[Document, ...]:
    """The page as one document: what a browser shows of it, without navigation and scripts.

    ReadError: damaged (nested beyond all reason, more cells than any form has), no-filing-found where the page is a
    report of narrcheck, and those of decoding.
    """
    return (page(data, path),)


def page(data: bytes, path: str, charset: str = "") -> Document:
    """The page; `charset` is what was said of it from outside, else the page's own word counts."""
    from lxml import etree

    text = _CONTROL.sub("", _decoded(data, path, charset))
    parser = etree.HTMLParser(
        recover=True, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing but comments and declarations
        return Document((), "html")
    if root is None:
        return Document((), "html")
    if any(_is_generator(element) for element in root.iterfind("head/meta")):
        raise ReadError("no-filing-found", path=path)
    rows = Rows(path)
    rows.add(_Walk(path).over(root))
    return Document(tuple(rows.rows), "html")


def _is_generator(element: "_Element") -> bool:
    """Whether it says that narrcheck wrote the page."""
    return element.get("name") == "generator" and element.get("content") == AUTHOR


def _decoded(data: bytes, path: str, charset: str) -> str:
    """The text. A traditional charset is taken at its word where the bytes bear it out; all else the bytes tell."""
    if not charset and (found := _CHARSET.search(data[:_HEAD])):
        charset = found[1].decode("ascii")
    try:
        traditional = _TRADITIONAL.get(codecs.lookup(charset).name, ())
    except (LookupError, ValueError):
        traditional = ()
    for encoding in ("utf-8", *traditional) if traditional else ():
        try:
            return data.decode(encoding).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
    return decode(data, path)


class _Walk:
    """Walks the elements once, in their order, without recursion: pages may be nested as deep as they like."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.flow = Flow()
        self.open: list[tuple[Table, Flow, Flow]] = []

    def over(self, root: "_Element") -> Flow:
        """All that the page shows. ReadError: damaged."""
        from lxml import etree

        page = self.flow
        depth = 0
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            shown = _is_shown(element, tag)
            if event == "start":
                depth += 1
                if depth > _DEEPEST:
                    raise ReadError("damaged", path=self.path)
                if shown:
                    self._start(element, tag)
                    self.flow.add(element.text)
                else:
                    walk.skip_subtree()
                continue
            depth -= 1
            if shown:
                self._end(tag)
            self.flow.add(element.tail)
        page.close()
        return page

    def _start(self, element: "_Element", tag: str) -> None:
        if tag == "br":
            self.flow.pieces.append(BREAK)
        elif tag in _CELLS and self.open:
            self.flow.close()
            cell = Cell(_count(element, "colspan"), _count(element, "rowspan"))
            self._table().put(cell)
            self.flow = cell.flow
        elif tag == "table":
            self._start_table()
        elif tag == "tr" and self.open:
            self._back()
            self._table().rows.append([])
        elif tag in _SECTIONS and self.open:
            self._back()
            self._table().section(tag)
        elif tag == "input":
            if (element.get("type") or "").strip().lower() in _SHOWN_INPUTS:
                self.flow.add(f" {element.get('value') or ''} ")
        elif tag == "textarea":
            self.flow.add(f" {element.text or ''} ".replace("\r\n", "\n").replace("\n", BREAK))
            element.text = None
        elif tag in _BLOCKS or tag == "caption":
            self.flow.close()
            self.flow.preformatted += tag == "pre"

    def _end(self, tag: str) -> None:
        if tag in _CELLS and self.open:
            self._back()
        elif tag in _SECTIONS and self.open:
            self._back()
            self._table().section("tbody")
        elif tag == "table":
            self._back()
            table, _, self.flow = self.open.pop()
            table.finish()
        elif tag in _BLOCKS or tag == "caption":
            self.flow.close()
            self.flow.preformatted -= tag == "pre"

    def _start_table(self) -> None:
        """A table stands where its markup does; in another table but in none of its cells, it stands behind it."""
        self.flow.close()
        if len(self.open) >= _TABLES_DEEPEST:
            raise ReadError("damaged", path=self.path)
        table = Table()
        inside = bool(self.open) and self.flow is self._table().above
        place = self.open[-1][1] if inside else self.flow
        place.items.append(table)
        self.open.append((table, place, self.flow))
        self.flow = table.above

    def _table(self) -> Table:
        return self.open[-1][0]

    def _back(self) -> None:
        """Out of the cell: what is written between cells stands above the table."""
        self.flow.close()
        self.flow = self._table().above


def _is_shown(element: "_Element", tag: str) -> bool:
    if not tag or tag in _LEFT_OUT or tag.startswith("v:"):
        return False
    if not element.attrib:
        return tag != "option"
    if tag == "option" and element.get("selected") is None:
        return False
    if element.get("hidden") is not None or (element.get("aria-hidden") or "").strip().lower() == "true":
        return False
    style = element.get("style")
    return not (style and _HIDING.search(style))


def _count(element: "_Element", name: str) -> int:
    found = _COUNT.match(element.get(name) or "")
    return int(found[1]) if found else 1
