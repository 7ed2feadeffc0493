"""Tables from the lines drawn on a page: rules → grids of cells, with the cells that are merged told from the walls
that are missing.

Nothing here knows of PDF: rules and boxes come from a page's drawing or from a scanned picture alike.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from narrcheck.printed import Box

NEAR = 3.0
"""Points within which two rules are the same rule: rows and columns are wider."""
_MEET = 4.0
_GAP = 3.5
_COVER = 0.6
_OUTER = 8.0
_MOST_RULES = 3000
_FRAMED = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line: `at` is its y or x, `start` and `end` its extent along the other axis."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Lattice:
    """The rules of one table on one page, which all touch each other."""

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)

    @property
    def box(self) -> Box:
        """The outer edges."""
        xs = [rule.at for rule in self.down] + [x for rule in self.across for x in (rule.start, rule.end)]
        ys = [rule.at for rule in self.across] + [y for rule in self.down for y in (rule.start, rule.end)]
        return min(xs), min(ys), max(xs), max(ys)

    def columns(self) -> list[float]:
        """The x of every edge of a column; where the outer rules are not drawn, the ends of the others stand for
        them."""
        return _edges([rule.at for rule in self.down], self.box[0], self.box[2])

    def rows(self) -> list[float]:
        """The y of every edge of a row."""
        return _edges([rule.at for rule in self.across], self.box[1], self.box[3])


def _edges(found: Iterable[float], first: float, last: float) -> list[float]:
    edges = cluster(found)
    if not edges or first < edges[0] - _OUTER:
        edges.insert(0, first)
    if last > edges[-1] + _OUTER:
        edges.append(last)
    return edges


def cluster(values: Iterable[float]) -> list[float]:
    """The values in order, those that lie near each other as one, their mean."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= NEAR and value - groups[-1][0] <= 2 * NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def joined(rules: Iterable[Rule]) -> list[Rule]:
    """The rules with pieces of one line put together: double lines, dashes, cell borders drawn one by one."""
    lines: list[tuple[float, list[Rule]]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lines and rule.at - lines[-1][1][-1].at <= NEAR and rule.at - lines[-1][0] <= 2 * NEAR:
            lines[-1][1].append(rule)
        else:
            lines.append((rule.at, [rule]))
    found: list[Rule] = []
    for _, pieces in lines:
        at = sum(piece.at for piece in pieces) / len(pieces)
        pieces.sort(key=lambda piece: piece.start)
        start, end = pieces[0].start, pieces[0].end
        for piece in pieces[1:]:
            if piece.start <= end + _GAP:
                end = max(end, piece.end)
            else:
                found.append(Rule(at, start, end))
                start, end = piece.start, piece.end
        found.append(Rule(at, start, end))
    return found


def lattices(across: Iterable[Rule], down: Iterable[Rule]) -> list[Lattice]:
    """The tables of a page, top to bottom: groups of rules that meet, with two in each direction at least.

    A page with more rules than any form has (a drawing) has none.
    """
    level, upright = joined(across), joined(down)
    if len(level) + len(upright) > _MOST_RULES:
        return []
    parents = list(range(len(level) + len(upright)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for first, rule in enumerate(level):
        for second, other in enumerate(upright, len(level)):
            meets = other.start - _MEET <= rule.at <= other.end + _MEET
            if meets and rule.start - _MEET <= other.at <= rule.end + _MEET:
                parents[root(first)] = root(second)
    groups: dict[int, Lattice] = {}
    for index, rule in enumerate(level):
        groups.setdefault(root(index), Lattice()).across.append(rule)
    for index, rule in enumerate(upright, len(level)):
        groups.setdefault(root(index), Lattice()).down.append(rule)
    tables = [group for group in groups.values() if len(group.across) >= 2 and len(group.down) >= 2]
    tables += [group for group in groups.values() if len(group.down) == 1 and len(group.across) >= 3]
    tables.sort(key=lambda table: (table.box[1], table.box[0]))
    tables = [table for table in tables if not _is_frame(table, tables)]
    return [
        table for table in tables if not any(_inside(table.box, other.box) for other in tables if other is not table)
    ]


def _is_frame(lattice: Lattice, tables: Sequence[Lattice]) -> bool:
    """Whether these rules are a frame around the page or around a table: one cell, with a real table in it."""
    if len(lattice.columns()) > 2 or len(lattice.rows()) > 2:
        return False
    return any(
        other is not lattice and _inside(other.box, lattice.box) and len(other.across) + len(other.down) >= _FRAMED
        for other in tables
    )


def _inside(inner: Box, outer: Box) -> bool:
    """Whether a lattice lies within another one, as the frame of a check box lies in its cell."""
    return (
        inner[0] >= outer[0] - NEAR and inner[1] >= outer[1] - NEAR
        and inner[2] <= outer[2] + NEAR and inner[3] <= outer[3] + NEAR
        and (inner[2] - inner[0]) * (inner[3] - inner[1]) < (outer[2] - outer[0]) * (outer[3] - outer[1])
    )  # fmt: skip


class Cells:
    """The cells of a lattice: which places of its grid belong together, and where a point lies.

    `xs` are the edges of the columns, which tables that go on over several pages share.
    """

    def __init__(self, lattice: Lattice, xs: Sequence[float]) -> None:
        self.xs, self.ys = list(xs), lattice.rows()
        self.width, self.height = len(self.xs) - 1, len(self.ys) - 1
        self._parents = list(range(self.width * self.height))
        self._join(lattice)
        self.roots = [self._root(index) for index in range(len(self._parents))]
        """For each place of the grid, row by row, the first place of its cell."""

    def at(self, x: float, y: float) -> int | None:
        """The first place of the cell around a point; None outside of the table."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if not (0 <= column < self.width and 0 <= row < self.height):
            return None
        return self.roots[row * self.width + column]

    def covered(self, row: int) -> frozenset[int]:
        """The columns of a row that belong to a cell of a row above."""
        start = row * self.width
        return frozenset(column for column in range(self.width) if self.roots[start + column] < start)

    def boxes(self) -> dict[int, Box]:
        """The outer edges of each cell by its first place."""
        found: dict[int, list[int]] = {}
        for index, root in enumerate(self.roots):
            row, column = divmod(index, self.width)
            known = found.setdefault(root, [column, row, column, row])
            known[0], known[1] = min(known[0], column), min(known[1], row)
            known[2], known[3] = max(known[2], column), max(known[3], row)
        return {
            root: (self.xs[left], self.ys[top], self.xs[right + 1], self.ys[bottom + 1])
            for root, (left, top, right, bottom) in found.items()
        }

    def _root(self, index: int) -> int:
        parents = self._parents
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    def _unite(self, first: int, second: int) -> None:
        low, high = sorted((self._root(first), self._root(second)))
        self._parents[high] = low

    def _join(self, lattice: Lattice) -> None:
        """Put places together that no wall parts."""
        upright = _by_edge(lattice.down, self.xs)
        level = _by_edge(lattice.across, self.ys)
        for row in range(self.height):
            top, bottom = self.ys[row], self.ys[row + 1]
            for column in range(self.width):
                index = row * self.width + column
                left, right = self.xs[column], self.xs[column + 1]
                if column + 1 < self.width and not _covers(upright[column + 1], top, bottom):
                    self._unite(index, index + 1)
                if row + 1 < self.height and not _covers(level[row + 1], left, right):
                    self._unite(index, index + self.width)


def _by_edge(rules: Iterable[Rule], edges: Sequence[float]) -> list[list[Rule]]:
    """The rules that run along each edge."""
    found: list[list[Rule]] = [[] for _ in edges]
    for rule in rules:
        nearest = min(range(len(edges)), key=lambda place: abs(edges[place] - rule.at))
        if abs(edges[nearest] - rule.at) <= 2 * NEAR:
            found[nearest].append(rule)
    return found


def _covers(rules: Sequence[Rule], start: float, end: float) -> bool:
    """Whether the rules cover most of the stretch."""
    covered = sum(max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in rules)
    return covered >= _COVER * (end - start)
