"""What the tests of the batch share: folders of filings, runs in this process or as processes, a store's content."""

import contextlib
import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Column, create_engine, select

from bench.year import write_year
from form_text import NARRATIVE, ROWS, form
from narrcheck.audit import schema
from narrcheck.audit.connect import address
from narrcheck.audit.engines import Engine, Result
from narrcheck.audit.rows import FileRows
from narrcheck.audit.run import Run, Tally
from narrcheck.audit.store import Store
from narrcheck.audit.work import Worker
from narrcheck.cli import main
from narrcheck.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
SEED = 105
EXAMPLES = ("README.md", "building.docx", "library.txt")
PATIENCE = 60
"""Seconds after which what is waited for counts as missing."""

Content = dict[str, list[tuple[Any, ...]]]


class Inline:
    """Works on files in this process, one after the other; `before` is told of each first."""

    name = "inline"

    def __init__(self, before: Callable[[str], None] = lambda path: None) -> None:
        self._before = before

    def run(self, worker: Worker, paths: Iterable[str]) -> Generator[tuple[str, Result], None, None]:
        work = worker()
        for path in paths:
            self._before(path)
            yield path, work(path, lambda: None)


class Unwatched:
    """Nobody looks."""

    def listed(self, files: int) -> None: ...
    def unchanged(self) -> None: ...
    def done(self, rows: FileRows) -> None: ...
    def comparing(self) -> None: ...


def audit(store: str | Path, folder: str | Path, engine: Engine | None = None, **settings: Any) -> Tally:
    """A run in this process."""
    with Store(str(store)) as opened:
        return Run(opened, str(folder), Settings(**settings), engine or Inline(), Unwatched())()


def filing(
    project: str = "供水管网维护", said: int = 26, told: int = 26, narrative: str = NARRATIVE, aim: int = 24
) -> str:
    """A form whose narrative counts `said` inspections where its row counts `told` of `aim`."""
    row = (ROWS[0][0], f"≥{aim}.00(次)", f"{told}.00(次)", *ROWS[0][3:])
    return form(narrative=narrative.replace("26次", f"{said}次"), rows=(row, *ROWS[1:]), project=project)


def year(folder: Path, count: int = 44, broken: float = 0.0) -> Path:
    """A folder of so many generated files; 44 hold faults across filings."""
    folder.mkdir()
    write_year(folder, count, SEED, broken)
    return folder


def mixed(folder: Path, count: int = 44) -> Path:
    """Generated filings, some broken, and EXAMPLES: a document that needs a helper process, and what is no filing."""
    year(folder, count, broken=0.05)
    (folder / "examples").mkdir()
    for name in EXAMPLES:
        shutil.copy(ROOT / "examples" / name, folder / "examples")
    return folder


def content(store: str | Path) -> Content:
    """All that stands in a store now, as plain values in order: without keys, times of runs, and history."""
    engine = create_engine(address(str(store)))
    files, folders, filings = schema.files, schema.folders, schema.filings
    place = (folders.c.location, files.c.path)
    file = files.join(folders, folders.c.id == files.c.folder_id)
    held = file.join(filings, filings.c.file_id == files.c.id)
    found: Content = {}
    with engine.connect() as connection:

        def take(name: str, source: Any, *columns: Column[Any]) -> None:
            rows = connection.execute(select(*columns).select_from(source).where(files.c.current))
            plain = (tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows)
            found[name] = sorted(plain, key=repr)

        take("files", file, *place, *_plain(files, "folder_id", "run_id", "checked_at"))
        take("problems", file.join(schema.problems), *place, *_plain(schema.problems, "file_id"))
        take("filings", held, *place, *_plain(filings, "file_id"))
        for table in (schema.claims, schema.indicators, schema.findings):
            source = held.join(table, table.c.filing_id == filings.c.id)
            take(table.name, source, *place, filings.c.position, *_plain(table, "filing_id"))
        places = schema.across_filings
        source = held.join(places, places.c.filing_id == filings.c.id).join(schema.across)
        take("across", source, *place, filings.c.position, places.c.position, *_plain(schema.across))
        across = connection.execute(select(schema.across.c.finding)).all()
        assert {row[0] for row in across} == {row[4] for row in found["across"]}, (
            "a finding about no filing that stands"
        )
    engine.dispose()
    assert len({row[:2] for row in found["files"]}) == len(found["files"]), "a file that stands twice"
    return found


def _plain(table: Any, *left_out: str) -> list[Column[Any]]:
    return [column for column in table.c if column.name not in ("id", *left_out)]


def rows(store: str | Path, query: str) -> list[tuple[Any, ...]]:
    """What a query over a store of SQLite gives."""
    with contextlib.closing(sqlite3.connect(store)) as connection:
        return connection.execute(query).fetchall()


def unread(store: str | Path) -> dict[str, str]:
    """The file, or member, of each failure that stands, with its code."""
    query = """SELECT problems.path, code FROM problems JOIN files ON files.id = problems.file_id
               WHERE files.current AND kind = 'unread'"""
    found = rows(store, query)
    assert len(dict(found)) == len(found), "a failure listed twice"
    return dict(found)


class Said(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


def batch(*arguments: str | Path, **environment: str) -> Said:
    """`narrcheck batch` in this process, with nothing of its settings in the environment but what is given."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith("NARRCHECK_")]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            code = main(["batch", *map(str, arguments)])
        except SystemExit as wrong_use:
            code = int(wrong_use.code or 0)
    return Said(code, out.getvalue(), err.getvalue())


def started(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> "subprocess.Popen[bytes]":
    """`narrcheck batch` as the leader of a session of its own, its output on a pipe."""
    command = [sys.executable, "-m", "narrcheck", "batch", *map(str, arguments)]
    own = {key: value for key, value in os.environ.items() if not key.startswith("NARRCHECK_")}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdout=pipe, stderr=pipe, env={**own, **environment}, cwd=cwd, start_new_session=True
    )


def finished(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """`narrcheck batch` to its end."""
    process = started(*arguments, **environment)
    said, told = process.communicate(timeout=10 * PATIENCE)
    return subprocess.CompletedProcess(process.args, process.returncode, said, told)


def resumed(store: Path, folder: Path) -> "subprocess.CompletedProcess[bytes]":
    """`batch resume`; where the store does not know the folder yet, `batch run`."""
    if stored(store):
        return finished("resume", "--store", store, "--jobs", "2")
    return finished("run", folder, "--store", store, "--jobs", "2")


def until(met: Callable[[], bool]) -> bool:
    """Wait for something; False where it does not come."""
    for _ in range(PATIENCE * 100):
        if met():
            return True
        time.sleep(0.01)
    return False


def session(leader: int) -> list[int]:
    """The live processes of a session."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, number = place.read_text().rpartition(")")[2].split()[:4]
            if int(number) == leader and state != "Z":
                found.append(int(place.parent.name))
    return found


def left_alone(leader: int) -> bool:
    """Whether all processes of a session end."""
    return until(lambda: not session(leader))


def stored(store: Path) -> int:
    """How many files a store of SQLite holds; 0 where there is none yet."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT COUNT(*) FROM files").fetchone()[0])
    except sqlite3.Error:
        return 0


def kill_when(process: "subprocess.Popen[bytes]", met: Callable[[], bool]) -> bool:
    """kill -9 of the whole session as soon as something is so; False where the process ended before."""
    ended = False
    while not met():
        ended = process.poll() is not None
        if ended:
            break
        time.sleep(0.002)
    for number in session(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    assert left_alone(process.pid)
    return not ended


def comparing(process: "subprocess.Popen[bytes]") -> Callable[[], bool]:
    """Whether the process has said that it compares filings with each other."""
    assert process.stderr is not None
    os.set_blocking(process.stderr.fileno(), False)
    said = bytearray()

    def met() -> bool:
        said.extend(process.stderr.read() or b"")  # type: ignore[union-attr]
        return "跨自评表".encode() in said

    return met


def points(store: Path, total: int, count: int) -> Iterator[tuple[str, Callable[[Any], Callable[[], bool]]]]:
    """Where a run is killed: before its first file, after some, and while it compares; each with what tells so."""
    yield "the store is made", lambda process: store.exists
    for number in range(1, count - 1):
        most = max(1, total * number // (count - 1))
        yield f"{most} files are stored", lambda process, most=most: lambda: stored(store) >= most
    yield "filings are compared", comparing
