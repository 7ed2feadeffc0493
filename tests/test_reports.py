"""The reports: snapshots of every format, and what must never happen in one."""

import json
from collections.abc import Callable
from dataclasses import replace
from unicodedata import east_asian_width

import pytest

from narrcheck.catalogue import entries
from narrcheck.filing import Report, Source
from narrcheck.reports import PARSED, View, render, render_parsed
from narrcheck.reports.parsed import Readings
from report_samples import COMPARED, ERROR, FILING, FULL, FUNDS, REPORT, ROWS, silent

READINGS = Readings("0.1.0", "national", (FILING,), REPORT.skipped, REPORT.errors)
Snapshot = Callable[[str, str], None]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("format", PARSED)
def test_check_report_is_as_in_its_snapshot(format: str, lang: str, snapshot: Snapshot) -> None:
    text = render(replace(REPORT, lang=lang), View(format, 96, verbose=True))
    snapshot(f"check.{format}.{lang}.txt", text)


@pytest.mark.parametrize("format", PARSED)
def test_parse_report_is_as_in_its_snapshot(format: str, snapshot: Snapshot) -> None:
    snapshot(f"parse.{format}.txt", render_parsed(READINGS, View(format, 120)))


@pytest.mark.parametrize("format", ["terminal", "markdown"])
def test_quiet_leaves_the_findings_only(format: str, snapshot: Snapshot) -> None:
    snapshot(f"check.{format}.quiet.txt", render(REPORT, View(format, 96, quiet=True)))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("format", ["terminal", "markdown", "json"])
def test_comparison_and_decisions_are_as_in_their_snapshot(format: str, lang: str, snapshot: Snapshot) -> None:
    snapshot(f"compared.{format}.{lang}.txt", render(replace(COMPARED, lang=lang), View(format, 96)))


@pytest.mark.parametrize("format", PARSED)
@pytest.mark.parametrize("quiet", [False, True])
def test_every_state_and_every_missing_filing_is_told(format: str, quiet: bool) -> None:
    text = render(COMPARED, View(format, 200, quiet=quiet))
    told = ("第二中学操场翻新", "版本不同", "现已补齐", "规则 N07 这次未能完成", "按口径不计")
    assert not [word for word in told if word not in text]
    if format in ("terminal", "markdown"):
        names = ("已更正 1", "仍存在 1", "内容有变 1", "新发现 1", "无法确认 2", "已有处理意见 1", "〔内容有变〕")
        assert not [name for name in names if name not in text]


@pytest.mark.parametrize("format", ["terminal", "markdown"])
def test_decisions_stand_with_who_why_and_when(format: str) -> None:
    text = render(COMPARED, View(format, 200))
    assert "已确认（顾青：现场看过，2025-03-01T08:00:00Z）" in text
    assert "R04 99aabbccddee 由 顾青 判断为不成立：已核对原件" in text
    assert "已豁免 2，判断为不成立 1" in text


def test_color_only_where_asked_for() -> None:
    assert "\x1b[" in render(REPORT, View("terminal", color=True))
    assert "\x1b[" not in render(REPORT, View("terminal"))


def test_columns_are_aligned_for_wide_characters() -> None:
    text = render(REPORT, View("terminal", 96, verbose=True))
    lines = [line for line in text.splitlines() if "│" in line and "陈述" not in line]
    heads = next(line for line in text.splitlines() if "陈述" in line and "│" in line)
    bars = [_width(heads[:at]) for at, mark in enumerate(heads) if mark == "│"]
    rows = [line for line in lines if "实际完成情况" in line and line.count("│") == len(bars)]
    assert len(bars) == 4 and len(rows) == 2
    for line in rows:
        assert [_width(line[:at]) for at, mark in enumerate(line) if mark == "│"] == bars


def test_quote_and_row_stand_side_by_side() -> None:
    text = render(REPORT, View("terminal", 96))
    assert any("巡查132次" in line and "120.00(次)" in line and "│" in line for line in text.splitlines())


def test_narrow_screen_puts_one_side_below_the_other() -> None:
    text = render(REPORT, View("terminal", 40))
    assert max(_width(line) for line in text.splitlines()) <= 40


@pytest.mark.parametrize("format", ["terminal", "markdown"])
@pytest.mark.parametrize("quiet", [False, True])
def test_filing_with_nothing_checked_does_not_look_clean(format: str, quiet: bool) -> None:
    text = render(silent(FILING, 0), View(format, quiet=quiet))
    assert "没有任何数量得到核对" in text
    bare = replace(FILING, indicators=(), funds=())
    assert "没有可核对的内容" in render(silent(bare, 0), View(format, quiet=quiet))
    rowless = replace(FILING, indicators=())
    assert "没有可核对的内容" in render(silent(rowless, 3), View(format, quiet=quiet))
    assert ("未发现不符：文字中 3 处" in render(silent(FILING, 3), View(format, quiet=quiet))) is not quiet


def test_json_has_the_keys_of_the_contract() -> None:
    document = json.loads(render(REPORT, View("json")))
    assert list(document)[:5] == ["schema", "version", "mode", "profile", "filings"]
    filing = document["filings"][0]
    assert filing["source"] == {"path": "河道.txt", "index": 1, "sha256": "0" * 64}
    assert filing["coverage"] == {"numbers": 4, "claims": 2, "linked": 1, "checked": 1, "doubtful_cells": 1}
    assert filing["claims"][1]["row"] == 0 and filing["claims"][1]["value"] == "132"
    finding = filing["findings"][2]
    assert finding["severity"] == "error" and finding["suggestion"] and finding["by"] == "offline"
    assert finding["evidence"][1] == {
        "field": "actual", "row": 0, "name": "日常巡查次数", "quote": "120.00(次)", "start": 0, "end": 9,
        "value": "120.00", "unit": "次", "column": None, "place": None,
    }  # fmt: skip
    assert document["skipped"] and document["errors"][0]["code"] == "empty-file"


def test_parsed_json_has_the_cells_as_printed() -> None:
    filing = json.loads(render_parsed(READINGS, View("json")))["filings"][0]
    assert filing["funds"][0]["initial"] == "1200.00" and filing["funds"][0]["raw"]["initial"] == "1,200.00"
    assert filing["funds"][0]["rate"] == "85.00"
    assert filing["indicators"][1]["score"] is None and filing["indicators"][1]["raw"]["score"] == "十八"
    assert filing["total_score"] == "96.00" and filing["grade"] == "优"


def test_jsonl_has_the_head_first_and_then_a_filing_a_line() -> None:
    second = replace(FULL, filing=replace(FILING, source=Source("二.txt")))
    lines = render(replace(REPORT, filings=(FULL, second)), View("jsonl")).splitlines()
    documents = [json.loads(line) for line in lines]
    assert "filings" not in documents[0] and documents[0]["schema"] == "narrcheck/1"
    assert [document["source"]["path"] for document in documents[1:]] == ["河道.txt", "二.txt"]


AWKWARD = "\ud800\x1b[31m\u202e红\x00\u2028字|`<script>"


@pytest.mark.parametrize("format", PARSED)
def test_awkward_characters_are_shown_and_harmless(format: str) -> None:
    text = render(_awkward(), View(format, verbose=True))
    text.encode()
    assert "\x1b" not in text and "\x00" not in text
    if format in ("json", "jsonl"):
        last = json.loads(text.splitlines()[-1]) if format == "jsonl" else json.loads(text)["filings"][0]
        assert last["project"] == AWKWARD
    else:
        assert "\u202e" not in text and "<U+202E>" in text.replace("\\", "")
    if format == "markdown":
        assert "<script>" not in text.replace("\\<", "")


def _awkward() -> Report:
    finding = replace(ERROR, message=AWKWARD, evidence=(replace(ERROR.evidence[0], quote=AWKWARD),))
    filing = replace(FILING, project=AWKWARD, narrative=AWKWARD, indicators=ROWS, funds=FUNDS)
    return replace(REPORT, filings=(replace(FULL, filing=filing, findings=(finding,)),))


def test_every_sentence_about_an_input_names_it() -> None:
    for key, sentences in entries().items():
        if key.startswith("error."):
            assert all("{path}" in text for text in sentences.values()), key


def test_many_digits_stay_digits() -> None:
    from decimal import Decimal

    from narrcheck.reports.json import decimal

    assert decimal(Decimal("9" * 400)) == "9" * 400
    assert decimal(Decimal("0.00000001")) == "0.00000001"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(mark) in "WF" else 1 for mark in text)
