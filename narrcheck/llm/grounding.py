"""Where a model's quote stands in the text it was shown: verbatim, white space and width aside, or nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from narrcheck.filing import FieldName
from narrcheck.text import Text

_LEAST_WORDS = 2
_DIGITS = frozenset("0123456789")
_SCALES = frozenset("十百千万亿")
_NUMERALS = frozenset("零〇一二两三四五六七八九十百千万亿")


@dataclass(frozen=True)
class Passage:
    """A text as it is sent: `shown` is `raw` with personal data masked, character for character.

    `base` is where `raw` begins in the field's whole text.
    """

    id: str
    field: FieldName
    row: int | None
    title: str
    raw: str
    shown: str
    base: int = 0

    @cached_property
    def text(self) -> Text:
        """The shown text as it is compared."""
        return Text(self.shown)

    def find(self, quote: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """Every place of `quote` in the passage (in raw[start:end] where given), in order.

        A number at either end of the quote must be a whole number of the text: 23家 does not stand in 123家.
        """
        wanted = Text(quote).flat
        if not wanted:
            return
        flat = self.text.flat
        first, last = (0, len(flat)) if end is None else self.text.locate(start, end)
        at = flat.find(wanted, first, last)
        while at >= 0:
            if _whole(flat, at, at + len(wanted)):
                yield self.text.span(at, at + len(wanted))
            at = flat.find(wanted, at + 1, last)

    def lines(self) -> str:
        """The passage as the model reads it."""
        return f"[{self.id}] {self.title}\n{self.shown}"


def _whole(flat: str, start: int, end: int) -> bool:
    """Whether flat[start:end] cuts no number in two."""
    first, last = flat[start], flat[end - 1]
    before, after = flat[max(start - 2, 0) : start], flat[end : end + 5]
    if first in _DIGITS and before:
        inside = before[:-1] in _DIGITS and (before[-1] == "." or (before[-1] == "," and _group(flat, start)))
        if before[-1] in _DIGITS or inside:
            return False
    if last in _DIGITS and after:
        inside = after[1:2] in _DIGITS and (after[0] == "." or (after[0] == "," and _group(flat, end + 1)))
        if after[0] in _DIGITS or after[0] in _SCALES or inside:
            return False
    if first in _NUMERALS and before[-1:] in _NUMERALS:
        return False
    return not (last in _NUMERALS and after[:1] in _NUMERALS)


def _group(flat: str, start: int) -> bool:
    """Whether the digits at `start` are a group of three behind a comma: the 234 of 1,234."""
    digits = flat[start : start + 4]
    return digits[:3].isdigit() and not digits[3:4].isdigit()


@dataclass
class Grounds(dict[str, Any]):
    """What an answer is held against: the passages, the rows and the candidates it may name.

    It is handed to pydantic as validation context. It is empty as a mapping, because instructor renders the messages as
    Jinja templates whenever it is given a context that is not, and a filing's text must reach the model as it stands.
    """

    passages: dict[str, Passage] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    candidates: dict[str, frozenset[str]] = field(default_factory=dict)

    def passage(self, id: str) -> Passage:
        """The passage of this id; ValueError in words for the model where there is none."""
        known = self.passages.get(id.strip().strip("[]"))
        if known is None:
            raise ValueError(f"没有编号为“{id}”的文字，只有 {'、'.join(self.passages)}")
        return known

    def place(self, id: str, quote: str) -> tuple[Passage, tuple[int, int]]:
        """The first place of a quote in the passage `id`; ValueError in words for the model where there is none."""
        passage = self.passage(id)
        if sum(map(str.isalnum, quote)) < _LEAST_WORDS:
            raise ValueError(f"“{quote}”太短，看不出说的是什么")
        place = next(passage.find(quote), None)
        if place is None:
            raise ValueError(f"“{quote[:80]}”不在 {passage.id} 的原文里，须逐字照抄")
        return passage, place
