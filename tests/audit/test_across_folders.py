"""The labelled folders of eval/batches through a whole batch: what is planted is found, look-alikes are left alone."""

import json
from pathlib import Path

import pytest
from conftest import ROOT, Run

from batching_helpers import audit
from batchscore import Score, score

FOLDERS = sorted(path.parent for path in (ROOT / "eval" / "batches").glob("*/labels.json"))


def scored(folder: Path, tmp_path: Path, narrcheck: Run) -> Score:
    """The findings across filings that the export of a batch over the folder holds, against the folder's labels."""
    store = tmp_path / "audit.db"
    audit(store, folder)
    export = narrcheck("batch", "export", "--store", store)
    assert export.returncode == 0, export.stderr.decode()
    filings = [json.loads(line) for line in export.stdout.decode().splitlines()[1:]]
    return score(folder, {f["id"]: f for one in filings for f in one["findings"]}.values())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_is_found_that_is_not_there(folder: Path, tmp_path: Path, narrcheck: Run) -> None:
    assert not [finding["message"] for finding in scored(folder, tmp_path, narrcheck).false]


def test_most_of_what_is_planted_is_found(tmp_path: Path, narrcheck: Run) -> None:
    scores = []
    for number, folder in enumerate(FOLDERS):
        (tmp_path / str(number)).mkdir()
        scores.append(scored(folder, tmp_path / str(number), narrcheck))
    found, missed = (sum(len(part) for part in parts) for parts in list(zip(*scores, strict=True))[:2])
    assert found >= 0.85 * (found + missed)
