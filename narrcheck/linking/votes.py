"""The votes that decide a link, and what each counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from narrcheck.filing import Claim, Indicator
from narrcheck.linking.around import other_rate, own_words
from narrcheck.quantity.compare import Agreement
from narrcheck.quantity.units import comparable, in_base, is_percent, parse, unscaled

AGREES = frozenset([Agreement.EQUAL, Agreement.ROUNDED, Agreement.ADMITTED])
BEST_FIRST = (Agreement.EQUAL, Agreement.ROUNDED, Agreement.ADMITTED)
SAME = frozenset([Agreement.EQUAL, Agreement.ROUNDED])

# What each vote counts, beside wording (0 to 1). A number of more digits agrees by chance less often.
_VALUE_BY_DIGITS = (0.0, 0.1, 0.22, 0.32, 0.4)
_VALUE_ADMITTED = 0.12
_VALUE_DIFFERS = -0.05
VALUE_MISTYPED = 0.25
SCOPE = {"part": -0.15, "extra": -0.15, "cumulative": -0.15, "plan": -0.2}
NEVER = frozenset(["other_year"])
ASIDE = frozenset(["change", "other_year"])
ENOUGH_AGREEING = 0.45
_ENOUGH_DIFFERING = 0.45
_LEAST_WORDING_AGREEING = 0.12
_LEAST_WORDING_DIFFERING = 0.3
_LEAST_WORDING_WITHOUT_VALUE = 0.5
TELLING = 0.45
ABBREVIATED = 0.55
OTHER_HEAD = -0.12


@dataclass(frozen=True, slots=True)
class Vote:
    """A row that may answer a claim. `wording` in 0..1, `score` the sum of votes, `agreement` of the two numbers.

    `cell` is which of several quantities that the row's cells state in words is meant.
    """

    claim: int
    row: int
    score: float
    wording: float
    agreement: Agreement
    cell: int = 0


class Said:
    """The claims of one text counted by unit, 万 and 亿 aside, and by number, for the votes on exclusivity."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        told = list(claims)
        self.units = Counter(unscaled(claim.unit) for claim in told)
        self.numbers = Counter(map(number, told))
        self._own = Counter(claim.unit for claim in told if claim.scope not in ASIDE)
        self._alike: dict[str, int] = {}

    def alike(self, unit: str) -> int:
        """How many claims, figures of change and of other years aside, are in a unit that compares with this one."""
        if unit not in self._alike:
            self._alike[unit] = sum(n for other, n in self._own.items() if other == unit or comparable(other, unit))
        return self._alike[unit]


def number(claim: Claim) -> tuple[Decimal, str]:
    """A claim's value and unit, the same however many of its digits stand in 万 or 亿."""
    return in_base(claim.value, claim.unit), unscaled(claim.unit)


def value_vote(claim: Claim, agreement: Agreement) -> float:
    """What the comparison of the two numbers says for the row."""
    if agreement in SAME:
        return _VALUE_BY_DIGITS[min(significant_digits(claim), 4)]
    if agreement is Agreement.ADMITTED:
        return _VALUE_ADMITTED
    return _VALUE_DIFFERS if agreement is Agreement.DIFFERS else 0.0


def enough(wording: float, score: float, agreement: Agreement, slip: bool) -> bool:
    """Whether the votes carry a link: less wording where the numbers agree or one looks mistyped, more where not."""
    if slip or agreement in AGREES:
        return score >= ENOUGH_AGREEING and wording >= _LEAST_WORDING_AGREEING
    if agreement is Agreement.INCOMPARABLE:
        return wording >= _LEAST_WORDING_WITHOUT_VALUE
    return wording >= _LEAST_WORDING_DIFFERING and score >= _ENOUGH_DIFFERING


def row_unit(row: Indicator) -> str | None:
    """The unit a row counts in, where one of its cells is a plain value."""
    return row.target.unit or row.actual.unit


def of_another(claim: Claim, row: Indicator, agreement: Agreement) -> bool:
    """Whether claim and row are like rates of two things (浆液合格率, 门窗安装合格率), and no number says otherwise.

    Rates of one digit (100%) agree by chance.
    """
    telling = agreement is Agreement.EQUAL and significant_digits(claim) > 1
    return is_percent(claim.unit) and not telling and other_rate(own_words(claim.subject), row.name)


def of_occasions(row: Indicator) -> bool:
    """Whether a row counts how often something is done, by its unit (次, 场) or its name (巡查次数)."""
    known = parse(row_unit(row) or "")
    return row.name.endswith("次数") or (known is not None and known.kind == "event")


def unit_fits(claim: Claim, row: Indicator) -> bool:
    """Whether a claim in this unit could answer the row at all. A row in words takes any unit but a percentage."""
    units = [unit for unit in (row.actual.unit, row.target.unit) if unit]
    if not units:
        return row.target.value is None and row.actual.value is None and not is_percent(claim.unit)
    return any(claim.unit == unit or comparable(claim.unit, unit) for unit in units)


def significant_digits(claim: Claim) -> int:
    """The digits of a claim's number without leading and trailing zeros: 100 has one, 27.50 three."""
    return len(claim.value.normalize().as_tuple().digits)


def slipped(one: Decimal, other: Decimal) -> bool:
    """Whether two numbers of three digits or more differ by a typing slip: digits in another order, a place shifted."""
    first, second = _digits(one), _digits(other)
    if min(len(first), len(second)) < 3 or first == second:
        return first == second and len(first) > 2
    if len(first) == len(second) and one.adjusted() == other.adjusted():
        wrong = sum(a != b for a, b in zip(first, second, strict=True))
        return (sorted(first) == sorted(second) and wrong == 2) or (wrong == 1 and len(first) > 3)
    return False


def _digits(number: Decimal) -> str:
    """The digits without zeros at either end."""
    return "".join(map(str, number.normalize().as_tuple().digits)).strip("0")
