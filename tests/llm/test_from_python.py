"""A model asked from Python: by a script, inside a running loop, from several threads, for files of any format."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conftest import ROOT

import narrcheck
from llm_settings import settings_for
from modelserver import ModelServer, Reply, empty
from narrcheck import Report

EXAMPLES = ("library.txt", "exchange.xlsx", "building.docx", "thinktank.pdf")


def ids(report: Report) -> list[list[str]]:
    return [[finding.id for finding in checked.findings] for checked in report.filings]


def test_the_page_s_example_runs(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "llm.md").read_text("utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    with ModelServer(empty) as server:
        code = code.replace("http://localhost:11434/v1", server.base_url)
        code = code.replace('"qwen3:14b"', f'"tiny", cache=__import__("pathlib").Path({str(tmp_path / "kept")!r})')
        code = code.replace("自评表.xlsx", str(ROOT / "examples" / "exchange.xlsx"))
        known: dict[str, Report] = {}
        exec(code, known)
        assert server.asked and known["report"].mode == "llm"


def test_every_format_is_asked_about_and_keeps_its_findings() -> None:
    paths = [ROOT / "examples" / name for name in EXAMPLES]
    with ModelServer(empty) as server:
        report = narrcheck.check(*paths, settings=settings_for(server, "full"))
    assert ids(report) == ids(narrcheck.check(*paths))
    assert [Path(checked.filing.source.path).name for checked in report.filings] == list(EXAMPLES)
    assert all(checked.advice is not None and checked.advice.usage.requests for checked in report.filings)


def test_a_model_is_asked_inside_a_running_loop_and_from_threads() -> None:
    path = ROOT / "examples" / "library.txt"
    with ModelServer(Reply({"claims": []}, delay=0.02)) as server:
        settings = settings_for(server, "full")

        async def inside() -> Report:
            return narrcheck.check(path, settings=settings)

        reports = [asyncio.run(inside())]
        with ThreadPoolExecutor(3) as pool:
            reports += pool.map(lambda _: narrcheck.check(path, settings=settings), range(3))
    alone = ids(narrcheck.check(path))
    assert all(ids(report) == alone and report.mode == "llm" for report in reports)


def test_nothing_is_asked_about_a_target_table() -> None:
    path = ROOT / "eval" / "fixtures" / "arc_21.txt"
    with ModelServer(empty) as server:
        report = narrcheck.check(path, settings=settings_for(server, "full"))
    assert report.filings[0].filing.form == "target_table" and server.asked == []
    assert ids(report) == ids(narrcheck.check(path))
