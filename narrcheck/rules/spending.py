"""F04: what the narrative says of the project's own budget against the funds table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from narrcheck.filing import Claim, Evidence, Filing, Finding, FundsRow, Severity
from narrcheck.quantity.compare import Agreement, compare
from narrcheck.quantity.units import is_money, is_percent
from narrcheck.rules.case import Case
from narrcheck.rules.figures import execution_rate, longest_first, shown, total_funds, words
from narrcheck.rules.registry import rule
from narrcheck.text import squeeze

_CLAUSE_ENDS = frozenset("，。；！？：（）,;!?:()")
_SENTENCE_ENDS = frozenset("。；！？;!?")
_COMMAS = frozenset("，,、")
_CLAUSE = re.compile(r"[^，。；！？：（）,;!?:()]{1,60}")
_AMOUNT = re.compile(r"\d[^，。]{0,4}元")
_LONGEST_CLAUSE = 60
_LEAST_UNIT = 3
_AFTER = 8
_DATE = re.compile(r"(\d{4})年度?|\d{1,2}月|\d{1,2}日|[\d.,]+%?|[、/]")
_KINDS = ("rate", "executed", "initial", "adjusted", "budget")
_COLUMNS = {
    "executed": ("executed",),
    "initial": ("initial",),
    "adjusted": ("adjusted",),
    "budget": ("adjusted", "initial"),
}
_AGREES = (Agreement.EQUAL, Agreement.ROUNDED, Agreement.ADMITTED)


@rule("F04", "narrative-funds-contradiction", severity=Severity.ERROR)
def narrative_funds_contradiction(case: Case) -> Iterator[Finding]:
    """正文所述本项目的预算、支出或执行率应与资金表一致。

    发放给他人的补助、收入、科研经费以及只用于某一事项的支出不在此列；允许四舍五入和“约”“近”“余”等说法。

    不符:
      money: 万元
      year: 2024
      narrative: 2024年，中心完成年度检修任务，全年实际支出486.20万元，设备运行稳定。
      funds: 年度资金总额 | 500.00 | 500.00 | 468.20 | 10 | 93.64 | 9.36

      narrative: 各项任务按期完成，预算执行率98.6%。
      funds: 年度资金总额 | 500.00 | 500.00 | 468.20 | 10 | 93.64 | 9.36
    相符:
      narrative: 项目预算500万元，全年支出468万元，预算执行率93.64%；向12户困难家庭发放补助3.6万元。
      funds: 年度资金总额 | 500.00 | 500.00 | 468.20 | 10 | 93.64 | 9.36

      money: 元
      narrative: 全年支出468.2万元，其中培训支出20万元，科研经费收入36万元，制度执行率100%。
      funds: 年度资金总额 | 5000000.00 | 5000000.00 | 4682000.00 | 10 | 93.64 | 9.36
    """
    table = case.filing.funds
    whole = total_funds(case.filing)
    if whole is None or case.filing.narrative is None:
        return
    for at, claim in enumerate(case.claims):
        kind = budget_kind(case.filing, claim) if claim.field == "narrative" else None
        if kind is None:
            continue
        # A zero in the table is no figure that an amount may mean, though an amount may round to it.
        figures = [figure for row in table for figure in _figures(case, row, kind) if figure.value or not claim.value]
        outcomes = [_agreement(claim, figure) for figure in figures]
        if not any(outcome is not Agreement.INCOMPARABLE for outcome in outcomes):
            continue
        case.compared.add(at)
        own = _figures(case, whole, kind)
        if own and not any(outcome in _AGREES for outcome in outcomes):
            yield case.finding(
                case.claim(claim),
                *own[0].evidence,
                variant=kind if kind in ("rate", "executed") else "budget",
                quote=squeeze(claim.quote),
                label=whole.label,
                stated=own[0].text,
            )


@dataclass(frozen=True, slots=True)
class _Figure:
    """One value of the funds table that a statement may mean."""

    value: Decimal
    unit: str
    text: str
    evidence: tuple[Evidence, ...]


def _figures(case: Case, row: FundsRow, kind: str) -> list[_Figure]:
    """The values of a funds row that a statement of this kind may mean, the likeliest first."""
    money = case.filing.money_unit or ""
    found: list[_Figure] = []
    if kind == "rate":
        computed = execution_rate(row)
        if row.rate.value is not None:
            found.append(_Figure(row.rate.value, "%", f"{row.rate.value}%", (case.funds_cell(row, "rate"),)))
        if computed is not None:
            cells = (case.funds_cell(row, "executed"), case.funds_cell(row, "adjusted"))
            found.append(_Figure(computed, "%", f"{shown(computed)}%", cells))
        return found
    for column in _COLUMNS[kind]:
        number = getattr(row, column)
        if number.value is not None:
            found.append(_Figure(number.value, money, f"{number.raw.strip()}{money}", (case.funds_cell(row, column),)))
    return found


def _agreement(claim: Claim, figure: _Figure) -> Agreement:
    return compare(claim.modifier, claim.value, claim.upper, claim.unit, figure.value, figure.unit)


def budget_kind(filing: Filing, claim: Claim) -> str | None:
    """What of the project's own budget a narrative claim states (one of _KINDS); None where it is anything else.

    The clause before the number must hold a marker (支出, 预算, 执行率 …) and beside it only words that leave the
    figure the whole project's: the marker nearest the number decides. A bare 支出20万元 counts only where no other
    clause of its sentence may be what the money went to, or where the clause beside it tells the budget or its rate.
    """
    if claim.scope not in ("year", "total") or claim.in_row is not None:
        return None
    if not is_money(claim.unit) and not is_percent(claim.unit):
        return None
    text = filing.narrative or ""
    start = _clause_start(text, claim.number_start)
    clause = squeeze(text[start : claim.number_start])
    kind = _read_clause(clause, filing)
    if not kind or (kind == "rate") != is_percent(claim.unit):
        return None
    if kind in ("rate", "initial", "adjusted") or _of_whole(clause):
        return kind
    after = squeeze(text[claim.number_end : claim.number_end + _AFTER])
    if after.startswith(longest_first("budget", "partial")):
        return None
    own = _opens_sentence(text, start, filing) or _beside_budget(text, start, claim.number_end, filing)
    return kind if own else None


def _clause_start(text: str, end: int) -> int:
    """Where the clause that ends at `end` begins; a comma inside a number is no end of a clause."""
    start = end
    while start > 0 and end - start < _LONGEST_CLAUSE:
        mark = text[start - 1]
        if mark in _CLAUSE_ENDS and not (
            mark == "," and text[start - 2 : start - 1].isdigit() and text[start].isdigit()
        ):
            break
        start -= 1
    return start


def _beside_budget(text: str, start: int, end: int, filing: Filing) -> bool:
    """Whether the clause before text[start:end] or the one after it, in one sentence, tells the budget or its rate.

    Not the one after, where the clause before tells another amount (培训费预算30万元，支出28万元，执行率93%).
    """
    before = text[_clause_start(text, start - 1) : start - 1] if start > 0 and text[start - 1] in _COMMAS else ""
    if _tells_budget(before, filing):
        return True
    after = _CLAUSE.match(text, end + 1) if text[end : end + 1] in _COMMAS else None
    return after is not None and not _AMOUNT.search(before) and _tells_budget(after[0], filing)


def _tells_budget(clause: str, filing: Filing) -> bool:
    """Whether a clause is about the whole project's budget: its rate, one of its two amounts, or all its spending."""
    kind = _read_clause(squeeze(clause), filing)
    return kind in ("rate", "initial", "adjusted") or (bool(kind) and _of_whole(squeeze(clause)))


def _of_whole(clause: str) -> bool:
    return any(word in clause for word in words("budget", "whole"))


def _opens_sentence(text: str, start: int, filing: Filing) -> bool:
    """Whether the clause begins a sentence, or follows only clauses that speak of the budget or the time."""
    for _ in range(4):
        if start == 0 or text[start - 1] in _SENTENCE_ENDS:
            return True
        end = start - 1
        start = _clause_start(text, end)
        if _read_clause(squeeze(text[start:end]), filing) is None:
            return False
    return False


def _without_names(clause: str, filing: Filing) -> str:
    """A clause without the project's name, and without the unit's at its start, which may be cut short (图书馆)."""
    project, unit = squeeze(filing.project or ""), squeeze(filing.unit or "")
    if project:
        clause = clause.replace(project, "")
    short = next((unit[at:] for at in range(len(unit) - _LEAST_UNIT + 1) if clause.startswith(unit[at:])), "")
    return clause.removeprefix(short)


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, str]:
    """Each word that may stand in a clause about the project's budget, with the kind it marks, or ""."""
    table = dict.fromkeys(words("budget", "qualifiers"), "")
    for kind in reversed(_KINDS):
        table.update(dict.fromkeys(words("budget", kind), kind))
    return table


@lru_cache(maxsize=1)
def _longest_word() -> int:
    return max(map(len, _vocabulary()))


def _read_clause(clause: str, filing: Filing) -> str | None:
    """The kind that the last marker of a clause names, "" where it has none; None where it holds any other word."""
    clause = _without_names(clause, filing)
    year = filing.year
    kind = ""
    at = 0
    while at < len(clause):
        date = _DATE.match(clause, at)
        if date:
            if date[1] and year is not None and int(date[1]) != year:
                return None
            at = date.end()
            continue
        for length in range(min(_longest_word(), len(clause) - at), 0, -1):
            marks = _vocabulary().get(clause[at : at + length])
            if marks is not None:
                kind, at = marks or kind, at + length
                break
        else:
            return None
    return kind
