"""S08: the score of each row that is not full against the form's scoring rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from narrcheck.filing import Claim, Comparator, Evidence, Finding, Indicator, Modifier, Severity, Target
from narrcheck.quantity.compare import is_upper_bound, share
from narrcheck.quantity.units import comparable, in_base
from narrcheck.rules.case import Case
from narrcheck.rules.figures import HUNDRED, HUNDREDTH, ZERO, Achieved, claims_in, misses, own_value, shown
from narrcheck.rules.registry import rule

_OPEN: dict[Modifier, Comparator] = {"at_least": "≥", "at_most": "≤"}


@rule("S08", "score-off-rule", severity=Severity.WARNING)
def score_off_rule(case: Case) -> Iterator[Finding]:
    """未得满分的行，得分应符合计分规则：定量指标不超过按完成比例计算的得分，定性指标在评判结果的分值区间内。

    定量指标未达标时，得分不应超过“实际完成值 ÷ 指标值 × 分值”（上限指标为“指标值 ÷ 实际完成值 × 分值”）；
    一格含多个数量的，按完成比例最高的一个计算。达成为分值的 80%–100%，部分达成为 60%–80%，未达成为 0%–60%（可设置）。

    不符:
      row: 古树挂牌 | ≥200株 | 150株 | 8 | 7 | 天气影响

      row: 供水制度建设 | 健全 | 达成年度指标 | 10 | 7 | 尚需完善

      row: 供水制度建设 | 健全 | 部分达成年度指标 | 10 | 9 | 尚需完善

      row: 报修响应时间 | ≤2小时 | 4小时 | 8 | 5 | 人手不足
    相符:
      row: 古树挂牌 | ≥200株 | 150株 | 8 | 6 | 天气影响

      row: 供水制度建设 | 健全 | 部分达成年度指标 | 10 | 8 | 尚需完善

      row: 古树挂牌 | ≥200株 | 150株 | 8 | 8 | 天气影响
    """
    for row in case.filing.indicators:
        weight, score = row.weight.value, row.score.value
        if not weight or score is None or score >= weight:
            continue
        if row.actual.status is not None:
            yield from _outside_band(case, row, score / weight)
            continue
        best = _best(case, row)
        if best is None:
            continue
        due = (best.part * weight).max(ZERO)
        if best.part < 1 and score - due > HUNDREDTH:
            yield case.finding(
                case.cell(row, "target"),
                best.evidence,
                case.cell(row, "score"),
                case.cell(row, "weight"),
                variant=best.formula,
                name=row.name,
                target=row.target.raw,
                actual=best.evidence.quote,
                weight=row.weight,
                score=row.score,
                due=shown(due),
            )


def _outside_band(case: Case, row: Indicator, part: Decimal) -> Iterator[Finding]:
    limits = case.limits
    bands = {
        "met": (limits.band_met, Decimal(1)),
        "partly_met": (limits.band_partly, limits.band_met),
        "not_met": (ZERO, limits.band_partly),
    }
    assert row.actual.status is not None
    least, most = bands[row.actual.status]
    if not least <= part <= most:
        yield case.finding(
            case.cell(row, "actual"),
            case.cell(row, "score"),
            case.cell(row, "weight"),
            variant="band",
            name=row.name,
            actual=row.actual.raw,
            weight=row.weight,
            score=row.score,
            part=shown(part * HUNDRED),
            least=shown(least * HUNDRED),
            most=shown(most * HUNDRED),
        )


@dataclass(frozen=True, slots=True)
class _Share:
    """The share of a target that was reached: `part` of 1, what states it, and by which formula it was computed."""

    part: Decimal
    evidence: Evidence
    formula: str


def _best(case: Case, row: Indicator) -> _Share | None:
    """The share of the row's target that was reached; of several quantities in one cell the best; None if unsure."""
    if row.target.value is not None:
        reached = own_value(case, row)
        return _share(case, row.target, reached) if misses(row, reached) and reached else None
    wanted = claims_in(case, "target", row)
    if len(wanted) < 2:
        return None
    shares: list[_Share] = []
    for claim in wanted:
        answer = _answer(case, row, claim, wanted)
        target = Target(claim.quote, _OPEN.get(claim.modifier, "="), claim.value, None, claim.unit)
        one = _share(case, target, answer) if answer is not None else None
        if one is None:
            return None
        shares.append(one)
    return max(shares, key=lambda one: one.part)


def _answer(case: Case, row: Indicator, claim: Claim, wanted: list[Claim]) -> Achieved | None:
    """The one quantity of the row's actual cell that answers a quantity of its target cell."""
    fitting = [c for c in claims_in(case, "actual", row) if comparable(c.unit, claim.unit)]
    if sum(comparable(other.unit, claim.unit) for other in wanted) > 1:
        fitting = [c for c in fitting if c.subject == claim.subject]
    if len(fitting) != 1:
        return None
    return Achieved(fitting[0].value, fitting[0].unit, case.claim(fitting[0]))


def _share(case: Case, target: Target, reached: Achieved) -> _Share | None:
    """The reached share of one target by the formula in force."""
    upper = is_upper_bound(target)
    if upper and case.limits.upper_bound_score == "linear" and target.value:
        actual, limit = in_base(reached.value, reached.unit), in_base(target.value, target.unit or reached.unit)
        part = 1 - (actual - limit) / limit
        return _Share(min(part, Decimal(1)), reached.evidence, "linear")
    part_reached = share(target, reached.value, reached.unit)
    if part_reached is None:
        return None
    return _Share(part_reached, reached.evidence, "upper" if upper else "")
