"""Labels that do not fit their filings are told with the place; right ones pass."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from fixture_files import CLAIMS, FINDING, labels, write
from narrcheck.cli import main
from narrcheck.evaluation.labels import schema


def told(capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[int, list[tuple[str, str, bool]]]:
    """The exit code of a lint, and what it lists."""
    code = main(["eval", "lint", str(folder), "--format", "json"])
    problems = json.loads(capsys.readouterr().out)["problems"]
    return code, [(one["where"], one["code"], one["serious"]) for one in problems]


def test_right_labels_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path)
    assert told(capsys, folder) == (0, [])
    read = tmp_path / "water.parse.json"
    main(["parse", str(folder / "water.txt"), "--format", "json", "-o", str(read)])
    read.write_text(json.dumps(json.loads(read.read_text("utf-8"))["filings"][0]), "utf-8")
    assert told(capsys, folder) == (0, [])


@pytest.mark.parametrize(
    ("where", "code", "change"),
    [
        ("claims[3].quote", "quote-not-there", {"quote": "管网巡检37次"}),
        ("claims[3].quote", "quote-elsewhere", {"field": "goal"}),
        ("claims[3].value", "number-not-in-quote", {"value": "3"}),
        ("claims[3].value", "no-number", {"value": "三十六"}),
        ("claims[3].row", "unknown-row", {"row": "管网巡检"}),
        ("claims[3].field", "unknown-row", {"field": "note:管网巡检"}),
        ("claims[3].field", "unknown-field", {"field": "总结"}),
    ],
)
def test_a_claim_that_the_filing_does_not_make(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], where: str, code: str, change: dict[str, Any]
) -> None:
    claims = [*CLAIMS[:3], {**CLAIMS[3], **change}, *CLAIMS[4:]]
    assert (where, code, True) in told(capsys, write(tmp_path, claims=claims))[1]


@pytest.mark.parametrize(
    ("where", "code", "serious", "change"),
    [
        ("findings[0].rule", "unknown-rule", True, {"rule": "N99"}),
        ("findings[0].row", "unknown-row", True, {"row": "巡检"}),
        ("findings[0].quotes[1]", "quote-not-there", True, {"quotes": ["管网巡检36次", "27.00(次)"]}),
        ("findings[0].values[1]", "value-not-there", False, {"values": ["36", "27"]}),
        ("findings[0].values[0]", "value-not-there", True, {"values": ["27"]}),
        ("findings[0].rows[1]", "unknown-row", True, {"row": None, "rows": ["管网巡检次数", "泵站"]}),
    ],
)
def test_a_finding_that_the_filing_does_not_bear_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], where: str, code: str, serious: bool, change: dict[str, Any]
) -> None:
    exit_code, problems = told(capsys, write(tmp_path, findings=[{**FINDING, **change}]))
    assert ((where, code, serious) in problems, exit_code) == (True, int(serious))


def test_heads_ids_and_labels_given_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path, year=2021, id="wasser", findings=[FINDING, {**FINDING, "why": "again"}])
    code, problems = told(capsys, folder)
    assert code == 1
    assert problems == [("id", "id-not-name", True), ("year", "head-differs", True), ("findings[1]", "twice", False)]


def test_numbers_may_be_chinese_and_amounts_with_separators(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from form_text import form

    text = form(narrative="全年管网巡检二十六次，更换阀门1,200只，用户满意度95%。")
    claims = [
        {**CLAIMS[3], "quote": "管网巡检二十六次", "value": "26"},
        {**CLAIMS[4], "quote": "更换阀门1,200只", "value": "1200"},
    ]
    assert told(capsys, write(tmp_path, text=text, claims=claims, findings=[])) == (0, [])


def broken(folder: Path, change: str) -> None:
    """One fault that makes the folder unusable."""
    path = folder / "water.labels.json"
    if change == "two-ids":
        write(folder, name="other", id="water")
    elif change == "no-filing":
        (folder / "water.txt").unlink()
    elif change == "unknown-key":
        path.write_text(json.dumps(labels(findings=[{**FINDING, "vaules": ["3"]}])), "utf-8")
    elif change == "missing-key":
        path.write_text(json.dumps({"id": "water"}), "utf-8")
    elif change == "twice-key":
        path.write_text('{"id": "water", "findings": [1], "findings": []}', "utf-8")
    elif change == "long-number":
        path.write_text('{"id": "water", "year": ' + "1" * 5000 + "}", "utf-8")
    elif change == "not-json":
        path.write_text('{"id": "water",\n "findings": [}', "utf-8")
    elif change == "empty":
        for file in folder.iterdir():
            file.unlink()


@pytest.mark.parametrize("action", ["run", "lint"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("two-ids", ["water.labels.json", "other.labels.json"]),
        ("no-filing", ["water.labels.json"]),
        ("unknown-key", ["water.labels.json", "findings[0].vaules"]),
        ("missing-key", ["water.labels.json", "findings"]),
        ("twice-key", ["water.labels.json", "findings"]),
        ("long-number", ["water.labels.json"]),
        ("not-json", ["water.labels.json:2:15"]),
        ("empty", ["fixtures"]),
    ],
)
def test_fixtures_that_cannot_be_used_are_refused_with_the_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], action: str, change: str, said: list[str]
) -> None:
    folder = write(tmp_path / "fixtures")
    broken(folder, change)
    assert main(["eval", action, str(folder)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and all(text in captured.err for text in said)


def test_an_evaluation_refuses_a_quote_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path, findings=[{**FINDING, "quotes": ["巡检99次"]}])
    assert main(["eval", "run", str(folder), "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert "water.labels.json: findings[0].quotes[0]" in told and "巡检99次" in told
    assert main(["eval", "run", str(folder), "--no-lint"]) == 0


def test_without_a_gold_reading_a_label_is_refused_for_what_is_its_own_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for change in ({"field": "gaol"}, {"value": "many"}, {"value": "25"}):
        folder = write(tmp_path / "in", claims=[{**CLAIMS[3], **change}])
        assert main(["eval", "run", str(folder)]) == 2
    assert main(["eval", "run", str(write(tmp_path / "in", findings=[{**FINDING, "rule": "N99"}]))]) == 2
    assert main(["eval", "run", str(write(tmp_path / "in", claims=[{**CLAIMS[3], "row": "泵站"}]))]) == 0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"filings": ["water", "river"]}, ("findings[0].filings[1]", "unknown-filing")),
        ({"filings": None}, ("findings[0].filings", "too-few-filings")),
        ({"rows": ["泵站"]}, ("findings[0].rows[0]", "unknown-row")),
        ({"row": "管网巡检次数"}, ("findings[0].row", "rows-across")),
        ({"quotes": ["泵站巡检"]}, ("findings[0].quotes[0]", "quote-not-there")),
        ({"values": ["987654"]}, ("findings[0].values[0]", "value-not-there")),
        ({"rule": "N01"}, ("findings[0].rule", "rule-of-one")),
    ],
)
def test_labels_across_filings_fit_the_filings_they_name(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    problem: tuple[str, str] | None,
) -> None:
    folder = write(write(tmp_path), name="canal")
    finding = {"rule": "X05", "filings": ["water", "canal"], "rows": ["管网巡检次数"], "values": ["26"], **change}
    (folder / "across.labels.json").write_text(json.dumps({"id": "across", "findings": [finding]}), "utf-8")
    assert [(where, code) for where, code, _ in told(capsys, folder)[1]] == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rule": "X01"}, "rule-across"),
        ({"rule": "L01"}, "not-measured"),
        ({"filings": ["water"]}, "filings-of-one"),
        ({"rows": ["管网巡检次数"]}, "row-and-rows"),
    ],
)
def test_labels_of_one_filing_keep_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], code: str
) -> None:
    assert code in [found for _, found, _ in told(capsys, write(tmp_path, findings=[{**FINDING, **change}]))[1]]


def test_filings_that_nothing_labels_are_mentioned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path)
    (folder / "river.txt").write_text("...", "utf-8")
    assert told(capsys, folder) == (0, [("", "no-labels", False)])


def test_control_characters_of_labels_do_not_reach_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path, findings=[{**FINDING, "quotes": ["\x1b[31m红\u202e"]}])
    assert main(["eval", "lint", str(folder)]) == 1
    shown = capsys.readouterr().out
    assert "\x1b" not in shown and "\u202e" not in shown and "红" in shown


def test_the_schema_stands_in_the_documentation() -> None:
    assert json.loads((ROOT / "docs" / "labels.schema.json").read_text("utf-8")) == schema()


def test_our_own_fixtures_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "lint", str(ROOT / "eval" / "fixtures"), str(ROOT / "eval" / "batches")]) == 0
