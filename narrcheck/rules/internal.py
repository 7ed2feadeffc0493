"""N08: a text against itself, or against another text of the filing."""

import re
from collections.abc import Iterator
from decimal import Decimal

from narrcheck.filing import Claim, Finding, Severity
from narrcheck.quantity.compare import Agreement
from narrcheck.quantity.units import comparable, is_percent, unscaled
from narrcheck.rules.answers import about, base_value, between
from narrcheck.rules.case import Case
from narrcheck.rules.lists import listed_items, open_list
from narrcheck.rules.registry import rule
from narrcheck.wording import excluded, phrase

_LEAST_SHARE = Decimal("0.5")
_LEAST_WORDS = 10
_MOST_PER_ROW = 40
_SAME_THING = 0.5
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
    yield from _rates(case)
    yield from _lists(case)
    yield from _two_values(case)


def _sums(case: Case) -> Iterator[Finding]:
    """Parts that exceed their whole, or that claim to make it up and do not."""
    groups: dict[int, list[int]] = {}
    for at, claim in enumerate(case.claims):
        if claim.whole is not None and comparable(claim.unit, case.claims[claim.whole].unit):
            groups.setdefault(claim.whole, []).append(at)
    for whole_at, members in groups.items():
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
            yield case.finding(
                case.claim(whole),
                *map(case.claim, parts),
                variant="sum",
                whole=whole.quote,
                total=total / (base_value(whole) / whole.value) if whole.value else total,
                parts="、".join(part.quote for part in parts),
            )


def _closed(case: Case, whole: Claim, parts: list[Claim], total: Decimal, stated: Decimal) -> bool:
    """Whether the parts say that they are all: a sum too large cannot be, an open list may leave some out."""
    if whole.scope == "total":
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


def _two_values(case: Case) -> Iterator[Finding]:
    """One thing with two numbers: in two places of a text, or in the narrative and in the words of a row."""
    first_said: dict[str, int] = {}
    in_words: dict[int, list[int]] = {}
    for at, claim in enumerate(case.claims):
        if claim.field not in ("narrative", "actual", "note") or claim.scope not in ("year", "total"):
            continue
        if claim.row is not None and case.filing.indicators[claim.row].actual.value is None:
            in_words.setdefault(claim.row, []).append(at)
        words = _words_around(case, claim) if claim.field == "narrative" else None
        if words is None:
            continue
        other = first_said.setdefault(words, at)
        if other != at:
            yield from _differing(case, other, at)
    for members in in_words.values():
        yield from _told_twice(case, members[:_MOST_PER_ROW])


def _told_twice(case: Case, members: list[int]) -> Iterator[Finding]:
    """Claims about one row, each against the claim of another text that shares most of its words."""
    for position, first in enumerate(members):
        alike = [(_likeness(case.claims[first], case.claims[second]), -second) for second in members[position + 1 :]]
        likeness, second = max(alike, default=(0.0, 0))
        if likeness >= _SAME_THING:
            yield from _differing(case, first, -second)


def _differing(case: Case, first: int, second: int) -> Iterator[Finding]:
    one, other = case.claims[first], case.claims[second]
    case.compared.update((first, second))
    if between(one, other) is Agreement.DIFFERS:
        yield case.finding(case.claim(one), case.claim(other), variant="twice", first=one.quote, second=other.quote)


def _likeness(first: Claim, second: Claim) -> float:
    """The share of words that claims of two texts have in common; 0 where they cannot state the same figure."""
    if excluded(first.subject, second.subject):
        return 0.0
    if first.field == second.field or not (first.unit == second.unit or comparable(first.unit, second.unit)):
        return 0.0
    said, other = about(first).features, about(second).features
    shared = len(said & other)
    return shared / min(len(said), len(other)) if shared > 1 else 0.0


def _words_around(case: Case, claim: Claim) -> str | None:
    """The clause around a number without the number; None where it is too short to mean one thing only."""
    text = case.fields.of(claim).flat
    (start, end), (first, last) = case.fields.clause(claim), case.fields.number(claim)
    words = text[start:first] + "#" + text[last:end] + unscaled(claim.unit)
    return None if len(words) < _LEAST_WORDS or re.search(r"\d|[一二三四五六七八九十]是", words) else words
