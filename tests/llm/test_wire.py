"""What goes over the wire: the form asked for, what a service does not take, and who repeats what, and when."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from advising import BAD, GOOD, KEY, PLAIN, ask, question, seen
from llm_settings import options_for
from modelserver import Asked, ModelServer, Reply, empty, error, in_turn
from narrcheck.llm.endpoint import modes_for
from narrcheck.llm.refusals import retry_after

ADDRESSES = {
    "https://api.openai.com/v1": ["json_schema", "tools"],
    "https://eu.api.openai.com/v1": ["json_schema", "tools"],
    "https://api.openai.com.example.org/v1": ["tools", "json", "md_json"],
    "https://api.deepseek.com": ["tools", "json", "md_json"],
    "https://dashscope.aliyuncs.com/compatible-mode/v1": ["json", "tools", "md_json"],
    "https://open.bigmodel.cn/api/paas/v4": ["json", "md_json"],
    "http://localhost:11434/v1": ["json_schema", "json", "md_json"],
    "http://10.0.0.7:8000/v1": ["json_schema", "tools", "json", "md_json"],
    "http://[::1]:8080/v1": ["json_schema", "json", "md_json"],
    "http://models.example.org/v1": ["tools", "json", "md_json"],
    "http://models.example.org:99999999/v1": ["tools", "json", "md_json"],
}


@pytest.mark.parametrize(("address", "modes"), ADDRESSES.items())
def test_the_mode_goes_by_host_and_port(address: str, modes: list[str]) -> None:
    assert modes_for(address) == modes


@pytest.mark.parametrize("mode", ["tools", "json_schema", "json", "md_json"])
def test_what_each_mode_puts_on_the_wire(mode: str) -> None:
    with ModelServer() as server:
        ask(options_for(server, mode=mode, answer_tokens=777), question())
    (asked,) = server.asked
    body = asked.body
    assert asked.mode == mode and asked.headers["Authorization"] == f"Bearer {KEY}"
    given = {"model": "tiny", "temperature": 0, "seed": 7, "max_tokens": 777}
    assert {key: body[key] for key in given} == given and not body.get("stream")
    assert (
        set(body) - set(given)
        == {"messages"}
        | {
            "tools": {"tools", "tool_choice"},
            "json_schema": {"response_format"},
            "json": {"response_format"},
            "md_json": set(),
        }[mode]
    )
    if mode == "tools":
        (tool,) = body["tools"]
        assert body["tool_choice"] == {"type": "function", "function": {"name": tool["function"]["name"]}}
        assert "claims" in tool["function"]["parameters"]["properties"]
    elif mode == "json_schema":
        assert "claims" in body["response_format"]["json_schema"]["schema"]["properties"]
    else:
        assert body.get("response_format") == ({"type": "json_object"} if mode == "json" else None)
        assert '"claims"' in body["messages"][0]["content"]


def refusing(*modes: str, status: int = 400) -> Any:
    """A service that does not take these modes."""
    names = {"tools": "tool_choice", "json_schema": "response_format.type", "json": "response_format"}

    def reply(asked: Asked) -> Reply:
        if asked.mode in modes:
            return error(status, f"{names[asked.mode]} is not supported", param=names[asked.mode])
        return empty(asked)

    return reply


@pytest.mark.parametrize("status", [400, 422, 500, 501])
def test_a_refused_mode_gives_way_to_the_next_for_the_whole_run(tmp_path: Path, status: int) -> None:
    with ModelServer(refusing("tools", "json", status=status)) as server:
        run = seen(server, tmp_path, PLAIN, PLAIN, PLAIN, concurrency=1)
    assert [asked.mode for asked in server.asked] == ["tools", "json", "md_json", "md_json", "md_json"]
    assert run.document["model"]["mode"] == "md_json" and run.document["model"]["degraded"] == 0
    assert all("temperature" in asked.body and "seed" in asked.body for asked in server.asked)


def test_a_refused_json_schema_gives_way_to_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(refusing("json_schema")) as server:
        monkeypatch.setenv("HTTP_PROXY", server.base_url.removesuffix("/v1"))
        run = seen(server, tmp_path, PLAIN, PLAIN, base_url="http://api.openai.com/v1", concurrency=1)
    assert [asked.mode for asked in server.asked] == ["json_schema", "tools", "tools"]
    assert run.document["model"]["mode"] == "tools" and run.document["model"]["degraded"] == 0


def test_questions_side_by_side_meet_one_refusal(tmp_path: Path) -> None:
    with ModelServer(refusing("tools")) as server:
        run = seen(server, tmp_path, *[PLAIN] * 12, concurrency=6)
    modes = [asked.mode for asked in server.asked]
    assert modes.count("tools") <= 6 and modes.count("json") == 12 and modes.count("md_json") == 0
    assert run.document["model"]["degraded"] == 0


@pytest.mark.parametrize("mode", ["tools", "json_schema"])
def test_a_mode_that_was_chosen_is_not_left(tmp_path: Path, mode: str) -> None:
    with ModelServer(refusing(mode)) as server:
        run = seen(server, tmp_path, mode=mode)
    assert run.troubles() == [("extract", "refused-request")] and "可用 llm.mode 换一种方式" in run.told()
    assert len(server.asked) == 1


def test_a_mode_that_has_worked_is_not_left() -> None:
    with ModelServer(in_turn(empty, error(400, "this text is odd"), empty)) as server:
        found = ask(options_for(server, concurrency=1), *[question(f"巡检{at}次。") for at in range(3)])
    assert [trouble.code for trouble in found.troubles] == ["refused-request"] and len(found.replies) == 2
    assert [asked.mode for asked in server.asked] == ["tools"] * 3


def without(*names: str) -> Any:
    """A service that does not know these parameters, and says what OpenAI says of max_tokens."""

    def reply(asked: Asked) -> Reply:
        for name in names:
            if name in asked.body:
                other = "max_completion_tokens" if name == "max_tokens" else "another model"
                return error(400, f"Unsupported parameter: '{name}' is not supported. Use '{other}' instead.")
        return empty(asked)

    return reply


@pytest.mark.parametrize(
    "names", [["max_tokens"], ["temperature"], ["seed"], ["temperature", "seed", "max_tokens"]], ids="+".join
)
@pytest.mark.parametrize("at_once", [1, 8])
def test_a_parameter_that_is_refused_is_left_out(names: list[str], at_once: int) -> None:
    with ModelServer(without(*names)) as server:
        options = options_for(server, concurrency=at_once, answer_tokens=700)
        found = ask(options, *[question(f"巡检{at}次。") for at in range(8)])
    assert found.troubles == [] and len(server.asked) <= 8 + at_once * len(names)
    last = server.asked[-1]
    limit = "max_completion_tokens" if "max_tokens" in names else "max_tokens"
    left = {"temperature", "seed", limit} - set(names)
    assert left <= set(last.body) and last.body[limit] == 700 and not set(names) & set(last.body)
    assert {asked.mode for asked in server.asked} == {"tools"}


def test_a_service_that_takes_no_limit_is_not_asked_again_unchanged() -> None:
    def reply(asked: Asked) -> Reply:
        refusal = without("max_tokens", "max_completion_tokens")(asked)
        return refusal if refusal.status == 400 else Reply({"claims": []}, finish="length")

    with ModelServer(reply) as server:
        found = ask(options_for(server), question())
    assert [trouble.code for trouble in found.troubles] == ["cut-off"] and len(server.asked) == 3


def test_a_limit_that_is_too_large_for_the_model_ends_the_doubling() -> None:
    wide = error(400, "max_tokens is too large: 1200. This model supports at most 1000 completion tokens.")
    with ModelServer(in_turn(Reply({"claims": []}, finish="length"), wide)) as server:
        found = ask(options_for(server, answer_tokens=600), question())
    (trouble,) = found.troubles
    assert (trouble.code, trouble.facts["limit"], len(server.asked)) == ("cut-off", 600, 2)


def test_the_name_of_a_model_is_no_parameter() -> None:
    refusal = error(400, "doubao-seed-1-6 does not support tool_choice")
    with ModelServer(lambda asked: refusal if asked.mode == "tools" else empty(asked)) as server:
        ask(options_for(server), question())
    assert [asked.mode for asked in server.asked] == ["tools", "json"] and server.asked[-1].body["seed"] == 7


def test_a_refusal_that_repeats_the_request_is_not_repeated_to_the_reader(tmp_path: Path) -> None:
    def reply(asked: Asked) -> Reply:
        detail = [{"loc": ["body", "tools"], "msg": "Extra inputs are not permitted", "input": asked.body}]
        return Reply(raw=json.dumps({"detail": detail}).encode(), status=422)

    with ModelServer(reply) as server:
        run = seen(server, tmp_path, mode="tools")
    assert len(server.asked) == 1 and "temperature" in server.asked[0].body
    assert "Extra inputs are not permitted" in run.told() and "阀门" not in run.told()


@pytest.mark.parametrize("attempts", [1, 2, 4])
@pytest.mark.parametrize("trouble", [error(429), error(503), Reply(drop=True), Reply(raw=b"")])
def test_only_one_layer_repeats(attempts: int, trouble: Reply) -> None:
    with ModelServer(trouble) as server:
        found = ask(options_for(server, attempts=attempts), question())
    assert len(server.asked) == attempts == found.errands[0].usage.requests
    assert len(found.troubles) == 1


@pytest.mark.parametrize("reasks", [1, 2, 3])
def test_asking_for_better_quotes_has_a_count_of_its_own(reasks: int) -> None:
    good, bad = Reply({"claims": GOOD}), Reply({"claims": [BAD]})
    with ModelServer(in_turn(error(503), *[bad, error(429)] * reasks, good)) as server:
        found = ask(options_for(server, attempts=reasks + 2, reasks=reasks), question())
    assert len(server.asked) == 2 * reasks + 2 and len(found.replies[0].items) == 2


def test_waits_grow() -> None:
    with ModelServer(error(503)) as server:
        ask(options_for(server, attempts=4, wait_seconds=Decimal("0.05")), question())
    gaps = [after.at - before.at for before, after in pairwise(server.asked)]
    assert len(gaps) == 3 and gaps[0] >= 0.05 and gaps[1] >= 0.1 and gaps[2] >= 0.2


@pytest.mark.parametrize(
    ("status", "header"),
    [(429, {"Retry-After": "1"}), (503, {"Retry-After": "0.3"}), (429, {"retry-after-ms": "300"})],
)
def test_a_wait_that_is_asked_for_is_kept_by_all(status: int, header: dict[str, str]) -> None:
    with ModelServer(in_turn(error(status, headers=header), empty)) as server:
        found = ask(options_for(server, concurrency=1), question(), question("巡检1次。"))
    asked = float(header.get("Retry-After", 0.3))
    assert found.troubles == [] and all(later.at - server.asked[0].at >= asked for later in server.asked[1:])


def test_a_wait_until_a_time_of_day_is_kept() -> None:
    with ModelServer(empty) as server:
        at = datetime.now(UTC) + timedelta(seconds=2)
        server.reply = in_turn(error(429, headers={"Retry-After": format_datetime(at, usegmt=True)}), empty)
        assert ask(options_for(server), question()).troubles == []
        assert datetime.now(UTC) >= at.replace(microsecond=0)


def test_what_is_no_wait_is_passed_over() -> None:
    assert [retry_after({"retry-after": text}) for text in ("soon", "", "-", "1e", "31 Feb")] == [None] * 5
    assert retry_after({"retry-after-ms": "x", "retry-after": "3"}) == 3
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 -0000"}) == 0
    assert retry_after({"retry-after": "-5"}) == retry_after({"retry-after": "nan"}) == 0
    assert retry_after({"retry-after": "inf"}) == float("inf")
