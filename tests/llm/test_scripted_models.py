"""A model that is always right loses nothing and is seldom wrong; one that is always wrong changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_settings import settings_for
from modelserver import ModelServer
from narrcheck import Report, Severity
from narrcheck.pipeline import run
from narrcheck.settings import Settings
from scripted import Perfect, Wrong, labelled

pytestmark = pytest.mark.xdist_group("scripted")

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "eval" / "fixtures"
TEXTS = sorted(map(str, FIXTURES.glob("*.txt")))[::3]  # some of them: a server answers every question


@pytest.fixture(scope="module")
def offline() -> Report:
    return run(TEXTS, Settings())


@pytest.fixture(scope="module", params=["auto", "full"])
def right(request: pytest.FixtureRequest) -> Iterator[Report]:
    with ModelServer(Perfect(labelled([FIXTURES]))) as server:
        yield run(TEXTS, settings_for(server, request.param))


@pytest.fixture(scope="module", params=["auto", "full"])
def wrong(request: pytest.FixtureRequest) -> Iterator[Report]:
    with ModelServer(Wrong(labelled([FIXTURES]))) as server:
        yield run(TEXTS, settings_for(server, request.param))


def holds(report: Report, offline: Report) -> None:
    """Every offline finding stands in the report as it was."""
    assert report.mode == "llm" and report.model is not None and report.model.usage.requests > 20
    for alone, advised in zip(offline.filings, report.filings, strict=True):
        kept = {f.id: (f.rule, f.severity, f.message, f.evidence) for f in advised.findings if f.by != "llm"}
        assert kept == {f.id: (f.rule, f.severity, f.message, f.evidence) for f in alone.findings}


def test_a_model_that_is_wrong_loses_and_changes_no_offline_finding(offline: Report, wrong: Report) -> None:
    holds(wrong, offline)


def test_a_model_that_is_right_loses_and_changes_no_offline_finding(offline: Report, right: Report) -> None:
    holds(right, offline)


def test_what_rests_on_the_model_alone_is_no_error(wrong: Report) -> None:
    own = [finding for checked in wrong.filings for finding in checked.findings if finding.by == "llm"]
    assert {finding.rule for finding in own} >= {"L01", "L03"}
    assert all(finding.severity < Severity.ERROR for finding in own)
    assert all(piece.quote for finding in own for piece in finding.evidence)


def test_wrong_quotes_and_numbers_are_dropped_and_counted(wrong: Report) -> None:
    assert wrong.model is not None
    if wrong.model.use == "full":
        with_numbers = (checked for checked in wrong.filings if checked.coverage.numbers)
        asked = [checked.advice for checked in with_numbers if checked.filing.form == "self_evaluation"]
        assert len(asked) > 15 and all(advice is not None and advice.dropped["extract"] for advice in asked)


def test_a_right_model_confirms(right: Report) -> None:
    authors = [finding.by for checked in right.filings for finding in checked.findings]
    assert "both" in authors
    assert authors.count("llm") <= 0.1 * len(authors)
