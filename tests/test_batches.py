"""The folders of eval/batches: files as their plans say, read as meant, and labels that can be found in them."""

import json
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from narrcheck.filing import Filing
from narrcheck.reading import read_bytes

BATCHES = Path(__file__).resolve().parent.parent / "eval" / "batches"
PLANS = sorted(BATCHES.glob("*.toml"))
sys.path.insert(0, str(BATCHES))

from make import rendered  # noqa: E402

every_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)


def read(path: Path) -> Filing:
    (filing,) = read_bytes(path.read_bytes(), path.name)
    return filing


def labels(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "across.labels.json").read_text("utf-8"))["findings"]
    return found


@every_plan
def test_files_are_what_the_plan_makes(plan: Path) -> None:
    folder = BATCHES / plan.stem
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == rendered(plan)


@every_plan
def test_every_file_is_read_as_the_plan_means(plan: Path) -> None:
    facts = tomllib.loads(plan.read_text("utf-8"))
    for meant in facts["filing"]:
        filing = read(BATCHES / plan.stem / meant["file"])
        meant = {**facts, **meant}
        form = "target_table" if meant.get("form") == "target" else "self_evaluation"
        assert (filing.form, filing.year, filing.unit, filing.project) == (
            form,
            meant["year"],
            meant["unit"],
            meant["project"],
        )
        cells = [[cell.strip() for cell in line[1:].split("|")] for line in meant["rows"].strip().splitlines()]
        assert [row.name for row in filing.indicators] == [name for name, *_ in cells]
        assert [row.target.raw for row in filing.indicators] == [target for _, target, *_ in cells]
        if form == "self_evaluation":
            assert [row.actual.raw for row in filing.indicators] == [actual for _, _, actual, *_ in cells]
            assert (filing.narrative or "").replace("\n", "") == meant["narrative"]


@every_plan
def test_labels_name_files_rows_and_values_that_stand_there(plan: Path) -> None:
    folder = BATCHES / plan.stem
    for label in labels(folder):
        filings = [read(folder / f"{name}.txt") for name in label["filings"]]
        assert len(filings) == 2 and filings[0] != filings[1]
        assert label["certainty"] in {"sure", "debatable"} and label["why"]
        names = {row.name for filing in filings for row in filing.indicators}
        assert names.issuperset(label["rows"])
        for value, filing in zip(label["values"], filings, strict=False):
            cells = [cell for row in filing.indicators for cell in (row.target.raw, row.actual.raw)]
            assert any(value in text.replace("\n", "") for text in [filing.narrative or "", *cells]), value


def test_every_rule_is_planted_five_times_and_some_folders_are_clean() -> None:
    planted = {plan.stem: labels(BATCHES / plan.stem) for plan in PLANS}
    sure = Counter(label["rule"] for found in planted.values() for label in found if label["certainty"] == "sure")
    assert {rule for rule, times in sure.items() if times >= 5} == {"X01", "X02", "X03", "X04", "X05"}
    assert sum(not found for found in planted.values()) >= 2
