"""Workbooks in the old binary format (xls, et) and in the open format (ods)."""

import struct
import zipfile
from io import BytesIO

import pytest
import xlwt
from test_reading_forms import HEAD, PLAIN, ROWS, TAIL, rows

from narrcheck.reading import ReadError, ReadingLimits, ods, read_bytes, xls
from narrcheck.reading.document import Document, Note

NAMES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
KIND = "application/vnd.oasis.opendocument.spreadsheet"


def cells(document: Document) -> list[tuple[str, ...]]:
    return [row.cells for row in document.rows]


def saved(book: xlwt.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def old(text: str, *areas: tuple[int, int, int, int], name: str = "表") -> bytes:
    """The tab-separated text in an xls; areas (rows and columns, 0-based, both ends in) are merged."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(name)
    first = {(area[0], area[2]) for area in areas}
    for row, line in enumerate(text.splitlines()):
        for column, word in enumerate(line.split("\t")):
            if word and (row, column) not in first:
                sheet.write(row, column, word)
    for top, bottom, left, right in areas:
        sheet.write_merge(top, bottom, left, right, text.splitlines()[top].split("\t")[left])
    return saved(book)


def opened(content: str, styles: str = "", manifest: str = "<manifest/>") -> bytes:
    """An ods with these tables."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", KIND)
        file.writestr("META-INF/manifest.xml", manifest)
        file.writestr(
            "content.xml",
            f"<office:document-content{NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def table(*lines: str, name: str = "表", style: str = "ta1") -> str:
    return (
        f'<table:table table:name="{name}" table:style-name="{style}">'
        + "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
        + "</table:table>"
    )


def cell(*paragraphs: str, repeated: int = 1) -> str:
    inside = "".join(f"<text:p>{paragraph}</text:p>" for paragraph in paragraphs)
    return f'<table:table-cell table:number-columns-repeated="{repeated}">{inside}</table:table-cell>'


def only(data: bytes) -> Document:
    (document,) = ods.read(data, "a.ods", ReadingLimits())
    return document


def code_of_error(read: object, data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(data, "a", ReadingLimits())  # type: ignore[operator]
    return caught.value.code


def test_a_form_in_an_xls() -> None:
    data = old(HEAD + ROWS + TAIL, (0, 0, 0, 7), (4, 4, 2, 7), (10, 10, 1, 3), (12, 13, 0, 0))
    for name in ("a.xls", "a.et"):
        (filing,) = read_bytes(data, name)
        assert rows(filing) == PLAIN
        assert filing.layout == "sheet"


def test_what_an_xls_shows() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("数")
    for column, (value, code) in enumerate(
        [(0.98, "0.00%"), (1500, "General"), (0.1 + 0.2, "General"), (1500, "#,##0.00"), (5, '0"次"'),
         (45657, 'yyyy"年"m"月"d"日"'), (-1500.5, "#,##0.00_);[Red]\\(#,##0.00\\)"), (True, "General"),
         ("=4.00(期)", "General"), ("上\r\n下 ", "General")]
    ):  # fmt: skip
        sheet.write(2, column, value, xlwt.easyxf(num_format_str=code))
    sheet.row(2).set_cell_error(10, "#DIV/0!")
    (document,) = xls.read(saved(book), "a.xls", ReadingLimits())
    assert cells(document) == [
        ("98.00%", "1500", "0.3", "1,500.00", "5次", "2024年12月31日", "(1,500.50)", "TRUE", "=4.00(期)", "上\n下",
         "#DIV/0!")
    ]  # fmt: skip
    assert (document.rows[0].place.sheet, document.rows[0].place.row, document.rows[0].gap) == ("数", 3, 2)


def test_days_counted_from_1904_in_an_xls() -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    book.add_sheet("a").write(0, 0, 44195, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    (document,) = xls.read(saved(book), "a.xls", ReadingLimits())
    assert cells(document) == [("2024-12-31",)]


def test_hidden_sheets_of_an_xls() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for name, visibility in (("底稿", 1), ("正表", 0), ("名单", 2)):
        sheet = book.add_sheet(name)
        sheet.write(0, 0, name)
        sheet.visibility = visibility
    book.set_active_sheet(1)
    documents = xls.read(saved(book), "a.xls", ReadingLimits())
    assert [(cells(document), document.notes) for document in documents] == [
        ([("正表",)], (Note("note.hidden-sheets-beside", "底稿、名单"),)),
        ([("底稿",)], (Note("note.hidden-sheet", "底稿"),)),
        ([("名单",)], (Note("note.hidden-sheet", "名单"),)),
    ]


def test_an_xls_with_a_password() -> None:
    data = old("甲\t乙")
    interface, password = struct.pack("<HH", 0xE1, 2), struct.pack("<HH", 0x2F, 2)
    assert code_of_error(xls.read, data.replace(interface, password, 1)) == "password-protected"


@pytest.mark.parametrize(
    "damage", [lambda data: data[:600], lambda data: data[:2000], lambda data: b"", bytes.swapcase]
)
def test_a_damaged_xls(damage: object) -> None:
    assert code_of_error(xls.read, damage(old("甲\t乙\n" * 30))) == "damaged"  # type: ignore[operator]


def test_a_form_in_an_ods() -> None:
    lines = [
        "".join(cell(word) if word else cell() for word in line.split("\t"))
        for line in (HEAD + ROWS + TAIL).splitlines()
    ]
    (filing,) = read_bytes(opened(table(*lines)), "a.ods")
    assert rows(filing) == PLAIN
    assert filing.layout == "sheet"


def test_what_an_ods_shows() -> None:
    document = only(
        opened(
            table(
                cell("甲", "乙")
                + cell("一<text:s/>二<text:s text:c='2'/>三<text:tab/>四<text:line-break/>五")
                + cell("<text:span>红<text:span>字</text:span></text:span>与<text:a>链接</text:a>。\n  下")
                + '<table:table-cell office:value-type="percentage" office:value="0.98"><office:annotation><text:p>批注'
                "</text:p></office:annotation><text:p>98.0%</text:p></table:table-cell>"
            )
        )
    )
    assert cells(document) == [("甲\n乙", "一 二  三\t四\n五", "红字与链接。 下", "98.0%")]


def test_values_an_ods_does_not_print() -> None:
    values = [
        ("float", "value", "1500"), ("percentage", "value", "0.985"), ("string", "string-value", "字"),
        ("date", "date-value", "2024-12-31"), ("float", "value", "many"),
    ]  # fmt: skip
    row = "".join(
        f'<table:table-cell office:value-type="{kind}" office:{name}="{value}"/>' for kind, name, value in values
    )
    document = only(opened(table(row + '<table:table-cell table:formula="of:=A1"/>')))
    assert cells(document) == [("1500", "98.50%", "字", "2024-12-31")]
    assert document.notes == (Note("note.formula-without-value", "表!F1"),)


def test_merged_and_repeated_cells_of_an_ods() -> None:
    merged = (
        '<table:table-cell table:number-columns-spanned="2"><text:p>宽</text:p></table:table-cell>'
        "<table:covered-table-cell><text:p>藏</text:p></table:covered-table-cell>"
    )
    blank = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    head = f"<table:table-header-rows><table:table-row>{merged}{cell('末')}</table:table-row></table:table-header-rows>"
    twice = f'<table:table-row table:number-rows-repeated="2">{cell()}{cell("同", repeated=2)}</table:table-row>'
    rows_ = f"{head}{blank}<table:table-row-group>{twice}</table:table-row-group>"
    document = only(opened(f'<table:table table:name="表">{rows_}</table:table>'))
    assert cells(document) == [("宽", "", "末"), ("", "同", "同"), ("", "同", "同")]
    assert [(row.place.row, row.gap) for row in document.rows] == [(1, 0), (5, 3), (6, 0)]


def test_absurd_repeats_are_cut() -> None:
    huge = "1" + "0" * 40
    row = f"{cell('甲')}<table:table-cell table:number-columns-repeated='{huge}'><text:p>乙</text:p></table:table-cell>"
    rows_ = f'<table:table-row table:number-rows-repeated="{huge}">{row}</table:table-row>' * 2
    document = only(opened(f'<table:table table:name="表">{rows_}</table:table>'))
    assert document.rows[0].cells == ("甲", *["乙"] * 199)
    assert len(document.rows) < 20000


def test_hidden_sheets_of_an_ods() -> None:
    styles = (
        '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
        '<style:style style:name="ta1"><style:table-properties table:display="true"/></style:style>'
    )
    data = opened(table(cell("藏"), name="底稿", style="ta2") + table(cell("现"), name="正表"), styles)
    documents = ods.read(data, "a.ods", ReadingLimits())
    assert [(cells(document), document.notes) for document in documents] == [
        ([("现",)], (Note("note.hidden-sheets-beside", "底稿"),)),
        ([("藏",)], (Note("note.hidden-sheet", "底稿"),)),
    ]


def test_an_ods_that_cannot_be_read() -> None:
    good = opened(table(cell("甲")))
    locked = opened("", manifest="<manifest><file-entry><encryption-data/></file-entry></manifest>")
    assert code_of_error(ods.read, locked) == "password-protected"
    assert code_of_error(ods.read, good[:-40]) == "damaged"
    assert code_of_error(ods.read, opened("<table:table>")) == "damaged"
    deep = opened(table(cell("<text:span>" * 5000 + "深" + "</text:span>" * 5000)))
    assert code_of_error(ods.read, deep) == "damaged"


def test_a_workbook_that_speaks_of_other_formats_and_one_whose_directory_is_broken() -> None:
    from narrcheck.reading.kinds import kind_of

    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "附件见 WordDocument 与 EncryptedPackage 说明")
    out = BytesIO()
    book.save(out)
    data = out.getvalue()
    assert kind_of(data) == "xls"
    assert kind_of(data[:512] + bytes(len(data) - 512)) == "unknown"
    # Every entry of the directory names itself as its neighbour.
    start = (int.from_bytes(data[48:52], "little") + 1) * 512
    looped = bytearray(data)
    for at in range(start, start + 512, 128):
        looped[at + 68 : at + 80] = bytes(12)
    assert kind_of(bytes(looped)) in ("xls", "office", "locked")
