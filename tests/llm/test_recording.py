"""A run that was recorded can be had again without a model: the same findings at the same cost, and nothing secret."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run

from advising import BAD, GOOD, KEY, PLAIN, PUMPS, TROUBLED, for_pumps, narrated
from llm_settings import options_for, settings_for
from modelserver import TASKS, Asked, ModelServer, Reply, Script, empty, error, in_turn
from narrcheck import Report
from narrcheck.llm.options import ModelOptions
from narrcheck.llm.trouble import RecordingError
from narrcheck.pipeline import run
from narrcheck.reports import View, render
from narrcheck.settings import Settings
from scripted import Perfect, labelled

pytestmark = pytest.mark.in_process

FIXTURES = ROOT / "eval" / "fixtures"
OTHER = narrated("全年冲洗水池14座。")
SIGNED = narrated("全年管网巡检36次，更换阀门60只，联系人：郑晓云，电话13800001111。")


def files(folder: Path, *texts: str) -> list[str]:
    paths = [folder / f"{at}.txt" for at in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, "utf-8")
    return [str(path) for path in paths]


def recorded(paths: list[str], record: Path, reply: Reply | Script = empty, **changes: Any) -> Report:
    """A run over the files with a model that answers so, taken down; the server is gone afterwards."""
    with ModelServer(reply) as server:
        return run(paths, settings_for(server, "full", record=record, attempts=1, **changes))


def replayed(paths: list[str], record: Path, use: str = "full", **changes: Any) -> Report:
    """The same from the record: neither address, nor model, nor key is known."""
    return run(paths, Settings(llm=use, model=ModelOptions(replay=record, **changes)))


def told(report: Report) -> list[Any]:
    """What a reader learns of each filing: findings, claims, the model's part, trouble included."""
    return [(checked.findings, checked.claims, checked.alone, checked.advice) for checked in report.filings]


def lines(record: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record.read_text("utf-8").splitlines()]


def document(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(report, View("json")))
    return found


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


@pytest.fixture
def of_three(tmp_path: Path, record: Path) -> Iterator[tuple[list[str], Path]]:
    """A record of three filings, the questions about one of which met an error."""
    paths = files(tmp_path, PLAIN, TROUBLED, SIGNED)
    recorded(paths, record, for_pumps(error(500, "disk full")))
    yield paths, record


@pytest.mark.parametrize("use", ["auto", "full"])
def test_a_replay_tells_what_the_run_told(record: Path, use: str) -> None:
    paths = [str(path) for path in sorted(FIXTURES.glob("*.txt"))[:5]]
    with ModelServer(Perfect(labelled([FIXTURES]))) as server:
        live = run(paths, settings_for(server, use, record=record))
    again = replayed(paths, record, use)
    assert live.model is not None and again.model is not None
    assert live.model.usage.requests == len(lines(record)) - 1 == len(server.asked) > 5
    assert told(again) == told(live) and again.model.usage == live.model.usage
    assert again.model.not_recorded == 0 and again.model.model == "tiny"


def test_answers_in_part_good_and_troubles_are_replayed_as_they_were(tmp_path: Path, record: Path) -> None:
    paths = files(tmp_path, PLAIN, TROUBLED)
    live = recorded(paths, record, for_pumps(Reply({"claims": [*GOOD, BAD]})), reasks=1)
    (tmp_path / "other").mkdir()
    troubled = tmp_path / "other" / "run.jsonl"
    failed = recorded(paths, troubled, for_pumps(error(401, "no")), concurrency=1)
    for report, kept in ((live, record), (failed, troubled)):
        again = replayed(paths, kept)
        assert told(again) == told(report)
        assert again.model is not None and report.model is not None
        assert (again.model.usage, again.model.stopped) == (report.model.usage, report.model.stopped)
    assert failed.model is not None and failed.model.stopped is not None
    assert sum(
        checked.advice.dropped["extract"] for checked in live.filings if checked.advice and checked.advice.dropped
    )


def test_a_record_says_what_was_asked_and_answered_and_nothing_secret(of_three: tuple[list[str], Path]) -> None:
    head, *asked = lines(of_three[1])
    assert head["schema"] == "narrcheck-recording/1" and head["model"] == "tiny" and len(head["prompts"]) == 12
    assert head["endpoint"].startswith("http://127.0.0.1:") and head["version"]
    assert {line["task"] for line in asked} <= set(TASKS)
    (bad,) = [line for line in asked if "trouble" in line]
    assert bad["trouble"]["code"] == "server-error" and PUMPS in bad["messages"][-1]["content"]
    good = [line for line in asked if "items" in line]
    assert all(line["requests"] == 1 and line["sent"] and line["seconds"] >= 0 for line in good)
    text = of_three[1].read_text("utf-8")
    assert "联系人：＊＊＊" in text and "郑晓云" not in text and "13800001111" not in text and KEY not in text


def test_an_address_with_a_password_is_recorded_without_it(tmp_path: Path, record: Path) -> None:
    paths = files(tmp_path, PLAIN)
    with ModelServer() as server:
        address = server.base_url.replace("http://", "http://me:pass-word-1@") + f"?key={KEY}"
        run(paths, Settings(llm="full", model=options_for(server, base_url=address, record=record, attempts=1)))
    assert "pass-word-1" not in record.read_text("utf-8") and KEY not in record.read_text("utf-8")


def test_what_is_not_recorded_is_told_and_counted_and_the_rest_goes_on(of_three: tuple[list[str], Path]) -> None:
    paths, record = of_three
    before = replayed(paths, record)
    Path(paths[0]).write_text(narrated("全年管网巡检36次，更换水表75块。"), "utf-8")
    report = replayed(paths, record)
    model = document(report)["model"]
    assert model["not_recorded"] == 1 and model["replayed"] == str(record) and model["degraded"] == 2
    degraded = [checked["model"]["degraded"] for checked in document(report)["filings"]]
    assert [[item["code"] for item in items] for items in degraded] == [["not-recorded"], ["server-error"], []]
    assert told(report)[1:] == told(before)[1:] and report.filings[0].findings
    page = render(report, View("markdown"))
    assert "记录里没有这个问题" in page and "记录里没有的问题：1 个" in page and "没有送出任何内容" in page


def test_answers_from_the_cache_are_recorded_with_what_they_cost(tmp_path: Path, record: Path) -> None:
    paths, cache = files(tmp_path, PLAIN, OTHER), tmp_path / "answers.sqlite"
    with ModelServer(Reply({"claims": GOOD}, usage=(700, 50))) as server:
        live = run(paths, settings_for(server, "full", cache=cache))
        second = run(paths, settings_for(server, "full", cache=cache, record=record))
    assert live.model is not None and second.model is not None and second.model.usage.requests == 0
    assert [line["cached"] for line in lines(record)[1:]] == [True, True]
    again = replayed(paths, record)
    assert again.model is not None and again.model.usage == live.model.usage
    assert [checked.findings for checked in again.filings] == [checked.findings for checked in live.filings]


def test_a_later_answer_replaces_an_earlier_one_and_a_trouble_replaces_none(tmp_path: Path, record: Path) -> None:
    paths = files(tmp_path, PLAIN)
    with ModelServer(in_turn(Reply({"claims": GOOD[:1]}), Reply({"claims": GOOD}), error(400, "no"))) as server:
        settings = settings_for(server, "full", record=record, mode="tools")
        first, second, third = (run(paths, settings) for _ in range(3))
    assert len(lines(record)) == 4 and told(third) != told(second) != told(first)
    assert told(replayed(paths, record)) == told(second)


def test_the_record_of_another_model_is_not_continued(of_three: tuple[list[str], Path]) -> None:
    paths, record = of_three
    with pytest.raises(RecordingError, match="tiny"), ModelServer() as server:
        run(paths, settings_for(server, "full", record=record, model="other"))
    assert server.asked == []


@pytest.mark.parametrize("content", ["我的笔记\n", "{}\n", '{"schema": "narrcheck-recording/2"}\n', "\x00\x01" * 99])
def test_a_file_that_is_no_record_is_neither_replayed_nor_written_to(
    tmp_path: Path, record: Path, content: str
) -> None:
    record.write_text(content, "utf-8")
    paths = files(tmp_path, PLAIN)
    with pytest.raises(RecordingError, match=r"run\.jsonl 第 1 行"):
        replayed(paths, record)
    with pytest.raises(RecordingError, match=r"run\.jsonl 第 1 行"):
        recorded(paths, record)
    assert record.read_text("utf-8") == content


def test_a_file_that_cannot_be_used_is_said(tmp_path: Path, record: Path) -> None:
    paths = files(tmp_path, PLAIN)
    record.write_bytes(b"")
    with pytest.raises(RecordingError, match="是空的"):
        replayed(paths, record)
    with pytest.raises(RecordingError, match="无法读取"):
        replayed(paths, tmp_path / "missing.jsonl")
    with pytest.raises(RecordingError, match="应当是一个文件"):
        replayed(paths, tmp_path)
    with pytest.raises(RecordingError, match="无法写入"):
        recorded(paths, tmp_path / "missing" / "run.jsonl")
    with pytest.raises(RecordingError, match="同时"):
        run(paths, Settings(model=ModelOptions(replay=record, record=tmp_path / "other.jsonl")))
    recorded(paths, record)
    assert len(lines(record)) == 2


def damage(line: str, **changes: Any) -> str:
    document = {**json.loads(line), **changes}
    return json.dumps({key: value for key, value in document.items() if value != "gone"})


@pytest.mark.parametrize(
    "harm",
    [
        lambda line: line[: len(line) // 2],
        lambda line: "[]",
        lambda line: "",
        lambda line: "[" * 50_000,
        lambda line: damage(line, items="gone", trouble="gone"),
        lambda line: damage(line, items={}),
        lambda line: damage(line, sent=-1),
        lambda line: damage(line, seconds="1"),
        lambda line: damage(line, task="chat"),
        lambda line: damage(line, key="gone"),
        lambda line: damage(line, extra=1),
        lambda line: damage(line, items="gone", trouble={"code": "no-such", "facts": {}}),
        lambda line: damage(line, items="gone", trouble={"code": "timeout", "facts": {}}),
        lambda line: damage(line, items="gone", trouble={"code": "gone", "facts": {"failures": 3, "last": "x"}}),
    ],
)
def test_a_damaged_line_is_refused_with_its_number(tmp_path: Path, record: Path, harm: Any) -> None:
    paths = files(tmp_path, PLAIN, OTHER)
    recorded(paths, record)
    head, first, second = record.read_text("utf-8").splitlines()
    record.write_text("\n".join([head, harm(first), second]) + "\n", "utf-8")
    with pytest.raises(RecordingError, match=r"run\.jsonl 第 2 行：记录损坏") as caught:
        replayed(paths, record)
    assert "巡检36次" not in str(caught.value)


def test_a_record_that_broke_off_is_used_and_continued(tmp_path: Path, record: Path) -> None:
    paths = files(tmp_path, PLAIN, OTHER)
    with ModelServer(Reply({"claims": GOOD})) as server:
        settings = settings_for(server, "full", record=record, concurrency=1)
        live = run(paths, settings)
        whole = record.read_bytes()
        record.write_bytes(whole[:-40])
        broken = replayed(paths, record)
        assert broken.model is not None and broken.model.not_recorded == 1
        run(paths, settings)
    again = replayed(paths, record)
    assert len(lines(record)) == 4 and again.model is not None and again.model.not_recorded == 0
    assert [checked.findings for checked in again.filings] == [checked.findings for checked in live.filings]
    record.write_bytes(whole.rstrip(b"\n"))
    assert told(replayed(paths, record)) == told(live)


def test_any_character_a_model_writes_is_kept(tmp_path: Path, record: Path) -> None:
    odd = [{**GOOD[0], "note": "\u2028\x85\x00"}, {"text": "T1", "quote": "\ud800\U0001f4a7阀门", "number": "\ud800"}]

    def reply(asked: Asked) -> Reply:
        return Reply(content=json.dumps({"claims": [*GOOD, *odd]}))

    paths = files(tmp_path, PLAIN)
    live = recorded(paths, record, reply, mode="md_json")
    assert told(replayed(paths, record)) == told(live)


def test_prices_make_costs(tmp_path: Path, record: Path) -> None:
    paths = files(tmp_path, PLAIN, OTHER)
    prices = {"price_in": Decimal("2.5"), "price_out": Decimal(10), "currency": "美元"}
    live = recorded(paths, record, Reply({"claims": []}, usage=(1000, 200)), **prices)
    for report in (live, replayed(paths, record, **prices)):
        assert document(report)["model"]["cost"] == {"amount": "0.009", "currency": "美元"}
        assert document(report)["model"]["tokens"]["sent"] == 2000 and document(report)["model"]["seconds"] >= 0
        assert "按设定的价格为 0.0090 美元" in render(report, View("markdown"))
    for missing in ({}, {"price_in": Decimal(1)}):
        report = replayed(paths, record, **missing)
        assert document(report)["model"]["cost"] is None and "价格" not in render(report, View("markdown"))


def test_the_time_of_requests_is_added_up(tmp_path: Path, record: Path) -> None:
    paths = files(tmp_path, PLAIN, OTHER)
    live = recorded(paths, record, Reply({"claims": []}, delay=0.2))
    assert live.model is not None and live.model.usage.seconds >= 0.4
    assert document(replayed(paths, record))["model"]["seconds"] == live.model.usage.seconds


def test_settings_name_the_record(tmp_path: Path, narrcheck: Run) -> None:
    (path,) = files(tmp_path, PLAIN)
    with ModelServer(Reply({"claims": GOOD})) as server:
        asked = {"BASE_URL": server.base_url, "MODEL": "tiny", "CACHE": "off", "RECORD": "run.jsonl"}
        first = narrcheck("check", path, "--format", "json", "--llm", "full", **of_model(asked))
    (tmp_path / "narrcheck.toml").write_text('[llm]\nuse = "full"\nreplay = "run.jsonl"\nprice-in = 2.5\n', "utf-8")
    second = narrcheck("check", path, "--format", "json")
    one, other = json.loads(first.stdout), json.loads(second.stdout)
    assert one["filings"] == other["filings"] and other["model"]["replayed"].endswith("run.jsonl")
    assert one["model"]["requests"] == other["model"]["requests"] == 1


def of_model(values: dict[str, str]) -> dict[str, str]:
    return {f"NARRCHECK_LLM_{name}": value for name, value in values.items()}


def test_the_command_line_records_and_replays(tmp_path: Path, narrcheck: Run) -> None:
    (path,) = files(tmp_path, PLAIN)
    options = ("check", path, "--llm", "full", "--format", "json")
    with ModelServer(Reply({"claims": GOOD})) as server:
        asked = {"BASE_URL": server.base_url, "MODEL": "tiny", "CACHE": "off"}
        first = narrcheck(*options, "--record", "run.jsonl", **of_model(asked))
    assert "记入 run.jsonl" in first.stderr.decode()
    second = narrcheck(*options, "--replay", "run.jsonl", **of_model(asked))
    assert json.loads(first.stdout)["filings"] == json.loads(second.stdout)["filings"]
    assert "不送出任何内容" in second.stderr.decode() and server.base_url not in second.stderr.decode()
    (tmp_path / "run.jsonl").write_text("[]\n", "utf-8")
    third = narrcheck(*options, "--replay", "run.jsonl", "--lang", "en")
    assert third.returncode == 2 and third.stdout == b"" and b"run.jsonl, line 1: no head" in third.stderr
