"""Self-evaluation tables as some provinces print them: other columns, other headings, another order.

`weights-first`: 权重 before 年度指标值, and 年中调整数 between the two budgets of the funds table.
`stacked`: goal and narrative below one another, the funds' weights before their amounts, year and money unit in a line.
`notes-first`: the notes stand before 权重 and 自评得分; the sources are the levels of government.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from makers.table import Cell, Sort, Table
from makers.table import table as common
from narrcheck.filing import Filing, FundsRow, Indicator

Entry = tuple[str, int, Sort]


def laid_out(filing: Filing, layout: str) -> Table:
    """The table of a filing; a layout that is not of this module is one of `makers.table`."""
    own = PROVINCIAL.get(layout)
    return own(filing) if own else common(filing, "national")


def _weights_first(filing: Filing) -> Table:
    made = Table(
        ("项目支出绩效自评情况表", f"（{filing.year}年度）"),
        (36, 60, 84, 62, 80, 72, 42, 48, 48),
        foot="填表人：　　　　　　联系电话：　　　　　　填表日期：",
    )
    made.row(("项目名称", 2, "label"), (filing.project or "", 7, "text"))
    made.row(
        ("主管部门", 2, "label"), (filing.department or "", 3, "text"),
        ("项目实施单位", 1, "label"), (filing.unit or "", 3, "text"),
    )  # fmt: skip
    heads = ("", "年初预算数", "年中调整数", "调整后预算数（A）", "全年执行数（B）", "分值", "执行率（B/A）", "得分")
    made.row(*_labels(*heads), first=1)
    for row, label in _opened(filing.funds):
        made.row((label, 1, "text"), *_numbers(
            row.initial.raw, _change(row), row.adjusted.raw, row.executed.raw, row.weight.raw, row.rate.raw,
            row.score.raw,
        ), first=1)  # fmt: skip
    made.beside(f"预算执行情况（{filing.money_unit}）", 0, len(filing.funds) + 1)
    made.row(("年初设定目标", 4, "label"), ("全年实际完成情况", 4, "label"), first=1)
    made.row((filing.goal or "", 4, "text"), (filing.narrative or "", 4, "text"), first=1)
    made.beside("年度总体目标", 0, 2)
    made.header = made.height
    made.row(
        *_labels("一级指标", "二级指标", "三级指标", "权重", "年度指标值", "全年完成值", "自评得分"),
        ("偏差原因及改进措施", 2, "label"),
    )
    for item in filing.indicators:
        made.row(
            (item.name, 1, "text"),
            *_numbers(item.weight.raw, item.target.raw, item.actual.raw, item.score.raw),
            (item.note or "", 2, "text"),
            first=2,
        )
    _levels(made, filing.indicators)
    made.row(
        ("总分", 3, "label"), *_numbers(filing.total_weight.raw), ("", 2, "text"), *_numbers(filing.total_score.raw),
        ("", 2, "text"),
    )  # fmt: skip
    _grade(made, filing, "自评等级", 3)
    return made


def _stacked(filing: Filing) -> Table:
    made = Table(
        ("财政项目支出绩效自评报告表", f"预算年度：{filing.year}年　　金额单位：{filing.money_unit}"),
        (40, 62, 96, 82, 82, 60, 50, 78),
        foot="单位负责人：　　　　　　填表人：",
    )
    made.row(("项目名称", 2, "label"), (filing.project or "", 6, "text"))
    made.row(("主管部门", 2, "label"), (filing.department or "", 6, "text"))
    made.row(("实施单位", 2, "label"), (filing.unit or "", 6, "text"))
    made.row(*_labels("资金来源", "分值", "年初预算", "全年预算", "全年执行", "执行率", "自评得分"), first=1)
    for row, label in _opened(filing.funds):
        made.row((label, 1, "text"), *_numbers(
            row.weight.raw, row.initial.raw, row.adjusted.raw, row.executed.raw, row.rate.raw, row.score.raw
        ), first=1)  # fmt: skip
    made.beside("项目资金", 0, len(filing.funds) + 1)
    made.row(("年度绩效目标", 2, "label"), (filing.goal or "", 6, "text"))
    made.row(("绩效目标完成情况", 2, "label"), (filing.narrative or "", 6, "text"))
    made.header = made.height
    heads = ("一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值", "自评得分", "未完成原因及改进措施")
    made.row(*_labels(*heads))
    for item in filing.indicators:
        made.row(
            (item.name, 1, "text"),
            *_numbers(item.target.raw, item.actual.raw, item.weight.raw, item.score.raw),
            (item.note or "", 1, "text"),
            first=2,
        )
    _levels(made, filing.indicators)
    made.row(
        ("合计", 5, "label"), *_numbers(filing.total_weight.raw, filing.total_score.raw), ("", 1, "text")
    )  # fmt: skip
    _grade(made, filing, "自评等级", 2)
    return made


def _notes_first(filing: Filing) -> Table:
    made = Table(
        (f"{filing.year}年度省级财政支出项目绩效自评表",),
        (38, 56, 88, 78, 78, 50, 60, 46, 50),
        foot="说明：定性指标按完成程度分档计分。",
    )
    made.row(("项目名称", 2, "label"), (filing.project or "", 7, "text"))
    made.row(
        ("省级主管部门", 2, "label"), (filing.department or "", 3, "text"),
        ("项目单位", 1, "label"), (filing.unit or "", 3, "text"),
    )  # fmt: skip
    made.row(*_labels("", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"), first=2)
    for row, label in _opened(filing.funds):
        made.row((label, 1, "text"), *_numbers(
            row.initial.raw, row.adjusted.raw, row.executed.raw, row.weight.raw, row.rate.raw, row.score.raw
        ), first=2)  # fmt: skip
    made.beside(f"资金情况（{filing.money_unit}）", 0, len(filing.funds) + 1, columns=2)
    made.row(("预期目标", 4, "label"), ("目标实际完成情况", 4, "label"), first=1)
    made.row((filing.goal or "", 4, "text"), (filing.narrative or "", 4, "text"), first=1)
    made.beside("总体目标", 0, 2)
    made.header = made.height
    made.row(
        *_labels("一级指标", "二级指标", "三级指标", "年度目标值", "年度完成值"), ("偏差原因及改进措施", 2, "label"),
        *_labels("权重", "自评得分"),
    )  # fmt: skip
    for item in filing.indicators:
        made.row(
            (item.name, 1, "text"),
            *_numbers(item.target.raw, item.actual.raw),
            (item.note or "", 2, "text"),
            *_numbers(item.weight.raw, item.score.raw),
            first=2,
        )
    _levels(made, filing.indicators)
    made.row(("自评总分", 7, "label"), *_numbers(filing.total_weight.raw, filing.total_score.raw))
    _grade(made, filing, "自评等级", 3)
    return made


PROVINCIAL: dict[str, Callable[[Filing], Table]] = {
    "weights-first": _weights_first,
    "stacked": _stacked,
    "notes-first": _notes_first,
}


def _labels(*texts: str) -> list[Entry]:
    return [(text, 1, "label") for text in texts]


def _numbers(*texts: str) -> list[Entry]:
    return [(text, 1, "number") for text in texts]


def _opened(funds: tuple[FundsRow, ...]) -> Iterator[tuple[FundsRow, str]]:
    """The rows with their printed labels: 其中 before the first source."""
    for place, row in enumerate(funds):
        yield row, ("其中：" if place == 1 else "") + row.label


def _change(row: FundsRow) -> str:
    """年中调整数: what came to 年初预算数 or was taken from it, printed as the amounts are."""
    if not row.initial.raw or not row.adjusted.raw:
        return ""
    before, after = (Decimal(cell.raw.replace(",", "")) for cell in (row.initial, row.adjusted))
    return f"{after - before:,.2f}" if "," in row.initial.raw else f"{after - before:.2f}"


def _levels(made: Table, rows: tuple[Indicator, ...]) -> None:
    """一级指标 and 二级指标, merged over the rows that share them."""
    top = made.height - len(rows)
    for column in (0, 1):
        start = 0
        for end in range(1, len(rows) + 1):
            if end < len(rows) and _shared(rows[end], column) == _shared(rows[start], column):
                continue
            text = _shared(rows[start], column)[-1] or ""
            made.cells.append(Cell(top + start, column, text, end - start, 1, "label"))
            start = end


def _shared(row: Indicator, column: int) -> tuple[str | None, ...]:
    return (row.level1, row.level2)[: column + 1]


def _grade(made: Table, filing: Filing, label: str, columns: int) -> None:
    if filing.grade:
        made.row((label, columns, "label"), (filing.grade, len(made.widths) - columns, "text"))
