"""Which column each cell of a row belongs to, when tabs were lost or added: the best reading of the whole row.

Cells keep their order, so a reading gives each filled cell a column further right than the one before. Each reading is
scored by what the cells hold, by whether they stand where their heading stands, and by what the row would lack.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from narrcheck.reading.cells import Kind, kind
from narrcheck.reading.vocabulary import Headings, key

Column = tuple[str, int]
"""A column's kind (level1 … note, number, group) and the place of its heading."""

_FITS: dict[str, dict[Kind, float]] = {
    "number": {Kind.SMALL: 2, Kind.NUMBER: 1},
    "group": {Kind.GROUP: 4},
    "other": {what: -1.0 if what in (Kind.LEVEL1, Kind.LEVEL2, Kind.GROUP) else 0.0 for what in Kind},
    "level1": {Kind.LEVEL1: 4, Kind.LEVEL2: -1, Kind.WORDS: -3},
    "level2": {Kind.LEVEL2: 4, Kind.LEVEL1: -1, Kind.WORDS: -3},
    "name": {Kind.WORDS: 2, Kind.LEVEL2: -2.5, Kind.LEVEL1: -3, Kind.VERDICT: -1.5, Kind.QUANTITY: -3, Kind.GROUP: -3},
    "target": {Kind.BOUND: 4, Kind.QUANTITY: 2, Kind.SMALL: 0, Kind.NUMBER: 1, Kind.VERDICT: 0, Kind.WORDS: 0.5,
               Kind.DASH: 0, Kind.SPOILT: 0},
    "actual": {Kind.VERDICT: 3, Kind.QUANTITY: 2, Kind.SMALL: 0, Kind.NUMBER: 1, Kind.BOUND: -1.5, Kind.WORDS: 0.5,
               Kind.DASH: 0, Kind.SPOILT: 0},
    "weight": {Kind.SMALL: 4, Kind.SPOILT: 2, Kind.DASH: 0, Kind.NUMBER: -1, Kind.QUANTITY: -3},
    "score": {Kind.SMALL: 4, Kind.SPOILT: 2, Kind.DASH: 0, Kind.NUMBER: -1, Kind.QUANTITY: -3},
    "note": {Kind.WORDS: 1, Kind.DASH: 0.5, Kind.VERDICT: -0.5, Kind.QUANTITY: -1, Kind.BOUND: -1, Kind.SPOILT: -1},
}  # fmt: skip
_MISFIT = -5.0
_LACKS = {"name": 5.0, "target": 1.5, "actual": 2.0, "weight": 2.0, "score": 2.0}
_SHIFTED = 1.0
_AT_HOME = 1.0
_DOUBTFUL = 1.0
_MOST_LAYOUTS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """The columns of a row's filled cells: kind → (place in the row, text). `sure`: no other reading comes close."""

    cells: dict[str, tuple[int, str]]
    shift: int
    sure: bool = True
    value: float = 0.0

    def text(self, column: str) -> str:
        return self.cells[column][1] if column in self.cells else ""

    @property
    def numbered(self) -> bool:
        """The row has a weight or a score, so it is a row and no torn piece of one."""
        return "weight" in self.cells or "score" in self.cells


class Aligner:
    """Reads the rows of one table. Places that a whole row has shown to hold a column are tried first afterwards: the
    rows of a page share their layout."""

    def __init__(self, columns: Sequence[Column], words: Headings) -> None:
        self.columns = columns
        self.words = words
        self.homes = dict(columns)
        self.asked = [name for name in ("weight", "score") if name in self.homes]
        self.layouts: list[dict[int, str]] = [{place: name for name, place in columns}]
        self.shifts: Counter[int] = Counter()

    def read(self, filled: Sequence[tuple[int, str]]) -> Reading:
        """The best reading of a row. The label over the whole table, printed beside any row, is left out."""
        if any(self.words.columns.get(key(text)) == "group" for _, text in filled[:2]):
            filled = [pair for pair in filled if self.words.columns.get(key(pair[1])) != "group"] or filled
        for layout in self.layouts:
            reading = self._straight(filled, layout)
            if reading:
                break
        else:
            usual = self.shifts.most_common(1)[0][0] if self.shifts else 0
            reading = _best(filled, self.columns, self.words, usual)
            if reading.sure and self._whole(reading):
                self._learn(reading)
        if reading.numbered:
            self.shifts[reading.shift] += 1
        return reading

    def _whole(self, reading: Reading) -> bool:
        cells = reading.cells
        return "name" in cells and "target" in cells and bool(self.asked) and all(name in cells for name in self.asked)

    def _learn(self, reading: Reading) -> None:
        shown = {place: name for name, (place, _) in reading.cells.items() if name != "other"}
        for layout in self.layouts[1:]:
            names = {name: place for place, name in layout.items() if name != "other"}
            if all(layout.get(p, n) == n and names.get(n, p) == p for p, n in shown.items()):
                layout.update(shown)
                return
        if len(self.layouts) < _MOST_LAYOUTS:
            self.layouts.append(shown)

    def _straight(self, filled: Sequence[tuple[int, str]], layout: Mapping[int, str]) -> Reading | None:
        """The reading by places alone, where every cell is what its column asks."""
        cells: dict[str, tuple[int, str]] = {}
        for place, text in filled:
            name = layout.get(place)
            if name is None:
                return None
            what = kind(text, self.words)
            if name == "level1":
                if key(text) not in self.words.level1:
                    return None
            elif _FITS[name].get(what, _MISFIT) < 0:
                return None
            cells[name] = (place, text)
        if "name" not in cells or not ("target" in cells or "actual" in cells):
            return None
        if any(name not in cells for name in self.asked):
            return None
        return Reading(cells, cells["name"][0] - self.homes["name"])


Way = tuple[float, tuple[int, ...]]
"""The value of a reading of the first cells of a row, and the columns it gives them."""


def _best(filled: Sequence[tuple[int, str]], columns: Sequence[Column], words: Headings, shift: int) -> Reading:
    """Dynamic programming over cells × columns; the last cells of a row with more cells than columns are joined."""
    if len(filled) > len(columns):
        keep = len(columns) - 1
        filled = [*filled[:keep], (filled[keep][0], " ".join(text for _, text in filled[keep:]))]
    lacking = [0.0]
    for name, _ in columns:
        lacking.append(lacking[-1] + _LACKS.get(name, 0.0))
    # One entry a column: the best reading that puts the current cell there.
    front: list[Way] = []
    for index, (place, text) in enumerate(filled):
        what = kind(text, words)
        first_level = what in (Kind.LEVEL1, Kind.LEVEL2) and key(text) in words.level1
        following: list[Way] = []
        for column, (name, home) in enumerate(columns):
            moved = place - home
            here = 4.0 if name == "level1" and first_level else _FITS[name].get(what, _MISFIT)
            here += _AT_HOME if moved == shift else 0.0
            if index:
                before = filled[index - 1][0]
                following.append(_extended(front, columns, lacking, column, before, moved, here))
            else:
                following.append((here - lacking[column] - (0.0 if moved == shift else 0.5), (column,)))
        front = following
    ends = sorted(
        ((value - (lacking[-1] - lacking[column + 1]), path) for column, (value, path) in enumerate(front) if path),
        reverse=True,
    )
    return _reading(ends, filled, columns, words)


def _extended(
    front: Sequence[Way],
    columns: Sequence[Column],
    lacking: Sequence[float],
    column: int,
    place: int,
    moved: int,
    here: float,
) -> Way:
    """The best reading that goes on with a cell in `column`, worth `here`; the cell before it stands at `place`."""
    best: Way = (float("-inf"), ())
    for before in range(column):
        value, path = front[before]
        if not path:
            continue
        value -= lacking[column] - lacking[before + 1]
        if place - columns[before][1] != moved:
            value -= _SHIFTED
        if value + here > best[0]:
            best = (value + here, (*path, column))
    return best


def _reading(
    ends: Sequence[Way], filled: Sequence[tuple[int, str]], columns: Sequence[Column], words: Headings
) -> Reading:
    """The first of these ways, best first, as a reading; it is sure where no cell misfits and no other comes close."""
    value, path = ends[0]
    cells = {columns[column][0]: filled[index] for index, column in enumerate(path)}
    anchor = path.index(max(path)) if "name" not in cells else [columns[c][0] for c in path].index("name")
    moved = filled[anchor][0] - columns[path[anchor]][1]
    misfits = any(_FITS[columns[c][0]].get(kind(filled[i][1], words), _MISFIT) <= _MISFIT for i, c in enumerate(path))
    close = len(ends) > 1 and value - ends[1][0] < _DOUBTFUL
    return Reading(cells, moved, not (misfits or close), value)


def fits(column: str, what: Kind) -> float:
    """How well content of this kind suits a column."""
    return _FITS[column].get(what, _MISFIT)


def lack(column: str) -> float:
    """What a row loses that has no such cell."""
    return _LACKS.get(column, 0.0)
