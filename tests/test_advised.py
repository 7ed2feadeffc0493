"""What a model may change: which links it is asked about, and what becomes of the findings with its advice."""

from dataclasses import replace

import pytest

from narrcheck.advice import Advice
from narrcheck.brief import read_brief
from narrcheck.filing import Checked, Claim, Filing, Severity
from narrcheck.linking.close import close_calls
from narrcheck.pipeline import conclude, prepare
from narrcheck.settings import Settings

FORM = """
year: 2024
goal: 全年巡河60次，放养鱼苗3万尾。
narrative: 全年沿岸巡视58次，投放鱼苗3万尾，清理垃圾12吨。
row: 河道巡查次数 | ≥60(次) | 48.00(次) | 20 | 16 | 汛期水位高
row: 鱼苗放养数量 | ≥3(万尾) | 3.00(万尾) | 20 | 20
row: 水面漂浮物打捞量 | ≥10(吨) | 11.00(吨) | 20 | 20
""".strip()


def asked(filing: Filing) -> dict[str, list[str]]:
    """The claims whose links are not settled, each with its candidate rows."""
    claims = prepare(filing, Settings()).claims
    names = [row.name for row in filing.indicators]
    return {claims[call.claim].quote: [names[row] for row in call.rows] for call in close_calls(filing, claims)}


def test_only_unsettled_links_are_asked_about() -> None:
    found = asked(read_brief(FORM))
    assert found["清理垃圾12吨"] == ["水面漂浮物打捞量"]
    assert not any("鱼苗" in quote for quote in found)


def test_two_rows_nearly_as_good_are_both_candidates() -> None:
    form = """
narrative: 全年组织技能培训12期。
row: 电工技能培训期数 | ≥6(期) | 7.00(期)
row: 焊工技能培训期数 | ≥6(期) | 8.00(期)
"""
    (rows,) = asked(read_brief(form.strip())).values()
    assert set(rows) == {"电工技能培训期数", "焊工技能培训期数"}


@pytest.mark.parametrize("clause", ["上年清理垃圾12吨", "计划清理垃圾12吨", "其中预算12万元"])
def test_other_years_plans_and_funds_are_not_asked_about(clause: str) -> None:
    assert asked(read_brief(FORM.replace("清理垃圾12吨", clause))).keys().isdisjoint({clause})


def advised(filing: Filing, **links: int | None) -> tuple[Checked, Checked]:
    """The check without and with advice; `links` gives the row of the claim that holds each word."""
    settings = Settings()
    prepared = prepare(filing, settings)

    def changed(claim: Claim) -> Claim:
        row = next((row for word, row in links.items() if word in claim.quote), claim.row)
        return claim if row == claim.row else replace(claim, row=row, by="llm")

    advice = Advice(tuple(map(changed, prepared.claims)))
    return conclude(prepared, settings), conclude(prepared, settings, advice)


def test_a_link_of_the_model_s_own_adds_a_warning() -> None:
    alone, both = advised(read_brief(FORM), 清理垃圾=2)
    assert [f.rule for f in alone.findings if f.rule == "N01"] == []
    (added,) = [finding for finding in both.findings if finding.by == "llm"]
    assert (added.rule, added.severity) == ("N01", Severity.WARNING)
    assert {piece.name for piece in added.evidence} >= {"水面漂浮物打捞量"}
    assert [finding for finding in both.findings if finding.by != "llm"] == list(alone.findings)


def test_a_link_taken_away_withdraws_nothing() -> None:
    form = FORM.replace("沿岸巡视58次", "河道巡查58次")
    alone, both = advised(read_brief(form), 河道巡查=None)
    assert any(finding.rule == "N01" for finding in alone.findings)
    kept = [finding for finding in both.findings if finding.by != "llm"]
    assert kept == list(alone.findings)


def test_the_same_fault_is_not_told_twice() -> None:
    form = FORM.replace("沿岸巡视58次", "河道巡查58次")
    filing = read_brief(form)
    settings = Settings()
    prepared = prepare(filing, settings)
    confirmed = tuple(replace(claim, by="both") for claim in prepared.claims)
    both = conclude(prepared, settings, Advice(confirmed))
    assert {finding.by for finding in both.findings if finding.rule == "N01"} == {"both"}
    assert len(both.findings) == len({finding.id for finding in both.findings})
    assert not [finding for finding in both.findings if finding.by == "llm"]
