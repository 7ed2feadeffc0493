"""The vocabulary of quantities, compiled once for searching text: patterns and tables by first character."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from narrcheck.data import load
from narrcheck.filing import Modifier
from narrcheck.quantity import units
from narrcheck.quantity.numerals import ARABIC, characters, chinese

_STOPS = frozenset("，,。；;、:：!！?？()（）[]【】《》〈〉“”\"'‘’/~")


def either(words: object) -> str:
    """An alternation of words, longest first."""
    assert isinstance(words, dict | list | tuple | set | frozenset)
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled vocabulary; the names are those of the data files."""

    number: re.Pattern[str]
    share: re.Pattern[str]
    mixed: re.Pattern[str]
    range: re.Pattern[str]
    unit_before: re.Pattern[str]
    names: re.Pattern[str]
    titles: re.Pattern[str]
    makes_one: re.Pattern[str]
    phase_after: re.Pattern[str]
    class_after: re.Pattern[str]
    dealt: frozenset[str]
    ends_fen: frozenset[str]
    phase_before: re.Pattern[str]
    years_before: re.Pattern[str]
    units: dict[str, tuple[str, ...]]
    cells_only: frozenset[str]
    digits_only: frozenset[str]
    least_spelled: dict[str, int]
    counted: frozenset[str]
    counted_after: re.Pattern[str]
    not_before: dict[str, tuple[str, ...]]
    named_units: dict[str, str]
    before: dict[str, Modifier]
    before_lengths: tuple[int, ...]
    not_after: dict[str, frozenset[str]]
    inside: dict[str, Modifier]
    after: dict[str, tuple[str, ...]]
    after_modifier: dict[str, Modifier]
    within_kinds: frozenset[str]
    powers: dict[str, int]
    joined_before: frozenset[str]
    indefinite_before: frozenset[str]
    goes_on: frozenset[str]
    numeral: frozenset[str]
    joined_one: frozenset[str]
    line: frozenset[str]
    one: frozenset[str]
    article_noun: tuple[str, ...]
    slogan: re.Pattern[str]
    paired: re.Pattern[str]
    joins: frozenset[str]

    def stops(self, flat: str, at: int) -> bool:
        """Whether a phrase ends at flat[at]: the end of the text, or punctuation."""
        return at >= len(flat) or flat[at] in _STOPS

    def in_text(self, unit: str, flat: str, start: int) -> bool:
        """Whether `unit` is one behind a number at `start` of running text.

        Some are only in cells; of these, places are where digits count them (与周边3市, 5县12镇; 新安2村 names one).
        Others are behind digits only (卫星影像36景; 十景 is a name).
        """
        if unit in self.digits_only:
            return flat[start].isdigit()
        if unit not in self.cells_only:
            return True
        if unit not in self.counted or not flat[start].isdigit():
            return False
        return self.counted_after.search(flat[max(0, start - 4) : start]) is not None

    def within(self, unit: str) -> bool:
        """Whether 内 after the unit is an upper bound: lengths of time only."""
        known = units.parse(unit)
        return known is not None and known.kind in self.within_kinds

    def modifier_before(self, flat: str, start: int) -> tuple[Modifier | None, int]:
        """The modifier that ends at `start` and where it begins; (None, start) where there is none."""
        for length in self.before_lengths:
            word = flat[max(0, start - length) : start]
            modifier = self.before.get(word)
            if modifier is None or len(word) < length:
                continue
            begin = start - length
            if begin and flat[begin - 1] in self.not_after.get(word, ()):
                continue
            return modifier, begin
        return None, start


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The compiled vocabulary of the data files."""
    return Lexicon(**_patterns(), **_units(), **_modifiers(), **_numerals())


def _patterns() -> dict[str, Any]:
    """What texts are searched with."""
    numerals, claims = load("numerals.toml"), load("claims.toml")
    modifiers = load("modifiers.toml")
    filler = either(modifiers["filler"])
    phase = either(claims["phase"])
    return {
        "number": re.compile(rf"{ARABIC}|{chinese()}"),
        "share": re.compile(rf"([百千])分之({ARABIC}|{chinese()})"),
        "mixed": re.compile(r"([万亿])(\d{4}(?=[^\d.,万亿])|\d{1,4}(?=[千百万]))([千百万]?)"),
        "range": re.compile(either(modifiers["range"])),
        "unit_before": re.compile(rf"({either(claims['unit_before'])})(?:{filler})*$"),
        "names": re.compile(either(numerals["name"])),
        "titles": re.compile(
            r"《[^《》]*》|〔[^〔〕]{1,12}〕\d{0,6}+号?|\[\d{4}\]\d{0,6}+号?|(?<!\d)\d{1,3}+对\d{1,3}+"
            rf"|“[^“”]{{1,40}}”(?={either(claims['after_name'])})"
            # A short quotation that is more than a number is a name: “滨江5公里”, but not “100%”.
            r"|“(?![\d.]{1,12}+[^\d”]?”)[^“”，。；：、]{1,16}”"
        ),
        "makes_one": re.compile(rf"(?:{either(numerals['makes_one'])})[了过出]?$"),
        "phase_after": re.compile(phase),
        "class_after": re.compile(rf"(?:{either(numerals['class'])})[\u4e00-\u9fff]{{0,6}}\d"),
        "phase_before": re.compile(rf"(?:{phase})$"),
        "years_before": re.compile(rf"(?:{either(claims['years_before'])})(?:{filler})*$"),
        "slogan": re.compile(either(numerals["slogan"])),
        "paired": re.compile(rf"一(?!{either(numerals['class_word'])})[\u4e00-\u9fff]"),
    }


def _units() -> dict[str, Any]:
    """The units, and the words that say where one is none."""
    data, claims = load("units.toml"), load("claims.toml")
    not_before, cells_only = data["not_before"], data["cells_only"]
    made = units.occasions() - data["count"].keys() - data["measure"].keys()
    return {
        "units": units.by_first(),
        "cells_only": frozenset(cells_only) | {word for word in made if word[:-1] in cells_only},
        "digits_only": frozenset(data["digits_only"]),
        "least_spelled": data["least_spelled"],
        "dealt": frozenset(load("numerals.toml")["dealt"]["units"]),
        "ends_fen": frozenset(load("numerals.toml")["dealt"]["words"]),
        "counted": frozenset(data["counted"]),
        "counted_after": re.compile(rf"(?:{either(data['counted_after'])}|[0-9](?:{either(data['counted'])}))$"),
        "not_before": {word: tuple(tails) for word, tails in not_before.items()}
        | {word: tuple(not_before["次"]) for word in made},
        "named_units": claims["unit_before"],
        "line": frozenset(claims["line"]),
    }


def _modifiers() -> dict[str, Any]:
    """The modifiers by where they stand."""
    data = load("modifiers.toml")
    before = {word: entry["modifier"] for word, entry in data["before"].items()}
    after: dict[str, list[str]] = {}
    for word in sorted(data["after"], key=len, reverse=True):
        after.setdefault(word[0], []).append(word)
    return {
        "before": before,
        "before_lengths": tuple(sorted({len(word) for word in before}, reverse=True)),
        "not_after": {word: frozenset(marks) for word, marks in data["not_after"].items()},
        "inside": {word: entry["modifier"] for word, entry in data["inside"].items()},
        "after": {head: tuple(words) for head, words in after.items()},
        "after_modifier": {word: entry["modifier"] for word, entry in data["after"].items()},
        "within_kinds": frozenset(data["within"]),
    }


def _numerals() -> dict[str, Any]:
    """The numerals, and the words that say where one is none."""
    data = load("numerals.toml")
    return {
        "powers": {**data["power"], **data["myriad"]},
        "joined_before": frozenset(data["joined_before"]),
        "indefinite_before": frozenset(data["indefinite_before"]),
        "goes_on": frozenset(data["goes_on"]),
        "numeral": frozenset(characters()) | frozenset("0123456789"),
        "joined_one": frozenset(data["joined_one"]),
        "one": frozenset(data["one"]),
        "article_noun": tuple(data["article_noun"]),
        "joins": frozenset(["、", "和", "及", "与", ",", "，", "以及"]),
    }
