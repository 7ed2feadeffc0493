"""The N rules: the cases of tests/cases/rules, checked from the form's text on."""

import pytest

from narrcheck.rules.engine import run_rules
from rule_cases import RuleCase, load_cases, unmatched

CASES = load_cases("N")
# N10 and N11 judge the narrative as a whole, which a case about one figure may leave empty or alike.
WHOLE = ("N10", "N11")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_case(case: RuleCase) -> None:
    findings, failures = run_rules(case.case)
    assert not [failure for failure in failures if failure.rule[0] == "N"]
    missing, extra = unmatched(case, findings)
    assert not missing and not extra, case.why


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_no_other_n_rule_speaks(case: RuleCase) -> None:
    listed = {case.code, *(expected.rule for expected in case.expect)}
    findings, _ = run_rules(case.case)
    others = [f.message for f in findings if f.rule[0] == "N" and f.rule not in listed and f.rule not in WHOLE]
    assert not others, case.why


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_quotes_are_verbatim(case: RuleCase) -> None:
    texts = {"goal": case.filing.goal, "narrative": case.filing.narrative}
    for finding in run_rules(case.case)[0]:
        for piece in finding.evidence:
            if piece.field in texts:
                assert (texts[piece.field] or "")[piece.start : piece.end] == piece.quote


def test_every_rule_has_cases_of_each_kind() -> None:
    codes = {case.code for case in CASES}
    assert codes == {f"N{number:02}" for number in range(1, 12)}
    for code in codes:
        own = [any(e.rule == code for e in case.expect) for case in CASES if case.code == code]
        fewest = (3, 3) if code in WHOLE else (5, 6)
        assert own.count(True) >= fewest[0] and own.count(False) >= fewest[1], code
