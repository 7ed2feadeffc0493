"""Workbooks in xlsx: what a person sees in the cells, sheet by sheet."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from test_reading_forms import HEAD, PLAIN, ROWS, TAIL, rows

from narrcheck.reading import ReadError, ReadingLimits, read_bytes
from narrcheck.reading.document import Document, Note
from narrcheck.reading.xlsx import read

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def book_of(**sheets: Callable[[Worksheet], None]) -> Workbook:
    book = Workbook()
    del book[book.sheetnames[0]]
    for name, fill in sheets.items():
        fill(book.create_sheet(name))
    return book


def typed(text: str, sheet: Worksheet) -> None:
    """The tab-separated text in a sheet: percentages and amounts as numbers with a format."""
    for row, line in enumerate(text.splitlines(), 1):
        for column, word in enumerate(line.split("\t"), 1):
            cell = sheet.cell(row, column)
            if word.endswith("%") and word[:-1].replace(".", "").isdigit():
                cell.value = float(word[:-1]) / 100
                cell.number_format = "0.00%" if "." in word else "0%"
            elif word.replace(".", "").isdigit():
                cell.value = float(word)
                cell.number_format = "0.00" if word.endswith(".00") else "General"
            elif word:
                cell.value = word
                cell.data_type = "s"


def package(
    cells: str = "",
    shared: str = "",
    target: str = "worksheets/sheet1.xml",
    root: str = "",
    properties: str = "",
    styles: str = "",
) -> bytes:
    """A workbook written by hand, with `cells` as its only sheet's data (or `root` as its whole part)."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(
            "xl/workbook.xml",
            f'<x:workbook xmlns:x="{MAIN}" xmlns:r="{OFFICE}">{properties}<x:sheets>'
            '<x:sheet name="表" sheetId="1" r:id="rId7"/></x:sheets></x:workbook>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="rId7" Type="{OFFICE}/worksheet" Target="{target}"/></Relationships>',
        )
        if shared:
            file.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}" uniqueCount="99999999999">{shared}</sst>')
        if styles:
            file.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
        file.writestr(
            "xl/worksheets/sheet1.xml",
            root or f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
        )
    return out.getvalue()


def only(data: bytes) -> Document:
    (document,) = read(data, "a.xlsx", ReadingLimits())
    return document


def cells(document: Document) -> list[tuple[str, ...]]:
    return [row.cells for row in document.rows]


def test_a_form_typed_with_numbers_and_merged_cells() -> None:
    def fill(sheet: Worksheet) -> None:
        typed(HEAD + ROWS + TAIL, sheet)
        for area in ("A1:H1", "C5:H5", "A7:A9", "A10:A11", "B11:D11", "E11:H11", "A13:A14"):
            sheet.merge_cells(area)

    (filing,) = read_bytes(saved(book_of(自评表=fill)), "a.xlsx")
    assert rows(filing) == PLAIN
    assert filing.layout == "sheet"
    assert [filing.funds[0].rate.raw, filing.funds[0].executed.raw] == ["95.00%", "76.00"]
    assert filing.narrative == "全年开行图书车126趟，服务站点31个。"


def test_forms_in_two_sheets_and_one_below_the_other() -> None:
    first, second = HEAD + ROWS + TAIL, (HEAD + ROWS + TAIL).replace("流动图书车运行", "古籍修复")
    two = book_of(甲=lambda sheet: typed(first, sheet), 乙=lambda sheet: typed(second, sheet))
    below = book_of(全部=lambda sheet: typed(first + "\n\n" + second, sheet))
    for book in (two, below):
        filings = read_bytes(saved(book), "a.xlsx")
        assert [filing.project for filing in filings] == ["流动图书车运行", "古籍修复"]
        assert [rows(filing) for filing in filings] == [PLAIN, PLAIN]


def test_places_gaps_and_widths() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["C3"], sheet["B4"], sheet["B7"] = "流量", "甲站", "乙站"
        sheet["F4"] = "   "

    document = only(saved(book_of(水文=fill)))
    assert cells(document) == [("", "", "流量"), ("", "甲站", ""), ("", "乙站", "")]
    assert [(row.place.line, row.place.row, row.place.column, row.gap) for row in document.rows] == [
        (1, 3, 1, 2), (2, 4, 1, 0), (3, 7, 1, 2),
    ]  # fmt: skip
    assert {(row.place.sheet, row.place.table, row.tabular) for row in document.rows} == {("水文", None, True)}


def test_merged_ranges_show_their_first_cell_alone() -> None:
    data = package(
        root=f'<worksheet xmlns="{MAIN}"><sheetData>'
        + "".join(
            f'<row r="{row}">'
            + "".join(f'<c r="{column}{row}" t="str"><v>{column}{row}</v></c>' for column in "ABC")
            + "</row>"
            for row in (1, 2, 3)
        )
        + '</sheetData><mergeCells><mergeCell ref="A2:B3"/><mergeCell ref="C1:C2"/><mergeCell ref="x"/></mergeCells>'
        "</worksheet>"
    )
    assert cells(only(data)) == [("A1", "B1", "C1"), ("A2", "", ""), ("", "", "C3")]


def test_hidden_sheets_come_last_and_are_spoken_of() -> None:
    book = book_of(**{name: lambda sheet: typed("测站\t数量", sheet) for name in ("底稿", "正表", "名单", "附表")})
    book.create_sheet("空表").sheet_state = "hidden"
    book["底稿"].sheet_state, book["名单"].sheet_state = "hidden", "veryHidden"
    documents = read(saved(book), "a.xlsx", ReadingLimits())
    assert [document.rows[0].place.sheet for document in documents] == ["正表", "附表", "底稿", "名单"]
    beside = Note("note.hidden-sheets-beside", "底稿、名单")
    assert [document.notes for document in documents] == [
        (beside,), (beside,), (Note("note.hidden-sheet", "底稿"),), (Note("note.hidden-sheet", "名单"),),
    ]  # fmt: skip


def test_numbers_dates_truth_and_errors() -> None:
    def fill(sheet: Worksheet) -> None:
        for column, (value, code) in enumerate(
            [(0.98, "0.00%"), (1500, "General"), (0.1 + 0.2, "General"), (1500, "#,##0.00"), (5, '0"次"'),
             (45657, 'yyyy"年"m"月"d"日"'), (True, "General"), ("#DIV/0!", "General"), ("00123", "@")], 1
        ):  # fmt: skip
            sheet.cell(1, column, value).number_format = code

    assert cells(only(saved(book_of(数=fill)))) == [
        ("98.00%", "1500", "0.3", "1,500.00", "5次", "2024年12月31日", "TRUE", "#DIV/0!", "00123")
    ]


def test_dates_counted_from_1904_and_dates_written_out() -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="31"/></cellXfs>'
    row = '<row><c s="1"><v>44195</v></c><c s="1" t="d"><v>2024-12-31T00:00:00Z</v></c><c s="9"><v>2</v></c></row>'
    document = only(package(row, styles=styles, properties='<x:workbookPr date1904="1"/>'))
    assert cells(document) == [("2024年12月31日", "2024年12月31日", "2")]
    assert cells(only(package(row)))[0][0] == "44195"


def test_texts_stay_as_they_are() -> None:
    shared = (
        "<si><r><t>第一</t></r><r><t xml:space='preserve'>段 </t></r><rPh><t>DIYI</t></rPh></si>"
        "<si><t>上_x000D_\n下_x005F_x000D_</t></si><si><t> =4.00(期)\n</t></si><si><t>a_xD83D_b_x0007_</t></si>"
    )
    row = "".join(f'<c t="s"><v>{index}</v></c>' for index in range(4))
    inline = '<c t="inlineStr"><is><r><t>分</t></r><r><t>段</t></r></is></c><c t="str"><f>A1</f><v>甲_x000D_乙</v></c>'
    document = only(package(f"<row>{row}{inline}</row>", shared))
    assert cells(document) == [("第一段", "上\n下_x000D_", "=4.00(期)", "a\ufffdb", "分段", "甲\n乙")]


def test_formulas() -> None:
    row = (
        '<row r="2"><c r="A2" t="str"><v>x</v></c><c r="B2"><f>1+1</f><v>2</v></c><c r="C2"><f>B2*2</f><v></v></c>'
        '<c r="D2"><f>SUM(B2:C2)</f></c><c r="E2" t="str"><f>IF(B2,"")</f><v></v></c>'
        '<c r="F2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    document = only(package(row))
    assert cells(document) == [("x", "2", "", "", "", "#DIV/0!")]
    assert document.notes == (Note("note.formula-without-value", "表!C2、表!D2"),)


@pytest.mark.parametrize(
    "text",
    ["4.00(期)", "4.00（期）", "100%", "6", "6辆", "1,200元", "-3.5℃", "95.00(%)", "6-8次", "98 %", "3km", "0起/年"],
)
def test_a_text_that_a_writer_took_for_a_formula(text: str) -> None:
    document = only(saved(book_of(表=lambda sheet: sheet.append(["x", "=" + text]))))
    assert cells(document) == [("x", "=" + text)]
    assert not document.notes


@pytest.mark.parametrize(
    "formula", ["6-8", "6*2", "B1", "SUM(B1:B3)", "100%*B1", "6&amp;B1", "'2024年'!A1", "3:5", "1E5+2"]
)
def test_a_formula_is_no_text(formula: str) -> None:
    document = only(package(f'<row><c t="str"><v>x</v></c><c r="B1"><f>{formula}</f></c></row>'))
    assert cells(document) == [("x",)]
    assert document.notes == (Note("note.formula-without-value", "表!B1"),)


def test_a_formula_under_a_merged_range_is_not_spoken_of() -> None:
    data = package(
        root=f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="str"><v>x</v></c><c><f>A1</f></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
    )
    assert only(data).notes == ()


def test_many_formulas_are_named_in_part() -> None:
    row = "<row><c t='str'><v>x</v></c>" + "<c><f>A1</f></c>" * 40 + "</row>"
    (note,) = only(package(row)).notes
    assert note.fact.startswith("表!B1、表!C1、")
    assert note.fact.endswith("表!AE1…")


@pytest.mark.parametrize(
    "target",
    ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "../xl/worksheets/Sheet1.xml", "worksheets\\sheet1.xml"],
)
def test_parts_are_found_however_they_are_named(target: str) -> None:
    assert cells(only(package('<row><c t="str"><v>x</v></c></row>', target=target))) == [("x",)]


def test_prefixed_and_strict_markup() -> None:
    for space in (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"):
        root = (
            f'<q:worksheet xmlns:q="{space}"><q:sheetData><q:row r="2"><q:c r="B2" t="str"><q:v>甲</q:v></q:c><q:c>'
            "<q:v>2</q:v></q:c></q:row><q:row><q:c t='str'><q:v>乙</q:v></q:c></q:row></q:sheetData></q:worksheet>"
        )
        document = only(package(root=root))
        assert cells(document) == [("", "甲", "2"), ("乙", "", "")]
        assert [row.place.row for row in document.rows] == [2, 3]


def test_sheets_that_are_no_tables_are_left_out() -> None:
    assert read(package(root=f'<chartsheet xmlns="{MAIN}"/>'), "a.xlsx", ReadingLimits()) == ()
    assert read(package(), "a.xlsx", ReadingLimits()) == ()


def test_a_stray_cell_far_away_costs_nothing() -> None:
    far = '<c r="XFD1" t="str"><v>far</v></c></row><row r="1048576"><c r="{}1048576" t="str"><v>low</v></c></row>'
    near = '<row r="1"><c r="A1" t="str"><v>x</v></c>'
    assert cells(only(package(near + far.format("XFD")))) == [("x",)]
    document = only(package(near + far.format("B")))
    assert cells(document) == [("x", ""), ("", "low")]
    assert [row.place.row for row in document.rows] == [1, 1048576]


def test_merged_ranges_over_whole_sheets_and_over_each_other() -> None:
    merged = '<mergeCell ref="A2:XFD1048576"/>' * 3000
    lines = "".join(f'<row r="{row}"><c t="str"><v>{row}</v></c></row>' for row in range(1, 40))
    data = package(
        root=f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData><mergeCells>{merged}</mergeCells></worksheet>'
    )
    assert cells(only(data)) == [("1",), ("2",)]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        package('<row><c t="s"><v>0</v></c></row>'),
        package('<row><c t="s"><v>7</v></c></row>', "<si><t>a</t></si>"),
        package(target="worksheets/sheet2.xml"),
        package("<row><c>"),
        package("<row><c t='str'><v>甲</v></c></row>")[:-60],
    ],
)
def test_damaged(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read(data, "a.xlsx", ReadingLimits())
    assert caught.value.code == "damaged"
    assert caught.value.facts == {"path": "a.xlsx"}


def test_unsafe_and_oversized() -> None:
    entity = f'<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet xmlns="{MAIN}"/>'
    big = package('<row><c t="str"><v>x</v></c></row>' * 50000)
    for data, code in ((package(root=entity), "unsafe-xml"), (big, "unpacks-too-large")):
        with pytest.raises(ReadError) as caught:
            read(data, "a.xlsx", ReadingLimits(unpacked_mb=1))
        assert caught.value.code == code


@pytest.mark.parametrize(
    "cell",
    [
        "<c r='??' t='str'><v>x</v></c>",
        "<c t='n'><v>twelve</v></c>",
        "<c t='d'><v>some day</v></c>",
        "<c s='-4'><v>1e999</v></c>",
        "<c t='q'><v>3</v></c>",
        "<c t='s'/>",
        "<c t='str'><v><b/></v></c>",
    ],
)
@pytest.mark.parametrize("row", ["1", "-5", "99999999999999999999", "x"])
def test_odd_cells_do_not_spoil_the_rest(cell: str, row: str) -> None:
    document = only(package(f'<row r="{row}">{cell}<c t="str"><v>rest</v></c></row>'))
    assert document.rows[0].cells[-1] == "rest"
    assert document.rows[0].place.row == 1


def test_hidden_rows_and_columns_are_read_and_named() -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "表"
    for number in range(1, 5):
        sheet.append([f"甲{number}", f"乙{number}", f"丙{number}"])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    out = BytesIO()
    book.save(out)
    (document,) = read(out.getvalue(), "a.xlsx", ReadingLimits())
    assert len(document.rows) == 4
    assert [(note.key, note.fact) for note in document.notes] == [("note.hidden-rows", "表!3、B")]
