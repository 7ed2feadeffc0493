"""The outside referee (score.py) over the corpus, in this process; for tests that are skipped where they are absent."""

import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from narrcheck.settings import Settings

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
CORPUS = SHARED / "corpus"
SCORES = SHARED / "tools" / "score.py"
needs_corpus = pytest.mark.skipif(not SCORES.exists(), reason="the corpus is not beside this checkout (../shared)")
Figures = dict[str, dict[str, float]]


def figures(settings: Settings, folder: Path) -> Figures:
    """Labels, found, reported and right per layer over both folders of text filings; `folder` is for its answers."""
    sums: Figures = {}
    for name in ("dev", "dev-forms"):
        told = judged(CORPUS / name, folder / f"{name}.json", lambda command, path: _answer(command, path, settings))
        for key, row in told.items():
            total = sums.setdefault(key, {"labels": 0, "found": 0, "reported": 0, "right": 0})
            for count in total:
                total[count] += row[count]
    return sums


def judged(filings: Path, out: Path, answer: Callable[[str, Path], object]) -> Figures:
    """The referee's figures over the text filings of a folder; `answer` gives what a command line would print."""
    spec = importlib.util.spec_from_file_location("referee_scores", SCORES)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.run = answer  # type: ignore[attr-defined]
    given, sys.argv = sys.argv, ["score.py", str(filings), "--suffix", ".txt", "--json", str(out)]
    try:
        module.main()
    finally:
        sys.argv = given
    found: Figures = json.loads(out.read_text("utf-8"))["figures"]
    return found


def _answer(command: str, path: Path, settings: Settings) -> dict[str, object]:
    """What the command line prints, from this process: the command line itself is tested elsewhere."""
    from narrcheck.pipeline import read_all, run
    from narrcheck.reports.json import filing_to_json, render

    if command.startswith("narrcheck parse"):
        filings, _, errors = read_all([str(path)], settings)
        assert not errors
        return {"filings": [filing_to_json(filing) for filing in filings]}
    answer: dict[str, object] = json.loads(render(run([str(path)], settings)))
    return answer
