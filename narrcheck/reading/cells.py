"""What a single cell can be, judged by its content alone: a weight, a quantity, a verdict, a level name, words."""

import re
from enum import Enum
from functools import lru_cache

from narrcheck.reading.vocabulary import Headings, key
from narrcheck.text import squeeze

_NUMBER = re.compile(r"[+-]?+(?:\d{1,3}(?:,\d{3})++|\d++)?+(?:\.\d*+)?+$")
_SMALL = re.compile(r"-?+(?:\d{1,3}(?:\.\d{0,4})?+|\.\d{1,4})$")
_MALFORMED = re.compile(r"(?:\d{1,3}(?:\.\d++)?+|[一二三四五六七八九十百零]{1,4})分$|\d{1,3}(?:\.\d++)?+%$")
_QUANTITY = re.compile(
    r"[\d.,]{1,24}+(?:[-~—–至][\d.,]{1,24}+%?+)?+\s*+"
    r"(?:[^\d\s,，。；;、:]{0,4}+|\([^\d\s,，。；;、:]{1,8}\)|[^\d\s,，。；;、:/]{1,4}/[^\d\s,，。；;、:]{1,8}+)[。.]?+$"
)
_DATE = re.compile(r"(?:20\d\d年?)?(?:\d{1,2}月)?(?:\d{1,2}[日号])?[前底后末之以内]{0,3}$")
_DASHES = frozenset(["-", "—", "–", "－", "——", "--", "/", "／", "―", "−"])


class Kind(Enum):
    """The content of a cell."""

    __hash__ = object.__hash__

    SMALL = "a number of a weight's size"
    NUMBER = "any other bare number"
    SPOILT = "a weight or score written with something else (10分, 五分)"
    DASH = "a dash"
    BOUND = "comparator and number"
    QUANTITY = "number and unit"
    VERDICT = "a verdict of the form"
    LEVEL1 = "a first-level name"
    LEVEL2 = "a second-level name"
    GROUP = "the label over the whole indicator table"
    WORDS = "anything else"


@lru_cache(maxsize=8192)
def _shape(flat: str, words: Headings) -> Kind:
    if flat in _DASHES:
        return Kind.DASH
    if len(flat) > 40:
        return Kind.WORDS
    if flat[0] in "0123456789.-+":
        if _SMALL.match(flat):
            return Kind.SMALL
        if _NUMBER.match(flat):
            return Kind.NUMBER
        if _MALFORMED.match(flat) and flat.endswith("分"):
            return Kind.SPOILT
        if _QUANTITY.match(flat):
            return Kind.WORDS if _DATE.match(flat) else Kind.QUANTITY
    if words.bound.match(flat):
        return Kind.BOUND
    if _MALFORMED.match(flat):
        return Kind.SPOILT
    return Kind.WORDS


def kind(cell: str, words: Headings) -> Kind:
    """What the non-blank `cell` holds. A name of both levels (成本指标, 满意度指标) is LEVEL2; `is_level1` tells."""
    flat = squeeze(cell) if len(cell) <= 200 else cell
    if not flat:
        return Kind.DASH
    shape = _shape(flat, words)
    if shape is not Kind.WORDS or len(flat) > 40:
        return shape
    label = key(cell)
    if label in words.level2:
        return Kind.LEVEL2
    if label in words.level1:
        return Kind.LEVEL1
    if words.columns.get(label) == "group":
        return Kind.GROUP
    if flat.rstrip("。") in words.verdicts or flat.startswith(words.verdict_openings):
        return Kind.VERDICT
    return shape


def is_amount(cell: str) -> bool:
    """A cell of the funds table that holds a number, a percentage or a dash."""
    flat = squeeze(cell)
    return bool(flat) and (flat in _DASHES or bool(_NUMBER.match(flat.rstrip("%"))))


def is_dash(cell: str) -> bool:
    return squeeze(cell) in _DASHES
