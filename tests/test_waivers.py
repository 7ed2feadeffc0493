"""Waivers: what they cover, until when, and which of them covered nothing."""

from dataclasses import replace
from datetime import date

import pytest

from narrcheck.brief import read_brief
from narrcheck.filing import Finding, Waiver
from narrcheck.rules.case import Case
from narrcheck.rules.engine import run_rules
from narrcheck.rules.registry import find_rule
from narrcheck.waivers import apply, covers, unused

FILING = read_brief(
    "project: 健康促进 行动\nrow: 健康讲座 场次 | ≥24场 | 20场 | 6 | 5\nrow: 义诊场次 | ≥10场 | 8场 | 6 | 4"
)
TODAY = date(2026, 3, 1)
BY = {"who": "王", "why": "场地停用"}


@pytest.fixture
def findings() -> tuple[Finding, ...]:
    rule = find_rule("S06")
    assert rule is not None
    found, _ = run_rules(Case(FILING, ()), [rule])
    assert len(found) == 2
    return found


def test_by_id(findings: tuple[Finding, ...]) -> None:
    waiver = Waiver(**BY, id=findings[1].id)
    kept, waived = apply(findings, [waiver], FILING, TODAY)
    assert kept == (findings[0],)
    assert waived == ((findings[1], waiver),)


def test_by_rule_project_and_row_whatever_the_spaces(findings: tuple[Finding, ...]) -> None:
    waiver = Waiver(**BY, rule="S06", project="健康促进行动", row="健康讲座场次")
    kept, waived = apply(findings, [waiver], FILING, TODAY)
    assert kept == (findings[1],)
    assert [finding for finding, _ in waived] == [findings[0]]


def test_by_rule_and_project(findings: tuple[Finding, ...]) -> None:
    kept, waived = apply(findings, [Waiver(**BY, rule="S06", project="健康促进行动")], FILING, TODAY)
    assert not kept and len(waived) == 2


@pytest.mark.parametrize(
    "other", [{"rule": "S04"}, {"project": "健康促进"}, {"row": "讲座"}, {"row": "健康讲座场次", "project": None}]
)
def test_anything_else_is_not_covered(findings: tuple[Finding, ...], other: dict[str, str]) -> None:
    waiver = replace(Waiver(**BY, rule="S06", project="健康促进行动", row="健康讲座场次"), **other)
    assert not any(covers(waiver, finding, FILING) for finding in findings)


def test_the_last_day_still_counts(findings: tuple[Finding, ...]) -> None:
    waiver = Waiver(**BY, rule="S06", project="健康促进行动", until="2026-03-01")
    assert not apply(findings, [waiver], FILING, TODAY)[0]
    assert apply(findings, [waiver], FILING, date(2026, 3, 2)) == (findings, ())


def test_unused_waivers_over_a_run(findings: tuple[Finding, ...]) -> None:
    used, idle = Waiver(**BY, id=findings[0].id), Waiver(**BY, id="000000000000")
    expired = Waiver(**BY, id=findings[1].id, until="2025-12-31")
    _, waived = apply(findings, [idle, used, expired], FILING, TODAY)
    assert unused([idle, used, expired], [waiver for _, waiver in waived]) == (idle, expired)
