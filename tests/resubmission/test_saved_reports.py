"""What is given as the earlier or the new report: saved ones of every kind, damaged ones, and filings themselves."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from form_text import form
from handed import SAID, change_of, one, states
from narrcheck.cli import main
from narrcheck.filing import Report, Waiver
from narrcheck.reports import View, render
from narrcheck.resubmission import SavedReportError, load
from narrcheck.settings import Settings
from report_samples import COMPARED, REPORT

WAIVER = Waiver("李审核", "核实过", rule="N01", project="供水管网维护", row="阀门更换数量")
OLD = one(form(narrative=SAID), Settings(waivers=(WAIVER,)))
DECIDED = replace(COMPARED, resubmission=None)
RESOLVED = [("resolved", "N01", "管网巡检次数"), ("resolved", "N01", "阀门更换数量")]


def saved(report: Report, folder: Path, format: str = "json") -> str:
    path = folder / f"report.{format}"
    text = render(report, View(format))
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace"))
    return str(path)


@pytest.mark.parametrize("format", ["json", "jsonl"])
@pytest.mark.parametrize("report", [OLD, REPORT, DECIDED], ids=["checked", "full", "decided"])
def test_a_saved_report_is_read_as_it_was(report: Report, format: str, tmp_path: Path) -> None:
    back = load(saved(report, tmp_path, format), Settings())
    for printed in ("markdown", "terminal"):
        view = View(printed, verbose=True)
        assert render(back, view) == render(report, view)
    assert _but_for_dashes(render(back, View("json"))) == _but_for_dashes(render(report, View("json")))


def _but_for_dashes(text: str | bytes) -> object:
    """A saved reading does not keep which mark stood in a cell that holds nothing."""
    return json.loads(str(text).replace('"-"', '""'))


def test_a_comparison_is_a_report_to_compare_with(tmp_path: Path) -> None:
    back = load(saved(COMPARED, tmp_path), Settings())
    assert back.resubmission is None and [f.id for f in back.filings[0].findings] == [
        finding.id for finding in COMPARED.filings[0].findings
    ]


def test_places_are_told_from_a_saved_report_as_from_the_filing(tmp_path: Path) -> None:
    new = load(saved(one(form()), tmp_path), Settings())
    from_file, from_memory = change_of(new, load(saved(OLD, tmp_path), Settings())), change_of(one(form()), OLD)
    assert from_file.changes == from_memory.changes and from_file.of("resolved")[0].places


def test_an_older_report_lacks_keys_and_is_read_all_the_same(tmp_path: Path) -> None:
    document = json.loads(render(OLD, View("json")))
    for key in ("lang", "selection", "unused_waivers", "skipped", "profile"):
        del document[key]
    for key in ("reading", "waived", "rule_failures", "coverage", "notes"):
        del document["filings"][0][key]
    path = tmp_path / "old.json"
    path.write_text(json.dumps(document), "utf-8")
    old = load(str(path), Settings(lang="en"))
    assert old.lang == "en" and [note.key for note in old.filings[0].filing.notes] == [
        "note.reading-not-kept",
        "note.rules-not-kept",
    ]
    found = change_of(one(form()), old)
    assert states(found) == [("resolved", "N01", "管网巡检次数")]
    assert [now.text for now in found.changes[0].places] == ["全年管网巡检26次", "26.00(次)"]
    text = render(replace(old, filings=(replace(old.filings[0], findings=()),), lang="zh"), View("markdown"))
    assert "未读出指标行" not in text and "不含文字和表格" in text
    assert change_of(old, OLD).of("standing")[0].places == ()


Damage = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (lambda it: it["filings"][0]["findings"][0].pop("rule"), "filings[0].findings[0].rule"),
        (lambda it: it["filings"][0]["findings"][0].update(severity="grave"), "filings[0].findings[0].severity"),
        (lambda it: it["filings"][0].pop("source"), "filings[0].source"),
        (lambda it: it["filings"][0]["claims"][0].update(value="many"), "filings[0].claims[0].value"),
        (lambda it: it["filings"][0]["reading"]["indicators"][1].pop("name"), "filings[0].indicators[1].name"),
        (lambda it: it.update(mode="both"), "mode"),
        (lambda it: it["filings"].append("lost"), "filings[1]"),
    ],
)
def test_a_damaged_report_is_refused_with_its_place(damage: Damage, place: str, tmp_path: Path) -> None:
    document = json.loads(render(OLD, View("json")))
    damage(document)
    path = tmp_path / "old.json"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    with pytest.raises(SavedReportError) as caught:
        load(str(path), Settings())
    told = caught.value.text("zh")
    assert place in told and "old.json" in told and "--format json" in told and "old.json" in caught.value.text("en")


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_half_a_report_is_refused(format: str, tmp_path: Path) -> None:
    path = Path(saved(OLD, tmp_path, format))
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(SavedReportError, match="damaged"):
        load(str(path), Settings())


@pytest.mark.parametrize("format", ["markdown", "terminal"])
def test_a_report_for_people_cannot_be_compared(format: str, tmp_path: Path) -> None:
    with pytest.raises(SavedReportError) as caught:
        load(saved(OLD, tmp_path, format), Settings())
    assert all(word in caught.value.text("zh") for word in ("json", "jsonl", "batch export"))


def test_reports_for_other_tools_cannot_be_compared(tmp_path: Path) -> None:
    sarif = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": []}
    for name, text in (
        ("a.sarif", json.dumps(sarif)),
        ("a.html", "<!DOCTYPE html><title>绩效自评核对报告</title>"),
        ("b.json", "{}"),
        ("c.json", '{"filings": 3}'),
        ("d.json", "{"),
        ("e.txt", ""),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        with pytest.raises(SavedReportError) as caught:
            load(str(tmp_path / name), Settings())
        assert name in caught.value.text("zh") and "jsonl" in caught.value.text("en")
    for path in (str(tmp_path / "none.json"), "-"):
        with pytest.raises(SavedReportError):
            load(path, Settings())


def test_the_earlier_side_may_be_the_filing_or_a_reading_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(form(narrative=SAID), "utf-8")
    assert main(["parse", str(path), "-o", str(tmp_path / "read.json")]) == 0
    for given in (path, tmp_path / "read.json"):
        old = load(str(given), Settings())
        assert states(change_of(one(form()), old)) == RESOLVED
    assert [f.rule for f in load(str(path), Settings(select=("F",))).filings[0].findings] == []


def test_an_export_with_decisions_is_an_earlier_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    text = SAID + "对老旧管段逐一登记造册，组织班组开展夜间听漏，配合街道处理居民来电，做到件件有回音。"
    for name, project in (("a", "东片管网维护"), ("b", "西片管网维护")):
        (tmp_path / "year" / f"{name}.txt").write_text(form(narrative=text, project=project), "utf-8")
    assert main(["batch", "run", "year", "--store", "a.db", "--jobs", "1", "--quiet"]) in (0, 1)
    found = {f.evidence[1].quote: f.id for f in load("year", Settings()).filings[0].findings}
    for quote, verdict in (("26.00(次)", "dismiss"), ("60.00(只)", "confirm")):
        decide = ["batch", "decide", found[quote], verdict, "--why", "看过原件", "--who", "顾青"]
        assert main([*decide, "--store", "a.db"]) == 0
    assert main(["batch", "export", "--store", "a.db", "-o", "old.jsonl"]) == 0
    old = load("old.jsonl", Settings())
    assert [(f.id, decided.who) for f, decided in old.filings[0].dismissed] == [(found["26.00(次)"], "顾青")]
    assert {decided.why for decided in old.filings[0].confirmed.values()} == {"看过原件"}
    change = change_of(load("year", Settings()), old)
    again = next(item for item in change.changes if item.now and item.now.id == found["26.00(次)"])
    assert again.state == "standing" and "顾青 判断为不成立：看过原件" in again.reason
    assert {item.earlier.rule[0] for item in change.of("unknown") if item.earlier} == {"X"}
    assert not change_of(old, old).of("new", "resolved", "unknown", "changed")
