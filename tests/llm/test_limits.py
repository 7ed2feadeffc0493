"""Pace, deadlines, outages, budgets, counting and the cache: what a run spends, and what it spares."""

import json
import os
import re
import sqlite3
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from advising import BAD, GOOD, KEY, PLAIN, TROUBLED, ask, for_pumps, question, seen
from llm_settings import options_for
from modelserver import Asked, ModelServer, Reply, empty, error, in_turn
from narrcheck.llm.question import Question

SLOW = Reply({"claims": []}, delay=0.1)


def many(count: int) -> list[Question]:
    return [question(f"全年巡检{at}次。") for at in range(count)]


def variables(server: ModelServer, **more: str) -> dict[str, str]:
    """The environment of a command line that asks the server."""
    given = {"BASE_URL": server.base_url, "MODEL": "tiny", "API_KEY": KEY, **more}
    return {f"NARRCHECK_LLM_{name}": value for name, value in given.items()}


# Pace


@pytest.mark.parametrize("limit", [1, 3])
def test_no_more_requests_at_once_than_allowed(limit: int) -> None:
    with ModelServer(SLOW) as server:
        assert ask(options_for(server, concurrency=limit), *many(3 * limit)).troubles == []
    assert server.most_at_once == limit


@pytest.mark.parametrize("limits", [{"requests_per_minute": 2}, {"tokens_per_minute": 5000}])
def test_no_more_requests_a_minute_than_allowed(limits: dict[str, int]) -> None:
    with ModelServer() as server:
        found = ask(options_for(server, answer_tokens=300, **limits), *many(6), minute=0.5)
    assert found.troubles == [] and len(server.asked) == 6
    starts = [asked.at for asked in server.asked]
    assert all(later - first >= 0.4 for first, later in zip(starts, starts[4:], strict=False))
    assert starts[-1] - starts[0] >= 0.8


def test_nobody_waits_for_a_turn_that_is_of_no_use() -> None:
    with ModelServer(error(401)) as server:
        found = ask(options_for(server, requests_per_minute=2), *many(20))
    assert len(server.asked) == 2 and {trouble.code for trouble in found.troubles} == {"wrong-key"}


# Time


def test_standing_in_line_is_not_counted() -> None:
    with ModelServer(SLOW) as server:
        assert ask(options_for(server, concurrency=1), *many(8), deadline=0.5).troubles == []


def test_silence_ends_with_the_time_of_a_request(tmp_path: Path) -> None:
    with ModelServer(for_pumps(Reply(delay=20))) as server:
        run = seen(server, tmp_path, PLAIN, TROUBLED, PLAIN, attempts=2, timeout_seconds=1)
    assert run.troubles(1) == [("extract", "timeout")] and "1 秒内没有回答" in run.page
    assert run.model(1)["requests"] == 2 and run.document["model"]["degraded"] == 1


def test_silence_ends_with_the_time_of_a_filing(tmp_path: Path) -> None:
    with ModelServer(for_pumps(Reply(delay=20))) as server:
        run = seen(server, tmp_path, PLAIN, TROUBLED, PLAIN, deadline_seconds=1)
    assert run.troubles(1) == [("extract", "deadline")] and "超过 1 秒的时限" in run.page
    assert run.document["model"]["requests"] == len(server.asked) == 3


def test_what_was_not_sent_is_not_counted() -> None:
    with ModelServer() as server:
        found = ask(options_for(server), question(), deadline=0)
    assert [trouble.code for trouble in found.troubles] == ["deadline"] and server.asked == []
    assert found.wire.service.ledger.total.requests == found.errands[0].usage.requests == 0


# Outages


@pytest.mark.parametrize("trouble", [Reply(drop=True), error(503), Reply(raw=b"<html>"), Reply(delay=20)])
def test_a_service_that_is_gone_is_soon_left_alone(tmp_path: Path, trouble: Reply) -> None:
    attempts = 1 if trouble.delay else 2
    with ModelServer(trouble) as server:
        run = seen(server, tmp_path, *[PLAIN] * 30, concurrency=3, attempts=attempts, timeout_seconds=1)
    codes = [run.troubles(at)[0][1] for at in range(30)]
    under_way = 2 * 3 + 1
    assert 3 <= len(codes) - codes.count("gone") <= under_way
    assert len(server.asked) <= under_way * attempts and run.document["model"]["degraded"] == 30
    assert re.search("服务接连 [3-7] 次出错，暂停询问；最后一次：[^；]{4,}", run.page)


def test_a_service_that_fails_now_and_then_is_not_given_up() -> None:
    with ModelServer(in_turn(*[error(503), error(503), empty] * 5)) as server:
        found = ask(options_for(server, attempts=1, concurrency=1), *many(15))
    assert [trouble.code for trouble in found.troubles] == ["server-error"] * 10 and len(server.asked) == 15


# Budgets


@pytest.mark.parametrize("reply", [SLOW, error(503), Reply({"claims": [BAD]})])
def test_the_budget_of_requests_is_kept(tmp_path: Path, reply: Reply) -> None:
    with ModelServer(reply) as server:
        run = seen(server, tmp_path, *[PLAIN] * 12, max_requests=5, attempts=9)
    assert len(server.asked) == 5 == run.document["model"]["requests"]
    assert "已用到请求数上限 5" in run.page


def test_the_budget_of_tokens_is_kept() -> None:
    used = []

    def reply(asked: Asked) -> Reply:
        used.append(500 + asked.body["max_tokens"])
        return Reply({"claims": []}, usage=(500, asked.body["max_tokens"]), delay=0.05)

    with ModelServer(reply) as server:
        found = ask(options_for(server, max_tokens=20_000, answer_tokens=2000), *many(30))
    assert sum(used) == found.wire.service.ledger.total.tokens <= 20_000
    assert len(used) >= 6 and found.troubles
    assert {trouble.code for trouble in found.troubles} == {"budget-tokens"}
    assert all(asked.body["max_tokens"] >= 256 for asked in server.asked)


# Counting


def test_every_attempt_is_counted_as_the_service_counts_it(tmp_path: Path) -> None:
    no_choice = Reply(raw=json.dumps({"choices": [], "usage": {"prompt_tokens": 20, "completion_tokens": 2}}).encode())
    poor, good = Reply({"claims": [BAD]}, usage=(10, 1)), Reply({"claims": GOOD}, usage=(30, 3))
    cut = Reply({"claims": []}, usage=(40, 4), finish="length")
    with ModelServer(in_turn(error(503), poor, no_choice, cut, good)) as server:
        run = seen(server, tmp_path)
    assert len(server.asked) == 5 == run.model()["requests"]
    assert run.model()["tokens"] == {"sent": 100, "received": 10, "estimated": 0} == run.document["model"]["tokens"]


UNCOUNTED = [None, {}, [], "many", {"prompt_tokens": None, "completion_tokens": None}]
UNCOUNTED += [
    {"prompt_tokens": a, "completion_tokens": b} for a, b in [(-1, 5), ("9", "9"), (True, 1), (7, None), (1.5, 2)]
]


@pytest.mark.parametrize("usage", UNCOUNTED)
@pytest.mark.parametrize("first", [{"claims": GOOD}, {"claims": [*GOOD, BAD]}], ids=["right", "asked again"])
def test_what_no_service_counts_is_estimated(tmp_path: Path, usage: Any, first: Any) -> None:
    replies = (Reply(answer, usage=usage) for answer in (first, {"claims": GOOD}))
    with ModelServer(in_turn(*replies)) as server:
        run = seen(server, tmp_path)
    tokens = run.model()["tokens"]
    assert run.troubles() == [] and tokens["estimated"] == tokens["sent"] + tokens["received"]
    assert tokens["sent"] > 500 and tokens["received"] > 20 and "其中估算" in run.page


def test_a_request_without_an_answer_counts_what_it_sent(tmp_path: Path) -> None:
    with ModelServer(in_turn(Reply(drop=True), Reply({"claims": []}, usage=(30, 3)))) as server:
        tokens = seen(server, tmp_path).model()["tokens"]
    assert tokens["estimated"] == tokens["sent"] - 30 > 500 and tokens["received"] == 3


# Cache


def test_a_second_run_asks_nothing_and_says_the_same(tmp_path: Path) -> None:
    cache = tmp_path / "new" / "folder" / "answers.sqlite"
    with ModelServer(Reply({"claims": [*GOOD, BAD]})) as server:
        first = seen(server, tmp_path, PLAIN, TROUBLED, cache=cache)
        asked = len(server.asked)
        second = seen(server, tmp_path, PLAIN, TROUBLED, cache=cache)
    assert len(server.asked) == asked == first.document["model"]["requests"] == 4
    assert second.document["model"]["requests"] == 0 and second.document["model"]["cached"] == 2
    assert second.document["model"]["tokens"] == {"sent": 0, "received": 0, "estimated": 0}
    for one, other in zip(first.document["filings"], second.document["filings"], strict=True):
        assert one["model"].pop("dropped") == other["model"].pop("dropped") == {"extract": 1}
        assert (one.pop("model"), other.pop("model"))[0]["cached"] == 0 and one == other
    kept = b"".join(path.read_bytes() for path in cache.parent.iterdir())
    assert GOOD[0]["quote"].encode() in kept and KEY.encode() not in kept
    assert not any(words.encode() in kept for words in ("泵站停机", "阀门60只，", "自评表", BAD["quote"]))
    assert os.name == "nt" or cache.stat().st_mode & 0o77 == 0


def test_another_question_is_asked(tmp_path: Path) -> None:
    cache, first = tmp_path / "answers.sqlite", question()
    other = replace(first, messages=[{"role": "system", "content": "…"}, *first.messages[1:]])
    with ModelServer() as server:
        options = options_for(server, cache=cache)
        for changed in ({}, {"model": "large"}, {"mode": "json"}, {"base_url": f"{server.base_url}/"}):
            ask(replace(options, **changed), first)
        ask(options, question("巡检7次。"), replace(first, version=2), other)
        ask(options, first)
    assert len(server.asked) == 6


@pytest.mark.parametrize("trouble", [error(503), Reply(content="?"), Reply(refusal="no")])
def test_trouble_is_not_kept(tmp_path: Path, trouble: Reply) -> None:
    with ModelServer(trouble) as server:
        options = options_for(server, cache=tmp_path / "answers.sqlite", attempts=1, reasks=1)
        assert ask(options, question()).troubles
        server.reply = empty
        assert ask(options, question()).replies and len(server.asked) == (3 if trouble.content else 2)


@pytest.mark.parametrize("trouble", [error(503), error(429), Reply(refusal="no")])
def test_an_answer_that_trouble_kept_from_being_mended_is_not_kept(tmp_path: Path, trouble: Reply) -> None:
    poor, good = Reply({"claims": [*GOOD, BAD]}), Reply({"claims": GOOD})
    with ModelServer(in_turn(poor, trouble, good)) as server:
        options = options_for(server, cache=tmp_path / "answers.sqlite", attempts=1)
        found = [ask(options, question()).replies for _ in range(3)]
    assert [(reply.dropped, len(reply.items)) for (reply,) in found] == [(1, 2), (0, 2), (0, 2)]
    assert len(server.asked) == 3


ROWS = ["", "x", "null", "[]", "{}", '{"items": 5}', '{"items": {"a": 1}}', "[" * 100_000]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[:20])
def test_a_spoilt_answer_is_asked_for_anew(tmp_path: Path, row: str) -> None:
    cache = tmp_path / "answers.sqlite"
    with ModelServer(Reply({"claims": GOOD})) as server:
        ask(options_for(server, cache=cache), question())
        with closing(sqlite3.connect(cache)) as connection, connection:
            connection.execute("update answers set answer = ?", (row,))
        found = ask(options_for(server, cache=cache), question())
    assert len(server.asked) == 2 and len(found.replies[0].items) == 2


@pytest.mark.parametrize("spoilt", ["garbage", "a folder", "a file for a folder", "another database"])
def test_a_cache_that_cannot_be_used_is_done_without(tmp_path: Path, spoilt: str) -> None:
    cache = tmp_path / "at" / "answers.sqlite"
    cache.parent.mkdir()
    if spoilt == "garbage":
        cache.write_bytes(b"no database at all" * 500)
    elif spoilt == "a folder":
        cache.mkdir()
    elif spoilt == "a file for a folder":
        cache = cache / "below" / "answers.sqlite"
        cache.parent.parent.write_text("a file")
    else:
        with closing(sqlite3.connect(cache)) as connection, connection:
            connection.execute("create table answers (other text)")
    with ModelServer(Reply({"claims": GOOD})) as server:
        runs = [seen(server, tmp_path, cache=cache) for _ in range(2)]
    assert [run.document["model"]["requests"] for run in runs] == [1, 1]
    assert all(run.troubles() == [] and set(run.authors().values()) == {"both"} for run in runs)


def test_processes_and_threads_share_a_cache(tmp_path: Path, narrcheck: Run) -> None:
    (tmp_path / "form.txt").write_text(PLAIN, "utf-8")
    with ModelServer(Reply({"claims": GOOD}, delay=0.2)) as server, ThreadPoolExecutor(8) as pool:
        cache = tmp_path / "answers.sqlite"
        command = ("check", "form.txt", "--llm", "full", "--format", "json")
        environment = variables(server, CACHE=str(cache))
        runs = [pool.submit(narrcheck, *command, **environment) for _ in range(2)]
        asked = [pool.submit(ask, options_for(server, cache=cache), *many(5)) for _ in range(4)]
        assert all(not one.result().troubles for one in asked)
        assert all(json.loads(one.result().stdout)["model"]["degraded"] == 0 for one in runs)
        before = len(server.asked)
        assert not ask(options_for(server, cache=cache), *many(5)).troubles and len(server.asked) == before


# Secrets


def test_the_key_is_nowhere_even_where_the_service_repeats_it(tmp_path: Path, narrcheck: Run) -> None:
    (tmp_path / "form.txt").write_text(PLAIN, "utf-8")
    with ModelServer(error(401, f"Bearer {KEY} is no key", code=KEY)) as server:
        environment = variables(server, CACHE="kept/answers.sqlite")
        done = narrcheck("check", "form.txt", "--llm", "full", "-o", "report.json", OPENAI_LOG="debug", **environment)
        (trouble,) = ask(options_for(server), question()).troubles
    assert done.returncode == 1 and "密钥未被接受（HTTP 401）" in done.stderr.decode()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"report.json", "answers.sqlite"} <= {path.name for path in files}
    assert not any(KEY.encode() in text for text in (done.stdout, done.stderr, *(path.read_bytes() for path in files)))
    told = "".join(traceback.format_exception(trouble)) + repr((trouble, trouble.facts, vars(trouble)))
    assert KEY not in told + repr(options_for(server))
