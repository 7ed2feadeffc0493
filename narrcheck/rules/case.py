"""What a rule sees: one filing with its linked claims and the limits in force, and the means to state a finding."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from narrcheck.advice import Judgement
from narrcheck.catalogue import message
from narrcheck.fields import Fields
from narrcheck.filing import Claim, Evidence, FieldName, Filing, Finding, FundsRow, Indicator, Number
from narrcheck.rules.limits import Limits
from narrcheck.rules.registry import Rule
from narrcheck.text import squeeze

T = TypeVar("T")
_FUNDS_COLUMNS = ("initial", "adjusted", "executed", "weight", "rate", "score")


@dataclass(slots=True)
class Case:
    """The material of one check. Rules read it and yield findings; they change nothing."""

    filing: Filing
    claims: tuple[Claim, ...]
    limits: Limits = field(default_factory=Limits)
    lang: str = "zh"
    rule: Rule | None = None
    judgements: tuple[Judgement, ...] = ()
    compared: set[int] = field(default_factory=set)
    """Positions in `claims` of the claims that a rule compared with something: for the coverage line."""
    _known: dict[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> Fields:
        """The filing's texts as compared."""
        return self.once("fields", lambda case: Fields(case.filing))

    def once(self, name: str, build: Callable[["Case"], T]) -> T:
        """What `build` makes of this case, made once however many rules ask for it under `name`."""
        if name not in self._known:
            self._known[name] = build(self)
        known: T = self._known[name]
        return known

    def cell(self, row: Indicator, column: FieldName) -> Evidence:
        """Evidence that shows a whole cell of an indicator row (name, target, actual, weight, score or note)."""
        value: str | None = None
        unit: str | None = None
        if column == "target" or column == "actual":
            cell = row.target if column == "target" else row.actual
            text, unit = cell.raw, cell.unit
            value = None if cell.value is None else format(cell.value, "f")
        elif column == "weight" or column == "score":
            number = row.weight if column == "weight" else row.score
            text, value = number.raw, None if number.value is None else format(number.value, "f")
        elif column == "note":
            text = row.note or ""
        else:
            text = row.name
        return Evidence(column, text, 0, len(text), row.position, row.name, value, unit)

    def funds_cell(self, row: FundsRow, column: str) -> Evidence:
        """Evidence that shows one cell of a funds row; `column` is a field of FundsRow (initial … score)."""
        number: Number = getattr(row, column)
        unit = "%" if column == "rate" else self.filing.money_unit if column in _FUNDS_COLUMNS[:3] else None
        value = None if number.value is None else format(number.value, "f")
        position = next(at for at, own in enumerate(self.filing.funds) if own is row)
        return Evidence("funds", number.raw, 0, len(number.raw), position, row.label, value, unit, column)

    def claim(self, claim: Claim) -> Evidence:
        """Evidence that shows a claim; the row named is the one whose text holds it."""
        name = None if claim.in_row is None else self.filing.indicators[claim.in_row].name
        return Evidence(
            claim.field, claim.quote, claim.start, claim.end, claim.in_row, name, format(claim.value, "f"), claim.unit
        )

    def total(self, number: Number) -> Evidence:
        """Evidence that shows a cell of the total row."""
        value = None if number.value is None else format(number.value, "f")
        column = "weight" if number is self.filing.total_weight else "score"
        return Evidence("total", number.raw, 0, len(number.raw), None, None, value, None, column)

    def words(self, column: FieldName, text: str, start: int, end: int, row: Indicator | None = None) -> Evidence:
        """Evidence that shows text[start:end] of a field; `text` is the field's whole text."""
        position, name = (None, None) if row is None else (row.position, row.name)
        return Evidence(column, text[start:end], start, end, position, name)

    def finding(self, *evidence: Evidence, variant: str = "", **facts: object) -> Finding:
        """A finding of the running rule. The catalogue entry is the rule's code, or `code.variant`.

        `facts` fill the placeholders of the message. Evidence whose quote is empty is not shown.
        """
        assert self.rule is not None
        shown = tuple(dict.fromkeys(piece for piece in evidence if piece.quote))
        if not shown:
            raise ValueError(f"{self.rule.code}: a finding needs verbatim evidence")
        key = f"{self.rule.code}.{variant}" if variant else self.rule.code
        text = message(key, self.lang, **{name: plain(value) for name, value in facts.items()})
        advice = message(f"{key}.fix", self.lang, **{name: plain(value) for name, value in facts.items()})
        return Finding(
            finding_id(key, self.filing, shown),
            self.rule.code,
            self.rule.name,
            self.rule.severity,
            text,
            advice,
            shown,
        )


def plain(value: object) -> object:
    """A Decimal without exponent, as people write it; a Number as printed; quotation marks inside a quote single."""
    if isinstance(value, Number):
        return value.raw
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.replace("“", "‘").replace("”", "’") if isinstance(value, str) else value


def finding_id(key: str, filing: Filing, evidence: tuple[Evidence, ...]) -> str:
    """Twelve hexadecimal digits from the rule (with variant), project, year and evidence, whatever the layout."""
    parts = [key, squeeze(filing.project or ""), str(filing.year or "")]
    parts += [f"{e.field}|{squeeze(e.name or '')}|{squeeze(e.quote)}" for e in evidence]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def numbered(identity: str, number: int) -> str:
    """The id of the `number`-th finding whose id would be `identity`."""
    return hashlib.sha256(f"{identity}#{number}".encode()).hexdigest()[:12]
