"""The F, S and R rules: the cases of tests/cases/rules, and what holds over all of them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from narrcheck.brief import read_brief
from narrcheck.data import load
from narrcheck.filing import Filing, Finding, Number
from narrcheck.rules.case import Case
from narrcheck.rules.engine import run_rules
from narrcheck.rules.registry import find_rule
from narrcheck.text import squeeze
from rule_cases import RuleCase, load_cases, read_case, unmatched

CASES = load_cases("FSR")


def check(filing: Filing, code: str) -> tuple[Finding, ...]:
    """The findings of one rule over a form without claims."""
    rule = find_rule(code)
    assert rule is not None
    findings, failures = run_rules(Case(filing, ()), [rule])
    assert not failures
    return findings


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_case(case: RuleCase) -> None:
    findings, failures = run_rules(case.case)
    assert not [failure for failure in failures if failure.rule[0] in "FSR"]
    missing, extra = unmatched(case, findings)
    assert not missing and not extra, case.why


def test_every_rule_has_two_cases_of_each_kind() -> None:
    codes = {case.code for case in CASES}
    assert len(codes) == 21
    for code in codes:
        own = [any(e.rule == code for e in case.expect) for case in CASES if case.code == code]
        assert own.count(True) >= 2 and own.count(False) >= 2, code


@pytest.mark.parametrize(
    "table",
    [
        {"name": "a", "why": "b", "form": "row: 甲", "expect": [], "expects": []},
        {"name": "a", "why": "b", "form": "row: 甲"},
        {"name": "a", "why": "b", "form": "row: 甲", "expect": [{"row": "甲"}]},
        {"name": "a", "why": "b", "form": "row: 甲", "expect": [{"rule": "S03", "values": []}]},
        {"name": "a", "why": "b", "form": "raw: 甲", "expect": []},
        {"name": "a", "why": "b", "form": "row: 甲", "expect": [{"rule": "S03", "value": "1"}]},
    ],
)
def test_a_case_that_is_not_well_formed_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        read_case("S03", table)


def test_a_letter_without_cases_is_refused() -> None:
    with pytest.raises(ValueError):
        load_cases("Z")


@pytest.mark.parametrize("places", range(7))
def test_a_rate_cut_to_any_number_of_places_agrees(places: int) -> None:
    exact = Decimal(100) * 1234567 / 7654321
    step = Decimal(1).scaleb(-places)
    for rounding in ("ROUND_HALF_UP", "ROUND_DOWN"):
        rate = exact.quantize(step, rounding=rounding)
        assert not check(read_brief(f"funds: 年度资金总额 | | 7654321 | 1234567 | 10 | {rate} |"), "F01")


def test_columns_with_the_same_figures_are_two_findings() -> None:
    filing = read_brief("funds: 年度资金总额 | 60.00 | 60.00 | 60.00\nfunds: 当年财政拨款 | 0 | 0 | 60.00")
    findings = check(filing, "F03")
    assert len({finding.id for finding in findings}) == len(findings) == 2


def test_numbers_of_any_length_are_compared() -> None:
    long = "9" * 400
    filing = read_brief(
        f"funds: 年度资金总额 | {long} | {long} | {long} | 10 | 100 | 10\n"
        f"funds: 当年财政拨款 | {long} | {long} | {long}\n"
        f"row: 巡护里程 | ≥{long}公里 | {long}公里 | {long} | {long}\n"
        f"row: 巡护里程完成率 | =100% | 100% | 10 | 10\ntotal: {long} | {long} | 优"
    )
    for case in CASES:
        check(filing, case.code)


def test_messages_come_in_both_languages() -> None:
    rule = find_rule("S06")
    assert rule is not None
    filing = read_brief("row: 健康讲座场次 | ≥24场 | 20场 | 6 | 5")
    zh, en = (run_rules(Case(filing, (), lang=lang), [rule])[0][0] for lang in ("zh", "en"))
    assert zh.id == en.id
    assert "缺失" in zh.message and "missing" in en.message and "健康讲座场次" in en.message


def test_blank_forms_raise_nothing() -> None:
    bare = read_brief("row: 甲\nrow:\nfunds: 年度资金总额\ntotal:")
    empty = replace(bare, indicators=(), funds=(), total_score=Number("九十"), grade="", narrative="")
    for case in CASES:
        check(bare, case.code)
        check(empty, case.code)


def test_word_lists_hold_no_word_twice() -> None:
    for title, table in load("rules.toml").items():
        for key, listed in table.items():
            assert listed and all(word and word == squeeze(word) for word in listed), (title, key)
            assert len(set(listed)) == len(listed), (title, key)
    budget = load("rules.toml")["budget"]
    markers = [word for kind in ("executed", "budget", "initial", "adjusted", "rate") for word in budget[kind]]
    assert len(set(markers)) == len(markers)
