"""Floors on real filings, measured as the outside referee does; skipped where the corpus is absent."""

import pytest

from narrcheck.settings import Settings
from referee import CORPUS, Figures, figures, needs_corpus

pytestmark = [pytest.mark.required, needs_corpus]


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """The figures of the offline check."""
    return figures(Settings(), tmp_path_factory.mktemp("score"))


def f1(row: dict[str, float]) -> float:
    return (row["found"] + row["right"]) / (row["labels"] + row["reported"])


@pytest.mark.parametrize(
    ("layer", "floor"), [("parse.cells", 0.99), ("claims", 0.97), ("claims.modifier", 0.97), ("links", 0.92)]
)
def test_layer_reaches_its_floor(offline: Figures, layer: str, floor: float) -> None:
    assert f1(offline[layer]) >= floor, offline[layer]


def test_text_findings(offline: Figures) -> None:
    row = offline["findings.N"]
    assert row["labels"] - row["found"] <= 2
    assert row["reported"] - row["right"] <= 3


def test_table_findings(offline: Figures) -> None:
    rows = [offline[f"findings.{letter}"] for letter in "FSR"]
    assert sum(row["labels"] - row["found"] for row in rows) == 0
    assert sum(row["reported"] - row["right"] for row in rows) <= 1


@pytest.mark.parametrize("name", ["wat_02", "cul_01"])
def test_clean_filings_stay_clean(name: str) -> None:
    from narrcheck import Severity, check

    report = check(CORPUS / "dev-forms" / f"{name}.txt")
    assert [f.rule for f in report.filings[0].findings if f.severity > Severity.INFO] == []
    assert report.filings[0].coverage.linked > 10


@pytest.mark.parametrize("source", ["000", "001", "002", "003"])
def test_a_file_of_several_filings_reads_as_each_alone(source: str) -> None:
    from narrcheck import check

    alone = [check(path).filings[0] for path in sorted((CORPUS / "dev").glob(f"{source}_*.txt"))]
    together = check(CORPUS / "dev-whole" / f"{source}.txt").filings
    assert [f.filing.project for f in together] == [f.filing.project for f in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.filing.indicators == other.filing.indicators
        assert one.filing.funds == other.filing.funds
        assert (one.filing.goal, one.filing.narrative) == (other.filing.goal, other.filing.narrative)
        assert [f.id for f in one.findings] == [f.id for f in other.findings]
