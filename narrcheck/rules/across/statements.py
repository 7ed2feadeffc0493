"""What a filing states that another may contradict: actuals of rows and claims of the narrative, with their thing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from narrcheck.filing import Claim, Evidence, Indicator, Modifier
from narrcheck.quantity.compare import Agreement, compare
from narrcheck.quantity.units import in_base, is_percent
from narrcheck.rules.across.members import Member, cells, stated_claim
from narrcheck.rules.across.names import Thing, kind_of, row_name, says_stock, thing

_NUMBER = re.compile(r"\d")
_CLAUSE_END, _SENTENCE_END = re.compile(r"[，,。；;！!？?：:\n]"), re.compile(r"[。；;！!？?\n]")
_DATES = re.compile(r"\d{1,4}(?:年度?|月|日)")
_YEAR = re.compile(r"(?<!\d)(20\d{2})年")
_REACH = 120  # characters before a number that are looked at
_SCOPES = ("year", "total")
_SCALE = 4  # a slip by up to 万
_LONG, _SHORT = 4, 3


@dataclass(frozen=True, slots=True)
class Statement:
    """A value for a thing: `name` and `text` as printed, `row` the row it stands in or is linked to.

    `clause` and `sentence` are what stands before the number in its clause and its sentence; of a row, its name.
    """

    member: Member
    name: str
    text: str
    value: Decimal
    upper: Decimal | None
    unit: str
    modifier: Modifier
    evidence: Evidence
    row: Indicator | None
    in_narrative: bool
    clause: str = ""
    sentence: str = ""

    @property
    def thing(self) -> Thing:
        """What it is about. That the whole unit is meant may stand before a claim's subject (全市共有…)."""
        about = thing(self.name)
        if not self.in_narrative or about.marked:
            return about
        before, *_ = _NUMBER.split(self.evidence.quote, 1)
        return replace(about, marked=thing(before).marked)

    @property
    def kind(self) -> str:
        return kind_of(self.unit)

    @property
    def base(self) -> Decimal:
        """The value in the yardstick of its unit."""
        return in_base(self.value, self.unit)


def of_rows(member: Member) -> Iterator[Statement]:
    """The actuals that are numbers, of the rows whose name no other row bears."""
    for row in alone_in_name(member).values():
        actual = row.actual
        if actual.value is not None:
            ((_, shown),) = cells(member, row, "actual")
            unit = actual.unit or row.target.unit or ""
            told = (member, row.name, actual.raw, actual.value, actual.upper, unit)
            yield Statement(*told, "exact", shown, row, False, row.name, row.name)


def alone_in_name(member: Member) -> dict[str, Indicator]:
    """The rows by name; a name that several rows bear is left out."""
    found: dict[str, Indicator] = {}
    twice: set[str] = set()
    for row in member.filing.indicators:
        name = row_name(row.name)
        if name in found:
            twice.add(name)
        found[name] = row
    return {name: row for name, row in found.items() if name and name not in twice}


def of_claims(member: Member) -> Iterator[Statement]:
    """The quantities of the narrative that stand for the whole year; what the unit has as a whole may be a running
    total as well."""
    narrative = member.filing.narrative or ""
    for claim in member.claims:
        if claim.field != "narrative":
            continue
        _, shown = stated_claim(member, claim)
        clause, sentence = _before(narrative, shown)
        if not _of_the_year(claim, clause) or _of_another_year(member, shown):
            continue
        text = narrative[claim.number_start : claim.number_end]
        row = None if claim.row is None else member.filing.indicators[claim.row]
        told = (member, claim.subject, text, claim.value, claim.upper, claim.unit)
        yield Statement(*told, claim.modifier, shown, row, True, clause, sentence)


def _before(text: str, quote: Evidence) -> tuple[str, str]:
    """What stands before a claim's number in its clause and in its sentence, dates left out."""
    head = text[max(0, quote.start - _REACH) : quote.start]
    number = re.search(rf"\d[\d.,，]*\s*{re.escape(quote.unit or '')}", quote.quote)
    own = _DATES.sub("", quote.quote[: number.start()]) if number else ""
    clause = own or _NUMBER.split(_DATES.sub("", _CLAUSE_END.split(head)[-1]), maxsplit=1)[0]
    return clause, _SENTENCE_END.split(head)[-1] + own


def _of_the_year(claim: Claim, clause: str) -> bool:
    if claim.scope != "cumulative":
        return claim.scope in _SCOPES
    about = thing(claim.subject)
    return about.whole or about.marked or says_stock(clause)


def _of_another_year(member: Member, quote: Evidence) -> bool:
    """Whether the clause names another year than the form's (2023年末)."""
    head = (member.filing.narrative or "")[max(0, quote.start - _REACH) : quote.start]
    years = {int(year) for year in _YEAR.findall(_CLAUSE_END.split(head)[-1] + quote.quote)}
    return bool(years) and member.filing.year not in years


def is_rate(statement: Statement) -> bool:
    return is_percent(statement.unit) or "/" in statement.kind


def contradict(one: Statement, other: Statement) -> bool:
    """Whether the two values cannot both be right, whichever of them is the more exact."""
    forth = compare(one.modifier, one.value, one.upper, one.unit, other.value, other.unit)
    back = compare(other.modifier, other.value, other.upper, other.unit, one.value, one.unit)
    return forth is back is Agreement.DIFFERS


def digits(value: Decimal) -> int:
    """The number of digits that carry something: 3 for 12600."""
    return len(value.normalize().as_tuple().digits)


def near(one: Decimal, other: Decimal, share: Decimal) -> bool:
    """Whether two values differ by at most this share of the larger."""
    return abs(one - other) <= max(abs(one), abs(other)) * share


def slipped(one: Decimal, other: Decimal) -> bool:
    """Whether two numbers of three digits or more differ as by a slip of typing.

    Two neighbouring digits changed places, the point moved, or, in four digits or more, one was mistyped or left out.
    """
    if min(digits(one), digits(other)) < _SHORT:
        return False
    first, second = one.normalize().as_tuple(), other.normalize().as_tuple()
    if first.digits == second.digits:
        return abs(int(first.exponent) - int(second.exponent)) <= _SCALE
    low = min(int(first.exponent), int(second.exponent))
    a, b = (format(value.scaleb(-low), ".0f") for value in (one, other))
    if len(a) == len(b):
        wrong = [at for at in range(len(a)) if a[at] != b[at]]
        if len(wrong) == 1:
            return len(a) >= _LONG
        first_at, last_at = wrong[0], wrong[-1]
        return last_at == first_at + 1 and a[first_at] == b[last_at] and a[last_at] == b[first_at]
    short, long = sorted((a, b), key=len)
    if len(long) != len(short) + 1 or len(short) < _SHORT or len(long) < _LONG:
        return False
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
