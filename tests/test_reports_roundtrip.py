"""The JSON of `parse` gives the filing back: nothing a filing holds is lost on the way out."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from narrcheck.filing import Filing, Number, Source
from narrcheck.reading import read_bytes
from narrcheck.reports import View, render_parsed
from narrcheck.reports.json import filing_to_json
from narrcheck.reports.parsed import Readings
from report_samples import FILING

EXAMPLES = [path for path in sorted((ROOT / "examples").iterdir()) if path.name != "README.md"]


def readings(filing: Filing) -> dict[str, Any]:
    """What `parse` prints of a filing; where it was read does not count, and a dash is a blank cell."""
    document = filing_to_json(dataclasses.replace(filing, source=Source("")))
    for row in (*document["funds"], *document["indicators"]):
        row["raw"] = {key: text for key, text in row["raw"].items() if row[key] is not None or Number(text).malformed}
    return document


@pytest.mark.parametrize("format", ["json", "jsonl"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_come_back_as_they_went_out(path: Path, format: str) -> None:
    filings = read_bytes(path.read_bytes(), path.name)
    text = render_parsed(Readings("0.1.0", "national", filings), View(format))
    if format == "jsonl":
        text = "[" + ",".join(text.splitlines()[1:]) + "]"
        text = json.dumps({"filings": json.loads(text)}, ensure_ascii=False)
    again = read_bytes(text.encode(), "saved.json")
    assert [readings(filing) for filing in again] == [readings(filing) for filing in filings]


def test_awkward_cells_come_back() -> None:
    (again,) = read_bytes(json.dumps(filing_to_json(FILING), ensure_ascii=False).encode(), "saved.json")
    assert readings(again) == readings(FILING)
