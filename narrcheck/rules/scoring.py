"""S01–S03, S07 and S10: weights, scores, total and grade against one another."""

from collections.abc import Iterator
from decimal import Decimal

import narrcheck.rules.judging
import narrcheck.rules.shares  # noqa: F401 - registers S08
from narrcheck.filing import Evidence, Filing, Finding, FundsRow, Number, Severity
from narrcheck.rules.case import Case
from narrcheck.rules.figures import HUNDRED, HUNDREDTH, ZERO, execution_rate, shown, slack, total, total_funds, words
from narrcheck.rules.registry import rule
from narrcheck.text import squeeze


def _counted_funds(filing: Filing) -> FundsRow | None:
    """The funds row whose weight and score count in the total; None where there is none.

    A form that scores the execution rate as an indicator row does not count it a second time.
    """
    row = total_funds(filing)
    if row is None or (row.weight.value is None and row.score.value is None):
        return None
    names = words("funds", "scored")
    again = any(squeeze(r.name) in names and r.weight.value == row.weight.value for r in filing.indicators)
    return None if again and total(r.weight.value for r in filing.indicators) == HUNDRED else row


def _unscored(filing: Filing, funds: FundsRow | None) -> Decimal:
    """How much the cells whose score could not be read may hold: their weights, and a funds weight that is missing."""
    rows = [(r.weight.value, r.score.value) for r in filing.indicators]
    if funds is not None:
        rows.append((funds.weight.value, funds.score.value))
    unread = total(weight for weight, score in rows if score is None)
    if funds is None and any(r.rate.value is not None for r in filing.funds):
        unread += max(ZERO, HUNDRED - total(weight for weight, _ in rows))
    return unread


@rule("S01", "total-score-mismatch", severity=Severity.ERROR)
def total_score_mismatch(case: Case) -> Iterator[Finding]:
    """总分应等于预算执行得分与各项指标得分之和。

    相差不超过 0.01 分（得分写一位小数时 0.05 分）视为一致。未填得分的行，按其可能的得分范围核对。

    不符:
      funds: 年度资金总额 | 40.00 | 40.00 | 38.00 | 10 | 95.00 | 9.50
      row: 河道保洁长度 | ≥20公里 | 21公里 | 50 | 50
      row: 居民满意度 | ≥90% | 92% | 40 | 40
      total: 100 | 98.50

      row: 河道保洁长度 | ≥20公里 | 21公里 | 60 | 58.5
      row: 居民满意度 | ≥90% | 92% | 40 | 40
      total: 100 | 98.6
    相符:
      funds: 年度资金总额 | 40.00 | 40.00 | 38.00 | 10 | 95.00 | 9.50
      row: 河道保洁长度 | ≥20公里 | 21公里 | 50 | 50
      row: 居民满意度 | ≥90% | 92% | 40 | 40
      total: 100 | 99.50

      row: 河道保洁长度 | ≥20公里 | 21公里 | 60 |
      row: 居民满意度 | ≥90% | 92% | 40 | 40
      total: 100 | 97
    """
    filing = case.filing
    stated = filing.total_score.value
    if stated is None or not filing.indicators:
        return
    funds = _counted_funds(filing)
    cells = [row.score for row in filing.indicators] + ([funds.score] if funds else [])
    reached = total(cell.value for cell in cells)
    margin = slack([filing.total_score, *cells])
    if reached - margin <= stated <= reached + _unscored(filing, funds) + margin:
        return
    evidence = [case.total(filing.total_score)]
    if funds is not None:
        evidence.append(case.funds_cell(funds, "score"))
    yield case.finding(
        *evidence,
        variant="" if funds else "rows",
        stated=filing.total_score,
        sum=shown(reached),
        rows=shown(total(row.score.value for row in filing.indicators)),
        funds=funds.score if funds else "",
    )


@rule("S02", "weights-sum", severity=Severity.ERROR)
def weights_sum(case: Case) -> Iterator[Finding]:
    """分值（含预算执行分值）之和应为 100，并与合计行所填分值一致。

    不符:
      funds: 年度资金总额 | 40.00 | 40.00 | 40.00 | 10 | 100.00 | 10
      row: 树木补植 | ≥200株 | 220株 | 45 | 45
      row: 成活率 | ≥95% | 96% | 40 | 40
      total: 100 | 95

      row: 树木补植 | ≥200株 | 220株 | 60 | 60
      row: 成活率 | ≥95% | 96% | 40 | 40
      total: 90 | 100
    相符:
      funds: 年度资金总额 | 40.00 | 40.00 | 40.00 | 10 | 100.00 | 10
      row: 树木补植 | ≥200株 | 220株 | 50 | 50
      row: 成活率 | ≥95% | 96% | 40 | 40
      total: 100 | 100

      row: 树木补植 | ≥200株 | 220株 | 60 | 60
      row: 成活率 | ≥95% | 96% | | 40
    """
    filing = case.filing
    funds = _counted_funds(filing)
    weights = [row.weight.value for row in filing.indicators]
    if not any(weight is not None for weight in weights) or any(row.weight.malformed for row in filing.indicators):
        return
    if funds is not None and funds.weight.value is None:
        return
    if any(doubt.field == "weight" for doubt in filing.doubts):
        return
    reached = total([*weights, funds.weight.value if funds else None])
    stated = filing.total_weight.value
    expected = [HUNDRED] if stated is None else [HUNDRED, stated]
    if stated is None and filing.total_score.value is None and reached < HUNDRED:
        return  # without a total row the table may have been cut off
    wrong = [value for value in expected if abs(reached - value) > HUNDREDTH]
    if not wrong or _may_lack(filing, funds, wrong[0] - reached):
        return
    yield case.finding(
        *_weight_cells(case, funds),
        variant="" if stated is None or stated == HUNDRED else "total",
        sum=shown(reached),
        stated=filing.total_weight,
    )


def _may_lack(filing: Filing, funds: FundsRow | None, missing: Decimal) -> bool:
    """Whether weights that are not in the form may make up what is missing from the sum."""
    if missing <= 0:
        return False
    blank = any(r.weight.value is None and (r.target.raw or r.actual.raw or r.score.raw) for r in filing.indicators)
    without_funds = funds is None and any(row.rate.value is not None for row in filing.funds)
    return blank or without_funds


def _weight_cells(case: Case, funds: FundsRow | None) -> list[Evidence]:
    """What shows the sum: the total row's figure and the funds weight, or every weight where there is no total row."""
    filing = case.filing
    cells = [case.total(filing.total_weight)]
    if funds is not None:
        cells.append(case.funds_cell(funds, "weight"))
    if filing.total_weight.value is None:
        cells += [case.cell(row, "weight") for row in filing.indicators]
    return cells


@rule("S03", "score-over-weight", severity=Severity.ERROR)
def score_over_weight(case: Case) -> Iterator[Finding]:
    """得分不应超过分值，也不应为负。

    不符:
      row: 宣传册印制 | ≥5000册 | 5200册 | 5 | 6

      row: 宣传册印制 | ≥5000册 | 0册 | 5 | -1
    相符:
      row: 宣传册印制 | ≥5000册 | 5200册 | 5 | 5

      row: 宣传册印制 | ≥5000册 | 0册 | 5 | 0
    """
    for row in case.filing.indicators:
        variant = _beyond(row.weight, row.score)
        if variant is not None:
            cells = case.cell(row, "score"), case.cell(row, "weight")
            yield case.finding(*cells, variant=variant, name=row.name, score=row.score, weight=row.weight)
    for funds in case.filing.funds:
        variant = _beyond(funds.weight, funds.score)
        if variant is not None:
            cells = case.funds_cell(funds, "score"), case.funds_cell(funds, "weight")
            yield case.finding(*cells, variant=variant, name=funds.label, score=funds.score, weight=funds.weight)


def _beyond(weight: Number, score: Number) -> str | None:
    """The message's variant for a score above its weight ("") or below zero; None for any other."""
    if score.value is None:
        return None
    if score.value < 0:
        return "negative"
    return "" if weight.value is not None and score.value > weight.value else None


@rule("S07", "grade-mismatch", severity=Severity.ERROR)
def grade_mismatch(case: Case) -> Iterator[Finding]:
    """评分等级应与总分相符：90 分及以上为优，80 至 90 分为良，60 至 80 分为中，60 分以下为差（分档可设置）。

    不符:
      total: 100 | 88.50 | 优

      total: 100 | 92 | 良好
    相符:
      total: 100 | 90 | 优

      total: 100 | 79.99 | 中
    """
    filing, limits = case.filing, case.limits
    score, grade = filing.total_score.value, filing.grade
    if score is None or not grade:
        return
    bands = (
        ("excellent", limits.grade_excellent),
        ("good", limits.grade_good),
        ("fair", limits.grade_fair),
    )
    said = next(
        (name for name in ("excellent", "good", "fair", "poor") if squeeze(grade) in words("grades", name)), None
    )
    due = next((name for name, least in bands if score >= least), "poor")
    if said is not None and said != due:
        yield case.finding(
            case.words("grade", grade, 0, len(grade)),
            case.total(filing.total_score),
            variant=due,
            grade=grade.strip(),
            score=filing.total_score,
            excellent=shown(limits.grade_excellent),
            good=shown(limits.grade_good),
            fair=shown(limits.grade_fair),
        )


@rule("S10", "score-ahead-of-spending", severity=Severity.INFO)
def score_ahead_of_spending(case: Case) -> Iterator[Finding]:
    """指标得分率（不含预算执行分）比预算执行率高出较多（默认超过 30 个百分点），须说明支出滞后而任务完成的原因。

    不符:
      funds: 年度资金总额 | 200.00 | 200.00 | 90.00 | 10 | 45.00 | 4.5
      row: 设备采购 | =12台 | 12台 | 50 | 50
      row: 使用满意度 | ≥90% | 90% | 40 | 38

      funds: 年度资金总额 | 200.00 | 200.00 | 60.00
      row: 设备采购 | =12台 | 12台 | 90 | 90
    相符:
      funds: 年度资金总额 | 200.00 | 200.00 | 140.00 | 10 | 70.00 | 7
      row: 设备采购 | =12台 | 12台 | 90 | 90

      funds: 年度资金总额 | 200.00 | 200.00 | 90.00 | 10 | 45.00 | 4.5
      row: 设备采购 | =12台 | 5台 | 90 | 40
    """
    row = total_funds(case.filing)
    scored = [r for r in case.filing.indicators if r.weight.value is not None and r.score.value is not None]
    weights, scores = total(r.weight.value for r in scored), total(r.score.value for r in scored)
    if row is None or weights <= 0:
        return
    rate = row.rate.value if row.rate.value is not None else execution_rate(row)
    if rate is None:
        return
    reached = scores / weights * HUNDRED
    if reached - rate <= case.limits.spending_gap:
        return
    columns = ("rate",) if row.rate.value is not None else ("executed", "adjusted")
    yield case.finding(
        *(case.funds_cell(row, column) for column in columns),
        case.total(case.filing.total_score),
        reached=shown(reached),
        rate=shown(rate),
        gap=shown(reached - rate),
        limit=shown(case.limits.spending_gap),
    )
