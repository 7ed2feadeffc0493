"""The shared corpus, where it is at hand: its gold readings are met, and whole files equal single ones."""

import importlib.util
import json
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from narrcheck.filing import Filing, Number, Source
from narrcheck.reading import read_bytes

SHARED = Path(__file__).parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="the shared corpus is not here")


def _referee() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SHARED / "tools" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _number(number: Number) -> str | None:
    return None if number.value is None and not number.malformed else number.raw.replace(",", "").rstrip("%")


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _json(filing: Filing) -> dict[str, Any]:
    names = ("form", "year", "project", "department", "unit", "money_unit", "goal", "narrative", "grade")
    columns = ("initial", "adjusted", "executed", "weight", "rate", "score")
    return {
        **{name: getattr(filing, name) for name in names},
        "total_weight": _number(filing.total_weight),
        "total_score": _number(filing.total_score),
        "funds": [
            {"label": row.label, **{name: _number(getattr(row, name)) for name in columns}} for row in filing.funds
        ],
        "indicators": [
            {
                "level1": row.level1, "level2": row.level2, "name": row.name, "note": row.note,
                "weight": _number(row.weight), "score": _number(row.score),
                "target": {"raw": row.target.raw, "comparator": row.target.comparator, "unit": row.target.unit,
                           "value": _plain(row.target.value), "upper": _plain(row.target.upper)},
                "actual": {"raw": row.actual.raw, "value": _plain(row.actual.value), "unit": row.actual.unit,
                           "status": row.actual.status},
            }
            for row in filing.indicators
        ],
    }  # fmt: skip


def test_gold_readings() -> None:
    referee = _referee()
    tally, notes = referee.Tally(), defaultdict(list)
    for folder in ("dev", "dev-forms"):
        for path in sorted((SHARED / "corpus" / folder).glob("*.txt")):
            gold = json.loads(path.with_suffix(".parse.json").read_text("utf-8"))
            (filing,) = read_bytes(path.read_bytes(), path.name)
            referee.score_parse(gold, _json(filing), tally, notes, path.name)
    assert tally.line("parse.cells")["f1"] >= 0.995, dict(notes)


def test_whole_files_equal_single_ones() -> None:
    for whole in sorted((SHARED / "corpus" / "dev-whole").glob("*.txt")):
        parts = sorted((SHARED / "corpus" / "dev").glob(f"{whole.stem}_*.txt"))
        alone = [replace(read_bytes(path.read_bytes(), "x")[0], source=Source("")) for path in parts]
        together = [replace(filing, source=Source("")) for filing in read_bytes(whole.read_bytes(), "x")]
        assert together == alone, whole.name
