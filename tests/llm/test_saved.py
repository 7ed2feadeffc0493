"""What `check` writes about a filing stands beside what `parse` writes without harm, also with a model's part in it."""

import json
from pathlib import Path

import pytest
from conftest import ROOT, Run

from modelserver import ModelServer, empty

pytestmark = pytest.mark.in_process


def test_a_reading_that_holds_the_results_of_a_check_is_read_again(tmp_path: Path, narrcheck: Run) -> None:
    example = ROOT / "examples" / "library.txt"
    with ModelServer(empty) as server:
        model = {"NARRCHECK_LLM_BASE_URL": server.base_url, "NARRCHECK_LLM_MODEL": "m", "NARRCHECK_LLM_CACHE": "off"}
        checked = json.loads(narrcheck("check", example, "--format", "json", **model).stdout)
    parsed = json.loads(narrcheck("parse", example, "--format", "json").stdout)
    (result,), (reading,) = checked["filings"], parsed["filings"]
    both = {**checked, **parsed, "filings": [{**result, **reading}]}
    assert {"model", "claims", "findings", "rule_failures", "signed", "goal"} <= set(both["filings"][0])
    (tmp_path / "both.json").write_text(json.dumps(both), "utf-8")
    again = json.loads(narrcheck("check", tmp_path / "both.json", "--format", "json").stdout)
    assert again["errors"] == []
    assert [f["id"] for f in again["filings"][0]["findings"]] == [f["id"] for f in result["findings"]]
