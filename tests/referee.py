"""The outside referee (score.py) over the corpus, in this process; for tests that are skipped where they are absent."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

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
    referee = _referee(settings)
    for name in ("dev", "dev-forms"):
        out = folder / f"{name}.json"
        given, sys.argv = sys.argv, ["score.py", str(CORPUS / name), "--suffix", ".txt", "--json", str(out)]
        try:
            referee.main()
        finally:
            sys.argv = given
        for key, row in json.loads(out.read_text("utf-8"))["figures"].items():
            total = sums.setdefault(key, {"labels": 0, "found": 0, "reported": 0, "right": 0})
            for count in total:
                total[count] += row[count]
    return sums


def _referee(settings: Settings) -> ModuleType:
    spec = importlib.util.spec_from_file_location("referee_scores", SCORES)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.run = lambda command, path: _answer(command, path, settings)  # type: ignore[attr-defined]
    return module


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
