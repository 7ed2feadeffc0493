"""`narrcheck eval perturb`: which file of synonyms it takes, wherever it is called."""

import json
from pathlib import Path

import pytest

from fixture_files import write
from narrcheck.cli import main


def perturb(*options: object) -> int:
    return main(["eval", "perturb", *map(str, options), "--each", "1", "--lang", "en"])


@pytest.fixture
def filings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of filings that is not where the command is given."""
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    return write(tmp_path / "town" / "filings")


def pairs(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text('[synonyms]\n"达到" = "升至"\n', "utf-8")
    return path.resolve()


def test_without_a_file_the_kind_is_left_out(filings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert perturb(filings, "--format", "json") == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert "no rewrites with synonyms" in said.err and told["synonyms"] is None and "spaces" in told["kinds"]
    assert perturb(filings, "--kinds", "synonyms") == 2
    assert perturb(filings, "--synonyms", filings / "none.toml") == 2


def test_the_file_is_the_nearest_above_the_filings(filings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    far = pairs(filings.parents[1] / "eval" / "rewrites.toml")
    assert perturb(filings / "water.txt", "--kinds", "synonyms", "--format", "markdown") == 0
    assert f"Synonyms from {far}" in capsys.readouterr().out.replace("\\", "")
    near = pairs(filings.parent / "eval" / "rewrites.toml")
    assert perturb(filings, "--kinds", "synonyms", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kinds"]["synonyms"]["made"] == 1 and Path(told["synonyms"]) == near


def test_a_file_that_is_not_used_is_not_named(filings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs(filings.parent / "eval" / "rewrites.toml").write_text("[synonyms", "utf-8")
    assert perturb(filings, "--kinds", "spaces", "--format", "json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["synonyms"] is None and not said.err
