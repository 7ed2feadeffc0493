"""A filing as a Word document: one table of merged cells, a running head and page numbers around it."""

import re
from io import BytesIO

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from makers.table import Layout, Table, table
from narrcheck.filing import Filing

_RUNS = re.compile(r"[!-~]+|[^!-~]+")


def to_docx(*filings: Filing, layout: Layout = "national") -> bytes:
    """The forms on pages of their own; runs change with the script, as Word writes them."""
    paper = Document()
    paper.sections[0].header.paragraphs[0].text = "预算绩效管理资料"
    foot = paper.sections[0].footer.paragraphs[0]
    for text, code in (("第 ", "PAGE"), (" 页 共 ", "NUMPAGES"), (" 页", "")):
        foot.add_run(text)
        if code:
            _counter(foot, code)
    for number, filing in enumerate(filings):
        if number:
            paper.add_page_break()
        _form(paper, table(filing, layout))
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _form(paper: Paper, made: Table) -> None:
    for title in made.titles:
        paragraph = paper.add_paragraph(title)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    width = len(made.widths)
    grid = paper.add_table(made.height, width, style="Table Grid")
    cells = [list(row.cells) for row in grid.rows]
    for cell in made.cells:
        own = cells[cell.row][cell.column]
        if cell.rows > 1 or cell.columns > 1:
            own = own.merge(cells[cell.row + cell.rows - 1][cell.column + cell.columns - 1])
        for number, line in enumerate(cell.text.split("\n")):
            paragraph = own.add_paragraph() if number else own.paragraphs[0]
            _write(paragraph, line)
            if cell.sort != "text":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.add_paragraph(made.foot)


def _write(paragraph: Paragraph, text: str) -> None:
    for piece in _RUNS.findall(text):
        paragraph.add_run(piece).font.size = Pt(9)


def _counter(paragraph: Paragraph, code: str) -> None:
    """A field that Word counts, with the value it showed last."""
    for kind in ("begin", "", "separate", "value", "end"):
        run = paragraph.add_run("1" if kind == "value" else "")
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif not kind:
            mark = OxmlElement("w:instrText")
            mark.text = f" {code} "
            run._r.append(mark)
