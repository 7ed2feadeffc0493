"""A form whose cells, or parts of cells, follow each other in lines: no column survives, only the order of reading.

Labels cut the stream into head, funds, texts and indicator rows; the rows are then found by `stream`.
"""

from collections.abc import Mapping, Sequence
from operator import add

from narrcheck.quantity.cells import read_number
from narrcheck.reading import funds as funds_table
from narrcheck.reading import stream
from narrcheck.reading.align import Column
from narrcheck.reading.anchors import Sums
from narrcheck.reading.boundary import split_texts
from narrcheck.reading.cells import is_amount
from narrcheck.reading.document import Row
from narrcheck.reading.grade import grade_in, opens_grade
from narrcheck.reading.grid import Parts
from narrcheck.reading.headers import distinct
from narrcheck.reading.model import PAGE
from narrcheck.reading.textlabels import text_labels
from narrcheck.reading.tokens import Token, joined, tokens, with_kinds
from narrcheck.reading.vocabulary import Headings
from narrcheck.text import squeeze

_USUAL = ("level1", "level2", "name", "target", "actual", "weight", "score", "note")
_INDICATOR_KINDS = frozenset(["level1", "level2", "name", "target", "actual", "note"])
_AMOUNTS = frozenset(["initial", "adjusted", "executed", "budget"])
_NEAR = 3
_MANY = 4


class Flow:
    """Reads the stream of one form; the parts come out as those of a table do."""

    def __init__(self, words: Headings) -> None:
        self.words = words
        self.parts = Parts()
        self.seen: frozenset[str] = frozenset()

    def read(self, rows: Sequence[Row]) -> Parts:
        found = tokens(rows, self.words)
        self.seen = frozenset(pair for token in found for pair in map(add, token.text, token.text[1:]))
        header, body = self._header(found)
        end = header - 1 if header and self._names_table(found[header - 1]) else header
        labels = text_labels(found[:end], self.words)
        texts = min(labels, default=header)
        funds = self._funds_start(found[:texts])
        self._head(found[: min(funds, texts)], found)
        if funds < texts:
            self._funds(found[funds:texts], found[max(funds - 1, 0) : funds])
        elif (below := texts + self._funds_start(found[texts:end], _MANY)) < end:
            self._funds(found[below:end])
            end = self._above(found, below)
        self._plan_funds(found[:texts])
        self._texts(rows, found[:end], labels)
        if body < len(found):
            self._indicators(found[body:])
        return self.parts

    def _header(self, found: Sequence[Token]) -> tuple[int, int]:
        """The place of the indicator headings and of the first token after them; sets the columns."""
        for index, token in enumerate(found):
            if token.label in self.words.columns and (run := self._heading_run(found, index)):
                names = [name for place, name in enumerate(run) if name == "other" or name not in run[:place]]
                self.parts.columns = [(name, place) for place, name in enumerate(names) if name != "group"]
                self._complete_columns()
                return index, index + len(run)
        return len(found), len(found)

    def _heading_run(self, found: Sequence[Token], start: int) -> list[str]:
        """The columns of the run of headings that opens at `start`; empty where there are too few. A heading that
        nobody knows counts where it stands in a line between others."""
        names: list[str] = []
        for index in range(start, len(found)):
            name = self._column(found[index].label)
            if not name:
                between = found[index : index + 2]
                if len(between) < 2 or any(token.first for token in between) or not self._column(between[1].label):
                    break
            names.append(name or "other")
        return names if len(set(names) & _INDICATOR_KINDS) >= 3 else []

    def _names_table(self, token: Token) -> bool:
        """A line of its own above the indicators that only names their table (绩效指标完成情况)."""
        return token.first and token.alone and self.words.names_table(token.text)

    def _column(self, label: str) -> str:
        """The column that a heading names or seems to name; empty where it is none."""
        if label in self.words.columns:
            return self.words.columns[label]
        return "" if not label or self.words.is_level(label) else self.words.column_like(label)

    def _complete_columns(self) -> None:
        names = [name for name, _ in self.parts.columns]
        if "score" in names and "note" not in names:
            self.parts.columns.append(("note", len(names) + 1))

    def _funds_start(self, found: Sequence[Token], enough: int = 2) -> int:
        """The first heading of the funds table: an amount's, with `enough` headings near, and what is right before it;
        the end where there is none."""
        names = [self.words.funds_name(token.label) for token in found]
        for index, name in enumerate(names):
            near = found[max(index - _NEAR, 0) : index + _NEAR + 1]
            if name in _AMOUNTS and sum(bool(self.words.funds_column(token.label)) for token in near) >= enough:
                while index and names[index - 1]:
                    index -= 1
                return index
        return len(found)

    def _above(self, found: Sequence[Token], start: int) -> int:
        """Where what names the funds table begins, whose headings begin at `start`."""
        while start and (found[start - 1].label in self.words.fields or found[start - 1].text.startswith("(")):
            start -= 1
            self.parts.head.note_money(found[start].raw)
        return start

    def _head(self, before: Sequence[Token], found: Sequence[Token]) -> None:
        head = self.parts.head
        lines: dict[int, list[str]] = {}
        for token in before:
            lines.setdefault(token.line, []).append(token.raw)
        for line in lines.values():
            text = " ".join(line)
            if len(text) < 200:
                head.note_year(text)
                if "元" in text:
                    head.note_money(text)
        head.add_words(list(lines.values()), self.words)

    def _funds_headings(self, found: Sequence[Token]) -> tuple[list[str], int]:
        """The columns of the funds table in printed order, and where their headings end. Between headings that are
        known, one that is not heads a column that is not read."""
        words = self.words
        amount = next((index for index, token in enumerate(found) if is_amount(token.text)), len(found))
        last = max((index for index in range(amount) if words.funds_name(found[index].label)), default=0)
        while last + 1 < amount and not found[last + 1].first and words.funds_column(found[last + 1].label):
            last += 1
        columns: list[Column] = []
        for place, token in enumerate(found[: last + 1]):
            self.parts.head.note_money(token.raw)
            if token.label in words.fields or len(token.text) < 2 or token.text.startswith("("):
                continue
            name = words.funds_column(token.label)
            if name or not funds_table.is_funds_label(token.text, words):
                columns.append((name or "other", place))
        return [name for name, _ in distinct(columns)], last + 1

    def _funds(self, found: Sequence[Token], above: Sequence[Token] = ()) -> None:
        """Rows of the funds table: the words of a label, then its amounts. `above` is what may name the table."""
        columns, start = self._funds_headings(found)
        self.parts.funds_weight = funds_table.headed_weight([token.text for token in (*above, *found[:start])])
        labels: list[str] = []
        values: list[str] = []
        for token in found[start:]:
            if self.words.funds_name(token.label):
                continue
            if is_amount(token.text) or (labels and funds_table.is_signed(token.text)):
                values.append(token.raw)
                continue
            self.parts.head.note_money(token.raw)
            if values and labels:
                self._funds_row(labels, values, columns)
            if values:
                labels, values = [], []
            if token.label not in self.words.fields and squeeze(token.text) not in ("(万元)", "(元)"):
                labels.append(token.raw)
        if labels and (values or funds_table.is_funds_label("".join(labels), self.words)):
            self._funds_row(labels, values, columns)

    def _funds_row(self, labels: Sequence[str], values: Sequence[str], columns: Sequence[str]) -> None:
        name = funds_table.label(labels)
        self.parts.funds.append(funds_table.by_order(name, values, columns))

    def _plan_funds(self, found: Sequence[Token]) -> None:
        column = label = None
        for token in found:
            if token.label in self.words.plan_funds:
                column, label = self.words.plan_funds[token.label], token.label
                self.parts.head.note_money(token.raw)
            elif column and label and is_amount(token.text):
                self.parts.funds.append(funds_table.single(label, column, token.raw))
                column = None

    def _texts(self, rows: Sequence[Row], found: Sequence[Token], labels: Mapping[int, str | None]) -> None:
        """Goal and narrative: each under its own heading, or one after the other under both."""
        words = self.words
        sections: dict[str, list[Token]] = {}
        current: str | None = None
        for index in range(min(labels, default=len(found)), len(found)):
            if index not in labels:
                if current:
                    sections[current].append(found[index])
                continue
            name = labels[index]
            if name == "":
                continue
            current = name
            if name:
                sections.setdefault(name, [])
                self.parts.headed.add(name)
        if len(sections) == 2 and all(sections.values()):
            first, second = (_text(part) for part in sections.values())
            names = list(sections)
            setattr(self.parts, names[0], first)
            setattr(self.parts, names[1], second)
        elif len(sections) == 2:
            both = next((part for part in sections.values() if part), [])
            goal, narrative, doubtful = split_texts(_lines(rows, both), words)
            self.parts.goal, self.parts.narrative = goal, narrative
            self.parts.text_doubt = doubtful
        else:
            for name, part in sections.items():
                setattr(self.parts, name, _text(part))

    def _indicators(self, found: Sequence[Token]) -> None:
        words = self.words
        body: list[Token] = []
        index = 0
        while index < len(found):
            token = found[index]
            if token.label in words.columns and (run := self._heading_run(found, index)):
                end = index + len(run)
                if end < len(found):
                    found[end].gap = max(found[end].gap, PAGE)
                index = end
                continue
            if token.first and (token.label in words.totals or opens_grade(token.text, words)):
                self._closing(found[index:])
                break
            body.append(token)
            index += 1
        body = [token for token in body if not squeeze(token.text[:12]).startswith(words.footers)]
        columns: list[Column] = self.parts.columns or [(name, place) for place, name in enumerate(_USUAL)]
        self.parts.rows = stream.rows(with_kinds(body, words), columns, words, self._sums(), self.seen)

    def _sums(self) -> Sums:
        """What the rows must add up to: the total row less the first funds row."""
        totals = [read_number(text).value for _, text in self.parts.totals]
        funds = self.parts.funds[0] if self.parts.funds else None
        if funds is None or len(totals) < 2:
            return Sums()
        weight, score = totals[:2]
        return Sums(
            weight - funds.weight.value if weight is not None and funds.weight.value is not None else None,
            score - funds.score.value if score is not None and funds.score.value is not None else None,
        )

    def _closing(self, found: Sequence[Token]) -> None:
        """The total row and the grade."""
        words = self.words
        open_total = False
        for index, token in enumerate(found):
            if token.label in words.totals:
                open_total = True
            elif opens_grade(token.text, words):
                self.parts.grade = grade_in([piece.raw for piece in found[index : index + 2]], words)
                return
            elif open_total and is_amount(token.text):
                self.parts.totals.append((None, token.raw))
            else:
                open_total = False


def _lines(rows: Sequence[Row], found: Sequence[Token]) -> list[str]:
    """The printed lines that hold these tokens, inner blanks kept; a line that also holds a label loses it."""
    wanted: dict[int, list[Token]] = {}
    for token in found:
        wanted.setdefault(token.line, []).append(token)
    lines = []
    for row in rows:
        part = wanted.get(row.place.line)
        if not part:
            continue
        line = row.cells[0] if not row.tabular else "  ".join(cell for cell in row.cells if cell)
        start = line.find(part[0].raw)
        lines.append(line[max(start, 0) :])
    return lines


def _text(found: Sequence[Token]) -> str | None:
    return joined(found) or None
