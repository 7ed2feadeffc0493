"""The export as JSON: what `check` prints for the same folder but for the reading, and what only the batch knows."""

import json
import os
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from batching_helpers import ROOT, Inline, Unwatched, audit, filing, rows
from form_text import NARRATIVE, form
from modelserver import ModelServer, empty
from narrcheck import pipeline
from narrcheck.audit.decisions import decide, standing
from narrcheck.audit.documents import lines, one_document
from narrcheck.audit.export import Export
from narrcheck.audit.run import Run
from narrcheck.audit.store import Store
from narrcheck.cli import main
from narrcheck.filing import Waiver
from narrcheck.llm.options import ModelOptions
from narrcheck.reports import json as as_json
from narrcheck.reports import jsonl
from narrcheck.settings import Settings

TREE = ("b.txt", "a/z.txt", "a/a/c.txt", "a-b/c.txt", "a.d/c.txt", "a/b.txt", "é.txt", "Z/1.txt", "甲/乙.txt")


ONLY_OF_CHECK = ("reading", "selection")
"""Keys that differ: the export does not have the texts and tables, and names the rules that its own settings select."""


def told(lines: str) -> list[Any]:
    """The lines of a report without the keys that only `check` writes."""
    return [_common(json.loads(line)) for line in lines.splitlines()]


def _common(document: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in document.items() if key not in ONLY_OF_CHECK}
    return {**kept, "filings": [_common(one) for one in kept["filings"]]} if "filings" in kept else kept


ALONE = Settings(ignore=("X",))
"""Without the findings that `check` cannot know."""


def exported(store: Path, settings: Settings | None = None, folder: str | None = None) -> str:
    with Export(str(store), settings or Settings(), folder) as source:
        return "".join(lines(source))


def filings(store: Path, **settings: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(store, Settings(**settings)).splitlines()[1:]]


def confirm(store: Path, finding: str) -> None:
    with Store(str(store)) as opened:
        with opened.engine.connect() as connection:
            about = standing(connection, finding)
        assert about is not None
        decide(opened.engine, about, "confirmed", "现场看过", "顾青")


@pytest.mark.parametrize("folder", ["examples", "eval/fixtures"])
def test_the_lines_are_those_of_check(tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    other_formats = shutil.ignore_patterns("*_61.xlsx", "*_61.docx", "*_61.pdf", "*_61.html")
    shutil.copytree(ROOT / folder, tmp_path / "in" / folder, ignore=other_formats)  # the same filing is told only once
    monkeypatch.chdir(tmp_path / "in")
    audit(tmp_path / "a.db", folder)
    report = pipeline.run([folder], Settings())
    assert len(report.filings) > 5
    assert told(exported(tmp_path / "a.db")) == told(jsonl.render(report))
    with Export(str(tmp_path / "a.db"), Settings()) as source:
        assert _common(json.loads("".join(one_document(source)))) == _common(json.loads(as_json.render(report)))


def test_zip_files_and_what_is_left_out_are_those_of_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "year"
    folder.mkdir()
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("阅览室.txt", filing("阅览室改造", said=35))
    with zipfile.ZipFile(folder / "pack.zip", "w") as archive:
        archive.writestr("部门/泵站.txt", filing("泵站检修", said=36) + "\n" + filing("泵站看护", said=34))
        archive.writestr("notes.txt", "会议记录")
        archive.writestr("broken.docx", b"PK\3\4 nothing")
        archive.write(inner, "inner.zip")
    (folder / "readme.md").write_text("说明", "utf-8")
    (folder / "empty.pdf").write_bytes(b"")
    audit("a.db", "year")
    report = pipeline.run(["year"], Settings())
    assert report.skipped and report.errors and len(report.filings) == 3
    assert told(exported(tmp_path / "a.db", ALONE)) == told(jsonl.render(report))


@pytest.mark.parametrize(
    "settings",
    [
        Settings(lang="en"),
        Settings(mask="yes"),
        Settings(select=("N",), ignore=("N02",)),
        Settings(
            waivers=(Waiver("顾青", "已更正", rule="N01", project="体育馆维修"), Waiver("顾青", "无关", id="0" * 12))
        ),
    ],
    ids=["english", "masked", "selected", "waived"],
)
def test_the_lines_are_those_of_check_under_the_same_settings(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    text = NARRATIVE.replace("26次", "36次") + "联系人：欧阳晓芸，电话13812345678。"
    (tmp_path / "year" / "hall.txt").write_text(form(narrative=text, project="体育馆维修"), "utf-8")
    (tmp_path / "year" / "notes.txt").write_text("会议记录", "utf-8")
    with Store("a.db") as store:
        run_with(store, settings)
    report = pipeline.run(["year"], settings)
    assert any(checked.findings or checked.waived for checked in report.filings)
    assert told(exported(tmp_path / "a.db", settings)) == told(jsonl.render(report))


def run_with(store: Store, settings: Settings) -> None:

    Run(store, "year", settings, Inline(), Unwatched())()


def test_the_model_s_part_stands_with_each_filing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "a.txt").write_text(filing(said=36), "utf-8")
    with ModelServer(empty) as server:
        options = ModelOptions(base_url=server.base_url, api_key="key", model="tiny", cache=Path("off"))
        settings = Settings(llm="full", model=options)
        with Store("a.db") as store:
            run_with(store, settings)
        report = pipeline.run(["year"], settings)
    head, *every = map(json.loads, exported(tmp_path / "a.db", settings).splitlines())
    expected_head, *expected = map(json.loads, jsonl.render(report).splitlines())
    assert head["mode"] == "llm" and set(head["model"]) == set(expected_head["model"])
    assert every[0]["findings"] == expected[0]["findings"] and list(every[0]) == list(_common(expected[0]))
    assert set(every[0]["model"]) == set(expected[0]["model"])


def test_filings_come_in_the_order_of_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(TREE):
        place = tmp_path / "year" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(filing(f"水厂第{number}号工程"), "utf-8")
    names = [
        os.fsdecode(b"year/\xc7\xe0.txt"),
        os.fsdecode(b"year/\xc7/x.txt"),
        "year/\\xc7.txt",
        "year/\U0001f600.txt",
    ]
    for number, name in enumerate(names):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(filing(f"管线第{number}段"), "utf-8")
    audit("a.db", "year")
    assert told(exported(tmp_path / "a.db", ALONE)) == told(jsonl.render(pipeline.run(["year"], Settings())))


def test_a_folder_without_filings_is_an_error_as_in_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "notes.txt").write_text("会议记录", "utf-8")
    audit("a.db", "year")
    assert told(exported(tmp_path / "a.db")) == told(jsonl.render(pipeline.run(["year"], Settings())))


def test_only_the_folder_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("east", "west"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(filing(f"{name}水厂"), "utf-8")
        audit("a.db", name)
    paths = [json.loads(line)["source"]["path"] for line in exported(tmp_path / "a.db").splitlines()[1:]]
    assert paths == ["east/a.txt", "west/a.txt"]
    assert told(exported(tmp_path / "a.db", ALONE, "west")) == told(jsonl.render(pipeline.run(["west"], Settings())))
    assert main(["batch", "export", "north", "--store", "a.db"]) == 2


def test_what_changed_or_left_is_exported_as_it_stands_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / "year" / name).write_text(filing(f"{name[0]}号闸站", said=36), "utf-8")
    audit("a.db", "year")
    (tmp_path / "year" / "a.txt").unlink()
    (tmp_path / "year" / "b.txt").write_text(filing("b号闸站", said=33), "utf-8")
    audit("a.db", "year")
    assert told(exported(tmp_path / "a.db", ALONE)) == told(jsonl.render(pipeline.run(["year"], Settings())))


def test_a_finding_across_filings_stands_at_each_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    text = NARRATIVE + "对老旧管段逐一登记造册，组织班组开展夜间听漏，配合街道处理居民来电，做到件件有回音。"
    for name, project in (("a.txt", "东片管网维护"), ("b.txt", "西片管网维护"), ("c.txt", "剧场座椅更新")):
        narrative = text if name != "c.txt" else NARRATIVE
        (tmp_path / "year" / name).write_text(form(narrative=narrative, project=project), "utf-8")
    audit("a.db", "year")
    ((copied,),) = rows(tmp_path / "a.db", "SELECT finding FROM across WHERE rule = 'X01'")
    first, second, third = filings(tmp_path / "a.db")
    for one in (first, second):
        (found,) = [finding for finding in one["findings"] if finding["id"] == copied]
        sources = [piece["source"] for piece in found["evidence"]]
        assert sorted(sources, key=str) == [{"path": "year/a.txt", "index": 1}, {"path": "year/b.txt", "index": 1}]
        assert found["name"] and found["severity"] and "decision" not in found
    assert copied not in [finding["id"] for finding in third["findings"]]
    for one in filings(tmp_path / "a.db", ignore=("X",)):
        assert not any(finding["rule"].startswith("X") for finding in one["findings"])


def test_a_decided_finding_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "a.txt").write_text(filing(said=36), "utf-8")
    audit("a.db", "year")
    (found,) = [one["id"] for one in filings(tmp_path / "a.db")[0]["findings"] if one["rule"] == "N01"]
    confirm(tmp_path / "a.db", found)
    told = {one["id"]: one.get("decision") for one in filings(tmp_path / "a.db")[0]["findings"]}
    decision = told.pop(found)
    assert decision is not None and {key: decision[key] for key in ("verdict", "why", "who")} == {
        "verdict": "confirmed", "why": "现场看过", "who": "顾青",
    }  # fmt: skip
    assert not any(told.values())


def test_characters_that_no_store_takes_do_not_stop_the_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    row = {"name": "巡检次数\ud800", "target": {"raw": "≥24次"}, "actual": {"raw": "26次"}}
    head = {"form": "self_evaluation", "project": "x\0y\ud800", "narrative": "巡检36次\0\udfff"}
    saved = json.dumps({**head, "indicators": [row]})
    (tmp_path / "year" / "a.json").write_text(saved, "utf-8")
    audit("a.db", "year")
    (one,) = filings(tmp_path / "a.db")
    (expected,) = [json.loads(line) for line in jsonl.render(pipeline.run(["year"], Settings())).splitlines()[1:]]
    assert [f["id"] for f in one["findings"]] == [f["id"] for f in expected["findings"]]
    assert one["project"].startswith("x") and one["claims"][0]["value"] == "36"
    for name in ("a.jsonl", "a.json", "a.xlsx", "a.parquet"):
        assert main(["batch", "export", "--store", "a.db", "-o", name]) == 0


def test_the_command_writes_to_the_screen_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "a.txt").write_text(filing(said=36), "utf-8")
    audit("a.db", "year")
    capsys.readouterr()
    assert main(["batch", "export", "--store", "a.db"]) == 0
    assert capsys.readouterr().out == exported(tmp_path / "a.db")
    assert main(["batch", "export", "--store", "a.db", "-o", "a.ndjson"]) == 0
    assert (tmp_path / "a.ndjson").read_text("utf-8") == exported(tmp_path / "a.db")
    assert main(["batch", "export", "--store", "a.db", "-o", "a.out", "--format", "json"]) == 0
    assert json.loads((tmp_path / "a.out").read_text("utf-8"))["filings"]
    shutil.copy("a.db", "kept.db")
    for wrong in (["-o", "a.csv"], ["--format", "xlsx"], ["-o", "a.db", "--format", "json"], ["-o", "year"]):
        assert main(["batch", "export", "--store", "a.db", *wrong]) == 2
    assert (tmp_path / "a.db").read_bytes() == (tmp_path / "kept.db").read_bytes()
    assert main(["batch", "export", "--store", "none.db"]) == 2 and not (tmp_path / "none.db").exists()


def test_a_file_is_written_whole_or_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "a.txt").write_text(filing(said=36), "utf-8")
    audit("a.db", "year")
    (tmp_path / "a.jsonl").write_text("before", "utf-8")
    connection = sqlite3.connect("a.db")
    with connection:
        connection.execute("UPDATE claims SET value = 'no number'")
    connection.close()
    with pytest.raises(ArithmeticError):
        main(["batch", "export", "--store", "a.db", "-o", "a.jsonl"])
    assert (tmp_path / "a.jsonl").read_text("utf-8") == "before"
    assert not list(tmp_path.glob(".*.part"))
