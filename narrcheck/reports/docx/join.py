"""Several letters in one document: each a section of its own, with its own headers, footers and page numbers."""

from collections.abc import Iterable
from copy import deepcopy
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxcompose.composer import Composer  # type: ignore[import-untyped]

from narrcheck.catalogue import message
from narrcheck.filing import Report
from narrcheck.reports import wording
from narrcheck.reports.docx.sign import sign
from narrcheck.reports.encoding import encodable

_REFERENCES = (qn("w:headerReference"), qn("w:footerReference"))
_SECTIONS = "w:p/w:pPr/w:sectPr | w:sectPr"
_KINDS = (KIND.HEADER, KIND.FOOTER)
_BEHIND = (
    "w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:textDirection", "w:bidi", "w:rtlGutter",
    "w:docGrid", "w:printerSettings", "w:sectPrChange",
)  # fmt: skip
"""What stands behind the kind of page numbers among the properties of a section."""


def joined(letters: Iterable[bytes]) -> bytes:
    """One document of all letters, in their order, each beginning on a new page with the number 1."""
    remaining = iter(letters)
    first = next(remaining)
    composer = None
    for letter in remaining:
        if composer is None:
            composer = _Composer(Document(BytesIO(first)))
        _append(composer, Document(BytesIO(letter)))
    if composer is None:
        return first
    composer.renumber()
    return _bytes(composer.doc)


class _Composer(Composer):  # type: ignore[misc]
    """docxcompose for documents of one template, which have their styles in common; numbers that must differ in the
    whole document are given once, at its end. Sections are left to `_append`."""

    def add_styles(self, doc: Paper, element: Any) -> None:
        """Nothing: all styles are there."""

    def fix_section_types(self, doc: Paper) -> None:
        """Nothing."""

    def fix_header_and_footers(self, doc: Paper) -> None:
        """Nothing."""

    renumber_bookmarks = renumber_docpr_ids = renumber_nvpicpr_ids = lambda self: None

    def renumber(self) -> None:
        """Give each bookmark and picture a number of its own."""
        for number in (Composer.renumber_bookmarks, Composer.renumber_docpr_ids, Composer.renumber_nvpicpr_ids):
            number(self)


def blank(report: Report) -> bytes:
    """What is handed over where no filing was read: that there is nothing to write, and why."""
    paper = Document()
    sign(paper)
    lines = [message("letter.nothing", report.lang), message("report.nothing-read", report.lang)]
    lines += [wording.problem(item, report.lang) for item in report.errors]
    for line in lines:
        paper.add_paragraph(encodable(line))
    return _bytes(paper)


def _bytes(paper: Paper) -> bytes:
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _append(composer: _Composer, letter: Paper) -> None:
    """Add a letter: what was the end of the document becomes the end of a section, and the sections of the letter are
    put back as they were, with their own headers and footers."""
    paper: Paper = composer.doc
    body = paper.element.body
    _last_paragraph(body).get_or_add_pPr().append(deepcopy(body.sectPr))
    own = [deepcopy(section) for section in letter.element.body.xpath(_SECTIONS)]
    composer.append(letter)
    for added, section in zip(body.xpath(_SECTIONS)[-len(own) :], own, strict=True):
        added.getparent().replace(added, section)
        _refer(section, letter, paper)
    _restart(own[0])


def _last_paragraph(body: Any) -> Any:
    """The paragraph that ends the body: a new one where a table does, or where one ends a section already."""
    found = body[-2] if len(body) > 1 else None
    if found is not None and found.tag == qn("w:p") and found.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None:
        return found
    made = OxmlElement("w:p")
    body.sectPr.addprevious(made)
    return made


def _refer(properties: Any, letter: Paper, paper: Paper) -> None:
    """Point the references of a section to the headers and footers of its own letter, copied where no equal ones are
    there already."""
    for reference in properties.iterchildren(*_REFERENCES):
        part = letter.part.rels[reference.get(qn("r:id"))].target_part
        reference.set(qn("r:id"), paper.part.relate_to(_copied(part, paper), _kind(reference)))


def _kind(reference: Any) -> str:
    return _KINDS[_REFERENCES.index(reference.tag)]


def _copied(part: Any, paper: Paper) -> Any:
    """The paper's own header or footer of the same content, or a copy of the part. All letters are of one template, so
    what a part leads to (a logo) the first letter's part of that name leads to as well."""
    known = [rel.target_part for rel in paper.part.rels.values() if rel.reltype in _KINDS]
    for other in known:
        if other.content_type == part.content_type and other.blob == part.blob:
            return other
    name = PackURI(f"{str(part.partname).removesuffix('.xml')}_{len(known)}.xml")
    copy = type(part).load(name, part.content_type, part.blob, paper.part.package)
    for other in known:
        if other.partname == part.partname:
            for rel in other.rels.values():
                copy.load_rel(rel.reltype, rel._target, rel.rId, rel.is_external)
    return copy


def _restart(properties: Any) -> None:
    """Begin the section on a new page, and its page numbers at 1."""
    numbers = properties.find(qn("w:pgNumType"))
    if numbers is None:
        numbers = OxmlElement("w:pgNumType")
        properties.insert_element_before(numbers, *_BEHIND)
    numbers.set(qn("w:start"), "1")
    kind = properties.find(qn("w:type"))
    if kind is not None:
        kind.set(qn("w:val"), "nextPage")
