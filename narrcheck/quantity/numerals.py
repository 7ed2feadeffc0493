"""Numerals: Arabic digits with separators, Chinese numerals (data/numerals.toml)."""

import re
from decimal import Decimal
from functools import lru_cache

from narrcheck.data import load


@lru_cache(maxsize=1)
def characters() -> str:
    """Every character of a Chinese numeral, for a character class."""
    data = load("numerals.toml")
    return "".join([*data["digit"], *data["power"], *data["myriad"], *data["tens"]])


# Thousands separators only where the groups are whole: 634,273 but not 5,120 of a list 5,1200.
ARABIC = r"(?:\d{1,3}(?:,\d{3})++(?!,?\d)|\d++)(?:\.\d++)?+"


@lru_cache(maxsize=1)
def chinese() -> str:
    """The pattern of a run of Chinese numerals, with the decimal point 点."""
    digits = "".join(load("numerals.toml")["digit"])
    return rf"[{characters()}]++(?:点[{digits}]++)?+"


def read_arabic(text: str) -> Decimal:
    """The value of digits as written, thousands separators dropped: 1,200.50."""
    return Decimal(text.replace(",", ""))


@lru_cache(maxsize=4096)
def read_chinese(text: str) -> tuple[Decimal, str] | None:
    """The value of a Chinese numeral and the 万 or 亿 that stays in its unit.

    一千九百 is 1900, 两万 is 2 with 万, 一亿三千万 is 1.3 with 亿. None for characters that make no number together
    (十四五, 二〇二四, 三四) and for a power without its digit (百, 千).
    """
    if len(text) > 24:
        return None
    whole, point, fraction = _simple(text).partition("点")
    scale = ""
    if point and fraction[-1:] in ("万", "亿"):
        return None
    for mark in ("亿", "万"):
        if mark in whole:
            scale = mark
            break
    value = _myriads(whole)
    if value is None:
        return None
    if point:
        digits = load("numerals.toml")["digit"]
        if not fraction or scale or any(c not in digits for c in fraction):
            return None
        value += Decimal("0." + "".join(str(digits[c]) for c in fraction))
    return (value / load("numerals.toml")["myriad"][scale] if scale else value), scale


def _simple(text: str) -> str:
    """The numeral with capital forms and tens of one character made plain."""
    return text.translate(_plain())


@lru_cache(maxsize=1)
def _plain() -> dict[int, str]:
    forms = {"拾": "十", "佰": "百", "仟": "千", **load("numerals.toml")["tens"]}
    return {ord(form): plain for form, plain in forms.items()}


def _myriads(text: str) -> Decimal | None:
    """The full value of a numeral that may hold 亿 and 万, each once and in this order."""
    total = Decimal(0)
    rest = text
    for mark, factor in (("亿", 10**8), ("万", 10**4)):
        if mark in rest:
            head, _, rest = rest.partition(mark)
            section = _section(head)
            if not section:
                return None
            total += section * factor
            if len(rest) == 1 and rest not in ("零", "〇"):
                shorthand = _section(rest)
                return None if not shorthand or shorthand > 9 else total + shorthand * (factor // 10)
    if not rest:
        return total or None
    section = _section(rest.lstrip("零〇") if total else rest)
    return None if section is None else total + section


_SECTION = re.compile(
    r"(?:(?P<k>.)千)?(?P<kz>[零〇])?(?:(?P<h>.)百)?(?P<hz>[零〇])?(?P<t>.?十)?(?P<z>[零〇])?(?P<u>[^十百千])?"
)


def _section(text: str) -> int | None:
    """The value of a numeral below 万; a last digit without its power continues the one before (一千二 is 1200)."""
    digits: dict[str, int] = load("numerals.toml")["digit"]
    if len(text) == 1 and text in digits:
        return digits[text]
    match = _SECTION.fullmatch(text)
    if not text or match is None:
        return None
    value, last = 0, 0
    for group, power in (("k", 1000), ("h", 100)):
        if match[group]:
            if not digits.get(match[group]):
                return None
            value, last = value + digits[match[group]] * power, power
    if match["t"]:
        ten = match["t"][0]
        value, last = value + (10 if ten == "十" else 10 * digits.get(ten, 1000)), 10
    if match["u"]:
        if match["u"] not in digits or not last:
            return None
        bare = not (match["kz"] or match["hz"] or match["z"])
        value += digits[match["u"]] * (last // 10 if bare and last > 10 else 1)
    return value if last and value < 10000 else None
