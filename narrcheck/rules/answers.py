"""What the rules about text share: comparing claims with rows and with each other, and trying sums."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from narrcheck.data import load
from narrcheck.filing import Claim, Indicator
from narrcheck.parts import on
from narrcheck.quantity.compare import Agreement, compare
from narrcheck.quantity.lexicon import either
from narrcheck.quantity.numerals import chinese
from narrcheck.quantity.units import comparable, conflicting, in_base
from narrcheck.rules.case import Case
from narrcheck.wording import Phrase, Vocabulary, phrase

_HAIR = Decimal("0.01")
_PAIR_WORDING = 0.45
_SHARES_WORDS = 0.25
_MOST_ADDENDS = 4
_MOST_CANDIDATES = 12
_MOST_PAIRED = 400
_OF_THE_YEAR = ("year", "total")
ALIKE = 0.2
"""The share of a row's name in a claim's words from which the row may be an addend of the claim."""


def against(claim: Claim, value: Decimal, unit: str | None) -> Agreement:
    """How a claim stands to a table value; a value without unit is taken to be in the claim's."""
    return compare(claim.modifier, claim.value, claim.upper, claim.unit, value, unit or claim.unit)


def between(first: Claim, second: Claim) -> Agreement:
    """How two claims about one thing stand to each other: they agree where either admits the other's number."""
    kinds = (against(first, second.value, second.unit), against(second, first.value, first.unit))
    for kind in (Agreement.EQUAL, Agreement.ROUNDED, Agreement.ADMITTED):
        if kind in kinds:
            return kind
    return kinds[0]


def base_value(claim: Claim) -> Decimal:
    """The claim's value in the smallest unit of its kind (万人次 → 人次, 公里 → 米)."""
    return in_base(claim.value, claim.unit)


def less(reported: Decimal, reported_unit: str, promised: Claim) -> bool | None:
    """Whether a reported value stays behind what the goal states (exceeds it, for an upper bound).

    None where the units do not compare. A hair's breadth that rounding explains is not behind.
    """
    if not comparable(reported_unit or promised.unit, promised.unit):
        return None
    done, asked = in_base(reported, reported_unit or promised.unit), base_value(promised)
    kind = against(promised, reported, reported_unit)
    if kind is Agreement.EQUAL or kind is Agreement.ADMITTED:
        return False
    if kind is Agreement.ROUNDED and abs(done - asked) <= asked * _HAIR:
        return False
    return done > asked if promised.modifier == "at_most" else done < asked


def adds_up(total: Decimal, addends: Sequence[Decimal], must: Decimal | None = None) -> bool:
    """Whether two to four of the addends (`must` among them) make exactly the total."""
    if not on("sums"):
        return False
    pool = [value for value in addends if 0 < value < total][:_MOST_CANDIDATES]
    if must is not None:
        if must not in pool:
            return False
        pool.remove(must)
        return any(
            sum(chosen, must) == total for size in range(1, _MOST_ADDENDS) for chosen in combinations(pool, size)
        )
    return any(sum(chosen) == total for size in range(2, _MOST_ADDENDS + 1) for chosen in combinations(pool, size))


def about(claim: Claim) -> Phrase:
    """What a claim is about, as words; a number in Chinese numerals is none of them."""
    first, last = (max(0, place - claim.start) for place in (claim.number_start, claim.number_end))
    figures = _spelled().sub("0", claim.quote[first:last])
    return phrase(f"{claim.subject}，{claim.quote[:first]}{figures}{claim.quote[last:]}")


@lru_cache(maxsize=1)
def _spelled() -> re.Pattern[str]:
    return re.compile(chinese())


def own_words(claim: Claim) -> Phrase:
    """What a claim is about, without the words it borrows from a neighbour, which stand in brackets."""
    return phrase(claim.subject.split("（", 1)[0] or claim.quote)


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim of the goal and the claim of the narrative that answers it: positions in the case's claims."""

    promised: int
    reported: int
    wording: float


def goal_answers(case: Case) -> dict[int, int]:
    """For each claim of the goal, the narrative's claim about the same thing: by a common row, otherwise by wording."""
    return case.once("goal answers", _goal_answers)


def row_words(case: Case) -> Vocabulary:
    """The words of the form's row names, weighted by rarity."""
    return case.once("row words", lambda c: Vocabulary([phrase(row.name) for row in c.filing.indicators]))


def _goal_answers(case: Case) -> dict[int, int]:
    goals = [at for at, c in enumerate(case.claims) if c.field == "goal"]
    told = [
        at for at, c in enumerate(case.claims) if c.field == "narrative" and c.scope not in ("change", "other_year")
    ]
    answers: dict[int, int] = {}
    by_row: dict[int | None, int] = {}
    for other in told:
        by_row.setdefault(case.claims[other].row, other)
    for at in goals:
        row = case.claims[at].row
        if row is not None and row in by_row:
            answers[at] = by_row[row]
    used = set(answers.values())
    pairs = sorted(_alike(case, goals, told), key=lambda pair: (-pair.wording, pair.promised, pair.reported))
    for pair in pairs:
        if pair.promised not in answers and pair.reported not in used:
            answers[pair.promised] = pair.reported
            used.add(pair.reported)
    return answers


def _alike(case: Case, goals: Sequence[int], told: Sequence[int]) -> Iterator[Pair]:
    goals, told = _distinct(case, goals), _distinct(case, told)
    phrases = {at: about(case.claims[at]) for at in (*goals, *told)}
    vocabulary = Vocabulary([phrases[at] for at in goals])
    for promised in goals:
        for reported in told:
            first, second = case.claims[promised], case.claims[reported]
            if not comparable(first.unit, second.unit) or _crosswise(first, second):
                continue
            said = vocabulary.coverage(phrases[promised], phrases[reported].features)
            back = vocabulary.coverage(phrases[reported], phrases[promised].features)
            wording = max(said, back) * 0.6 + min(said, back) * 0.4
            wording += 0.15 if between(first, second) is Agreement.EQUAL else 0.0
            if wording >= _PAIR_WORDING:
                yield Pair(promised, reported, wording)


def _distinct(case: Case, positions: Sequence[int]) -> list[int]:
    """One position for each thing said; a text that repeats itself is compared once, a very long one in part."""
    first: dict[tuple[str, Decimal, str], int] = {}
    for at in positions:
        claim = case.claims[at]
        first.setdefault((claim.subject, claim.value, claim.unit), at)
    return list(first.values())[:_MOST_PAIRED]


def _crosswise(promised: Claim, reported: Claim) -> bool:
    """Two claims that different rows answer are about different things; so are a part and a whole."""
    if promised.row is not None and reported.row is not None and promised.row != reported.row:
        return True
    return (promised.scope == "part") != (reported.scope == "part")


def rows_alike(case: Case, row: Indicator, unit: str) -> list[Indicator]:
    """The quantitative rows in a unit that compares: those that may share a sum with `row`."""
    return [r for r in case.filing.indicators if r.target.value is not None and comparable(r.target.unit or unit, unit)]


def coordinated(case: Case, claim: Claim) -> list[Indicator]:
    """The rows of the things that a claim counts together, one for each (检修闸门和水泵共90台 and a row for either).

    Their units need not compare (户, 家), but may not conflict. Empty where not every thing has a row of its own.
    """
    if not on("sums"):
        return []
    text, (number, _) = case.fields.of(claim).flat, case.fields.number(claim)
    items = _joined().split(text[case.fields.clause(claim)[0] : number])
    if len(items) < 2:
        return []
    rows = [
        row
        for row in case.filing.indicators
        if row.target.value is not None and not conflicting(row.target.unit or claim.unit, claim.unit)
    ]
    found: list[Indicator] = []
    for item in items:
        said = phrase(item).features
        shares = [row_words(case).coverage(phrase(row.name), said) for row in rows]
        best = max(shares, default=0.0)
        if best <= ALIKE or shares.count(best) > 1:
            return []
        found.append(rows[shares.index(best)])
    return found if len({row.position for row in found}) == len(found) else []


@lru_cache(maxsize=1)
def _joined() -> re.Pattern[str]:
    """What joins the things that a number counts together."""
    return re.compile(rf"、|{either(load('wording.toml')['list_and'])}")


def values_near(case: Case, claim: Claim, row: int | None, reach: int = 80) -> list[Decimal]:
    """The values of claims in the same text and a comparable unit that stand within `reach` characters of one.

    Only those that may be addends of the row at position `row`: no claim that counts what another row counts, none that
    is a part of the claim itself or of another number, no running total and no plan.
    """
    start, end = case.fields.number(claim)
    flat = case.fields.of(claim).flat
    near = _between(case, claim, max(start - reach, 0), min(end + reach, len(flat)))
    return [
        base_value(c)
        for c in near
        if c is claim
        or (c.row in (None, row) and (c.scope in _OF_THE_YEAR or (c.whole is not None and c.whole == claim.whole)))
    ]


def values_in_clause(case: Case, claim: Claim, row: Indicator) -> list[Decimal]:
    """The values of claims in the same clause and a comparable unit that share words with a row's name."""
    name = phrase(row.name)
    near = _between(case, claim, *case.fields.clause(claim))
    return [base_value(c) for c in near if row_words(case).coverage(name, about(c).features) >= _SHARES_WORDS]


def _between(case: Case, claim: Claim, start: int, end: int) -> list[Claim]:
    """The claims of this year in a comparable unit between two places of the text that holds a claim."""
    start, end = case.fields.of(claim).span(start, end)
    places = case.once("places", _places)[claim.field, claim.in_row]
    first = bisect_left(places, start, key=lambda c: c.number_start)
    last = bisect_left(places, end, key=lambda c: c.number_start)
    return [
        other
        for other in places[first:last]
        if other.scope not in ("change", "other_year") and comparable(other.unit, claim.unit)
    ]


def _places(case: Case) -> dict[tuple[str, int | None], list[Claim]]:
    """The claims of each text in order of place."""
    places: dict[tuple[str, int | None], list[Claim]] = {}
    for claim in case.claims:
        places.setdefault((claim.field, claim.in_row), []).append(claim)
    for claims in places.values():
        claims.sort(key=lambda claim: claim.number_start)
    return places
