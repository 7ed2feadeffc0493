"""A store on PostgreSQL holds what one on SQLite holds, also where two write to it at once."""

import contextlib
import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from batching_helpers import (
    PATIENCE,
    Inline,
    Unwatched,
    audit,
    content,
    filing,
    kill_when,
    mixed,
    started,
    until,
    year,
)  # fmt: skip
from narrcheck.audit.connect import address, connect
from narrcheck.audit.run import Run
from narrcheck.audit.schema import metadata
from narrcheck.audit.store import Store
from narrcheck.cli import main
from narrcheck.settings import Settings

pytestmark = [pytest.mark.required, pytest.mark.xdist_group("postgres")]


def programs() -> Path | None:
    """Where Debian has the newest server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parent.parent.name))
    return found[-1].parent if found else None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server without its database: NARRCHECK_TEST_POSTGRES, or one of its own on a socket."""
    given = os.environ.get("NARRCHECK_TEST_POSTGRES")
    if given:
        yield given.rpartition("/")[0] + "/"
        return
    bin = programs()
    if bin is None:
        pytest.skip("no PostgreSQL here")
    place = Path("/tmp") / f"narrcheck-{uuid.uuid4().hex[:8]}"  # a socket's path must be short
    place.mkdir(mode=0o700)
    owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    try:
        if owner:
            shutil.chown(place, "postgres", "postgres")
        data = place / "data"
        initial = [*owner, bin / "initdb", "-D", data, "-U", "narrcheck", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*initial, "--locale=C.UTF-8"], check=True, capture_output=True, cwd=place)
        command = [*owner, bin / "postgres", "-D", data, "-k", place, "-c", "listen_addresses=", "-F"]
        with subprocess.Popen(command, cwd=place, stderr=subprocess.DEVNULL) as process:
            try:
                url = f"postgresql+psycopg://narrcheck@/%s?host={place}"
                assert until(lambda: reachable(url % "postgres"))
                yield url
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(PATIENCE)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def reachable(url: str) -> bool:
    engine = create_engine(url)
    try:
        engine.connect().close()
    except Exception:
        return False
    finally:
        engine.dispose()
    return True


@pytest.fixture
def database(server: str) -> Iterator[str]:
    """The address of an empty database."""
    name = f"audit_{uuid.uuid4().hex[:8]}"
    engine = create_engine(_of(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield _of(server, name)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def _of(server: str, name: str) -> str:
    return server % name if "%s" in server else server + name


def test_the_same_content_as_sqlite(tmp_path: Path, database: str) -> None:
    folder = mixed(tmp_path / "year")
    odd = filing("东\0河\U00020bb7泵站", said=36)
    (folder / "00 单.txt").write_text(odd, "utf-8")
    for store in (database, str(tmp_path / "audit.db")):
        audit(store, folder)
    assert content(database) == content(tmp_path / "audit.db")
    assert content(database)["across"] and content(database)["problems"]
    (folder / "00 单.txt").unlink()
    (folder / "examples" / "library.txt").write_text(filing(), "utf-8")
    for store in (database, str(tmp_path / "audit.db")):
        tally = audit(store, folder)
        assert (tally.checked, tally.gone) == (1, 1)
    assert content(database) == content(tmp_path / "audit.db")


def test_migrations_make_the_schema(database: str) -> None:
    engine = connect(database, writing=True)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_the_command_line_takes_it(tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "泵站.txt").write_text(filing(said=36), "utf-8")
    plain = database.replace("postgresql+psycopg", "postgresql")
    assert main(["batch", "run", str(tmp_path / "year"), "--store", plain, "--jobs", "1"]) == 1
    assert main(["batch", "status", "--store", plain, "--format", "json"]) == 0
    assert main(["batch", "resume", "--store", plain]) == 0
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("folders", [1, 2])
def test_two_runs_at_once(tmp_path: Path, database: str, folders: int) -> None:
    places = [year(tmp_path / name) for name in "ab"[:folders]]
    both = [started("run", place, "--store", database, "--jobs", "1") for place in (places * 2)[:2]]
    for process in both:
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1, said.decode()
    for place in places:
        audit(tmp_path / "alone.db", place)
    assert content(database) == content(tmp_path / "alone.db")


def test_killed_and_resumed(tmp_path: Path, database: str) -> None:
    folder = year(tmp_path / "year")
    connect(database, writing=True).dispose()
    process = started("run", folder, "--store", database, "--jobs", "2")
    assert kill_when(process, lambda: len(content(database)["files"]) > 9)
    process = started("resume", "--store", database, "--jobs", "2")
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    audit(tmp_path / "alone.db", folder)
    assert content(database) == content(tmp_path / "alone.db")


def test_a_server_that_goes_away_in_the_middle_loses_nothing(tmp_path: Path, database: str) -> None:
    folder = year(tmp_path / "year", 12)
    names = iter(range(12))

    def cut(path: str) -> None:
        if next(names) == 6:
            engine = create_engine(address(database), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                ours = "datname = current_database() AND pid <> pg_backend_pid()"
                connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}"))
            engine.dispose()

    with contextlib.suppress(Exception), Store(database) as opened:
        Run(opened, str(folder), Settings(), Inline(cut), Unwatched())()
    assert 0 < len(content(database)["files"]) < 12
    audit(database, folder)
    audit(tmp_path / "alone.db", folder)
    assert content(database) == content(tmp_path / "alone.db")


def test_a_database_that_holds_other_tables_too(tmp_path: Path, database: str) -> None:
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "泵站.txt").write_text(filing(), "utf-8")
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE readers (name TEXT)"))
    command = ["batch", "run", str(tmp_path / "year"), "--store", database, "--jobs", "1", "-q"]
    assert main(command) == 0
    with engine.begin() as connection:
        for name in (*reversed(metadata.sorted_tables), "alembic_version"):
            connection.execute(text(f"DROP TABLE {name} CASCADE"))
        connection.execute(text("CREATE TABLE filings (name TEXT)"))
    engine.dispose()
    assert main(command) == 2
