"""A batch against what its parts cost bare: checking, storing, hashing; and the rules across filings when the number of
filings doubles."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.year import write_year
from narrcheck.audit import paths, rows
from narrcheck.audit.rows import FileRows
from narrcheck.audit.store import Stamp, Store
from narrcheck.audit.work import Worker
from narrcheck.commands.progress import Progress
from narrcheck.settings import Settings

FILINGS, STORED = 20_000, 2_000
CHECK_LIMIT, STORE_LIMIT, AGAIN_LIMIT, MEMORY_LIMIT, DOUBLE_LIMIT, ACROSS_LIMIT = 1 / 0.85, 3.0, 2.0, 300.0, 2.2, 1.0
Line = tuple[str, float, float, str]


def batch() -> list[Line]:
    """A line for each figure; the folders are made anew and removed."""
    with tempfile.TemporaryDirectory() as folder:
        half, whole = Path(folder) / "half", Path(folder) / "whole"
        write_year(half, FILINGS // 2)
        write_year(whole, FILINGS)
        first = _audit(half, Path(folder) / "half.db")
        before = _bare_check(whole)
        run = _audit(whole, Path(folder) / "whole.db")
        bare = (before + _bare_check(whole)) / 2
        again, hashing = _second_run(whole, Path(folder) / "whole.db")
        name = f"batch: {FILINGS:,} filings checked in {run['check']:.1f} s / bare processes {bare:.1f} s"
        return [
            (name, run["check"] / bare, CHECK_LIMIT, "x"),
            _stored(whole, Path(folder)),
            (f"batch: nothing changed, {again:.2f} s / hashing {hashing:.2f} s", again / hashing, AGAIN_LIMIT, "x"),
            ("batch: most memory of the parent process", run["memory"], MEMORY_LIMIT, "M"),
            _line("X rules: 20,000 / 10,000 filings", run["compare"], first["compare"], DOUBLE_LIMIT),
            _line("X rules / first check", run["compare"], run["check"], ACROSS_LIMIT),
        ]


def _line(name: str, ours: float, other: float, limit: float) -> Line:
    return f"{name}: {ours:.1f} s / {other:.1f} s", ours / other, limit, "x"


def _audit(folder: Path, store: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.audit", str(folder), str(store)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _bare_check(folder: Path) -> float:
    """Seconds that a process a core takes, each checking its share of the files."""
    parts = os.cpu_count() or 1
    start = perf_counter()
    running = [
        subprocess.Popen([sys.executable, "-m", "bench.bare", "check", str(folder), str(part), str(parts)])
        for part in range(parts)
    ]
    for process in running:
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, process.args)
    return perf_counter() - start


def _second_run(folder: Path, store: Path) -> tuple[float, float]:
    """The best of three: a whole `narrcheck batch run` over what is stored, and a process that hashes the files."""
    command = [sys.executable, "-m", "narrcheck"]
    ours = [*command, "batch", "run", str(folder), "--store", str(store), "--fail-on", "never", "-q", "--offline"]
    theirs = [sys.executable, "-m", "bench.bare", "hash", str(folder)]
    pairs = [(_seconds(lambda: _run(ours)), _seconds(lambda: _run(theirs))) for _ in range(3)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def _stored(folder: Path, place: Path) -> Line:
    """Store and progress against the bare inserts of the same rows, one transaction a file."""
    work = Worker(str(folder), Settings())()
    names = list(paths.listing(str(folder), lambda error: None))[:STORED]
    rows = [item for item in (work(name, lambda: None) for name in names) if isinstance(item, FileRows)]
    pairs = []
    for number in range(3):
        ours = _through_store(rows, place / f"ours{number}.db")
        pairs.append((ours, _bare_inserts(rows, place / f"bare{number}.db")))
    ours, bare = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    return _line_of_store(ours, bare)


def _line_of_store(ours: float, bare: float) -> Line:
    name = f"store and progress {1000 * ours / STORED:.2f} ms a file / bare inserts {1000 * bare / STORED:.2f} ms"
    return name, ours / bare, STORE_LIMIT, "x"


def _through_store(rows: Iterable[FileRows], place: Path) -> float:
    with Store(str(place)) as store, Progress("en", quiet=True) as progress:
        folder = store.folder("/folder", "folder")
        run = store.begin_run(folder, {})

        def all_of_them() -> None:
            for item in rows:
                store.write(folder, run, Stamp("settings", "version"), item)
                progress.done(item)

        return _seconds(all_of_them)


def _bare_inserts(rows: Iterable[FileRows], place: Path) -> float:
    with Store(str(place)) as store:
        store.begin_run(store.folder("/folder", "folder"), {})
    connection = sqlite3.connect(place, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    insert = {name: _insertion(name, columns) for name, columns in _COLUMNS.items()}

    def all_of_them() -> None:
        for item in rows:
            connection.execute("BEGIN IMMEDIATE")
            _insert_file(connection, insert, item)
            connection.execute("COMMIT")

    seconds = _seconds(all_of_them)
    connection.close()
    return seconds


def _insert_file(connection: sqlite3.Connection, insert: dict[str, str], item: FileRows) -> None:
    facts = (item.path, True, item.state, item.passing, item.sha256, item.size, item.modified)
    file = connection.execute(insert["files"], (1, 1, *facts, "settings", "version", "2025")).lastrowid
    connection.executemany(insert["problems"], [(file, at, *row) for at, row in enumerate(item.problems)])
    for position, filing in enumerate(item.filings):
        key = connection.execute(insert["filings"], (file, position, *filing.filing)).lastrowid
        for table in ("claims", "indicators", "findings"):
            owned: tuple[Any, ...] = getattr(filing, table)
            connection.executemany(insert[table], [(key, at, *row) for at, row in enumerate(owned)])


_COLUMNS = {
    "files": (
        "folder_id", "run_id", "path", "current", "state", "passing", "sha256", "size", "modified", "settings_key",
        "version", "checked_at",
    ),
    "filings": ("file_id", "position", *rows.FILING_COLUMNS),
    "problems": ("file_id", "position", *rows.PROBLEM_COLUMNS),
    "claims": ("filing_id", "position", *rows.CLAIM_COLUMNS),
    "indicators": ("filing_id", "position", *rows.INDICATOR_COLUMNS),
    "findings": ("filing_id", "position", *rows.FINDING_COLUMNS),
}  # fmt: skip


def _insertion(table: str, columns: Iterable[str]) -> str:
    names = [f'"{name}"' for name in columns]
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def _seconds(action: Callable[[], None]) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start


def _run(command: list[str]) -> None:
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
