"""A filing laid out as the printed table: cells with their merged ranges, which every format writes in its own way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from narrcheck.filing import Filing, FundsRow, Indicator

Layout = Literal["national", "numbered"]
"""`national`: the table of the finance ministry, with 绩效指标 merged beside all rows and the unit of money in a label.
`numbered`: 序号 before the rows, weights before targets, year in the title, unit of money in a line of its own."""

LAYOUTS: tuple[Layout, ...] = ("national", "numbered")
Sort = Literal["label", "text", "number"]
AMOUNTS = ("initial", "adjusted", "executed", "weight", "rate", "score")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and the range merged into it; `row` and `column` begin at 0."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    sort: Sort = "text"


@dataclass(slots=True)
class Table:
    """`titles` stand above the ruled cells, `foot` below; `widths` are the columns' shares; `header` is the row of the
    indicator table's headings."""

    titles: tuple[str, ...]
    widths: tuple[int, ...]
    foot: str = ""
    header: int = 0
    height: int = 0
    cells: list[Cell] = field(default_factory=list)

    def row(self, *cells: tuple[str, int, Sort], first: int = 0) -> None:
        """Append a row of (text, columns merged, sort), beginning at column `first`."""
        column = first
        for text, columns, sort in cells:
            self.cells.append(Cell(self.height, column, text, 1, columns, sort))
            column += columns
        self.height += 1

    def beside(self, text: str, column: int, above: int, columns: int = 1) -> None:
        """A label merged over the last `above` rows."""
        self.cells.append(Cell(self.height - above, column, text, above, columns, "label"))

    def lines(self) -> list[list[str]]:
        """The rows as texts, a merged range in its first cell."""
        grid = [[""] * len(self.widths) for _ in range(self.height)]
        for cell in self.cells:
            grid[cell.row][cell.column] = cell.text
        return grid


def table(filing: Filing, layout: Layout = "national") -> Table:
    """The table of a filing; a target table has a layout of its own."""
    if filing.form == "target_table":
        return _plan(filing)
    return _national(filing) if layout == "national" else _numbered(filing)


def _national(filing: Filing) -> Table:
    year = (f"（{filing.year}年度）",) if filing.year else ()
    made = Table(
        ("项目支出绩效自评表", *year),
        (24, 38, 54, 88, 72, 78, 44, 46, 76),
        foot="注：得分一档最高不能超过该指标分值上限。",
    )
    made.row(("项目名称", 2, "label"), (filing.project or "", 7, "text"))
    made.row(
        ("主管部门", 2, "label"), (filing.department or "", 3, "text"),
        ("实施单位", 1, "label"), (filing.unit or "", 3, "text"),
    )  # fmt: skip
    made.row(*_headings("", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"), first=2)
    _funds(made, filing.funds)
    unit = f"（{filing.money_unit}）" if filing.money_unit else ""
    made.beside(f"项目资金{unit}", 0, len(filing.funds) + 1, columns=2)
    made.row(("预期目标", 4, "label"), ("实际完成情况", 4, "label"), first=1)
    made.row((filing.goal or "", 4, "text"), (filing.narrative or "", 4, "text"), first=1)
    made.beside("年度总体目标", 0, 2)
    made.header = made.height
    made.row(
        *_headings(
            "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"
        ),
        first=1,
    )
    for row in filing.indicators:
        made.row(
            (row.name, 1, "text"), (row.target.raw, 1, "number"), (row.actual.raw, 1, "number"),
            (row.weight.raw, 1, "number"), (row.score.raw, 1, "number"), (row.note or "", 1, "text"), first=3,
        )  # fmt: skip
    _levels(made, filing.indicators)
    made.beside("绩效指标", 0, len(filing.indicators) + 1)
    made.row(
        ("总分", 6, "label"), (filing.total_weight.raw, 1, "number"), (filing.total_score.raw, 1, "number"),
        ("", 1, "text"),
    )  # fmt: skip
    if filing.grade:
        made.row(("评分等级", 3, "label"), (filing.grade, 6, "text"))
    return made


def _numbered(filing: Filing) -> Table:
    year = f"{filing.year}年度" if filing.year else ""
    unit = (f"金额单位：{filing.money_unit}",) if filing.money_unit else ()
    made = Table(
        (f"{year}财政支出项目绩效自评表", *unit),
        (26, 46, 58, 88, 36, 72, 80, 46, 74),
        foot="填表人：　　　　　　审核人：　　　　　　联系电话：",
    )
    made.row(("项目名称", 2, "label"), (filing.project or "", 7, "text"))
    made.row(
        ("主管部门及代码", 2, "label"), (filing.department or "", 3, "text"),
        ("项目实施单位", 1, "label"), (filing.unit or "", 3, "text"),
    )  # fmt: skip
    made.row(("项目负责人", 2, "label"), ("", 3, "text"), ("联系电话", 1, "label"), ("", 3, "text"))
    made.row(*_headings("", "年初预算", "全年预算", "全年执行", "权重", "预算执行率", "自评得分"), first=2)
    _funds(made, filing.funds)
    made.beside("项目资金情况", 0, len(filing.funds) + 1, columns=2)
    made.row(("年初设定目标", 5, "label"), ("年度总体目标完成情况", 4, "label"))
    made.row((filing.goal or "", 5, "text"), (filing.narrative or "", 4, "text"))
    made.header = made.height
    made.row(
        *_headings(
            "序号", "一级指标", "二级指标", "三级指标", "权重", "全年目标值", "全年实际完成值", "自评得分",
            "未完成原因及改进措施",
        )
    )  # fmt: skip
    for number, row in enumerate(filing.indicators, 1):
        made.row((str(number), 1, "number"))
        made.height -= 1
        made.row(
            (row.name, 1, "text"), (row.weight.raw, 1, "number"), (row.target.raw, 1, "number"),
            (row.actual.raw, 1, "number"), (row.score.raw, 1, "number"), (row.note or "", 1, "text"), first=3,
        )  # fmt: skip
    _levels(made, filing.indicators)
    made.row(
        ("合计", 4, "label"), (filing.total_weight.raw, 1, "number"), ("", 2, "text"),
        (filing.total_score.raw, 1, "number"), ("", 1, "text"),
    )  # fmt: skip
    if filing.grade:
        made.row(("自评等级", 4, "label"), (filing.grade, 5, "text"))
    return made


def _plan(filing: Filing) -> Table:
    year = (f"（{filing.year}年度）",) if filing.year else ()
    made = Table(("财政项目支出绩效目标表", *year), (110, 130, 150, 130))
    made.row(("申报单位名称", 1, "label"), (filing.unit or "", 3, "text"))
    made.row(("项目名称", 1, "label"), (filing.project or "", 1, "text"), ("项目类别", 1, "label"), ("", 1, "text"))
    made.row(("总目标及阶段性目标", 1, "label"), (filing.goal or "", 3, "text"))
    unit = f"（{filing.money_unit}）" if filing.money_unit else ""
    for left in range(0, len(filing.funds), 2):
        cells: list[tuple[str, int, Sort]] = []
        for row in filing.funds[left : left + 2]:
            cells += [(row.label + unit, 1, "label"), (row.initial.raw or row.executed.raw, 1, "number")]
        made.row(*cells)
    made.header = made.height
    made.row(*_headings("一级目标", "二级目标", "三级目标", "指标目标值"))
    for row in filing.indicators:
        made.row((row.name, 1, "text"), (row.target.raw, 1, "number"), first=2)
    _levels(made, filing.indicators, first=0)
    return made


def _headings(*texts: str) -> list[tuple[str, int, Sort]]:
    return [(text, 1, "label") for text in texts]


def _funds(made: Table, funds: Sequence[FundsRow]) -> None:
    """Rows of amounts from column 2 on: the total, the first source behind 其中, the others indented."""
    for number, row in enumerate(funds):
        opening = ("", "其中：")[number] if number < 2 else "　　　"
        amounts: list[tuple[str, int, Sort]] = [(getattr(row, column).raw, 1, "number") for column in AMOUNTS]
        made.row((opening + row.label, 1, "text"), *amounts, first=2)


def _levels(made: Table, rows: Sequence[Indicator], first: int = 1) -> None:
    """The two level cells, merged over the neighbouring rows that share them."""
    for depth, column in ((1, first), (2, first + 1)):
        start = 0
        for index in range(1, len(rows) + 1):
            if index < len(rows) and _level(rows[index], depth) == _level(rows[start], depth):
                continue
            text = _level(rows[start], depth)[-1] or ""
            top = made.height - len(rows) + start
            made.cells.append(Cell(top, column, text, index - start, 1, "label"))
            start = index


def _level(row: Indicator, depth: int) -> tuple[str | None, ...]:
    return (row.level1, row.level2)[:depth]
