"""The phrase around a quantity: how far its quote goes, and what the quantity counts.

A noun stands before its number (培训教师30人) or after it (30名教师参加培训); a clause that has none of its own
(合计12场, 合格率97%) borrows from its neighbours. What is borrowed stands in brackets behind.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from narrcheck.data import load
from narrcheck.quantity.lexicon import either
from narrcheck.quantity.scan import Quantity

# A colon between digits (1:500, 9:30) parts nothing.
_MARKS = re.compile(r"[，,。；;！!？?：()（）、]|:(?!(?<=\d:)\d)")
_LONGEST_BEFORE = 40
_LONGEST_AFTER = 30
_SHORT_VERB = 2
_LEAST_OBJECT = 4


@dataclass(frozen=True, slots=True)
class Phrase:
    """Where the quote stands in the flat text, and what the quantity counts.

    `begin` is where the words before the number begin, `clause` those words; a `weak` subject needs its neighbours.
    """

    start: int
    end: int
    begin: int
    clause: str
    subject: str
    weak: bool


@dataclass(frozen=True, slots=True)
class _Words:
    lead: re.Pattern[str]
    trail: re.Pattern[str]
    light: re.Pattern[str]
    adverbial: re.Pattern[str]
    verb: re.Pattern[str]
    verbs: re.Pattern[str]
    joint: re.Pattern[str]
    weak: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    claims = load("claims.toml")
    return _Words(
        lead=re.compile(
            rf"(?:{either(claims['lead_in'])}|共(?![建享同青产识性赢治创济])|\d{{4}}年度?(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?|[\(（]?[一二三四五六七八九十\d]+[\)）、.]|[“”、])+"
        ),
        trail=re.compile(rf"(?:{either(claims['trail'])})+$"),
        light=re.compile(rf"(?:{either(claims['light_verb'])}|{either(claims['number_first'])})[了过出]?$"),
        verb=re.compile(either([word for word in claims["light_verb"] if len(word) > 1])),
        verbs=re.compile(rf"(?:{either(claims['light_verb'])}){{1,2}}[了过出]?"),
        adverbial=re.compile(either(claims["adverbial"])),
        # A list number stands before words: in 1、2号楼 and 3.5 the digits are what is meant.
        joint=re.compile(
            r"(?:[、，,;；的”]|(?!" + either(claims["not_joint"]) + r")[和及与并]"
            r"|[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）、.](?![\d一二三四五六七八九十]))++"
        ),
        weak=frozenset(claims["weak_subject"]) | frozenset(claims["bare_rate"]),
    )


class Boundaries:
    """The punctuation of a flat text, for finding the clause of a place."""

    __slots__ = ("_all", "_flat", "_strong")

    def __init__(self, flat: str) -> None:
        self._flat = flat
        self._all = [match.start() for match in _MARKS.finditer(flat)]
        self._strong = [at for at in self._all if flat[at] != "、"]

    def before(self, at: int) -> int:
        """Where the clause of flat[at] begins, 、 not counted as an end."""
        i = bisect_left(self._strong, at)
        return self._strong[i - 1] + 1 if i else 0

    def after(self, at: int) -> int:
        """Where the phrase after flat[at] ends: at any mark, 、 too."""
        i = bisect_right(self._all, at - 1)
        return self._all[i] if i < len(self._all) else len(self._flat)


def phrase(flat: str, quantity: Quantity, following: int, floor: int, marks: Boundaries) -> Phrase:
    """The phrase of a quantity; `floor` is where the phrase before it ends, `following` where the next one begins."""
    begin = _clause_start(flat, quantity, floor, marks)
    clause = before = flat[begin : quantity.start]
    if begin == floor > 0 or flat[begin - 1 : begin] in (")", "）"):
        before = before.lstrip("中和及与并")
    words = _words()
    stop = min(marks.after(quantity.end), following, quantity.end + _LONGEST_AFTER)
    after = flat[quantity.end : stop]
    if stop == following:
        verb = words.verb.search(after, 1)  # …等4个乡镇建成农田1.2万亩: the next number's own verb
        after = after[: verb.start()] if verb else words.trail.sub("", after).rstrip("和及与并")
    core = _core(before, words)
    start = _left(flat, begin, quantity.start)
    named = after and not words.adverbial.match(after)
    first = words.light.search(before) or _is_small(flat, quantity) or _is_object(core, after, words)
    if named and (not core or before[-1:] == "、" or first):
        return Phrase(start, quantity.end + len(after), begin, clause, core + after, _is_weak(core + after, words))
    if after and (not core or core in words.weak):
        return Phrase(start, quantity.end + len(after), begin, clause, core + after, True)
    return Phrase(start, quantity.end, begin, clause, core, _is_weak(core, words))


def _is_object(core: str, after: str, words: _Words) -> bool:
    """Whether a long phrase behind the number names what is counted: what a short word before it is done to
    (放映26场露天电影), or what the items of a list are (东门、西门、北门3座人行天桥)."""
    opens = len(core) == _SHORT_VERB or "、" in core
    return opens and len(after) >= _LEAST_OBJECT and words.verb.match(after) is None


def _is_small(flat: str, quantity: Quantity) -> bool:
    """Whether the number is a word up to ten, which stands before its noun: 三场马拉松."""
    return flat[quantity.number] not in "0123456789" and quantity.value <= 10


def _clause_start(flat: str, quantity: Quantity, floor: int, marks: Boundaries) -> int:
    """Where the phrase begins; a bracket or colon right before the number belongs to the noun before it."""
    at = quantity.start
    start = max(marks.before(at), floor)
    if start == at and at > floor and flat[at - 1] in "(（:：":
        start = max(marks.before(at - 1), floor)
    if at - start <= _LONGEST_BEFORE:
        return start
    item = flat.find("、", at - _LONGEST_BEFORE, at - 4)
    return item + 1 if item > 0 else at - _LONGEST_BEFORE


def _left(flat: str, start: int, number: int) -> int:
    """The start of the quote: joining words, marks and list numbers (2. 4、 (3) 一、) left out."""
    match = _words().joint.match(flat, start, number)
    return match.end() if match else start


def _core(before: str, words: _Words) -> str:
    """The words before a number without when, in which order, and how firmly."""
    text = before.rstrip("(（:：“")
    text = words.trail.sub("", text)
    while True:
        match = words.lead.match(text)
        if match is None or not match[0]:
            break
        text = text[match.end() :]
    return text.lstrip("、，,的”)）").strip()


def _is_weak(core: str, words: _Words) -> bool:
    """Whether the words say too little alone: 新建, 合格, 合格率."""
    return len(core) <= 1 or core in words.weak or words.verbs.fullmatch(core) is not None
