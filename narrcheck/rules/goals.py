"""N03, N04, N05: what the goal promises against what is reported."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from narrcheck.data import load
from narrcheck.filing import Claim, Finding, Indicator, Severity
from narrcheck.quantity.compare import Agreement
from narrcheck.quantity.units import comparable, conflicting, in_base, is_percent
from narrcheck.rules.answers import (
    ALIKE,
    about,
    adds_up,
    against,
    base_value,
    coordinated,
    goal_answers,
    less,
    own_words,
    row_words,
    rows_alike,
    values_near,
)
from narrcheck.rules.case import Case
from narrcheck.rules.registry import rule
from narrcheck.text import clauses
from narrcheck.wording import frequency, partly_done, phrase

_ANSWERED_IN_WORDS = 0.55
_SHARES_A_ROW = 0.25
_SENTENCE_ENDS = "。；;！!"


@rule("N03", "goal-shortfall", severity=Severity.WARNING)
def goal_shortfall(case: Case) -> Iterator[Finding]:
    """预期目标所列数量未达到，而对应的指标行没有偏差说明。

    不符:
      goal: 走访困难家庭200户，举办培训3期。
      narrative: 走访困难家庭123户，举办培训3期。
      row: 培训期数 | =3(期) | 3.00(期) | 10 | 10
    相符:
      goal: 走访困难家庭200户，举办培训3期。
      narrative: 走访困难家庭203户，举办培训3期。
      row: 培训期数 | =3(期) | 3.00(期) | 10 | 10
    """
    answers = goal_answers(case)
    for at, claim in enumerate(case.claims):
        if claim.field != "goal" or _set_aside(case, claim):
            continue
        row = None if claim.row is None else case.filing.indicators[claim.row]
        reported = case.claims[answers[at]] if at in answers else None
        finding = _behind(case, at, claim, row, reported)
        if finding:
            yield finding
    yield from _parts_done(case)


@rule("N04", "goal-target-mismatch", severity=Severity.WARNING)
def goal_target_mismatch(case: Case) -> Iterator[Finding]:
    """预期目标所列数量与同一事项指标行的年度指标值不同。

    不符:
      goal: 开展政策宣讲20次。
      row: 政策宣讲 | =10(次) | 10.00(次) | 10 | 10
    相符:
      goal: 开展政策宣讲20次。
      row: 政策宣讲 | ≥20(次) | 22.00(次) | 10 | 10
    """
    for at, claim in enumerate(case.claims):
        if claim.field != "goal" or claim.row is None or _set_aside(case, claim):
            continue
        row = case.filing.indicators[claim.row]
        if row.target.value is None:
            continue
        kind = against(claim, row.target.value, row.target.unit)
        if kind is Agreement.INCOMPARABLE:
            continue
        case.compared.add(at)
        if kind is Agreement.EQUAL or kind is Agreement.ROUNDED or _sum_answers(case, claim, row):
            continue
        if kind is Agreement.ADMITTED and (row.target.upper is not None or claim.modifier in ("about", "range")):
            continue
        yield case.finding(
            case.claim(claim), case.cell(row, "target"), quote=claim.quote, name=row.name, target=row.target.raw
        )


@rule("N05", "unreported-goal", severity=Severity.WARNING)
def unreported_goal(case: Case) -> Iterator[Finding]:
    """预期目标所列数量在实际完成情况和指标表中都没有回应。

    不符:
      goal: 举办培训3期，注册会员增加500人。
      narrative: 举办培训3期。
      row: 培训期数 | =3(期) | 3.00(期) | 10 | 10
    相符:
      goal: 举办培训3期，注册会员增加500人。
      narrative: 举办培训3期，注册会员新增512人。
      row: 培训期数 | =3(期) | 3.00(期) | 10 | 10
    """
    if not case.filing.narrative or not case.filing.indicators:
        return  # a form cut off answers nothing
    answers = goal_answers(case)
    for at, claim in enumerate(case.claims):
        if claim.field != "goal" or claim.row is not None or at in answers or claim.scope in ("part", "other_year"):
            continue
        if _set_aside(case, claim):
            continue
        if _budget(case, claim) or _answered_by_sum(case, claim) or _answered_in_words(case, claim):
            continue
        if _may_be_answered(case, claim, answers):
            continue
        about_what = own_words(claim)
        named = about_what.features and not about_what.features.isdisjoint(phrase(claim.quote).features)
        variant = "" if named else "subject"
        yield case.finding(case.claim(claim), quote=claim.quote, subject=claim.subject, variant=variant)


def _behind(case: Case, at: int, claim: Claim, row: Indicator | None, reported: Claim | None) -> Finding | None:
    """The finding that what answers a goal's quantity, the row first, reports less."""
    if row is not None and row.actual.value is not None:
        behind = less(row.actual.value, row.actual.unit or row.target.unit or "", claim)
        if behind is None:
            return None
        case.compared.add(at)
        if not behind or row.note or _sum_answers(case, claim, row) or _done_together(case, claim, row):
            return None
        pieces = [case.claim(claim), case.cell(row, "actual")]
        if reported is not None and less(reported.value, reported.unit, claim):
            pieces.append(case.claim(reported))
        return case.finding(*pieces, quote=claim.quote, name=row.name, done=row.actual.raw, variant="row")
    if reported is None or (row is not None and row.note):
        return None
    case.compared.add(at)
    if reported.scope == "partial" or not less(reported.value, reported.unit, claim):
        return None
    if reported.modifier == "at_least" and claim.modifier != "at_most":
        return None
    if adds_up(base_value(claim), values_near(case, reported, claim.row), base_value(reported)):
        return None
    pieces = [case.claim(claim), case.claim(reported)]
    if row is not None:
        pieces.append(case.cell(row, "name"))
    return case.finding(*pieces, quote=claim.quote, done=reported.quote)


def _parts_done(case: Case) -> Iterator[Finding]:
    """Tasks of the goal of which the narrative says that only a share is done (完成了50%…). One finding a filing."""
    goal = case.filing.goal
    narrative = case.filing.narrative
    if not goal or not narrative:
        return
    wanted = phrase(goal).features
    in_percent = [about(c).features for c in case.claims if c.field == "goal" and is_percent(c.unit)]
    pieces = []
    for at, claim in enumerate(case.claims):
        if claim.field != "narrative" or claim.row is not None or not is_percent(claim.unit) or claim.value >= 100:
            continue
        if not partly_done(case.fields.clause_text(claim)):
            continue
        said = about(claim)
        if any(said.features & planned for planned in in_percent):
            continue
        if said.features and len(said.features & wanted) / len(said.features) >= 0.5:
            case.compared.add(at)
            pieces.append(case.claim(claim))
    if pieces:
        yield case.finding(*pieces, variant="part", quote="、".join(piece.quote for piece in pieces))


def _sum_answers(case: Case, claim: Claim, row: Indicator) -> bool:
    """Whether goal claims together make the row's target, or rows alike together make the goal's quantity.

    孵化器20家 and 众创空间20家 answer a row of 40; two rows of 10 answer a goal of 20.
    """
    if row.target.value is None:
        return False
    own = in_base(row.target.value, row.target.unit or claim.unit)
    if adds_up(own, values_near(case, claim, row.position), base_value(claim)):
        return True
    joint = coordinated(case, claim)
    if row in joint:
        targets = sum(in_base(r.target.value or Decimal(0), r.target.unit or claim.unit) for r in joint)
        if targets == base_value(claim):
            return True
    vocabulary, said = row_words(case), about(claim).features
    values = []
    for other in rows_alike(case, row, claim.unit):
        alike = other.level2 == row.level2 and vocabulary.coverage(phrase(other.name), said) > ALIKE
        if other.target.value is not None and (other is row or alike):
            values.append(in_base(other.target.value, other.target.unit or claim.unit))
    return len(values) > 1 and adds_up(base_value(claim), values, own)


def _done_together(case: Case, claim: Claim, row: Indicator) -> bool:
    """Whether the results of the rows that the claim counts together, `row` among them, reach what it promises."""
    joint = coordinated(case, claim)
    done = [in_base(r.actual.value, r.actual.unit or claim.unit) for r in joint if r.actual.value is not None]
    if row not in joint or len(done) < len(joint):
        return False
    total, promised = sum(done), base_value(claim)
    return total <= promised if claim.modifier == "at_most" else total >= promised


def _answered_by_sum(case: Case, claim: Claim) -> bool:
    """Whether the goal's claim is one addend of the target of a row that its words share."""
    vocabulary, said = row_words(case), about(claim).features
    for row in case.filing.indicators:
        if row.target.value is None or not comparable(row.target.unit or claim.unit, claim.unit):
            continue
        if vocabulary.coverage(phrase(row.name), said) < _SHARES_A_ROW:
            continue
        near = values_near(case, claim, row.position)
        if adds_up(in_base(row.target.value, row.target.unit or claim.unit), near, base_value(claim)):
            return True
    return False


@lru_cache(maxsize=1)
def _years() -> re.Pattern[str]:
    """A year with its number, or words for this year."""
    return re.compile(r"(?<!\d)20\d\d(?=年)|" + "|".join(load("wording.toml")["this_year"]))


def _set_aside(case: Case, claim: Claim) -> bool:
    """Whether a goal's figure is not this year's: set for a later one (到2025年…达到…), or a frequency (每月2次)."""
    if claim.scope == "per" and frequency(case.fields.clause_text(claim)):
        return True
    text, (number, _) = case.fields.of(claim).flat, case.fields.number(claim)
    sentence = max(text.rfind(mark, 0, number) for mark in _SENTENCE_ENDS) + 1
    years = _years().findall(text[sentence:number])
    return bool(
        years and case.filing.year is not None and years[-1][:4].isdigit() and int(years[-1][:4]) > case.filing.year
    )


def _budget(case: Case, claim: Claim) -> bool:
    """Whether a goal's claim is an amount that the funds table answers."""
    values = [n.value for row in case.filing.funds for n in (row.initial, row.adjusted, row.executed) if n.value]
    unit = case.filing.money_unit or "万元"
    return any(against(claim, value, unit) in (Agreement.EQUAL, Agreement.ROUNDED) for value in values)


def _answered_in_words(case: Case, claim: Claim) -> bool:
    """Whether a clause of the narrative, or the words of one row, say what the goal's claim is about, head included.

    A clause or row that states a figure of another kind (疏浚合格率 for 疏浚45万立方米) answers something else, unless
    a single thing was promised: that it is spoken of says that it was done.
    """
    said = own_words(claim)
    head = own_words(claim).head
    vocabulary = row_words(case)
    places = [
        phrase(part)
        for part in clauses(case.fields.text("narrative", None).flat)
        if not _other(claim, _told(case, part))
    ]
    for row in case.filing.indicators:
        unit = row.actual.unit or row.target.unit
        if unit and _other(claim, [unit]):
            continue
        words = [row.name, row.note or ""]
        words += [cell.raw for cell in (row.target, row.actual) if cell.value is None]
        places.append(phrase("，".join(words)))
    return any(
        head in place.features and vocabulary.coverage(said, place.features) >= _ANSWERED_IN_WORDS for place in places
    )


def _told(case: Case, part: str) -> list[str]:
    """The units of the figures in a clause of the narrative."""
    return [c.unit for c in case.claims if c.field == "narrative" and c.quote in part]


def _other(claim: Claim, units: Sequence[str]) -> bool:
    """Whether figures in these units are all of another kind than a goal's of more than one."""
    return claim.value > 1 and bool(units) and all(conflicting(unit, claim.unit) for unit in units)


def _may_be_answered(case: Case, claim: Claim, answers: dict[int, int]) -> bool:
    """Whether the narrative counts something of the same noun that no other goal has claimed: then nothing is sure."""
    head = own_words(claim).head
    rows = {c.row for c in case.claims if c.field == "goal" and c.row is not None}
    used = set(answers.values())
    return any(
        other.field == "narrative"
        and at not in used
        and other.row not in rows
        and comparable(other.unit, claim.unit)
        and head in about(other).features
        for at, other in enumerate(case.claims)
    )
