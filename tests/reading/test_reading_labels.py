"""Labels that share a cell or line with their value or with another label, and headings that state a weight."""

from decimal import Decimal

import pytest

from narrcheck.filing import Filing
from narrcheck.pipeline import check_data
from narrcheck.reading import read_bytes
from narrcheck.settings import Settings

HEAD = """林场项目支出绩效自评表
（2023年度）
项目名称\t防火步道修缮
主管部门\t青岚县林业局\t{unit}
"""
FUNDS = """项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额：\t50.00\t50.00\t45.00\t10\t90.00%\t9.00
"""
ROWS = """年度总体目标\t预期目标\t\t\t实际完成情况
\t修缮步道18公里。\t\t\t修缮步道18公里。
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施
产出指标\t数量指标\t步道修缮里程\t≥18公里\t18公里\t50\t50\t
效益指标\t社会效益指标\t火情处置能力\t提升\t达成指标\t40\t40\t
总分\t\t\t\t\t100\t99
"""
UNIT = "实施单位\t青岚县防火站"


def read(text: str) -> Filing:
    (filing,) = read_bytes(text.encode(), "a.txt")
    return filing


def as_lines(text: str) -> str:
    """Each cell in a line of its own."""
    return "\n".join(cell for line in text.splitlines() for cell in line.split("\t") if cell)


def as_markdown(text: str) -> str:
    return "\n".join("|" + line.replace("\t", "|") + "|" if "\t" in line else line for line in text.splitlines())


@pytest.mark.parametrize(
    "last",
    [
        "评分等级：良", "评分等级 : 良", "评定等级：良\t\t", "自评等次\t良", "等次：\t良",
        "**评分等级**：良", "**评价等次：**良", "绩效等次：**良**",
    ],
)  # fmt: skip
def test_a_grade_beside_its_label(last: str) -> None:
    form = HEAD.format(unit=UNIT) + FUNDS + ROWS
    for text in (form + last, form + "\n" + last, as_markdown(form) + "\n\n" + last):
        assert (read(text).grade, len(read(text).indicators)) == ("良", 2)


@pytest.mark.parametrize("last", ["评分等级：良", "评分等级：\n良", "自评等次\n良"])
def test_a_grade_where_each_cell_is_a_line(last: str) -> None:
    assert read(as_lines(HEAD.format(unit=UNIT) + FUNDS + ROWS) + "\n" + last).grade == "良"


def test_a_grade_in_the_total_row() -> None:
    text = (HEAD.format(unit=UNIT) + FUNDS + ROWS).rstrip() + "\t评分等级：良"
    assert (read(text).grade, read(text).total_score.value) == ("良", Decimal(99))


ABOVE = [
    "单位名称：青岚县林业局　　　填报日期：2024年3月1日\n",
    "填报单位：青岚县林业局 填报日期：2024年3月1日\n",
    "填报单位\t青岚县林业局\n",
]


@pytest.mark.parametrize("above", ABOVE)
def test_who_fills_in_the_form_is_the_unit_only_where_no_other_is_named(above: str) -> None:
    form = HEAD.replace("项目名称", above + "项目名称") + FUNDS + ROWS
    assert read(form.format(unit=UNIT)).unit == "青岚县防火站"
    alone = read(form.format(unit="项目负责人\t甲某"))
    assert (alone.unit, alone.project, alone.year) == ("青岚县林业局", "防火步道修缮", 2023)


def test_two_labels_with_their_values_in_one_line() -> None:
    form = HEAD.format(unit="实施单位：青岚县防火站　　金额单位：元") + FUNDS.replace("（万元）", "") + ROWS
    assert (read(form).unit, read(form).money_unit) == ("青岚县防火站", "元")


WEIGHED = """预算执行情况（万元）（20分）\t\t年初预算数\t全年预算数\t全年执行数\t执行率\t得分（20分×执行率）
\t年度资金总额：\t50.00\t50.00\t45.00\t90.00%\t{score}
\t其中：财政拨款\t50.00\t50.00\t45.00\t90.00%
"""


@pytest.mark.parametrize("printed", [str, as_lines])
@pytest.mark.parametrize("headings", ["（20分）", "（满分20分）", ""])
def test_the_weight_of_the_funds_in_their_headings(printed: type[str], headings: str) -> None:
    form = HEAD.format(unit=UNIT) + WEIGHED.format(score="18.00").replace("（20分）", headings) + ROWS
    assert [row.weight.value for row in read(printed(form)).funds] == [Decimal(20), None]


def test_headings_of_two_weights_state_none() -> None:
    form = HEAD.format(unit=UNIT) + WEIGHED.format(score="18.00").replace("（20分）", "（10分）") + ROWS
    assert [row.weight.value for row in read(form).funds] == [None, None]


def test_a_printed_weight_goes_before_that_of_the_headings() -> None:
    form = HEAD.format(unit=UNIT) + FUNDS.replace("得分", "得分（20分×执行率）") + ROWS
    assert read(form).funds[0].weight.value == Decimal(10)


@pytest.mark.parametrize(("score", "found"), [("18.00", []), ("19.00", ["F02"])])
def test_the_score_is_held_against_the_weight_in_the_headings(score: str, found: list[str]) -> None:
    form = HEAD.format(unit=UNIT) + WEIGHED.format(score=score) + ROWS
    (checked,) = check_data(form.encode(), "a.txt", Settings())
    assert [finding.rule for finding in checked.findings if finding.rule == "F02"] == found
