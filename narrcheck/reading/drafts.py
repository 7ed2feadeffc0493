"""Indicator rows while they are put together: pieces torn off at page ends go back to the row they belong to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from narrcheck.reading import pages
from narrcheck.reading.align import Aligner, Column, Reading
from narrcheck.reading.cells import Kind, kind
from narrcheck.reading.document import PAGE_BREAK, Row
from narrcheck.reading.vocabulary import Headings, key
from narrcheck.text import squeeze

_TEXT_COLUMNS = ("level1", "level2", "name", "target", "actual", "note")
_SENTENCE_ENDS = ("。", "；", ";", "！", "？")
_LONGEST_TORN = 60
_LONGEST_LEVEL_PIECE = 6


@dataclass(slots=True)
class Draft:
    """One row in the making: the text of each column, and where the row's cells stood."""

    cells: dict[str, str]
    places: dict[str, int]
    shift: int = 0
    gap: int = 0
    line: int = 0
    sure: bool = True
    after_header: bool = False
    labels: list[str] = field(default_factory=list)
    lines: frozenset[int] = frozenset()
    tabular: bool = True

    @property
    def numbered(self) -> bool:
        return "weight" in self.cells or "score" in self.cells

    def column_at(self, place: int, columns: Sequence[Column], short: bool) -> str | None:
        """The text column that this row has at `place`, or would have there by its headings; only a `short` text can
        be part of a level's name."""
        fitting = _TEXT_COLUMNS if short else _TEXT_COLUMNS[2:]
        for name, own in self.places.items():
            if own == place and name in fitting:
                return name
        near = [(abs(home + self.shift - place), name) for name, home in columns if name in fitting]
        return min(near)[1] if near else None

    def append(self, column: str, text: str) -> None:
        self.cells[column] = self.cells.get(column, "") + text

    def prepend(self, column: str, text: str) -> None:
        self.cells[column] = text + self.cells.get(column, "")


def drafts(rows: Iterable[tuple[Row, bool]], columns: Sequence[Column], words: Headings) -> list[Draft]:
    """The rows of one indicator table; each comes with whether a repeated header stood right above it."""
    weighted = any(name in ("weight", "score") for name, _ in columns)
    aligner = Aligner(columns, words)
    material = list(rows)
    if weighted:
        material = list(pages.rejoined(list(_rejoined(material, aligner)), aligner))
    made = [_draft(aligner.read(row.filled), row, after_header) for row, after_header in material]
    return _without_pieces(made, columns, weighted, words)


def _draft(reading: Reading, row: Row, after_header: bool) -> Draft:
    return Draft(
        {name: text for name, (_, text) in reading.cells.items()},
        {name: place for name, (place, _) in reading.cells.items()},
        reading.shift,
        PAGE_BREAK if after_header else row.gap,
        row.place.line,
        reading.sure,
        after_header,
        tabular=row.tabular,
    )


def _rejoined(rows: Sequence[tuple[Row, bool]], aligner: Aligner) -> Iterator[tuple[Row, bool]]:
    """Rows of a text whose cells hold line ends stand on several lines, which are joined while that makes one whole
    row; the cells of real tables hold their line ends themselves."""
    index = 0
    while index < len(rows):
        row, after_header = rows[index]
        broken = row.tabular and row.cells[-1] and row.place.row is None
        if broken and not aligner.read(row.filled).numbered:
            merged = row
            for ahead in range(index + 1, min(index + _LONGEST_TORN, len(rows))):
                following = rows[ahead][0]
                if following.gap or not following.cells[0] or _is_label(following.cells[0], aligner.words):
                    break
                cells = (*merged.cells[:-1], merged.cells[-1] + following.cells[0], *following.cells[1:])
                merged = Row(cells, row.place, row.gap, True)
                reading = aligner.read(merged.filled)
                if reading.numbered and "name" in reading.cells:
                    row, index = merged, ahead
                    break
                if not merged.cells[-1]:
                    break
        elif broken:
            while index + 1 < len(rows) and _goes_on(row, rows[index + 1][0], aligner.words):
                index += 1
                row = Row((*row.cells[:-1], row.cells[-1] + rows[index][0].cells[0]), row.place, row.gap, True)
        yield row, after_header
        index += 1


def _goes_on(row: Row, following: Row, words: Headings) -> bool:
    """The line after a whole row is the rest of that row's last cell, which holds words."""
    filled = following.filled
    if following.gap or len(filled) != 1 or filled[0][0] != 0:
        return False
    return kind(row.cells[-1], words) is kind(filled[0][1], words) is Kind.WORDS


def _is_label(cell: str, words: Headings) -> bool:
    return kind(cell, words) in (Kind.LEVEL1, Kind.LEVEL2, Kind.GROUP)


def _without_pieces(made: list[Draft], columns: Sequence[Column], weighted: bool, words: Headings) -> list[Draft]:
    """The drafts that are rows, with every torn piece given back to its row."""
    usual_gap = sorted(draft.gap for draft in made)[len(made) // 2] if made else 0
    names: set[str] = set()
    rows: list[Draft] = []
    pending: list[Draft] = []
    for index, draft in enumerate(made):
        if rows and _ends_level(draft, rows[-1], words):
            continue
        following = made[index + 1] if index + 1 < len(made) else None
        if _is_row(draft, weighted, names, pending):
            for piece in pending:
                _give(piece, draft, rows[-1] if rows and not piece.gap else draft, columns, words, ahead=True)
            pending = []
            names.add(squeeze(draft.cells.get("name", "")))
            rows.append(draft)
            continue
        torn_above = draft.gap > usual_gap
        torn_below = following is not None and following.gap > usual_gap
        if _belongs_ahead(draft, following, rows, torn_above, torn_below, weighted, columns, words):
            pending.append(draft)
        elif weighted and draft.tabular and not torn_above and not pending and _stands_as_name(draft, rows, following):
            names.add(squeeze(draft.cells["name"]))
            rows.append(draft)
        elif rows:
            mate = following if following is not None and torn_above and following.numbered else rows[-1]
            _give(draft, rows[-1], mate, columns, words, ahead=False)
        else:
            pending.append(draft)
    for piece in pending:
        if "name" in piece.cells:
            rows.append(piece)
        elif rows:
            _give(piece, rows[-1], rows[-1], columns, words, ahead=False)
    return rows


def _ends_level(piece: Draft, row: Draft, words: Headings) -> bool:
    """A lone short piece that makes the level name above it whole is given to it."""
    if len(piece.cells) != 1 or ((text := next(iter(piece.cells.values()))) and len(text) > _LONGEST_LEVEL_PIECE):
        return False
    for level in ("level2", "level1"):
        above = row.cells.get(level)
        if above and words.is_level(key(above + text)):
            row.append(level, text)
            return True
    return False


def _only_label(draft: Draft) -> bool:
    return set(draft.cells) <= {"level1", "level2", "group", "number"}


def _is_row(draft: Draft, weighted: bool, names: set[str], pending: list[Draft]) -> bool:
    if not weighted:
        return "name" in draft.cells
    if draft.numbered:
        return "name" in draft.cells or any("name" in piece.cells for piece in pending) or "target" in draft.cells
    name = draft.cells.get("name")
    if name and draft.tabular and squeeze(name) in names:
        return True
    return bool(name) and "target" in draft.cells and "actual" in draft.cells and not draft.gap


def _belongs_ahead(
    draft: Draft,
    following: Draft | None,
    rows: list[Draft],
    torn_above: bool,
    torn_below: bool,
    weighted: bool,
    columns: Sequence[Column],
    words: Headings,
) -> bool:
    """A piece goes with the row below it when the page ends under it, or when that row lacks what the piece has."""
    if following is None:
        return False
    if not rows or _only_label(draft):
        return True
    if torn_above:
        return False
    if torn_below:
        return True
    if (
        weighted
        and following.numbered
        and len(draft.cells) == 1
        and _is_complete_above(draft, rows[-1], columns, words)
    ):
        return True
    return weighted and following.numbered and "name" not in following.cells and "name" in draft.cells


def _stands_as_name(draft: Draft, rows: Sequence[Draft], following: Draft | None) -> bool:
    """The row has a name, at a place where its neighbours have theirs."""
    if "name" not in draft.cells:
        return False
    near = [*rows[-1:], *([following] if following else [])]
    places = {row.places["name"] for row in near if "name" in row.places}
    return not places or len(draft.cells) > 1 or draft.places["name"] in places


def _is_complete_above(piece: Draft, row: Draft, columns: Sequence[Column], words: Headings) -> bool:
    """The cell above a lone piece needs no continuation: it is a value or a verdict, or its sentence has ended."""
    ((name, text),) = piece.cells.items()
    column = row.column_at(piece.places[name], columns, len(text) <= _LONGEST_LEVEL_PIECE)
    above = row.cells.get(column or "", "")
    if not above or column in ("level1", "level2", "name"):
        return False
    return above.endswith(_SENTENCE_ENDS) or kind(above, words) is not Kind.WORDS


def _give(piece: Draft, row: Draft, mate: Draft, columns: Sequence[Column], words: Headings, ahead: bool) -> None:
    """Add a piece's cells to `row`; level names become the row's labels.

    `mate` is a row of the page the piece stands on: its cells show which column the piece's place is.
    """
    for name, text in piece.cells.items():
        what = kind(text, words)
        if what is Kind.GROUP:
            continue
        in_names = piece.places[name] == mate.places.get("name", -1)
        if what in (Kind.LEVEL1, Kind.LEVEL2) and not (piece.tabular and in_names):
            row.labels.append(text)
            continue
        column = mate.column_at(piece.places[name], columns, len(text) <= _LONGEST_LEVEL_PIECE) or "note"
        if ahead:
            row.prepend(column, text)
        else:
            row.append(column, text)
