"""The form rebuilt: its texts and its tables, with everything that is marked in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Filing, Indicator
from narrcheck.reports import wording
from narrcheck.reports.html import bounds
from narrcheck.reports.html.marks import Segment
from narrcheck.reports.html.placed import CELLS, FUNDS, HEAD, Key, Placed
from narrcheck.reports.html.plain import line


@dataclass(frozen=True, slots=True)
class Marked:
    """A text or a cell under its label: its pieces, the findings that have evidence in it, why it was in doubt.
    `numeric` for cells that hold a number."""

    label: str
    segments: Sequence[Segment]
    findings: tuple[int, ...] = ()
    doubt: str = ""
    numeric: bool = False

    @property
    def blank(self) -> bool:
        return not self.segments

    @property
    def left(self) -> int:
        """How many characters are left out."""
        return sum(segment.left for segment in self.segments)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its position in the table, the cell that names it, the others."""

    position: int
    name: Marked
    cells: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The indicators under one first and second level."""

    title: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What is shown of a form. `total` are the cells weight and score of the total row and the grade, `left_funds` and
    `left_rows` count the rows that are not shown; `empty`: there is nothing to show."""

    head: tuple[Marked, ...]
    texts: tuple[Marked, ...]
    funds_heads: tuple[str, ...]
    funds: tuple[TableRow, ...]
    heads: tuple[str, ...]
    groups: tuple[Group, ...]
    total: tuple[Marked, ...]
    left_funds: int
    left_rows: int
    empty: bool


def form(checked: Checked, marks: Placed, lang: str) -> Form:
    """The form of a filing."""
    filing = checked.filing
    builder = _Builder(filing, marks, lang)
    total = tuple(builder.cell(key, field) for key, field in _TOTAL)
    return Form(
        tuple(part for part in (builder.head(name) for name in HEAD) if not part.blank and _told(part, filing)),
        tuple(part for part in (builder.text("goal"), builder.text("narrative")) if not part.blank),
        tuple(message(f"column.{column}", lang) for column in ("label", *FUNDS)),
        tuple(builder.funds()),
        (message("column.name", lang), *(message(f"field.{cell}", lang) for cell in CELLS[1:])),
        tuple(builder.groups()),
        total if any(not cell.blank for cell in total) else (),
        max(len(filing.funds) - bounds.ROWS, 0),
        max(len(filing.indicators) - bounds.ROWS, 0),
        not any(key[0] != "header" for key in marks.texts),
    )


def _told(part: Marked, filing: Filing) -> bool:
    """Whether a part of the head must be listed: the project's name heads the section already."""
    return bool(part.findings) or not filing.project or part.segments[0].text != filing.project


_TOTAL: tuple[tuple[Key, str], ...] = (
    (("total", None, "weight"), "field.weight"),
    (("total", None, "score"), "field.score"),
    (("grade", None, ""), "field.grade"),
)
_NUMERIC = frozenset(["weight", "score"])


class _Builder:
    def __init__(self, filing: Filing, marks: Placed, lang: str) -> None:
        self._filing, self._marks, self._lang = filing, marks, lang
        self._doubts: dict[tuple[str, int | None], str] = {}
        for doubt in filing.doubts[: bounds.LINES]:
            self._doubts.setdefault((doubt.field, doubt.row), line(wording.sentence(doubt.reason, lang)))

    def _marked(self, key: Key, label: str, numeric: bool = False) -> Marked:
        doubt = self._doubts.get(key[:2], "") if key[0] not in ("header", "funds", "goal", "narrative") else ""
        segments = self._marks.segments(key)
        return Marked(label, segments, self._marks.findings(key), doubt, numeric)

    def head(self, name: str) -> Marked:
        return self._marked(("header", None, name), message(f"label.{name}", self._lang))

    def text(self, name: str) -> Marked:
        return self._marked((name, None, ""), message(f"field.{name}", self._lang))

    def cell(self, key: Key, label: str, numeric: bool = True) -> Marked:
        return self._marked(key, message(label, self._lang), numeric)

    def funds(self) -> Iterator[TableRow]:
        for at, _ in enumerate(self._filing.funds[: bounds.ROWS]):
            cells = tuple(self.cell(("funds", at, column), f"column.{column}") for column in FUNDS)
            yield TableRow(at, self.cell(("funds", at, "label"), "column.label", numeric=False), cells)

    def groups(self) -> Iterator[Group]:
        rows = self._filing.indicators[: bounds.ROWS]
        for levels, members in groupby(rows, key=lambda row: (row.level1, row.level2)):
            yield Group(self._title(levels), tuple(self._row(row) for row in members))

    def _title(self, levels: tuple[str | None, str | None]) -> str:
        return " / ".join(line(level, bounds.NAME) for level in levels if level)

    def _row(self, row: Indicator) -> TableRow:
        at = row.position
        cells = tuple(self.cell((cell, at, ""), f"field.{cell}", cell in _NUMERIC) for cell in CELLS[1:])
        return TableRow(at, self.cell(("name", at, ""), "column.name", numeric=False), cells)
