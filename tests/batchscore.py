"""Scores cross-filing findings against the labels of a folder of eval/batches."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

Label = Mapping[str, Any]
Found = Mapping[str, Any]


class Score(NamedTuple):
    """Labels found, sure labels missed, and findings that answer no label. A debatable label is never missed."""

    found: list[Label]
    missed: list[Label]
    false: list[Found]


def score(folder: Path, findings: Iterable[Found]) -> Score:
    """`findings` are dictionaries as in the JSON of `check`, each piece of evidence with its `source` (`path`).

    Findings of other rules than X are left aside. A second finding for one label is neither found nor false.
    """
    across = [finding for finding in findings if finding["rule"].startswith("X")]
    labels = json.loads((folder / "labels.json").read_text("utf-8"))["findings"]
    found = [label for label in labels if any(answers(finding, label) for finding in across)]
    missed = [label for label in labels if label not in found and label["certainty"] == "sure"]
    return Score(found, missed, [one for one in across if not any(answers(one, label) for label in labels)])


def answers(finding: Found, label: Label) -> bool:
    """Whether the rule agrees, both filings are among the sources, and, where the label names rows, one of them or one
    of the label's values is in the evidence."""
    evidence = finding["evidence"]
    files = {Path(piece["source"]["path"]).name for piece in evidence}
    if finding["rule"] != label["rule"] or not files.issuperset(label["filings"]):
        return False
    named = any(piece.get("name") in label["rows"] for piece in evidence)
    return not label["rows"] or named or any(value in piece["quote"] for value in label["values"] for piece in evidence)
