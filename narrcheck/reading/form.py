"""Document to filings: each form's parts are read by its layout and completed into a Filing."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from narrcheck.filing import Actual, Doubt, FieldName, Filing, Indicator, Number, Source, Target
from narrcheck.parts import on
from narrcheck.printed import Note
from narrcheck.quantity.cells import read_actual, read_number, read_target
from narrcheck.reading.cells import is_dash
from narrcheck.reading.document import Document
from narrcheck.reading.doubts import missing, mixed
from narrcheck.reading.drafts import Draft
from narrcheck.reading.flow import Flow
from narrcheck.reading.funds import COLUMNS, with_amounts, with_weight
from narrcheck.reading.grid import Grid, Parts
from narrcheck.reading.headers import side_by_side
from narrcheck.reading.levels import fill
from narrcheck.reading.locate import Block, blocks
from narrcheck.reading.vocabulary import Headings, headings

_SPOILT = "\ufffd"
_LEAST_ROWS = 4
_MOST_NAMED = 20
_CELLS: tuple[FieldName, ...] = ("name", "target", "actual", "weight", "score", "note")


def filings(
    documents: Iterable[Document], path: str, sha256: str = "", extra_headings: Mapping[str, Any] | None = None
) -> tuple[Filing, ...]:
    """The filings of a file's documents, in order; an empty tuple when they hold none."""
    words = headings(extra_headings)
    found: list[Filing] = []
    for document in (part for whole in documents for part in side_by_side(whole, words)):
        for block in blocks(document, words):
            filing = _filing(block, document, Source(path, len(found) + 1, sha256), words)
            # Labels alone (a form's description, an empty table) are no filing.
            if filing.project or filing.indicators:
                found.append(filing)
    return tuple(found)


def _filing(block: Block, document: Document, source: Source, words: Headings) -> Filing:
    tabular = sum(row.tabular for row in block.rows)
    ruled = any(row.place.table for row in block.rows)
    in_cells = tabular * 3 >= len(block.rows) or (ruled and tabular >= _LEAST_ROWS)
    parts = (Grid(words) if in_cells else Flow(words)).read(block.rows)
    plan = block.kind == "target_table"
    indicators = _indicators(parts, words)
    weight, score = (Number(), Number()) if plan else _totals(parts, indicators)
    head = parts.head
    funds = [with_amounts(row, head.money_unit) for row in parts.funds]
    parts.funds = with_weight(funds, parts.funds_weight)
    return Filing(
        source,
        form=block.kind,
        layout=document.layout if in_cells or document.layout == "pdf" else "line-text",
        year=head.year,
        project=head.project,
        department=None if plan else head.department,
        unit=head.unit or head.filer,
        money_unit=head.money_unit,
        goal=parts.goal,
        narrative=None if plan else parts.narrative,
        funds=tuple(parts.funds),
        indicators=indicators,
        total_weight=weight,
        total_score=score,
        grade=None if plan else _words(parts.grade),
        doubts=(*missing(block, parts, indicators), *_doubts(parts, indicators, words)),
        notes=(*document.notes, *_beside(parts)),
        printed=block.rows,
    )


def _beside(parts: Parts) -> tuple[Note, ...]:
    """The note on cells of the sheet that were taken to stand beside the form."""
    if not parts.beside:
        return ()
    more = "…" if len(parts.beside) > _MOST_NAMED else ""
    return (Note("note.beside-form", "、".join(parts.beside[:_MOST_NAMED]) + more),)


def _indicators(parts: Parts, words: Headings) -> tuple[Indicator, ...]:
    levels = fill(parts.rows, words)
    return tuple(
        _indicator(position, draft, pair) for position, (draft, pair) in enumerate(zip(parts.rows, levels, strict=True))
    )


def _indicator(position: int, draft: Draft, levels: tuple[str | None, str | None]) -> Indicator:
    cells = draft.cells
    name = cells.get("name", "")
    return Indicator(
        position,
        levels[0],
        levels[1],
        name,
        read_target(cells["target"], name) if cells.get("target") else Target(),
        read_actual(cells["actual"], name) if cells.get("actual") else Actual(),
        read_number(cells.get("weight", "")),
        read_number(cells.get("score", "")),
        _words(cells.get("note")),
        draft.line,
        draft.places,
    )


def _words(cell: str | None) -> str | None:
    """The cell, or None where it is blank or a dash."""
    return None if not cell or is_dash(cell) else cell


def _totals(parts: Parts, indicators: tuple[Indicator, ...]) -> tuple[Number, Number]:
    """Weight and score of the total row; a single number is the one whose column it stands in or adds up to."""
    numbers = [(place, read_number(text)) for place, text in parts.totals]
    numbers = [(place, number) for place, number in numbers if number.value is not None]
    if not numbers:
        return Number(), Number()
    if len(numbers) > 1:
        return numbers[0][1], numbers[1][1]
    place, number = numbers[0]
    homes = {name: str(home) for name, home in parts.columns}
    by_sum = on("constraints")
    scores = _sum([row.score for row in indicators] + [row.score for row in parts.funds[:1]])
    weights = _sum([row.weight for row in indicators] + [row.weight for row in parts.funds[:1]])
    if by_sum and number.value == scores != weights:
        return Number(), number
    if by_sum and number.value == weights != scores:
        return number, Number()
    return (Number(), number) if place == homes.get("score") or number.value != 100 else (number, Number())


def _sum(numbers: list[Number]) -> Decimal:
    return sum((number.value for number in numbers if number.value is not None), Decimal(0))


def _doubts(parts: Parts, indicators: tuple[Indicator, ...], words: Headings) -> list[Doubt]:
    """Cells whose column was not certain, and rows that lack what their table asks."""
    doubts: list[Doubt] = []
    if parts.text_doubt:
        doubts.append(Doubt("narrative", parts.narrative or parts.goal or "", "doubt.text-boundary"))
    texts: list[tuple[FieldName, str | None]] = [
        ("header", parts.head.project), ("header", parts.head.department), ("header", parts.head.unit),
        ("goal", parts.goal), ("narrative", parts.narrative),
    ]  # fmt: skip
    doubts += [Doubt(name, _around(text), "doubt.spoilt") for name, text in texts if text and _SPOILT in text]
    amounts = [getattr(row, name) for row in parts.funds for name in COLUMNS]
    doubts += [Doubt("funds", cell.raw, "doubt.funds-cell") for cell in amounts if cell.malformed]
    asked = {name for name, _ in parts.columns}
    for draft, row in zip(parts.rows, indicators, strict=True):
        doubts += mixed(row, words)
        for name in _CELLS:
            if _SPOILT in (text := draft.cells.get(name, "")):
                doubts.append(Doubt(name, _around(text), "doubt.spoilt", row.position))
        if not row.name:
            doubts.append(Doubt("name", row.target.raw or row.actual.raw, "doubt.no-name", row.position))
        elif not draft.sure:
            doubts.append(Doubt("name", row.name, "doubt.row-columns", row.position))
        if "weight" in asked and "weight" not in draft.cells and ("target" in draft.cells or "actual" in draft.cells):
            doubts.append(Doubt("weight", "", "doubt.no-weight", row.position))
    return doubts


def _around(text: str) -> str:
    """The words around the first character that could not be read."""
    at = text.index(_SPOILT)
    return text[max(at - 10, 0) : at + 11]
