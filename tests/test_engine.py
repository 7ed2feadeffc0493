"""One fault is reported once; a rule that raises is reported and hides nothing."""

from collections.abc import Iterator

from narrcheck.brief import read_brief
from narrcheck.filing import FieldName, Finding, Severity
from narrcheck.rules.case import Case
from narrcheck.rules.engine import PRECEDENCE, run_rules
from narrcheck.rules.registry import Rule, all_rules

ROWS = """
year: 2024
row: 巡查次数 | ≥120(次) | 100.00(次) | 10 | 10 | 实际完成90次
row: 宣传场次 | ≥12(场) | 12.00(场) | 10 | 10
"""


def speaking(code: str, *cells: tuple[int, FieldName]) -> Rule:
    """A rule that always speaks about these cells."""

    def check(case: Case) -> Iterator[Finding]:
        evidence = [case.cell(case.filing.indicators[row], column) for row, column in cells]
        yield Finding(f"{code}-{cells}", code, code.lower(), Severity.ERROR, "", "", tuple(evidence))

    return Rule(code, code.lower(), Severity.ERROR, check)


def outcome(*rules: Rule) -> list[tuple[str, int]]:
    findings, failures = run_rules(Case(read_brief(ROWS.strip()), ()), rules)
    assert not failures
    return [(finding.rule, len(finding.evidence)) for finding in findings]


def test_the_more_specific_rule_speaks_and_takes_over_the_evidence() -> None:
    for first, second in PRECEDENCE:
        found = outcome(speaking(second, (0, "target"), (0, "actual")), speaking(first, (0, "actual"), (0, "note")))
        assert found == [(first, 3)], (first, second)


def test_other_rows_keep_their_findings() -> None:
    found = outcome(speaking("S04", (0, "score")), speaking("S06", (1, "actual")))
    assert sorted(found) == [("S04", 1), ("S06", 1)]


def test_precedence_passes_through_chains() -> None:
    found = outcome(
        speaking("S06", (0, "actual")), speaking("S04", (0, "score")), speaking("N07", (0, "actual"), (0, "note"))
    )
    assert found == [("N07", 3)]


def test_the_same_finding_is_kept_once() -> None:
    rule = speaking("R03", (0, "target"))
    assert outcome(rule, rule) == [("R03", 1)]


def test_a_rule_that_raises_is_reported_and_the_rest_goes_on() -> None:
    def broken(case: Case) -> Iterator[Finding]:
        raise KeyError("absent")
        yield

    case = Case(read_brief(ROWS.strip()), ())
    findings, failures = run_rules(
        case, [Rule("R02", "broken", Severity.ERROR, broken), speaking("R03", (0, "target"))]
    )
    assert [finding.rule for finding in findings] == ["R03"]
    assert [failure.rule for failure in failures] == ["R02"] and "absent" in failures[0].error


def test_a_target_table_hears_only_the_rules_made_for_it() -> None:
    speakers = {rule.code for rule in all_rules() if "target_table" in rule.forms and rule.across is None}
    assert speakers == {"R01", "R03", "R04"}


def test_a_finding_without_evidence_is_refused() -> None:
    case = Case(read_brief("year: 2024\nrow: 巡查 | | 3次"), (), rule=next(iter(all_rules())))
    row = case.filing.indicators[0]
    try:
        case.finding(case.cell(row, "target"))
    except ValueError as error:
        assert "verbatim evidence" in str(error)
    else:
        raise AssertionError("a finding without a quote must be refused")
