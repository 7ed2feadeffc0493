"""What a reading shows of its own faults: cells that hold a piece of their neighbour, forms that lack a part."""

import re
from collections.abc import Sequence
from itertools import pairwise

from narrcheck.filing import Doubt, FieldName, Indicator
from narrcheck.reading.cells import Kind, kind
from narrcheck.reading.grid import Parts
from narrcheck.reading.locate import Block
from narrcheck.reading.vocabulary import Headings
from narrcheck.text import squeeze

_NUMBERS = frozenset([Kind.SMALL, Kind.NUMBER, Kind.QUANTITY, Kind.BOUND])
_UNIT_ALONE = re.compile(r"\([^()\d]{1,6}\)|[%‰]")
_LONGEST_NUMBERS = 80


def mixed(row: Indicator, words: Headings) -> list[Doubt]:
    """Doubts about the cells of a row that hold what two cells should, or what no cell holds alone."""
    cells: list[tuple[FieldName, str]] = [("target", row.target.raw), ("actual", row.actual.raw)]
    doubts = [Doubt(field, raw, "doubt.two-numbers", row.position) for field, raw in cells if _two_numbers(raw, words)]
    actual = squeeze(row.actual.raw)
    if _UNIT_ALONE.fullmatch(actual):
        doubts.append(Doubt("actual", row.actual.raw, "doubt.unit-alone", row.position))
    elif _runs_on(actual, words):
        doubts.append(Doubt("actual", row.actual.raw, "doubt.verdict-runs-on", row.position))
    if squeeze(row.name).endswith(words.comparators):
        doubts.append(Doubt("name", row.name, "doubt.name-comparator", row.position))
    return doubts


def _two_numbers(raw: str, words: Headings) -> bool:
    """Two numbers stand in the cell with nothing but a blank between them."""
    pieces = raw.split() if len(raw) <= _LONGEST_NUMBERS else []
    kinds = [kind(piece, words) for piece in pieces]
    return any(left in _NUMBERS and right in _NUMBERS for left, right in pairwise(kinds))


def _runs_on(actual: str, words: Headings) -> bool:
    """A verdict of the form with more words right behind it, though it is no verdict that goes on so."""
    if actual.startswith(words.verdict_openings):
        return False
    verdict = max((word for word in words.whole_verdicts if actual.startswith(word)), key=len, default="")
    return bool(verdict) and actual[len(verdict) :][:1].isalpha() and actual not in words.verdicts


def missing(block: Block, parts: Parts, indicators: Sequence[Indicator]) -> list[Doubt]:
    """Doubts about the whole form: no rows, no total row, no section for the narrative. A target table has rows only,
    and a form whose rows have neither weight nor score has no total row."""
    report = block.kind != "target_table"
    reasons: list[str] = []
    if not indicators:
        reasons.append("doubt.no-rows")
    elif report and not parts.totals and any(row.weight.value is not None for row in indicators):
        reasons.append("doubt.no-total")
    if report and parts.narrative is None and "narrative" not in parts.headed:
        reasons.append("doubt.no-narrative")
    return [Doubt("header", _title(block, parts), reason) for reason in reasons] if reasons else []


def _title(block: Block, parts: Parts) -> str:
    """A verbatim piece that tells which form is meant: its project, its title, or its first cell."""
    if parts.head.project:
        return parts.head.project
    first = next((cell for row in block.rows[:1] for cell in row.cells if cell), "")
    return first[:80]
