"""Where a piece of evidence stands in the file: found by looking for its cell among the printed rows."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from narrcheck.filing import Evidence, Filing, Finding, FundsRow
from narrcheck.printed import Row, Spot, spot
from narrcheck.text import squeeze

_REACH = 6
_SHORTEST = 4
_FUNDS = ("initial", "adjusted", "executed", "weight", "rate", "score")
_Found = tuple[int, int]


def with_places(finding: Finding, filing: Filing) -> Finding:
    """The finding with each piece of evidence told where it stands; unchanged where the printed rows are not known."""
    if not filing.printed:
        return finding
    return replace(finding, evidence=tuple(replace(piece, spot=place(piece, filing)) for piece in finding.evidence))


def place(piece: Evidence, filing: Filing) -> Spot | None:
    """The cell or line that holds the quote, or its beginning; None where it is found nowhere."""
    rows = filing.printed
    if piece.field == "funds":
        found = _in_funds(piece, filing, rows)
    elif piece.row is not None:
        found = _in_indicators(piece, filing, rows)
    elif piece.field in ("goal", "narrative"):
        found = _in_text(piece, (filing.goal if piece.field == "goal" else filing.narrative) or "", rows)
    elif piece.field in ("total", "grade"):
        found = _last(piece, rows)
    else:
        found = next(_holding(squeeze(piece.quote), rows, range(len(rows))), None)
    return spot(rows[found[0]], found[1]) if found else None


def _holding(quote: str, rows: Sequence[Row], within: Sequence[int]) -> Iterator[_Found]:
    """The cells that hold the quote, those that are nothing else first."""
    loose: list[_Found] = []
    for index in within:
        for column, cell in rows[index].filled:
            flat = squeeze(cell)
            if flat == quote:
                yield index, column
            elif quote and quote in flat:
                loose.append((index, column))
    yield from loose


def _in_indicators(piece: Evidence, filing: Filing, rows: Sequence[Row]) -> _Found | None:
    """The cell of the row's own column; otherwise the nearest one in or around the row that holds the quote."""
    assert piece.row is not None
    if piece.row >= len(filing.indicators):
        return None
    row = filing.indicators[piece.row]
    start = bisect_left(rows, row.line, key=lambda known: known.place.line)
    if start >= len(rows):
        return None
    quote = squeeze(piece.quote)
    column = row.columns.get(piece.field)
    if column is not None and column < len(rows[start].cells):
        cell = squeeze(rows[start].cells[column])
        if cell and (quote in cell or (len(cell) >= _SHORTEST and cell in quote) or quote.startswith(cell)):
            return start, column
    near = [*range(start, min(start + _REACH, len(rows))), *range(max(start - 2, 0), start)]
    found = next(_holding(quote, rows, near), None)
    if found:
        return found
    for index in near:
        for place_, cell in rows[index].filled:
            if len(flat := squeeze(cell)) >= _SHORTEST and (flat in quote or quote[:_SHORTEST] in flat):
                return index, place_
    return start, row.columns.get("name", 0)


def _in_text(piece: Evidence, text: str, rows: Sequence[Row]) -> _Found | None:
    """The longest printed piece of the text around the quote's first character; the text may stand in several."""
    at = len(squeeze(text[: piece.start]))
    whole, quote = squeeze(text), squeeze(piece.quote)
    best: tuple[int, _Found] | None = None
    for index, row in enumerate(rows):
        for column, cell in row.filled:
            flat = squeeze(cell)
            if len(flat) < _SHORTEST or (best and len(flat) <= best[0]):
                continue
            if _covers(flat, whole, at):
                best = len(flat), (index, column)
    if best:
        return best[1]
    return next(_holding(quote, rows, range(len(rows))), None)


def _covers(flat: str, whole: str, at: int) -> bool:
    """Whether the printed piece is the part of the text around this character, or holds the whole text."""
    begin = whole.find(flat, max(at - len(flat) + 1, 0), at + len(flat))
    return 0 <= begin <= at or (len(flat) > len(whole) and whole in flat)


def _in_funds(piece: Evidence, filing: Filing, rows: Sequence[Row]) -> _Found | None:
    """The amount in the row that the label opens; among equal amounts of the row, the one of the column's rank."""
    label, quote = squeeze(piece.name or ""), squeeze(piece.quote)
    if not label or piece.row is None or piece.row >= len(filing.funds):
        return None
    rank = _rank(filing.funds[piece.row], piece.column, quote)
    for index, row in enumerate(rows):
        if not any(label in squeeze(cell) for _, cell in row.filled):
            continue
        equal = [column for column, cell in row.filled if squeeze(cell) == quote]
        if equal:
            return index, equal[min(rank, len(equal) - 1)]
        found = next(_holding(quote, rows, range(index, min(index + _REACH, len(rows)))), None)
        if found:
            return found
    # A label broken over lines is found nowhere; an amount that stands in one place only needs none.
    everywhere = list(_holding(quote, rows, range(len(rows))))
    return everywhere[0] if len(everywhere) == 1 else None


def _rank(row: FundsRow, column: str | None, quote: str) -> int:
    """How many columns before this one hold the same digits."""
    if column not in _FUNDS:
        return 0
    return sum(squeeze(getattr(row, name).raw) == quote for name in _FUNDS[: _FUNDS.index(column)])


def _last(piece: Evidence, rows: Sequence[Row]) -> _Found | None:
    """The cell of the total row or the grade: the lowest that holds the quote; the weight stands before the score."""
    quote = squeeze(piece.quote)
    for index in range(len(rows) - 1, -1, -1):
        found = list(_holding(quote, rows, (index,)))
        if found:
            return found[0] if piece.column == "weight" or piece.field == "grade" else found[-1]
    return None
