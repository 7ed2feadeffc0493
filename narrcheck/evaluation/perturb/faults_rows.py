"""Faults in what the cells of the indicator rows hold."""

from collections.abc import Iterator
from random import Random

from narrcheck.data import load
from narrcheck.evaluation.perturb.edits import Edit
from narrcheck.evaluation.perturb.numbers import number_in
from narrcheck.evaluation.perturb.variant import Subject, Variant
from narrcheck.filing import Indicator
from narrcheck.quantity.units import parse
from narrcheck.text import squeeze

_DIGITS = "零一二三四五六七八九十"


def row_doubled(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row stands in the table twice."""
    for row in _rows(subject, random):
        alone = sum(squeeze(other.name) == squeeze(row.name) for other in subject.filing.indicators) == 1
        if alone and row.target.raw.strip() and len(squeeze(row.name)) > 1:
            edit = Edit(subject.document).double(row.position)
            yield Variant("row-doubled", edit.document, "name", row.name, row.name, row.name, frozenset(["R01"]))


def unit_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's actual is in the unit of another thing."""
    for row in _rows(subject, random):
        number, unit = number_in(row.actual.raw), row.actual.unit
        target = parse(row.target.unit or "")
        if row.target.value is None or row.actual.value is None or number is None or not unit or target is None:
            continue
        if unit not in row.actual.raw or squeeze(unit) != squeeze(row.target.unit or "") or "/" in unit:
            continue
        units = [word for word in load("perturb.toml")["units"]["foreign"] if _foreign(word, target.kind)]
        new = row.actual.raw.replace(unit, random.choice(units))
        yield _cell(subject, row, "actual", new, "unit-changed", "R03")


def _foreign(word: str, kind: str) -> bool:
    """Whether a unit measures another kind of thing."""
    known = parse(word)
    return known is not None and known.kind != kind


def verdict_for_number(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row with a number as target is answered by one of the form's own verdicts."""
    verdicts = [word for word in load("perturb.toml")["verdict"]["verdicts"] if "%" not in word]
    for row in _numbered(subject, random):
        yield _cell(subject, row, "actual", random.choice(verdicts), "verdict-for-number", "R06")


def word_for_number(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row with a number as target is answered by a word that judges."""
    words = load("perturb.toml")["verdict"]["judging"]
    for row in _numbered(subject, random):
        yield _cell(subject, row, "actual", random.choice(words), "word-for-number", "R04")


def comparator_copied(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's actual copies its target, comparator and all."""
    for row in _numbered(subject, random):
        ways = {"≥": "at_least", ">": "at_least", "≤": "at_most", "<": "at_most"}
        way, number = ways.get(row.target.comparator or ""), number_in(row.target.raw)
        if way is None or number is None or row.target.upper is not None:
            continue
        word = random.choice(load("perturb.toml")["verdict"][way])
        new = word + number.group() + row.target.raw[number.end() :]
        yield _cell(subject, row, "actual", new, "comparator-copied", "R04")


def targets_together(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's target cell holds the target of the next row as well."""
    rows = [row for row in subject.filing.indicators if row.target.value is not None and row.target.comparator]
    random.shuffle(rows)
    for row in rows:
        following = [o for o in rows if o.position == row.position + 1 and o.target.comparator == row.target.comparator]
        if following:
            new = f"{row.target.raw}；{following[0].target.raw}"
            yield _cell(subject, row, "target", new, "targets-together", "R04")


def score_in_words(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's score is written in Chinese numerals instead of digits."""
    for row in _rows(subject, random):
        value = row.score.value
        if value is not None and value == value.to_integral_value() and 1 <= value <= 10:
            after = _DIGITS[int(value)] + "分"
            edit = Edit(subject.document).score(row.position, after)
            yield Variant("score-in-words", edit.document, "score", row.name, row.score.raw, after, frozenset(["R04"]))


def _rows(subject: Subject, random: Random) -> list[Indicator]:
    rows = list(subject.filing.indicators)
    random.shuffle(rows)
    return rows


def _numbered(subject: Subject, random: Random) -> Iterator[Indicator]:
    """The rows whose target and actual are both numbers."""
    for row in _rows(subject, random):
        if row.target.value is not None and row.actual.value is not None:
            yield row


def _cell(subject: Subject, row: Indicator, column: str, text: str, kind: str, rule: str) -> Variant:
    """The filing with another text in a target or actual."""
    edit = Edit(subject.document).put(column, text, row.position)
    before = row.actual.raw if column == "actual" else row.target.raw
    return Variant(kind, edit.document, column, row.name, before, text, frozenset([rule]))
