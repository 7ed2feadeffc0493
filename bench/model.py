"""What asking a language model costs beside the service's own time: a request alone, and many at once."""

import asyncio
import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from narrcheck.llm.exchange import Errand
from narrcheck.llm.grounding import Grounds, Passage
from narrcheck.llm.options import NO_CACHE, ModelOptions
from narrcheck.llm.pace import Clock
from narrcheck.llm.prompts import prompt
from narrcheck.llm.question import Question
from narrcheck.llm.wire import Wire

OVERHEAD_LIMIT, BUSY_LIMIT = 5.0, 1 / 0.9
WARM_UP, MEASURED = 20, 200
AT_ONCE, LATENCY, WAVES = 32, 0.2, 50


def model() -> list[tuple[str, float, float, str]]:
    """Milliseconds a request beyond the server's own, and elapsed time against the ideal with 32 in flight."""
    return [_overhead(), _busy()]


def _overhead() -> tuple[str, float, float, str]:
    with _server(0) as url:
        ours, theirs = asyncio.run(_alone(url))
    name = f"model: a request {1000 * ours:.2f} ms / bare HTTP {1000 * theirs:.2f} ms"
    return name, 1000 * (ours - theirs), OVERHEAD_LIMIT, "m"


async def _alone(url: str) -> tuple[float, float]:
    """A request through narrcheck and the same bytes over a plain connection, in turns."""
    wire = Wire(ModelOptions(base_url=url, model="m", mode="tools", cache=NO_CACHE))
    parts = urlsplit(url)
    bare = http.client.HTTPConnection(parts.hostname or "", parts.port)
    body = json.dumps({"model": "m", "messages": _question(0).messages, "tools": [{"function": {"name": "ClaimSet"}}]})
    ours, theirs = [], []
    for number in range(WARM_UP + MEASURED):
        question, errand = _question(number), Errand(Clock(60))
        start = perf_counter()
        await wire.ask(question, errand)
        ours.append(perf_counter() - start)
        start = perf_counter()
        bare.request("POST", f"{parts.path}/chat/completions", body, {"Content-Type": "application/json"})
        bare.getresponse().read()
        theirs.append(perf_counter() - start)
    await wire.close()
    return median(ours[WARM_UP:]), median(theirs[WARM_UP:])


def _busy() -> tuple[str, float, float, str]:
    with _server(LATENCY) as url:
        elapsed = asyncio.run(_together(url))
    ideal = WAVES * LATENCY
    name = f"model: {AT_ONCE} in flight at {1000 * LATENCY:.0f} ms, {elapsed:.2f} s / ideal {ideal:.2f} s"
    return name, elapsed / ideal, BUSY_LIMIT, "x"


async def _together(url: str) -> float:
    wire = Wire(ModelOptions(base_url=url, model="m", mode="tools", cache=NO_CACHE, concurrency=AT_ONCE))
    await asyncio.gather(*(wire.ask(_question(-number), Errand(Clock(60))) for number in range(1, AT_ONCE + 1)))
    questions = [_question(number) for number in range(AT_ONCE * WAVES)]
    under_way = asyncio.Semaphore(2 * AT_ONCE)  # as a run has them

    async def ask(question: Question) -> None:
        async with under_way:
            await wire.ask(question, Errand(Clock(600)))

    start = perf_counter()
    await asyncio.gather(*map(ask, questions))
    elapsed = perf_counter() - start
    await wire.close()
    return elapsed


def _question(number: int) -> Question:
    """A question of usual size, each another."""
    text = f"第{number}次，" + "开展安全巡查132次，走访企业36家，服务群众1.2万人次。" * 30
    passage = Passage("T1", "narrative", None, "实际完成情况", text, text)
    return Question("extract", prompt("extract").messages(passage.lines()), Grounds(passages={"T1": passage}))


@contextmanager
def _server(latency: float) -> Iterator[str]:
    """A server in a process of its own that answers after so many seconds."""
    command = [sys.executable, "-m", "bench.server", str(latency)]
    process: subprocess.Popen[Any] = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None and process.stdin is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(10)
