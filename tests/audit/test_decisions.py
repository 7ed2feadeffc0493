"""A reviewer's judgement of a finding: named by its id or the beginning of it, kept as history, true after new runs."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from batching_helpers import audit, filing, rows
from narrcheck.audit.decisions import Decision, unused_decisions
from narrcheck.audit.export import Export
from narrcheck.cli import main
from narrcheck.filing import Waiver
from narrcheck.settings import Settings


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of one folder: two filings of the same form, a third of another project, each with one contradiction."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "year"
    folder.mkdir()
    (folder / "a.txt").write_text(filing(said=36), "utf-8")
    (folder / "b.txt").write_text(filing("剧场灯光更新", said=31), "utf-8")
    audit("audit.db", "year")
    return tmp_path / "audit.db"


def finding(store: Path, project: str = "供水管网维护") -> str:
    query = f"SELECT finding FROM current_findings WHERE rule = 'N01' AND project = '{project}'"
    return str(rows(store, query)[0][0])


def decide(*arguments: str, verdict: str = "confirm", why: str = "查了巡检台账") -> int:
    return main(["batch", "decide", *arguments[:1], verdict, "--why", why, "--store", "audit.db", *arguments[1:]])


def standing(store: Path) -> dict[str, Decision]:
    with Export(str(store), Settings()) as source:
        return source.decisions


def unused(store: Path) -> list[str]:
    with Export(str(store), Settings()) as source:
        assert source.unused() == unused_decisions(source._connection)
        return [decision.finding for decision in source.unused()]


def test_a_decision_shows_its_finding_and_is_kept(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    identity = finding(store)
    assert decide(identity, "--who", "林岚") == 0
    told = capsys.readouterr().out
    for shown in (identity, "N01", "供水管网维护", "a.txt", "36次", "属实", "林岚", "查了巡检台账"):
        assert shown in told
    kept = standing(store)[identity]
    assert (kept.verdict, kept.who, kept.why) == ("confirmed", "林岚", "查了巡检台账")
    assert (kept.rule, kept.project, kept.year) == ("N01", "供水管网维护", 2024)


def test_the_latest_decision_stands_and_those_before_it_are_told(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    identity = finding(store)
    decide(identity, "--who", "林岚")
    capsys.readouterr()
    assert decide(identity, "--who", "方予", "--lang", "en", verdict="dismiss", why="counted twice") == 0
    told = capsys.readouterr().out
    assert "before: confirmed (林岚" in told
    assert "recorded: dismissed (方予" in told
    assert standing(store)[identity].verdict == "dismissed"
    assert rows(store, "SELECT verdict FROM decisions ORDER BY id") == [("confirmed",), ("dismissed",)]


def test_the_beginning_of_an_id_will_do(store: Path) -> None:
    identity = finding(store)
    assert decide(identity[:5].upper()) == 0
    assert set(standing(store)) == {identity}


def test_an_ambiguous_beginning_lists_the_candidates(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = finding(store), finding(store, "剧场灯光更新")
    change(store, f"UPDATE findings SET finding = '{first[:6]}' || SUBSTR(finding, 7) WHERE finding = '{second}'")
    assert decide(first[:6]) == 2
    told = capsys.readouterr().err
    assert first in told and first[:6] + second[6:] in told and "剧场灯光更新" in told
    assert not standing(store)


def test_an_unknown_finding_names_those_near_it(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    identity = finding(store)
    other = "0" if identity[-1] != "0" else "1"
    assert decide(identity[:-1] + other) == 2
    assert identity in capsys.readouterr().err


@pytest.mark.parametrize("given", ["abc", "N01", "%%%%", "ffff' OR 1", "0123456789abc"])
def test_what_is_no_id_is_refused(store: Path, given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert decide(given) == 2
    assert given in capsys.readouterr().err
    assert not standing(store)


@pytest.mark.parametrize(("why", "who"), [("  ", "林岚"), ("台账有误", " ")])
def test_a_decision_needs_a_reason_and_a_person(store: Path, why: str, who: str) -> None:
    assert decide(finding(store), "--who", who, why=why) == 2
    assert not standing(store)


def test_a_missing_store_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert decide("abcdef") == 2
    assert not (tmp_path / "audit.db").exists()


def test_a_decision_outlives_new_runs_while_the_evidence_is_the_same(store: Path, tmp_path: Path) -> None:
    identity, path = finding(store), tmp_path / "year" / "a.txt"
    decide(identity)
    text = path.read_text("utf-8")
    path.write_text(text.replace("更换阀门60只，用户满意度95%", "用户满意度95%，更换阀门60只"), "utf-8")
    audit("audit.db", "year", lang="en")
    verdicts = rows(store, f"SELECT verdict FROM current_findings WHERE finding = '{identity}'")
    assert verdicts == [("confirmed",)] and not unused(store)


def test_a_decision_about_a_finding_that_is_gone_is_kept_until_it_comes_back(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    identity, path = finding(store), tmp_path / "year" / "a.txt"
    decide(identity)
    shutil.move(path, tmp_path / "a.txt")
    audit("audit.db", "year")
    assert unused(store) == [identity]
    capsys.readouterr()
    assert decide(identity) == 2
    assert "结论保留" in capsys.readouterr().err
    shutil.move(tmp_path / "a.txt", path)
    audit("audit.db", "year")
    assert not unused(store)
    assert rows(store, f"SELECT verdict FROM current_findings WHERE finding = '{identity}'") == [("confirmed",)]


def test_another_figure_is_another_finding(store: Path, tmp_path: Path) -> None:
    identity = finding(store)
    decide(identity)
    (tmp_path / "year" / "a.txt").write_text(filing(said=37), "utf-8")
    audit("audit.db", "year")
    assert unused(store) == [identity] and finding(store) != identity


def test_a_waived_finding_can_be_decided(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waiver = Waiver("林岚", "跨年巡检", rule="N01", project="供水管网维护")
    audit("audit.db", "year", waivers=(waiver,))
    assert decide(finding(store)) == 0
    assert "已豁免" in capsys.readouterr().out


def test_a_finding_across_filings_can_be_decided(store: Path, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "year" / "a.txt", tmp_path / "year" / "c.txt")
    audit("audit.db", "year")
    ((across, rule),) = rows(store, "SELECT finding, rule FROM across")
    assert decide(across[:8]) == 0
    assert standing(store)[across].rule == rule and not unused(store)


def test_odd_characters_in_a_reason_are_kept_apart_from_the_screen(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    identity = finding(store)
    assert decide(identity, why="台账\x1b[31m\0有误\udce4") == 0
    assert "\x1b" not in capsys.readouterr().out
    assert "\0" not in standing(store)[identity].why


def change(store: Path, statement: str) -> None:
    """Change a store of SQLite by hand."""
    connection = sqlite3.connect(store)
    with connection:
        connection.execute(statement)
    connection.close()
