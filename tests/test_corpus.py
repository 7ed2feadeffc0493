"""Floors on real filings, measured as the outside referee does; skipped where the corpus is absent."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
REFEREE = SHARED / "tools" / "score.py"
pytestmark = [
    pytest.mark.required,
    pytest.mark.skipif(not REFEREE.exists(), reason="the corpus is not beside this checkout (../shared)"),
]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """Labels, found, reported and right per layer over both folders of text filings, as score.py counts them."""
    sums: dict[str, dict[str, float]] = {}
    referee = _load_referee()
    for folder, suffix in (("dev", ".txt"), ("dev-forms", ".txt")):
        out = tmp_path_factory.mktemp("score") / f"{folder}.json"
        sys_argv, sys.argv = (
            sys.argv,
            ["score.py", str(SHARED / "corpus" / folder), "--suffix", suffix, "--json", str(out)],
        )
        try:
            referee.main()
        finally:
            sys.argv = sys_argv
        for key, row in json.loads(out.read_text("utf-8"))["figures"].items():
            total = sums.setdefault(key, {"labels": 0, "found": 0, "reported": 0, "right": 0})
            for name in total:
                total[name] += row[name]
    return sums


def _load_referee() -> ModuleType:
    spec = importlib.util.spec_from_file_location("referee", REFEREE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.run = _run  # in this process: the command line itself is tested elsewhere
    return module


def _run(command: str, path: Path) -> dict[str, object]:
    from narrcheck.pipeline import read_all, run
    from narrcheck.reports.json import filing_to_json, render
    from narrcheck.settings import Settings

    if command.startswith("narrcheck parse"):
        filings, _, errors = read_all([str(path)], Settings())
        assert not errors
        return {"filings": [filing_to_json(filing) for filing in filings]}
    answer: dict[str, object] = json.loads(render(run([str(path)], Settings())))
    return answer


def f1(row: dict[str, float]) -> float:
    return (row["found"] + row["right"]) / (row["labels"] + row["reported"])


@pytest.mark.parametrize(
    ("layer", "floor"), [("parse.cells", 0.99), ("claims", 0.97), ("claims.modifier", 0.97), ("links", 0.92)]
)
def test_layer_reaches_its_floor(figures: dict[str, dict[str, float]], layer: str, floor: float) -> None:
    assert f1(figures[layer]) >= floor, figures[layer]


def test_text_findings(figures: dict[str, dict[str, float]]) -> None:
    row = figures["findings.N"]
    assert row["labels"] - row["found"] <= 2
    assert row["reported"] - row["right"] <= 3


def test_table_findings(figures: dict[str, dict[str, float]]) -> None:
    rows = [figures[f"findings.{letter}"] for letter in "FSR"]
    assert sum(row["labels"] - row["found"] for row in rows) == 0
    assert sum(row["reported"] - row["right"] for row in rows) <= 1


@pytest.mark.parametrize("name", ["wat_02", "cul_01"])
def test_clean_filings_stay_clean(name: str) -> None:
    from narrcheck import Severity, check

    report = check(SHARED / "corpus" / "dev-forms" / f"{name}.txt")
    assert [f.rule for f in report.filings[0].findings if f.severity > Severity.INFO] == []
    assert report.filings[0].coverage.linked > 10


@pytest.mark.parametrize("source", ["000", "001", "002", "003"])
def test_a_file_of_several_filings_reads_as_each_alone(source: str) -> None:
    from narrcheck import check

    alone = [check(path).filings[0] for path in sorted((SHARED / "corpus" / "dev").glob(f"{source}_*.txt"))]
    together = check(SHARED / "corpus" / "dev-whole" / f"{source}.txt").filings
    assert [f.filing.project for f in together] == [f.filing.project for f in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.filing.indicators == other.filing.indicators
        assert one.filing.funds == other.filing.funds
        assert (one.filing.goal, one.filing.narrative) == (other.filing.goal, other.filing.narrative)
        assert [f.id for f in one.findings] == [f.id for f in other.findings]
