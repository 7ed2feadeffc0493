"""The labelled folders of eval/batches through a whole batch: what is planted is found, look-alikes are left alone."""

import json
from pathlib import Path

from conftest import ROOT

from batching_helpers import audit
from batchscore import Score, score
from narrcheck.audit.documents import lines
from narrcheck.audit.export import Export
from narrcheck.settings import Settings

FOLDERS = sorted(path.parent for path in (ROOT / "eval" / "batches").glob("*/labels.json"))


def scored(folder: Path, store: Path) -> Score:
    """The findings across filings that the export of a batch over the folder holds, against the folder's labels."""
    audit(store, folder)
    with Export(str(store), Settings(), None) as source:
        filings = [json.loads(line) for line in list(lines(source))[1:]]
    return score(folder, {f["id"]: f for one in filings for f in one["findings"]}.values())


def test_most_of_what_is_planted_is_found_and_nothing_else(tmp_path: Path) -> None:
    assert len(FOLDERS) > 20
    scores = {folder.name: scored(folder, tmp_path / f"{folder.name}.db") for folder in FOLDERS}
    assert not [(name, finding["message"]) for name, told in scores.items() for finding in told.false]
    found, missed = (sum(len(told[part]) for told in scores.values()) for part in (0, 1))
    assert found >= 0.85 * (found + missed)
