"""What a template leaves behind when it is filled in: places that Word would not open, remarks that are not sent."""

from collections.abc import Iterator
from typing import Any

from docx.document import Document as Paper
from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_REMARKS = ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference")
_ABOUT_REMARKS = "/relationships/comments"
_ROW_PARTS = tuple(map(qn, ("w:tc", "w:sdt", "w:customXml")))
_TABLE_PARTS = tuple(map(qn, ("w:tr", "w:sdt", "w:customXml")))


def mend(paper: Paper) -> None:
    """Give every cell, header and footer the paragraph that it must end with, and leave out rows without cells, tables
    without rows, and the remarks (批注) of whoever wrote the template."""
    for key in [key for key, rel in paper.part.rels.items() if _ABOUT_REMARKS in rel.reltype]:
        del paper.part.rels[key]
    for root in _roots(paper):
        for mark in list(root.iter(*map(qn, _REMARKS))):
            mark.getparent().remove(mark)
        for kind, parts in (("w:tr", _ROW_PARTS), ("w:tbl", _TABLE_PARTS)):
            for one in reversed(list(root.iter(qn(kind)))):
                if next(one.iterchildren(*parts), None) is None:
                    one.getparent().remove(one)
        for cell in root.iter(qn("w:tc"), qn("w:hdr"), qn("w:ftr")):
            if not len(cell) or cell[-1].tag != qn("w:p"):
                cell.append(OxmlElement("w:p"))


def paragraphs(paper: Paper) -> Iterator[str]:
    """The texts of all paragraphs, those of headers and footers too."""
    for root in _roots(paper):
        for line in root.iter(qn("w:p")):
            yield "".join(text.text or "" for text in line.iter(qn("w:t")))


def _roots(paper: Paper) -> Iterator[Any]:
    """The body, the headers and the footers."""
    yield paper.element.body
    for rel in paper.part.rels.values():
        if rel.reltype in (KIND.HEADER, KIND.FOOTER):
            yield rel.target_part.element
