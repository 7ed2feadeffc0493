"""S04–S06 and S09: the score and note of each row against what the row reached. S08 is in rules/shares.py."""

from collections.abc import Iterator
from decimal import Decimal

from narrcheck.filing import Evidence, Finding, Indicator, Severity
from narrcheck.quantity.compare import falls_short
from narrcheck.quantity.units import comparable, in_base, is_percent
from narrcheck.rules.case import Case
from narrcheck.rules.deadlines import is_late
from narrcheck.rules.figures import (
    HUNDRED,
    Achieved,
    has_note,
    misses,
    own_value,
    says_shortfall,
    shown,
    stated_value,
)
from narrcheck.rules.registry import rule

_BELOW = ("partly_met", "not_met")
_BIG_UNITS = ("万", "亿")


def _is_full(row: Indicator) -> bool:
    return bool(row.weight.value) and row.score.value == row.weight.value


def _shortfall(case: Case, row: Indicator) -> Evidence | None:
    """The actual cell or the words in it that show the row below its target; None where nothing does."""
    reached = own_value(case, row)
    if misses(row, reached):
        assert reached is not None
        return reached.evidence
    if row.actual.value is not None or not row.actual.raw.strip():
        return None
    in_words = row.actual.status in _BELOW
    if row.actual.status is None:
        in_words = says_shortfall(row.actual.raw) or is_late(row, case.filing.year)
    return case.cell(row, "actual") if in_words and reached is None else None


@rule("S04", "full-score-missed-target", severity=Severity.WARNING)
def full_score_missed_target(case: Case) -> Iterator[Finding]:
    """未达到指标值（按实际完成值，或该栏文字所述）的，不应得满分。

    不符:
      row: 窨井盖更换 | ≥80个 | 76个 | 5 | 5 | 部分路段施工受限

      row: 管网普查 | 完成全部片区普查 | 尚未完成东片区普查 | 8 | 8 | 雨季顺延

      row: 投诉处理时长 | ≤3天 | 4天 | 6 | 6 | 节假日积压
    相符:
      row: 窨井盖更换 | ≥80个 | 76个 | 5 | 4.5 | 部分路段施工受限

      row: 重大事故起数 | =0起 | 0起 | 5 | 5

      row: 管网普查 | 完成全部片区普查 | 无未完成片区 | 8 | 8
    """
    for row in case.filing.indicators:
        if not _is_full(row):
            continue
        evidence = _shortfall(case, row)
        if evidence is not None:
            yield case.finding(
                case.cell(row, "target"),
                evidence,
                case.cell(row, "score"),
                name=row.name,
                target=row.target.raw,
                actual=evidence.quote,
                score=row.score,
            )


@rule("S05", "unexplained-deduction", severity=Severity.INFO)
def unexplained_deduction(case: Case) -> Iterator[Finding]:
    """已达到指标值而未得满分的，应说明扣分原因。一份自评表报告一次，列出各行。

    不符:
      row: 校舍维修 | ≥3栋 | 3栋 | 10 | 9
      row: 师生满意度 | ≥90% | 95% | 10 | 9 | 无

      row: 办学条件 | 改善 | 达成年度指标 | 10 | 9.5
    相符:
      row: 校舍维修 | ≥3栋 | 3栋 | 10 | 10
      row: 师生满意度 | ≥90% | 95% | 10 | 9 | 问卷回收率偏低

      row: 校舍维修 | ≥3栋 | 2栋 | 10 | 6
    """
    rows = []
    for row in case.filing.indicators:
        weight, score = row.weight.value, row.score.value
        if weight is None or score is None or score >= weight or has_note(row):
            continue
        if _is_met(case, row):
            rows.append(row)
    if rows:
        yield case.finding(*(case.cell(row, "score") for row in rows), count=len(rows), names=_names(case, rows))


def _is_met(case: Case, row: Indicator) -> bool:
    """Whether the row certainly reached its target, by its value or by its status."""
    if row.target.value is None or row.actual.status == "met":
        return row.actual.status == "met"
    reached = own_value(case, row)
    return reached is not None and falls_short(row.target, reached.value, reached.unit) is False


def _names(case: Case, rows: list[Indicator]) -> str:
    return ("、" if case.lang == "zh" else ", ").join(row.name for row in rows)


@rule("S06", "unexplained-shortfall", severity=Severity.WARNING)
def unexplained_shortfall(case: Case) -> Iterator[Finding]:
    """未达到指标值的行，应填写偏差原因分析及改进措施。

    不符:
      row: 健康讲座场次 | ≥24场 | 20场 | 6 | 5

      row: 应急预案修订 | 修订到位 | 部分达成年度指标 | 6 | 4 | —

      row: 平均等候时间 | ≤15分钟 | 18分钟 | 5 | 4
    相符:
      row: 健康讲座场次 | ≥24场 | 20场 | 6 | 5 | 场地调整，第四季度补办

      row: 平均等候时间 | ≤15分钟 | 12分钟 | 5 | 5
    """
    for row in case.filing.indicators:
        evidence = None if has_note(row) else _shortfall(case, row)
        if evidence is not None:
            yield case.finding(
                case.cell(row, "target"),
                evidence,
                name=row.name,
                target=row.target.raw,
                actual=evidence.quote,
            )


@rule("S09", "over-achievement", severity=Severity.INFO)
def over_achievement(case: Case) -> Iterator[Finding]:
    """实际完成值超出指标值较多（默认 50% 及以上，且至少多 3），指标值可能定得偏低。百分比指标和上限指标不核对。

    实际完成值为文字的，取该栏、偏差原因栏或对应的正文中所述数量。

    不符:
      row: 志愿服务活动 | ≥10次 | 16次 | 5 | 5

      row: 志愿服务活动 | ≥10次 | 共开展志愿服务活动18次 | 5 | 5
    相符:
      row: 志愿服务活动 | ≥10次 | 14次 | 5 | 5

      row: 专题会议 | ≥2次 | 4次 | 5 | 5

      row: 群众知晓率 | ≥50% | 96% | 5 | 5

      row: 处置时间 | ≤10分钟 | 4分钟 | 5 | 5
    """
    for row in case.filing.indicators:
        target = row.target
        if target.value is None or target.value <= 0 or target.upper is not None:
            continue
        if target.comparator in ("≤", "<") or is_percent(target.unit or ""):
            continue
        reached = _reached(case, row)
        if reached is None or not comparable(reached.unit, target.unit or reached.unit):
            continue
        unit = target.unit or reached.unit
        actual, planned = in_base(reached.value, reached.unit), in_base(target.value, unit)
        extra = actual - planned
        # Three of the unit as it is counted: 万 and 亿 stand for numbers, 公里 and 小时 are units.
        scale = in_base(Decimal(1), unit)
        more = extra if unit.startswith(_BIG_UNITS) else extra / scale
        if extra >= planned * case.limits.over_achievement and more >= case.limits.over_achievement_least:
            yield case.finding(
                case.cell(row, "target"),
                reached.evidence,
                name=row.name,
                target=target.raw,
                actual=reached.evidence.quote,
                over=shown(extra / planned * HUNDRED),
                limit=shown(case.limits.over_achievement * HUNDRED),
            )


def _reached(case: Case, row: Indicator) -> Achieved | None:
    """The row's value, or where its cell is words, what its cell, its note or a linked narrative claim states."""
    own = own_value(case, row)
    if own is not None or row.actual.value is not None or not row.actual.raw.strip():
        return own
    return stated_value(case, row, "note") or stated_value(case, row, "narrative")
