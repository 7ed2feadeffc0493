"""Faults in weights, scores, total and grade."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from narrcheck.data import load
from narrcheck.evaluation.perturb.edits import Edit
from narrcheck.evaluation.perturb.numbers import number_in, slips, times_ten, written_like
from narrcheck.evaluation.perturb.sites import sites
from narrcheck.evaluation.perturb.variant import Subject, Variant
from narrcheck.filing import Filing, Indicator, Number
from narrcheck.quantity.compare import falls_short, share
from narrcheck.quantity.numerals import read_arabic
from narrcheck.quantity.units import is_percent
from narrcheck.rules.figures import has_note, total_funds

_TENTH = Decimal("0.1")
_HUNDRED = Decimal(100)
_OVER = Decimal("1.5")
_LEAST_OVER = 3
# Where in the band of a verdict a score would be wrong: above what 部分达成 and 未达成 allow.
_ABOVE_BAND = {"partly_met": Decimal("0.9"), "not_met": Decimal("0.7")}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The weights and scores of a form whose every row is scored, funds included, and its total."""

    filing: Filing

    @property
    def adds_up(self) -> bool:
        """Whether every score is there and they come to the total."""
        cells = [row.score.value for row in self.filing.indicators] + self._funds("score")
        total = self.filing.total_score.value
        return total is not None and _sum(cells) == total

    @property
    def weights_add_up(self) -> bool:
        """Whether every weight is there and they come to 100."""
        return _sum([row.weight.value for row in self.filing.indicators] + self._funds("weight")) == _HUNDRED

    def _funds(self, column: str) -> list[Decimal | None]:
        row = total_funds(self.filing)
        if row is None or (row.weight.value is None and row.score.value is None):
            return [None] if any(row.rate.value is not None for row in self.filing.funds) else []
        return [getattr(row, column).value]


def _sum(values: list[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def score_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's score has a wrong digit, so that the scores do not come to the total."""
    for row in _rows(subject, random) if Sheet(subject.filing).adds_up else ():
        for digits in _slips(row.score, random):
            new = read_arabic(digits)
            if row.score.value is None or row.weight.value is None or new > row.weight.value:
                continue
            if abs(new - row.score.value) > _TENTH:
                yield _scored(subject, row, digits, "score-changed", "S01")
                break


def score_over_weight(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's score is above its weight."""
    for row in _rows(subject, random):
        if row.weight.value is None or row.score.value is None or row.score.value > row.weight.value:
            continue
        wrong = [new for new in _slips(row.score, random) if read_arabic(new) > row.weight.value]
        if wrong:
            yield _scored(subject, row, wrong[0], "score-over-weight", "S03")


def weight_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's weight has a wrong digit, so that the weights do not come to 100."""
    filing = subject.filing
    whole = filing.total_weight.value is not None or filing.total_score.value is not None
    for row in _rows(subject, random) if Sheet(filing).weights_add_up and whole else ():
        for digits in _slips(row.weight, random):
            if row.score.value is None or read_arabic(digits) >= row.score.value:
                edit = Edit(subject.document).score(row.position, digits, "weight")
                rules = frozenset(["S02"])
                yield Variant("weight-changed", edit.document, "weight", row.name, row.weight.raw, digits, rules)
                break


def total_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """总分 has a wrong digit."""
    total = subject.filing.total_score
    for digits in _slips(total, random) if Sheet(subject.filing).adds_up else ():
        if total.value is not None and abs(read_arabic(digits) - total.value) > _TENTH:
            edit = Edit(subject.document).total(digits)
            yield Variant("total-changed", edit.document, "total", None, total.raw, digits, frozenset(["S01"]))


def grade_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """评分等级 is another than the total's."""
    total, grade = subject.filing.total_score.value, subject.filing.grade
    bands: list[tuple[str, int]] = load("perturb.toml")["grades"]["bands"]
    due = next((name for name, least in bands if total is not None and total >= least), None)
    if due is None or not grade or not grade.strip().startswith(due):
        return
    others = [name for name, _ in bands if name != due]
    random.shuffle(others)
    for name in others:
        edit = Edit(subject.document).put("grade", name)
        yield Variant("grade-changed", edit.document, "grade", None, grade, name, frozenset(["S07"]))


def score_raised(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row that missed its target has the full score, and the total with it."""
    for row in _rows(subject, random):
        weight, score = row.weight.value, row.score.value
        below = row.actual.status in _ABOVE_BAND or _missed(row)
        if below and weight and score is not None and score < weight:
            yield _rescored(subject, row, row.weight.raw, "score-raised", "S04", *_refuted(row))


def score_off_rule(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row that missed its target has more than its share of the weight, and the total with it."""
    for row in _rows(subject, random):
        weight, score = row.weight.value, row.score.value
        part = _ABOVE_BAND.get(row.actual.status or "")
        if part is None and _missed(row):
            assert row.actual.value is not None
            reached = share(row.target, row.actual.value, row.actual.unit or row.target.unit or "")
            part = None if reached is None else (reached.max(Decimal(0)) + 1) / 2
        if part is None or not weight or score is None or score >= weight:
            continue
        new = (weight * part).quantize(_TENTH)
        if score < new < weight and (row.actual.status or weight * (2 * part - 1) + _TENTH < new):
            yield _rescored(subject, row, written_like(new, row.score.raw), "score-off-rule", "S08")


def score_deducted(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row that reached its target lacks a tenth of its score, without a note, and the total with it."""
    for row in _rows(subject, random):
        weight = row.weight.value
        reached = row.actual.status == "met" or _met(row)
        if reached and weight and row.score.value == weight and not has_note(row):
            new = (weight * Decimal("0.9")).quantize(_TENTH)
            if new < weight:
                yield _rescored(subject, row, written_like(new, row.score.raw), "score-deducted", "S05")


def note_dropped(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row that missed its target has lost the note that says why."""
    for row in _rows(subject, random):
        weight, score = row.weight.value, row.score.value
        below = row.actual.status in _ABOVE_BAND or _missed(row)
        told = [site for site in sites(subject, "narrative") if site.row is row]
        if row.actual.status and any(falls_short(row.target, site.value, site.label.unit) is False for site in told):
            continue  # the narrative refutes the verdict, which weighs more
        if below and has_note(row) and weight is not None and score is not None and score < weight:
            edit = Edit(subject.document).put("note", None, row.position)
            rules = frozenset(["S06", *_refuted(row)])
            yield Variant("note-dropped", edit.document, "note", row.name, row.note or "", "", rules)


def exchanged(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's target and actual have changed places, so that the row misses its target."""
    for row in _rows(subject, random):
        asked, done = number_in(row.target.raw), number_in(row.actual.raw)
        if asked is None or done is None or not _met(row) or row.target.value == row.actual.value:
            continue
        if (row.target.unit or row.actual.unit) != (row.actual.unit or row.target.unit) or row.target.value == 0:
            continue
        edit = Edit(subject.document)
        edit.replace("target", *asked.span(), done.group(), row.position)
        edit.replace("actual", *done.span(), asked.group(), row.position)
        rules, before = _for_missing(row), f"{row.target.raw} / {row.actual.raw}"
        after = [edit.text(column, row.position) for column in ("target", "actual")]
        if rules and _misses_exchanged(row):
            yield Variant("exchanged", edit.document, "actual", row.name, before, " / ".join(after), rules)


def actual_times_ten(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's actual has a zero too many, so that it is far above its target."""
    for row in _rows(subject, random):
        target, number = row.target, number_in(row.actual.raw)
        if number is None or not _met(row) or target.comparator in ("≤", "<") or not target.value or has_note(row):
            continue
        if is_percent(target.unit or row.actual.unit or "") or row.actual.unit not in (None, target.unit):
            continue
        assert row.actual.value is not None
        if row.actual.value >= target.value * _OVER or row.actual.value * 10 - target.value < _LEAST_OVER:
            continue
        edit = Edit(subject.document).replace("actual", *number.span(), times_ten(number.group()), row.position)
        after = edit.text("actual", row.position)
        yield Variant("actual-times-ten", edit.document, "actual", row.name, row.actual.raw, after, frozenset(["S09"]))


def _for_missing(row: Indicator) -> frozenset[str]:
    """The rules that speak for a row which misses its target, by its score and note."""
    if row.weight.value is None or row.score.value is None:
        return frozenset() if has_note(row) else frozenset(["S06"])
    if row.score.value == row.weight.value:
        return frozenset(["S04"])
    return frozenset() if has_note(row) else frozenset(["S06"])


def _misses_exchanged(row: Indicator) -> bool:
    if row.target.comparator in (None, "="):
        assert row.actual.value is not None and row.target.value is not None
        return row.target.value < row.actual.value
    return True


def _missed(row: Indicator) -> bool:
    return _short(row) is True


def _met(row: Indicator) -> bool:
    return _short(row) is False


def _short(row: Indicator) -> bool | None:
    """Whether the row's actual misses its target; None where either is no single number."""
    actual = row.actual
    if actual.value is None or actual.upper is not None or row.target.upper is not None:
        return None
    return falls_short(row.target, actual.value, actual.unit or row.target.unit or "")


def _slips(number: Number, random: Random) -> Iterator[str]:
    raw = number.raw.strip()
    return slips(raw, random) if number.value is not None and raw.replace(".", "").isdecimal() else iter(())


def _rows(subject: Subject, random: Random) -> list[Indicator]:
    """The rows in random order; of target tables none, which have no scores."""
    rows = list(subject.filing.indicators) if subject.filing.form == "self_evaluation" else []
    random.shuffle(rows)
    return rows


def _scored(subject: Subject, row: Indicator, digits: str, kind: str, rule: str) -> Variant:
    """The filing with another score in a row."""
    edit = Edit(subject.document).score(row.position, digits)
    return Variant(kind, edit.document, "score", row.name, row.score.raw, digits, frozenset([rule]))


def _refuted(row: Indicator) -> tuple[str, ...]:
    """The rule that speaks instead where a row's verdict is refuted as well."""
    return () if row.actual.status is None else ("N07",)


def _rescored(subject: Subject, row: Indicator, digits: str, kind: str, *rules: str) -> Variant:
    """The filing with another score in a row, and a total that counts it."""
    edit = Edit(subject.document).score(row.position, digits)
    total = subject.filing.total_score
    if total.value is not None and row.score.value is not None:
        edit.total(written_like(total.value + read_arabic(digits.strip()) - row.score.value, total.raw))
    return Variant(kind, edit.document, "score", row.name, row.score.raw, digits, frozenset(rules))
