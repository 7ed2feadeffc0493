"""Evaluations of systems with a model: quality beside cost, and the same again from a record."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from modelserver import ModelServer
from narrcheck.cli import main
from scripted import Perfect, labelled

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "eval" / "fixtures"
NAMES = ("agr_11", "dat_31", "env_11")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three fixtures."""
    place = tmp_path / "fixtures"
    place.mkdir()
    for name in NAMES:
        for file in FIXTURES.glob(f"{name}.*"):
            shutil.copy(file, place)
    return place


@pytest.fixture
def model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A model that is always right, and what it costs."""
    with ModelServer(Perfect(labelled([folder]))) as server:
        told = {"BASE_URL": server.base_url, "MODEL": "tiny", "CACHE": "off", "PRICE_IN": "2", "PRICE_OUT": "8"}
        for name, value in told.items():
            monkeypatch.setenv(f"NARRCHECK_LLM_{name}", value)
        yield server


def evaluated(capsys: pytest.CaptureFixture[str], *options: object) -> dict[str, Any]:
    assert main(["eval", "run", *map(str, options), "--format", "json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_systems_stand_beside_each_other_with_their_costs(
    folder: Path, model: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    off, auto, full = evaluated(capsys, folder, "--systems", "off,auto,full")["systems"]
    assert off["cost"] is None and 0 < auto["cost"]["sent"] < full["cost"]["sent"]
    cost = full["cost"]
    assert cost["requests"] + auto["cost"]["requests"] == len(model.asked) and cost["seconds"] > 0
    assert float(cost["money"]) == pytest.approx((2 * cost["sent"] + 8 * cost["received"]) / 1_000_000)
    assert full["figures"]["claims"]["f1"] >= off["figures"]["claims"]["f1"]
    assert main(["eval", "run", str(folder), "--systems", "off,full", "--format", "markdown"]) == 0
    assert str(cost["requests"]) in capsys.readouterr().out


def test_a_record_gives_the_same_figures_without_the_model(
    folder: Path, model: ModelServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "answers.jsonl"
    first = evaluated(capsys, folder, "--llm", "full", "--record", record)
    asked = len(model.asked)
    again = evaluated(capsys, folder, "--llm", "full", "--replay", record)
    assert len(model.asked) == asked and again["cost"]["unknown"] == 0
    assert (again["figures"], again["cost"]) == (first["figures"], first["cost"])
    changed = folder / f"{NAMES[0]}.txt"
    changed.write_text(changed.read_text("utf-8").replace("公里", "千米"), "utf-8")
    other = evaluated(capsys, folder, "--llm", "full", "--replay", record, "--no-lint")
    assert other["cost"]["unknown"] > 0
    assert str(other["cost"]["unknown"]) in _shown(capsys, folder, record)


def _shown(capsys: pytest.CaptureFixture[str], folder: Path, record: Path) -> str:
    main(["eval", "run", str(folder), "--llm", "full", "--replay", str(record), "--no-lint", "--format", "markdown"])
    return capsys.readouterr().out
