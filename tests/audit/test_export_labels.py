"""Decisions as labelled fixtures: the file as it was audited, and what a reviewer says should be found in it."""

import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from batching_helpers import audit, filing
from form_text import NARRATIVE, form
from narrcheck import check
from narrcheck.audit.decisions import beginning, decide, standing
from narrcheck.audit.store import Store
from narrcheck.cli import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    return tmp_path / "year"


def judge(verdicts: dict[tuple[str, str], str]) -> None:
    """Decide the findings of these rules and projects."""
    with Store("a.db") as store:
        with store.engine.connect() as connection:
            found = [standing(connection, one) for one in beginning(connection, "", 999)]
        for one in found:
            verdict = None if one is None else verdicts.get((one.rule, one.project or ""))
            if one is not None and verdict is not None:
                decide(store.engine, one, "confirmed" if verdict == "yes" else "dismissed", "看过原件", "孟溪")


def export(*more: str) -> int:
    return main(["batch", "export", "--store", "a.db", "--labels", "-o", "labels", *more])


def labels(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path(f"labels/{name}.labels.json").read_text("utf-8"))
    return document


def names() -> set[str]:
    return {path.name for path in Path("labels").iterdir()}


def faulty(project: str, narrative: str = NARRATIVE) -> str:
    """A form with two faults: 36 inspections where the row has 26, and a total that does not add up."""
    return form(narrative=narrative.replace("26次", "36次"), project=project, total="99.00")


def test_a_decided_filing_becomes_a_fixture(folder: Path) -> None:
    (folder / "植物园.txt").write_text(faulty("温室加固"), "utf-8")
    (folder / "码头.txt").write_text(faulty("码头照明"), "utf-8")
    audit("a.db", "year", ignore=("X",))
    judge({("N01", "温室加固"): "yes", ("S01", "温室加固"): "no"})
    assert export() == 0
    assert names() == {"植物园.txt", "植物园.labels.json"}
    assert Path("labels/植物园.txt").read_bytes() == (folder / "植物园.txt").read_bytes()
    told = labels("植物园")
    head = {"id": "植物园", "project": "温室加固", "year": 2024, "money_unit": "万元", "findings_only": True}
    assert {key: told[key] for key in head} == head
    (sure,) = [label for label in told["findings"] if label["certainty"] == "sure"]
    assert sure["rule"] == "N01" and sure["row"] == "管网巡检次数" and sure["why"] == "看过原件"
    assert sure["fields"] == ["narrative", "actual:管网巡检次数"]
    assert any("36次" in quote for quote in sure["quotes"]) and "26.00(次)" in sure["quotes"]
    assert [float(value) for value in sure["values"]] == [36, 26]
    (dismissed,) = told["dismissed"]
    assert dismissed["rule"] == "S01" and dismissed["fields"][0] == "total"


def test_what_nobody_decided_is_debatable(folder: Path) -> None:
    (folder / "a.txt").write_text(faulty("温室加固"), "utf-8")
    audit("a.db", "year")
    judge({("N01", "温室加固"): "yes"})
    export()
    certainty = {label["rule"]: label["certainty"] for label in labels("a")["findings"]}
    assert certainty.pop("N01") == "sure"
    assert "S01" in certainty and set(certainty.values()) == {"debatable"}


def test_names_are_safe_and_unique(folder: Path, tmp_path: Path) -> None:
    odd = ["a/表 一.txt", "b/表 一.TXT", "c/across.txt", os.fsdecode(b"\xc7.txt"), "d/x..md", "e/" + "长" * 70 + ".txt"]
    for number, name in enumerate(odd):
        place = folder / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(faulty(f"第{number}片管网"), "utf-8")
    audit("a.db", "year", ignore=("X",))
    judge({("N01", f"第{number}片管网"): "yes" for number in range(len(odd))})
    assert export() == 0
    fixtures = [name for name in names() if not name.endswith(".labels.json")]
    assert len(fixtures) == len(odd) and len({name.casefold().partition(".")[0] for name in fixtures}) == len(odd)
    for name in fixtures:
        stem = name.partition(".")[0]
        assert len(f"{stem}.labels.json".encode()) < 255 and name.count(".") == 1
        (checked,) = check(Path("labels") / name).filings
        assert checked.filing.project == labels(stem)["project"]
    assert {"表_一.txt", "表_一-2.txt", "across-2.txt"} <= set(fixtures)


def test_the_member_of_a_zip_file_is_taken_out(folder: Path) -> None:
    inner = folder.parent / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("泵站.txt", faulty("泵站检修"))
    with zipfile.ZipFile(folder / "pack.zip", "w") as archive:
        archive.writestr("甲/闸门.txt", faulty("闸门维护"))
        archive.writestr("乙/闸门.txt", filing("船闸看护"))
        archive.write(inner, "inner.zip")
    audit("a.db", "year", ignore=("X",))
    judge({("N01", "泵站检修"): "yes", ("N01", "闸门维护"): "no"})
    assert export() == 0
    assert names() == {"泵站.txt", "泵站.labels.json", "闸门.txt", "闸门.labels.json"}
    assert Path("labels/泵站.txt").read_text("utf-8") == faulty("泵站检修")
    assert Path("labels/闸门.txt").read_text("utf-8") == faulty("闸门维护")


def test_of_several_filings_of_a_file_the_saved_reading_is_given(folder: Path) -> None:
    (folder / "all.txt").write_text(faulty("东片管网") + "\n" + filing("北片管网") + "\n" + faulty("西片管网"), "utf-8")
    audit("a.db", "year", ignore=("X",))
    judge({("N01", "东片管网"): "yes", ("N01", "西片管网"): "no"})
    assert export() == 0
    assert names() == {"all_1.json", "all_1.labels.json", "all_3.json", "all_3.labels.json"}
    (checked,) = check(Path("labels/all_3.json")).filings
    assert checked.filing.project == "西片管网"
    (dismissed,) = labels("all_3")["dismissed"]
    (found,) = [finding for finding in checked.findings if finding.rule == "N01"]
    assert dismissed["quotes"] == [piece.quote for piece in found.evidence]


def test_a_file_that_changed_or_went_is_left_out_and_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(faulty(f"{name}号桥"), "utf-8")
    audit("a.db", "year", ignore=("X",))
    judge({("N01", f"{name}号桥"): "yes" for name in "abc"})
    (folder / "a.txt").write_text(filing("a号桥"), "utf-8")
    (folder / "b.txt").unlink()
    capsys.readouterr()
    assert export() == 3
    told = capsys.readouterr().err
    assert "year/a.txt" in told and "year/b.txt" in told and "year/c.txt" not in told
    assert names() == {"c.txt", "c.labels.json"}


def test_a_decision_whose_finding_is_gone_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.txt").write_text(faulty("温室加固"), "utf-8")
    audit("a.db", "year")
    judge({("N01", "温室加固"): "yes"})
    (folder / "a.txt").unlink()
    (folder / "b.txt").write_text(filing("码头照明"), "utf-8")
    audit("a.db", "year")
    capsys.readouterr()
    assert export() == 0
    assert "N01" in capsys.readouterr().err and not names()


@pytest.mark.parametrize("told", [True, False], ids=["by the command line", "by settings that are gone"])
def test_masked_filings_stay_masked(folder: Path, told: bool) -> None:
    text = NARRATIVE + "联系人：欧阳晓芸，电话13812345678。"
    (folder / "a.txt").write_text(faulty("温室加固", text), "utf-8")
    if told:
        assert main(["batch", "run", "year", "--store", "a.db", "--mask", "--jobs", "1", "-q"]) == 1
    else:
        audit("a.db", "year", mask="yes")
    judge({("N01", "温室加固"): "yes"})
    assert export() == 0
    assert names() == {"a.json", "a.labels.json"}
    for name in names():
        told = Path("labels", name).read_text("utf-8")
        assert "13812345678" not in told and "欧阳晓芸" not in told
    assert "N01" in {finding.rule for finding in check(Path("labels/a.json")).filings[0].findings}


def test_findings_across_filings_are_labelled_together(folder: Path) -> None:
    text = NARRATIVE + "对老旧管段逐一登记造册，组织班组开展夜间听漏，配合街道处理居民来电，做到件件有回音。"
    for name, project in (("a", "东片管网"), ("b", "西片管网")):
        (folder / f"{name}.txt").write_text(form(narrative=text, project=project), "utf-8")
    audit("a.db", "year")
    judge(
        {("X01", "东片管网"): "yes", ("X05", "东片管网"): "no", ("X01", "西片管网"): "yes", ("X05", "西片管网"): "no"}
    )
    assert export() == 0
    across = labels("across")
    assert [sorted(one["id"] for one in across["filings"])] == [["a", "b"]]
    (label,) = across["findings"]
    assert label["rule"] == "X01" and sorted(label["filings"]) == ["a", "b"]
    assert [one["rule"] for one in across["dismissed"]] == ["X05"]
    assert {"a.txt", "b.txt"} <= names() and not labels("a")["dismissed"]


def test_nothing_is_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.txt").write_text(faulty("温室加固"), "utf-8")
    audit("a.db", "year")
    judge({("N01", "温室加固"): "yes"})
    Path("labels").mkdir()
    Path("labels/a.txt").write_text("mine", "utf-8")
    assert export() == 2
    assert names() == {"a.txt"} and Path("labels/a.txt").read_text("utf-8") == "mine"
    shutil.rmtree("labels")
    assert export("--format", "json") == 2 and not Path("labels").exists()
    assert main(["batch", "export", "--store", "a.db", "--labels"]) == 2
    assert export() == 0
