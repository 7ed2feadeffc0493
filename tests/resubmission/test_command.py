"""`narrcheck compare` and `check --against` as a user runs them."""

import json
from pathlib import Path

import pytest

from form_text import NARRATIVE, form
from handed import SAID
from narrcheck.cli import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.txt").write_text(form(narrative=SAID), "utf-8")
    (tmp_path / "new.txt").write_text(form(narrative=SAID.replace("66只", "60只")), "utf-8")
    for name in ("old", "new"):
        assert main(["check", f"{name}.txt", "-o", f"{name}.json"]) == 1
    return tmp_path


def test_two_reports_are_compared_in_every_text_format(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for format in ("terminal", "markdown", "json", "jsonl"):
        capsys.readouterr()
        assert main(["compare", "old.json", "new.json", "--format", format]) == 1
        told = capsys.readouterr().out
        assert "resolved" in told if format.startswith("json") else "已更正 1，仍存在 1，内容有变 0，新发现 0" in told
        assert "更换阀门66只" in told and "更换阀门60只" in told


def test_the_json_has_what_became_of_each_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["compare", "old.json", "new.json", "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert document["resubmission"]["path"] == "old.json" and document["resubmission"]["missing"] == []
    assert document["resubmission"]["counts"] == {
        "resolved": 1, "standing": 1, "changed": 0, "new": 0, "unknown": 0, "settled": 0,
    }  # fmt: skip
    filing = document["filings"][0]
    assert filing["earlier"]["source"]["path"] == "old.txt" and filing["same_file"] is False
    standing, resolved = filing["changes"]
    assert standing["state"] == "standing" and standing["now"] == filing["findings"][0]["id"]
    assert resolved["now"] is None and resolved["earlier"]["rule"] == "N01"
    assert [(place["quote"], place["now"]) for place in resolved["places"]] == [
        ("更换阀门66只", "更换阀门60只"),
        ("60.00(只)", "60.00(只)"),
    ]


def test_check_against_says_the_same_as_compare(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["check", "new.txt", "--against", "old.json", "--format", "json"]) == 1
    checked = json.loads(capsys.readouterr().out)
    assert main(["compare", "old.json", "new.txt", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == checked


def test_the_exit_code_is_that_of_the_new_report(folder: Path) -> None:
    assert main(["compare", "old.json", "new.json", "--fail-on", "never"]) == 0
    (folder / "clean.txt").write_text(form(), "utf-8")
    assert main(["compare", "old.json", "clean.txt"]) == 0
    assert main(["compare", "clean.txt", "old.json"]) == 1


def test_wrong_use_is_told_with_the_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "half.json").write_text((folder / "old.json").read_text("utf-8")[:-200], "utf-8")
    for given in (["compare", "half.json", "new.json"], ["check", "new.txt", "--against", "half.json"]):
        capsys.readouterr()
        assert main(given) == 2
        assert "half.json" in capsys.readouterr().err
    assert main(["compare", "old.json", "none.json"]) == 2
    assert main(["compare", "old.json", "new.json", "-o", "old.json"]) == 2


def test_names_are_masked_in_what_is_said_of_the_earlier_report(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = SAID.replace("更换", "联系人：欧阳晓芸，更换")
    (folder / "named.txt").write_text(form(narrative=named.replace("全年", "欧阳晓芸全年")), "utf-8")
    (folder / "clean.txt").write_text(form(narrative=NARRATIVE), "utf-8")
    for format in ("terminal", "json"):
        capsys.readouterr()
        main(["compare", "named.txt", "clean.txt", "--mask", "--format", format])
        told = capsys.readouterr().out
        assert "管网巡检36次" in told and "欧阳晓芸" not in told


def test_the_language_asked_for_is_spoken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    main(["compare", "old.json", "new.json", "--lang", "en", "--format", "markdown"])
    assert "resolved 1, still there 1" in capsys.readouterr().out
