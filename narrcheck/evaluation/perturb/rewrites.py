"""Rewrites of a filing's spelling that change nothing of what it says: width, blanks, numerals, 万; and all kinds by
name."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random

from narrcheck.data import load
from narrcheck.evaluation.perturb.rewording import (
    SynonymsError,
    clause_order,
    modifiers,
    synonyms,
    verb_forms,
)
from narrcheck.evaluation.perturb.texts import WORDS, Edit, Place, Stated, numbers, variants
from narrcheck.evaluation.perturb.variant import Maker, Subject, Variant
from narrcheck.filing import Modifier
from narrcheck.quantity.compare import compare
from narrcheck.quantity.numerals import read_arabic, read_chinese
from narrcheck.text import fold

_HAN = r"[\u4e00-\u9fff]"
_TYPED = re.compile(r"[0-9A-Za-z]+(?:\.[0-9]+)?")
_BORDER = re.compile(rf"(?<={_HAN})(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%％])(?={_HAN})")
_BLANKS = re.compile(rf"(?<={_HAN})[ \t\u3000]+(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%％])[ \t\u3000]+(?={_HAN})")
_LONG = re.compile(r"(?<![\d.,，A-Za-z])\d{4,}(?![\d,，年号])|(?<![\d.,，])\d{1,3}(?:,\d{3})+(?![\d,，])")
_MYRIAD = Decimal(10000)
_MOST_DECIMALS = 2


def full_width(subject: Subject, random: Random) -> Iterator[Variant]:
    """Digits and letters in full width, marks in full width for half and the other way round."""
    return variants(subject, random, "full-width", _width, cells=True)


def _width(place: Place) -> list[Edit]:
    """A comma beside a digit stays: 5，120 may be two numbers of a list, 5,120 is one."""
    text = place.text
    edits = [(m.start(), m.end(), _wide(m[0])) for m in _TYPED.finditer(text)]
    for at, character in enumerate(text):
        other = _marks().get(character)
        beside = text[at - 1 : at] + text[at + 1 : at + 2]
        if other and not (character in ",，:：" and any(map(str.isdigit, beside))):
            edits.append((at, at + 1, other))
    return sorted(edits)


def _wide(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if character.isascii() else character for character in text)


@lru_cache(maxsize=1)
def _marks() -> dict[str, str]:
    """Each mark with its partner of the other width."""
    table: dict[str, str] = load(WORDS)["width"]
    return table | {wide: half for half, wide in table.items()}


def spaces(subject: Subject, random: Random) -> Iterator[Variant]:
    """A blank between a number and the words around it where there was none, and none where there was one."""
    return variants(subject, random, "spaces", _spaces, cells=True)


def _spaces(place: Place) -> list[Edit]:
    edits = [(m.start(), m.start(), " ") for m in _BORDER.finditer(place.text)]
    return sorted(edits + [(m.start(), m.end(), "") for m in _BLANKS.finditer(place.text)])


def thousands(subject: Subject, random: Random) -> Iterator[Variant]:
    """12500 as 12,500, and the other way round."""

    def find(place: Place) -> list[Edit]:
        if not place.words:
            return [_grouped(m.start(), m[0]) for m in _LONG.finditer(place.text)]
        stated = {item.start for item in numbers(subject, place)}
        return [_grouped(m.start(), m[0]) for m in _LONG.finditer(place.text) if m.start() in stated]

    return variants(subject, random, "thousands", find, cells=True)


def _grouped(start: int, digits: str) -> Edit:
    return start, start + len(digits), digits.replace(",", "") if "," in digits else f"{int(digits):,}"


def chinese_numerals(subject: Subject, random: Random) -> Iterator[Variant]:
    """Whole numbers from 2 to 99 before their counter in words, 5期 as 五期; and numbers in words in digits."""

    def find(place: Place) -> list[Edit]:
        flat = fold(place.text)
        spelled = (_spelled(flat, item) for item in numbers(subject, place))
        return [edit for edit in spelled if edit is not None]

    return variants(subject, random, "chinese-numerals", find)


def _spelled(flat: str, item: Stated) -> Edit | None:
    """The other spelling of a number; None for a range, a share, and where 十 would be read with what stands before."""
    words, digits = load(WORDS), flat[item.start : item.end]
    if item.close is None or item.claim.upper is not None or "%" in flat[item.end : item.close]:
        return None
    if not digits[0].isdigit():
        read = read_chinese(digits)
        return None if read is None or read[0] % 1 else (item.start, item.end, f"{read[0]:f}{read[1]}")
    value = read_arabic(digits)
    before = flat[item.start - 1 : item.start]
    if "." in digits or not 2 <= value < 100 or before in words["not_before_numeral"] or not before:
        return None
    return item.start, item.end, words["two"] if value == 2 else in_words(int(value))


def in_words(value: int) -> str:
    """A whole number from 1 to 99 in Chinese numerals."""
    words = load(WORDS)
    tens, ones = divmod(value, 10)
    digits: list[str] = words["digits"]
    head = "" if not tens else words["ten"] if tens == 1 else digits[tens] + words["ten"]
    return head + (digits[ones] if ones or not tens else "")


def ten_thousand(subject: Subject, random: Random) -> Iterator[Variant]:
    """2.5万人次 as 25000人次 and the other way round, exactly, where rounding cannot tell the two apart."""
    others = _values(subject)

    def find(place: Place) -> list[Edit]:
        flat = fold(place.text)
        edits = (_rescaled(flat, item, others) for item in numbers(subject, place))
        return [edit for edit in edits if edit is not None]

    return variants(subject, random, "ten-thousand", find)


def _rescaled(flat: str, item: Stated, others: list[tuple[Decimal, str]]) -> Edit | None:
    claim, digits = item.claim, flat[item.start : item.end]
    if item.close is None or claim.upper is not None or not digits[0].isdigit():
        return None
    scaled = claim.unit.startswith("万") and not claim.unit.startswith("万亿")
    unit = claim.unit[1:] if scaled else "万" + claim.unit
    value = Decimal(claim.value)
    new = value * _MYRIAD if scaled else value / _MYRIAD
    if not claim.unit or not unit or not _plain(value if not scaled else new, new, claim.unit):
        return None
    if not all(_alike(claim.modifier, (value, claim.unit), (new, unit), other) for other in others):
        return None
    new = new.normalize()
    return item.start, _scale_end(flat, item.end) if scaled else item.end, f"{new:f}" + ("" if scaled else "万")


def _plain(full: Decimal, new: Decimal, unit: str) -> bool:
    """Whether both spellings are what people write: whole and of five digits or more in full, few decimals with 万."""
    scaled = full / _MYRIAD
    places = -int(scaled.normalize().as_tuple().exponent)
    return full == full.to_integral_value() and full >= _MYRIAD and places <= _MOST_DECIMALS and unit[:1] != "亿"


def _scale_end(flat: str, at: int) -> int:
    """Behind the 万 that follows a number, blanks and nothing else between."""
    return flat.index("万", at) + 1


def _alike(modifier: Modifier, one: tuple[Decimal, str], new: tuple[Decimal, str], other: tuple[Decimal, str]) -> bool:
    """Whether both spellings stand in the same way to another number of the filing."""
    return _standing(modifier, one, other) == _standing(modifier, new, other) and _standing(
        "exact", other, one
    ) == _standing("exact", other, new)


def _standing(modifier: Modifier, one: tuple[Decimal, str], other: tuple[Decimal, str]) -> str:
    return compare(modifier, one[0], None, one[1], other[0], other[1]).value


def _values(subject: Subject) -> list[tuple[Decimal, str]]:
    """The numbers of the filing that a stated one may be compared with."""
    found = [(Decimal(claim.value), claim.unit) for claim in subject.claims]
    for row in subject.filing.indicators:
        for cell in (row.target, row.actual):
            if cell.value is not None:
                found.append((cell.value, cell.unit or ""))
    unit = subject.filing.money_unit or ""
    for funds in subject.filing.funds:
        found += [(n.value, unit) for n in (funds.initial, funds.adjusted, funds.executed) if n.value is not None]
    return found


REWRITES: dict[str, Maker] = {
    "full-width": full_width,
    "spaces": spaces,
    "thousands": thousands,
    "chinese-numerals": chinese_numerals,
    "ten-thousand": ten_thousand,
    "clause-order": clause_order,
    "modifiers": modifiers,
    "verb-forms": verb_forms,
}
"""The kinds that need no file of their own."""


def rewrites(pairs: Path | None) -> tuple[dict[str, Maker], SynonymsError | None]:
    """All kinds by name; without synonyms, and with the reason, where there is no file of their pairs or it cannot be
    used."""
    if pairs is None:
        return dict(REWRITES), SynonymsError("perturb.synonyms-none", "")
    try:
        return {**REWRITES, "synonyms": synonyms(pairs)}, None
    except SynonymsError as error:
        return dict(REWRITES), error
