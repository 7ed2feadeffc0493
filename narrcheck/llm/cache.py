"""Answers kept in an SQLite file, so that what was asked once is not asked again; it holds no key and no question."""

import hashlib
import json
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from narrcheck.advice import Usage
from narrcheck.llm.options import ModelOptions

_SCHEMA = """
create table if not exists answers (
  key text primary key, task text not null, model text not null, answer text not null,
  at text not null default current_timestamp
) without rowid
"""
_COSTS = """
create table if not exists costs (
  key text primary key, requests integer not null, sent integer not null, received integer not null,
  estimated integer not null, milliseconds integer not null
) without rowid
"""
_PUT = "insert or replace into answers (key, task, model, answer) values (?, ?, ?, ?)"
_PUT_COST = "insert or replace into costs values (?, ?, ?, ?, ?, ?)"
_GET_COST = "select requests, sent, received, estimated, milliseconds from costs where key = ?"
_BUSY_SECONDS = 5


def key_of(**asked: Any) -> str:
    """The key of a question: endpoint, model, mode, task, version, schema and messages, hashed."""
    text = json.dumps(asked, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Cache:
    """A file of answers by key. A file that cannot be used is done without: `broken` says why."""

    def __init__(self, path: Path | None) -> None:
        self.broken: str | None = None
        self._path = path
        self._connection: sqlite3.Connection | None = None
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.touch(mode=0o600)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            with suppress(sqlite3.OperationalError):  # where another run is about to do the same
                self._connection.execute("pragma journal_mode = wal")
            self._connection.execute("pragma synchronous = normal")
            self._connection.execute(_SCHEMA)
            self._connection.execute(_COSTS)
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)

    @classmethod
    def of(cls, options: ModelOptions) -> "Cache":
        """The cache that the settings ask for."""
        try:
            return cls(options.cache_file())
        except RuntimeError as error:  # no home folder, or of nobody
            cache = cls(None)
            cache.broken = str(error)
            return cache

    def get(self, key: str) -> str | None:
        """The answer to a question, as it came."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute("select answer from answers where key = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            self._give_up(error)
            return None
        return None if row is None else str(row[0])

    def cost(self, key: str) -> Usage | None:
        """What an answer cost when it was asked for; None where that was not kept."""
        row = None
        if self._connection is not None:
            with suppress(sqlite3.Error):
                row = self._connection.execute(_GET_COST, (key,)).fetchone()
        if row is None or not all(type(number) is int and number >= 0 for number in row):
            return None
        requests, sent, received, estimated, milliseconds = row
        return Usage(requests, 0, sent, received, estimated, milliseconds)

    def put(self, key: str, task: str, model: str, answer: str, cost: Usage) -> None:
        """Keep an answer and what it cost."""
        if self._connection is None:
            return
        costs = (cost.requests, cost.sent, cost.received, cost.estimated, cost.milliseconds)
        try:
            self._connection.execute(_PUT, (key, task, model, answer))
            self._connection.execute(_PUT_COST, (key, *costs))
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _give_up(self, error: Exception) -> None:
        self.broken = f"{self._path}: {error}"
        self.close()
