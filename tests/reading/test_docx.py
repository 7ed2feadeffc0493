"""Word documents: merged cells, wrapped and nested content, tracked changes, symbols; and documents that are broken."""

import io
import zipfile

import pytest
from test_reading_forms import HEAD, PLAIN, ROWS, TAIL, rows

from narrcheck.printed import Row, spot
from narrcheck.reading import ReadError, read_bytes
from narrcheck.reading.docx import read
from narrcheck.reading.limits import ReadingLimits

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
SPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


RELATIONS = '<Relationships><Relationship Type="x/officeDocument" Target="word/document.xml"/></Relationships>'


def docx(body: str, space: str = WORD, **parts: str) -> bytes:
    """A document with this body; further parts replace or join the usual ones."""
    files = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": RELATIONS,
        "word/document.xml": f'<w:document xmlns:w="{space}" {SPACES}><w:body>{body}</w:body></w:document>',
        **parts,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in files.items():
            file.writestr(name, text)
    return out.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(one if one.startswith('<') else run(one) for one in runs)}</w:p>"


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else p(content)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(c if c.startswith('<') else tc(c) for c in cells)}</w:tr>"


def tbl(*lines: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(lines)}</w:tbl>"


def rows_of(body: str, space: str = WORD) -> list[Row]:
    (document,) = read(docx(body, space), "a.docx", ReadingLimits())
    return list(document.rows)


def cells(body: str) -> list[tuple[str, ...]]:
    return [row.cells for row in rows_of(body)]


def text(*runs: str) -> str:
    """What is shown of a paragraph with these runs."""
    (row,) = rows_of(p(*runs))
    return row.cells[0]


@pytest.mark.parametrize("space", [WORD, STRICT])
def test_merged_cells(space: str) -> None:
    body = tbl(
        tr(tc("指标", '<w:gridSpan w:val="2"/>'), tc("数值", '<w:vMerge w:val="restart"/>')),
        tr("甲", "乙", tc("丙", "<w:vMerge/>")),
        tr(tc("丁"), tc("戊", '<w:hMerge w:val="continue"/>'), tc("己", '<w:vMerge w:val="continue"/>')),
        tr("庚", "辛", properties='<w:gridBefore w:val="1"/>'),
    )
    found = rows_of(body, space)
    assert [row.cells for row in found] == [("指标", "", "数值"), ("甲", "乙", ""), ("丁", "", ""), ("", "庚", "辛")]
    where = spot(found[3], 2)
    assert (where.table, where.row, where.column, where.page) == (1, 4, 3, None)


def test_texts_and_tables_in_order_with_their_places() -> None:
    body = p("标题") + p("") + p("") + tbl(tr("一", "二")) + p("中间") + tbl(tr("三", "四"))
    found = rows_of(body)
    assert [row.cells for row in found] == [("标题",), ("一", "二"), ("中间",), ("三", "四")]
    assert [row.place.table for row in found] == [None, 1, None, 2]
    assert [row.place.paragraph for row in found] == [1, None, 4, None]
    assert [row.tabular for row in found] == [False, True, False, True]
    assert [row.gap for row in found] == [0, 2, 0, 0]
    assert [row.place.line for row in found] == [1, 2, 3, 4]


def test_cells_hold_paragraphs_and_line_breaks() -> None:
    body = tbl(tr(tc(p("第一段") + p("") + p("第二段", "<w:r><w:br/></w:r>", "折行")), "后"))
    assert cells(body) == [("第一段\n第二段\n折行", "后")]


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        (["共", "<w:r><w:tab/></w:r>", "12 次"], "共 12 次"),
        (["A", "<w:r><w:noBreakHyphen/></w:r>", "1"], "A-1"),
        (['<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', "90%"], "≥90%"),
        (['<w:r><w:sym w:font="Symbol" w:char="F0A3"/></w:r>', "5"], "≤5"),
        (['<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "是"], "☑是"),
        (["<m:oMath><m:r><m:t>≥</m:t></m:r></m:oMath>", "3"], "≥3"),
        (["<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>", "后"], "链接后"),
        (["前", run("看不见", "<w:vanish/>"), "后"], "前后"),
        (["前", run("看得见", '<w:vanish w:val="0"/>'), "后"], "前看得见后"),
        (["<w:r><w:instrText>PAGE 12</w:instrText></w:r>", "正文"], "正文"),
        (["<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>"], "控件"),
        (["前", "<w:r><w:br w:type='page'/></w:r>", "后"], "前后"),
        (["<w:smartTag><w:r><w:t>标签</w:t></w:r></w:smartTag>"], "标签"),
    ],
)
def test_what_a_paragraph_shows(runs: list[str], shown: str) -> None:
    assert text(*runs) == shown


def test_a_text_box_is_read_once() -> None:
    box = "<w:txbxContent>" + p("框内") + "</w:txbxContent>"
    choice = f"<mc:Choice><wps:txbx>{box}</wps:txbx></mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    assert cells(p("正文", f"<w:r><mc:AlternateContent>{choice}</mc:AlternateContent></w:r>")) == [("正文",), ("框内",)]


def test_tracked_changes_are_read_as_accepted() -> None:
    deleted = "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
    body = (
        p("共", deleted, "<w:ins><w:r><w:t>新</w:t></w:r></w:ins>")
        + p(
            "移走", "<w:moveFrom><w:r><w:t>甲</w:t></w:r></w:moveFrom>", "<w:moveTo><w:r><w:t>乙</w:t></w:r></w:moveTo>"
        )
        + p("并入", properties="<w:rPr><w:del/></w:rPr>")
        + p("下一段")
        + tbl(tr("留"), tr("删", properties="<w:del/>"), tr("格", tc("删格", "<w:cellDel/>"), "末"))
    )
    (document,) = read(docx(body), "a.docx", ReadingLimits())
    assert [row.cells for row in document.rows] == [("共新",), ("移走乙",), ("并入下一段",), ("留",), ("格", "末")]
    assert [note.key for note in document.notes] == ["note.tracked-changes"]
    assert not read(docx(p("无")), "a.docx", ReadingLimits())[0].notes


def test_a_form_inside_a_layout_table_stands_alone_and_a_small_table_stays_in_its_cell() -> None:
    form = tbl(*(tr(f"{n}一", f"{n}二", f"{n}三", f"{n}四") for n in range(4)))
    assert cells(tbl(tr(tc(p("外框") + form)))) == [
        ("外框",), *((f"{n}一", f"{n}二", f"{n}三", f"{n}四") for n in range(4)),
    ]  # fmt: skip
    small = tbl(tr("春", "12 次"), tr("秋", "8 次"))
    assert cells(tbl(tr("说明", tc(p("分季：") + small)))) == [("说明", "分季：\n春 12 次\n秋 8 次")]


def test_rows_and_cells_inside_content_controls() -> None:
    wrapped = f"<w:sdt><w:sdtContent>{tr('二', '2')}</w:sdtContent></w:sdt>"
    cell = f"<w:sdt><w:sdtContent>{tc('3')}</w:sdtContent></w:sdt>"
    body = f"<w:sdt><w:sdtContent>{tbl(tr('一', '1'), wrapped, tr('三', cell))}</w:sdtContent></w:sdt>"
    assert cells(body) == [("一", "1"), ("二", "2"), ("三", "3")]


def form(lines: str = HEAD + ROWS + TAIL) -> str:
    """The plain form as a title and a table."""
    title, year, *table = [line for line in lines.split("\n") if line]
    return p(title) + p(year) + tbl(*(tr(*line.split("\t")) for line in table))


def test_a_form_in_a_content_control_and_two_forms_in_a_document() -> None:
    wrapped = f"<w:sdt><w:sdtContent>{form()}</w:sdtContent></w:sdt>"
    (filing,) = read_bytes(docx(wrapped), "a.docx")
    assert rows(filing) == PLAIN and filing.layout == "docx"
    second = form((HEAD + ROWS + TAIL).replace("流动图书车运行", "基层图书室补充").replace("2023", "2024"))
    found = read_bytes(docx(form() + p("") + second), "a.docx")
    assert [(one.project, one.year, one.source.index) for one in found] == [
        ("流动图书车运行", 2023, 1), ("基层图书室补充", 2024, 2),
    ]  # fmt: skip
    assert rows(found[1]) == PLAIN


def test_the_body_under_another_name() -> None:
    body = f'<w:document xmlns:w="{WORD}"><w:body>{p("正文")}</w:body></w:document>'
    relations = RELATIONS.replace("document.xml", "document2.xml")
    data = docx("", **{"word/document2.xml": body, "_rels/.rels": relations})
    renamed = data.replace(b"word/document.xml", b"word/documenx.xml")
    assert read(renamed, "a.docx", ReadingLimits())[0].rows[0].cells == ("正文",)


def test_changed_figures_of_a_form_are_read_as_accepted() -> None:
    changed = "<w:del><w:r><w:delText>126趟</w:delText></w:r></w:del><w:ins><w:r><w:t>119趟</w:t></w:r></w:ins>"
    body = form().replace(tc("126趟"), f"<w:tc><w:tcPr/><w:p>{changed}</w:p></w:tc>")
    (filing,) = read_bytes(docx(body), "a.docx")
    assert filing.indicators[0].actual.raw == "119趟"
    assert filing.notes[0].key == "note.tracked-changes"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (docx("<w:p>"), "damaged"),
        (docx(p("a"), **{"word/document.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "x">]><a>&b;</a>'}), "unsafe-xml"),
        (docx(p("a"), **{"word/document.xml": "<nothing/>"}), "damaged"),
        (docx(p("甲"))[:-30], "damaged"),
        (docx(p("a" * 100) * 40000), "unpacks-too-large"),
        (docx("<w:sdt><w:sdtContent>" * 3000 + p("深") + "</w:sdtContent></w:sdt>" * 3000), "damaged"),
        (docx(p("没有表格")), "no-filing-found"),
    ],
)  # fmt: skip
def test_documents_that_cannot_be_read(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "a.docx", None, ReadingLimits(unpacked_mb=4))
    assert caught.value.code == code
    assert "a.docx" in caught.value.explain("zh")


def test_a_bomb_of_a_high_ratio() -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(docx(p("a" * 1000) * 25000), "a.docx", None, ReadingLimits(ratio=50))
    assert caught.value.code == "unpacks-too-much"
    assert "50" in caught.value.explain("zh")


def test_the_hint_of_an_empty_content_control_is_no_text() -> None:
    hint = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = tbl(tr(tc(f"<w:p>{hint.format(run('单击此处输入文字。'))}</w:p>"), "余下")) + hint.format(p("选择一项。"))
    assert cells(body) == [("", "余下")]
