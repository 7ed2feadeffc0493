"""What a claim's figure stands for: this year's own, a sum, a part, a running total, another year, a change, a plan."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from narrcheck.claims.phrases import Phrase
from narrcheck.data import load
from narrcheck.filing import FieldName, Scope
from narrcheck.quantity.lexicon import either
from narrcheck.quantity.scan import Quantity
from narrcheck.quantity.units import comparable, in_base, parse

_SENTENCE = re.compile(r"[。；;！!？?]")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_YEAR = re.compile(r"(?:^|(?<=[。；;！？?!，,：:、]))(?:在|到|至)?((?:19|20)\d{2})年(?!度)(?![\d月底末初来间])")
_PLANNING = ("goal", "target")  # texts whose matter is the plan itself
_PART_WORDS = 10  # the longest phrase that goes on with a break-down after a comma
_LONGEST_CLAUSE = 120  # characters searched for words of scope
LONGEST_LIST = 32  # figures looked back upon, so that a text without full stops costs no more


@dataclass(slots=True)
class Draft:
    """A quantity with its phrase, while what it stands for is being settled."""

    quantity: Quantity
    phrase: Phrase
    sentence: int
    clause_start: int
    scope: Scope = "year"
    whole: int | None = None

    @property
    def base(self) -> Decimal:
        return in_base(self.quantity.value, self.quantity.unit)

    @property
    def share(self) -> bool:
        known = parse(self.quantity.unit)
        return known is not None and known.kind in ("share", "points", "ratio")


class Sentences:
    """The sentences of a flat text by number."""

    __slots__ = ("_ends", "starts")

    def __init__(self, flat: str) -> None:
        self._ends = [match.start() for match in _SENTENCE.finditer(flat)]
        self.starts = [0, *(end + 1 for end in self._ends)]

    def of(self, at: int, hint: int) -> int:
        """The number of the sentence that holds flat[at], searched upward from `hint`."""
        while hint < len(self._ends) and self._ends[hint] < at:
            hint += 1
        return hint


@lru_cache(maxsize=1)
def _cues() -> dict[str, re.Pattern[str]]:
    data = load("scopes.toml")
    cues = {name: re.compile(either(words)) for name, words in data.items()}
    cues["total_start"] = re.compile(either(data["total"]))
    cues["total"] = re.compile(rf"(?:{either(data['total'])})$")
    cues["part_start"] = re.compile(rf"[、,，(（:：]*(?:{either(data['part'])})")
    cues["reached"] = re.compile(rf"(?:{either(data['change_share'])}|{either(data['less'])})(?:至|到|为|了?至)")
    cues["change"] = re.compile(rf"{either(data['change'])}|[较比与]\d{{4}}年")
    return cues


def settle(flat: str, drafts: Sequence[Draft], year: int | None, field: FieldName) -> None:
    """Gives every draft its scope and its whole, by the words around it and the kind of text it stands in."""
    planning = field in _PLANNING
    years = _years_named(flat, drafts)
    for i, draft in enumerate(drafts):
        before = drafts[i - 1] if i else None
        draft.scope = _own_scope(flat, draft, before, planning, field == "note")
        if year and draft.scope in ("year", "cumulative", "per", "extra"):
            draft.scope = _by_year(years[i], year, planning) or draft.scope
    _brackets(flat, drafts)
    _breakdowns(flat, drafts)
    _totals(drafts)
    _stocks(drafts)


def _own_scope(flat: str, draft: Draft, before: Draft | None, planning: bool, note: bool) -> Scope:
    """The scope by the words of the claim's own clause."""
    cues, own = _cues(), draft.phrase.clause
    clause = flat[max(draft.clause_start, draft.quantity.start - _LONGEST_CLAUSE) : draft.quantity.start]
    if _is_change(draft, own) or (note and _is_deviation(own)):
        return "change"
    if cues["undone"].search(flat, draft.quantity.end, max(draft.phrase.end, draft.quantity.end + 3)):
        return "change"
    linked = before is not None and before.clause_start == draft.clause_start and before.sentence == draft.sentence
    if linked and before is not None and before.scope == "change" and not own.strip("、和及与,， "):
        return "change"
    if not planning and _is_plan(flat, draft, clause):
        return "plan"
    if _is_start_of_growth(flat, draft):
        return "other_year"
    other = cues["other_year"].search(clause)
    if other and other.start() <= 2:
        return "other_year"
    if cues["per"].search(own):
        return "per"
    if not draft.share and cues["cumulative"].search(own) and not cues["this_year"].search(own):
        return "cumulative"
    if linked and before is not None and before.scope == "extra":
        return "extra"
    extra = cues["extra"].match(clause.lstrip("、，, "))
    return "extra" if extra else "year"


def _is_deviation(own: str) -> bool:
    """Whether the words of a deviation note speak of the difference, not of the result (实际新增3家)."""
    cues = _cues()
    return bool(cues["change_in_note"].search(own)) and not cues["result"].search(own)


def _is_change(draft: Draft, own: str) -> bool:
    cues = _cues()
    if cues["change"].search(own):
        return True
    known = parse(draft.quantity.unit)
    if known is not None and known.kind in ("time", "workday") and cues["shift"].search(own):
        return True
    if cues["reached"].search(own):
        return False
    return bool(cues["less"].search(own) or (draft.share and cues["change_share"].search(own)))


def _is_plan(flat: str, draft: Draft, clause: str) -> bool:
    """Whether the clause speaks of what is still to be done, or of what the plan was.

    A later figure of the clause shares its plan only in a list (计划培训5场、走访3次; but 原计划20个仅完成12个).
    """
    cues, own = _cues(), draft.phrase.clause
    listed = not own or own[0] in "、和及与"
    text = cues["not_plan"].sub("", clause if listed else own).lstrip("、，,；;：:（( ")
    return bool(
        cues["plan"].search(text) or cues["plan_start"].match(text) or cues["plan"].match(flat, draft.quantity.end)
    )


def _is_start_of_growth(flat: str, draft: Draft) -> bool:
    """Whether the figure is where a growth set out: 由85%提升至95%."""
    return draft.phrase.clause.endswith(("由", "从")) and _cues()["reached"].match(flat, draft.quantity.end) is not None


def _years_named(flat: str, drafts: Sequence[Draft]) -> list[int | None]:
    """For each figure the last year named at the start of a clause of its sentence."""
    mentions = [(match.start(1), int(match[1])) for match in _YEAR.finditer(flat)]
    ends = [match.start() for match in _SENTENCE.finditer(flat)] if mentions else []
    named: list[int | None] = []
    at = -1
    for draft in drafts:
        while at + 1 < len(mentions) and mentions[at + 1][0] < draft.quantity.start:
            at += 1
        end = bisect_left(ends, draft.quantity.start)
        begin = ends[end - 1] if end else -1
        named.append(mentions[at][1] if at >= 0 and mentions[at][0] > begin else None)
    return named


def _by_year(named: int | None, year: int, planning: bool) -> Scope | None:
    """The scope of a figure whose sentence names another year."""
    if named is None or named == year:
        return None
    if named > year:
        return None if planning else "plan"
    return "other_year"


def _brackets(flat: str, drafts: Sequence[Draft]) -> None:
    """维修水泵5台(东站3台、西站2台): what stands in brackets right behind a figure breaks it down."""
    if "(" not in flat:
        return
    heads = {end: i for i, d in enumerate(drafts) for end in (d.quantity.end, d.phrase.end)}
    starts = [d.quantity.start for d in drafts]
    for match in _BRACKETS.finditer(flat):
        head = heads.get(match.start())
        if head is None:
            continue
        for draft in drafts[bisect_left(starts, match.start()) : bisect_left(starts, match.end())]:
            if draft.scope in ("year", "extra") and _within(draft, drafts[head]):
                draft.scope, draft.whole = "part", head


def _within(part: Draft, whole: Draft) -> bool:
    """Whether one figure can be a part of the other: units of one thing, and no shares, which do not add up."""
    return not part.share and not whole.share and comparable(part.quantity.unit, whole.quantity.unit)


def _breakdowns(flat: str, drafts: Sequence[Draft]) -> None:
    """养护路灯90盏，其中主路60盏、支路30盏: parts go on while unit and brevity last."""
    head: int | None = None
    open_list = False
    for i, draft in enumerate(drafts):
        if draft.whole is not None:
            continue
        own = draft.phrase.clause
        same_sentence = i > 0 and drafts[i - 1].sentence == draft.sentence
        if same_sentence and _opens(own, draft, drafts[i - 1]):
            head = _head(drafts, i)
            open_list = head is not None
        elif open_list and not (same_sentence and _goes_on(drafts, i, head)):
            open_list, head = False, None
        if open_list and draft.scope in ("year", "cumulative", "extra"):
            draft.scope = "part"
            draft.whole = head


def _opens(own: str, draft: Draft, before: Draft) -> bool:
    """Whether the clause begins a break-down: 其中, 包括, or 9个街道中6个."""
    if _cues()["part_start"].match(own):
        return True
    return own.lstrip(")）").startswith("中") and comparable(draft.quantity.unit, before.quantity.unit)


def _head(drafts: Sequence[Draft], i: int) -> int | None:
    """The figure that draft i is a part of: the nearest before it in its sentence that is large enough."""
    draft = drafts[i]
    for k in range(i - 1, max(-1, i - LONGEST_LIST), -1):
        other = drafts[k]
        if other.sentence != draft.sentence:
            return None
        if other.scope not in ("part", "change", "plan") and _within(draft, other):
            return k
    return None


def _goes_on(drafts: Sequence[Draft], i: int, head: int | None) -> bool:
    draft, before = drafts[i], drafts[i - 1]
    if before.scope != "part" or draft.quantity.unit != before.quantity.unit or draft.scope == "cumulative":
        return False
    if head is not None:
        if i - head > LONGEST_LIST:
            return False
        parts = [d.base for d in drafts[head + 1 : i] if d.whole == head]
        if sum(parts, Decimal(0)) >= drafts[head].base:
            return False
    own = draft.phrase.clause
    return draft.clause_start == before.clause_start or len(own) <= _PART_WORDS


def _totals(drafts: Sequence[Draft]) -> None:
    """举办画展5场、书展7场，合计12场: the figures of the sentence in the same unit are the sum's parts."""
    cues = _cues()
    for i, draft in enumerate(drafts):
        if draft.scope not in ("year", "cumulative") or draft.share:
            continue
        bare = draft.phrase.clause.strip("、，,)）:： ")
        closing = cues["total"].search(bare)
        named = not closing and cues["total_start"].match(bare)
        if not closing and not named:
            continue
        parts = _parts_before(drafts, i)
        exact = sum((drafts[k].base for k in parts), Decimal(0)) == draft.base
        plain = closing is not None and closing.start() == 0 and closing[0] != "累计"
        if len(parts) < 2 or not (exact or plain):
            continue
        draft.scope = "total"
        for k in parts:
            drafts[k].scope, drafts[k].whole = "part", i


def _parts_before(drafts: Sequence[Draft], i: int) -> list[int]:
    found = []
    for k in range(i - 1, max(-1, i - LONGEST_LIST), -1):
        other = drafts[k]
        if other.sentence != drafts[i].sentence:
            break
        if other.scope in ("year", "extra") and other.quantity.unit == drafts[i].quantity.unit:
            found.append(k)
    return found


def _stocks(drafts: Sequence[Draft]) -> None:
    """新建驿站8个，累计31个: 累计 beside this year's own figure is the running total."""
    cues = _cues()
    for i, draft in enumerate(drafts):
        own = draft.phrase.clause
        if draft.scope != "year" or not cues["stock_if_before"].search(own) or cues["this_year"].search(own):
            continue
        for k in range(i - 1, max(-1, i - LONGEST_LIST), -1):
            if drafts[k].sentence != draft.sentence:
                break
            same = drafts[k].quantity.unit.lstrip("万亿") == draft.quantity.unit.lstrip("万亿")
            if same and drafts[k].base < draft.base:
                draft.scope = "cumulative"
                break
