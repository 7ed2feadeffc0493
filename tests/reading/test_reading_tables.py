"""Documents with real tables: what stands between and behind the form's tables is none of its rows."""

import pytest
from test_reading_forms import HEAD, PLAIN, ROWS, TAIL, rows

from narrcheck.filing import Evidence, Filing
from narrcheck.places import place
from narrcheck.printed import Place, Row, letters, spot
from narrcheck.reading.document import Document
from narrcheck.reading.form import filings

FORM = (HEAD + ROWS).rstrip("\n").split("\n")


def document(*parts: tuple[int | None, list[str]]) -> Document:
    """A document whose lines belong to the table of their part, or to none."""
    found: list[Row] = []
    for table, lines in parts:
        for line in lines:
            if line:
                where = Place(len(found) + 1, table=table, row=len(found) + 1)
                found.append(Row(tuple(line.split("\t")), where, 0, table is not None))
    return Document(tuple(found), "docx")


def one(*parts: tuple[int | None, list[str]]) -> Filing:
    (filing,) = filings((document(*parts),), "a.docx")
    return filing


def test_lines_behind_the_table_are_no_rows() -> None:
    filing = one(
        (None, FORM[:3]), (1, FORM[3:]), (None, ["说明：本表由单位填写。", "联系人：王某", "附：佐证材料清单"])
    )
    assert rows(filing) == PLAIN
    assert filing.indicators[-1].note is None


def test_another_table_behind_the_form_is_none_of_it() -> None:
    other = ["序号\t材料\t份数", "1\t采购合同\t2", "2\t验收单\t3"]
    filing = one((None, FORM[:3]), (1, FORM[3:]), (None, ["附件"]), (2, other))
    assert rows(filing) == PLAIN


def test_a_form_broken_into_a_table_a_page_is_whole() -> None:
    filing = one((None, FORM[:3]), (1, FORM[3:-2]), (None, ["— 2 —"]), (2, [*FORM[-2:], *TAIL.split("\n")]))
    assert rows(filing) == PLAIN
    assert filing.grade == "优"


def test_a_page_of_many_lines_around_is_still_read_as_a_table() -> None:
    around = [f"栏目链接 {number}" for number in range(120)]
    filing = one((None, FORM[:3]), (1, FORM[3:]), (None, around))
    assert rows(filing) == PLAIN and filing.layout == "docx"


@pytest.mark.parametrize(
    ("field", "row", "quote", "expected"),
    [("target", 1, "≥95%", "E14"), ("weight", 2, "20", "G15"), ("score", 2, "20", "H15"), ("name", 0, "开行", "D13")],
)
def test_evidence_in_a_sheet_names_its_cell(field: str, row: int, quote: str, expected: str) -> None:
    lines = [line.split("\t") for line in (HEAD + ROWS + TAIL).split("\n")]
    printed = tuple(
        Row(("", *cells), Place(number, sheet="自评表", row=number), 0, True)
        for number, cells in enumerate(lines, 1)
        if any(cells)
    )
    (filing,) = filings((Document(printed, "sheet"),), "a.xlsx")
    found = place(Evidence(field, quote, 0, len(quote), row), filing)  # type: ignore[arg-type]
    assert found is not None and (found.sheet, found.cell) == ("自评表", expected)


def test_evidence_in_a_torn_narrative_names_the_piece() -> None:
    head = HEAD.replace("全年开行图书车126趟，服务站点31个。", "全年开行图书车126趟，")
    torn = head.split("\n")
    torn.insert(-2, "\t\t\t\t\t服务站点31个，受到好评。\t\t\t")
    filing = one((None, torn[:3]), (1, [*torn[3:-1], *ROWS.rstrip("\n").split("\n")]))
    assert filing.narrative == "全年开行图书车126趟，服务站点31个，受到好评。"
    lines = [
        place(Evidence("narrative", quote, start, start + 3), filing)
        for quote, start in (("126", 7), ("31个", filing.narrative.index("31个")))
    ]
    assert lines[0] is not None and lines[1] is not None
    assert lines[1].row == (lines[0].row or 0) + 1


def test_places_of_funds_totals_and_goal() -> None:
    filing = one((None, FORM[:3]), (1, [*FORM[3:], *TAIL.rstrip("\n").split("\n")]))
    pieces = [
        Evidence("funds", "80.00", 0, 5, 0, "年度资金总额", column="adjusted"),
        Evidence("funds", "76.00", 0, 5, 1, "当年财政拨款", column="executed"),
        Evidence("total", "99.5", 0, 4, column="score"),
        Evidence("goal", "30个", 12, 15),
        Evidence("grade", "优", 0, 1),
    ]
    found = [place(piece, filing) for piece in pieces]
    assert [(where.row, where.column) if where else None for where in found] == [
        (6, 4), (7, 5), (15, 7), (9, 2), (16, 3),
    ]  # fmt: skip


def test_letters_of_columns() -> None:
    assert [letters(column) for column in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]
    assert spot(Row(("甲", "乙"), Place(3, sheet="表1", row=3)), 1).cell == "B3"


def test_the_title_next_to_the_form_tells_its_kind() -> None:
    lines = [
        "绩效目标表",
        "项目名称\t河岸绿化\t申报单位名称\t园林所",
        "总目标及阶段性目标\t补种乔木300株",
        "项目总预算（元）\t20000\t项目当年预算（元）\t20000",
        "一级目标\t二级目标\t三级目标\t指标目标值",
        "产出目标\t数量\t补种乔木\t≥300(株)",
    ]
    filing = one((None, ["Sheet1: 自评表", "绩效自评表与目标表"]), (1, lines))
    assert filing.form == "target_table"


def test_a_table_that_goes_on_with_other_columns_is_still_the_forms() -> None:
    wide = [line.replace("\t", "\t\t", 1) for line in FORM[-2:]]
    filing = one((None, FORM[:3]), (1, FORM[3:-2]), (2, [*wide, *TAIL.rstrip("\n").split("\n")]))
    assert rows(filing) == PLAIN and filing.grade == "优"


def test_what_stands_beside_the_form_on_a_sheet_is_left_out_and_named() -> None:
    lines = [line.split("\t") for line in (HEAD + ROWS + TAIL).split("\n")]
    printed = []
    for number, cells in enumerate(lines, 1):
        if any(cells):
            before = ["不少于200字"] if number == 11 else [""]
            after = [*[""] * (9 - len(cells)), "请核对"] if number == 14 else []
            printed.append(Row((*before, "", *cells, *after), Place(number, "表", row=number), 0, True))
    (filing,) = filings((Document(tuple(printed), "sheet"),), "a.xlsx")
    assert rows(filing) == PLAIN
    assert filing.narrative == "全年开行图书车126趟，服务站点31个。"
    assert [(note.key, note.fact) for note in filing.notes] == [("note.beside-form", "A11、L14")]


def test_two_forms_side_by_side_on_a_sheet() -> None:
    lines = [line.split("\t") for line in (HEAD + ROWS + TAIL).split("\n")]
    printed = []
    for number, cells in enumerate(lines, 1):
        if any(cells):
            first = [*cells, *[""] * (9 - len(cells))]
            second = [cell.replace("流动图书车运行", "基层图书室补充") for cell in cells]
            printed.append(Row((*first, "", *second), Place(number, "表", row=number), 0, True))
    found = filings((Document(tuple(printed), "sheet"),), "a.xlsx")
    assert [(filing.project, filing.year) for filing in found] == [("流动图书车运行", 2023), ("基层图书室补充", 2023)]
    assert [rows(filing) for filing in found] == [PLAIN, PLAIN]
    where = place(Evidence("actual", "97%", 0, 3, 1), found[1])
    assert where is not None and where.cell == "O14"
