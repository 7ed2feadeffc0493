"""A form laid out as a table: rows of cells → its parts, each handed to the module that understands it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from narrcheck.filing import FundsRow
from narrcheck.reading import funds as funds_table
from narrcheck.reading import texts as free_texts
from narrcheck.reading.align import Aligner, Column
from narrcheck.reading.cells import Kind, is_amount, kind
from narrcheck.reading.document import Row
from narrcheck.reading.drafts import Draft, drafts
from narrcheck.reading.grade import grade_in, opens_grade
from narrcheck.reading.head import Head
from narrcheck.reading.headers import funds_columns, in_two_rows, indicator_columns, inside
from narrcheck.reading.pages import goes_on
from narrcheck.reading.torn import whole_labels
from narrcheck.reading.vocabulary import Headings, key
from narrcheck.text import squeeze

_NUMBER = re.compile(r"\d")
_LONGEST_HEADING = 24


@dataclass(slots=True)
class Parts:
    """What a layout yields: the same parts for every layout, to be completed into a Filing."""

    head: Head = field(default_factory=Head)
    goal: str | None = None
    narrative: str | None = None
    funds: list[FundsRow] = field(default_factory=list)
    funds_weight: str | None = None
    rows: list[Draft] = field(default_factory=list)
    totals: list[tuple[str | None, str]] = field(default_factory=list)
    grade: str | None = None
    columns: list[Column] = field(default_factory=list)
    text_doubt: bool = False
    headed: set[str] = field(default_factory=set)
    beside: list[str] = field(default_factory=list)


class Grid:
    """Walks the rows once, top to bottom; `section` is the part of the form the next row is expected in."""

    def __init__(self, words: Headings) -> None:
        self.words = words
        self.parts = Parts()
        self.section = "head"
        self.funds_columns: list[Column] = []
        self.text_homes: dict[str, int] = {}
        self.text_rows: list[Row] = []
        self.group = ""
        self.goals: list[tuple[str, str]] = []
        self.indicator_rows: list[tuple[Row, bool]] = []
        self.after_header = False
        self.open_total = False
        self.table: int | None = None
        self.width = 0

    def read(self, rows: Sequence[Row]) -> Parts:
        parts = self.parts
        own, parts.beside = inside(rows, self.words)
        for row in whole_labels(own, self.words):
            self._row(row)
        if parts.columns:
            parts.columns = _with_note(parts.columns)
        self._finish_texts()
        annual = [text for label, text in self.goals if label == "annual"]
        parts.goal = parts.goal or next(iter(annual or [text for _, text in self.goals]), None)
        parts.rows = drafts(self.indicator_rows, parts.columns, self.words) if parts.columns else []
        return parts

    def _row(self, row: Row) -> None:
        filled = row.filled
        keys = [(place, key(cell)) for place, cell in filled]
        words = self.words
        columns = indicator_columns(keys, words)
        if columns:
            if not self.parts.columns:
                self.parts.columns = columns
            self.section = "indicators"
            self.table, self.width = row.place.table, len(row.cells)
            self.after_header = True
            return
        if self.section == "indicators" or self.section == "end":
            self._indicator(row, filled, keys)
            return
        amounts = funds_columns(keys, words)
        if amounts:
            if self.section == "funds" and not self.parts.funds:
                amounts = in_two_rows(self.funds_columns, amounts)
            self.funds_columns, self.section = amounts, "funds"
            for _, cell in filled:
                self.parts.head.note_money(cell)
            cells = [cell for _, cell in filled]
            self.parts.funds_weight = self.parts.funds_weight or funds_table.headed_weight(cells)
            self.parts.head.add_cells(cells, words)
            return
        if self._text_heading(row, filled, keys):
            return
        if self.section == "texts":
            if not (len(filled) == 1 and self.words.names_table(filled[0][1])):
                self.text_rows.append(row)
        elif self.section == "funds":
            self._funds_row(filled, keys)
        else:
            self._head_row(row, filled)

    def _head_row(self, row: Row, filled: Sequence[tuple[int, str]]) -> None:
        head = self.parts.head
        for _, cell in filled:
            if len(cell) < 200:
                head.note_year(cell)
                if "单位" in cell:
                    head.note_money(cell)
        head.add_cells([cell for _, cell in filled], self.words)
        self._plan_funds(filled)

    def _plan_funds(self, filled: Sequence[tuple[int, str]]) -> None:
        """Funds rows of a target table: a label that names its amount, and the amount."""
        column = None
        for _, cell in filled:
            known = key(cell)
            if known in self.words.plan_funds:
                column, label = self.words.plan_funds[known], known
                self.parts.head.note_money(cell)
            elif column:
                if is_amount(cell):
                    self.parts.funds.append(funds_table.single(label, column, cell))
                column = None

    def _text_heading(self, row: Row, filled: Sequence[tuple[int, str]], keys: Sequence[tuple[int, str]]) -> bool:
        """The row of the two texts' headings; also a heading with its text beside it in the same row."""
        words = self.words
        found = free_texts.headings_in(keys, words)
        if not found:
            return self._group_heading(filled, keys)
        left = min(found.values()) if len(found) > 1 else 0  # the label over both texts may be any
        texts = [
            (place, cell)
            for (place, cell), (_, label) in zip(filled, keys, strict=True)
            if label not in words.texts and place >= left and place not in found.values()
        ]
        if not texts:
            if len(found) == 1 and self.text_rows and "narrative" not in self.text_homes:
                self._finish_texts()
            self.group = "" if "goal" in found else self.group
            self.text_homes.update(found)
            self.parts.headed.update(found)
            self.section = "texts"
            return True
        if len(found) == 1 and len(texts) >= 1 and texts[0][0] > min(found.values()):
            name = next(iter(found))
            self.parts.headed.add(name)
            if getattr(self.parts, name) is None:
                setattr(self.parts, name, texts[0][1])
            return True
        return False

    def _group_heading(self, filled: Sequence[tuple[int, str]], keys: Sequence[tuple[int, str]]) -> bool:
        """The label that else stands beside both texts, as the heading of the goal: with one text beside it, or alone
        in its row."""
        words = self.words
        (place, label), *others = keys
        if label not in words.texts or "goal" in self.parts.headed:
            return False
        beside = {squeeze(cell) for _, cell in filled[1:]}
        if not beside:
            self._finish_texts()
            self.text_homes, self.group, self.section = {"goal": place}, words.texts[label], "texts"
            return True
        if len(beside) > 1 or others[0][1] in words.signals or kind(filled[1][1], words) is not Kind.WORDS:
            return False
        self.goals.append((words.texts[label], filled[1][1]))
        return True

    def _funds_row(self, filled: Sequence[tuple[int, str]], keys: Sequence[tuple[int, str]]) -> None:
        words = self.words
        labels: list[str] = []
        values: list[tuple[int, str]] = []
        first = min(place for name, place in self.funds_columns if name != "other")
        for (place, cell), (_, known) in zip(filled, keys, strict=True):
            # Below the headings of amounts, a cell with a number is no part of the label (186万元, ¥1,860.00).
            numbered = len(cell) <= _LONGEST_HEADING and _NUMBER.search(cell)
            if not values and not is_amount(cell) and not (labels and place >= first and numbered):
                self.parts.head.note_money(cell)
                if known in words.fields or known in ("(万元)", "(元)", "万元", "元"):
                    continue
                labels.append(cell)
            else:
                values.append((place, cell))
        if not labels or (not values and not funds_table.is_funds_label("".join(labels), words)):
            if labels and len(filled) > 1:
                self.parts.head.add_cells([cell for _, cell in filled], words)
            return
        name = funds_table.label(labels)
        self.parts.funds.append(funds_table.by_place(name, values, self.funds_columns))

    def _indicator(self, row: Row, filled: Sequence[tuple[int, str]], keys: Sequence[tuple[int, str]]) -> None:
        words = self.words
        first = keys[0][1]
        if first in words.totals:
            self.section, self.open_total = "end", True
            self.parts.totals.extend((str(place), cell) for place, cell in filled[1:] if is_amount(cell))
            self.parts.grade = self.parts.grade or grade_in([cell for _, cell in filled[1:]], words)
            return
        if opens_grade(filled[0][1], words):
            self.section, self.open_total = "end", False
            self.parts.grade = self.parts.grade or grade_in([cell for _, cell in filled], words)
            return
        if self.section == "end":
            if self.open_total and all(is_amount(cell) for _, cell in filled):
                self.parts.totals.extend((None, cell) for _, cell in filled)
            return
        if squeeze(filled[0][1][:40]).startswith(words.footers) and len(filled) <= 2:
            return
        if self.table is not None and row.place.table != self.table and not self._goes_on(row):
            return
        if self._continues_texts(row, filled):
            self.text_rows.append(row)
            return
        self.indicator_rows.append((row, self.after_header))
        self.after_header = False

    def _goes_on(self, row: Row) -> bool:
        """Whether a row outside of the indicators' own table is still one of them: what stands between tables is not,
        and another table is where it is as wide or its row reads as one (a document may have a table on each page)."""
        if row.place.table is None:
            return False
        if len(row.cells) != self.width and not self._reads_as_indicator(row):
            return False
        self.table, self.width = row.place.table, len(row.cells)
        return True

    def _reads_as_indicator(self, row: Row) -> bool:
        """Whether the cells of a row of another width are those of an indicator."""
        cells = Aligner(_with_note(self.parts.columns), self.words).read(row.filled).cells
        return "name" in cells and ("target" in cells or "actual" in cells) and ("weight" in cells or "score" in cells)

    def _continues_texts(self, row: Row, filled: Sequence[tuple[int, str]]) -> bool:
        """A lone piece of words belongs to the texts above the table: right under the headings, or below a page end
        where it goes on in the text and not in the row above."""
        if len(filled) != 1 or not self.text_rows or kind(filled[0][1], self.words) is not Kind.WORDS:
            return False
        if not self.indicator_rows:
            return self.after_header
        if not (row.gap or self.after_header):
            return False
        above = self.indicator_rows[-1][0].filled
        # The report is the last and longest of the texts in nearly every form.
        text = max((cell for text_row in self.text_rows for _, cell in text_row.filled), key=len)
        return goes_on(filled[0][1], text, [cell for _, cell in above])

    def _finish_texts(self) -> None:
        """Put the texts together from the rows since their headings."""
        found = free_texts.from_cells(self.text_rows, self.text_homes, self.words)
        goal, narrative = free_texts.joined(found.goal), free_texts.joined(found.narrative)
        if self.group and goal:
            self.goals.append((self.group, goal))
        else:
            self.parts.goal = self.parts.goal or goal
        self.parts.narrative = self.parts.narrative or narrative
        self.text_rows, self.text_homes, self.group = [], {}, ""


def _with_note(columns: list[Column]) -> list[Column]:
    """Columns with one for notes at the end, where its heading was lost but a score is given."""
    names = {name for name, _ in columns}
    if "score" in names and "note" not in names:
        return [*columns, ("note", max(place for _, place in columns) + 1)]
    return columns
