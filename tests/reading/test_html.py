"""Web pages: what a browser shows of them is read, tables by their cells, and nothing else."""

import base64
import quopri
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_reading_forms import HEAD, PLAIN, ROWS, TAIL, rows

from narrcheck.filing import Filing
from narrcheck.reading import ReadError, ReadingLimits, documents, read_bytes
from narrcheck.reading.document import Row
from narrcheck.reading.kinds import kind_of

TITLES, LINES = HEAD.split("\n")[:3], [line.split("\t") for line in (HEAD + ROWS + TAIL).split("\n")[4:] if line]


def table(lines: list[list[str]] = LINES, attributes: str = "") -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>\n" for line in lines)
    return f"<table {attributes}>{body}</table>"


FORM = "".join(f"<p>{title}</p>" for title in TITLES) + table()


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html>\n<html><head><title>公告</title>{head}</head>\n<body>{body}</body></html>"


def one(body: str, encoding: str = "utf-8", head: str = "") -> Filing:
    (filing,) = read_bytes(page(body, head).encode(encoding), "a.html")
    return filing


def printed(body: str) -> tuple[Row, ...]:
    data = page(body).encode()
    (document,) = documents(data, "a.html", kind_of(data), ReadingLimits())
    return document.rows


def cells(body: str) -> list[tuple[str, ...]]:
    return [row.cells for row in printed(body)]


def test_a_form_among_the_rest_of_a_page() -> None:
    around = """<div class="top"><a href="/">首页</a> <a href="/b">办事</a></div><nav>项目名称</nav>
    <script>document.write("<table><tr><td>项目名称<td>脚本里的项目</table>")</script><style>td {color: red}</style>
    <table><tr><td>索引号</td><td>07-3</td></tr><tr><td>发布日期</td><td>2024-04-02</td></tr></table>"""
    below = "<div>分享到：微信</div><table><tr><td>主办单位：安平县图书馆</td></tr></table>"
    filing = one(around + FORM + below)
    assert rows(filing) == PLAIN
    assert (filing.year, filing.project, filing.unit, filing.grade) == (2023, "流动图书车运行", "安平县图书馆", "优")
    assert filing.narrative == "全年开行图书车126趟，服务站点31个。"
    assert filing.layout == "html"


def test_where_a_row_stands() -> None:
    first, second, third, fourth = printed("<p>甲<p>乙<br>丙<table><tr></tr><tr><td><td>丁</table>")
    assert [row.place.line for row in (first, second, third, fourth)] == [1, 2, 3, 4]
    assert [row.place.paragraph for row in (first, second, third)] == [1, 2, 2]
    assert (fourth.place.table, fourth.place.row, fourth.place.column, fourth.tabular) == (1, 1, 1, True)


def test_merged_cells() -> None:
    assert cells("<table><tr><td rowspan=2>甲<td colspan='2'>乙<td>丙<tr><td>丁<td>戊<td>己</table>") == [
        ("甲", "乙", "", "丙"),
        ("", "丁", "戊", "己"),
    ]


def test_rowspan_ends_with_its_section() -> None:
    body = "<table><tbody><tr><td rowspan=0>甲<td>乙<tr><td>丙</tbody><tbody><tr><td rowspan=9>丁<td>戊</tbody></table>"
    assert cells(body) == [("甲", "乙"), ("", "丙"), ("丁", "戊")]
    body = "<table><thead><tr><td rowspan=3>甲<td>乙</thead><tr><td>丙<td>丁</table>"
    assert cells(body) == [("甲", "乙"), ("丙", "丁")]


def test_the_foot_of_a_table_comes_last_and_the_caption_first() -> None:
    head, foot = "<thead><tr><th>甲<th>乙</thead>", "<tfoot><tr><td>总<td>计</tfoot>"
    found = cells(f"<table><caption>题</caption>{head}{foot}<tr><td>丙<td>丁</table>")
    assert found == [("题",), ("甲", "乙"), ("丙", "丁"), ("总", "计")]


def test_absurd_spans_are_cut() -> None:
    body = "<table><tr><td colspan=99999999999999>甲<tr><td rowspan=99999999999999>乙<td>丙<tr><td>丁</table>"
    assert cells(body) == [("甲", ""), ("乙", "丙"), ("", "丁")]
    assert max(map(len, cells("<table>" + "<tr>" + "<td>甲" * 1000 + "</table>"))) == 200


def test_rows_of_blanks_are_a_gap() -> None:
    upper, lower = printed("<table><tr><td>甲<td>乙<tr><td>&nbsp;<td> <tr><td>丙<td>丁</table>")
    assert (upper.gap, lower.gap, lower.place.row) == (0, 1, 3)
    upper, lower = printed("甲<p>&nbsp;</p><p><br></p>乙")
    assert lower.gap == 2


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("一\n  段\t话&nbsp;", "一段\t话".replace("\t", " ")),
        ("one\n  two   three", "one two three"),
        ("<p>上<p>下", "上\n下"),
        ("<div>上</div>\n<div>下</div>", "上\n下"),
        ("上 <br> 下<br>", "上\n下"),
        ("<span>图书</span><b>车</b><font>辆</font><a href=x>数</a>", "图书车辆数"),
        ("<ul><li>上<li>下</ul>", "上\n下"),
        ("上<p>&nbsp;</p>下", "上\n\n下"),
        ("12<sup>2</sup>", "122"),
        ("&lt;5&amp;6&#8805;7", "<5&6≥7"),
        ("留<del>下</del><s>的</s>", "留下的"),
        ("图<img alt='不' src=x>书<o:p></o:p>", "图书"),
        ("前<!-- 不 --><![if !supportLists]>后<![endif]>", "前后"),
        ("<pre>上 \n  下</pre>", "上 \n  下"),
        ("数：<input value='126'>趟", "数： 126 趟"),
        ("<input value=1><input type=hidden value=9><input type=checkbox value=8>2", "1 2"),
        ("<textarea>上\n下</textarea>", "上\n下"),
        ("<select><option>优<option selected>良</select>", "良"),
    ],
)
def test_the_text_of_a_cell(markup: str, text: str) -> None:
    assert cells(f"<table><tr><td>甲<td>{markup}</table>") == [("甲", text)]


@pytest.mark.parametrize(
    "hidden",
    [
        "<div hidden>不</div>", "<div style='color:red; DISPLAY : none'>不<p>不</p></div>",
        "<span style='visibility:hidden'>不</span>", "<i aria-hidden=true>不</i>", "<noscript>不</noscript>",
        "<template>不</template>", "<svg><text>不</text></svg>", "<iframe>不</iframe>", "<xml><w:x>不</w:x></xml>",
        "<v:shape>不</v:shape>", "<!--[if gte mso 9]>不<![endif]-->", "<nav>不</nav>", "<button>不</button>",
    ],
)  # fmt: skip
def test_what_nobody_sees_is_not_read(hidden: str) -> None:
    assert cells(f"上{hidden}<p>下") == [("上",), ("下",)]


def test_hidden_rows_and_cells_take_no_place() -> None:
    body = "<table><tr style='display:none'><td>不<td>不<tr><td>甲<td hidden>不<td>乙</table>"
    assert cells(body) == [("甲", "乙")]


def test_a_page_laid_out_by_tables() -> None:
    menu = "<table><tr><td>栏目一</td></tr><tr><td>栏目二</td></tr></table>"
    body = f"<table><tr><td colspan=2>某某网</td></tr><tr><td>{menu}</td><td><div>{FORM}</div></td></tr></table>"
    filing = one(body)
    assert rows(filing) == PLAIN
    assert (filing.year, filing.project) == (2023, "流动图书车运行")
    assert rows(one(f"<table><tr><td>{body}</td></tr></table>")) == PLAIN


def test_a_form_below_rows_about_it_in_the_same_table() -> None:
    about = "".join(f"<tr><td>{key}<td>{value}" for key, value in [("索引号", "1"), ("日期", "2"), ("标题", "3")])
    assert rows(one(f"<table>{about}<tr><td colspan=2>{FORM}</table>")) == PLAIN


def test_a_small_table_in_a_cell_is_its_text() -> None:
    small = "<table><tr><td>开行<td>126趟<tr><td>站点<td>31个</table>"
    body = FORM.replace("全年开行图书车126趟，服务站点31个。", small)
    filing = one(body)
    assert filing.narrative == "开行 126趟\n站点 31个"
    assert rows(filing) == PLAIN


def test_a_large_table_in_a_cell_is_read_behind_its_row() -> None:
    start = next(index for index, line in enumerate(LINES) if line[0] == "一级指标")
    end = next(index for index, line in enumerate(LINES) if line[0] == "总分")
    inner = table(LINES[start:end])
    outer = table([*LINES[:start], ["绩效指标", inner], *LINES[end:]])
    filing = one("".join(f"<p>{title}</p>" for title in TITLES) + outer)
    assert rows(filing) == PLAIN
    assert filing.grade == "优"


def test_tables_that_are_never_closed() -> None:
    assert cells("<table><tr><td>甲<td>乙<table><tr><td>丙<td>丁<table><tr><td>戊<td>己") == [
        ("甲",), ("乙",), ("丙",), ("丁",), ("戊", "己")
    ]  # fmt: skip


def test_a_preformatted_text_with_tabs_is_a_table() -> None:
    filing = one(f"<div>公告</div><pre>{HEAD + ROWS + TAIL}</pre>")
    assert rows(filing) == PLAIN
    assert cells("<pre>\n上 段\n\n  下 段\n</pre>") == [("上 段",), ("下 段",)]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16"])
@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "big5", "no-such-charset", ""])
def test_the_bytes_outweigh_what_is_declared(encoding: str, declared: str) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    assert rows(one(FORM, encoding, head)) == PLAIN


@pytest.mark.parametrize("charset", ["big5", "Big5-HKSCS", "cp950"])
def test_a_page_in_big5(charset: str) -> None:
    data = page("<table><tr><td>項目名稱<td>流動圖書車</table>", f'<meta charset="{charset}">').encode("cp950")
    (document,) = documents(data, "a.html", "html", ReadingLimits())
    assert document.rows[0].cells == ("項目名稱", "流動圖書車")


def test_a_page_that_calls_itself_a_workbook() -> None:
    head = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">
    <head><meta http-equiv=Content-Type content="text/html; charset=gb2312">
    <style>.x1 {mso-number-format:"0\\.00"}</style>
    <!--[if gte mso 9]><xml><x:ExcelWorkbook><x:Name>表一</x:Name></x:ExcelWorkbook></xml><![endif]--></head><body>
    <!--[if !excel]>　　<![endif]-->"""
    widths = "<![if supportMisalignedColumns]><tr height=0 style='display:none'><td width=64></td></tr><![endif]>"
    body = table([[line] for line in TITLES if line] + LINES).replace("</table>", widths + "</table>")
    (filing,) = read_bytes((head + body + "</body></html>").encode("gb18030"), "表.xls")
    assert rows(filing) == PLAIN


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "no-filing-found"),
        ("<p>今天天气很好", "no-filing-found"),
        ("<!-- -->", "no-filing-found"),
        ("<div>" * 100_000 + FORM, "damaged"),
        ("<table><tr><td>" * 100_000 + FORM, "damaged"),
        ("<table><tr><td>" * 200 + FORM, "damaged"),
        ("<table>" + "<tr><td colspan=199><td>甲" * 30_000, "damaged"),
    ],
)
def test_pages_that_hold_no_filing(body: str, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        one(body)
    assert caught.value.code == code and "a.html" in caught.value.explain("zh")


def test_entities_of_a_pages_own_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("文件的内容", "utf-8")
    declared = f'<!ENTITY a SYSTEM "{(tmp_path / "a.txt").as_uri()}"><!ENTITY b "实体的内容">'
    data = f"<!DOCTYPE html [{declared}]><html><body><table><tr><td>甲<td>&a;&b;</table></html>".encode()
    (document,) = documents(data, "a.html", "html", ReadingLimits())
    assert document.rows[-1].cells == ("甲", "&a;&b;")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([
    "<table>", "</table>", "<tr>", "<td>", "<td rowspan=2 colspan=3>", "</td>", "<p>", "</p>", "<pre>", "</pre>", "\t",
    "<br>", "甲", "\n", "<div>", "</div>", "<tfoot>", "<tbody>", "<caption>", "<textarea>", "</textarea>", "<select>",
    "<option selected>", "<b>", "</i>", "&nbsp;", "<!--", "-->", "&#0;", "&#30;", "<o:p>", "<svg>", "<td hidden>",
])))  # fmt: skip
def test_any_markup_is_read(pieces: list[str]) -> None:
    found = printed("".join(pieces))
    assert [row.place.line for row in found] == list(range(1, len(found) + 1))
    assert all(any(row.cells) and all(cell == cell.strip() for cell in row.cells) for row in found)


def archive(*parts: tuple[str, str, bytes]) -> bytes:
    """A saved page of parts: (content type, transfer encoding, encoded body)."""
    lines = [
        b"From: <Saved by a browser>", b"Subject: =?utf-8?B?5YWs5ZGK?=", b"MIME-Version: 1.0",
        b'Content-Type: multipart/related; type="text/html"; boundary="----=_Part"', b"", b"",
    ]  # fmt: skip
    for kind, encoding, body in parts:
        lines += [b"------=_Part", f"Content-Type: {kind}".encode(), f"Content-Transfer-Encoding: {encoding}".encode()]
        lines += [b"Content-Location: http://localhost/a", b"", body]
    return b"\r\n".join([*lines, b"------=_Part--", b""])


@pytest.mark.parametrize("charset", ["gb2312", "utf-8", "GBK"])
def test_a_page_saved_as_one_file(charset: str) -> None:
    body = page(FORM).encode("utf-8" if charset == "utf-8" else "gb18030")
    for encoding, packed in [("quoted-printable", quopri.encodestring(body)), ("base64", base64.encodebytes(body))]:
        data = archive(("text/css", "8bit", b"td {}"), (f'text/html; charset="{charset}"', encoding, packed))
        (filing,) = read_bytes(data, "a.mht")
        assert rows(filing) == PLAIN
    (filing,) = read_bytes(b"\r\n" + archive((f'text/html; charset="{charset}"', "8bit", body)), "a.mht")
    assert rows(filing) == PLAIN


def test_the_charset_of_a_part_is_honoured() -> None:
    body = page("<table><tr><td>項目名稱<td>流動圖書車</table>").encode("cp950")
    (document,) = documents(archive(("text/html; charset=big5", "8bit", body)), "a.mht", "mht", ReadingLimits())
    assert document.rows[0].cells == ("項目名稱", "流動圖書車")


def test_the_sheets_of_a_saved_workbook_are_parts_of_their_own() -> None:
    frames = b"<html><frameset><frame src=sheet001.htm></frameset></html>"
    sheet = page(FORM).encode()
    data = archive(("text/html", "8bit", frames), ("text/html", "8bit", b""), ("text/html", "8bit", sheet))
    (filing,) = read_bytes(data, "a.mht")
    assert rows(filing) == PLAIN


def test_a_saved_file_without_a_page_holds_no_filing() -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(archive(("image/png", "base64", b"AAAA")), "a.mht")
    assert caught.value.code == "no-filing-found"
    with pytest.raises(ReadError) as caught:
        read_bytes(archive(("text/html", "base64", b"")), "a.mht")
    assert caught.value.code == "empty-file"
