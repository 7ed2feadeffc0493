"""A batch with a language model: many filings asked about at once, one budget, and what is missing asked for later."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from batching_helpers import PATIENCE, Content, audit, batch, content, kill_when, rows, started, stored
from form_text import form
from modelserver import Asked, ModelServer, Reply, empty, error

COUNT = 6
ROWS = (
    ("夜场放映场次", "≥20.00(场)", "12.00(场)", "40.00", "24.00", "下一步加强组织协调。"),
    ("剧场观众满意度", "≥90.00(%)", "95.00(%)", "50.00", "50.00", ""),
)
GOAL = "为居民放露天影片20场，建立设备保养台账，满意度达到90%。"
NARRATIVE = "全年夜间广场上为居民放露天影片18场，排演新剧目3幕，满意度95%。"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Filings that leave much to ask, no two alike."""
    place = tmp_path / "year"
    place.mkdir()
    for number in range(COUNT):
        told = NARRATIVE.replace("3幕", f"{number + 3}幕")
        (place / f"剧场{number}.txt").write_text(form(GOAL, told, ROWS, "84.00", f"剧场惠民{number}"), "utf-8")
    return place


def served(server: ModelServer, cache: str | Path = "off", **more: str) -> dict[str, str]:
    """The environment of a command that asks this server."""
    return {
        "NARRCHECK_LLM_BASE_URL": server.base_url, "NARRCHECK_LLM_API_KEY": "sk-a-key", "NARRCHECK_LLM_MODEL": "tiny",
        "NARRCHECK_LLM_CACHE": str(cache), "NARRCHECK_LLM_WAIT_SECONDS": "0.01", **more,
    }  # fmt: skip


def stated(asked: Asked) -> Reply:
    """A model that finds the new plays of each narrative, and nothing else."""
    if asked.task != "extract":
        return empty(asked)
    number = asked.text.partition("排演新剧目")[2][:2]
    return Reply({"claims": [{"text": "T1", "quote": f"排演新剧目{number}", "number": number}]})


def status(store: Path) -> dict[str, Any]:
    (place,) = json.loads(batch("status", "--store", store, "--format", "json").out)["folders"]
    return dict(place)


def without_keys(found: Content, *tables: str) -> Content:
    """The tables, of files only what was read."""
    return {name: [row[:7] for row in found[name]] if name == "files" else found[name] for name in tables}


def test_many_filings_are_asked_about_at_once(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "audit.db"

    def slow(asked: Asked) -> Reply:
        reply = stated(asked)
        return Reply(reply.answer, delay=0.3)

    with ModelServer(slow) as server:
        done = batch("run", folder, "--store", store, "--jobs", "2", **served(server))
    assert done.code == 1 and "Traceback" not in done.err, done.err
    assert server.most_at_once > 2
    told = status(store)
    assert told["degraded"] == 0 and told["run"]["mode"] == "llm"
    assert told["run"]["model"]["requests"] == len(server.asked)
    assert rows(store, "SELECT COUNT(DISTINCT filing_id) FROM claims WHERE by = 'llm'") == [(COUNT,)]


def test_what_the_rules_find_is_the_same_with_a_model(folder: Path, tmp_path: Path) -> None:
    with ModelServer(empty) as server:
        batch("run", folder, "--store", tmp_path / "model.db", "--jobs", "2", **served(server))
    audit(tmp_path / "rules.db", folder)
    same = "files", "problems", "claims", "indicators", "findings", "across"
    with_model, without = (content(tmp_path / name) for name in ("model.db", "rules.db"))
    assert without_keys(with_model, *same) == without_keys(without, *same)


@pytest.mark.parametrize("down", ["budget", "service"])
def test_what_is_missing_is_listed_and_asked_for_later(folder: Path, tmp_path: Path, down: str) -> None:
    store, cache = tmp_path / "audit.db", tmp_path / "answers.sqlite"
    most = ("--max-requests", "5") if down == "budget" else ()
    with ModelServer(stated) as server:
        if down == "service":
            server.reply = lambda asked: stated(asked) if "剧场惠民1" in asked.text else error(500)
        first = batch("run", folder, "--store", store, "--jobs", "2", *most, **served(server, cache))
        assert first.code == 1 and "Traceback" not in first.err, first.err
        if down == "budget":
            assert len(server.asked) <= 5
        left = status(store)["degraded"]
        assert 0 < left <= COUNT
        before, told = len(server.asked), batch("status", "--store", store).out
        assert f"{left} 份" in told and "batch resume --degraded" in told

        server.reply = stated
        more = ("--max-requests", "1000")
        again = batch("resume", "--degraded", "--store", store, *more, **served(server, cache))
        assert again.code == 1 and len(server.asked) > before, again.err
        assert status(store)["degraded"] == 0
        checked = rows(store, "SELECT COUNT(*) FROM files WHERE run_id = (SELECT MAX(id) FROM runs)")
        assert checked == [(left,)], "only those are checked again"

        batch("run", folder, "--store", tmp_path / "whole.db", "--jobs", "2", **served(server))
        same = "problems", "claims", "indicators", "findings", "across"
        assert without_keys(content(store), *same) == without_keys(content(tmp_path / "whole.db"), *same)
        before = len(server.asked)
        done = batch("resume", "--degraded", "--store", store, **served(server, cache))
        assert "没有缺少" in done.err and len(server.asked) == before


def test_answers_are_kept_for_other_runs(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "answers.sqlite"
    with ModelServer(stated) as server:
        batch("run", folder, "--store", tmp_path / "a.db", "--jobs", "2", **served(server, cache))
        asked = len(server.asked)
        batch("run", folder, "--store", tmp_path / "b.db", "--jobs", "2", **served(server, cache))
        batch("run", folder, "--store", tmp_path / "a.db", "--jobs", "2", **served(server, cache))
        assert len(server.asked) == asked > 0
    same = "problems", "claims", "indicators", "findings", "across"
    assert without_keys(content(tmp_path / "a.db"), *same) == without_keys(content(tmp_path / "b.db"), *same)


def test_without_a_model_at_hand_nothing_missing_is_struck_off(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "audit.db"
    with ModelServer(lambda asked: error(500)) as server:
        batch("run", folder, "--store", store, "--jobs", "1", **served(server))
    left = status(store)["degraded"]
    done = batch("resume", "--degraded", "--store", store)
    assert done.code == 2 and "语言模型" in done.err
    assert status(store)["degraded"] == left == COUNT


def test_resuming_degraded_filings_goes_on_with_an_unfinished_run_too(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "audit.db"
    with ModelServer(lambda asked: error(500)) as server:
        batch("run", folder, "--store", store, "--jobs", "1", **served(server))
        with closing(sqlite3.connect(store)) as connection, connection:
            connection.execute("UPDATE runs SET state = 'interrupted'")
        (folder / "新.txt").write_text(form(GOAL, NARRATIVE, ROWS, "84.00", "新剧场"), "utf-8")
        server.reply = stated
        done = batch("resume", "--degraded", "--store", store, "--jobs", "1", **served(server))
    told = status(store)
    assert (told["filings"], told["degraded"]) == (COUNT + 1, 0), done.err
    assert told["run"]["state"] == "finished"


@pytest.mark.parametrize("stop", ["kill", "interrupt"])
def test_stopped_while_the_model_is_asked(folder: Path, tmp_path: Path, stop: str) -> None:
    store, whole = tmp_path / "audit.db", tmp_path / "whole.db"

    def waiting(asked: Asked) -> Reply:
        return Reply(stated(asked).answer, delay=0 if len(server.asked) < 9 else PATIENCE)

    with ModelServer(waiting) as server:
        environment = served(server, NARRCHECK_LLM_CONCURRENCY="2")
        process = started("run", folder, "--store", store, "--jobs", "2", **environment)
        if stop == "kill":
            assert kill_when(process, lambda: len(server.asked) > 9)
        else:
            while len(server.asked) <= 9:
                assert process.poll() is None
            process.terminate()
            _, said = process.communicate(timeout=PATIENCE)
            assert process.returncode == 130 and b"Traceback" not in said
        assert stored(store) < COUNT
        server.reply = stated
        batch("resume", "--store", store, "--jobs", "2", **environment)
        batch("run", folder, "--store", whole, "--jobs", "2", **environment)
    assert status(store)["degraded"] == 0
    same = "files", "problems", "claims", "indicators", "findings", "across"
    assert without_keys(content(store), *same) == without_keys(content(whole), *same)
