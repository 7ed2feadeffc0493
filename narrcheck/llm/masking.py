"""Personal data masked before a text leaves the machine: names of persons, telephones, addresses, numbers of accounts.

Each masked character becomes MASK, so every offset stays. Where a number may be a quantity it is left alone: a figure
that disappears costs a finding. The vocabulary is in data/masking.toml.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar, cast

from narrcheck.data import load
from narrcheck.filing import Actual, Evidence, Number, Target
from narrcheck.llm.persons import BLOCK, MASK, Span, either, is_ordinary, names, prepared, torn
from narrcheck.printed import Row
from narrcheck.quantity import units

__all__ = ["MASK", "Mask", "mask_all", "texts_of"]

T = TypeVar("T")

_LABEL = load("masking.toml")["label"]
_SURNAMES = frozenset(load("masking.toml")["name"]["surnames"])
_NO_TELEPHONE = frozenset(load("units.toml")["scale"]) | frozenset(_LABEL["tail"])
_DIGITS = frozenset("0123456789")

# No digit, letter or masked character stands beside a number that is searched for, nor a point or dash that joins one.
_FROM = f"(?<![0-9A-Za-z_{BLOCK}])(?<!\\d[-.])"
_TO = f"(?![0-9A-Za-z_{BLOCK}]|[-.]\\d)"
_DASH = "[-—–‐ ]"
_AREA = "0(?:10|2\\d|[3-9]\\d\\d)"
_CHINA = f"(?:\\+?86{_DASH}?)?"
_MOBILE = f"{_CHINA}1[3-9]\\d(?:{_DASH}\\d{{4}}{_DASH}\\d{{4}}|\\d{{8}})"
_LANDLINE = f"(?:\\({_AREA}\\) ?|{_AREA}(?:{_DASH}{{1,3}})?)\\d{{3,4}}{_DASH}?\\d{{4}}"
_TOLL_FREE = "[48]00(?:-\\d{3,4}-\\d{3,4}|-\\d{7})"
_EXTENSION = f"(?: ?{either(_LABEL['extension'])}[: ]?\\d{{1,6}})?"
_LOOSE = (
    f"{_CHINA}1{_DASH}?[3-9](?:{_DASH}?\\d){{9}}|{_LANDLINE}|[48]00(?:{_DASH}?\\d){{7}}|[1-9]\\d{{2,3}}{_DASH}?\\d{{4}}"
)
_DATE = "(?:19|20)\\d\\d ?(?:0[1-9]|1[0-2]) ?(?:0[1-9]|[12]\\d|3[01])"

_TELEPHONE = re.compile(f"{_FROM}(?>{_MOBILE}|(?:{_LANDLINE}|{_TOLL_FREE}){_EXTENSION}){_TO}")
_IDENTITY = re.compile(f"{_FROM}[1-9]\\d{{5}} ?{_DATE} ?\\d{{3}}[\\dXx]{_TO}")
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++")
_ACCOUNT = re.compile(
    f"{either(_LABEL['account'])}[^\\d。;{BLOCK}]{{0,40}}+(?P<number>\\d(?:[ -]?\\d){{11,23}}+)(?! \\d){_TO}"
)
_CODE = re.compile(f"{either(_LABEL['code'])}(?:[为是]|[^\\w,。;]){{0,4}}\\Z")
_ROUND = "00000"
_LOOK_BACK = 12
_TELEPHONE_LABEL = re.compile(
    f"(?<![A-Za-z]){either(_LABEL['telephone'])}\\s*+(?:\\({either(_LABEL['telephone'])}\\)\\s*+)?+[:为]?+\\s*+"
)
_LABELLED = re.compile(f"(?>(?:{_LOOSE}){_EXTENSION}){_TO}")
_NEXT_NUMBER = re.compile(r"(?:\s++[/、,;或]?+|[/、,;或])\s*+")
_SEVEN = re.compile(r"\d(?:[-—–‐() ]{0,4}\d){6}")
_GAP = re.compile(r"\s*+(\(?+)")


class Mask:
    """The personal data of one filing's texts; the same name is masked in every text once it is known from one.

    `secrets` are the strings masked, longest first: names without blanks, numbers in half width. A name that is also
    an ordinary word (高峰), and a number too short to be taken for nothing else, are masked only where they are found.
    """

    __slots__ = ("_everywhere", "secrets")

    def __init__(self, secrets: Iterable[str]) -> None:
        self.secrets = tuple(sorted(set(secrets), key=lambda secret: (-len(secret), secret)))
        patterns = [pattern for secret in self.secrets if (pattern := _everywhere(secret))]
        self._everywhere = re.compile("|".join(patterns)) if patterns else None

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Mask":
        """The mask for texts that belong together."""
        folded = map(prepared, texts)
        return cls(_bare(text[start:end]) for text in folded for start, end in _own(text))

    @property
    def count(self) -> int:
        """How many different secrets there are."""
        return len(self.secrets)

    def __call__(self, text: str) -> str:
        """The text, of the same length, with every secret masked and what is recognised in the text itself."""
        folded = prepared(text)
        spans = list(_own(folded))
        if self._everywhere:
            found = (match.span() for match in self._everywhere.finditer(folded))
            spans.extend(span for span in found if not _by_chance(folded, *span))
        if not spans:
            return text
        characters = list(text)
        for start, end in spans:
            characters[start:end] = MASK * (end - start)
        return "".join(characters)


def _bare(secret: str) -> str:
    """A name without the blanks in it, a number as it is."""
    return secret if any(map(str.isascii, secret.replace(" ", ""))) else "".join(secret.split())


def _everywhere(secret: str) -> str | None:
    """The pattern of a secret wherever it stands, blanks between the characters of a name; None for one that may mean
    something else there."""
    if secret[0] in _DIGITS or secret[0] in "(+":
        long = sum(map(_DIGITS.__contains__, secret)) > 10
        return f"(?<![\\d{BLOCK}]){re.escape(secret)}(?![\\d{BLOCK}])" if long else None
    if "@" in secret:
        return None  # recognised by itself wherever it stands
    return None if is_ordinary(secret) else "\\s{0,2}".join(map(re.escape, secret))


def _by_chance(text: str, start: int, end: int) -> bool:
    """Whether a known number counts something there, or a short name lies inside other words (方明 in 地方明显)."""
    if any(map(_DIGITS.__contains__, text[start:end])):
        return _is_figure(text, start, end)
    return end - start == 2 and torn(text, start, end)


def _own(text: str) -> Iterator[Span]:
    """The places of what a prepared text shows by itself to be personal."""
    if "@" in text:
        yield from (match.span() for match in _EMAIL.finditer(text))
    named = dict(names(text))
    yield from named.items()
    if _SEVEN.search(text):
        yield from _long_numbers(text, named)


def _long_numbers(text: str, named: Mapping[int, int]) -> Iterator[Span]:
    """The places of telephones, identity cards and accounts; `named` are the names found, by their start."""
    for pattern in (_TELEPHONE, _IDENTITY):
        yield from (match.span() for match in pattern.finditer(text) if not _is_figure(text, *match.span()))
    for match in _ACCOUNT.finditer(text):
        if not _is_amount(text, match.end()):
            yield match.span("number")
    for label in _TELEPHONE_LABEL.finditer(text):
        at = label.end()
        if at in named:  # 联系人及电话：a name, then its number
            behind = _NEXT_NUMBER.match(text, named[at])
            at = behind.end() if behind else named[at]
        yield from _numbers(text, at)


def _numbers(text: str, at: int | None) -> Iterator[Span]:
    """The telephone numbers that begin at a place behind a label, one after another."""
    while at is not None and (match := _LABELLED.match(text, at)):
        if _is_amount(text, match.end(), labelled=True):
            return
        yield match.span()
        rest = _NEXT_NUMBER.match(text, match.end())
        at = rest.end() if rest else None


def _is_figure(text: str, start: int, end: int) -> bool:
    """Whether a long number without a label may be a sum, a count or a code."""
    before = text[max(start - _LOOK_BACK, 0) : start]
    if BLOCK in before or _CODE.search(before):
        return True
    return text.endswith(_ROUND, start, end) or _is_amount(text, end)


def _is_amount(text: str, end: int, labelled: bool = False) -> bool:
    """Whether a unit or scale, plain or in brackets, follows the number that ends there.

    A unit that is a surname too (张) counts for none behind a label or a blank where a name may follow.
    """
    gap = _GAP.match(text, end)
    assert gap is not None
    at = gap.end()
    if text.startswith(BLOCK, at):
        return True
    if text[at : at + 1] in _NO_TELEPHONE:
        return True
    length = units.starting(text, at)
    if gap[1]:
        return length > 0 and text.startswith(")", at + length)
    may_be_name = length == 1 and text[at] in _SURNAMES and text[at + 1 : at + 2].isalpha()
    return length > 0 and not (may_be_name and (labelled or at > end))


def texts_of(value: object) -> Iterator[str]:
    """Every string of a dataclass tree as `mask_all` sees it; the cells of a printed row are one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Row):
        yield "\t".join(value.cells)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_of(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts_of(item)
    elif is_dataclass(value) and not _holds_figure(value):
        for field in fields(value):
            if field.name not in _CODES:
                yield from texts_of(getattr(value, field.name))


def mask_all(value: T, mask: Mask) -> T:
    """A copy of a dataclass tree (frozen, slots dataclasses, tuples, mappings) in which every string is masked.

    What holds no string to mask is the same object. Keys, ids and what was read as a number stay: see `_holds_figure`.
    """
    return cast(T, _masked(value, mask))


_CODES = frozenset(["id", "rule", "sha256", "value"])
_FIGURE_FIELDS = frozenset(["weight", "score", "funds", "total"])


def _holds_figure(value: object) -> bool:
    """Whether it is a cell or a quote that holds a number and nothing else."""
    if isinstance(value, Target | Actual):
        return value.value is not None
    return isinstance(value, Number) or (isinstance(value, Evidence) and value.field in _FIGURE_FIELDS)


def _masked(value: Any, mask: Mask) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, tuple | list):
        items = [_masked(item, mask) for item in value]
        return value if all(map(_same, items, value)) else type(value)(items)
    if isinstance(value, Mapping):
        table = {key: _masked(item, mask) for key, item in value.items()}
        return value if all(table[key] is value[key] for key in table) else table
    if is_dataclass(value) and not isinstance(value, type) and not _holds_figure(value):
        return _masked_fields(value, mask)
    return value


def _same(one: object, other: object) -> bool:
    return one is other


def _masked_fields(value: Any, mask: Mask) -> Any:
    """A dataclass with its strings masked; the cells of a printed row are masked as one text, as labels stand apart."""
    changed: dict[str, Any] = {}
    for field in fields(value):
        old = getattr(value, field.name)
        if field.name in _CODES:
            continue
        new = _masked_cells(old, mask) if isinstance(value, Row) and field.name == "cells" else _masked(old, mask)
        if new is not old:
            changed[field.name] = new
    return replace(value, **changed) if changed else value


def _masked_cells(cells: tuple[str, ...], mask: Mask) -> tuple[str, ...]:
    line = mask("\t".join(cells))
    at, masked = 0, []
    for cell in cells:
        masked.append(line[at : at + len(cell)])
        at += len(cell) + 1
    return cells if masked == list(cells) else tuple(masked)
