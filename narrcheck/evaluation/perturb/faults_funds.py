"""Faults in the funds table, and in what the narrative says of the project's own money."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from narrcheck.data import load
from narrcheck.evaluation.perturb.edits import Edit
from narrcheck.evaluation.perturb.numbers import number_in, slips, times_ten
from narrcheck.evaluation.perturb.sites import Site, sites
from narrcheck.evaluation.perturb.variant import Subject, Variant
from narrcheck.filing import Filing, FundsRow
from narrcheck.quantity.compare import Agreement
from narrcheck.quantity.numerals import read_arabic
from narrcheck.quantity.units import is_money, is_percent
from narrcheck.rules.figures import cut, same_when_cut, total_funds
from narrcheck.text import squeeze

_AMOUNTS = ("initial", "adjusted", "executed")
_HUNDREDTH = Decimal("0.01")
_HUNDRED = Decimal(100)
_LOOKED_AT = 24


def amount_digit_swapped(subject: Subject, random: Random) -> Iterator[Variant]:
    """An amount of the whole project in the funds table has a wrong digit."""
    whole = total_funds(subject.filing)
    cells = [] if whole is None else [(whole, column) for column in _AMOUNTS]
    yield from _amounts(subject, random, cells, "amount-digit-swapped", slip=True)


def source_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """An amount of one of the sources has a wrong digit."""
    whole = total_funds(subject.filing)
    cells = [(row, column) for row in subject.filing.funds if row is not whole for column in _AMOUNTS]
    yield from _amounts(subject, random, cells if whole else [], "source-changed", slip=True)


def amount_times_ten(subject: Subject, random: Random) -> Iterator[Variant]:
    """An amount in the funds table has a zero too many."""
    cells = [(row, column) for row in subject.filing.funds for column in _AMOUNTS]
    yield from _amounts(subject, random, cells, "amount-times-ten", slip=False)


def rate_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """执行率 has a wrong digit."""
    for row in _shuffled(subject.filing, random):
        rate = _rate(row.executed.value, row.adjusted.value)
        number = number_in(row.rate.raw)
        if rate is None or row.rate.value is None or number is None or not _agrees(row.rate.value, rate):
            continue
        for digits in slips(number.group(), random):
            if not _agrees(read_arabic(digits), rate):
                yield _cell(subject, row, "rate", digits, "rate-changed", frozenset(["F01"]))
                break


def funds_score_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """The score of the funds row has a wrong digit, and is still no more than its weight."""
    for row in _shuffled(subject.filing, random):
        weight, rate, score = row.weight.value, row.rate.value, row.score.value
        number = number_in(row.score.raw)
        if weight is None or rate is None or score is None or number is None:
            continue
        due = min(weight * rate / _HUNDRED, weight)
        if abs(score - due) > _slack(score):
            continue
        for digits in slips(number.group(), random):
            new = read_arabic(digits)
            if new <= weight and abs(new - due) > _slack(new):
                yield _cell(subject, row, "score", digits, "funds-score-changed", frozenset(["F02"]))
                break


def told_amount_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """The narrative's amount or rate of the project's own spending has a wrong digit."""
    for site, figures in _told(subject, random):
        for digits in slips(site.digits, random):
            stated = site.worth(digits)
            if all(site.against(value, unit, stated) is Agreement.DIFFERS for value, unit in figures):
                yield _told_anew(subject, site, site.start, site.end, digits, "told-amount-changed")
                break


def told_unit_dropped(subject: Subject, random: Random) -> Iterator[Variant]:
    """The narrative's amount of the project's own spending has lost its 万."""
    for site, _ in _told(subject, random):
        at = site.end
        if site.text[at : at + 2] == "万元":
            yield _told_anew(subject, site, at, at + 1, "", "told-unit-dropped")


def _told(subject: Subject, random: Random) -> Iterator[tuple[Site, list[tuple[Decimal, str]]]]:
    """The narrative's numbers that are a figure of the whole project by their clause, with every figure of the funds
    table that they could be."""
    whole = total_funds(subject.filing)
    table = _figures(subject.filing)
    for site in sites(subject, "narrative", random) if whole is not None else ():
        unit = site.label.unit
        if not site.digits[0].isascii() or site.row is not None or not (is_money(unit) or is_percent(unit)):
            continue
        kind = _kind(site)
        own = [] if whole is None or kind is None else _own(subject.filing, whole, kind)
        if any(site.against(value, own_unit) in (Agreement.EQUAL, Agreement.ROUNDED) for value, own_unit in own):
            yield site, [figure for figure in table if is_percent(figure[1]) == is_percent(unit)]


def _kind(site: Site) -> str | None:
    """What the words before the number say that it is: rate, spent or planned."""
    start = max(site.text.rfind(mark, 0, site.start) for mark in "，。；,;") + 1
    before = squeeze(site.text[max(start, site.start - _LOOKED_AT) : site.start])
    words = load("perturb.toml")["money"]
    if any(word in before for word in words["not_own"]):
        return None
    if is_percent(site.label.unit):
        return "rate" if any(word in before for word in words["rate"]) else None
    return next((kind for kind in ("spent", "planned") if any(word in before for word in words[kind])), None)


def _own(filing: Filing, row: FundsRow, kind: str) -> list[tuple[Decimal, str]]:
    """The figures of a funds row that the words for this kind may mean."""
    if kind == "rate":
        numbers = [row.rate.value, _rate(row.executed.value, row.adjusted.value)]
        return [(value, "%") for value in numbers if value is not None]
    cells = [row.executed] if kind == "spent" else [row.initial, row.adjusted]
    return [(cell.value, filing.money_unit or "") for cell in cells if cell.value is not None]


def _figures(filing: Filing) -> list[tuple[Decimal, str]]:
    kinds = ("rate", "spent", "planned")
    return [figure for row in filing.funds for kind in kinds for figure in _own(filing, row, kind)]


def _told_anew(subject: Subject, site: Site, start: int, end: int, new: str, kind: str) -> Variant:
    edit = Edit(subject.document).replace("narrative", start, end, new)
    quote = site.text[site.first : start] + new + site.text[end : site.last]
    return Variant(kind, edit.document, "narrative", None, site.quote, quote, frozenset(["F04"]))


def _amounts(
    subject: Subject, random: Random, cells: list[tuple[FundsRow, str]], kind: str, *, slip: bool
) -> Iterator[Variant]:
    """Wrong amounts in these cells, one a cell, where the sum of the sources or the rate of the row shows them."""
    random.shuffle(cells)
    for row, column in cells:
        raw = getattr(row, column).raw
        number = number_in(raw)
        if number is None or not getattr(row, column).value or number.group() != raw.strip():
            continue
        for digits in slips(raw.strip(), random) if slip else iter([times_ten(raw.strip())]):
            rules = _shown_by(subject.filing, row, column, read_arabic(digits))
            if rules:
                yield _cell(subject, row, column, digits, kind, rules)
                break


def _shown_by(filing: Filing, row: FundsRow, column: str, value: Decimal) -> frozenset[str]:
    """The rules that another amount in a cell breaks and the filing as it is keeps."""
    rules = set()
    executed, adjusted = row.executed.value, row.adjusted.value
    before = _rate(executed, adjusted)
    after = _rate(value if column == "executed" else executed, value if column == "adjusted" else adjusted)
    rate = row.rate.value
    if rate is not None and before is not None and after is not None and _agrees(rate, before):
        rules |= set() if _agrees(rate, after) else {"F01"}
    whole = total_funds(filing)
    stated = None if whole is None else getattr(whole, column).value
    parts = {r.label: getattr(r, column).value for r in filing.funds if r is not whole}
    filled = {label: part for label, part in parts.items() if part is not None}
    if whole is None or stated is None or len(filled) != len(parts) or not filled or sum(filled.values()) != stated:
        return frozenset(rules)
    new = value if row is whole else stated
    total = sum((value if label == row.label else part for label, part in filled.items()), Decimal(0))
    # A hundredth for each source: what rounding of the amounts may come to.
    if abs(total - new) > _HUNDREDTH * len(filled) and cut(total, 0) != cut(new, 0):
        rules.add("F03")
    return frozenset(rules)


def _rate(executed: Decimal | None, adjusted: Decimal | None) -> Decimal | None:
    return None if executed is None or not adjusted else executed * _HUNDRED / adjusted


def _agrees(stated: Decimal, exact: Decimal) -> bool:
    return abs(stated - exact) <= _HUNDREDTH or same_when_cut(exact, stated)


def _slack(score: Decimal) -> Decimal:
    return Decimal("0.05") if score.as_tuple().exponent == -1 else _HUNDREDTH


def _shuffled(filing: Filing, random: Random) -> list[FundsRow]:
    rows = list(filing.funds)
    random.shuffle(rows)
    return rows


def _cell(subject: Subject, row: FundsRow, column: str, digits: str, kind: str, rules: frozenset[str]) -> Variant:
    """The filing with another number in a cell of the funds table."""
    position = next(at for at, own in enumerate(subject.filing.funds) if own is row)
    raw = getattr(row, column).raw
    number = number_in(raw)
    assert number is not None
    after = raw[: number.start()] + digits + raw[number.end() :]
    edit = Edit(subject.document).funds(position, column, after)
    return Variant(kind, edit.document, "funds", row.label, raw, after, rules)
