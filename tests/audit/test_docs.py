"""What docs/batch.md shows works: its queries give rows over a store of the examples, its commands are accepted."""

import re
import sqlite3
from pathlib import Path

import pytest
from conftest import ROOT, Run

from batching_helpers import audit

TEXT = (ROOT / "docs" / "batch.md").read_text("utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
COMMANDS = re.findall(r"^narrcheck (batch [^#\n]+)", TEXT, re.MULTILINE)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of the examples, in the folder where the commands run."""
    audit(tmp_path / "audit.db", ROOT / "examples")
    return tmp_path / "audit.db"


def test_every_query_answers(store: Path) -> None:
    assert len(QUERIES) == 3
    with sqlite3.connect(store) as connection:
        for query in QUERIES:
            assert connection.execute(query).fetchall(), query


def test_every_command_is_accepted(store: Path, narrcheck: Run) -> None:
    assert len(COMMANDS) >= 6
    for command in COMMANDS:
        arguments = command.replace("2024年自评表", str(ROOT / "examples")).split()
        if arguments[1] == "decide":
            arguments = [*arguments[:4], "--why", "两个数口径不同"]
        done = narrcheck(*arguments)
        assert done.returncode in (0, 1), (command, done.stderr.decode())
