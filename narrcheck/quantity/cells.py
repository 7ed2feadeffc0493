"""What a cell of the form holds: a number, a target (comparator, number, unit), an actual (number, unit, or a verdict).

Only a cell that is comparator, number, unit and nothing more is a quantity; anything else is words, and its quantities
are claims (narrcheck.claims). A malformed cell raises nothing: its value is None, and `raw` keeps what is printed.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from narrcheck.data import load
from narrcheck.filing import Actual, Comparator, Number, Status, Target
from narrcheck.quantity import units
from narrcheck.quantity.numerals import ARABIC, chinese, read_arabic, read_chinese
from narrcheck.text import squeeze

_CLOSING = "。.;；,，、"
_AMOUNT = re.compile(rf"([-+]?)({ARABIC}|\.\d++)(?:%|分|\(%\)|\(分\))?")
_LONGEST = 64


@lru_cache(maxsize=4096)
def read_number(raw: str) -> Number:
    """A weight, score, amount or rate: digits as printed without thousands separators; a percent sign is dropped."""
    match = _AMOUNT.fullmatch(squeeze(raw))
    if match is None:
        return Number(raw)
    value = read_arabic(match[2])
    return Number(raw, value.copy_negate() if match[1] == "-" else value)


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A cell taken apart; `comparator` None where none is printed, `firm` False for 约 and 近."""

    comparator: Comparator | None
    value: Decimal
    upper: Decimal | None
    unit: str | None
    firm: bool


@lru_cache(maxsize=8192)
def read_target(raw: str, name: str) -> Target:
    """年度指标值 of the row called `name`, whose brackets may hold the unit of a bare number."""
    found = _quantity(raw)
    if found is None or not found.firm:
        return Target(raw)
    return Target(raw, found.comparator, found.value, found.upper, found.unit or unit_in_name(name))


@lru_cache(maxsize=8192)
def read_actual(raw: str, name: str) -> Actual:
    """实际完成值 of the row called `name`; a copied comparator (大于90%) makes it words."""
    status = read_status(raw)
    if status:
        return Actual(raw, status=status)
    found = _quantity(raw)
    if found is None or found.comparator or not found.firm:
        return Actual(raw)
    return Actual(raw, found.value, found.upper, found.unit or unit_in_name(name))


def read_status(raw: str) -> Status | None:
    """The verdict a cell consists of (达成年度指标, 部分达成…, 未达成…); None for a sentence or a number."""
    text = squeeze(raw).rstrip("。.;；!！")
    if not text or len(text) > 30:
        return None
    table = load("status.toml")
    verdict: Status | None = table["exact"].get(text)
    if verdict is None and not re.search(r"[\d,，。;；]", text):
        verdict = next((value for start, value in table["prefix"].items() if text.startswith(start)), None)
    return verdict


def is_quantity(raw: str) -> bool:
    """Whether the cell is comparator, number and unit and nothing more, firm or not (≥30个, 约30个, 大于90%)."""
    return _quantity(raw) is not None


_BRACKETED = re.compile(r"[((\[【]([^()\[\]【】]{1,12})[))\]】]")


@lru_cache(maxsize=4096)
def unit_in_name(name: str) -> str | None:
    """The unit in the brackets of a row's name: 检查次数（次）, 完成率(%), (单位:万元); None where there is none."""
    for match in reversed(list(_BRACKETED.finditer(squeeze(name)))):
        word = re.sub(r"^单位[::]?", "", match[1])
        if units.is_unit(word):
            return word
    return None


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """The shape of a cell that is a quantity: comparator, number, range, scale, unit, comparator."""
    words = load("modifiers.toml")

    def either(table: str) -> str:
        return "|".join(re.escape(word) for word in sorted(words[table], key=len, reverse=True))

    number = rf"(?:{ARABIC}|{chinese()})"
    inside = either("inside")
    return re.compile(
        rf"(?P<filler>达到|达)?+(?P<before>{either('before')})?+(?:达到|达)?+(?P<value>{number})(?P<mark>[^\d\-—~～至到]{{1,8}}?)??"
        rf"(?:(?:{either('range')})(?P<upper>{number}))?(?P<inside>{inside})?(?P<scale>[万亿]|[百千][万亿]|千|百)?(?P<inside2>{inside})?"
        rf"(?P<unit>\((?P<inner>[^()\d]{{1,10}}(?:\([^()\d]{{1,4}}\))?)\)|m[23]|[^\d()<>=≤≥]{{1,16}}?(?:\([^()\d]{{1,4}}\))??|)(?P<after>{either('after')})?"
    )


def _quantity(raw: str) -> _Quantity | None:
    """The cell as a quantity; None where it holds anything else."""
    text = squeeze(raw).rstrip(_CLOSING)
    if not text or len(text) > 400 or not (match := _match(text)):
        return None
    low, high = _value(match["value"]), _value(match["upper"]) if match["upper"] else None
    if low is None or (match["upper"] and high is None):
        return None
    value, scale = low
    upper = None
    if high is not None:
        upper, high_scale = high
        if scale and scale != high_scale:
            return None
        scale = high_scale
    value, upper, scale = _scaled(value, upper, scale + (match["scale"] or ""), match["unit"])
    unit = _unit(match, scale)
    if unit is None or _is_date(match, value, unit):
        return None
    if match["mark"] and not unit.endswith(match["mark"]):
        return None
    comparator, firm = _comparator(match)
    return _Quantity(comparator, value, upper, unit or None, firm)


def _match(text: str) -> re.Match[str] | None:
    return _pattern().fullmatch(text)


def _value(text: str) -> tuple[Decimal, str] | None:
    return (read_arabic(text), "") if text[0].isascii() or text[0].isdigit() else read_chinese(text)


def _scaled(value: Decimal, upper: Decimal | None, scale: str, unit: str) -> tuple[Decimal, Decimal | None, str]:
    """百 and 千 go into the value, except where 千 begins the unit itself (千米, 千瓦时)."""
    if scale == "千" and "千" + unit in units.vocabulary():
        return value, upper, scale
    factor = {"百": 100, "千": 1000}.get(scale[:1], 1)
    if factor == 1:
        return value, upper, scale
    return value * factor, None if upper is None else upper * factor, scale[1:]


def _unit(match: re.Match[str], scale: str) -> str | None:
    """The unit of the cell, "" for a bare number, None where what follows the number is no unit."""
    if match["inner"]:
        return scale + match["inner"] if not re.search(r"[,，。;；]", match["inner"]) else None
    word = scale + match["unit"]
    if not word or units.is_unit(word):
        return word
    return word if _may_be_unit(match["unit"]) else None


def _may_be_unit(word: str) -> bool:
    """Whether a word that is in no list can only be a unit: X次, or one character that begins no other phrase."""
    if not (1 <= len(word) <= 3) or not all("一" <= c <= "鿿" for c in word):
        return False
    stop = load("claims.toml")["not_unit"]
    if any(c in stop for c in word):
        return False
    return len(word) == 1 or (word[-1] == "次" and not units.starting(word, 0))


def _is_date(match: re.Match[str], value: Decimal, unit: str) -> bool:
    """Whether a bare 2024年, 12月 or 15日 is meant, not a length of time."""
    if unit == "年":
        return value >= 1900
    return unit in ("月", "日") and not (match["before"] or match["after"])


def _comparator(match: re.Match[str]) -> tuple[Comparator | None, bool]:
    """The comparator, in front first, and whether the number is firm (not 约, 近, 左右)."""
    words = load("modifiers.toml")
    found: Comparator | None = None
    for group, table in (("before", "before"), ("after", "after"), ("inside", "inside"), ("inside2", "inside")):
        entry = words[table].get(match[group] or "", None)
        if entry is None:
            continue
        if entry["modifier"] == "about":
            return None, False
        found = found or entry.get("comparator")
    return found, True
