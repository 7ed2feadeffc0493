"""Forms with other columns, in other orders and under other names than the national one."""

from decimal import Decimal
from random import Random

import pytest

from narrcheck.filing import Filing
from narrcheck.reading import read_bytes

Cells = list[list[str]]

GOAL = "更换老旧供水管网6公里，检测水样不少于480份，用水居民满意度达到90%以上。"
REPORT = "2024年更换老旧供水管网6.5公里，检测水样512份，用水居民满意度为94.2%。"
LABELS = ["年度资金总额", "其中：当年财政拨款", "其他资金"]
FUNDS = {
    "年初预算数": ["500.00", "450.00", "50.00"],
    "全年预算数（A）": ["480.00", "430.00", "50.00"],
    "全年执行数（B）": ["456.00", "421.40", "34.60"],
    "分值": ["10", "-", "-"],
    "执行率（B/A）": ["95.00%", "98.00%", "69.20%"],
    "得分": ["9.5", "-", "-"],
}
MORE_FUNDS = {
    "年中调整数": ["-20.00", "-20.00", "0.00"],
    "资金到位数": ["470.00", "430.00", "40.00"],
    "结转结余": ["24.00", "8.60", "15.40"],
    "专户拨付额": ["460.00", "425.00", "35.00"],
}
ROWS = {
    "一级指标": ["产出指标", "", "", "效益指标", "满意度指标"],
    "二级指标": ["数量指标", "", "质量指标", "社会效益指标", "服务对象满意度指标"],
    "三级指标": ["管网更换长度", "水样检测份数", "水质检测合格率", "居民用水安全感", "用水居民满意度"],
    "指标值": ["=6公里", "≥480份", "=100%", "明显增强", "≥90%"],
    "完成值": ["6.5公里", "512份", "100%", "达成预期指标", "94.2%"],
    "权重": ["30", "20", "10", "20", "10"],
    "自评得分": ["30", "20", "10", "18", "10"],
    "未完成原因分析": ["", "", "", "宣传覆盖面不够，下一步进小区宣讲。", ""],
}
NATIONAL = list(ROWS)
MORE_ROWS = {
    "计分标准": ["每少1公里扣5分", "每少10份扣1分", "不合格不得分", "酌情扣分", "每低1%扣1分"],
    "计量单位": ["公里", "份", "%", "无", "%"],
    "完成率": ["108.33%", "106.67%", "100%", "100%", "104.67%"],
    "数据来源": ["竣工资料", "检测台账", "检测台账", "问卷", "问卷"],
}
STACKED = [["年度绩效目标", GOAL], ["绩效目标完成情况", REPORT]]


def cells(funds: list[str], texts: Cells, columns: list[str]) -> Cells:
    """The rows of a form with these columns; the total row stands under weight and score."""
    amounts, values = FUNDS | MORE_FUNDS, ROWS | MORE_ROWS
    total = ["总分", *("" for _ in columns[1:])]
    total[columns.index("权重")], total[columns.index("自评得分")] = "100", "97.5"
    return [
        ["财政项目支出绩效自评表"],
        ["（2024年度）"],
        ["项目名称", "", "城区供水保障"],
        ["主管部门", "", "石桥县水务局", "", "实施单位", "石桥县自来水厂"],
        ["项目资金（万元）", "", *funds],
        *(["", label, *(amounts[name][row] for name in funds)] for row, label in enumerate(LABELS)),
        *texts,
        columns,
        *([values[name][row] for name in columns] for row in range(5)),
        total,
        ["自评等级", "", "优"],
    ]


def tabbed(rows: Cells) -> str:
    return "\n".join("\t".join(row) if len(row) > 1 else row[0] for row in rows) + "\n"


def piped(rows: Cells) -> str:
    width = max(map(len, rows))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows[2:]]
    return f"# {rows[0][0]}\n\n{rows[1][0]}\n\n{lines[0]}\n|{' --- |' * width}\n" + "\n".join(lines[1:]) + "\n"


def spaced(rows: Cells) -> str:
    return "\n".join(" ".join(cell for cell in row if cell) for row in rows) + "\n"


def one_a_line(rows: Cells) -> str:
    return "\n".join(cell for row in rows for cell in row if cell) + "\n"


LAYOUTS = {"tabbed": tabbed, "piped": piped, "spaced": spaced, "one-a-line": one_a_line}
every_layout = pytest.mark.parametrize("layout", LAYOUTS)


def read(layout: str, rows: Cells) -> Filing:
    (filing,) = read_bytes(LAYOUTS[layout](rows).encode(), "a.txt")
    return filing


def funds(filing: Filing) -> list[tuple[str, ...]]:
    return [
        (row.label, row.initial.raw, row.adjusted.raw, row.executed.raw, row.weight.raw, row.rate.raw, row.score.raw)
        for row in filing.funds
    ]


def table(filing: Filing) -> list[tuple[str, ...]]:
    return [
        (row.level1 or "", row.level2 or "", row.name, row.target.raw, row.actual.raw, row.weight.raw, row.score.raw,
         row.note or "")
        for row in filing.indicators
    ]  # fmt: skip


PLAIN = read("tabbed", cells(list(FUNDS), STACKED, NATIONAL))


def test_the_plain_form() -> None:
    assert funds(PLAIN)[1] == ("当年财政拨款", "450.00", "430.00", "421.40", "-", "98.00%", "-")
    assert (PLAIN.goal, PLAIN.narrative) == (GOAL, REPORT)
    assert table(PLAIN)[1] == ("产出指标", "数量指标", "水样检测份数", "≥480份", "512份", "20", "20", "")
    assert (PLAIN.total_weight.value, PLAIN.total_score.value, PLAIN.money_unit) == (100, Decimal("97.5"), "万元")


@every_layout
def test_funds_columns_in_any_order_and_more_of_them(layout: str) -> None:
    for seed in range(12):
        random = Random(seed)
        names = [*FUNDS, *random.sample(list(MORE_FUNDS)[:3], random.randrange(3))]
        random.shuffle(names)
        filing = read(layout, cells(names, STACKED, NATIONAL))
        assert funds(filing) == funds(PLAIN), names
        assert table(filing) == table(PLAIN), names


@every_layout
def test_a_heading_that_nobody_knows_takes_up_its_column(layout: str) -> None:
    names = list(FUNDS)
    names.insert(2, "专户拨付额")
    assert funds(read(layout, cells(names, STACKED, NATIONAL))) == funds(PLAIN)


@every_layout
@pytest.mark.parametrize(
    ("initial", "adjusted", "executed", "rate"),
    [
        ("预算批复数", "调整后预算数", "实际支出数", "支出进度"),
        ("年初预算金额（万元）", "预算数", "全年执行数B", "预算执行率（%）（B/A）"),
        ("2024年年初预算", "2024年调整预算数", "2024年实际使用资金", "执行率"),
    ],
)
def test_amounts_by_other_names(layout: str, initial: str, adjusted: str, executed: str, rate: str) -> None:
    rows = cells(list(FUNDS), STACKED, NATIONAL)
    rows[4][2:] = [initial, adjusted, executed, "标准分", rate, "自评分"]
    assert funds(read(layout, rows)) == funds(PLAIN)


def test_a_lone_budget_is_the_one_that_was_executed() -> None:
    rows = cells(["全年预算数（A）", "全年执行数（B）", "执行率（B/A）", "得分"], STACKED, NATIONAL)
    rows[4][2] = "预算数"
    assert [row.adjusted.raw for row in read("spaced", rows).funds] == FUNDS["全年预算数（A）"]


def test_a_row_shifted_against_more_headings_is_read_by_what_it_holds() -> None:
    names = ["年初预算数", "年中调整数", *list(FUNDS)[1:]]
    rows = cells(names, STACKED, NATIONAL)
    rows[6] = rows[6][1:]
    assert funds(read("tabbed", rows)) == funds(PLAIN)


@every_layout
@pytest.mark.parametrize(
    "texts",
    [
        [["年度目标", GOAL], ["目标完成情况", REPORT]],
        [["年度绩效目标"], [GOAL], ["全年目标完成情况"], [REPORT]],
        [["总体目标", "三年内实现城乡供水同网。"], ["年度绩效目标", GOAL], ["绩效目标完成情况", REPORT]],
        [["绩效目标", "年初设定目标", "完成情况"], ["", GOAL, REPORT]],
        [["总体目标", "绩效目标", "绩效目标实际完成情况"], ["", GOAL, REPORT]],
        [["年度总体目标", "本年拟定目标", "实际完成情况"], ["", GOAL, REPORT]],
        [["三、年度绩效目标", GOAL], ["四、绩效目标实现情况", REPORT], ["五、绩效指标完成情况"]],
    ],
)
def test_the_goal_under_other_headings(layout: str, texts: Cells) -> None:
    filing = read(layout, cells(list(FUNDS), texts, NATIONAL))
    assert (filing.goal, filing.narrative) == (GOAL, REPORT)
    assert [row.label for row in filing.funds] == ["年度资金总额", "当年财政拨款", "其他资金"]
    assert table(filing) == table(PLAIN)


@every_layout
@pytest.mark.parametrize("extra", MORE_ROWS)
def test_columns_that_are_not_read(layout: str, extra: str) -> None:
    for place in (3, 5):
        columns = [*NATIONAL[:place], extra, *NATIONAL[place:]]
        assert table(read(layout, cells(list(FUNDS), STACKED, columns))) == table(PLAIN), place


@every_layout
def test_weights_and_scores_before_the_values(layout: str) -> None:
    columns = [*NATIONAL[:3], "权重", "自评得分", "指标值", "完成值", "数据来源", "未完成原因分析"]
    assert table(read(layout, cells(list(FUNDS), STACKED, columns))) == table(PLAIN)


@every_layout
def test_labels_behind_ordinals(layout: str) -> None:
    rows = cells(list(FUNDS), STACKED, NATIONAL)
    for row, ordinal in ((2, "一、"), (3, "（二）"), (4, "3.")):
        rows[row][0] = ordinal + rows[row][0]
    filing = read(layout, rows)
    assert (filing.project, filing.department, filing.money_unit) == ("城区供水保障", "石桥县水务局", "万元")
    assert funds(filing) == funds(PLAIN)


@pytest.mark.parametrize("layout", ["tabbed", "spaced"])
def test_blanks_lost_beside_another_column(layout: str) -> None:
    rows = cells(["年初预算数", "年中调整数", *list(FUNDS)[1:]], STACKED, NATIONAL)
    rows[6][3] = rows[7][3] = rows[7][6] = ""
    expected = funds(PLAIN)
    expected[2] = (*expected[2][:4], "", *expected[2][5:])
    assert funds(read(layout, rows)) == expected


def test_an_amount_with_its_own_unit_in_a_line() -> None:
    rows = cells(list(FUNDS), STACKED, NATIONAL)
    rows[5][4] = "456万元"
    total = read("spaced", rows).funds[0]
    assert (total.label, total.executed.value, total.score.value) == ("年度资金总额", 456, Decimal("9.5"))


@every_layout
def test_funds_below_the_texts(layout: str) -> None:
    rows = cells(list(FUNDS), STACKED, NATIONAL)
    rows = [*rows[:4], *rows[8:10], *rows[4:8], *rows[10:]]
    filing = read(layout, rows)
    assert (filing.goal, filing.narrative, filing.money_unit) == (GOAL, REPORT, "万元")
    assert funds(filing) == funds(PLAIN)


@every_layout
def test_funds_headings_in_two_rows(layout: str) -> None:
    rows = cells(list(FUNDS), STACKED, NATIONAL)
    rows[4:5] = [
        ["项目资金（万元）", "", "预算数", "", "执行数", "分值", "执行率", "得分"],
        ["", "", "年初预算数", "全年预算数", "", "", "", ""],
    ]
    assert funds(read(layout, rows)) == funds(PLAIN)


def test_both_texts_in_one_line() -> None:
    """The second one opens with a year."""
    texts = [["年度总体目标", "预期目标", "实际完成情况"], ["", GOAL, REPORT]]
    assert read("spaced", cells(list(FUNDS), texts, NATIONAL)).narrative == REPORT
