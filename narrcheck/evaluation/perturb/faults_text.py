"""Faults in what a narrative, goal or note counts: numbers that the indicator rows then contradict."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from random import Random

from narrcheck.data import load
from narrcheck.evaluation.perturb.edits import Edit
from narrcheck.evaluation.perturb.faults_within import sums
from narrcheck.evaluation.perturb.numbers import chinese, number_in, slips, times_ten, written_like
from narrcheck.evaluation.perturb.sites import Site, sites
from narrcheck.evaluation.perturb.variant import Subject, Variant
from narrcheck.filing import Indicator
from narrcheck.quantity.compare import Agreement, falls_short
from narrcheck.quantity.numerals import read_arabic

# N06 speaks for a row whose note is contradicted as well, and then shows the narrative too.
_AGAINST_ROW = frozenset(["N01", "N06"])
_AGREES = (Agreement.EQUAL, Agreement.ROUNDED, Agreement.ADMITTED)
_SMALL = 20
_BARE = ("about", "range")


def digit_swapped(subject: Subject, random: Random) -> Iterator[Variant]:
    """A digit of a narrative's number is another, or two are exchanged."""
    for site in _counted(subject, random):
        digits = _wrong(site, slips(site.digits, random))
        if digits:
            yield _changed(subject, site, digits, "digit-swapped", _AGAINST_ROW | _in_sum(subject, site))


def ten_times(subject: Subject, random: Random) -> Iterator[Variant]:
    """A narrative's number has a zero too many."""
    for site in _counted(subject, random):
        digits = _wrong(site, iter([times_ten(site.digits)]))
        if digits:
            yield _changed(subject, site, digits, "times-ten", _AGAINST_ROW | _in_sum(subject, site))


def ten_thousand_dropped(subject: Subject, random: Random) -> Iterator[Variant]:
    """A narrative's number has lost its 万."""
    for site in _counted(subject, random):
        after = site.text[site.end : site.last]
        if not after.lstrip().startswith("万") or site.agreement(site.value / 10000) is not Agreement.DIFFERS:
            continue
        at = site.end + after.index("万")
        if site.text[at + 1 : at + 2] in ("亿", "余", "多"):
            continue
        edit = Edit(subject.document).replace("narrative", at, at + 1, "")
        quote = site.text[site.first : at] + site.text[at + 1 : site.last]
        rules = _AGAINST_ROW | _in_sum(subject, site)
        yield Variant("ten-thousand-dropped", edit.document, "narrative", None, site.quote, quote, rules)


def chinese_numeral(subject: Subject, random: Random) -> Iterator[Variant]:
    """A small count is written in Chinese numerals, and one off (五期 for four)."""
    for site in sites(subject, "narrative", random):
        small = site.value == site.value.to_integral_value() and 1 <= site.value <= _SMALL
        if not small or site.agreement() not in _AGREES or site.label.unit.startswith(("万", "亿", "%", "‰")):
            continue
        number = int(site.value) + random.choice((-1, 1) if site.value > 1 else (1,))
        if site.agreement(Decimal(number)) is Agreement.DIFFERS and "." not in site.digits:
            rules = _AGAINST_ROW | _in_sum(subject, site)
            yield _changed(subject, site, chinese(number), "chinese-numeral", rules)


def actual_digit_swapped(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's actual has a wrong digit, while the narrative counts what was done."""
    rows = {site.row.position: site.row for site in sites(subject, "narrative") if site.row is not None}
    for row in _shuffled(list(rows.values()), random):
        told = [site for site in sites(subject, "narrative") if site.row is row]
        number = number_in(row.actual.raw)
        if number is None or any(site.agreement() is not Agreement.EQUAL for site in told):
            continue
        for digits in slips(number.group(), random):
            value = _cell_value(row, digits)
            unit = row.actual.unit or row.target.unit
            if value is None or any(site.against(value, unit) is not Agreement.DIFFERS for site in told):
                continue
            yield _cell(subject, row, number.span(), digits, "actual-digit-swapped", _AGAINST_ROW)
            break


def decimals_cut(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's actual keeps only the whole number of what the narrative states (66.68 beside 66.00)."""
    for site in sites(subject, "narrative", random):
        row = site.row
        number = None if row is None else number_in(row.actual.raw)
        if row is None or number is None or site.agreement() is not Agreement.EQUAL or row.actual.value is None:
            continue
        whole = Decimal(int(row.actual.value))
        unit = row.actual.unit or row.target.unit
        if site.label.modifier == "exact" and whole and site.against(whole, unit) is Agreement.ROUNDED:
            digits = written_like(whole, number.group())
            yield _cell(subject, row, number.span(), digits, "decimals-cut", frozenset(["N02", "N06"]))


def goal_digit_swapped(subject: Subject, random: Random) -> Iterator[Variant]:
    """A number of the goal has a wrong digit, so that the row's target is another."""
    for site, row in _planned(subject, random):
        for digits in slips(site.digits, random) if site.digits[0].isascii() else ():
            if _differs(site, row.target.value, row.target.unit, site.worth(digits)):
                yield _changed(subject, site, digits, "goal-digit-swapped", _against_goal(subject, site, row, digits))
                break


def target_digit_swapped(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row's target has a wrong digit, so that the goal states another number."""
    for site, row in _planned(subject, random):
        number = number_in(row.target.raw)
        if number is None or row.target.value is None:
            continue
        for digits in slips(number.group(), random):
            value = row.target.value * read_arabic(digits) / read_arabic(number.group())
            if _differs(site, value, row.target.unit, None):
                yield _cell(subject, row, number.span(), digits, "target-digit-swapped", frozenset(["N04"]), "target")
                break


def note_number_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """A note's count of what its own row did has a wrong digit."""
    for site in sites(subject, "note", random):
        row = site.holder
        if row is None or site.row is not row or row.actual.value is None:
            continue
        if row.actual.value == row.target.value and not site.quote.startswith(_results()):
            continue  # it may be the plan that the note repeats
        if site.agreement() is Agreement.EQUAL and site.digits[0].isascii():
            digits = _wrong(site, slips(site.digits, random))
            if digits:
                yield _changed(subject, site, digits, "note-number-changed", frozenset(["N06"]))


def verdict_refuted(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row says in a word that it reached its target, and the narrative's number falls behind it."""
    for site in sites(subject, "narrative", random):
        row = site.row
        if row is None or row.actual.status != "met" or not _reaches(site, row) or not site.digits[0].isascii():
            continue
        for digits in slips(site.digits, random):
            short = falls_short(row.target, site.worth(digits), site.label.unit)
            if short and site.label.modifier == "exact":
                yield _changed(subject, site, digits, "verdict-refuted", frozenset(["N07"]))
                break


def verdict_for_shortfall(subject: Subject, random: Random) -> Iterator[Variant]:
    """A row that missed its target reports a verdict of the form instead, while the narrative counts less."""
    for site in sites(subject, "narrative", random):
        row = site.row
        if row is None or site.label.modifier != "exact" or site.agreement() is not Agreement.EQUAL:
            continue
        if falls_short(row.target, site.value, site.label.unit):
            verdict = random.choice(load("perturb.toml")["verdict"]["verdicts"])
            edit = Edit(subject.document).put("actual", verdict, row.position)
            yield Variant(
                "verdict-for-shortfall", edit.document, "actual", row.name, row.actual.raw, verdict, frozenset(["N07"])
            )


def _counted(subject: Subject, random: Random) -> Iterator[Site]:
    """The narrative's numbers in digits that agree with the actual of the row that counts the same thing."""
    for site in sites(subject, "narrative", random):
        if site.digits[0].isascii() and site.agreement() in _AGREES:
            yield site


def _planned(subject: Subject, random: Random) -> Iterator[tuple[Site, Indicator]]:
    """The goal's numbers that are the target of the row for the same thing, with the row."""
    for site in sites(subject, "goal", random):
        row = site.row
        if row is None or row.target.value is None or row.target.upper is not None or site.label.upper is not None:
            continue
        if site.against(row.target.value, row.target.unit) is Agreement.EQUAL:
            yield site, row


def _differs(site: Site, value: Decimal | None, unit: str | None, stated: Decimal | None) -> bool:
    """Whether a goal's number is not the target: a bound is a number of its own, 约 and a range admit others."""
    assert value is not None
    kind = site.against(value, unit, stated)
    return kind is Agreement.DIFFERS or (kind is Agreement.ADMITTED and site.label.modifier not in _BARE)


def _reaches(site: Site, row: Indicator) -> bool:
    return row.target.value is not None and falls_short(row.target, site.value, site.label.unit) is False


def _in_sum(subject: Subject, site: Site) -> frozenset[str]:
    """The rule that sees another number in a sum or a part of one as well."""
    found = sums(sites(subject, site.field))
    members = [number.start for whole, parts in found for number in (whole, *parts)]
    return frozenset(["N08"] if site.start in members else [])


def _against_goal(subject: Subject, site: Site, row: Indicator, digits: str) -> frozenset[str]:
    """The rules that see another number in the goal: against the target, what was done, or the parts of a sum."""
    rules = {"N04"} | _in_sum(subject, site)
    done = row.actual.value
    if done is not None and site.worth(digits) > site.value and not row.note:
        short = site.against(done, row.actual.unit or row.target.unit, site.worth(digits)) is Agreement.DIFFERS
        rules |= {"N03"} if short else set()
    return frozenset(rules)


@lru_cache(maxsize=1)
def _results() -> tuple[str, ...]:
    return tuple(load("perturb.toml")["notes"]["results"])


def _wrong(site: Site, numbers: Iterator[str]) -> str | None:
    """The first of the numbers that the row's actual does not admit, with the modifier of the claim."""
    return next((new for new in numbers if site.agreement(site.worth(new)) is Agreement.DIFFERS), None)


def _cell_value(row: Indicator, digits: str) -> Decimal | None:
    """The value of a row's actual with another number in digits."""
    number = number_in(row.actual.raw)
    if number is None or row.actual.value is None or row.actual.upper is not None or not read_arabic(number.group()):
        return None
    return row.actual.value * read_arabic(digits) / read_arabic(number.group())


def _changed(subject: Subject, site: Site, digits: str, kind: str, rules: frozenset[str]) -> Variant:
    """The filing with another number in a claim."""
    holder = site.holder
    edit = Edit(subject.document)
    edit.replace(site.field, site.start, site.end, digits, None if holder is None else holder.position)
    name = None if holder is None else holder.name
    return Variant(kind, edit.document, site.field, name, site.quote, site.quoted(digits), rules)


def _cell(
    subject: Subject,
    row: Indicator,
    span: tuple[int, int],
    digits: str,
    kind: str,
    rules: frozenset[str],
    column: str = "actual",
) -> Variant:
    """The filing with another number in a target or actual."""
    edit = Edit(subject.document).replace(column, *span, digits, row.position)
    before = row.actual.raw if column == "actual" else row.target.raw
    return Variant(kind, edit.document, column, row.name, before, edit.text(column, row.position), rules)


def _shuffled(rows: list[Indicator], random: Random) -> list[Indicator]:
    random.shuffle(rows)
    return rows
