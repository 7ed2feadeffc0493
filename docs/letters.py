"""Writes the letters' given templates, narrcheck/data/letters/letter.zh.docx and letter.en.docx; --check only compares
them with what this script makes."""

import io
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from lxml import etree

FOLDER = Path(__file__).parent.parent / "narrcheck" / "data" / "letters"
COMPARED = ("word/document.xml", "word/styles.xml", "word/footer1.xml")
WIDTHS = (1.3, 6.9, 4.0, 4.2)
FACTS = (2.4, 7.6, 2.4, 4.0)
LATIN = "Times New Roman"
KEPT = (
    "Normal", "Header", "Header Char", "Footer", "Footer Char", "Default Paragraph Font", "Normal Table", "Table Grid",
    "No List",
)  # fmt: skip
"""What stays of the styles that python-docx begins with."""
BODY, SONG = "仿宋", "宋体"

TEXTS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def main(arguments: Sequence[str]) -> int:
    """Write both templates; with --check say whether the written ones are as they should be, in the exit code."""
    stale = []
    for lang in TEXTS:
        path, made = FOLDER / f"letter.{lang}.docx", make(lang)
        if "--check" not in arguments:
            FOLDER.mkdir(exist_ok=True)
            path.write_bytes(made)
        elif not path.exists() or parts(path.read_bytes()) != parts(made):
            stale.append(path.name)
    if stale:
        print(f"python docs/letters.py makes other files than {', '.join(stale)}", file=sys.stderr)
    return bool(stale)


def parts(data: bytes) -> dict[str, bytes]:
    """What is to be equal of two templates, in one way of writing XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: etree.tostring(etree.fromstring(package.read(name)), method="c14n") for name in COMPARED}


def make(lang: str) -> bytes:
    """The template in a language."""
    texts = TEXTS[lang]
    paper = Document()
    rels = paper.part.package.rels
    for key in [key for key, rel in rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del rels[key]
    _page(paper, texts["page"])
    _styles(paper)
    _opening(paper, texts)
    _comments(paper, texts)
    _earlier(paper, texts)
    _coverage(paper, texts)
    _closing(paper, texts)
    properties = paper.core_properties
    properties.author, properties.title, properties.comments = "narrcheck", texts["title"], ""
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _page(paper: Paper, numbered: str) -> None:
    """A4, with the number of the page at its foot."""
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, after = numbered.split("|")
    foot.add_run(before)
    for kind, code in (("begin", ""), ("", " PAGE "), ("separate", ""), ("", "1"), ("end", "")):
        run = foot.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif code.strip().isalpha():
            field = OxmlElement("w:instrText")
            field.text = code
            field.set(qn("xml:space"), "preserve")
            run._r.append(field)
        else:
            run.text = code
    foot.add_run(after)


def _styles(paper: Paper) -> None:
    """The letter's own styles: fonts for Latin and Chinese, sizes, distances."""
    normal = paper.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    _fonts(normal, BODY, 12)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.4
    for name, font, size, bold in (
        ("Letter Title", SONG, 22, True), ("Letter Subtitle", SONG, 14, False), ("Letter Heading", SONG, 12, True),
        ("Letter Head", SONG, 10.5, True), ("Letter Cell", SONG, 10.5, False), ("Letter Evidence", SONG, 9.5, False),
        ("Letter List", BODY, 11, False),
    ):  # fmt: skip
        style = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        style.base_style = normal
        _fonts(style, font, size)
        style.font.bold = bold
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.line_spacing = 1.15
    for name in ("Letter Title", "Letter Subtitle", "Letter Head"):
        style = paper.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        style.paragraph_format.keep_with_next = True
    for style in list(paper.styles):
        if style.name not in KEPT and not str(style.name).startswith("Letter"):
            style.element.getparent().remove(style.element)
    heading = paper.styles["Letter Heading"]
    assert isinstance(heading, ParagraphStyle)
    heading.paragraph_format.space_before, heading.paragraph_format.keep_with_next = Pt(10), True


def _fonts(style: ParagraphStyle, chinese: str, size: float) -> None:
    style.font.name, style.font.size = LATIN, Pt(size)
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    assert fonts is not None
    fonts.set(qn("w:eastAsia"), chinese)
    fonts.set(qn("w:cs"), LATIN)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _opening(paper: Paper, texts: dict[str, str]) -> None:
    """The head, the facts about the filing, and the sentence that says what this is."""
    paper.add_paragraph(texts["title"], "Letter Title")
    paper.add_paragraph(texts["subtitle"], "Letter Subtitle")
    paper.add_paragraph(texts["to"]).runs[0].bold = True
    grid = _grid(paper, FACTS, 3)
    facts = (
        ("project", "{{ project }}", "year", "{{ year }}"),
        ("unit", "{{ unit }}", "department", "{{ department }}"),
    )
    for row, (first, value, second, other) in zip(grid.rows, facts, strict=False):
        for cell, text in zip(row.cells, (texts[first], value, texts[second], other), strict=True):
            _write(cell, text, "Letter Head" if text in (texts[first], texts[second]) else "Letter Cell")
    last = grid.rows[2].cells
    _write(last[0], texts["file"], "Letter Head")
    _write(last[1].merge(last[3]), "{{ file }}", "Letter Cell")
    _tag(paper, "{%p if comments %}")
    _indented(paper, texts["opening"])
    _tag(paper, "{%p else %}")
    _indented(paper, texts["none"])
    _indented(paper, "{{ verdict }}")
    _tag(paper, "{%p endif %}")
    _tag(paper, "{%p if compared %}")
    _indented(paper, texts["compared"])
    _tag(paper, "{%p endif %}")


def _comments(paper: Paper, texts: dict[str, str]) -> None:
    """The table of comments: its head on every page, no row torn that fits on one."""
    _tag(paper, "{%p if comments %}")
    grid = _grid(paper, WIDTHS, 4)
    head, start, row, end = grid.rows
    for cell, key in zip(head.cells, ("number", "comment", "suggestion", "reply"), strict=True):
        _write(cell, texts[key], "Letter Head")
        _shade(cell)
    _mark(head, "w:tblHeader")
    _write(start.cells[0], "{%tr for comment in comments %}", "Letter Cell")
    _write(end.cells[0], "{%tr endfor %}", "Letter Cell")
    row.height, row.height_rule = Cm(2.6), WD_ROW_HEIGHT_RULE.AT_LEAST
    for one in (head, row):
        _mark(one, "w:cantSplit")
    number, comment, suggestion, reply = row.cells
    _write(number, "{{ comment.number }}", "Letter Cell").alignment = WD_ALIGN_PARAGRAPH.CENTER
    first = _write(comment, "", "Letter Cell")
    first.add_run(texts["severity"]).bold = True
    first.add_run("{{ comment.message }}")
    for text in ("{%p for side in comment.sides %}", texts["side"], "{%p endfor %}"):
        comment.add_paragraph(text, "Letter Evidence")
    _write(suggestion, "{{ comment.suggestion }}", "Letter Cell")
    for text in ("{%p if comment.state %}", texts["state"], "{%p endif %}"):
        suggestion.add_paragraph(text, "Letter Cell")
    _write(reply, "", "Letter Cell")
    _tag(paper, "{%p endif %}")


def _earlier(paper: Paper, texts: dict[str, str]) -> None:
    """What became of the earlier letter's comments that are not among those above."""
    for name in ("corrected", "unknown"):
        _tag(paper, f"{{%p if {name} %}}")
        paper.add_paragraph(texts[name], "Letter Heading")
        _tag(paper, f"{{%p for item in {name} %}}")
        paper.add_paragraph(texts["item"], "Letter List")
        _tag(paper, "{%p for place in item.now %}")
        paper.add_paragraph(texts["now"], "Letter List")
        _tag(paper, "{%p endfor %}")
        _tag(paper, "{%p if item.reason %}")
        paper.add_paragraph(texts["reason"], "Letter List")
        _tag(paper, "{%p endif %}")
        _tag(paper, "{%p endfor %}")
        _tag(paper, "{%p endif %}")


def _coverage(paper: Paper, texts: dict[str, str]) -> None:
    """How much was checked, and what was not."""
    paper.add_paragraph(texts["coverage"], "Letter Heading")
    paper.add_paragraph("{{ coverage }}", "Letter List")
    for name, key in (("doubts", "doubts"), ("notes", "notes"), ("failed_rules", "failed")):
        _tag(paper, f"{{%p if {name} %}}")
        paper.add_paragraph(texts[key], "Letter List")
        _tag(paper, "{%p endif %}")


def _closing(paper: Paper, texts: dict[str, str]) -> None:
    """What the unit is asked to do, and where the reviewer signs."""
    _tag(paper, "{%p if comments %}")
    _indented(paper, texts["closing"])
    _tag(paper, "{%p else %}")
    _indented(paper, texts["closing-none"])
    _tag(paper, "{%p endif %}")
    for key in ("reviewer", "seal", "date"):
        paragraph = paper.add_paragraph(texts[key])
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.keep_with_next = key != "date"
        paragraph.paragraph_format.space_before = Pt(18 if key == "reviewer" else 0)


def _grid(paper: Paper, widths: Sequence[float], rows: int) -> Table:
    """A ruled table whose columns keep their widths (cm)."""
    grid: Table = paper.add_table(rows, len(widths), style="Table Grid")
    grid.autofit = False
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    return grid


def _write(cell: _Cell, text: str, style: str) -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.style = style
    if style == "Letter Head":
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    if text:
        paragraph.add_run(text)
    return paragraph


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EDEDED")):
        shade.set(qn(f"w:{name}"), value)
    properties: Any = cell._tc.get_or_add_tcPr()
    properties.insert_element_before(shade, "w:noWrap", "w:vAlign")


def _mark(row: _Row, name: str) -> None:
    """Set a property of a row that is either there or not, where its order asks for it."""
    mark = OxmlElement(name)
    properties = row._tr.get_or_add_trPr()
    properties.insert(0, mark) if name == "w:cantSplit" else properties.append(mark)


def _tag(paper: Paper, text: str) -> None:
    """A paragraph that only steers the template."""
    paper.add_paragraph(text)


def _indented(paper: Paper, text: str) -> None:
    """A paragraph whose first line is set in by two characters, on the page of what follows it."""
    shape = paper.add_paragraph(text).paragraph_format
    shape.first_line_indent, shape.space_before, shape.keep_with_next = Pt(24), Pt(8), True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
