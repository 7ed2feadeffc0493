"""What reading reports about itself: cells that hold a piece of a neighbour, forms that lack a part."""

import pytest
from layouts import LAYOUTS, form
from test_reading_forms import HEAD, ROWS, TAIL, read

from narrcheck.catalogue import message
from narrcheck.filing import Actual, Filing, Indicator, Target
from narrcheck.reading.doubts import mixed
from narrcheck.reading.vocabulary import headings


def reasons(filing: Filing) -> list[tuple[str, str]]:
    return [(doubt.field, doubt.reason) for doubt in filing.doubts]


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (Indicator(0, None, None, "开行趟次", Target("≥5200.00(趟) 4940.00")), "target", "two-numbers"),
        (Indicator(0, None, None, "开行趟次", Target("120趟"), Actual("126趟 40")), "actual", "two-numbers"),
        (Indicator(0, None, None, "开行趟次", Target("120趟"), Actual("(趟)")), "actual", "unit-alone"),
        (Indicator(0, None, None, "开行趟次", Target("120趟"), Actual("（趟）")), "actual", "unit-alone"),
        (Indicator(0, None, None, "开行趟次≥", Target("120趟")), "name", "name-comparator"),
        (Indicator(0, None, None, "开行趟次不少于", Target("120趟")), "name", "name-comparator"),
        (Indicator(0, None, None, "阅读氛围", Target("好"), Actual("达成指标读站点氛围")), "actual", "verdict-runs-on"),
    ],
)
def test_a_cell_that_holds_what_two_should(row: Indicator, field: str, reason: str) -> None:
    (doubt,) = mixed(row, headings())
    assert (doubt.field, doubt.reason, doubt.row) == (field, f"doubt.{reason}", 0)
    for lang in ("zh", "en"):
        assert message(doubt.reason, lang)


@pytest.mark.parametrize(
    ("name", "target", "actual"),
    [
        ("开行趟次", "≥120 趟", "126 趟"),
        ("完成时间", "2023 年 12 月", "2023年 11月完成"),
        ("技术突破", "10-20趟", "部分达成指标并具有一定效果"),
        ("氛围", "营造氛围", "达成指标。"),
        ("氛围", "营造氛围", "达成指标，群众满意"),
        ("成本最低", "", ""),
    ],
)
def test_an_odd_cell_that_is_whole(name: str, target: str, actual: str) -> None:
    assert not mixed(Indicator(0, None, None, name, Target(target), Actual(actual)), headings())


def test_a_form_without_rows() -> None:
    filing = read(HEAD)
    assert reasons(filing) == [("header", "doubt.no-rows")]
    assert filing.doubts[0].quote == "流动图书车运行"


def test_a_form_cut_off_before_its_total() -> None:
    assert reasons(read(HEAD + ROWS)) == [("header", "doubt.no-total")]


@pytest.mark.parametrize("layout", ["tabular", "lines"])
def test_a_form_without_a_section_for_the_narrative(layout: str) -> None:
    from random import Random

    text = LAYOUTS[layout](form(3), Random(3)) if layout == "lines" else HEAD + ROWS + TAIL
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if "实际完成情况" in line)
    end = next(i for i, line in enumerate(lines) if i > start and ("一级" in line))
    filing = read("\n".join(lines[:start] + lines[end:]))
    assert ("header", "doubt.no-narrative") in reasons(filing)


def test_a_blank_narrative_below_its_heading_is_a_matter_for_the_rules() -> None:
    filing = read(HEAD.replace("全年开行图书车126趟，服务站点31个。", "") + ROWS + TAIL)
    assert filing.narrative is None
    assert not filing.doubts


def test_a_target_table_lacks_neither_total_nor_narrative() -> None:
    filing = read(
        "项目支出绩效目标表\n（2023年度）\n项目名称\t\t流动图书车运行\n年度资金总额\t\t80.00\n"
        "年度目标\t开行图书车120趟。\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t开行趟次\t≥120趟\n"
    )
    assert filing.form == "target_table"
    assert len(filing.indicators) == 1
    assert not filing.doubts
