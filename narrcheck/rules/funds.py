"""F01–F03 and F05: the funds table against itself. F04 (the narrative's amounts) is in rules/spending.py."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import narrcheck.rules.spending  # noqa: F401 - registers F04
from narrcheck.filing import Finding, FundsRow, Number, Severity
from narrcheck.rules.case import Case
from narrcheck.rules.figures import (
    HUNDRED,
    HUNDREDTH,
    cut,
    execution_rate,
    places,
    same_when_cut,
    shown,
    slack,
    total,
    total_funds,
    words,
)
from narrcheck.rules.registry import rule
from narrcheck.text import squeeze

_AMOUNTS = ("initial", "adjusted", "executed")


@rule("F01", "execution-rate-mismatch", severity=Severity.ERROR)
def execution_rate_mismatch(case: Case) -> Iterator[Finding]:
    """执行率应等于“全年执行数 ÷ 全年预算数”，允许按所写位数四舍五入或截位。

    相差不超过 0.01 个百分点视为一致；全年预算数为零或空白时不核对。

    不符:
      funds: 年度资金总额 | 820.00 | 800.00 | 764.00 | 10 | 97.50% | 9.75

      funds: 年度资金总额 | 60.00 | 60.00 | 45.00 | 10 | 74.00 | 7.40
    相符:
      funds: 年度资金总额 | 820.00 | 800.00 | 764.00 | 10 | 95.50% | 9.55

      funds: 年度资金总额 | 90.00 | 90.00 | 60.00 | 10 | 66.66 | 6.67

      funds: 年度资金总额 | 0.00 | 0.00 | 0.00 | 10 | 100.00 | 10
    """
    for row in case.filing.funds:
        expected, rate = execution_rate(row), row.rate.value
        if expected is None or rate is None:
            continue
        if abs(rate - expected) > HUNDREDTH and not same_when_cut(expected, rate):
            yield case.finding(
                case.funds_cell(row, "rate"),
                case.funds_cell(row, "executed"),
                case.funds_cell(row, "adjusted"),
                label=row.label,
                rate=rate,
                executed=row.executed,
                adjusted=row.adjusted,
                expected=shown(expected),
            )


@rule("F02", "funds-score-mismatch", severity=Severity.ERROR)
def funds_score_mismatch(case: Case) -> Iterator[Finding]:
    """预算执行得分应等于“分值 × 所填执行率”，不超过分值。

    相差不超过 0.01 分（得分写一位小数时 0.05 分）视为一致。

    不符:
      funds: 年度资金总额 | 500.00 | 500.00 | 450.00 | 10 | 90.00 | 10

      funds: 年度资金总额 | 500.00 | 500.00 | 450.00 | 20 | 90.00 | 17.9
    相符:
      funds: 年度资金总额 | 500.00 | 500.00 | 450.00 | 10 | 90.00 | 9

      funds: 年度资金总额 | 500.00 | 500.00 | 487.25 | 10 | 97.45 | 9.7

      funds: 年度资金总额 | 500.00 | 500.00 | 510.00 | 10 | 102.00 | 10
    """
    for row in case.filing.funds:
        weight, rate, score = row.weight.value, row.rate.value, row.score.value
        if weight is None or rate is None or score is None:
            continue
        expected = min(weight * rate / HUNDRED, weight)
        if abs(score - expected) > slack([row.score]):
            yield case.finding(
                case.funds_cell(row, "score"),
                case.funds_cell(row, "weight"),
                case.funds_cell(row, "rate"),
                label=row.label,
                weight=weight,
                rate=rate,
                score=score,
                expected=shown(expected),
            )


@rule("F03", "funds-sum-mismatch", severity=Severity.ERROR)
def funds_sum_mismatch(case: Case) -> Iterator[Finding]:
    """各资金来源之和应等于年度资金总额，年初预算数、全年预算数、全年执行数三列分别核对。

    一列中填了来源（零也算填）才核对，全列空白不核对。

    不符:
      funds: 年度资金总额 | 300.00 | 280.00 | 270.00
      funds: 当年财政拨款 | 300.00 | 260.00 | 250.00
      funds: 上年结转资金 | 0.00 | 0.00 | 20.00
      funds: 其他资金 | 0.00 | 0.00 | 0.00

      funds: 年度资金总额 | 75.00 | 75.00 | 70.00
      funds: 当年财政拨款 | 0 | 75.00 | 70.00
    相符:
      funds: 年度资金总额 | 300.00 | 280.00 | 270.00
      funds: 当年财政拨款 | 300.00 | 260.00 | 250.00
      funds: 上年结转资金 | 0.00 | 20.00 | 20.00
      funds: 其他资金 | — | — | —

      funds: 年度资金总额 | 75.00 | 75.00 | 70.00
      funds: 当年财政拨款 | 75.00 | 75.00 |
    """
    whole = total_funds(case.filing)
    sources = [row for row in case.filing.funds if row is not whole]
    if whole is None:
        return
    for column in _AMOUNTS:
        stated: Number = getattr(whole, column)
        filled = [row for row in sources if getattr(row, column).value is not None]
        if stated.value is None or not filled:
            continue
        values = [getattr(row, column).value for row in filled]
        upper_only = [getattr(row, column).value for row in _without_levels(filled, sources)]
        if _adds_up(stated.value, values) or _adds_up(stated.value, upper_only):
            continue
        yield case.finding(
            *(case.funds_cell(row, column) for row in (whole, *filled)),
            variant=column,
            label=whole.label,
            stated=stated,
            sum=total(values),
        )


def _without_levels(filled: Sequence[FundsRow], sources: Sequence[FundsRow]) -> list[FundsRow]:
    """The sources without the rows of single levels of government, which are parts of a general row above them."""
    levels, general = tuple(words("funds", "levels")), words("funds", "general")
    labels = [squeeze(row.label) for row in sources]
    if not any(any(name in label for name in general) and not label.startswith(levels) for label in labels):
        return list(filled)
    return [row for row in filled if not squeeze(row.label).startswith(levels)]


def _adds_up(whole: Decimal, parts: Sequence[Decimal]) -> bool:
    """Whether parts that are each rounded as written may add up to the whole."""
    difference = abs(total(parts) - whole)
    given = [part for part in parts if part]
    digits = max((places(value) for value in (whole, *given)), default=0)
    if difference == 0:
        return True
    if digits and len(given) > 1 and difference <= Decimal(len(given)).scaleb(-digits) / 2:
        return True
    coarse = min((places(value) for value in (whole, *given)), default=0)
    return bool(given) and digits > coarse and cut(total(parts), coarse) == cut(whole, coarse)


@rule("F05", "budget-changed", severity=Severity.INFO)
def budget_changed(case: Case) -> Iterator[Finding]:
    """全年预算数与年初预算数相差较大（默认 30% 及以上），或一为零一不为零，须说明调整原因及指标是否相应调整。

    不符:
      funds: 年度资金总额 | 200.00 | 130.00 | 130.00 | 10 | 100.00 | 10

      funds: 年度资金总额 | 0.00 | 46.00 | 46.00 | 10 | 100.00 | 10
    相符:
      funds: 年度资金总额 | 200.00 | 150.00 | 150.00 | 10 | 100.00 | 10

      funds: 年度资金总额 | | 46.00 | 46.00 | 10 | 100.00 | 10
    """
    row = total_funds(case.filing)
    if row is None or row.initial.value is None or row.adjusted.value is None:
        return
    initial, adjusted = row.initial.value, row.adjusted.value
    if bool(initial) != bool(adjusted):
        variant, change = "zero", ""
    elif initial and abs(adjusted - initial) / abs(initial) >= case.limits.budget_change:
        variant, change = "", str(shown((adjusted - initial) / initial * HUNDRED))
    else:
        return
    yield case.finding(
        case.funds_cell(row, "initial"),
        case.funds_cell(row, "adjusted"),
        variant=variant,
        label=row.label,
        initial=row.initial,
        adjusted=row.adjusted,
        change=change,
        limit=shown(case.limits.budget_change * HUNDRED),
    )
