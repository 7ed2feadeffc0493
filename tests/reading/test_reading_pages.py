"""Page ends inside tables of cells: the halves of a row, of a cell, of a level's name, and of the narrative."""

import pytest
from test_reading_forms import HEAD, PLAIN, ROWS, TAIL, read, rows

LINES = ROWS.splitlines(keepends=True)
ITEMS = HEAD.replace("全年开行图书车126趟，服务站点31个。", "（1）开行。全年开行图书车126趟。（2）站点。服务站点31个。")
THIRD = "（3）读者。读者满意度92%，接待读者3万人次，较上年有所增长，读者活动12场。"
HEADINGS = HEAD.splitlines(keepends=True)[-1]


@pytest.mark.parametrize("tabs", [0, 3, 4])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_an_item_of_the_narrative_among_the_rows(at: int, tabs: int) -> None:
    filing = read(ITEMS + "".join(LINES[:at]) + "\n" + "\t" * tabs + THIRD + "\n" + "".join(LINES[at:]) + TAIL)
    assert filing.narrative is not None and filing.narrative.endswith("服务站点31个。" + THIRD)
    assert rows(filing) == PLAIN


def test_an_item_of_a_cell_stays_in_its_cell() -> None:
    """The narrative has items too, but the cell's own go on."""
    torn = LINES[2].replace("达成指标", "（1）新增站点；（2）延长开放；", 1)
    filing = read(ITEMS + "".join(LINES[:2]) + torn + "\n\t\t\t\t（3）上门借还。\n" + LINES[3] + TAIL)
    assert filing.indicators[2].actual.raw == "（1）新增站点；（2）延长开放；（3）上门借还。"
    assert filing.narrative == "（1）开行。全年开行图书车126趟。（2）站点。服务站点31个。"


def test_the_narrative_and_the_rest_of_a_cell_at_one_page_end() -> None:
    torn = LINES[2].replace("达成指标", "服务已覆盖全县乡镇，", 1)
    page = f"\n\t\t\t\t{THIRD}\n{HEADINGS}\t\t\t\t并延伸到村。\n"
    filing = read(ITEMS + "".join(LINES[:2]) + torn + page + LINES[3] + TAIL)
    assert filing.indicators[2].actual.raw == "服务已覆盖全县乡镇，并延伸到村。"
    assert filing.narrative is not None and filing.narrative.endswith(THIRD)


def test_a_row_whose_second_half_has_its_numbers() -> None:
    upper = "效益指标\t社会效益指标\t阅读服务覆盖面\t进一步扩大\t服务站点由乡镇延伸到\t\t\t\n"
    filing = read(HEAD + "".join(LINES[:2]) + upper + "\n\t\t\t\t行政村，覆盖面扩大。\t20\t20\t\n" + LINES[3] + TAIL)
    row = filing.indicators[2]
    assert (row.name, row.target.raw) == ("阅读服务覆盖面", "进一步扩大")
    assert row.actual.raw == "服务站点由乡镇延伸到行政村，覆盖面扩大。"
    assert (row.weight.raw, row.score.raw) == ("20", "20")
    assert len(filing.indicators) == 4


def test_level_names_torn_over_the_page_end() -> None:
    upper = "效益指\t社会效\t\t进一步\n"
    lower = "标\t益指标\t阅读服务覆盖面\t扩大\t达成指标\t20\t20\t\n"
    filing = read(HEAD + "".join(LINES[:2]) + upper + "\n" + lower + LINES[3] + TAIL)
    assert rows(filing) == PLAIN


def test_names_of_levels_that_end_like_others_stay() -> None:
    table = (
        "绩效目标表\n（2023年度）\n项目名称：\t流动图书车运行\n总目标及阶段性目标：\t开行图书车。\n"
        "一级目标\t二级目标\t三级目标\t指标目标值\n管理目标\t实施管理\t采购合规性\t合规\n\t财务管理\t支付及时率\t≥95%\n"
        "产出目标\t数量\t开行趟次\t≥120趟\n"
    )
    assert [row.level1 for row in read(table).indicators] == ["管理目标", "管理目标", "产出目标"]
