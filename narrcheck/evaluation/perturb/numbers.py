"""Numbers as people write them, and the slips they make in writing them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from random import Random

from narrcheck.quantity.numerals import ARABIC

_CHINESE = "零一二三四五六七八九"
_NUMBER = re.compile(ARABIC)


def number_in(text: str) -> re.Match[str] | None:
    """The only number in digits of a cell; None where it holds none or several."""
    found = list(_NUMBER.finditer(text))
    return found[0] if len(found) == 1 else None


def slips(text: str, random: Random) -> Iterator[str]:
    """Numbers as long as `text` with two neighbouring digits exchanged or one digit another, in random order.

    No zero comes to the front, and the zeros that end a fraction stay.
    """
    changed = list(dict.fromkeys([*_exchanged(text), *_altered(text)]))
    random.shuffle(changed)
    yield from (new for new in changed if new != text)


def _places(text: str) -> list[int]:
    written = text.rstrip("0").rstrip(".") if "." in text else text
    return [at for at, sign in enumerate(written) if sign.isdigit()]


def _exchanged(text: str) -> Iterator[str]:
    places = _places(text)
    for first, second in pairwise(places):
        signs = list(text)
        signs[first], signs[second] = signs[second], signs[first]
        if signs[places[0]] != "0" or _starts_fraction(text):
            yield "".join(signs)


def _altered(text: str) -> Iterator[str]:
    places = _places(text)
    for at in places:
        for digit in "0123456789":
            if digit == "0" and at == places[0]:
                continue
            yield text[:at] + digit + text[at + 1 :]


def _starts_fraction(text: str) -> bool:
    """Whether the number is below one, so that it begins with a zero anyway."""
    return text.startswith("0.")


def times_ten(text: str) -> str:
    """The number with one zero too many, or the point one place too far: 120.00 → 1200.00, 1.35 → 13.5."""
    whole, point, fraction = text.partition(".")
    plain = whole.replace(",", "")
    if point and fraction.strip("0"):
        plain, fraction = plain + fraction[0], fraction[1:]
        point = "." if fraction else ""
    else:
        plain += "0"
    plain = plain.lstrip("0") or "0"
    return (f"{int(plain):,}" if "," in whole else plain) + point + fraction


def chinese(number: int) -> str:
    """A whole number from 1 to 99 in Chinese numerals, 2 as it stands before a counter (两)."""
    if not 1 <= number <= 99:
        raise ValueError(f"not between 1 and 99: {number}")
    tens, ones = divmod(number, 10)
    if not tens:
        return "两" if ones == 2 else _CHINESE[ones]
    return ("" if tens == 1 else _CHINESE[tens]) + "十" + (_CHINESE[ones] if ones else "")


def written_like(value: Decimal, example: str) -> str:
    """The value with as many decimal places as the example, more where it needs them."""
    places = max(len(example.partition(".")[2]), -int(value.normalize().as_tuple().exponent))
    return f"{value:.{places}f}"
