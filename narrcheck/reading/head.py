"""The head of the form: year, project, department, unit, and the unit of money."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from narrcheck.quantity.units import is_money
from narrcheck.reading.vocabulary import LONGEST, Headings, key
from narrcheck.text import squeeze

_YEAR = re.compile(r"(20\d\d)\s*年")
_CHINESE_YEAR = re.compile(r"二[〇○零0]([〇○零一二三四五六七八九]{2})年")
_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_BLANKS = re.compile(r"\s+")
_MONEY = re.compile(r"\((?:单位:)?(?:人民币)?([^():]{0,3}元)\)|单位:(?:人民币)?([^():]{0,3}元)")


@dataclass(slots=True)
class Head:
    """The fields read so far; None where the form does not say.

    `filer` is who fills in the form: the unit where no other is named.
    """

    project: str | None = None
    department: str | None = None
    unit: str | None = None
    filer: str | None = None
    year: int | None = None
    money_unit: str | None = None
    _open: str | None = None

    def add_cells(self, pieces: Iterable[str], words: Headings) -> None:
        """A row of a table: each label is answered by the first cell after it."""
        self._open = None
        for piece in pieces:
            for part in piece.split("\n") if "\n" in piece else (piece,):
                if self._label(part, words):
                    continue
                if self._open:
                    self._set(self._open, part)
                    self._open = None

    def add_words(self, lines: Sequence[Sequence[str]], words: Headings) -> None:
        """Lines that hold several cells: a label is answered by everything up to the next label."""
        for line in lines:
            for index, piece in enumerate(line):
                if not self._label(piece, words) and self._open:
                    self._set(self._open, piece, " " if index and not self._is_label(line[index - 1], words) else "")

    def note_year(self, text: str) -> None:
        """Take the year from a title or a line like （2024年度）, unless it is known."""
        if self.year is None:
            flat = squeeze(text)
            found = _YEAR.search(flat)
            if found:
                self.year = int(found.group(1))
            elif found := _CHINESE_YEAR.search(flat):
                self.year = int("20" + "".join(_DIGITS[digit] for digit in found.group(1)))

    def note_money(self, text: str) -> None:
        """Take the unit of money from a label like 项目资金（万元）, unless it is known."""
        if self.money_unit is None and "元" in text:
            units = (found.group(1) or found.group(2) for found in _MONEY.finditer(squeeze(text)))
            self.money_unit = next((unit for unit in units if is_money(unit)), None)

    def _is_label(self, piece: str, words: Headings) -> bool:
        return key(piece) in words.fields

    def _label(self, piece: str, words: Headings) -> bool:
        """Whether `piece` is a label, or a label with its value behind a colon; others may follow in the same line."""
        rest = piece
        while rest:
            name = words.fields.get(key(rest))
            if name is not None:
                self._open = name if getattr(self, name, None) is None else "other"
                if name == "money":
                    self.note_money(rest)
                return True
            label, colon, value = rest.replace("：", ":", 1).partition(":")
            name = words.fields.get(key(label)) if colon and len(label) <= LONGEST else None
            if name is None or not value.strip():
                break
            value, rest = _to_next_label(value.strip(), words)
            if getattr(self, name, None) is None:
                self._set(name, value)
            self._open = None
        return rest != piece

    def _set(self, name: str, value: str, joint: str = "") -> None:
        if name == "year":
            self.note_year(value if "年" in value else value + "年")
        elif name in ("project", "department", "unit", "filer"):
            known: str | None = getattr(self, name)
            setattr(self, name, value if known is None else known + joint + value)
        elif name == "money":
            self.note_money(f"({value})" if is_money(squeeze(value)) else value)


def _to_next_label(text: str, words: Headings) -> tuple[str, str]:
    """A value, and what begins with the next known label behind it in the same line (甲局　　填报日期：…).

    Behind a single blank a label is one with its colon only.
    """
    for blank in _BLANKS.finditer(text):
        ahead = text[blank.end() : blank.end() + LONGEST + 1].replace("：", ":", 1)
        label, colon, _ = ahead.partition(":")
        wide = len(blank[0]) > 1 or blank[0] == "\u3000"
        if (colon and key(label) in words.fields) or (
            wide and key(_BLANKS.split(ahead, maxsplit=1)[0]) in words.fields
        ):
            return text[: blank.start()], text[blank.end() :]
    return text, ""
