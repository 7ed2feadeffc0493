"""Texts of Word documents that stand in unusual places, and in the order they are printed."""

import zipfile
from io import BytesIO

import pytest

from narrcheck.reading import ReadingLimits
from narrcheck.reading.document import Document, Note
from narrcheck.reading.docx import read

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def document(body: str, encoding: str = "utf-8") -> Document:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        xml = f'<?xml version="1.0" encoding="{encoding}"?><w:document {SPACES}><w:body>{body}</w:body></w:document>'
        file.writestr("word/document.xml", xml.encode(encoding))
    (found,) = read(out.getvalue(), "a.docx", ReadingLimits())
    return found


def cells(found: Document) -> list[tuple[str, ...]]:
    return [row.cells for row in found.rows]


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def tbl(*lines: tuple[str, ...]) -> str:
    rows = ("<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in line) + "</w:tr>" for line in lines)
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def grid(name: str) -> str:
    return tbl(*(tuple(p(f"{name}{row}{column}") for column in range(4)) for row in range(4)))


def test_what_stands_between_forms_inside_a_frame_stays_between_them() -> None:
    found = document(tbl((p("渡船") + grid("甲") + p("灯塔") + grid("乙") + p("完"),)))
    assert [row[0] for row in cells(found)] == [
        "渡船", "甲00", "甲10", "甲20", "甲30", "灯塔", "乙00", "乙10", "乙20", "乙30", "完",
    ]  # fmt: skip


def test_a_form_two_frames_deep_keeps_its_cells() -> None:
    assert cells(document(tbl((tbl((grid("甲"),)),)))) == cells(document(grid("甲")))


def test_tables_and_controls_in_a_text_box() -> None:
    inside = tbl((p("甲"), p("乙"))) + f"<w:sdt><w:sdtContent>{p('丙')}</w:sdtContent></w:sdt>"
    box = f"<w:r><w:pict><w:txbxContent>{inside}</w:txbxContent></w:pict></w:r>"
    assert cells(document(f"<w:p><w:r><w:t>前</w:t></w:r>{box}</w:p>")) == [("前",), ("甲", "乙"), ("丙",)]


@pytest.mark.parametrize("wrap", ["<w:p><w:r>{}</w:r></w:p>", "{}"])
@pytest.mark.parametrize(("forms", "shown"), [("FALLBACK", "后"), ("CHOICE FALLBACK", "先"), ("CHOICE", "先")])
def test_one_of_several_forms_is_read(wrap: str, forms: str, shown: str) -> None:
    made = "<w:t>{}</w:t>" if "w:r" in wrap else p("{}")
    both = forms.replace("CHOICE", f"<mc:Choice>{made.format('先')}</mc:Choice>").replace(
        "FALLBACK", f"<mc:Fallback>{made.format('后')}</mc:Fallback>"
    )
    assert cells(document(wrap.format(f"<mc:AlternateContent>{both}</mc:AlternateContent>"))) == [(shown,)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_is_deleted_or_hidden_stays_so_in_every_encoding(encoding: str) -> None:
    gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('旧')}</w:tc></w:tr>"
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:t>新</w:t></w:r></w:p>"
    found = document(f"<w:tbl>{gone}<w:tr><w:tc>{hidden}</w:tc></w:tr></w:tbl>", encoding)
    assert cells(found) == [("新",)]
    assert found.notes == (Note("note.tracked-changes"),)


@pytest.mark.parametrize(
    "body",
    [
        f"<w:tbl><w:tr><w:trPr><w:ins/></w:trPr><w:tc>{p('新')}</w:tc></w:tr></w:tbl>",
        f"<w:tbl><w:tr><w:tc><w:tcPr><w:cellIns/></w:tcPr>{p('新')}</w:tc></w:tr></w:tbl>",
        "<w:p><w:pPr><w:rPr><w:ins/></w:rPr></w:pPr><w:r><w:t>新</w:t></w:r></w:p>",
        f"<w:moveFrom>{p('旧')}</w:moveFrom>{p('新')}",
    ],
)
def test_changes_without_changed_runs_are_spoken_of(body: str) -> None:
    found = document(body)
    assert cells(found) == [("新",)]
    assert found.notes == (Note("note.tracked-changes"),)


@pytest.mark.parametrize("extra", ["", "<w:r><w:rPr><w:vanish/></w:rPr></w:r>"])
def test_a_table_reads_the_same_beside_hidden_text(extra: str) -> None:
    odd = (
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t> 甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:cr/>"
        '<w:t>丙 </w:t><w:br w:type="page"/><w:noBreakHyphen/><w:sym w:font="Symbol" w:char="F0B3"/></w:r></w:p><w:p/>'
        + p("丁")
    )
    body = (
        '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="2"/>'
        f'<w:vMerge w:val="restart"/></w:tcPr>{odd}</w:tc><w:tc>{p("戊")}</w:tc></w:tr>'
        f'<w:tr><w:tc/><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge/></w:tcPr>{p("盖")}</w:tc><w:tc>{p("己")}</w:tc>'
        f'</w:tr><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>{p("宽")}</w:tc><w:tc>{p("外")}</w:tc>'
        "</w:tr></w:tbl>"
    )
    found = cells(document(body + f"<w:p>{extra}</w:p>"))
    assert found[:2] == [("", "甲 乙\n\n丙 -≥\n丁", "", "戊"), ("", "", "", "己")]
    assert found[2] == ("宽", *[""] * 199)
