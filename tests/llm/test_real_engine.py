"""A real engine, llama.cpp, holds a model of random weights to the form of an answer: its noise goes the whole way."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from narrcheck import Report, Severity
from narrcheck.llm.options import ModelOptions
from narrcheck.pipeline import run
from narrcheck.reports import View, render
from narrcheck.settings import Settings

for package in ("gguf", "llama_cpp.server.app"):
    pytest.importorskip(package, reason=f"without the extra dev-llm there is no engine: {package} is missing")

FILING = Path(__file__).resolve().parents[2] / "examples" / "library.txt"
KEY = "sk-of-this-test"
OPTIONS = {
    "host": "127.0.0.1",
    "n_ctx": "16384",
    "n_threads": "1",
    "n_threads_batch": "1",
    "verbose": "false",
    "api_key": KEY,
}
TASKS = {"extract", "link", "goal", "note", "wording"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the tiny model."""
    from tinymodel import write_model

    folder = tmp_path_factory.mktemp("engine")
    model, log = write_model(folder / "tiny.gguf"), folder / "log.txt"
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = str(chosen.getsockname()[1])
    options = {**OPTIONS, "model": str(model), "port": port}
    command = [
        sys.executable,
        "-m",
        "llama_cpp.server",
        *(part for key in options for part in (f"--{key}", options[key])),
    ]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as server:
        address = f"http://127.0.0.1:{port}/v1"
        try:
            _wait(address, server, log)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(address: str, server: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    """Until the server lists its models; fails with its log where it ends first or takes too long."""
    asked, last = Request(f"{address}/models", headers={"Authorization": f"Bearer {KEY}"}), time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < last:
        try:
            with urlopen(asked, timeout=5):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"the engine did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")


@pytest.fixture(scope="module")
def alone() -> Report:
    return run([str(FILING)], Settings())


def advised(engine: str, **changes: Any) -> Report:
    """The filing's report with every text put to the model, one question at a time."""
    given = {"base_url": engine, "api_key": KEY, "model": "tiny", "cache": Path("off"), "concurrency": 1}
    return run([str(FILING)], Settings(llm="full", model=ModelOptions(**{**given, "answer_tokens": 300, **changes})))


def same_findings(report: Report, alone: Report) -> bool:
    """Whether both reports find the same, an error among it, and no author but the rules."""
    found = [[(f.id, f.severity, f.message, f.by) for c in r.filings for f in c.findings] for r in (report, alone)]
    assert Severity.ERROR in {severity for _, severity, _, _ in found[1]}
    return found[0] == found[1]


@pytest.mark.parametrize("mode", ["tools", "auto"])
def test_noise_in_the_form_asked_for_is_dropped_and_counted(engine: str, alone: Report, mode: str) -> None:
    report = advised(engine, mode=mode)
    use, advice = report.model, report.filings[0].advice
    assert use is not None and advice is not None
    assert use.mode == "tools" and use.usage.requests >= len(TASKS)
    assert use.usage.sent > 0 and use.usage.received > 0 and use.usage.estimated == 0
    assert advice.dropped, "no answer in the form asked for came to its end with an item in it"
    assert same_findings(report, alone)
    assert report.filings[0].claims == alone.filings[0].claims and advice.judgements == ()
    told = f"与原文不符或不是数量的有 {sum(advice.dropped.values())} 项，未采用。"
    assert told in render(report, View("markdown"))


def test_a_form_the_engine_refuses_is_asked_for_once_and_the_rules_stand(engine: str, alone: Report) -> None:
    report = advised(engine, mode="json_schema")
    use, advice = report.model, report.filings[0].advice
    assert use is not None and advice is not None
    assert use.degraded == 1 and use.usage.requests == len(TASKS) and use.usage.tokens == 0
    assert {(trouble.task, trouble.code) for trouble in advice.troubles} == {
        (task, "refused-request") for task in TASKS
    }
    assert all("'text' or 'json_object'" in str(trouble.facts["detail"]) for trouble in advice.troubles)
    assert same_findings(report, alone)
    assert "语言模型未能完成" in render(report, View("markdown"))


def test_an_answer_cut_off_within_a_call_of_the_tool_is_told_as_that(engine: str, alone: Report) -> None:
    report = advised(engine, mode="tools", answer_tokens=4)
    advice = report.filings[0].advice
    assert advice is not None and {trouble.task for trouble in advice.troubles} == TASKS
    assert {(trouble.code, trouble.facts["limit"]) for trouble in advice.troubles} == {("cut-off", 16)}
    assert same_findings(report, alone)
