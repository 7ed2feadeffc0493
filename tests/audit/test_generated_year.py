"""A generated year through a whole batch: the planted faults across filings are found, and nothing else is."""

import json
import sqlite3
from pathlib import Path

from batching_helpers import audit
from bench.year import RULES, write_year

FILES = 500


def test_planted_faults_are_found_and_nothing_else(tmp_path: Path) -> None:
    folder, store = tmp_path / "year", tmp_path / "audit.db"
    folder.mkdir()
    planted = write_year(folder, FILES, broken=0)
    audit(store, folder)
    found: dict[str, set[frozenset[str]]] = {code: set() for code in RULES}
    for code, evidence in sqlite3.connect(store).execute("SELECT rule, evidence FROM across"):
        paths = {Path(piece["source"]["path"]) for piece in json.loads(evidence)}
        found[code].add(frozenset(path.relative_to(folder).as_posix() for path in paths))
    for code in RULES:
        wanted = {frozenset(pair) for pair in planted[code]}
        assert wanted, code
        assert not found[code] - wanted, code
        assert len(found[code] & wanted) >= 0.8 * len(wanted), code


def test_the_same_seed_gives_the_same_year(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_year(tmp_path / name, 300, seed=7)
    one, other = (contents(tmp_path / name) for name in ("one", "other"))
    assert len(one) == 300 and one == other


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
