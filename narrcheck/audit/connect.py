"""Opening a store: its address, its driver, its version, and what is told when one of them is wrong."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from narrcheck.audit.errors import StoreError
from narrcheck.audit.schema import HEAD, metadata
from narrcheck.batching import without_password

READS = "narrcheck_reads"
"""The execution option of a connection that only reads."""
_DIALECTS = ("sqlite", "postgresql")
_BUSY_SECONDS = 60
_LOG_PAGES = 8000  # of 4 KB, that are written to the log before they are folded into the file
_MIGRATION_LOCK = 7306927  # any number, the same for every narrcheck
_MIGRATIONS = Path(__file__).with_name("migrations")


def address(store: str) -> URL:
    """The address behind --store: an URL of SQLAlchemy, or a file of SQLite. StoreError: bad-address."""
    try:
        url = make_url(store) if "://" in store else URL.create("sqlite", database=store)
    except (ArgumentError, ValueError):  # a port that is no number
        raise StoreError("bad-address", store=without_password(store, broken=True)) from None
    kind = url.get_backend_name()
    passing = kind == "sqlite" and url.database in (None, "", ":memory:")
    if kind not in _DIALECTS or passing or "@" in (url.host or ""):  # of a password that is not escaped
        raise StoreError("bad-address", store=without_password(store))
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def shown(url: URL) -> str:
    """The address for people, without a password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    return without_password(url.render_as_string(hide_password=True))


def own_files(url: URL) -> tuple[str, ...]:
    """The real paths of the files that SQLite keeps a store in."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return ()
    path = os.path.realpath(url.database)
    return tuple(path + end for end in ("", "-wal", "-shm", "-journal"))


def connect(store: str, writing: bool, busy_seconds: float = _BUSY_SECONDS) -> Engine:
    """The store at an address, of this version: made where it is missing and `writing`, migrated where it is older.

    A busy store of SQLite is waited for `busy_seconds`, or as its address says (?timeout=5). StoreError, where it
    cannot be used.
    """
    url = address(store)
    if url.get_backend_name() == "sqlite" and not writing and not Path(url.database or "").exists():
        raise StoreError("missing", store=shown(url))
    engine = _engine(url, writing, busy_seconds)
    try:
        with explained(engine):
            _bring_up(engine, writing)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextlib.contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """What the database says, to SQLAlchemy or its driver, as a StoreError; DataError, where it is the fault of a value
    and not of the store."""
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except DataError:
        raise
    except driver.DataError as error:
        raise DataError(None, None, error) from error
    except (DBAPIError, driver.Error) as error:
        told = error.orig or error if isinstance(error, DBAPIError) else error
        raise StoreError(_code(told), store=shown(engine.url), reason=_reason(told)) from error
    except (SQLAlchemyError, OSError) as error:
        raise StoreError("failed", store=shown(engine.url), reason=str(error)) from error


def _engine(url: URL, writing: bool, busy_seconds: float) -> Engine:
    try:
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True)
        url = _readable(url) if not writing else url
        engine = create_engine(url, connect_args={} if "timeout" in url.query else {"timeout": busy_seconds})
    except (ImportError, NoSuchModuleError):
        raise StoreError("no-driver", store=shown(url)) from None

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # transactions begin below, not by the driver's own rules
        connection.execute("PRAGMA foreign_keys=ON")
        if writing:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads before it writes must not find that another has written in between.
        reads = not writing or connection.get_execution_options().get(READS)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _readable(url: URL) -> URL:
    """The address of a file that may lie where nothing can be written, which SQLite must be told."""
    path = Path(url.database or "").absolute()
    if os.access(path.parent, os.W_OK) and os.access(path, os.W_OK):
        return url
    return URL.create("sqlite", database=path.as_uri(), query={"immutable": "1", "uri": "true"})


def _bring_up(engine: Engine, writing: bool) -> None:
    """Make the tables or migrate them. StoreError: newer, older, no-store (a database that holds something else)."""
    with engine.connect() as connection:
        version = _version(connection)
        if version == HEAD:
            if writing and engine.dialect.name == "sqlite":  # only a write tells that a file may not be written
                connection.exec_driver_sql("PRAGMA user_version = 0")
            return
        if version not in (None, *_known()):
            code = "newer" if inspect(connection).has_table("filings") else "no-store"
            raise StoreError(code, store=shown(engine.url), version=version)
        if version is None and _holds_something_else(connection) and _version(connection) is None:  # not made just now
            raise StoreError("no-store", store=shown(engine.url))
        if not writing:
            raise StoreError("missing" if version is None else "older", store=shown(engine.url))
    _migrate(engine)


def _holds_something_else(connection: Connection) -> bool:
    """Whether tables stand where a store is to be made; a server's database may hold some under other names."""
    names = set(inspect(connection).get_table_names())
    return bool(names if connection.dialect.name == "sqlite" else names & set(metadata.tables))


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return version


def _known() -> list[str]:
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()]


def _migrate(engine: Engine) -> None:
    """Bring the store to HEAD in one transaction; of two that try at once, the second finds it done."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        if _version(connection) != HEAD:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _code(error: BaseException) -> str:
    """Which of our sentences fits what the driver says."""
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "")
        return next((code for start, code in _SQLITE.items() if name.startswith(start)), "failed")
    state = getattr(error, "sqlstate", None)
    if state is None:
        return "unreachable"
    return next((code for start, code in _POSTGRESQL.items() if state.startswith(start)), "failed")


_SQLITE = {
    "SQLITE_FULL": "full",
    "SQLITE_READONLY": "read-only",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_CANTOPEN": "cannot-open",
    "SQLITE_NOTADB": "no-store",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_IOERR": "io",
    "SQLITE_PERM": "read-only",
}
_POSTGRESQL = {
    "53100": "full",
    "25006": "read-only",
    "42501": "read-only",
    "55P03": "locked",
    "40P01": "locked",
    "08": "unreachable",
    "28": "unreachable",
    "3D": "unreachable",
    "57P": "unreachable",
}


def _reason(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
