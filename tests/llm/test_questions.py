"""What is asked about a filing: no more than a question can hold, nothing that must stay, nothing that is of no use."""

from dataclasses import replace
from pathlib import Path

import pytest

from form_text import contradiction, form
from llm_settings import settings_for
from modelserver import Asked as Request
from modelserver import ModelServer, Reply, Script, empty, error
from narrcheck.brief import read_brief
from narrcheck.filing import Filing
from narrcheck.llm.options import NO_CACHE, ModelOptions
from narrcheck.llm.plan import planned
from narrcheck.llm.questions import Asked, Material
from narrcheck.pipeline import prepare, run, speaking
from narrcheck.settings import Settings

ALL = ("N01", "L01", "L02", "L03")
SHORT = "下一步加强组织协调，完善工作机制，压实各方责任。"


def asked(filing: Filing, full: bool = True, rules: tuple[str, ...] = ALL) -> dict[str, Asked]:
    return planned(Material.of(filing), prepare(filing, Settings()).claims, full, rules)


def texts(task: Asked) -> list[str]:
    """What the user says in each question."""
    return [question.messages[-1]["content"] for question in task.questions]


def noted(count: int, note: str = SHORT) -> Filing:
    """A form whose rows all fell short and say so in the same words."""
    cells = (f"≥{n}0(盏) | {n}.00(盏) | 1 | 0.1 | {note}" for n in range(1, count + 1))
    rows = "\n".join(f"row: 第{n}片区灯具检修数量 | {line}" for n, line in enumerate(cells, 1))
    return read_brief(f"year: 2024\ngoal: 检修灯具。\nnarrative: 灯具检修有序开展。\n{rows}")


def test_many_notes_are_asked_about_in_several_questions() -> None:
    questions = texts(asked(noted(400))["note"])
    assert len(questions) > 2 and max(map(len, questions)) < 40_000
    named = [line.split("｜")[0] for text in questions for line in text.splitlines() if line.startswith("R")]
    assert named == [f"R{n}" for n in range(1, 401)]


def test_a_note_beyond_measure_is_left_out_and_the_others_are_asked_about() -> None:
    long = "工作推进中，" * 2000
    first, second = noted(2).indicators
    task = asked(replace(noted(2), indicators=(first, replace(second, note=long))))["note"]
    assert task.left_out and len(task.questions) == 1
    assert long not in texts(task)[0] and SHORT in texts(task)[0]


def test_many_unsettled_links_are_asked_about_in_several_questions() -> None:
    told = "".join(f"为第{n}组居民家中换好龙头{n}7只，" for n in range(1, 101))
    rows = "\n".join(f"row: 用水设施更新{n} | ≥{n}0(只) | {n}1.00(只)" for n in range(1, 101))
    task = asked(read_brief(f"year: 2024\nnarrative: {told}全部完成。\n{rows}"))["link"]
    assert len(task.questions) > 1
    assert all(text.count("｜候选：") <= 40 for text in texts(task))


def test_a_long_narrative_is_told_as_left_out() -> None:
    text = "".join(f"检修灯具{n}盏，" for n in range(3000))
    tasks = asked(read_brief(f"goal: 检修灯具，编印手册。\nnarrative: {text}\nrow: 灯具检修 | ≥10(盏) | 9.00(盏)"))
    assert tasks["goal"].left_out and tasks["wording"].left_out
    assert not tasks["goal"].questions and tasks["extract"].questions


@pytest.mark.parametrize(
    ("select", "ignore", "tasks"),
    [
        ((), ("L",), {"extract", "link"}),
        (("N",), (), {"extract", "link"}),
        (("L02",), (), {"note"}),
        ((), ("L01", "L03"), {"extract", "link", "note"}),
    ],
)
def test_nothing_is_asked_for_rules_that_are_not_to_speak(
    select: tuple[str, ...], ignore: tuple[str, ...], tasks: set[str]
) -> None:
    rules = speaking(Settings(select=select, ignore=ignore))
    assert set(asked(noted(3), rules=rules)) == tasks


def test_no_personal_data_leaves_by_names_levels_or_cells() -> None:
    filing = read_brief(
        "goal: 检修灯具20盏，编印手册。\nnarrative: 换好灯泡18只，详询李文博，电话13912345678。\n"
        "level: 产出指标（填报人：李文博） / 数量指标\n"
        "row: 灯具检修数量（联系人：李文博） | ≥20(只) | 15.00(只) | 10 | 7.5 | "
        "联系电话：0571-88001234，下一步加强管理。\n"
        "row: 手册 | 编印手册 | 由李文博负责，尚未付印 | 10 | 0 | 印厂停工"
    )
    for full in (True, False):
        said = "\n".join(text for task in asked(filing, full).values() for text in texts(task))
        assert "＊＊＊" in said and "灯具检修数量" in said
        assert "李文博" not in said and "13912345678" not in said and "88001234" not in said


def run_with(folder: Path, reply: Script | Reply, use: str = "full", **changes: object) -> ModelServer:
    with ModelServer(reply) as server:
        run([str(folder)], settings_for(server, use, **changes))
    return server


def test_texts_follow_no_redirect(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(form(), "utf-8")
    with ModelServer(empty) as other:
        moved = Reply(raw=b"{}", status=307, headers={"Location": f"{other.base_url}/chat/completions"})
        server = run_with(tmp_path, moved)
    assert server.asked and other.asked == []


def test_a_model_on_this_machine_is_asked_past_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(form(), "utf-8")
    with ModelServer(empty) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url.removesuffix("/v1"))
        monkeypatch.setenv("http_proxy", proxy.base_url.removesuffix("/v1"))
        server = run_with(tmp_path, empty)
    assert server.asked and proxy.asked == []


def test_a_long_filing_holds_up_no_other(tmp_path: Path) -> None:
    long = "".join(f"检修灯具{n}盏，" for n in range(12_000))
    (tmp_path / "a.txt").write_text(form(narrative=long), "utf-8")
    for number in range(6):
        (tmp_path / f"b{number}.txt").write_text(form(project=f"维护{number}"), "utf-8")
    with ModelServer(empty) as server:
        report = run([str(tmp_path)], settings_for(server, "full", timeout_seconds=5))
    short = [checked for checked in report.filings if checked.filing.source.path.endswith(("0.txt", "5.txt"))]
    assert len(report.filings) == 7 and len(short) == 2
    assert all(checked.advice is not None and checked.advice.troubles == () for checked in short)


def test_no_account_of_another_service_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(form(), "utf-8")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-secret")
    server = run_with(tmp_path, empty)
    assert server.asked and all("secret" not in str({**a.headers, "Authorization": ""}) for a in server.asked)


def test_a_model_with_little_room_is_asked_for_a_shorter_answer(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(form(), "utf-8")
    full = error(400, "This model's maximum context length is 4096 tokens", code="context_length_exceeded")
    with ModelServer(lambda asked: full if asked.body["max_tokens"] > 1500 else empty(asked)) as server:
        report = run([str(tmp_path)], settings_for(server, "full"))
    (checked,) = report.filings
    assert checked.advice is not None and checked.advice.troubles == ()
    assert sorted({asked.body["max_tokens"] for asked in server.asked}, reverse=True) == [4096, 2048, 1024]


@pytest.mark.parametrize(
    ("name", "value"), [("ALL_PROXY", "socks5://127.0.0.1:1"), ("SSL_CERT_FILE", "/nowhere/at/all.pem")]
)
def test_an_environment_that_allows_no_connection_degrades_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    (tmp_path / "a.txt").write_text(contradiction(), "utf-8")
    monkeypatch.setenv(name, value)
    model = ModelOptions(base_url="https://model.invalid/v1", model="m", cache=NO_CACHE, attempts=1)
    report = run([str(tmp_path)], Settings(llm="full", model=model))
    assert [finding.rule for finding in report.filings[0].findings] == ["N01"]
    assert report.model is not None and report.model.stopped is not None
    assert report.model.stopped.code == "no-client"


@pytest.mark.parametrize(
    "content",
    [
        '<tool_call>{"name": "ClaimSet", "arguments": {"claims": []}}</tool_call>',
        '{"ClaimSet": {"claims": []}}',
        "<think>" + "{x}" * 100 + '</think>{"claims": []}',
    ],
)
def test_an_answer_is_found_in_what_models_wrap_around_it(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.txt").write_text(form(goal="巡检管网。", narrative="管网巡检26次。"), "utf-8")

    def reply(asked: Request) -> Reply:
        return Reply(content=content) if asked.task == "extract" else empty(asked)

    server = run_with(tmp_path, reply, mode="json")
    assert server.tasks().count("extract") == 1
