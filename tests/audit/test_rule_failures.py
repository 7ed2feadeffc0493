"""A rule across filings that breaks costs only itself, and is told."""

import json
from pathlib import Path

import pytest
from conftest import ROOT, Run

import narrcheck.audit.across as across
import narrcheck.rules.across.changes as changes
from batching_helpers import audit

pytestmark = pytest.mark.in_process


@pytest.mark.parametrize(("module", "name", "code"), [(across, "copied", "X01"), (changes, "match_rows", "X03")])
def test_a_broken_rule_is_told_and_the_others_stand(
    module: object, name: str, code: str, tmp_path: Path, narrcheck: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a fault of the rule")

    store, folder = tmp_path / "audit.db", ROOT / "eval" / "batches" / "forestry"
    monkeypatch.setattr(module, name, broken)
    audit(store, folder)
    told = json.loads(narrcheck("batch", "status", "--store", store, "--format", "json").stdout)
    (failure,) = told["rule_failures"]
    assert failure["rule"] == code and "a fault of the rule" in failure["error"]
    assert sum(told["folders"][0]["across"].values()) > 0
    assert code in narrcheck("batch", "status", "--store", store).stdout.decode()
