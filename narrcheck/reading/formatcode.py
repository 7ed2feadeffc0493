"""Format codes of spreadsheets: what a code says is printed for which numbers, as Excel set up in Chinese reads it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne

GENERAL = "General"

_YUAN = '"¥"#,##0{0};{1}"¥"\\-#,##0{0}'
_PLAIN = "#,##0{0};{1}\\-#,##0{0}"
_ACCOUNTS = '_ {1}* #,##0{0}_ ;_ {1}* \\-#,##0{0}_ ;_ {1}* "-"{2}_ ;_ @_ '
_YEAR_MONTH, _MONTH_DAY, _YEAR_MONTH_DAY = 'yyyy"年"m"月"', 'm"月"d"日"', 'yyyy"年"m"月"d"日"'
_BUILT_IN: dict[int, str] = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: _YUAN.format("", ""), 6: _YUAN.format("", "[Red]"), 7: _YUAN.format(".00", ""), 8: _YUAN.format(".00", "[Red]"),
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: _YEAR_MONTH, 28: _MONTH_DAY, 29: _MONTH_DAY, 30: "m-d-yy", 31: _YEAR_MONTH_DAY,
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    36: _YEAR_MONTH,
    37: _PLAIN.format("", ""), 38: _PLAIN.format("", "[Red]"),
    39: _PLAIN.format(".00", ""), 40: _PLAIN.format(".00", "[Red]"),
    41: _ACCOUNTS.format("", "", ""), 42: _ACCOUNTS.format("", '"¥"', ""),
    43: _ACCOUNTS.format(".00", "", "??"), 44: _ACCOUNTS.format(".00", '"¥"', "??"),
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: _YEAR_MONTH, 51: _MONTH_DAY, 52: _YEAR_MONTH, 53: _MONTH_DAY, 54: _MONTH_DAY,
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: _YEAR_MONTH, 58: _MONTH_DAY,
}  # fmt: skip
_SYSTEM_DATES = frozenset([14, 22])
_SYSTEM_CODES = {"[$-F800]": _BUILT_IN[31], "[$-F400]": _BUILT_IN[21]}
"""Shown as the reader's system writes dates and times, whatever else the file declares for them."""

_TOKEN = re.compile(
    r"""(?P<general>General|G/通用格式)
    | "(?P<quoted>[^"]*+)"?+ | [\\!](?P<escaped>.) | [_*](?P<padding>.)
    | \[(?P<bracket>[^\]]*+)\]
    | (?P<noon>AM/PM|A/P|上午/下午) | (?P<exponent>E[+-])
    | (?P<time>y++|m++|d++|h++|s++|e++|a{3,4})
    | (?P<digit>[0#?]) | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<text>@) | (?P<next>;)
    | (?P<unknown>[a-z]) | (?P<other>.)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*+(-?+\d++(?:\.\d++)?+)$")
_CURRENCY = re.compile(r"\$([^-]*+)(?:-(.*+))?+$")
_ELAPSED = re.compile(r"(?:h++|m++|s++)$", re.IGNORECASE)
_TESTS = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_MOST = 1000

Condition = tuple[str, Decimal]
_POSITIVE: Condition = (">", Decimal(0))
_NOT_NEGATIVE: Condition = (">=", Decimal(0))
_NEGATIVE: Condition = ("<", Decimal(0))


class UnknownFormat(ValueError):
    """A code that is not understood."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a code: its kind (a group of the pattern above) and what it says."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the parts a code has between its semicolons: what it prints, and for which numbers. An `unsigned` one
    prints no sign but what is among its literals."""

    tokens: tuple[Token, ...]
    condition: Condition | None = None
    chinese: bool = False
    unsigned: bool = False

    def has(self, *kinds: str) -> bool:
        return any(token.kind in kinds for token in self.tokens)

    def admits(self, value: Decimal) -> bool:
        return self.condition is None or bool(_TESTS[self.condition[0]](value, self.condition[1]))


def code_of(number: int, declared: Mapping[int, str]) -> str:
    """The code of a format number; `declared` are the codes the file has of its own."""
    if number in _SYSTEM_DATES or number not in declared:
        return _BUILT_IN.get(number, GENERAL)
    return declared[number]


@lru_cache(maxsize=1024)
def sections(code: str) -> tuple[Section, ...]:
    """The sections for numbers, in the order they are tried; () where numbers are shown as General shows them.

    UnknownFormat: the code is not understood.
    """
    code = _SYSTEM_CODES.get(code[:8].upper(), code)
    if len(code) > _MOST:
        raise UnknownFormat
    parts: list[Section] = []
    start = 0
    while start <= len(code):
        part, start = _section(code, start)
        parts.append(part)
    if len(parts) > 3 or (parts[-1].has("text") and len(parts) > 1):
        parts.pop()
    if len(parts) > 3:
        raise UnknownFormat
    return () if not code or (len(parts) == 1 and parts[0].has("text")) else tuple(_conditioned(parts))


def _section(code: str, start: int) -> tuple[Section, int]:
    """The section that begins at `start`, and where the next one begins: behind the code's end after the last."""
    tokens: list[Token] = []
    condition: Condition | None = None
    chinese = False
    for match in _TOKEN.finditer(code, start):
        kind = str(match.lastgroup)
        text = match[kind]
        if kind == "next":
            return Section(tuple(tokens), condition, chinese), match.end()
        if kind == "unknown":
            raise UnknownFormat
        if kind == "padding":
            continue
        if kind != "bracket":
            tokens.append(Token(kind, text))
        elif found := _CONDITION.match(text):
            condition = found[1], Decimal(found[2])
        elif found := _CURRENCY.match(text):
            tokens.append(Token("quoted", found[1]))
            chinese = chinese or _is_chinese(found[2] or "")
        elif _ELAPSED.match(text):
            tokens.append(Token("elapsed", text.lower()))
    return Section(tuple(tokens), condition, chinese), len(code) + 1


def _is_chinese(locale: str) -> bool:
    """By its name (zh-CN) or its number, whose lowest ten bits are the language."""
    try:
        return int(locale, 16) & 0x3FF == 0x04
    except ValueError:
        return locale.lower().startswith("zh")


def _conditioned(parts: list[Section]) -> list[Section]:
    """The sections with the conditions they have by their position where they state none."""
    first, *others = parts
    if others:
        second, *rest = others
        by_position = None if first.condition not in (None, _NOT_NEGATIVE) and not rest else _NEGATIVE
        others = [replace(second, condition=second.condition or by_position, unsigned=True), *rest]
        first = replace(first, condition=first.condition or (_POSITIVE if rest else _NOT_NEGATIVE))
    return [replace(first, unsigned=first.condition == _NEGATIVE), *others]
