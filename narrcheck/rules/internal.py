"""N08: a text against itself, or against another text of the filing."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from narrcheck.data import load
from narrcheck.filing import Claim, Finding, Severity
from narrcheck.quantity.lexicon import either
from narrcheck.quantity.units import comparable, is_percent, unscaled
from narrcheck.rules.answers import base_value
from narrcheck.rules.case import Case
from narrcheck.rules.lists import listed_items, open_list
from narrcheck.rules.registry import rule
from narrcheck.rules.twice import sums_up, two_values
from narrcheck.wording import phrase

_LEAST_SHARE = Decimal("0.5")
_SHORT = 3
_SENTENCE_ENDS = frozenset("。；;")


@rule("N08", "internal-contradiction", severity=Severity.ERROR)
def internal_contradiction(case: Case) -> Iterator[Finding]:
    """同一文本自相矛盾，或两处文本互相矛盾：分项之和与合计不符、部分大于整体、所列项数与所称数量不符、一事两数。

    不符:
      narrative: 新建社区食堂12个，其中城区5个、镇区4个、农村2个。
    相符:
      narrative: 新建社区食堂12个，其中城区5个、镇区4个、农村3个。
    """
    yield from _sums(case)
    yield from _each(case)
    yield from _rates(case)
    yield from _lists(case)
    yield from two_values(case)


def _sums(case: Case) -> Iterator[Finding]:
    """Parts that exceed their whole, or that claim to make it up and do not.

    Parts before a whole and parts behind it are two lists, each of which makes it up (东馆30台、西馆12台，合计42台，
    其中固定25台、移动17台).
    """
    groups: dict[tuple[int, bool], list[int]] = {}
    for at, claim in enumerate(case.claims):
        if claim.whole is not None and comparable(claim.unit, case.claims[claim.whole].unit):
            groups.setdefault((claim.whole, at < claim.whole), []).append(at)
    told: set[tuple[int, Decimal]] = set()
    for (whole_at, _), members in groups.items():
        whole, parts = case.claims[whole_at], [case.claims[at] for at in members]
        if whole.modifier not in ("exact", "at_most") or any(part.modifier != "exact" for part in parts):
            continue
        case.compared.update((whole_at, *members))
        total, stated = sum(map(base_value, parts), Decimal(0)), base_value(whole)
        largest = max(parts, key=base_value)
        if base_value(largest) > stated:
            yield case.finding(
                case.claim(whole), case.claim(largest), variant="part", whole=whole.quote, part=largest.quote
            )
        elif len(parts) > 1 and total != stated and _closed(case, whole, parts, total, stated):
            if (whole_at, total) in told:
                continue
            told.add((whole_at, total))
            yield case.finding(
                case.claim(whole),
                *map(case.claim, parts),
                variant="sum",
                whole=whole.quote,
                total=total / (base_value(whole) / whole.value) if whole.value else total,
                parts="、".join(part.quote for part in parts),
            )


def _each(case: Case) -> Iterator[Finding]:
    """A total that is not its listed items times what each of them counts (进校园、进社区、进企业各8次，共20次)."""
    for each, total in pairwise(case.claims):
        if (each.field, each.in_row) != (total.field, total.in_row) or {each.modifier, total.modifier} != {"exact"}:
            continue
        text = case.fields.of(each).flat
        (first, _), (last, _) = case.fields.number(each), case.fields.number(total)
        if text[first - 1 : first] != "各" or unscaled(each.unit) != unscaled(total.unit):
            continue
        start, closing = case.fields.clause(each)[0], case.fields.clause(total)[0]
        items = text[start : first - 1].split("、")
        opens = sums_up().match(text, closing, last)
        if len(items) < 2 or opens is None or last - opens.end() > _SHORT or _joint().search(text, start, first):
            continue
        made = base_value(each) * len(items)
        if made != base_value(total) and total.value:
            yield case.finding(
                case.claim(total),
                case.claim(each),
                variant="sum",
                whole=total.quote,
                total=made / (base_value(total) / total.value),
                parts=each.quote,
            )


@lru_cache(maxsize=1)
def _joint() -> re.Pattern[str]:
    """Words that leave open how many items a list has."""
    words = load("wording.toml")
    return re.compile(rf"{either(words['list_and'])}|{either(words['list_open'])}|\d")


def _closed(case: Case, whole: Claim, parts: list[Claim], total: Decimal, stated: Decimal) -> bool:
    """Whether the parts say that they are all: a sum too large cannot be, an open list may leave some out."""
    if whole.scope == "total" and parts[0].number_start < whole.number_start:
        return True
    if total > stated:
        return not (comparable(whole.unit, "人") and _overlapping(parts))
    text = case.fields.of(whole)
    first, last = text.locate(
        min(whole.number_start, *(part.start for part in parts)), max(whole.number_end, *(p.number_end for p in parts))
    )
    return total >= stated * _LEAST_SHARE and not open_list(text.flat[first : last + 2])


def _overlapping(parts: list[Claim]) -> bool:
    """Whether parts of a number of people are of different kinds (女学员、党员、返乡青年), so that they overlap."""
    heads = {phrase(part.subject.split("（", 1)[0]).head for part in parts}
    return len(heads) > 1


def _rates(case: Case) -> Iterator[Finding]:
    """A rate that its own sentence's two counts do not give (发现235处，整改213处，整改率80%)."""
    claims = case.claims
    for at in range(2, len(claims)):
        base, done, rate = claims[at - 2 : at + 1]
        if (
            not is_percent(rate.unit)
            or is_percent(done.unit)
            or unscaled(base.unit) != unscaled(done.unit)
            or rate.scope == "change"
        ):
            continue
        same_place = len({(c.field, c.in_row) for c in (base, done, rate)}) == 1
        if not same_place or {base.modifier, done.modifier, rate.modifier} != {"exact"} or not base.value:
            continue
        text = case.fields.of(rate).flat
        (_, first), (_, second), (last, _) = (case.fields.number(claim) for claim in (base, done, rate))
        if _SENTENCE_ENDS & set(text[first:last]) or base_value(done) > base_value(base):
            continue
        stem = re.search(r"([\u4e00-\u9fff]{2})率", text[second:last])
        if stem is None or stem.group(1) not in text[first : case.fields.clause(done)[1]]:
            continue
        case.compared.update((at - 2, at - 1, at))
        exact = base_value(done) / base_value(base) * 100
        step = Decimal(1).scaleb(min(int(rate.value.as_tuple().exponent), 0))
        if abs(exact - rate.value) > step:
            yield case.finding(
                case.claim(rate),
                case.claim(base),
                case.claim(done),
                variant="rate",
                rate=rate.quote,
                exact=exact.quantize(Decimal("0.01")),
            )


def _lists(case: Case) -> Iterator[Finding]:
    """A closed list whose length is not the stated count (在城东、城西、城南四个片区)."""
    divided = {claim.whole for claim in case.claims}
    for at, claim in enumerate(case.claims):
        if claim.modifier != "exact" or claim.value != claim.value.to_integral_value() or at in divided:
            continue
        text = case.fields.of(claim)
        found = listed_items(text.flat, claim, *case.fields.number(claim))
        if found is None:
            continue
        case.compared.add(at)
        if not found.fewest <= claim.value <= found.most:
            row = None if claim.in_row is None else case.filing.indicators[claim.in_row]
            yield case.finding(
                case.claim(claim),
                case.words(claim.field, text.raw, *text.span(found.start, found.end), row),
                variant="list",
                quote=claim.quote,
                count=found.fewest,
            )
