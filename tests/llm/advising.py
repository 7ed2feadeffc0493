"""Runs with a test's own model beside runs without one, and what a reader of the reports sees of the difference."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from form_text import form
from llm_settings import settings_for
from modelserver import Asked, ModelServer, Reply, Script, empty
from narrcheck import Report
from narrcheck.llm.exchange import Errand
from narrcheck.llm.grounding import Grounds, Passage
from narrcheck.llm.options import ModelOptions
from narrcheck.llm.pace import Clock, Gate
from narrcheck.llm.prompts import prompt
from narrcheck.llm.question import Question
from narrcheck.llm.question import Reply as Answered
from narrcheck.llm.trouble import ModelTrouble
from narrcheck.llm.wire import Wire
from narrcheck.pipeline import run
from narrcheck.reports import View, render
from narrcheck.settings import Settings

KEY = "sk-very-secret-key"
PUMPS = "泵站"
"""A word of the filing that meets trouble, and of no other filing or prompt."""
GOOD = [
    {"text": "T1", "quote": "更换阀门60只", "number": "60只"},
    {"text": "T1", "quote": "巡检36次", "number": "36次"},
]
BAD = {"text": "T1", "quote": "新挖水井99口", "number": "99口"}


def narrated(narrative: str, goal: str = "") -> str:
    """A form with this narrative. A short one with a number, and no goal, is worth one question: extract."""
    return form(goal=goal, narrative=narrative)


PLAIN = narrated("全年管网巡检36次，更换阀门60只。")
TROUBLED = narrated(f"全年管网巡检36次，更换阀门60只，{PUMPS}停机。")
"""Both hold one error that the rules find: the row counts 26 inspections."""


@dataclass(frozen=True)
class Seen:
    """A run's report, read as its user does."""

    report: Report
    document: dict[str, Any]
    page: str

    def troubles(self, at: int = 0) -> list[tuple[str, str]]:
        """Task and code of what went wrong with the filing number `at`."""
        return [(item["task"], item["code"]) for item in self.model(at)["degraded"]]

    def told(self, at: int = 0) -> str:
        """What the JSON report says went wrong with it."""
        return "；".join(item["message"] for item in self.model(at)["degraded"])

    def model(self, at: int = 0) -> dict[str, Any]:
        """The model's part in the filing number `at`."""
        part: dict[str, Any] = self.document["filings"][at]["model"]
        return part

    def authors(self, at: int = 0) -> dict[str, str]:
        """Who stands behind the claims of that filing, by quote."""
        return {claim["quote"]: claim["by"] for claim in self.document["filings"][at]["claims"]}


def seen(server: ModelServer, folder: Path, *texts: str, use: str = "full", **changes: Any) -> Seen:
    """The forms checked with the server's model; what the rules find without it must stand unchanged beside it."""
    paths = [str(folder / f"{at:03}.txt") for at in range(len(texts or [PLAIN]))]
    for path, text in zip(paths, texts or [PLAIN], strict=True):
        Path(path).write_bytes(text.encode("utf-8", "surrogatepass"))
    alone, report = run(paths, Settings()), run(paths, settings_for(server, use, **changes))
    assert len(report.filings) == len(alone.filings) == len(paths)
    for before, after in zip(alone.filings, report.filings, strict=True):
        kept = [(f.id, f.rule, f.severity, f.message, f.evidence) for f in after.findings if f.by != "llm"]
        assert kept == [(f.id, f.rule, f.severity, f.message, f.evidence) for f in before.findings]
    text, page = render(report, View("json")), render(report, View("markdown"))
    assert KEY not in text and KEY not in page
    return Seen(report, json.loads(text), page)


def for_pumps(reply: Reply | Script) -> Script:
    """The reply for the filing with the pumps, an empty list for all others."""
    chosen: Callable[[Asked], Reply] = (lambda asked: reply) if isinstance(reply, Reply) else reply
    return lambda asked: chosen(asked) if PUMPS in asked.everything else empty(asked)


def about_pumps(server: ModelServer) -> list[Asked]:
    """The requests about that filing."""
    return [asked for asked in server.asked if PUMPS in asked.everything]


def question(text: str = "全年管网巡检36次，更换阀门60只。") -> Question:
    """The question which quantities this text states."""
    passage = Passage("T1", "narrative", None, "实际完成情况", text, text)
    return Question("extract", prompt("extract").messages(passage.lines()), Grounds(passages={"T1": passage}))


@dataclass
class Asking:
    """What came of questions asked all at once: replies and troubles in order, and the wire they went over."""

    replies: list[Answered]
    troubles: list[ModelTrouble]
    errands: list[Errand]
    wire: Wire


def ask(options: ModelOptions, *questions: Question, minute: float | None = None, deadline: float = 60) -> Asking:
    """The questions asked at once over one wire, each on an errand of its own; `minute` shortens the gate's."""

    async def all_at_once() -> Asking:
        wire = Wire(options)
        if minute is not None:
            gate = Gate(options.concurrency, options.requests_per_minute, options.tokens_per_minute, minute)
            wire.service.gate = gate
        errands = [Errand(Clock(deadline)) for _ in questions]
        asked = (wire.ask(*pair) for pair in zip(questions, errands, strict=True))
        found = await asyncio.gather(*asked, return_exceptions=True)
        await wire.close()
        troubles = [item for item in found if isinstance(item, ModelTrouble)]
        replies = [item for item in found if isinstance(item, Answered)]
        assert len(troubles) + len(replies) == len(questions), found
        return Asking(replies, troubles, errands, wire)

    return asyncio.run(all_at_once())
