"""What counts as an answer to a label, case by case."""

from collections.abc import Mapping
from typing import Any

import pytest

from narrcheck.evaluation.labels import ClaimLabel, FindingLabel
from narrcheck.evaluation.matching import (
    answers,
    answers_across,
    bare,
    overlap,
    pair_claims,
    pair_findings,
    pair_rows,
    same_value,
)


def claim(quote: str, value: str = "12", unit: str = "场", field: str = "narrative", **more: Any) -> Mapping[str, Any]:
    return {"field": field, "quote": quote, "value": value, "unit": unit, "upper": None, **more}


def label(quote: str, value: str = "12", unit: str = "场", field: str = "narrative", **more: Any) -> ClaimLabel:
    return ClaimLabel(field=field, quote=quote, value=value, unit=unit, modifier="exact", **more)


def finding(rule: str, *pieces: tuple[str | None, str, str | None]) -> dict[str, Any]:
    return {"rule": rule, "evidence": [{"name": n, "quote": q, "value": v, "field": "actual"} for n, q, v in pieces]}


def wanted(rule: str = "N01", **more: Any) -> FindingLabel:
    return FindingLabel(rule=rule, **more)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("12", "12.00", True),
        ("1,200", "1200", True),
        ("95%", "95.0", True),
        ("１２", "12", True),
        ("12", "12.5", False),
        ("达成", " 达 成", True),
        ("12", None, False),
    ],
)
def test_values_are_compared_as_numbers_where_they_are(one: str, other: str | None, same: bool) -> None:
    assert same_value(one, other) is same


def test_layout_does_not_count_in_texts() -> None:
    assert bare("演出 １２\n场（次）") == "演出12场(次)"


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("演出12场", "12场", True),
        ("全年演出12场", "12场送戏", True),
        ("演出12场", "场馆", False),
        ("甲", "", False),
        ("演出共", "共演", False),
    ],
)
def test_quotes_touch_where_one_holds_or_continues_the_other(one: str, other: str, shared: bool) -> None:
    assert overlap(one, other) is shared


def test_a_claim_answers_one_label_and_the_right_unit_goes_first() -> None:
    pairs = list(pair_claims([label("演出12场")], [claim("演出12场", unit="次"), claim("演出12场")]))
    assert [(known is not None, told and told["unit"]) for known, told in pairs] == [(True, "场"), (False, "次")]


@pytest.mark.parametrize(
    "told",
    [
        claim("演出12场", value="13"),
        claim("演出12场", field="note"),
        claim("观众800人", unit="人"),
        claim("演出12场", upper="15"),
    ],
)
def test_a_claim_with_another_value_field_passage_or_end_is_no_answer(told: Mapping[str, Any]) -> None:
    assert list(pair_claims([label("演出12场")], [told])) == [(label("演出12场"), None), (None, told)]


def test_a_note_is_known_by_its_kind_of_field() -> None:
    ((known, told),) = pair_claims([label("演出12场", field="note:演出场次")], [claim("演出12场", field="note")])
    assert known is not None and told is not None


def test_a_finding_needs_the_rule_the_row_and_a_value() -> None:
    asked = wanted(row="演出场次", values=["36", "26"])
    assert answers(asked, finding("N01", ("演出场次", "26.00(场)", "26.00")))
    assert not answers(asked, finding("N02", ("演出场次", "26.00(场)", "26.00")))
    assert answers(asked, finding("N02", ("演出场次", "26.00(场)", "26.00")), any_rule=True)
    assert not answers(asked, finding("N01", ("观众人次", "26.00(场)", "26.00")))
    assert not answers(asked, finding("N01", ("演出场次", "126场", "126")))


def test_a_value_counts_inside_a_quote_as_a_whole_number_only() -> None:
    asked = wanted(row="演出场次", values=["36"])
    assert answers(asked, finding("N01", ("演出场次", "全年36场", None)))
    assert not answers(asked, finding("N01", ("演出场次", "全年136场", None)))
    assert answers(wanted(row="演出场次", values=["达成指标"]), finding("N01", ("演出场次", "已达成指标", None)))


def test_listed_rows_must_be_named_by_half() -> None:
    asked = wanted("S05", rows=["甲项", "乙项", "丙项"])
    assert answers(asked, finding("S05", ("甲项", "", None), ("乙项", "", None)))
    assert not answers(asked, finding("S05", ("甲项", "", None)))
    assert not answers(asked, finding("S05", *((f"{sign}项", "", None) for sign in "甲乙丁戊己")))


def test_a_text_label_without_row_must_be_touched() -> None:
    asked = wanted("N08", quotes=["共40场"], values=["40"])
    assert answers(asked, finding("N08", (None, "演出共40场", "40")))
    assert not answers(asked, finding("N08", (None, "培训40人", "40")))


def test_as_many_labels_as_possible_are_answered() -> None:
    labels = [wanted(row="演出场次"), wanted(row="演出场次", values=["36"])]
    findings = [finding("N01", ("演出场次", "36场", "36")), finding("N01", ("演出场次", "18场", "18"))]
    assert pair_findings(labels, findings) == {0: 1, 1: 0}


def test_a_label_moves_others_on_through_any_number_of_findings() -> None:
    """Each label gets its finding by moving all that came before it, more of them than calls may stand in calls."""
    count = 1200
    equal = [wanted(row="演出场次")] * count
    alike = [finding("N01", ("演出场次", "36场", "36"))] * (count + 1)
    found = pair_findings(equal, alike)
    assert len(found) == count and len(set(found.values())) == count
    assert len(pair_findings([*equal, wanted(row="观众人次")], alike[:300])) == 300


def test_labels_that_get_nothing_take_nothing_from_others() -> None:
    labels = [wanted(row="演出场次")] * 3 + [wanted(row="演出场次", values=["18"]), wanted(row="观众人次")]
    findings = [
        finding("N01", ("演出场次", "36场", "36")),
        finding("N01", ("演出场次", "18场", "18"), ("观众人次", "800人", "800")),
        finding("N01", ("观众人次", "900人", "900")),
    ]
    found = pair_findings(labels, findings)
    assert found[4] == 2 and len(found) == 3


def test_what_is_no_number_is_compared_as_text() -> None:
    assert same_value("sNaN", "snan") is False and same_value("NaN", "NaN") is True


def test_findings_across_filings_need_both_filings_and_a_row_or_value() -> None:
    asked = wanted("X05", filings=["南馆", "北馆.txt"], rows=["演出场次"], values=["66"])
    pieces = [
        {"source": {"path": f"年度/{name}.txt"}, "name": row, "quote": "66.00(场)", "field": "actual"}
        for name, row in (("南馆", "演出场次"), ("北馆", "演出"))
    ]
    assert answers_across(asked, {"rule": "X05", "evidence": pieces})
    assert not answers_across(asked, {"rule": "X05", "evidence": pieces[:1]})
    other = [{**piece, "name": "观众", "quote": "80人"} for piece in pieces]
    assert not answers_across(asked, {"rule": "X05", "evidence": other})


def test_a_row_too_many_costs_that_row_alone() -> None:
    names = [[{"name": sign} for sign in signs] for signs in ("甲乙丙", "甲丁乙丙")]
    pairs = [(row.get("name"), other.get("name")) for _, row, other in pair_rows(*names, "name")]
    assert pairs == [("甲", "甲"), (None, "丁"), ("乙", "乙"), ("丙", "丙")]
