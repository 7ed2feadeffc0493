"""What a claim's figure stands for: this year's own, a sum, a part, a running total, another year, a change, a plan."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from narrcheck.claims.drafts import SENTENCE, Draft, cues
from narrcheck.claims.wholes import relate
from narrcheck.filing import FieldName, Scope
from narrcheck.quantity.units import parse

_YEAR = re.compile(r"(?:^|(?<=[。；;！？?!，,：:、(]))(?:在|到|至)?((?:19|20)\d{2})年(?!度)(?![\d月底末初来间])")
_MONTH = re.compile(r"(20\d{2})年1?\d月")
_DATE = re.compile(r"(20\d{2})年(?:度?[底末初]|\d{1,2}月|[上下]半年|第?[一二三四1-4]季度)")
_SOME_MONTHS = re.compile(
    r"截[至止](?:\d{4}年)?(?:\d|1[01])月|(?<!\d)\d{1,2}[—\-~至]\d{1,2}月"
    r"|前(?:\d|1[01]|[二两三四五六七八九十]|十一)个月|(?<![\d至\-~—])(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份"
)
_ALL_MONTHS = re.compile(r"(?<!\d)1月?份?[—\-~至]12月|截[至止](?:\d{4}年)?(?:12月|第?四季度)")
_EACH = re.compile(r"[\d一二两三四五六七八九十][\u4e00-\u9fff]{1,8}各[\u4e00-\u9fff]{1,12}$|、[^,。;]*各$")
_PLANNING = ("goal", "target")  # texts whose matter is the plan itself
_LONGEST_CLAUSE = 120  # characters searched for words of scope
_REMEMBERED = 8  # mentions of a year looked back at


def settle(flat: str, drafts: Sequence[Draft], year: int | None, field: FieldName) -> None:
    """Gives every draft its scope and its whole, by the words around it and the kind of text it stands in."""
    planning = field in _PLANNING
    years = _years_named(flat, drafts)
    for i, draft in enumerate(drafts):
        before = drafts[i - 1] if i else None
        draft.scope = _own_scope(flat, draft, before, planning, field == "note")
        if year and draft.scope in ("year", "cumulative", "per", "extra"):
            draft.scope = _by_year(years[i], year, planning) or draft.scope
        draft.scope = _in_part(flat, draft, year) or draft.scope
        if year and field == "note" and draft.scope in ("year", "cumulative", "extra") and _to_come(flat, draft, year):
            draft.scope = "plan"
    relate(flat, drafts)


def _in_part(flat: str, draft: Draft, year: int | None) -> Scope | None:
    """The scope of a figure that holds for some months or places, or that dates from after the form's year."""
    if draft.scope not in ("year", "cumulative"):
        return None
    clause = flat[max(draft.clause_start, draft.quantity.start - _LONGEST_CLAUSE) : draft.quantity.start]
    dated = _MONTH.search(clause)
    if dated and year and int(dated[1]) > year:
        return "other_year"
    return "partial" if _of_some_months(clause) or _EACH.search(clause) else None


def _of_some_months(clause: str) -> bool:
    """Whether the words before a figure name a period shorter than the year, and not the year after it."""
    words, rest = cues(), _ALL_MONTHS.sub("", clause)
    found = words["partial"].search(rest) or _SOME_MONTHS.search(rest)
    return found is not None and not words["this_year"].search(rest, found.end())


def _to_come(flat: str, draft: Draft, year: int) -> bool:
    """Whether what stands before a note's figure in its sentence dates it after the form's year, or as still to come.

    The last date named decides; a clause that tells what was done is no plan.
    """
    words = cues()
    clause = flat[max(draft.clause_start, draft.quantity.start - _LONGEST_CLAUSE) : draft.quantity.start]
    if words["done"].search(clause) or words["this_year"].search(clause):
        return False
    begin = max(0, draft.quantity.start - _LONGEST_CLAUSE)
    before = SENTENCE.split(flat[begin : draft.quantity.start])[-1]
    dates = _DATE.findall(before)
    return int(dates[-1]) > year if dates else words["plan_sentence"].search(before) is not None


def _own_scope(flat: str, draft: Draft, before: Draft | None, planning: bool, note: bool) -> Scope:
    """The scope by the words of the claim's own clause."""
    words, own = cues(), draft.phrase.clause
    clause = flat[max(draft.clause_start, draft.quantity.start - _LONGEST_CLAUSE) : draft.quantity.start]
    if _is_change(draft, own) or (note and _is_deviation(own)):
        return "change"
    if words["undone"].search(flat, draft.quantity.end, max(draft.phrase.end, draft.quantity.end + 3)):
        return "change"
    linked = before is not None and before.clause_start == draft.clause_start and before.sentence == draft.sentence
    if linked and before is not None and before.scope == "change" and not own.strip("、和及与,， "):
        return "change"
    if not planning and _is_plan(flat, draft, clause, note):
        return "plan"
    if _is_start_of_growth(flat, draft):
        return "other_year"
    other = words["other_year"].search(clause)
    if other and other.start() <= 2:
        return "other_year"
    if words["per"].search(own):
        return "per"
    if not draft.share and words["cumulative"].search(own) and not words["this_year"].search(own):
        return "cumulative"
    if linked and before is not None and before.scope == "extra":
        return "extra"
    extra = words["extra"].match(clause.lstrip("、，, "))
    return "extra" if extra else "year"


def _is_deviation(own: str) -> bool:
    """Whether the words of a deviation note speak of the difference, not of the result (实际新增3家)."""
    words = cues()
    return bool(words["change_in_note"].search(own)) and not words["result"].search(own)


def _is_change(draft: Draft, own: str) -> bool:
    words = cues()
    if words["change"].search(own):
        return True
    known = parse(draft.quantity.unit)
    if known is not None and known.kind in ("time", "workday") and words["shift"].search(own):
        return True
    if words["reached"].search(own):
        return False
    return bool(words["less"].search(own) or (draft.share and words["change_share"].search(own)))


def _is_plan(flat: str, draft: Draft, clause: str, note: bool) -> bool:
    """Whether the clause speaks of what is still to be done, or of what the plan was.

    A later figure of the clause shares its plan only in a list (计划培训5场、走访3次; but 原计划20个仅完成12个).
    """
    words, own = cues(), draft.phrase.clause
    listed = not own or own[0] in "、和及与"
    text = words["not_plan"].sub("", clause if listed else own).lstrip("、，,；;：:（( ")
    if note and words["plan_in_note"].search(text) and not words["done"].search(text):
        return True
    return bool(
        words["plan"].search(text)
        or words["plan_start"].match(text)
        or words["plan_before"].search(text)
        or words["plan"].match(flat, draft.quantity.end)
    )


def _is_start_of_growth(flat: str, draft: Draft) -> bool:
    """Whether the figure is where a growth set out: 由85%提升至95%."""
    return draft.phrase.clause.endswith(("由", "从")) and cues()["reached"].match(flat, draft.quantity.end) is not None


def _years_named(flat: str, drafts: Sequence[Draft]) -> list[int | None]:
    """For each figure the last year named at the start of a clause of its sentence; one named in brackets holds inside
    them only."""
    mentions = [(match.start(1), int(match[1]), _bracket_end(flat, match.start())) for match in _YEAR.finditer(flat)]
    ends = [match.start() for match in SENTENCE.finditer(flat)] if mentions else []
    named: list[int | None] = []
    at = -1
    for draft in drafts:
        while at + 1 < len(mentions) and mentions[at + 1][0] < draft.quantity.start:
            at += 1
        end = bisect_left(ends, draft.quantity.start)
        begin = ends[end - 1] if end else -1
        recent = range(at, max(at - _REMEMBERED, -1), -1)
        holding = (mentions[k] for k in recent if draft.quantity.start < mentions[k][2])
        place, year, _ = next(holding, (-1, 0, 0))
        named.append(year if place > begin else None)
    return named


def _bracket_end(flat: str, start: int) -> int:
    """Where the bracket ends that opens right before `start`; the end of the text where none does."""
    close = flat.find(")", start) if flat[start - 1 : start] == "(" else -1
    return close if close >= 0 else len(flat)


def _by_year(named: int | None, year: int, planning: bool) -> Scope | None:
    """The scope of a figure whose sentence names another year."""
    if named is None or named == year:
        return None
    if named > year:
        return None if planning else "plan"
    return "other_year"
