"""The grade below the table: its label with the value beside it, or both in one cell or line."""

import re
from collections.abc import Sequence

from narrcheck.reading.vocabulary import LONGEST, Headings, key

_PARTED = re.compile(r"\s*[:：]\s*|\s+")


def opens_grade(cell: str, words: Headings) -> bool:
    """Whether the cell is the label of the grade, alone or with its value (评分等级：优)."""
    return key(cell) in words.grades or _value(cell, words) is not None


def grade_in(cells: Sequence[str], words: Headings) -> str | None:
    """The grade that the cells state: what stands behind its label in the same cell, or in the next; None where they
    have no label of a grade, or nothing behind it."""
    for place, cell in enumerate(cells):
        if (value := _value(cell, words)) is not None:
            return value
        if key(cell) in words.grades:
            return next((text for text in (after.lstrip(":： ") for after in cells[place + 1 :]) if text), None)
    return None


def _value(cell: str, words: Headings) -> str | None:
    """What stands behind the label of the grade in its own cell."""
    if len(cell) > 2 * LONGEST:
        return None
    for parting in _PARTED.finditer(cell):
        value = cell[parting.end() :].strip("* ")
        if value and key(cell[: parting.start()]) in words.grades and key(cell) not in words.grades:
            return value
    return None
