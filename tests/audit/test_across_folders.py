"""The labelled folders of eval/batches through a whole batch: what is planted is found, look-alikes are left alone."""

from conftest import ROOT

from narrcheck.evaluation.across import score_across
from narrcheck.evaluation.fixtures import find_folders
from narrcheck.evaluation.result import Counts
from narrcheck.settings import Settings


def test_most_of_what_is_planted_is_found_and_nothing_else() -> None:
    folders = find_folders([ROOT / "eval" / "batches"])
    assert len(folders) > 20
    results = [one for folder in folders for one in score_across(folder, Settings())]
    assert not [(one.file, item.text) for one in results for item in one.items if item.verdict == "false"]
    total = Counts()
    for one in results:
        total = total.plus(one.counts.get("findings.X", Counts()))
    assert total.found >= 0.85 * total.labels
