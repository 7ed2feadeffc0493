"""The committed figures: the fixtures reach their floors, nothing is lost against the baseline, the page is true."""

import sys

import pytest
from conftest import ROOT

from narrcheck.cli import main
from narrcheck.evaluation.ablate import ablated, cells, heads
from narrcheck.evaluation.ablations import ABLATIONS
from narrcheck.evaluation.fixtures import find_folders
from narrcheck.reports.markdown import table

sys.path.insert(0, str(ROOT / "eval"))

from quality import FIXTURES, LANG, PAGE, PARTS, SETTINGS, part, planted, recorded

EVAL = ROOT / "eval"
_EACH = 8


def test_the_fixtures_reach_their_floors_and_lose_nothing_against_the_baseline(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fixtures = [str(EVAL / "fixtures"), str(EVAL / "batches")]
    gates = ["--floors", str(EVAL / "floors.toml"), "--against", str(EVAL / "baseline.json"), "--fail-on-lost"]
    code = main(["eval", "run", *fixtures, *gates])
    assert (code, capsys.readouterr().err) == (0, "")


@pytest.mark.parametrize("name", [name for name in PARTS if name != "ablations"])
def test_the_page_of_figures_is_what_is_measured(name: str) -> None:
    assert part(name) in PAGE.read_text("utf-8")


def test_planted_faults_come_out_as_recorded() -> None:
    """Some filings stand for all: `make quality` measures every one."""
    paths = sorted(FIXTURES.glob("*.txt"))
    record = recorded()
    assert len(record) == len(paths)
    assert planted(paths[::_EACH]) == {name: record[name] for name in list(record)[::_EACH]}


def test_what_some_parts_are_worth_is_as_the_page_says() -> None:
    rows = list(cells(ablated(find_folders([FIXTURES], ".txt"), SETTINGS, ABLATIONS[:2]), LANG))
    for line in list(table(heads(LANG), rows))[2:]:
        assert line in PAGE.read_text("utf-8").splitlines()
