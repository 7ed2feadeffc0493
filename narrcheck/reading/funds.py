"""The funds table: rows of amounts by source, read by heading place, by order, and by what must hold among them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from narrcheck.filing import FundsRow, Number
from narrcheck.parts import on
from narrcheck.quantity.cells import read_number
from narrcheck.reading.align import Column
from narrcheck.reading.cells import is_dash
from narrcheck.reading.vocabulary import LONGEST, Headings
from narrcheck.text import fold, squeeze

COLUMNS = ("initial", "adjusted", "executed", "weight", "rate", "score")
_NEAR = Decimal("0.0006")
_AMOUNTS = ("initial", "adjusted", "executed")
_SHIFTS = (0, -1, 1, -2, 2)
_SHIFTED = 2.0
_UNREAD = 0.9
_OTHER_ORDER = 4.0
_MOST_SPARE = 3
_SIGNED = re.compile(r"[¥￥]?([\d.,]+)(元|万元|亿元)?")
_FACTORS = {"元": Decimal(1), "万元": Decimal(10000), "亿元": Decimal(10**8)}
_POINTS = re.compile(r"\((?:满分|分值|权重)?:?(\d{1,3}(?:\.\d+)?)分[)×*xX乘]")
_PART = re.compile(r"^(?:其中[::]?)?[\s::]*")


def label(pieces: Sequence[str]) -> str:
    """A funds row's label: without 其中, colons and white space."""
    flat = squeeze("".join(pieces))
    return _PART.sub("", flat).strip(":")


def headed_weight(headings: Sequence[str]) -> str | None:
    """The weight of the funds that their headings state (预算执行情况(20分), 得分(20分×执行率)); None where they state
    none or several."""
    short = [squeeze(fold(heading)) for heading in headings if len(heading) < 2 * LONGEST]
    found = {match[1] for heading in short for match in _POINTS.finditer(heading)}
    return found.pop() if len(found) == 1 else None


def with_weight(rows: Sequence[FundsRow], weight: str | None) -> list[FundsRow]:
    """The rows, the first with the weight that the headings state, where no column has one."""
    if weight is None or any(row.weight.raw for row in rows):
        return list(rows)
    return [replace(row, weight=read_number(weight)) if not place else row for place, row in enumerate(rows)]


def with_amounts(row: FundsRow, money_unit: str | None) -> FundsRow:
    """The row with amounts that carry a sign or unit of their own (¥1,860.00, 186万元) read in the form's unit."""
    cells: dict[str, Number] = {column: getattr(row, column) for column in COLUMNS}
    for column in _AMOUNTS:
        if cells[column].malformed and (amount := _amount(cells[column].raw, money_unit)) is not None:
            cells[column] = Number(cells[column].raw, amount)
    cells["rate"] = _in_percent(cells)
    return FundsRow(row.label, **cells)


def _in_percent(cells: Mapping[str, Number]) -> Number:
    """The rate in percent also where the cell shows a plain fraction (0.9951), as a sheet does without that format."""
    rate, adjusted, executed = (cells[column] for column in ("rate", "adjusted", "executed"))
    if rate.value is None or "%" in rate.raw or not adjusted.value or executed.value is None:
        return rate
    return Number(rate.raw, rate.value * 100) if abs(executed.value / adjusted.value - rate.value) < _NEAR else rate


def _amount(raw: str, money_unit: str | None) -> Decimal | None:
    found = _SIGNED.fullmatch(fold(squeeze(raw)))
    number = read_number(found[1]).value if found else None
    if found is None or number is None:
        return None
    own = found[2] or money_unit
    if own == money_unit or money_unit is None:
        return number
    return number * _FACTORS[own] / _FACTORS[money_unit] if own in _FACTORS and money_unit in _FACTORS else None


def is_signed(text: str) -> bool:
    """Whether the text is an amount with a sign or unit of its own (¥1,860.00, 186万元)."""
    return _SIGNED.fullmatch(fold(squeeze(text))) is not None


def is_funds_label(text: str, words: Headings) -> bool:
    """Whether the text is or ends like the label of a funds row (…资金, …拨款)."""
    flat = label([text])
    if not flat or len(flat) > 24:
        return False
    return flat in words.funds_total or any(flat.endswith(word) for word in words.funds_rows) or flat.startswith("其中")


def by_place(name: str, cells: Sequence[tuple[int, str]], columns: Sequence[Column]) -> FundsRow:
    """A row whose cells stand under their headings, or all as far beside them; else by the order of its cells."""
    best: tuple[float, dict[str, str]] = (float("-inf"), {})
    for shift in _SHIFTS:
        places = {home + shift: column for column, home in columns}
        if all(place in places for place, _ in cells):
            pairs = [(places[place], text) for place, text in cells]
            value = _plausible(pairs, on("constraints")) - (_SHIFTED if shift else 0.0)
            if value > best[0]:
                best = (value, _read(pairs))
    if best[1] or not cells:
        return _row(name, best[1])
    return by_order(name, [text for _, text in cells], [column for column, _ in columns])


def by_order(name: str, texts: Sequence[str], columns: Sequence[str] = COLUMNS) -> FundsRow:
    """A row whose blanks are lost: what the cells hold tells their columns, which keep the order of the headings.

    A percentage is the rate, a dash after amounts the weight, amounts come first. A row with more cells than headings
    has a cell under a heading that was not recognised.
    """
    constraints = on("constraints")
    texts = list(texts)[: max(len(columns), len(COLUMNS)) + _MOST_SPARE]
    best: tuple[float, list[tuple[str, str]]] = (float("-inf"), [])
    # Headings in several lines may not tell the order.
    for order, doubt in ((columns, 0.0), (COLUMNS, 0.0 if len(texts) > len(columns) else _OTHER_ORDER)):
        for pairs in _ways(texts, order):
            value = _plausible(pairs, constraints) - doubt
            if value > best[0]:
                best = (value, pairs)
    return _row(name, _read(best[1]))


def _ways(texts: Sequence[str], columns: Sequence[str]) -> Iterator[list[tuple[str, str]]]:
    """The ways to give cells to columns in order: each cell has a column, or each column a cell."""
    if len(texts) <= len(columns):
        for chosen in combinations(columns, len(texts)):
            yield list(zip(chosen, texts, strict=True))
    else:
        for kept in combinations(texts, len(columns)):
            yield list(zip(columns, kept, strict=True))


def _read(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The cells of the columns that are read."""
    return {column: text for column, text in pairs if column != "other"}


def _plausible(pairs: Sequence[tuple[str, str]], constraints: bool) -> float:
    """How well the cells suit their columns; earlier choices (amounts from the left) win among equals.

    `constraints`: also whether rate and score agree with the other cells.
    """
    value = 0.0
    number = {column: read_number(text).value for column, text in pairs if column != "other"}
    for column, text in pairs:
        dash, percent = is_dash(text), squeeze(text).endswith("%")
        if column == "other":
            value += _UNREAD if not (dash or percent) else 0.0
            continue
        amount = number[column]
        if column in _AMOUNTS:
            value += -1 if dash else -4 if percent else 1
        elif column == "rate":
            value += 3 if percent else 0 if dash else 0.5 if amount is not None and amount <= 1000 else -3
        else:
            value += 1 if dash else -4 if percent else 0.5 if amount is not None and amount <= 100 else -3
    if not constraints:
        return value
    executed, adjusted, rate = number.get("executed"), number.get("adjusted"), number.get("rate")
    if executed is not None and adjusted and rate is not None:
        value += 4 if abs(executed / adjusted * 100 - rate) <= Decimal("0.02") else -1
    weight, score = number.get("weight"), number.get("score")
    if weight is not None and score is not None:
        value += 1 if score <= weight else -2
    return value


def _row(name: str, values: Mapping[str, str]) -> FundsRow:
    blank = Number()
    numbers = {column: read_number(values[column]) if column in values else blank for column in COLUMNS}
    return FundsRow(name, **numbers)


def single(name: str, column: str, text: str) -> FundsRow:
    """A row that states one amount."""
    return FundsRow(name, **{column: read_number(text)})
