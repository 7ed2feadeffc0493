"""Line-by-line tables read alike whatever the width of their letters and the blanks inside their cells."""

import re
from random import Random

import pytest
from layouts import LAYOUTS, form
from printed import printed, with_numbers
from test_reading_forms import read
from test_reading_lines import HEAD, TAIL, cells, plain, table

from narrcheck.filing import Filing
from narrcheck.text import squeeze

ONE_CELL_A_LINE = """财政项目支出绩效自评表
（2023年度）
项目名称
流动图书车运行
年度总体目标
预期目标
实际完成情况
开行图书车120趟。
全年开行图书车126趟。
一级指标
二级指标
三级指标
年度指标值
实际完成值
分值
得分
偏差原因分析及改进措施
产出指标
数量指标
图书车开行趟次
≥5200.00{0}(趟)
4940.00{0}(趟)
20.00
19.00
接待读者人次
≥36{0}人次
40{0}人次
30.00
30.00
质量指标
图书完好率
≥95.00{0}（%）
97.00{0}%
50.00
50.00
总分
100.00
99.00
"""


def wide(text: str) -> str:
    return re.sub(r"[0-9A-Za-z%():.,]", lambda found: chr(ord(found.group()) + 0xFEE0), text)


def shape(filing: Filing) -> list[tuple[str | None, ...]]:
    found = [tuple(squeeze(cell) for cell in cells(row)) for row in filing.indicators]
    levels = [(row.level1, row.level2) for row in filing.indicators]
    funds = [(row.label, *(str(number.value) for number in (row.initial, row.rate, row.score))) for row in filing.funds]
    texts = (squeeze(filing.goal or ""), squeeze(filing.narrative or ""))
    return [*found, *levels, *funds, texts]


@pytest.mark.parametrize("blank", [" ", "\u3000", "  "])
def test_a_blank_before_the_unit(blank: str) -> None:
    filing = read(ONE_CELL_A_LINE.format(blank))
    assert shape(filing) == shape(read(ONE_CELL_A_LINE.format("")))
    row = filing.indicators[0]
    assert (str(row.target.value), row.target.unit, str(row.actual.value), row.actual.unit) == (
        "5200.00", "趟", "4940.00", "趟",
    )  # fmt: skip
    assert row.target.raw == f"≥5200.00{blank}(趟)"
    assert not filing.doubts


def test_a_unit_parted_from_its_number_in_a_line_of_cells() -> None:
    filing = read((HEAD + TAIL).replace("(趟)", " （趟）").replace("(%)", " (%)"))
    assert shape(filing) == shape(read(HEAD + TAIL))


def test_a_date_parted_by_blanks_stays_in_its_cell() -> None:
    lines = "新书上架及时性\n在2023{0}年12{0}月31{0}日\n前完成上架\n达成指标 50.00 50.00"
    assert shape(table(lines.format(" "))) == shape(table(lines.format("")))


@pytest.mark.parametrize("order", ["national", "weight-first"])
def test_full_width_letters_digits_and_marks(order: str) -> None:
    for seed in range(20):
        made = with_numbers(form(seed, order), Random(seed))
        for text in (printed(made, Random(seed), True), LAYOUTS["lines"](made, Random(seed))):
            assert shape(read(wide(text))) == shape(read(text)), seed


def test_full_width_words_are_put_out_as_printed() -> None:
    filing = read(wide(HEAD + TAIL))
    assert filing.indicators[0].target.raw == wide("≥120.00(趟)")
    assert filing.goal == wide("开行图书车120趟，服务站点30个。")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("执行率 得分", "执 行率(%) 得分"),
        ("执行率 得分", "执行 率（%） 得分"),
        ("年初预算数 全年预算数", "年初 预算数 全年预 算数"),
        ("≥90.00(%) 92.00(%)", "≥90.00(%) 达成指 标"),
        ("≥90.00(%) 92.00(%)", "≥90.00(%) 达 成指标"),
    ],
)
def test_a_blank_inside_a_word(old: str, new: str) -> None:
    """A heading, or a verdict: whole words the form is known to use."""
    whole = read((HEAD + TAIL).replace(old, new.replace("达成指 标", "达成指标").replace("达 成指标", "达成指标")))
    torn = read((HEAD + TAIL).replace(old, new))
    assert shape(torn) == shape(whole)
    assert torn.funds[0].label == "年度资金总额"


def test_a_blank_inside_a_text_that_is_printed_twice() -> None:
    """A merged cell given twice, where the two differ by a blank, is one text."""
    from test_reading_forms import HEAD as TABLE
    from test_reading_forms import ROWS
    from test_reading_forms import TAIL as END

    goal = "开行图书车120趟，服务站点30个。"
    twice = TABLE.replace(f"\t{goal}\t\t\t", f"\t{goal}\t{goal.replace('服务', '服 务')}\t\t")
    filing = read(twice + ROWS + END)
    assert plain(filing.goal) == goal
    assert filing.narrative == "全年开行图书车126趟，服务站点31个。"
