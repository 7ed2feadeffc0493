"""Arithmetic and small readings that several rules share. Rules' own modules hold nothing but rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from narrcheck.data import load
from narrcheck.filing import Claim, Evidence, Filing, FundsRow, Indicator, Number
from narrcheck.quantity.compare import falls_short
from narrcheck.quantity.units import comparable, is_percent
from narrcheck.rules.case import Case
from narrcheck.text import squeeze

HUNDREDTH = Decimal("0.01")
TENTH_SLACK = Decimal("0.05")
HUNDRED = Decimal(100)
ZERO = Decimal(0)
_WIDE = Context(prec=1000)
_RATIO = Context(prec=50)


@lru_cache(maxsize=64)
def words(table: str, key: str) -> frozenset[str]:
    """A word list of data/rules.toml."""
    return frozenset(load("rules.toml")[table][key])


@lru_cache(maxsize=64)
def longest_first(table: str, key: str) -> tuple[str, ...]:
    """A word list of data/rules.toml, longer words before the shorter ones they may hold."""
    return tuple(sorted(words(table, key), key=lambda word: (-len(word), word)))


def places(value: Decimal) -> int:
    """How many decimal places the number was written with."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def cut(value: Decimal, digits: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    """The value with `digits` decimal places; rounded half up unless `rounding` says otherwise."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=rounding, context=_WIDE)


def shown(value: Decimal) -> Decimal:
    """A computed value as a message shows it: two places, or fewer where these are zeros."""
    short = cut(value, 2).normalize(_WIDE)
    return short if places(short) else cut(short, 0)


def same_when_cut(exact: Decimal, written: Decimal) -> bool:
    """Whether `written` is `exact`, rounded or truncated to the places it was written with."""
    digits = places(written)
    return written in (cut(exact, digits), cut(exact, digits, ROUND_DOWN))


def slack(numbers: Iterable[Number]) -> Decimal:
    """How far a sum of scores may be off: 0.05 where a cell has one decimal place, otherwise 0.01."""
    tenths = any(number.value is not None and places(number.value) == 1 for number in numbers)
    return TENTH_SLACK if tenths else HUNDREDTH


def total(values: Iterable[Decimal | None]) -> Decimal:
    """The sum; what is missing counts nothing."""
    return sum((value for value in values if value is not None), ZERO)


def has_note(row: Indicator) -> bool:
    """Whether the row's note says something (无 and a dash say nothing)."""
    note = squeeze(row.note or "")
    return bool(note) and note not in words("notes", "blank")


def total_funds(filing: Filing) -> FundsRow | None:
    """The funds row that the sources add up to: by its label, or the only one that carries a weight or score."""
    known = words("funds", "total")
    named = [row for row in filing.funds if squeeze(row.label) in known]
    if not named:
        named = [row for row in filing.funds if any(squeeze(row.label).endswith(label) for label in known)]
    if named:
        return named[0]
    scored = [row for row in filing.funds if row.weight.value is not None or row.score.value is not None]
    if len(scored) == 1:
        return scored[0]
    return filing.funds[0] if len(filing.funds) == 1 else None


def execution_rate(row: FundsRow) -> Decimal | None:
    """全年执行数 / 全年预算数 in percent; None where either is blank, or the budget zero."""
    if row.executed.value is None or not row.adjusted.value:
        return None
    return _RATIO.divide(row.executed.value * HUNDRED, row.adjusted.value)


@dataclass(frozen=True, slots=True)
class Achieved:
    """What a row reached, with the evidence that states it. `firm` is False for a bound or an approximation."""

    value: Decimal
    unit: str
    evidence: Evidence
    firm: bool = True


def own_value(case: Case, row: Indicator) -> Achieved | None:
    """The value in the row's actual cell, or the quantity that the cell states in words."""
    actual = row.actual
    if actual.value is not None:
        if actual.unit is None and is_percent(row.target.unit or "") and actual.value <= 1:
            return None
        unit = actual.unit or row.target.unit or ""
        return Achieved(actual.value, unit, case.cell(row, "actual"), actual.upper is None)
    return stated_value(case, row, "actual")


def claims_about(case: Case, field: str, row: Indicator) -> list[int]:
    """The positions of the claims linked to `row` in texts of this kind; a note's or cell's only in the row's own."""
    return case.once("claims_about", _by_field_and_row).get((field, row.position), [])


def _by_field_and_row(case: Case) -> dict[tuple[str, int], list[int]]:
    found: dict[tuple[str, int], list[int]] = {}
    for at, claim in enumerate(case.claims):
        if claim.row is not None and claim.in_row in (None, claim.row):
            found.setdefault((claim.field, claim.row), []).append(at)
    return found


def claims_in(case: Case, field: str, row: Indicator) -> list[Claim]:
    """The claims that the row's own text of this kind holds, linked or not."""
    return case.once("claims_in", _by_place).get((field, row.position), [])


def _by_place(case: Case) -> dict[tuple[str, int], list[Claim]]:
    found: dict[tuple[str, int], list[Claim]] = {}
    for claim in case.claims:
        if claim.in_row is not None:
            found.setdefault((claim.field, claim.in_row), []).append(claim)
    return found


def stated_value(case: Case, row: Indicator, field: str) -> Achieved | None:
    """The quantity that a text (`actual` or `note` of the row, or `narrative`) states for the row's result.

    Only claims linked to the row count, not parts, plans, or another year's; of several the one whose words share most
    with the row's name.
    """
    name = set(squeeze(row.name))
    best: tuple[int, int] | None = None
    for at in claims_about(case, field, row):
        claim = case.claims[at]
        if claim.scope not in ("year", "total") or claim.modifier == "at_most":
            continue
        if not comparable(claim.unit, row.target.unit or claim.unit):
            continue
        shared = len(name & set(squeeze(claim.subject)))
        if best is None or shared > best[0]:
            best = (shared, at)
    if best is None:
        return None
    claim = case.claims[best[1]]
    case.compared.add(best[1])
    return Achieved(claim.value, claim.unit, case.claim(claim), claim.modifier == "exact")


def misses(row: Indicator, reached: Achieved | None) -> bool:
    """Whether `reached` certainly falls short of the row's target (or exceeds an upper bound)."""
    if row.target.value is None or reached is None or not reached.firm:
        return False
    return falls_short(row.target, reached.value, reached.unit) is True


def is_own_verdict(raw: str) -> bool:
    """Whether a cell holds one of the form's own verdicts (达成指标, 部分达成年度指标并具有一定效果, 100%完成)."""
    return squeeze(raw).startswith(tuple(words("verdicts", "own")))


def says_shortfall(raw: str) -> bool:
    """Whether a cell's words say that the work was not, or not fully, done."""
    text = squeeze(raw)
    for phrase in words("shortfall", "phrases"):
        at = text.find(phrase)
        if (
            at >= 0
            and not text[:at].endswith(tuple(words("shortfall", "turned")))
            and text[at + len(phrase) :][:1] != "的"
        ):
            return True
    return False
