"""What was changed beside the places of a finding that was resolved, where these alone do not show why."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from narrcheck.filing import Evidence, FieldName, Filing, Indicator
from narrcheck.resubmission.likeness import Index, held, words
from narrcheck.resubmission.places import CLAUSE, shown
from narrcheck.resubmission.rows import Rows
from narrcheck.resubmitted import Now
from narrcheck.text import squeeze

_CELLS: tuple[FieldName, ...] = ("name", "target", "actual", "weight", "score", "note")
_ALWAYS: tuple[FieldName, ...] = ("name", "note")
_TEXTS = ("goal", "narrative")
_MOST = 6
_LONGEST = 20_000
_ANSWERS = 0.5


class Beside:
    """The rows and texts of two versions of a form, asked for what the evidence of a finding leaves out."""

    def __init__(self, old: Filing, new: Filing, rows: Rows) -> None:
        self._old, self._new, self._rows = old, new, rows
        self._then = {row.position: row for row in old.indicators}
        self._today = {row.position: row for row in new.indicators}

    def told(self, said: Sequence[Now]) -> tuple[Now, ...]:
        """What changed in the rows of the places `said`: names and notes, and the other cells where no place itself
        changed. Failing these, the rows that a total counts, what answers a goal, or the clauses around the quotes. An
        earlier quote that is empty stands for what was added."""
        touched = any(now.text is None or squeeze(now.text) != squeeze(now.earlier.quote) for now in said)
        found = list(self._cells(said, _ALWAYS if touched else _CELLS))
        if not touched and not found:
            found = [*self._counted(said), *self._answers(said)] or list(self._around(said))
        return tuple(found[:_MOST])

    def _cells(self, said: Sequence[Now], fields: Sequence[FieldName]) -> Iterator[Now]:
        known = {(now.earlier.row, now.earlier.field) for now in said}
        own = (now.earlier.row for now in said if now.earlier.field != "funds")
        for position in dict.fromkeys(own):
            then = None if position is None else self._then.get(position)
            if then is not None and (today := self._row(then.position)) is not None:
                for field in fields:
                    if (position, field) not in known and squeeze(shown(then, field)) != squeeze(shown(today, field)):
                        yield Now(_piece(then, field), shown(today, field))

    def _counted(self, said: Sequence[Now]) -> Iterator[Now]:
        """The rows whose weight or score is another, those that are gone and those that were added."""
        columns = dict.fromkeys(now.earlier.column for now in said if now.earlier.field == "total")
        for field in (field for field in _CELLS if field in columns):
            for row in self._old.indicators:
                today = self._row(row.position)
                text = None if today is None else shown(today, field)
                if text is None or squeeze(text) != squeeze(shown(row, field)):
                    yield Now(_piece(row, field), text)
        if columns:
            yield from (_added(row) for row in self._new_rows)

    def _answers(self, said: Sequence[Now]) -> Iterator[Now]:
        """What was added to the narrative or the table that is like a quantity of the goal."""
        if any(now.earlier.field not in _TEXTS for now in said):
            return
        for wanted in (words(now.earlier.quote) for now in said if now.earlier.field == "goal"):
            near = self._new_clauses.near(wanted, 0)
            best = max(near, key=lambda at: held(wanted, self._new_clauses.words[at]), default=None)
            if best is not None and held(wanted, self._new_clauses.words[best]) >= _ANSWERS:
                yield Now(Evidence("narrative", "", 0, 0), self._new_clauses.texts[best].strip())
            yield from (_added(row) for row in self._new_rows if held(words(row.name), wanted) >= _ANSWERS)

    def _around(self, said: Sequence[Now]) -> Iterator[Now]:
        """The clauses that hold the quotes, where these stand and something else in their clause is another."""
        quotes = {(now.earlier.field, squeeze(now.earlier.quote)): None for now in said if now.earlier.field in _TEXTS}
        found = {}
        for field, quote in quotes:
            then, today = (_holding(getattr(form, field) or "", quote) for form in (self._old, self._new))
            if then and today and squeeze(then) != squeeze(today):
                found[field, then] = Now(Evidence(field, then, 0, len(then)), today)
        yield from found.values()

    def _row(self, position: int) -> Indicator | None:
        place = self._rows.own(position)
        return None if place is None else self._today.get(place)

    @cached_property
    def _new_rows(self) -> list[Indicator]:
        known = set(self._rows.now.values())
        return [row for row in self._new.indicators if row.position not in known]

    @cached_property
    def _new_clauses(self) -> Index:
        """The clauses of the narrative that the earlier one did not have."""
        then = set(map(squeeze, CLAUSE.findall(self._old.narrative or "")))
        return Index(part for part in CLAUSE.findall(self._new.narrative or "") if squeeze(part) not in then)


def _holding(text: str, quote: str) -> str:
    """The clause that holds a quote, empty where none does or the text is too long to look for it."""
    if len(text) > _LONGEST:
        return ""
    return next((part.strip() for part in CLAUSE.findall(text) if quote in squeeze(part)), "")


def _piece(row: Indicator, field: FieldName) -> Evidence:
    text = shown(row, field)
    return Evidence(field, text, 0, len(text), row.position, row.name)


def _added(row: Indicator) -> Now:
    return Now(Evidence("name", "", 0, 0, row.position, row.name), row.name)
