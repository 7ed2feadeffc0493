"""`narrcheck eval run` as people use it: figures, floors, comparisons, saved answers."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from fixture_files import FINDING, write
from form_text import form
from narrcheck.cli import main

MISSED = {**FINDING, "quotes": ["管网巡检26次"], "values": ["26"], "why": "巡检次数另有记录"}


def run(*options: object) -> int:
    return main(["eval", "run", *map(str, options)])


def figures(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))["figures"]
    return found


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Two fixtures: of one the contradiction is found, of the other nothing is, though something is labelled."""
    folder = write(tmp_path / "two", sector="水务")
    return write(folder, name="quiet", text=form(), findings=[MISSED], claims=[], findings_only=True)


def test_json_has_figures_by_layer_and_rule(two: Path, tmp_path: Path) -> None:
    assert run(two, "--format", "json", "-o", tmp_path / "out.json") == 0
    assert figures(tmp_path / "out.json")["N01"] == {
        "labels": 2, "found": 1, "reported": 1, "right": 1, "precision": 1.0, "recall": 0.5, "f1": 2 / 3
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_every_format_shows_the_missed_label(
    two: Path, capsys: pytest.CaptureFixture[str], form: str, lang: str
) -> None:
    assert run(two, "--format", form, "--lang", lang) == 0
    shown = capsys.readouterr().out
    assert "quiet.txt" in shown and "巡检次数另有记录" in shown and "0.500" in shown
    assert ("召回率" in shown) is (lang == "zh")


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("0.5", 0),
        ("0.9", 1),
        ("N01.recall=0.5", 0),
        ("findings.N.recall=0.6", 1),
        ("findings.N=0.6", 0),
        ("S01=0.1", 1),
    ],
)
def test_a_floor_decides_the_exit_code(two: Path, limit: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(two, "--fail-under", limit) == code
    assert ("下限" in capsys.readouterr().err) is bool(code)


def test_floors_in_a_file(two: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text('recall = 1\n[floors]\n"findings" = { recall = 0.9 }\n', "utf-8")
    assert run(two, "--floors", floors) == 2 and "recall" in capsys.readouterr().err
    floors.write_text('[floors]\n"findings" = { recall = 0.9, precision = 1 }\n[ceilings]\nfalse_alarms = 0\n', "utf-8")
    assert run(two, "--floors", floors, "--lang", "en") == 1
    assert "findings.recall is 0.5000, should be 0.9" in capsys.readouterr().err
    for wrong in (
        "floors = 5",
        "[[ceilings]]",
        "[ceilings]\nfalse_alarms = nan",
        "[floors]\nfindings = { recal = 1 }",
        "[floors]\nfindings = { recall = 2 }",
        "[floors",
        "[roof]\n",
    ):
        floors.write_text(wrong, "utf-8")
        assert run(two, "--floors", floors) == 2


def test_what_is_lost_against_a_saved_run_is_listed(
    two: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "saved.json"
    run(two, "--format", "json", "-o", saved)
    assert run(two, "--against", saved, "--fail-on-lost") == 0
    capsys.readouterr()
    assert run(two, "--against", saved, "--fail-on-lost", "--ignore", "N01", "--format", "json") == 1
    comparison = json.loads(capsys.readouterr().out)["comparison"]
    assert [(one["file"], one["key"]) for one in comparison["lost"]] == [("two/water.txt", "N01")]
    assert run(two, "--against", saved, "--ignore", "N01", "--format", "markdown") == 0
    assert "正文36次，表中26次" in capsys.readouterr().out


def test_saved_output_of_check_is_measured_as_a_live_run_is(
    two: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers, out = tmp_path / "check.json", [tmp_path / "live.json", tmp_path / "saved.json"]
    files = sorted(map(str, two.glob("*.txt")))
    main(["check", "--fail-on", "never", "--format", "json", *files, "-o", str(answers)])
    assert run(two, "--format", "json", "-o", out[0]) == 0
    assert run(two, "--answers", answers, "--format", "json", "-o", out[1]) == 0
    assert figures(out[0]) == figures(out[1])
    assert run(two, "--ignore", "N01", "--against", answers, "--fail-on-lost") == 1
    for wrong in ('{"filings": 3}', "[", '{"filings": [{"source": {"path": "a.txt"}}]}'):
        answers.write_text(wrong, "utf-8")
        assert run(two, "--answers", answers) == 2
        assert run(two, "--against", answers) == 2
    assert run(two, "--answers", tmp_path / "none.json") == 2
    assert run(two, "--against", tmp_path / "none.json") == 2


def test_a_second_system_is_compared_and_set_beside(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(two, "--against", "profile:national", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["comparison"]["verdict"] == "same"
    assert run(two, "--systems", "off,profile:national") == 0
    assert "profile:national" in capsys.readouterr().out
    assert run(two, "--systems", "full") == 2
    assert run(two, "--systems", "best") == 2


def test_a_file_that_is_not_read_is_told_and_the_rest_measured(
    two: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(two, name="damaged", text="管网巡检36次，26.00(次)。", claims=[], findings_only=True)
    assert run(two, "--format", "json", "-o", tmp_path / "out.json") == 3
    assert "damaged.txt" in capsys.readouterr().err
    assert figures(tmp_path / "out.json")["N01"]["labels"] == 3


def test_a_folder_of_folders_is_measured_across_filings(tmp_path: Path) -> None:
    assert run(ROOT / "eval" / "batches" / "fire", "--format", "json", "-o", tmp_path / "out.json") == 0
    found = figures(tmp_path / "out.json")
    assert found["X05"]["found"] == found["X05"]["labels"] == 1 and found["findings.X"]["precision"] == 1
    assert "findings" not in found


def test_the_same_run_gives_the_same_bytes(two: Path, tmp_path: Path) -> None:
    for name in ("one", "other"):
        run(two, "--format", "json", "-o", tmp_path / f"{name}.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "other.json").read_bytes()


def test_the_gate_does_not_pass_what_is_no_longer_measured(
    two: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "saved.json"
    run(two, "--format", "json", "-o", saved)
    for name in ("quiet.txt", "quiet.labels.json"):
        (two / name).unlink()
    assert run(two, "--against", saved) == 0
    assert run(two, "--against", saved, "--fail-on-lost") == 1
    assert "two/quiet.txt" in capsys.readouterr().err
    assert run(write(tmp_path / "other", name="river"), "--against", saved, "--fail-on-lost") == 1
    assert run(two, "--fail-on-lost") == 2
    emptied = json.loads(saved.read_text("utf-8"))
    del emptied["filings"]
    saved.write_text(json.dumps(emptied), "utf-8")
    assert run(two, "--against", saved, "--fail-on-lost") == 2


def test_false_alarms_are_shared_by_clean_filings_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "in", findings=[])
    write(folder, name="clean", text=form(), claims=[], findings=[], findings_only=True)
    assert run(folder, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["false_alarms"] == 0.5


@pytest.mark.parametrize("name", ["water.txt", "water.labels.json", "water.parse.json"])
@pytest.mark.parametrize("action", ["run", "lint", "ablate"])
def test_no_report_is_written_over_a_fixture(two: Path, tmp_path: Path, action: str, name: str) -> None:
    read = tmp_path / "read.json"
    main(["parse", str(two / "water.txt"), "--format", "json", "-o", str(read)])
    (two / "water.parse.json").write_text(json.dumps(json.loads(read.read_text("utf-8"))["filings"][0]), "utf-8")
    assert main(["eval", action, str(two), "--format", "json", "-o", str(tmp_path / "out.json")]) == 0
    before = (two / name).read_bytes()
    assert main(["eval", action, str(two), "--format", "json", "-o", str(two / name)]) == 2
    assert (two / name).read_bytes() == before


def test_folders_of_one_name_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = (write(tmp_path / year / "filings") for year in ("2023", "2024"))
    assert run(one, other, "--format", "json") == 0
    files = [filing["file"] for filing in json.loads(capsys.readouterr().out)["filings"]]
    assert files == ["2023/filings/water.txt", "2024/filings/water.txt"]
    assert run(one, one) == 2
    assert run(one / "water.txt") == 2


def test_waivers_of_the_working_folder_hide_nothing(
    two: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    waiver = '[[waiver]]\nrule = "N01"\nproject = "供水管网维护"\nwho = "甲"\nwhy = "已核"\n'
    (two.parent / "narrcheck.toml").write_text(waiver, "utf-8")
    monkeypatch.chdir(two.parent)
    assert run(two, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["figures"]["N01"]["found"] == 1


def test_findings_across_filings_have_no_severity_of_single_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ROOT / "eval" / "batches" / "fire", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["by"]["severity"] == {}


@pytest.mark.parametrize("limit", ["findngs=0.9", "findings.N.precison=0.9", "false_alarms=0.1", "findings=2", "N01=x"])
def test_a_floor_that_makes_no_sense_is_refused(two: Path, limit: str) -> None:
    assert run(two, "--fail-under", limit) == 2


def test_quiet_and_verbose(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for option in ("-q", "-v"):
        assert run(two, "--format", "terminal", option) == 0
        shown.append(capsys.readouterr().out)
    assert "巡检次数另有记录" not in shown[0] and "巡检次数另有记录" in shown[1]


def test_saved_output_of_other_filings_is_refused(
    two: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write(tmp_path / "other", name="river")
    answers = tmp_path / "check.json"
    main(["check", "--fail-on", "never", "--format", "json", str(other / "river.txt"), "-o", str(answers)])
    for option in ("--answers", "--against"):
        assert run(two, option, answers) == 2
        assert "check.json" in capsys.readouterr().err
    damaged = json.loads(answers.read_text("utf-8"))
    damaged["filings"][0]["claims"][1]["quote"] = None
    answers.write_text(json.dumps(damaged), "utf-8")
    assert run(other, "--answers", answers) == 2
    assert "filings[0].claims[1].quote" in capsys.readouterr().err
    assert run(other, "--against", answers) == 2
    assert "filings[0].claims[1].quote" in capsys.readouterr().err
