"""What is no quantity although it has digits: titles, names, ordinals, years, dates, codes, articles."""

import re
from dataclasses import dataclass

from narrcheck.quantity import units
from narrcheck.quantity.lexicon import Lexicon
from narrcheck.quantity.numerals import read_chinese

_DIGITS = frozenset("0123456789")
# The reason of a number that is left over from one that cannot be read.
BROKEN = "broken"
_OPENING = frozenset("“‘「『")
_CLOSING = frozenset("”’」』")
_LATIN = re.compile(r"[A-Za-z]+$")
_CODE_BEFORE = frozenset("+.·#№*×/")
_FREQUENCY = frozenset("每月周季年天日度")
_LIST_START = frozenset("。；;!！?？")
_LETTER = re.compile(r"(?<![A-Za-z])[A-Z] $")
_LISTED = re.compile(r"(?:^|[。；;！!？?])\d{1,2}\.$")
_DIVISIBLE = ("个百分点", "个千分点", "个月", "个小时", "个工作日")
_INDIVISIBLE = frozenset("家个人名场次期项份篇套部本所户件台辆座处条支")


def masks(flat: str, words: Lexicon) -> list[tuple[int, int, str]]:
    """The stretches whose numbers are no quantities: titles in 《》, document numbers, names in quotes, set phrases."""
    found = [(m.start(), m.end(), "title") for m in words.titles.finditer(flat)]
    found += [(m.start(), m.end(), "name") for m in words.names.finditer(flat)]
    found.sort()
    return found


def list_number(flat: str, start: int, text: str) -> int:
    """The length of a list number with its dot that runs into a count (1.30家企业 → 2); 0 where there is none."""
    dot = text.find(".")
    if dot < 1 or dot > 2 or text[0] == "0" or "," in text:
        return 0
    if start and flat[start - 1] not in _LIST_START:
        return 0
    end = start + len(text)
    return dot + 1 if flat[end : end + 1] in _INDIVISIBLE and not flat.startswith(_DIVISIBLE, end) else 0


def bare_power(flat: str, start: int, words: Lexicon) -> bool:
    """Whether 百, 千, 万 without a digit are a number: with a modifier (百余家, 近万人次), or done (完成百场)."""
    if flat[start + 1 : start + 2] in ("余", "多"):
        return True
    if start and flat[start - 1] in ("近", "约", "超", "逾"):
        return True
    unit = units.starting(flat, start + 1)
    if flat[start + 1 : start + 1 + unit] not in words.one or not words.stops(flat, start + 1 + unit):
        return False
    return words.makes_one.search(flat[max(0, start - 6) : start]) is not None


@dataclass(frozen=True, slots=True)
class Spot:
    """A number at flat[start:end], unit included; `text` are its digits alone, `modified` says whether a modifier
    stands with it."""

    flat: str
    start: int
    end: int
    text: str
    unit: str
    modified: bool

    @property
    def before(self) -> str:
        return self.flat[self.start - 1] if self.start else ""

    @property
    def after(self) -> str:
        return self.flat[self.end : self.end + 1]


def reason(spot: Spot, words: Lexicon) -> str:
    """Why the number is no quantity; "" where it is one."""
    if _is_broken(spot, words):
        return BROKEN
    if spot.unit == "类" and words.class_after.match(spot.flat, spot.end):
        return "ordinal"
    if spot.before == "分" and spot.unit in words.dealt and _earlier(spot) not in words.ends_fen:
        return "ordinal"
    return _arabic(spot, words) if spot.text[0] in _DIGITS else _chinese(spot, words)


def _is_broken(spot: Spot, words: Lexicon) -> bool:
    """Whether the number is the rest of one that cannot be read, and says too little: 12,00人, 1百零5次, 36十次."""
    flat, start, before = spot.flat, spot.start, spot.before
    if spot.text.startswith("00"):
        return True
    earlier = flat[start - 2] if start > 1 else ""
    if before == "," and spot.text[0] in _DIGITS:
        return earlier in _DIGITS and "分别" not in flat[max(0, start - 40) : start]
    return before in _DIGITS or (before in words.goes_on and earlier in words.numeral)


def _arabic(spot: Spot, words: Lexicon) -> str:
    flat, start, end, text, unit = spot.flat, spot.start, spot.end, spot.text, spot.unit
    before, after = spot.before, spot.after
    if before in ("第", "每"):
        return "ordinal" if before == "第" else "frequency"
    following = flat[start + len(text) : start + len(text) + 1]
    if following == "年" and not unit:
        return "year"
    if before in ("点", "时") and unit in ("分", "分钟"):
        return "time"
    if before == "前" and unit in ("名", "位"):
        return "ordinal"
    if (
        before in _CODE_BEFORE
        and start > 1
        and flat[start - 2].isalnum()
        and not _LISTED.search(flat, max(0, start - 4), start)
    ):
        return "code"
    if before in (":", "-", "—") and start > 1 and flat[start - 2] in _DIGITS:
        return "code"
    if before == " " and _LETTER.search(flat, max(0, start - 3), start):
        return "code"
    if before.isascii() and before.isalpha() and _code(flat, start, unit):
        return "code"
    if following == "." and flat[start + len(text) + 1 : start + len(text) + 2] in _DIGITS:
        return "code"
    if before in _OPENING and after not in _CLOSING:
        return "name"
    if unit == "小时" and text == "24" and not spot.modified and not words.stops(flat, end):
        return "name"
    if unit in words.line and (start < 2 or words.stops(flat, start - 2)):
        return "ordinal"
    if unit.startswith("期") and words.phase_after.match(flat, end):
        return "ordinal"
    return ""


def _code(flat: str, start: int, unit: str) -> bool:
    """Whether letters right before make a code (G105, PM2.5) rather than a name (CT 3台)."""
    letters = _LATIN.search(flat[max(0, start - 12) : start])
    run = len(letters[0]) if letters else 0
    return not unit or run == 1 or not ("一" <= unit[-1] <= "鿿")


def _chinese(spot: Spot, words: Lexicon) -> str:
    flat, start, end, text, unit = spot.flat, spot.start, spot.end, spot.text, spot.unit
    before, after = spot.before, spot.after
    if not unit:
        return "no-unit"
    if before in words.joined_before or (before in _OPENING and after not in _CLOSING):
        return "word"
    if before in words.indefinite_before and all(c in words.powers for c in text):
        return "word"
    if _named(spot, words):
        return "name"
    if unit == "分" or (unit[-1] == "届" and not words.stops(flat, end)):
        return "ordinal"
    if unit == "期" and (
        words.phase_after.match(flat, end) or words.phase_before.search(flat[max(0, start - 6) : start])
    ):
        return "ordinal"
    if text == "二":
        return "" if words.stops(flat, end) and unit not in ("期", "届") else "ordinal"
    if text == "一":
        return _article(flat, start, end, unit, before, words)
    return ""


def _earlier(spot: Spot) -> str:
    """The character before the one before the number."""
    return spot.flat[spot.start - 2] if spot.start > 1 else ""


def _named(spot: Spot, words: Lexicon) -> bool:
    """Whether a small spelled number and its unit are a name or a slogan: 十字路口, 四个统一, 两客一危."""
    flat, text, unit = spot.flat, spot.text, spot.unit
    least = words.least_spelled.get(unit)
    if least is not None:
        value = read_chinese(text)
        return value is not None and not value[1] and value[0] < least
    if len(text) > 1 or spot.end != spot.start + 1 + len(unit):
        return False
    if unit == "个" and words.slogan.match(flat, spot.end):
        return True
    return len(unit) == 1 and words.paired.match(flat, spot.end) is not None


def _article(flat: str, start: int, end: int, unit: str, before: str, words: Lexicon) -> str:
    """Whether a lone 一 is an article: it counts beside a verb of making, and where the phrase ends with its unit.

    Behind another 一 it is one for each (一户一册).
    """
    if (
        before in words.joined_one
        or (start > 1 and flat[start - 2] == "一")
        or "每" in flat[max(0, start - 8) : start]
        or unit not in words.one
        or before in _FREQUENCY
        or any(flat.startswith(n, end) for n in words.article_noun)
    ):
        return "article"
    if words.makes_one.search(flat[max(0, start - 6) : start]):
        return ""
    return "" if start and words.stops(flat, end) and not words.stops(flat, start - 1) else "article"
