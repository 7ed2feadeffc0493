"""The rows that name the columns of a form's tables, and what they say of where the form stands on a sheet."""

from collections.abc import Sequence
from dataclasses import replace

from narrcheck.printed import spot
from narrcheck.reading.align import Column
from narrcheck.reading.document import Document, Row
from narrcheck.reading.vocabulary import Headings, key

_INDICATOR_KINDS = frozenset(["level1", "level2", "name", "target", "actual", "note"])
_AMOUNTS = frozenset(["initial", "adjusted", "executed", "rate", "budget"])
_ENOUGH = 3


def indicator_columns(keys: Sequence[tuple[int, str]], words: Headings) -> list[Column] | None:
    """The columns of the indicator table, when these cells are its headings."""
    exact = [words.columns.get(label) for _, label in keys]
    known = set(filter(None, exact)) & _INDICATOR_KINDS
    if len(known) < (3 if "name" in known else 4):
        return None
    columns: list[Column] = []
    seen = set(filter(None, exact))
    taken: set[str] = set()
    for (place, label), name in zip(keys, exact, strict=True):
        if name is None:
            name = words.column_like(label) or "other"
            name = "other" if name in seen else name
        if name == "other" or name not in taken:
            taken.add(name)
            columns.append((name, place))
    # A heading nobody knows heads a column nobody reads; outside the known ones it heads nothing.
    last = max(place for name, place in columns if name != "other")
    return [(name, place) for name, place in columns if name != "other" or (columns[0][1] < place < last)]


def funds_columns(keys: Sequence[tuple[int, str]], words: Headings) -> list[Column] | None:
    """The columns of the funds table, when these cells are its headings; a heading nobody knows heads a column nobody
    reads ("other")."""
    exact = {words.funds_name(label) for _, label in keys}
    if not exact & _AMOUNTS:
        return None
    found = [(words.funds_column(label), place) for place, label in keys if label not in words.fields]
    names = {name for name, _ in found} - {"", "other"}
    if len(exact & _AMOUNTS) < 2 and (len(names & _AMOUNTS) < 2 or len(names) < _ENOUGH):
        return None
    first = min(place for name, place in found if name not in ("", "other"))
    return distinct([(name or "other", place) for name, place in found if name or place > first])


def distinct(columns: Sequence[Column]) -> list[Column]:
    """Each column of the funds table once; one that is only called the budget is what the others leave over."""
    names = [name for name, _ in columns]
    budget = next((name for name in ("adjusted", "initial") if name not in names), "other")
    taken: set[str] = set()
    found: list[Column] = []
    for name, place in columns:
        name = budget if name == "budget" else name
        found.append(("other" if name in taken else name, place))
        taken.add(name)
    return found


def in_two_rows(above: Sequence[Column], below: Sequence[Column]) -> list[Column]:
    """The columns of the funds table whose headings stand in two rows: the lower one divides what the upper names."""
    places = {place: name for name, place in above} | {place: name for name, place in below}
    return distinct([(places[place], place) for place in sorted(places)])


def side_by_side(document: Document, words: Headings) -> list[Document]:
    """A sheet with two forms beside each other as two documents: the label of the project stands twice in a row."""
    if document.layout != "sheet":
        return [document]
    for row in document.rows:
        places = [place for place, cell in row.filled if words.fields.get(key(cell)) == "project"]
        if len(places) > 1 and key(row.cells[places[0]]) == key(row.cells[places[1]]):
            cut = places[1]
            left = [replace(row, cells=row.cells[:cut]) for row in document.rows]
            right = [
                replace(row, cells=row.cells[cut:], place=replace(row.place, column=row.place.column + cut))
                for row in document.rows
            ]
            halves = [replace(document, rows=tuple(row for row in half if row.filled)) for half in (left, right)]
            return [halves[0], *side_by_side(halves[1], words)]
    return [document]


def inside(rows: Sequence[Row], words: Headings) -> tuple[Sequence[Row], list[str]]:
    """The rows of a sheet without what stands beside the form, left of its first label and right of its last heading
    (hints for the filer, checks, lists to choose from); and the cells left out."""
    if not rows or rows[0].place.sheet is None:
        return rows, []
    left: list[int] = []
    right: list[int] = []
    for row in rows:
        keys = [(place, key(cell)) for place, cell in row.filled]
        columns, funds = indicator_columns(keys, words), funds_columns(keys, words)
        right += [max(place for _, place in columns)] if columns else []
        right += [max(place for name, place in funds if name != "other")] if funds else []
        left += [place for place, label in keys if label in words.columns or label in words.texts][:1]
        left += [place for place, label in keys if label in words.fields][:1]
    if not left or not right:
        return rows, []
    first, last = min(left), max(right)
    beside = [spot(row, place).cell or "" for row in rows for place, _ in row.filled if not first <= place <= last]
    kept = [
        replace(row, cells=tuple(cell if first <= place <= last else "" for place, cell in enumerate(row.cells)))
        for row in rows
    ]
    return [row for row in kept if row.filled], beside
