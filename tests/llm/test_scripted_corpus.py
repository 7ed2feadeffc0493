"""Real filings with scripted models, measured as the outside referee does; skipped where the corpus is absent."""

import pytest

from llm_settings import settings_for
from modelserver import ModelServer, Script
from narrcheck.pipeline import run
from narrcheck.settings import Settings
from referee import CORPUS, Figures, figures, needs_corpus
from scripted import Perfect, Wrong, labelled

pytestmark = [pytest.mark.required, needs_corpus]
FOLDERS = [CORPUS / "dev", CORPUS / "dev-forms"]


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    return figures(Settings(), tmp_path_factory.mktemp("offline"))


@pytest.mark.parametrize("use", ["auto", "full"])
def test_a_right_model_finds_no_less_and_is_no_less_right(
    offline: Figures, tmp_path_factory: pytest.TempPathFactory, use: str
) -> None:
    with ModelServer(Perfect(labelled(FOLDERS))) as server:
        advised = figures(settings_for(server, use), tmp_path_factory.mktemp(use))
        assert len(server.asked) > 20
    for layer in ("findings.N", "links", "claims"):
        alone, both = offline[layer], advised[layer]
        assert both["found"] / both["labels"] >= alone["found"] / alone["labels"], layer
        assert both["right"] / both["reported"] >= alone["right"] / alone["reported"], layer


@pytest.mark.parametrize("use", ["auto", "full"])
def test_a_wrong_model_takes_nothing_away(use: str) -> None:
    paths = [str(path) for folder in FOLDERS for path in sorted(folder.glob("*.txt"))]
    alone = run(paths, Settings())
    with ModelServer(wrong()) as server:
        advised = run(paths, settings_for(server, use))
    for before, after in zip(alone.filings, advised.filings, strict=True):
        kept = {(f.id, f.severity, f.message) for f in after.findings if f.by != "llm"}
        assert kept == {(f.id, f.severity, f.message) for f in before.findings}


def wrong() -> Script:
    return Wrong(labelled(FOLDERS))
