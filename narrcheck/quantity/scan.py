"""Every number of a flat text: the quantities, and what is no quantity, with the reason.

A quantity is a number with a unit, its modifier and its range. Years, dates, ordinals, document and road numbers,
titles, and numerals that belong to a word or a name are no quantities (docs/rules.md, "Words").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from narrcheck.filing import Modifier
from narrcheck.quantity import rejects, units
from narrcheck.quantity.lexicon import Lexicon, lexicon
from narrcheck.quantity.numerals import read_arabic, read_chinese

_DIGITS = frozenset("0123456789")
_SCALES = ("万亿", "百万", "千万", "十万", "百亿", "千亿", "万", "亿", "千", "百")
_INTO_VALUE = {"百": 100, "千": 1000, "十": 10}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at flat[start:end], modifier and unit included; `number` is where its digits begin.

    `reason` says why it is no quantity (year, ordinal, no-unit, …) and is empty for one that is.
    """

    start: int
    end: int
    number: int
    value: Decimal
    upper: Decimal | None = None
    unit: str = ""
    modifier: Modifier = "exact"
    reason: str = ""


@dataclass(slots=True)
class _Draft:
    """A number while it is read: `end` moves over scale, modifier and unit."""

    start: int
    end: int
    value: Decimal
    chinese: bool
    text: str
    scale: str = ""
    unit: str = ""
    inside: str = ""
    after: str = ""
    upper: Decimal | None = None
    given: Mapping[int, int] = field(default_factory=dict)


def scan(flat: str, given: Mapping[int, int] | None = None) -> list[Quantity]:
    """All numbers of a text whose white space is removed and width folded, in order, in linear time.

    `given` tells of units that the list of units lacks: where one stands, and how long it is.
    """
    words = lexicon()
    found: list[Quantity] = []
    masked = rejects.masks(flat, words)
    at, hidden, size = 0, 0, len(flat)
    while at < size:
        match = words.number.search(flat, at)
        if match is None:
            break
        start = match.start()
        while hidden < len(masked) and masked[hidden][1] <= start:
            hidden += 1
        if hidden < len(masked) and masked[hidden][0] <= start:
            inside = masked[hidden]
            if match[0][0] in _DIGITS:
                found.append(_rejected(start, match.end(), match[0], inside[2]))
            at = max(match.end(), min(inside[1], size)) if inside[2] == "name" else match.end()
            continue
        quantity = _read(flat, match[0], start, words, given or {})
        if quantity is None:
            at = match.end()
            continue
        found.append(quantity)
        at = quantity.end if quantity.reason == "list" else max(quantity.end, match.end())
    return _with_shared_units(flat, found, words)


def _rejected(start: int, end: int, text: str, reason: str) -> Quantity:
    value = read_arabic(text) if text[0] in _DIGITS else Decimal(0)
    return Quantity(start, end, start, value, reason=reason)


def _read(flat: str, text: str, start: int, words: Lexicon, given: Mapping[int, int]) -> Quantity | None:
    """The quantity or rejected number that begins at `start`; None for a numeral that is a part of a word."""
    if text[0] in _DIGITS:
        item = rejects.list_number(flat, start, text)
        if item:
            return _rejected(start, start + item, text[: item - 1], "list")
        draft = _Draft(start, start + len(text), read_arabic(text), False, text, given=given)
        _mixed(flat, draft, words)
    else:
        share = words.share.match(flat, start)
        if share:
            return _spelled_share(flat, start, share.end(), share[1], share[2], words)
        value = read_chinese(text)
        if value is None and len(text) == 1 and text in words.powers:
            value = (Decimal(words.powers[text]), "") if text in _INTO_VALUE else (Decimal(1), text)
            if not rejects.bare_power(flat, start, words):
                return None
        if value is None:
            return None
        draft = _Draft(start, start + len(text), value[0], True, text, scale=value[1], given=given)
    _tail(flat, draft, words)
    _range(flat, draft, words)
    modifier, first = _modifier(flat, draft, words)
    if draft.unit == draft.scale:
        _unit_before(flat, first, draft, words)
    spot = rejects.Spot(flat, draft.start, draft.end, draft.text, draft.unit, modifier != "exact")
    reason = rejects.reason(spot, words)
    if reason and draft.chinese and not (reason == rejects.BROKEN and draft.unit):
        return None
    if not draft.unit and not reason:
        reason = "no-unit"
    if draft.upper is not None:
        modifier = "range"
    return Quantity(first, draft.end, start, draft.value, draft.upper, draft.unit, modifier, reason)


def _spelled_share(flat: str, start: int, end: int, kind: str, number: str, words: Lexicon) -> Quantity | None:
    """百分之九十五, 千分之三."""
    if number[0] in _DIGITS:
        value: Decimal | None = read_arabic(number)
    elif number == "百":
        value = Decimal(100)
    else:
        read = read_chinese(number)
        value = read[0] if read else None
    if value is None:
        return None
    draft = _Draft(start, end, value, False, number, unit="%" if kind == "百" else "‰")
    _after(flat, draft, words)
    modifier, first = _modifier(flat, draft, words)
    return Quantity(first, draft.end, start, value, None, draft.unit, modifier)


def _mixed(flat: str, draft: _Draft, words: Lexicon) -> None:
    """3万5千, 1亿2000万: digits with a scale, and what is below it, read into the larger scale."""
    if flat[draft.end : draft.end + 1] not in ("万", "亿"):
        return
    match = words.mixed.match(flat, draft.end)
    if match is None:
        return
    scale, low, low_scale = match[1], Decimal(match[2]), match[3]
    unit = Decimal(10**8 if scale == "亿" else 10**4)
    draft.value += low * {"万": 10**4, "千": 10**3, "百": 10**2, "": 1}[low_scale or ""] / unit
    draft.scale, draft.end = scale, match.end()


def _tail(flat: str, draft: _Draft, words: Lexicon) -> None:
    """Moves over scale, 余 or 多, unit, and 以上 or 左右, in the order they may stand in."""
    _inside(flat, draft, words)
    if not draft.scale:
        _scale(flat, draft)
        _inside(flat, draft, words)
    at = draft.end
    if flat[at : at + 1] == " ":
        at += 1
    length = _unit_length(flat, at, draft, words)
    if length:
        draft.unit, draft.end = draft.scale + flat[at : at + length], at + length
    elif flat[at : at + 1] == "(":
        close = flat.find(")", at, at + 10)
        inner = flat[at + 1 : close] if close > 0 else ""
        if inner and units.is_unit(inner):
            draft.unit, draft.end = draft.scale + inner, close + 1
    elif draft.scale and words.stops(flat, draft.end):
        draft.unit = draft.scale
    elif flat[at : at + 1] == "年" and _is_duration(flat, draft, words):
        draft.unit, draft.end = "年", at + 1
    _after(flat, draft, words)


def _is_duration(flat: str, draft: _Draft, words: Lexicon) -> bool:
    """Whether N年 is a length of time (质保期5年, 使用不少于10年), not a date or the name of a plan."""
    if draft.value >= 200:
        return False
    end = draft.end + 1
    if any(flat.startswith(word, end) for word in words.after.get(flat[end : end + 1], ()) if len(word) > 1):
        return True
    modifier, first = words.modifier_before(flat, draft.start)
    return (
        modifier in ("at_least", "at_most") or words.years_before.search(flat[max(0, first - 12) : first]) is not None
    )


def _inside(flat: str, draft: _Draft, words: Lexicon) -> None:
    mark = flat[draft.end : draft.end + 1]
    if mark in words.inside and not (mark == "+" and flat[draft.end + 1 : draft.end + 2] in _DIGITS):
        draft.inside, draft.end = mark, draft.end + 1


def _scale(flat: str, draft: _Draft) -> None:
    """万 and 亿 stay in the unit; 百 and 千 go into the value, except where they begin the unit (千米)."""
    for word in _SCALES:
        if flat.startswith(word, draft.end):
            if word[0] == "千" and units.starting(flat, draft.end) > 1:
                return
            factor = _INTO_VALUE.get(word[0], 1)
            draft.value *= factor
            draft.scale = word if factor == 1 else word[1:]
            draft.end += len(word)
            return


def _unit_length(flat: str, at: int, draft: _Draft, words: Lexicon) -> int:
    """The length of the unit at `at`, compounds (万元/公里) included; 0 where no unit follows."""
    if at in draft.given:
        return draft.given[at]
    for word in words.units.get(flat[at : at + 1], ()):
        if not flat.startswith(word, at) or not (draft.scale or words.in_text(word, flat, draft.start)):
            continue
        end = at + len(word)
        if any(flat.startswith(tail, end) for tail in words.not_before.get(word, ())):
            continue
        if flat[end : end + 1] == "/":
            below = units.starting(flat, end + 1)
            return len(word) + 1 + below if below else len(word)
        return len(word)
    return 0


def _after(flat: str, draft: _Draft, words: Lexicon) -> None:
    """Moves over 以上, 以内, 左右 and the like."""
    for word in words.after.get(flat[draft.end : draft.end + 1], ()):
        if not flat.startswith(word, draft.end):
            continue
        if word == "内" and not words.within(draft.unit):
            continue
        if not draft.unit:
            at = draft.end + len(word)
            length = _unit_length(flat, at, draft, words)
            if not length:
                return
            draft.unit, draft.end = draft.scale + flat[at : at + length], at + length
        else:
            draft.end += len(word)
        draft.after = word
        return


def _range(flat: str, draft: _Draft, words: Lexicon) -> None:
    """20-30家, 90%—95%, 三至五名: the second number gives the range its unit."""
    sign = words.range.match(flat, draft.end)
    if sign is None or draft.after:
        return
    match = words.number.match(flat, sign.end())
    if match is None:
        return
    arabic = match[0][0] in _DIGITS
    value = (read_arabic(match[0]), "") if arabic else read_chinese(match[0])
    if value is None:
        return
    second = _Draft(match.start(), match.end(), value[0], not arabic, match[0], scale=value[1], given=draft.given)
    _tail(flat, second, words)
    same = not draft.unit or draft.unit == second.unit
    if draft.scale and not draft.unit:
        same = second.scale == draft.scale
    if not same or second.value <= draft.value:
        return
    draft.upper, draft.end, draft.unit, draft.scale = second.value, second.end, second.unit, second.scale


def _modifier(flat: str, draft: _Draft, words: Lexicon) -> tuple[Modifier, int]:
    """The modifier of the number, and where its words begin."""
    before, start = words.modifier_before(flat, draft.start)
    if before and before != "exact":
        return before, start
    for word, table in ((draft.inside, words.inside), (draft.after, words.after_modifier)):
        if word:
            return table[word], start
    return "exact", start


def _unit_before(flat: str, first: int, draft: _Draft, words: Lexicon) -> None:
    """学时数达到60, 参加人数85: the unit stands before its number, and nothing goes on after it."""
    if not words.stops(flat, draft.end):
        return
    match = words.unit_before.search(flat[max(0, first - 16) : first])
    if match:
        draft.unit = draft.scale + words.named_units[match[1]]


def _with_shared_units(flat: str, found: list[Quantity], words: Lexicon) -> list[Quantity]:
    """Numbers of a list that ends in a unit take it, where 分别 says so: 分别为81.2和79.6%."""
    for i in range(len(found) - 2, -1, -1):
        here, after = found[i], found[i + 1]
        if here.reason != "no-unit" or after.reason or after.number - here.end > 2:
            continue
        if flat[here.end : after.number] in words.joins and "分别" in flat[max(0, here.start - 40) : here.start]:
            found[i] = Quantity(here.start, here.end, here.number, here.value, None, after.unit, after.modifier)
    return found
