"""One thing with two numbers, in two places of a text or in two texts: a part of N08."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from narrcheck.data import load
from narrcheck.filing import Claim, Finding
from narrcheck.quantity.compare import Agreement
from narrcheck.quantity.lexicon import either
from narrcheck.quantity.units import comparable, unscaled
from narrcheck.rules.answers import about, base_value, between
from narrcheck.rules.case import Case
from narrcheck.wording import excluded, kinds, of_other_extent, of_remainder, planned

_LEAST_WORDS = 10
_MOST_PER_ROW = 40
_MOST_ASIDE = 200
_SAME_THING = 0.5
_NEAR = 2
_LEAST_SUBJECT = 4
_OF_THE_YEAR = ("year", "total")
_SENTENCE_ENDS = re.compile("[。；;]")
_SEVERAL = re.compile(r"\d|[一二三四五六七八九十]是")


def two_values(case: Case) -> Iterable[Finding]:
    """One thing with two numbers: in two places of a text, in the narrative and in the words of a row, or in a note."""
    first_said: dict[str, int] = {}
    sums: dict[str, tuple[int, bool]] = {}
    in_words: dict[int, list[int]] = {}
    for at, claim in enumerate(case.claims):
        if claim.field not in ("narrative", "actual", "note") or claim.scope not in _OF_THE_YEAR:
            continue
        if claim.row is not None and case.filing.indicators[claim.row].actual.value is None:
            in_words.setdefault(claim.row, []).append(at)
        if claim.field != "narrative":
            continue
        words, whole = _words_around(case, claim), _sum_of(case, at)
        other = at if words is None else first_said.setdefault(words, at)
        if whole is not None and other == at:
            earlier, apart = sums.setdefault(whole.words, (at, whole.apart))
            other = at if apart and whole.apart else earlier
        if other != at:
            yield from _differing(case, other, at)
    for members in in_words.values():
        yield from _told_twice(case, members[:_MOST_PER_ROW])
    yield from _told_aside(case)


def _told_twice(case: Case, members: list[int]) -> Iterator[Finding]:
    """Claims about one row, each against the claim of another text that shares most of its words."""
    for position, first in enumerate(members):
        alike = [(_likeness(case.claims[first], case.claims[second]), -second) for second in members[position + 1 :]]
        likeness, second = max(alike, default=(0.0, 0))
        if likeness >= _SAME_THING:
            yield from _differing(case, first, -second)


def _told_aside(case: Case) -> Iterator[Finding]:
    """Claims of notes and cells that no row answers, against the one claim of the narrative that no row answers either
    and that says the same in the same unit."""
    free = [at for at, claim in enumerate(case.claims) if claim.row is None and claim.scope in _OF_THE_YEAR]
    told = [at for at in free if case.claims[at].field == "narrative"][:_MOST_ASIDE]
    aside = [at for at in free if case.claims[at].field in ("actual", "note")][:_MOST_ASIDE] if told else []
    for at in aside:
        claim = case.claims[at]
        words = _sentence(case, claim)
        if of_remainder(words) or planned(words) or of_other_extent(words):
            continue
        alike = [other for other in told if _same_thing(case.claims[other], claim)]
        if len(alike) == 1 and not _said(case, claim):
            yield from _differing(case, alike[0], at)


def _sentence(case: Case, claim: Claim) -> str:
    """The sentence that holds a claim."""
    flat, (start, end) = case.fields.of(claim).flat, case.fields.number(claim)
    return _SENTENCE_ENDS.split(flat[:start])[-1] + flat[start:end] + _SENTENCE_ENDS.split(flat[end:])[0]


def _said(case: Case, claim: Claim) -> bool:
    """Whether the narrative has the claim's number too, be it as a part or another year's."""
    return any(
        other.field == "narrative"
        and unscaled(other.unit) == unscaled(claim.unit)
        and between(other, claim) is not Agreement.DIFFERS
        for other in case.claims
    )


def _same_thing(one: Claim, other: Claim) -> bool:
    """Whether claims of two texts share most of their words, either way, their unit, and the size of their number.

    One that is much smaller is likely a part, as is one that alone says of which kind (线上, 夜间).
    """
    first, second = sorted((base_value(one), base_value(other)))
    if unscaled(one.unit) != unscaled(other.unit) or second > _NEAR * first:
        return False
    if kinds(one.subject) != kinds(other.subject):
        return False
    said, told = about(one).features, about(other).features
    return _likeness(one, other) >= _SAME_THING and len(said & told) >= _SAME_THING * max(len(said), len(told))


def _differing(case: Case, first: int, second: int) -> Iterator[Finding]:
    one, other = case.claims[first], case.claims[second]
    case.compared.update((first, second))
    if between(one, other) is Agreement.DIFFERS:
        yield case.finding(case.claim(one), case.claim(other), variant="twice", first=one.quote, second=other.quote)


def _likeness(first: Claim, second: Claim) -> float:
    """The share of words that claims of two texts have in common; 0 where they cannot state the same figure."""
    if excluded(first.subject, second.subject):
        return 0.0
    if first.field == second.field or not (first.unit == second.unit or comparable(first.unit, second.unit)):
        return 0.0
    said, other = about(first).features, about(second).features
    shared = len(said & other)
    return shared / min(len(said), len(other)) if shared > 1 else 0.0


def _words_around(case: Case, claim: Claim) -> str | None:
    """The clause around a number without the number; None where it is too short to mean one thing only."""
    text = case.fields.of(claim).flat
    (start, end), (first, last) = case.fields.clause(claim), case.fields.number(claim)
    words = text[start:first] + "#" + text[last:end] + unscaled(claim.unit)
    return None if len(words) < _LEAST_WORDS or _SEVERAL.search(words) else words


@dataclass(frozen=True, slots=True)
class _Sum:
    """What a sum is of: `words` are its subject, the end of its object and its unit. `apart`: the subject stands with a
    number of its own in the clause before (书画展3场，共接待观众800人)."""

    words: str
    apart: bool


def _sum_of(case: Case, at: int) -> _Sum | None:
    """What the claim sums up, where its clause says that it is a sum, in words that mean one thing only."""
    claim, before = case.claims[at], case.claims[at - 1] if at else None
    text = case.fields.of(claim).flat
    (start, end), (first, last) = case.fields.clause(claim), case.fields.number(claim)
    opens = sums_up().search(text, start, first)
    if opens is None:
        return None
    subject = text[start : opens.start()]
    apart = not subject
    if apart:
        if before is None or before.field != claim.field or case.fields.number(before)[1] != start - 1:
            return None
        subject = text[case.fields.clause(before)[0] : case.fields.number(before)[0]]
    when = _when().match(subject)
    subject = subject[when.end() :] if when else subject
    if len(subject) < _LEAST_SUBJECT or _SEVERAL.search(subject):
        return None
    return _Sum(f"{subject}|{text[opens.end() : first][-2:]}#{text[last:end]}{unscaled(claim.unit)}", apart)


@lru_cache(maxsize=1)
def sums_up() -> re.Pattern[str]:
    """Words before the sum of what was just told: 共, 合计."""
    return re.compile(either(load("wording.toml")["sum_opens"]))


@lru_cache(maxsize=1)
def _when() -> re.Pattern[str]:
    """Words for the form's own year before what was done in it."""
    return re.compile(f"(?:{either(load('wording.toml')['this_year'])})+")
