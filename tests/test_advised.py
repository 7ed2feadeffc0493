"""What a model may change: which links it is asked about, and what becomes of the findings with its advice."""

from dataclasses import replace

import pytest

from narrcheck.advice import Advice, Judgement, Words
from narrcheck.brief import read_brief
from narrcheck.filing import Checked, Claim, FieldName, Filing, Finding, Severity
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


NOTES = """
goal: 编印手册，检修灯具。
narrative: 各站点均按期开放。
row: 东区演出场次 | ≥6(场) | 4.00(场) | 10 | 6.67 | 下一步加强统筹安排。
row: 西区演出场次 | ≥6(场) | 4.00(场) | 10 | 6.67 | 下一步加强统筹安排。
row: 站点开放 | 全部开放 | 各站点均按期开放；东站至年底未开放 | 10 | 8
""".strip()


def judged(*judgements: tuple[str, Words, Words]) -> list[Finding]:
    """The L findings about that form for these judgements."""
    settings, prepared = Settings(), prepare(read_brief(NOTES), Settings())
    advice = Advice(prepared.claims, tuple(Judgement(*judgement) for judgement in judgements))
    return [f for f in conclude(prepared, settings, advice).findings if f.rule.startswith("L")]


def words(field: FieldName, row: int | None, quote: str) -> Words:
    filing = read_brief(NOTES)
    texts = {"goal": filing.goal, "narrative": filing.narrative}
    if row is not None:
        texts |= {"note": filing.indicators[row].note, "actual": filing.indicators[row].actual.raw}
    start = (texts[field] or "").index(quote)
    return Words(field, row, start, start + len(quote))


def test_rows_with_a_copied_note_have_a_finding_each() -> None:
    found = judged(*(("L02", words("note", n, "加强统筹安排"), words("actual", n, "4.00(场)")) for n in (0, 1)))
    assert [finding.evidence[0].name for finding in found] == ["东区演出场次", "西区演出场次"]
    assert len({finding.id for finding in found}) == 2


def test_two_passages_of_one_cell_are_shown_as_two_quotes() -> None:
    first, second = words("actual", 2, "均按期开放"), words("actual", 2, "东站至年底未开放")
    (found,) = judged(("L03", first, second))
    assert [piece.quote for piece in found.evidence] == ["均按期开放", "东站至年底未开放"]


def test_a_task_named_in_longer_and_shorter_quotes_is_one_finding() -> None:
    near = words("narrative", None, "各站点")
    goals = [words("goal", None, quote) for quote in ("编印手册", "编印手册，", "编印", "检修灯具")]
    found = judged(*(("L01", goal, near) for goal in goals))
    assert [finding.evidence[0].quote for finding in found] == ["编印手册", "检修灯具"]


def test_a_contradiction_told_from_either_side_is_one_finding() -> None:
    first, second = words("narrative", None, "均按期开放"), words("actual", 2, "东站至年底未开放")
    assert len(judged(("L03", first, second), ("L03", second, first))) == 1


def test_coverage_does_not_shrink_when_a_model_says_none() -> None:
    form = FORM.replace("沿岸巡视58次", "河道巡查58次")
    alone, both = advised(read_brief(form), 河道巡查=None)
    assert both.coverage.linked == alone.coverage.linked
