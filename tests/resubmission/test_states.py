"""What became of each finding, as a reviewer who knows both versions of a form would say it."""

from dataclasses import replace

import pytest

from form_text import NARRATIVE, ROWS, form
from handed import SAID, change_of, checked, compare, one, report, states, with_cell
from narrcheck.filing import Decided, Doubt, Evidence, Finding, RuleFailure, Severity, Waiver
from narrcheck.settings import Settings

OLD = one(form(narrative=SAID))
CHECKS, VALVES = ("N01", "管网巡检次数"), ("N01", "阀门更换数量")
STILL = [("standing", *VALVES)]


def places(new: str, state: str) -> dict[str, str | None]:
    """What the evidence of the findings in a state says now, by what it said."""
    found = change_of(one(new), OLD)
    return {now.earlier.quote: now.text for change in found.changes if change.state == state for now in change.places}


def test_a_form_handed_in_unchanged_has_all_its_findings_still() -> None:
    found = change_of(OLD, OLD)
    assert states(found) == [("standing", *CHECKS), ("standing", *VALVES)]
    assert all(now.text == now.earlier.quote for change in found.changes for now in change.places)


def test_a_text_that_was_corrected_resolves_its_finding() -> None:
    assert states(change_of(one(form()), OLD)) == [("resolved", *CHECKS), ("resolved", *VALVES)]
    assert places(form(), "resolved") == {
        "全年管网巡检36次": "全年管网巡检26次",
        "26.00(次)": "26.00(次)",
        "更换阀门66只": "更换阀门60只",
        "60.00(只)": "60.00(只)",
    }


def test_a_cell_that_was_corrected_resolves_its_finding() -> None:
    corrected = form(narrative=SAID, rows=with_cell(1, 2, "66.00(只)"))
    assert ("resolved", *VALVES) in states(change_of(one(corrected), OLD))
    assert places(corrected, "resolved") == {"更换阀门66只": "更换阀门66只", "60.00(只)": "66.00(只)"}


def test_a_sentence_that_is_gone_resolves_its_finding_and_says_so() -> None:
    shorter = form(narrative="更换阀门66只，用户满意度95%。")
    assert ("resolved", *CHECKS) in states(change_of(one(shorter), OLD))
    assert places(shorter, "resolved")["全年管网巡检36次"] is None


def test_another_wrong_figure_is_a_changed_finding() -> None:
    found = change_of(one(form(narrative=SAID.replace("36次", "37次"))), OLD)
    assert states(found) == [("changed", *CHECKS), *STILL]
    assert "36次" in found.changes[0].earlier.message and "37次" in found.changes[0].now.message  # type: ignore[union-attr]


def test_a_contradiction_that_was_brought_in_is_new() -> None:
    found = change_of(one(form(narrative=NARRATIVE.replace("95%", "98%"))), OLD)
    assert states(found) == [("new", "N01", "用户满意度"), ("resolved", *CHECKS), ("resolved", *VALVES)]


@pytest.mark.parametrize(
    "form_of_today",
    [
        form(narrative=SAID, rows=with_cell(0, 0, "管网日常巡检次数")),
        form(narrative=SAID, rows=[ROWS[1], ROWS[2], ROWS[0]]),
        form(narrative=SAID, project="城区供水管网维护"),
        form(narrative=SAID).replace("（2024年度）", "（2023年度）"),
        form(narrative="本年度工作如下。" + SAID),
    ],
    ids=["row renamed", "rows moved", "project renamed", "year corrected", "sentence before it"],
)
def test_what_says_the_same_still_stands(form_of_today: str) -> None:
    found = change_of(one(form_of_today), OLD)
    assert (
        sorted(change.state for change in found.changes if change.now and change.now.rule == "N01") == ["standing"] * 2
    )
    assert not found.of("resolved", "unknown")


def test_a_finding_whose_row_is_gone_was_not_resolved_for_certain() -> None:
    found = change_of(one(form(narrative=SAID, rows=ROWS[1:])), OLD)
    (lost,) = found.of("unknown")
    assert lost.earlier is not None and lost.earlier.evidence[1].name == "管网巡检次数"
    assert "没有这一行" in lost.reason and [now.text for now in lost.places] == ["全年管网巡检36次", None]


def test_a_finding_whose_text_was_not_read_was_not_resolved_for_certain() -> None:
    found = change_of(one(form(narrative="")), OLD)
    assert ["没有读出这一段文字" in change.reason for change in found.of("unknown")] == [True, True]


def test_a_finding_whose_cell_is_in_doubt_was_not_resolved_for_certain() -> None:
    new = checked(form())
    doubtful = replace(new, filing=replace(new.filing, doubts=(Doubt("actual", "26.00(次)", "看不清", 0),)))
    found = change_of(report(doubtful), OLD)
    assert states(found) == [("unknown", *CHECKS), ("resolved", *VALVES)] and "存疑" in found.changes[0].reason
    before = replace(OLD.filings[0], filing=replace(OLD.filings[0].filing, doubts=doubtful.filing.doubts))
    assert not change_of(report(doubtful), report(before)).of("unknown")


def test_a_finding_whose_rule_did_not_run_was_not_resolved_for_certain() -> None:
    ignored = change_of(one(form(), Settings(ignore=("N01",))), OLD)
    assert ["没有选用规则 N01" in change.reason for change in ignored.of("unknown")] == [True, True]
    only = change_of(one(form(), Settings(select=("N01",))), OLD)
    assert len(only.of("resolved")) == 2
    failed = replace(checked(form()), failures=(RuleFailure("N01", "KeyError"),))
    assert ["未能完成" in change.reason for change in change_of(report(failed), OLD).of("unknown")] == [True, True]


def test_a_finding_that_vanished_though_nothing_was_changed_was_not_resolved() -> None:
    silent = replace(OLD.filings[0], findings=())
    assert ["与上次相同" in change.reason for change in change_of(report(silent), OLD).of("unknown")] == [True, True]


def by_model(rule: str = "N01") -> Finding:
    quote = "用户满意度95%"
    at = SAID.index(quote)
    evidence = (Evidence("narrative", quote, at, at + len(quote)), Evidence("note", "无", 0, 1, 2, "用户满意度"))
    return Finding("e" * 12, rule, "judged", Severity.WARNING, "说法不一", "核实", evidence, "llm")


def test_what_only_a_model_finds_was_not_resolved_by_a_run_without_one() -> None:
    old = report(replace(OLD.filings[0], findings=(by_model(),)))
    (lost,) = change_of(one(form(narrative=NARRATIVE.replace("95%", "94.5%"))), old).of("unknown")
    assert "没有使用语言模型" in lost.reason
    advised = replace(one(form(narrative=NARRATIVE.replace("95%", "94.5%"))), mode="llm")
    assert not change_of(advised, old).of("unknown")


def test_a_finding_across_filings_needs_a_batch_to_be_resolved() -> None:
    across = replace(by_model("X01"), by="offline")
    (lost,) = change_of(one(form()), report(replace(OLD.filings[0], findings=(across,)))).changes
    assert lost.state == "unknown" and "批量核对" in lost.reason


WAIVER = Waiver("李审核", "电话核实过", rule="N01", project="供水管网维护", row="管网巡检次数")


def test_a_finding_that_is_waived_or_dismissed_now_is_settled() -> None:
    waived = one(form(narrative=SAID), Settings(waivers=(WAIVER,)))
    found = change_of(waived, OLD)
    assert states(found) == [("standing", *VALVES), ("settled", *CHECKS)]
    assert found.changes[1].reason == "李审核 豁免：电话核实过"
    first, *rest = OLD.filings[0].findings
    new = replace(OLD.filings[0], findings=tuple(rest), dismissed=((first, Decided("dismissed", "顾青", "口径不同")),))
    assert change_of(report(new), OLD).of("settled")[0].reason == "顾青 判断为不成立：口径不同"


def test_a_finding_that_was_waived_before_counts_where_it_stands_again() -> None:
    waived = one(form(narrative=SAID), Settings(waivers=(WAIVER,)))
    found = change_of(OLD, waived)
    assert states(found) == [("standing", *CHECKS), ("standing", *VALVES)]
    assert "李审核 豁免：电话核实过" in found.changes[0].reason and not found.changes[1].reason
    assert states(change_of(one(form()), waived)) == [("resolved", *VALVES)]
    assert states(change_of(waived, waived)) == [("standing", *VALVES)]


def test_findings_with_one_id_and_rows_with_one_name_are_told_apart() -> None:
    rows = [*ROWS, ("阀门更换数量", "=60.00(只)", "60.00(只)", "0.00", "0.00", "")]
    old = checked(form(narrative=SAID, rows=rows))
    twice = replace(old, findings=(*old.findings, *old.findings))
    found = change_of(report(old), report(twice))
    assert len(found.of("standing")) == len(old.findings)
    assert len(found.changes) == len(twice.findings)
    assert len({id(change.earlier) for change in found.of("standing")}) == len(old.findings)


def test_the_order_of_findings_is_of_no_account() -> None:
    old, new = OLD.filings[0], checked(form(narrative=SAID.replace("36次", "37次").replace("66只", "67只")))
    turned = report(replace(old, findings=old.findings[::-1]))
    expected = change_of(report(new), OLD)
    found = change_of(report(replace(new, findings=new.findings[::-1])), turned)
    assert {(c.earlier.id, c.now.id) for c in found.changes} == {(c.earlier.id, c.now.id) for c in expected.changes}  # type: ignore[union-attr]


def test_a_finding_taken_up_by_another_rule_still_asks_for_correction() -> None:
    """A row twice in the table with two figures is N06's, which takes up what N01 said of it."""
    said = OLD.filings[0].findings[0]
    more = Evidence("actual", "26.00(次)", 0, 8, 0, "管网巡检次数")
    wider = replace(said, id="f" * 12, rule="N06", evidence=(*said.evidence, replace(more, quote="24.00(次)")))
    found = change_of(
        report(replace(OLD.filings[0], findings=(wider,))), report(replace(OLD.filings[0], findings=(said,)))
    )
    assert [change.state for change in found.changes] == ["changed"]
    both = change_of(
        report(replace(OLD.filings[0], findings=(wider,))), report(replace(OLD.filings[0], findings=(said, wider)))
    )
    assert [change.state for change in both.changes] == ["standing", "unknown"]
    assert "N06 ffffffffffff" in both.changes[1].reason


def test_two_thousand_findings_a_side_find_their_own() -> None:
    """All of one rule and one row, each with a figure of its own; every third was corrected."""
    base = OLD.filings[0]
    texts = [f"第{number}片区巡检{number + 1000}次" for number in range(2000)]
    today = [text if at % 3 else text.replace("巡检", "巡查") for at, text in enumerate(texts)]
    old, new = (
        replace(
            base,
            filing=replace(base.filing, narrative="。".join(side)),
            findings=tuple(_stated(side, at, mark) for at in range(len(side))),
        )
        for mark, side in (("a", texts), ("b", today))
    )
    found = change_of(report(new), report(old))
    assert len(found.of("changed")) == 667 and len(found.of("standing")) == 1333
    wrong = [c for c in found.of("changed") if c.earlier.message != c.now.message]  # type: ignore[union-attr]
    assert len(wrong) <= 7


def _stated(texts: list[str], at: int, mark: str) -> Finding:
    start = sum(len(text) + 1 for text in texts[:at])
    evidence = (
        Evidence("narrative", texts[at], start, start + len(texts[at])),
        Evidence("actual", "26.00(次)", 0, 8, 0, "管网巡检次数"),
    )
    return Finding(f"{mark}{at:011d}", "N01", "value-contradiction", Severity.ERROR, str(at), "核实", evidence)


def test_the_language_of_the_report_is_that_of_the_reasons() -> None:
    new = replace(one(form(), Settings(ignore=("N",), lang="en")), lang="en")
    found = change_of(new, OLD)
    assert {change.reason for change in found.changes} == {"rule N01 was not selected this time"}
    told = compare(new, OLD).resubmission
    assert told is not None and [remark.split(":")[0] for remark in told.remarks] == [
        "different rules selected",
        "different languages",
    ]


def test_a_grade_put_right_wrongly_is_the_same_finding() -> None:
    wrong, other = (form().replace("评分等级\t\t优", f"评分等级\t\t{grade}") for grade in ("中", "差"))
    assert states(change_of(one(other), one(wrong))) == [("changed", "S07", "")]
