"""Numbers as a spreadsheet shows them: a stored number and a format code → the text in the cell.

Chinese numerals ([DBNum1], [DBNum2]) are the one thing left out: such numbers are shown in digits.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import isfinite

from narrcheck.reading.dateformat import dated
from narrcheck.reading.formatcode import GENERAL, Section, Token, UnknownFormat, code_of, sections

__all__ = ["GENERAL", "code_of", "shown"]

_STORED = Context(prec=15, rounding=ROUND_HALF_UP)
_SIX_DIGITS = Context(prec=6, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=2000, rounding=ROUND_HALF_UP)
_GENERAL_WIDTH = 11
_FRACTION = re.compile(r"(?:([#0?]+) +)?([#0?]+)/(?:([#0?]+)|([1-9]\d{0,4}))$")
_UNFILLED = {"0": "0", "?": " ", "#": ""}


@lru_cache(maxsize=4096)
def shown(value: float, code: str, date1904: bool = False) -> str:
    """The text of a cell that stores `value` under the format `code`; a code not understood counts as General."""
    if not isfinite(value):
        return str(value)
    exact = _STORED.create_decimal(repr(value))
    try:
        section = next(section for section in sections(code) if section.admits(exact))
        if section.has("time", "noon", "elapsed"):
            return dated(section, exact, date1904).strip()
        text = _numbered(section, abs(exact)).strip()
    except (UnknownFormat, StopIteration):
        return _general(exact)
    sign = "-" if exact < 0 and section.tokens and not section.unsigned else ""
    return sign + text


def _general(value: Decimal) -> str:
    """At most eleven characters, the point among them and the sign not; numbers too long for that in powers of ten."""
    if not value:
        return "0"
    if value.adjusted() < -4:
        plain = f"{value.normalize():f}"
    else:
        plain = _trimmed(f"{_rounded(value, min(9, max(9 - value.adjusted(), 0))):f}")
    return plain if len(plain.lstrip("-")) <= _GENERAL_WIDTH else _scientific(value)


def _scientific(value: Decimal) -> str:
    mantissa, exponent = f"{_SIX_DIGITS.plus(value):.5E}".split("E")
    return f"{_trimmed(mantissa)}E{exponent[0]}{exponent[1:].zfill(2)}"


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), context=_WIDE)


def _numbered(section: Section, value: Decimal) -> str:
    """The section's text for a number that is not negative."""
    tokens = section.tokens
    if section.has("general"):
        return "".join(_general(value) if token.kind == "general" else token.text for token in tokens)
    if not section.has("digit"):
        return "".join(token.text for token in tokens)
    if section.has("exponent"):
        return _with_exponent(tokens, value)
    value = value.scaleb(2 * sum(token.kind == "percent" for token in tokens) - 3 * _thousands_cut(tokens))
    if any(token.kind == "other" and token.text == "/" for token in tokens):
        return _with_fraction("".join(token.text for token in tokens).strip(), value)
    return _filled(tokens, value)


def _thousands_cut(tokens: tuple[Token, ...]) -> int:
    """How many commas stand right behind the last digit, or the last one before the point."""
    cut, behind = 0, False
    rest = [token.kind for token in tokens]
    for position, kind in enumerate(rest):
        if kind == "comma" and behind:
            whole = rest[position:]
            before_point = whole[: whole.index("point")] if "point" in whole else whole
            cut += "digit" not in before_point
        else:
            behind = kind == "digit"
    return cut


def _filled(tokens: tuple[Token, ...], value: Decimal) -> str:
    """The digits put in their places; what stands between the places stays between the digits."""
    kinds = [token.kind for token in tokens]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    wholes = [index for index in range(point) if kinds[index] == "digit"]
    decimals = [index for index in range(point, len(kinds)) if kinds[index] == "digit"]
    whole, _, decimal = f"{_rounded(value, len(decimals)):f}".partition(".")
    out = ["" if token.kind == "comma" else token.text for token in tokens]
    grouped = (
        any(kinds[index] == "comma" and wholes[0] < index < wholes[-1] for index in range(point)) if wholes else False
    )
    _fill_whole(out, tokens, wholes, whole.lstrip("0"), grouped)
    if not wholes and point < len(out):
        out[point] = whole.lstrip("0") + out[point]
    _fill_decimals(out, tokens, decimals, decimal)
    return "".join(out)


def _fill_whole(out: list[str], tokens: tuple[Token, ...], places: list[int], digits: str, grouped: bool) -> None:
    """From the right; the first place takes all that is left."""
    count = 0
    for index in reversed(places):
        take = max(len(digits), 1) if index == places[0] else 1
        piece, digits = digits[-take:] or _UNFILLED[tokens[index].text], digits[:-take]
        text = ""
        for digit in reversed(piece):
            comma = "," if grouped and count and not count % 3 and digit.isdigit() else ""
            text = digit + comma + text
            count += 1
        out[index] = text


def _fill_decimals(out: list[str], tokens: tuple[Token, ...], places: list[int], digits: str) -> None:
    """Zeros at the end are left to the places: 0 keeps them, # drops them, ? leaves a blank."""
    significant = len(digits.rstrip("0"))
    for order, index in enumerate(places):
        out[index] = digits[order] if order < significant else _UNFILLED[tokens[index].text]


def _with_exponent(tokens: tuple[Token, ...], value: Decimal) -> str:
    at = next(index for index, token in enumerate(tokens) if token.kind == "exponent")
    mantissa, tail = tokens[:at], tokens[at + 1 :]
    kinds = [token.kind for token in mantissa]
    whole = kinds[: kinds.index("point")].count("digit") if "point" in kinds else kinds.count("digit")
    step = max(whole, 1)
    exponent = value.adjusted() // step * step if value else 0
    if _rounded(value.scaleb(-exponent), kinds.count("digit") - whole) >= 10**step:
        exponent += step
    width = sum(token.kind == "digit" for token in tail)
    sign = "-" if exponent < 0 else "+" if tokens[at].text[1] == "+" else ""
    literals = "".join(token.text for token in tail if token.kind != "digit")
    return f"{_filled(mantissa, value.scaleb(-exponent))}E{sign}{str(abs(exponent)).zfill(width)}{literals}"


def _with_fraction(code: str, value: Decimal) -> str:
    """UnknownFormat: more stands beside the fraction."""
    if not (parts := _FRACTION.match(code)):
        raise UnknownFormat
    mixed, _, places, denominator = parts.groups()
    whole, fraction = divmod(Fraction(value), 1) if mixed else (0, Fraction(value))
    if places:
        near = fraction.limit_denominator(10 ** min(len(places), 4) - 1)
        above, below = near.numerator, near.denominator
    else:
        below = int(denominator)
        above = int(fraction * below + Fraction(1, 2))
    if mixed and above == below:
        whole, above = whole + 1, 0
    if mixed and not above:
        return str(whole)
    return f"{whole} {above}/{below}" if whole else f"{above}/{below}"
