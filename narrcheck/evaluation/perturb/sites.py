"""Where the numbers of labelled claims stand in a filing, and how they stand to the rows that count the same thing."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from random import Random

from narrcheck.evaluation.labels import ClaimLabel
from narrcheck.evaluation.perturb.variant import Subject
from narrcheck.filing import FieldName, Filing, Indicator
from narrcheck.quantity.compare import Agreement, compare
from narrcheck.quantity.numerals import ARABIC, characters, read_arabic, read_chinese
from narrcheck.text import Text, squeeze

_POWERS = {"十": 10, "百": 100, "千": 1000}
_FIELDS: dict[str, FieldName] = {"note": "note", "actual": "actual", "target": "target"}


@dataclass(frozen=True, slots=True)
class Site:
    """The number of a claim: `start`/`end` are the offsets of its digits in the text of `field` (of the row `holder`,
    for a cell or note), `first`/`last` those of the claim's quote. `row` is the row that counts the same thing."""

    label: ClaimLabel
    field: FieldName
    holder: Indicator | None
    row: Indicator | None
    text: str
    first: int
    last: int
    start: int
    end: int
    value: Decimal

    @property
    def digits(self) -> str:
        """The number as written, without its unit."""
        return self.text[self.start : self.end]

    @property
    def quote(self) -> str:
        """The claim as it stands in the text."""
        return self.text[self.first : self.last]

    def quoted(self, digits: str) -> str:
        """The claim with another number."""
        return self.text[self.first : self.start] + digits + self.text[self.end : self.last]

    def worth(self, digits: str) -> Decimal:
        """The value of the claim with another number in digits, in its unit as written."""
        own = _value(self.digits)
        assert own
        return read_arabic(digits) * (self.value / own)

    def against(self, value: Decimal, unit: str | None, stated: Decimal | None = None) -> Agreement:
        """How the claim, with the number `stated` instead of its own, stands to a table value."""
        said, label = self.value if stated is None else stated, self.label
        upper = None if label.upper is None else Decimal(label.upper)
        return compare(label.modifier, said, upper, label.unit, value, unit or label.unit)

    def agreement(self, stated: Decimal | None = None) -> Agreement:
        """How the claim, with another number, stands to the actual of its row."""
        if self.row is None or self.row.actual.value is None or self.row.actual.upper is not None:
            return Agreement.INCOMPARABLE
        return self.against(self.row.actual.value, self.row.actual.unit or self.row.target.unit, stated)


def sites(subject: Subject, field: str, random: Random | None = None) -> list[Site]:
    """The claims of a kind of text (goal, narrative, note, …) whose number can be placed for certain, as they stand, or
    in random order. Of target tables none: no rule looks at their texts."""
    found = list(_located(subject, field)) if subject.filing.form == "self_evaluation" else []
    if random is not None:
        random.shuffle(found)
    return found


def row_named(filing: Filing, name: str | None) -> Indicator | None:
    """The only row of this name."""
    rows = [row for row in filing.indicators if name is not None and squeeze(row.name) == squeeze(name)]
    return rows[0] if len(rows) == 1 else None


def text_of(filing: Filing, field: str, row: Indicator | None) -> str:
    """The text of goal or narrative, or of a row's cell."""
    if row is None:
        return (filing.goal if field == "goal" else filing.narrative) or ""
    cells = {"note": row.note or "", "actual": row.actual.raw, "target": row.target.raw, "name": row.name}
    return cells[field]


def _located(subject: Subject, field: str) -> Iterator[Site]:
    labels = [label for label in subject.claims if label.field.partition(":")[0] == field]
    again = Counter((label.field, squeeze(label.quote)) for label in labels)
    seen: Counter[tuple[str, str]] = Counter()
    for label in labels:
        key = label.field, squeeze(label.quote)
        nth, seen[key] = seen[key], seen[key] + 1
        holder = row_named(subject.filing, label.field.partition(":")[2] or None)
        if ":" in label.field and holder is None:
            continue
        site = _site(subject.filing, label, holder, nth, again[key])
        if site is not None:
            yield site


def _site(filing: Filing, label: ClaimLabel, holder: Indicator | None, nth: int, labelled: int) -> Site | None:
    """The place of the nth of several labels with one quote; None where the text has that quote more or less often, or
    its number is not clear."""
    field: FieldName = "goal" if label.field == "goal" else _FIELDS.get(label.field.partition(":")[0], "narrative")
    text = Text(text_of(filing, field, holder))
    quote = Text(label.quote).flat
    starts = [found.start() for found in re.finditer(re.escape(quote), text.flat)]
    if len(starts) != labelled:
        return None
    try:
        value = Decimal(label.value)
    except InvalidOperation:
        return None
    number = _number_in(quote, value, label.unit)
    if number is None or label.row_debatable:
        return None
    first, last = text.span(starts[nth], starts[nth] + len(quote))
    start, end = text.span(starts[nth] + number[0], starts[nth] + number[1])
    return Site(label, field, holder, row_named(filing, label.row), text.raw, first, last, start, end, value)


def _number_in(quote: str, value: Decimal, unit: str) -> tuple[int, int] | None:
    """The place of the only number of this value in a quote; of several, of the one before its unit."""
    found = []
    for match in re.finditer(rf"{ARABIC}|[{characters()}]+", quote):
        own = _value(match.group())
        if own is None:
            continue
        power = _POWERS.get(quote[match.end() : match.end() + 1], 1) if match.group()[0].isdigit() else 1
        if value in (own, own * power):
            found.append(match.span())
    if len(found) > 1:
        found = [(start, end) for start, end in found if squeeze(quote[end : end + 6]).startswith(unit[:1])]
    return found[0] if len(found) == 1 else None


def _value(digits: str) -> Decimal | None:
    """The number without a scale that stays in the unit: 1.2 of 1.2万, 2 of 两万."""
    if digits[0].isascii():
        return read_arabic(digits)
    read = read_chinese(digits)
    return None if read is None else read[0]
