"""A store that cannot be used says so in a sentence, in both languages; nothing that it holds is lost."""

import contextlib
import io
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, event

from batching_helpers import Inline, Unwatched, audit, content, filing, rows, started, stored, year
from narrcheck.audit import run as running
from narrcheck.audit.connect import connect
from narrcheck.audit.errors import StoreError
from narrcheck.audit.schema import metadata
from narrcheck.audit.store import Store
from narrcheck.cli import main
from narrcheck.settings import Settings

READING = ("resume", "status")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two filings."""
    place = tmp_path / "year"
    place.mkdir()
    for name in ("公园", "泵站"):
        (place / f"{name}.txt").write_text(filing(name, said=36), "utf-8")
    return place


@pytest.fixture
def held(folder: Path, tmp_path: Path) -> Path:
    """The store of a finished run over them."""
    audit(tmp_path / "audit.db", folder)
    return tmp_path / "audit.db"


def told(code: int, *arguments: str | Path) -> str:
    """The line that `narrcheck batch` ends with, without the program's insides; `code` is its exit code."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        ended = main(["batch", *map(str, arguments)])
    return sentence(ended, said.getvalue(), code)


def sentence(ended: int, text: str, code: int) -> str:
    assert ended == code, text
    assert "Traceback" not in text and "sqlalche.me" not in text and "(sqlite3." not in text
    return [line for line in text.splitlines() if line.startswith("narrcheck: ")][-1]


def refused(store: str | Path, folder: Path) -> set[str]:
    """What the commands say of a store that cannot be opened."""
    return {told(2, "run", folder, "--store", store)} | {told(2, name, "--store", store) for name in READING}


def test_a_store_of_a_newer_version_is_left_alone(held: Path, folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(held)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = content(held)
    (said,) = refused(held, folder)
    assert "较新版本" in said and "9999" in said
    assert "newer" in told(2, "run", folder, "--store", held, "--lang", "en")
    assert content(held) == before


def test_a_file_that_is_no_database(tmp_path: Path, folder: Path) -> None:
    store = tmp_path / "notes.txt"
    store.write_text("会议记录：" * 400, "utf-8")
    before = store.read_bytes()
    (said,) = refused(store, folder)
    assert "不是 narrcheck 的库" in said
    assert store.read_bytes() == before


def test_an_empty_file_becomes_a_store(tmp_path: Path, folder: Path) -> None:
    store = tmp_path / "empty.db"
    store.touch()
    audit(store, folder)
    assert stored(store) == 2


@pytest.mark.parametrize("table", ["filings", "readers"])
def test_a_database_of_something_else_is_left_alone(tmp_path: Path, folder: Path, table: str) -> None:
    store = tmp_path / "library.db"
    with contextlib.closing(sqlite3.connect(store)) as connection, connection:
        connection.execute(f"CREATE TABLE {table} (name TEXT)")
        connection.execute(f"INSERT INTO {table} VALUES ('读者')")
    said = {told(2, "run", folder, "--store", store)}
    assert all("不是 narrcheck 的库" in line for line in said)
    assert rows(store, "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'") == [(table,)]


def test_a_database_migrated_by_another_program_is_left_alone(tmp_path: Path, folder: Path) -> None:
    store = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('ae1027a6acf')")
        connection.execute("CREATE TABLE readers (name TEXT)")
    refused(store, folder)
    assert len(rows(store, "SELECT name FROM sqlite_master")) == 2


def test_a_damaged_store(held: Path, folder: Path) -> None:
    data = bytearray(held.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 200] = b"\x5a" * 200
    held.write_bytes(data)
    assert all("已损坏" in line for line in refused(held, folder))


def test_a_store_in_a_folder_that_does_not_exist(tmp_path: Path, folder: Path) -> None:
    said = refused(tmp_path / "no" / "audit.db", folder)
    assert any("打不开" in line for line in said) and any("还没有这个库" in line for line in said)


def test_a_folder_given_as_the_store(tmp_path: Path, folder: Path) -> None:
    assert all("打不开" in line for line in refused(tmp_path, folder))


@pytest.mark.parametrize(
    ("address", "zh", "en"),
    [
        ("mysql://host/audit", "不是能用的库", "not a store"),
        ("postgresql//x://", "不是能用的库", "not a store"),
        ("postgresql://reader:secret@127.0.0.1:1/audit", "连接不上", "cannot be reached"),
        ("postgresql://reader:secret@no-such-host.invalid/audit", "连接不上", "cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere(folder: Path, address: str, zh: str, en: str) -> None:
    assert all(zh in line and "secret" not in line for line in refused(address, folder))
    assert en in told(2, "run", folder, "--store", address, "--lang", "en")


def test_no_store_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert all("还没有这个库" in told(2, name) for name in READING)
    assert [*tmp_path.iterdir()] == []


@contextlib.contextmanager
def locked(store: Path) -> Iterator[None]:
    """While this lasts, another process is writing."""
    program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('BEGIN EXCLUSIVE'); print(); input()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program, store], stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None and process.stdout.readline()
        yield
        process.communicate(b"\n")


def test_a_store_that_another_program_holds_locked(held: Path, folder: Path) -> None:
    before = content(held)
    (folder / "新.txt").write_text(filing("新馆"), "utf-8")
    patient = f"sqlite:///{held}?timeout=0.1"
    with locked(held):
        assert "占用" in told(2, "run", folder, "--store", patient)
        assert "locked" in told(2, "run", folder, "--store", patient, "--lang", "en")
        assert main(["batch", "status", "--store", str(held)]) == 0, "reading does not wait for a writer"
    assert content(held) == before
    audit(held, folder)
    assert stored(held) == 3


def test_a_store_locked_in_the_middle_of_a_run(held: Path, folder: Path) -> None:
    (folder / "a.txt").write_text(filing("新馆"), "utf-8")
    (folder / "b.txt").write_text(filing("旧馆"), "utf-8")
    with contextlib.ExitStack() as stack, Store(f"sqlite:///{held}?timeout=0.1") as opened:

        def before(path: str) -> None:
            if path == "b.txt":
                stack.enter_context(locked(held))

        with pytest.raises(StoreError) as failure:
            running.Run(opened, str(folder), Settings(), Inline(before), Unwatched())()
        assert failure.value.code == "locked"
        stack.close()
    assert stored(held) == 3
    audit(held, folder)
    assert stored(held) == 4


def test_a_full_disk_loses_nothing_and_the_run_goes_on_when_there_is_room(tmp_path: Path) -> None:
    folder, store = year(tmp_path / "year"), tmp_path / "audit.db"
    with Store(str(store)) as opened:

        @event.listens_for(opened.engine, "begin")
        def little(connection: Any) -> None:
            connection.exec_driver_sql("PRAGMA max_page_count = 120")

        opened._connection.exec_driver_sql("PRAGMA max_page_count = 120")
        opened._connection.rollback()
        with pytest.raises(StoreError) as failure:
            running.Run(opened, str(folder), Settings(), Inline(), Unwatched())()
    assert failure.value.code == "full"
    assert "磁盘空间不足" in failure.value.explain("zh") and "disk is full" in failure.value.explain("en")
    kept = stored(store)
    assert 0 < kept < 44
    audit(store, folder)
    audit(tmp_path / "fresh.db", folder)
    assert content(store) == content(tmp_path / "fresh.db")
    assert stored(store) == stored(tmp_path / "fresh.db")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 600 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    if shutil.which("mount") is None or subprocess.call(
        ["mount", "-t", "tmpfs", "-o", "size=600k,mode=777", "tmpfs", place], stderr=subprocess.DEVNULL
    ):
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.check_call(["umount", "-l", place])


def test_a_disk_that_really_is_full(tmp_path: Path, small_disk: Path) -> None:
    folder, store = year(tmp_path / "year"), small_disk / "audit.db"
    assert "磁盘空间不足" in told(3, "run", folder, "--store", store, "--jobs", "1", "-q")
    kept = stored(store)
    assert 0 < kept < 44
    subprocess.check_call(["mount", "-o", "remount,size=20m", small_disk])
    main(["batch", "resume", "--store", str(store), "--jobs", "1", "-q"])
    audit(tmp_path / "fresh.db", folder)
    assert content(store) == content(tmp_path / "fresh.db")


def test_two_runs_at_once_over_one_folder(tmp_path: Path) -> None:
    folder, store = year(tmp_path / "year"), tmp_path / "audit.db"
    both = [started("run", folder, "--store", store, "--jobs", "1") for _ in range(2)]
    for process in both:
        _, said = process.communicate()
        assert process.returncode == 1, said.decode()
    audit(tmp_path / "alone.db", folder)
    assert content(store) == content(tmp_path / "alone.db")
    assert rows(store, "SELECT DISTINCT state FROM runs") == [("finished",)]


def test_two_runs_at_once_over_two_folders(tmp_path: Path) -> None:
    store, folders = tmp_path / "audit.db", [year(tmp_path / "a"), year(tmp_path / "b", 30)]
    both = [started("run", folder, "--store", store, "--jobs", "1") for folder in folders]
    for process in both:
        _, said = process.communicate()
        assert process.returncode == 1, said.decode()
    for folder in folders:
        audit(tmp_path / "alone.db", folder)
    assert content(store) == content(tmp_path / "alone.db")


def test_migrations_make_the_schema(tmp_path: Path) -> None:
    engine = connect(str(tmp_path / "audit.db"), writing=True)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
    made = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(made)
    query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'index') AND name <> 'alembic_version' ORDER BY 1"
    found = [
        [name for (name,) in rows(tmp_path / store, query) if "alembic" not in name]
        for store in ("audit.db", "made.db")
    ]
    assert found[0] == found[1]
    made.dispose()
