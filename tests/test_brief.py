"""The brief form that docstrings and cases write: what each line becomes, and what is refused."""

from decimal import Decimal

import pytest

from narrcheck.brief import Example, read_brief, read_doc

FORM = """
year: 2024
project: 路灯养护
money: 元
form: self_evaluation
goal: 巡查不少于12次
narrative: 全年巡查13次，
narrative: 更换灯具40盏。
funds: 年度资金总额 | 1,200.00 | 1200.00 | — | 10 | 98.50% |
level: 产出指标 / 数量指标
row: 路灯巡查次数 | ≥12次 | 13次 | 10 | 9.5 | 增加一次雨季巡查
row: 亮灯率
level: 满意度指标
row: 居民满意度：主城区 | ≥90% | 达成年度指标
total: 100 | 98.50 | 优
"""


def test_every_line() -> None:
    filing = read_brief(FORM)
    assert (filing.year, filing.project, filing.money_unit, filing.grade) == (2024, "路灯养护", "元", "优")
    assert filing.narrative == "全年巡查13次，\n更换灯具40盏。"
    (funds,) = filing.funds
    assert (funds.initial.value, funds.executed.value, funds.rate.value, funds.score.raw) == (
        1200,
        None,
        Decimal("98.5"),
        "",
    )
    first, second, third = filing.indicators
    assert (first.level1, first.level2, first.target.comparator, first.note) == (
        "产出指标",
        "数量指标",
        "≥",
        "增加一次雨季巡查",
    )
    assert (second.position, second.target.raw, second.note) == (1, "", None)
    assert (third.level1, third.level2, third.name, third.actual.status) == (
        "满意度指标",
        None,
        "居民满意度：主城区",
        "met",
    )
    assert (filing.total_weight.value, filing.total_score.value) == (100, Decimal("98.50"))


@pytest.mark.parametrize(
    "line",
    ["rows: 甲", "row 甲", "year: 去年", "form: report", "row: 甲 | 1 | 1 | 1 | 1 | 注 | 多", "total: 1 | 2 | 优 | 多"],
)
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=line.split(":")[0]):
        read_brief(f"year: 2024\n{line}")


def test_docstring_is_taken_apart() -> None:
    text = read_doc("""一句话。

    说明一。
    说明二。

    不符:
      row: 甲

      row: 乙
      row: 丙
    相符:
      row: 丁
    """)
    assert text.statement == "一句话。"
    assert text.details == "说明一。\n说明二。"
    assert text.examples == (
        Example(True, "row: 甲"),
        Example(True, "row: 乙\nrow: 丙"),
        Example(False, "row: 丁"),
    )
