"""The report as SARIF: valid against the standard's own schema, and every finding leads to its place."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import ROOT
from sarif_kit import validation_errors

from form_text import contradiction
from narrcheck import pipeline
from narrcheck.filing import Checked, Decided, Evidence, Finding, Report, Severity
from narrcheck.printed import Place, Row, Spot
from narrcheck.reports import View, render
from narrcheck.resubmitted import Change, FilingChange, Resubmission
from narrcheck.settings import Settings
from report_samples import ERROR, FILING, FULL, INFO, REPORT, WARNING

EXAMPLES = ROOT / "examples"
DECIDED = Decided("dismissed", "陈复核", "两处口径不同", "2025-03-01T08:00:00Z")


def run(report: Report, view: View | None = None) -> dict[str, Any]:
    """The one run of a report's log, which is valid and the same in a strict UTF-8 file."""
    text = render(report, view or View("sarif"))
    assert isinstance(text, str)
    log = json.loads(text.encode("utf-8", "strict"))
    assert validation_errors(log) == []
    assert log["version"] == "2.1.0" and len(log["runs"]) == 1
    found: dict[str, Any] = log["runs"][0]
    for result in found["results"]:
        assert found["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert "uri" in result["locations"][0]["physicalLocation"]["artifactLocation"], (
            "code scanning takes none without"
        )
    kinds = {kind["id"] for kind in found["tool"]["driver"]["notifications"]}
    assert kinds == {item["descriptor"]["id"] for item in notifications(found)}
    return found


def notifications(found: dict[str, Any]) -> list[dict[str, Any]]:
    made = found["invocations"][0]
    both: list[dict[str, Any]] = made["toolExecutionNotifications"] + made["toolConfigurationNotifications"]
    return both


def told(found: dict[str, Any], kind: str) -> list[str]:
    """The texts of the notifications of a kind."""
    return [item["message"]["text"] for item in notifications(found) if item["descriptor"]["id"] == kind]


def by_id(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {result["partialFingerprints"]["narrcheckFindingId/v1"]: result for result in found["results"]}


def checked(*paths: str | Path, stdin: bytes | None = None, lang: str = "zh") -> Report:
    return pipeline.run([str(path) for path in paths], Settings(lang=lang), stdin)


def made(filing: Any = FILING, *findings: Finding, **more: Any) -> Report:
    """A report of one filing with these findings."""
    return replace(REPORT, filings=(Checked(filing, (), findings, FULL.coverage, **more),), errors=(), skipped=())


@pytest.mark.parametrize(("lang", "suggested"), [("zh", "建议：核实"), ("en", "Suggestion: 核实")])
def test_a_finding_is_a_result_with_both_sides(lang: str, suggested: str) -> None:
    found = run(replace(REPORT, lang=lang))
    result = by_id(found)[ERROR.id]
    assert (result["ruleId"], result["level"]) == ("N01", "error")
    text = result["message"]["text"]
    assert ERROR.message in text and "巡查132次" in text and "120.00(次)" in text and suggested in text
    (other,) = result["relatedLocations"]
    assert f"日常巡查次数 {'实际完成值' if lang == 'zh' else 'actual'}]({other['id']})" in text
    assert result["properties"]["project"] == "河道日常管护" and result["properties"]["year"] == 2024
    assert found["language"] == {"zh": "zh-CN", "en": "en-US"}[lang]
    levels = {finding.id: {3: "error", 2: "warning", 1: "note"}[finding.severity] for finding in (ERROR, WARNING, INFO)}
    assert {key: result["level"] for key, result in by_id(found).items()} == levels


def test_what_the_run_could_not_do_is_told() -> None:
    found = run(REPORT)
    assert found["invocations"][0]["executionSuccessful"] is False
    assert "空.txt 是空文件" in told(found, "unread")[0]
    assert "ZeroDivisionError" in told(found, "rule-failed")[0]
    assert "照片.jpg" in told(found, "skipped")[0] and "十八" in told(found, "doubt")[0]
    assert "王审核" in told(found, "unused-waiver")[0]
    assert found["properties"]["filings"][0]["coverage"]["claims"] == 2
    assert run(replace(REPORT, errors=()))["invocations"][0]["executionSuccessful"] is True


def test_rules_are_those_of_the_catalogue() -> None:
    rules = {rule["id"]: rule for rule in run(REPORT)["tool"]["driver"]["rules"]}
    assert set(rules) == {"N01", "R04", "F01", "S10"}, "of findings, waived ones and rules that failed"
    assert rules["N01"]["name"] == "value-contradiction" and "实际完成值" in rules["N01"]["shortDescription"]["text"]
    assert rules["N01"]["defaultConfiguration"]["level"] == "error" and "```" in rules["N01"]["help"]["markdown"]
    unknown = replace(ERROR, rule="Z77", name="of-another-version")
    assert run(made(FILING, unknown))["tool"]["driver"]["rules"] == [{"id": "Z77", "name": "of-another-version"}]


def test_the_examples_lead_to_lines_cells_and_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = run(checked("examples"), View("sarif", base=ROOT))
    regions, snippets = dict[str, bool](), 0
    for result in found["results"]:
        for place in (*result["locations"], *result.get("relatedLocations", [])):
            physical = place["physicalLocation"]
            address = physical["artifactLocation"]
            path = ROOT / address["uri"]
            assert path.is_file() and found["artifacts"][address["index"]]["location"]["uri"] == address["uri"]
            regions[path.suffix] = "region" in physical
            if snippet := physical.get("region", {}).get("snippet"):
                line = path.read_text("utf-8").splitlines()[physical["region"]["startLine"] - 1]
                assert snippet["text"] in line and snippet["text"] in place["message"]["text"]
                snippets += 1
    assert regions == {".txt": True, ".md": True, ".docx": False, ".xlsx": False, ".pdf": False}
    assert snippets > 10
    names = [name for result in found["results"] for name in result["locations"][0]["logicalLocations"]]
    cells = {name["fullyQualifiedName"] for name in names if name["kind"] == "cell"}
    assert "自评表!F11" in cells and any(name.startswith("第 1 页 表 1") for name in cells)
    assert found["originalUriBaseIds"]["%SRCROOT%"]["uri"] == f"{ROOT.as_uri()}/"
    assert all(len(item["hashes"]["sha-256"]) == 64 for item in found["artifacts"])


def test_addresses_of_files_whatever_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, outside = tmp_path / "上半年 #1", tmp_path / "别处%41.txt"
    home.mkdir()
    for path in (home / "javascript:甲.txt", home / "无.txt", outside):
        path.write_text(contradiction(), "utf-8")
    (home / "无.txt").write_text(contradiction().replace("36次", "26次"), "utf-8")
    monkeypatch.chdir(home)
    found = run(checked("javascript:甲.txt", home / "无.txt", "../别处%41.txt"))
    addresses = [item["location"] for item in found["artifacts"]]
    assert [unquote(item["uri"]) for item in addresses] == ["javascript:甲.txt", "无.txt", f"file://{outside}"]
    assert ":" not in addresses[0]["uri"] and [item.get("uriBaseId") for item in addresses] == ["%SRCROOT%"] * 2 + [
        None
    ]
    assert "uri" not in found["originalUriBaseIds"]["%SRCROOT%"], "what has no place of its own tells none"
    assert len(found["results"]) == 2


def test_members_of_zip_files_stand_in_the_zip_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile(tmp_path / "报送.zip", "w") as package:
        package.writestr("水务/甲.txt", contradiction())
        package.write(EXAMPLES / "exchange.xlsx", "乙.xlsx")
    found = run(checked("报送.zip"))
    outer, *inner = found["artifacts"]
    assert unquote(outer["location"]["uri"]) == "报送.zip" and "hashes" not in outer
    assert {unquote(item["location"]["uri"]) for item in inner} == {"/水务/甲.txt", "/乙.xlsx"}
    assert all(item["parentIndex"] == 0 and item["hashes"] for item in inner)
    places = [result["locations"][0] for result in found["results"]]
    assert {unquote(place["physicalLocation"]["artifactLocation"]["uri"]) for place in places} == {"报送.zip"}
    assert not any("region" in place["physicalLocation"] for place in places)
    names = [name["fullyQualifiedName"] for place in places for name in place["logicalLocations"]]
    assert "乙.xlsx/自评表!F11" in names and any(name.startswith("水务/甲.txt/原文第") for name in names)


def test_standard_input_and_several_filings_of_a_file() -> None:
    found = run(checked("-", stdin=contradiction().encode()))
    assert found["artifacts"][0]["roles"] == ["standardStream"] and found["invocations"][0]["stdin"]["index"] == 0
    assert found["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] > 1
    second = replace(FILING, source=replace(FILING.source, index=2))
    both = replace(REPORT, filings=(FULL, Checked(second, (), (ERROR,), FULL.coverage)))
    found = run(both)
    assert len(found["artifacts"]) == 1
    names = [name["fullyQualifiedName"] for name in found["results"][-1]["locations"][0]["logicalLocations"]]
    assert names == ["#2/实际完成情况"]


def test_waived_and_dismissed_findings_are_suppressed_by_someone_for_a_reason() -> None:
    confirmed = Decided("confirmed", "陈复核", "查了台账", "2025-03-02T08:00:00Z")
    report = made(FILING, ERROR, dismissed=((WARNING, DECIDED),), waived=FULL.waived, confirmed={ERROR.id: confirmed})
    found = by_id(run(report))
    (waived,), (dismissed,) = found[INFO.id]["suppressions"], found[WARNING.id]["suppressions"]
    for one, words in (
        (waived, ("李审核", "已电话核实", "2026-12-31")),
        (dismissed, ("陈复核", "两处口径不同", "2025-03-01")),
    ):
        assert (one["kind"], one["status"]) == ("external", "accepted")
        assert all(word in one["justification"] for word in words)
    assert found[ERROR.id]["suppressions"] == []
    assert found[ERROR.id]["properties"]["confirmed"]["why"] == "查了台账"


def test_a_comparison_gives_every_result_its_state() -> None:
    resolved, unknown = replace(ERROR, id="aaaaaaaaaaaa"), replace(ERROR, id="bbbbbbbbbbbb", rule="N05")
    changes = (
        Change("new", None, ERROR),
        Change("changed", replace(WARNING, id="cccccccccccc"), WARNING),
        Change("unknown", unknown, reason="规则 N05 这次没有运行"),
        Change("settled", INFO, INFO, reason="已豁免"),
        Change("resolved", resolved),
    )
    earlier = replace(FILING, source=replace(FILING.source, path="上次/河道.txt"))
    gone = FilingChange(None, replace(FILING, project="泵站大修"))
    compared = Resubmission("上次.json", (FilingChange(0, earlier, changes), gone), ("版本不同",))
    found = run(replace(made(FILING, ERROR, WARNING, waived=FULL.waived), resubmission=compared))
    states = {key: result["baselineState"] for key, result in by_id(found).items()}
    assert states == {ERROR.id: "new", WARNING.id: "updated", INFO.id: "unchanged", "aaaaaaaaaaaa": "absent"}
    absent = by_id(found)["aaaaaaaaaaaa"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(absent) == "上次/河道.txt"
    assert "bbbbbbbbbbbb" in told(found, "unknown")[0] and "没有运行" in told(found, "unknown")[0]
    assert "泵站大修" in told(found, "missing")[0] and told(found, "compared") == ["版本不同"]
    aside = replace(INFO, id="cccccccccccc")
    found = run(replace(made(FILING, waived=((aside, FULL.waived[0][1]),)), resubmission=compared))
    assert "baselineState" not in by_id(found)[aside.id], "it may have been waived before"
    assert "baselineState" not in run(made(FILING, ERROR))["results"][0]


def test_texts_that_could_mean_something_else_mean_nothing() -> None:
    nasty = '<script>"onload="]]>[去](https://例.cn/)=cmd|{0}\x00\x07\u2028\ud800]('
    piece = Evidence("narrative", nasty, 0, len(nasty), spot=Spot(line=3))
    row = Evidence("actual", nasty, 0, len(nasty), 0, "甲[0]](1)")
    printed = (Row((nasty,), Place(line=3)),)
    filing = replace(FILING, project=nasty, printed=printed, source=replace(FILING.source, path="a\ud800{b}.txt"))
    finding = replace(ERROR, message=nasty, suggestion=nasty, evidence=(piece, row))
    found = run(made(filing, finding, dismissed=((replace(WARNING, message=nasty), replace(DECIDED, why=nasty)),)))
    result = found["results"][0]
    text = result["message"]["text"]
    assert "<script>" in text and "{{0}}" in text and text.count("](") - text.count("\\](") == 1
    assert "[第 1 行 甲\\[0\\]\\](1) 实际完成值](1)" in text
    assert not [mark for mark in "\x00\x07\u2028\ud800" if mark in text]
    assert result["locations"][0]["physicalLocation"]["region"]["snippet"]["text"].endswith("\ufffd](")


def test_size_follows_the_findings_and_not_the_texts() -> None:
    long = "全年巡查" * 250_000
    pieces = (Evidence("narrative", long, 0, len(long), spot=Spot(line=1)), *ERROR.evidence)
    many = tuple(replace(ERROR, id=f"{n:012x}", message=long, evidence=pieces) for n in range(100))
    report = made(replace(FILING, narrative=long, project=long), *many, Finding(**_plain(ERROR)))
    assert len(render(report, View("sarif"))) < 1_500_000
    assert len(run(report)["results"]) == 101


def _plain(finding: Finding) -> dict[str, Any]:
    """A finding's facts without evidence, as a rule about what is missing may have."""
    facts = {name: getattr(finding, name) for name in ("id", "rule", "name", "message", "suggestion")}
    return {**facts, "severity": Severity.ERROR, "evidence": ()}
