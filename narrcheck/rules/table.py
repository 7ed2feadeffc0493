"""N01, N02, N06, N07: the text against the indicator rows."""

from collections.abc import Iterator
from decimal import Decimal

from narrcheck.data import load
from narrcheck.filing import Claim, Finding, Indicator, Severity
from narrcheck.parts import on
from narrcheck.quantity.compare import Agreement, falls_short
from narrcheck.quantity.units import in_base
from narrcheck.rules.answers import ALIKE, about, adds_up, against, base_value, row_words, values_in_clause, values_near
from narrcheck.rules.case import Case
from narrcheck.rules.figures import words
from narrcheck.rules.registry import rule
from narrcheck.wording import phrase, states_result


@rule("N01", "value-contradiction", severity=Severity.ERROR)
def value_contradiction(case: Case) -> Iterator[Finding]:
    """叙述所称的数量与同一事项指标行的实际完成值不符。

    不符:
      narrative: 全年开展巡查132次，发现问题及时处理。
      row: 日常巡查次数 | ≥120(次) | 120.00(次) | 10 | 10
    相符:
      narrative: 全年开展巡查132次，发现问题及时处理。
      row: 日常巡查次数 | ≥120(次) | 132.00(次) | 10 | 10
    """
    for claim, row, kind in _compared(case):
        if kind is Agreement.DIFFERS and not _sum_explains(case, claim, row):
            yield case.finding(
                case.claim(claim), case.cell(row, "actual"), quote=claim.quote, name=row.name, actual=row.actual.raw
            )


@rule("N02", "rounded-value", severity=Severity.INFO)
def rounded_value(case: Case) -> Iterator[Finding]:
    """叙述所称的数量与指标行的实际完成值仅舍入（或截尾）后一致。

    不符:
      narrative: 完成农田灌溉面积36.68万亩。
      row: 农田灌溉面积 | ≥35(万亩) | 36.00(万亩) | 10 | 10
    相符:
      narrative: 完成农田灌溉面积36.68万亩。
      row: 农田灌溉面积 | ≥35(万亩) | 36.68(万亩) | 10 | 10
    """
    for claim, row, kind in _compared(case):
        if kind is Agreement.ROUNDED:
            yield case.finding(
                case.claim(claim), case.cell(row, "actual"), quote=claim.quote, name=row.name, actual=row.actual.raw
            )


@rule("N06", "note-contradiction", severity=Severity.ERROR)
def note_contradiction(case: Case) -> Iterator[Finding]:
    """偏差说明所称本行的完成数量与本行实际完成值不符。

    不符:
      row: 印发宣传手册 | =12(份) | 3.00(份) | 5 | 5 | 实际完成14份。
    相符:
      row: 印发宣传手册 | =12(份) | 14.00(份) | 5 | 5 | 实际完成14份。
    """
    for at, claim in enumerate(case.claims):
        if claim.field != "note" or claim.row is None or claim.row != claim.in_row or claim.scope == "plan":
            continue
        row = case.filing.indicators[claim.row]
        clause = case.fields.clause_words(claim)
        if row.actual.value is None or not states_result(clause) or _of_other_extent(claim, clause, row):
            continue
        case.compared.add(at)
        if against(claim, row.actual.value, row.actual.unit) is Agreement.DIFFERS:
            yield case.finding(
                case.claim(claim), case.cell(row, "actual"), quote=claim.quote, name=row.name, actual=row.actual.raw
            )


def _of_other_extent(claim: Claim, clause: str, row: Indicator) -> bool:
    """Whether a note's figure is one of some months or places, or the whole area's running total (全县累计达到)."""
    if claim.scope == "partial":
        return True
    extents, totals = words("running_total", "extents"), words("running_total", "totals")
    if any(word in row.name for word in extents | totals):
        return False
    of_area = any(word in clause for word in extents) and any(word in clause for word in totals)
    return of_area and not any(word in clause for word in load("scopes.toml")["this_year"])


@rule("N07", "status-contradiction", severity=Severity.ERROR)
def status_contradiction(case: Case) -> Iterator[Finding]:
    """以文字填报的完成情况（达成指标、100%完成、部分达成）与表内其他数量不符。

    不符:
      narrative: 全年签约项目2项。
      row: 签约项目 | ≥4(项) | 达成指标 | 10 | 10
    相符:
      narrative: 全年签约项目5项。
      row: 签约项目 | ≥4(项) | 达成指标 | 10 | 10
    """
    for row in case.filing.indicators:
        if row.actual.status is None:
            continue
        told = [(claim, short) for claim, short in _achievements(case, row) if short is not None]
        refuting = [claim for claim, short in told if short is (row.actual.status == "met")]
        # A row that is partly met may well have one figure that is reached beside one that is not.
        if not refuting or (row.actual.status != "met" and len(refuting) < len(told)):
            continue
        yield case.finding(
            case.claim(refuting[0]),
            case.cell(row, "actual"),
            case.cell(row, "target"),
            quote=refuting[0].quote,
            name=row.name,
            actual=row.actual.raw,
            target=row.target.raw,
        )


def _achievements(case: Case, row: Indicator) -> Iterator[tuple[Claim, bool | None]]:
    """The claims that tell what a row achieved, and whether each falls short of the row's target."""
    for at, claim in enumerate(case.claims):
        if claim.row == row.position and _states_achievement(case, claim):
            short = _short_of_target(case, row, claim)
            if short is not None:
                case.compared.add(at)
            yield claim, None if short is False and claim.modifier == "at_most" else short


def _compared(case: Case) -> Iterator[tuple[Claim, Indicator, Agreement]]:
    """The narrative's claims with the row they are linked to and how they stand to its actual."""
    for at, claim in enumerate(case.claims):
        if claim.field != "narrative" or claim.row is None or claim.scope == "plan":
            continue
        row = case.filing.indicators[claim.row]
        if row.actual.value is None:
            continue
        kind = against(claim, row.actual.value, row.actual.unit)
        if kind is not Agreement.INCOMPARABLE:
            case.compared.add(at)
            yield claim, row, kind


def _sum_explains(case: Case, claim: Claim, row: Indicator) -> bool:
    """Whether neighbouring claims together make the row's actual, or rows alike together make the claim."""
    assert row.actual.value is not None
    actual = in_base(row.actual.value, row.actual.unit or claim.unit)
    if adds_up(actual, values_near(case, claim, row.position), base_value(claim)):
        return True
    vocabulary, said = row_words(case), about(claim).features
    others = [
        in_base(r.actual.value, r.actual.unit or claim.unit)
        for r in case.filing.indicators
        if r.actual.value is not None
        and r.actual.unit == row.actual.unit
        and r.level2 == row.level2
        and (r is row or vocabulary.coverage(phrase(r.name), said) > ALIKE)
    ]
    return adds_up(base_value(claim), _near(others, actual), actual)


def _near(values: list[Decimal], own: Decimal) -> list[Decimal]:
    """The neighbours of a row's value in the table, four on each side."""
    at = values.index(own) if own in values else 0
    return values[max(at - 4, 0) : at + 5]


def _states_achievement(case: Case, claim: Claim) -> bool:
    if claim.field == "narrative" or claim.field == "actual":
        return claim.scope != "plan"
    if claim.field == "note" and claim.in_row is not None:
        return claim.scope != "plan" and states_result(case.fields.clause_words(claim))
    return False


def _short_of_target(case: Case, row: Indicator, claim: Claim) -> bool | None:
    """Whether the claim's value misses the row's target: the cell's value, or the number its words state."""
    if row.target.value is not None:
        short = falls_short(row.target, claim.value, claim.unit)
        upper = row.target.comparator in ("≤", "<")
        if short and not upper and (claim.modifier == "at_least" or _with_neighbours(case, claim, row)):
            return None
        return short
    wanted = [
        other
        for other in case.claims
        if other.field == "target"
        and other.in_row == other.row == row.position
        and against(other, claim.value, claim.unit) is not Agreement.INCOMPARABLE
    ]
    if not wanted:
        return None
    said = about(claim).features
    asked = max(wanted, key=lambda other: len(about(other).features & said))
    if against(asked, claim.value, claim.unit) is not Agreement.DIFFERS:
        return False
    return (
        base_value(claim) > base_value(asked) if asked.modifier == "at_most" else base_value(claim) < base_value(asked)
    )


def _with_neighbours(case: Case, claim: Claim, row: Indicator) -> bool:
    """Whether the claim reaches the target together with those right beside it (新增60张、改造40张)."""
    assert row.target.value is not None
    near = values_in_clause(case, claim, row)
    return on("sums") and len(near) > 1 and sum(near) >= in_base(row.target.value, row.target.unit or claim.unit)
