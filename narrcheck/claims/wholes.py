"""Parts and sums: which figure of a sentence is a part of which, and what closes a list with its sum."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal

from narrcheck.claims.drafts import LONGEST_LIST, Draft, cues
from narrcheck.quantity.units import comparable, unscaled

_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_YEAR_END = re.compile(r"20\d{2}年度?[底末]")
_PART_WORDS = 10  # the longest phrase that goes on with a break-down after a comma


def relate(flat: str, drafts: Sequence[Draft]) -> None:
    """Marks parts with their whole, sums of lists, and running totals beside this year's figure."""
    _brackets(flat, drafts)
    _breakdowns(flat, drafts)
    _totals(drafts)
    _stocks(drafts)


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


def _same_unit(one: Draft, other: Draft) -> bool:
    """Whether two figures are in one unit, 万 and 亿 aside."""
    return unscaled(one.quantity.unit) == unscaled(other.quantity.unit)


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
    if cues()["part_start"].match(own):
        return True
    return own.lstrip(")）").startswith("中") and comparable(draft.quantity.unit, before.quantity.unit)


def _head(drafts: Sequence[Draft], i: int) -> int | None:
    """The figure that draft i is a part of: the nearest before it in its sentence that is large enough."""
    draft = drafts[i]
    for k in range(i - 1, max(-1, i - LONGEST_LIST), -1):
        other = drafts[k]
        if other.sentence != draft.sentence:
            return None
        if other.scope not in ("part", "change", "plan", "per", "other_year") and _within(draft, other):
            return k
    return None


def _goes_on(drafts: Sequence[Draft], i: int, head: int | None) -> bool:
    draft, before = drafts[i], drafts[i - 1]
    if before.scope != "part" or not _same_unit(draft, before) or draft.scope == "cumulative":
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
    """举办画展5场、书展7场，合计12场: the figures of the sentence in the same unit are the sum's parts.

    A sum that starts from a stock (2022年底有书柜140台，新装36台，累计176台) is a running total.
    """
    words = cues()
    for i, draft in enumerate(drafts):
        if draft.scope not in ("year", "cumulative") or draft.share:
            continue
        bare = draft.phrase.clause.strip("、，,)）:： ")
        closing = words["total"].search(bare)
        named = not closing and words["total_start"].match(bare)
        if not closing and not named:
            continue
        parts = _parts_before(drafts, i)
        exact = sum((drafts[k].base for k in parts), Decimal(0)) == draft.base
        plain = closing is not None and closing.start() == 0 and closing[0] != "累计"
        if len(parts) < 2 or not (exact or plain):
            continue
        running = draft.scope == "cumulative" or words["stock_if_before"].search(bare)
        stocks = [k for k in parts if running and _YEAR_END.search(drafts[k].phrase.clause)]
        draft.scope = "cumulative" if stocks else "total"
        for k in parts:
            drafts[k].whole = i
            if not stocks:
                drafts[k].scope = "part"
            elif k in stocks:
                drafts[k].scope = "other_year"


def _parts_before(drafts: Sequence[Draft], i: int) -> list[int]:
    found = []
    for k in range(i - 1, max(-1, i - LONGEST_LIST), -1):
        other = drafts[k]
        if other.sentence != drafts[i].sentence:
            break
        if other.scope in ("year", "extra") and _same_unit(other, drafts[i]):
            found.append(k)
    return found


def _stocks(drafts: Sequence[Draft]) -> None:
    """新建驿站8个，累计31个: 累计 beside this year's own figure is the running total."""
    words = cues()
    for i, draft in enumerate(drafts):
        own = draft.phrase.clause
        if draft.scope != "year" or not words["stock_if_before"].search(own) or words["this_year"].search(own):
            continue
        for k in range(i - 1, max(-1, i - LONGEST_LIST), -1):
            if drafts[k].sentence != draft.sentence:
                break
            if _same_unit(drafts[k], draft) and drafts[k].base < draft.base:
                draft.scope = "cumulative"
                break
