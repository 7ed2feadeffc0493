"""The work on one file: its bytes read, its filings checked, all of it turned into rows. Runs in the workers."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import sleep

from narrcheck import pipeline
from narrcheck.audit import paths
from narrcheck.audit.pool import Alive, Failure
from narrcheck.audit.records import filing_rows
from narrcheck.audit.rows import FileRows, FilingRows, problem_row
from narrcheck.catalogue import message
from narrcheck.filing import Checked, Filing, Problem, Skipped
from narrcheck.pipeline import Prepared
from narrcheck.reading import ReadError
from narrcheck.reading.guard import Guard
from narrcheck.reading.inputs import Input, printable, read_data, refused
from narrcheck.settings import Settings

PASSING = frozenset([
    "cannot-read", "file-changing", "needs-office", "office-failed", "out-of-memory", "path-not-found", "reader-failed",
    "too-slow", "unfit-node", "worker-died", "worker-failed",
])  # fmt: skip
"""What may go otherwise another time although the file is the same."""

_LOOKS = 5
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class FileWork:
    """One file with all that it holds, in order, before a language model is asked."""

    path: str
    shown: str
    sha256: str | None
    size: int | None
    modified: int | None
    items: tuple[Prepared | Problem | Skipped, ...]


@dataclass(frozen=True, slots=True)
class Worker:
    """What a worker is given: the folder as named, and the settings. `asked`: a model will be asked afterwards, so the
    result is a FileWork; otherwise FileRows."""

    folder: str
    settings: Settings
    asked: bool = False

    def __call__(self) -> Callable[[str, Alive], FileWork | FileRows]:
        """What checks one file after the other; called once in each worker."""
        guard = Guard(self.settings.reading, self.settings.extra_headings)
        return partial(self._file, guard)

    def _file(self, guard: Guard, path: str, alive: Alive) -> FileWork | FileRows:
        work = read_file(self.folder, path, self.settings, guard, alive)
        return work if self.asked else rows_of(work, self.settings)


def read_file(folder: str, path: str, settings: Settings, guard: Guard, alive: Alive) -> FileWork:
    """The filings of a file with their claims, and what of it could not be read."""
    place = paths.location(folder, path)
    item = Input(printable(str(place)), place, printable(folder))
    try:
        data, status = _steady(item, settings)
    except ReadError as error:
        problem = refused(item.path, error, settings.lang)
        return FileWork(path, item.path, None, None, None, (problem,))
    items: list[Prepared | Problem | Skipped] = []
    for outcome in read_data(item, data, settings.lang, settings.reading, guard.read):
        items.append(pipeline.prepare(outcome, settings) if isinstance(outcome, Filing) else outcome)
        alive()
    digest = hashlib.sha256(data).hexdigest()
    return FileWork(path, item.path, digest, len(data), status.st_mtime_ns, tuple(items))


def rows_of(work: FileWork, settings: Settings) -> FileRows:
    """The rows of a file that no model is asked about."""
    return file_rows(
        work, settings, [pipeline.conclude(item, settings) for item in work.items if isinstance(item, Prepared)]
    )


def file_rows(work: FileWork, settings: Settings, checked: list[Checked]) -> FileRows:
    """The rows of a file whose filings have been checked."""
    if settings.mask == "yes":
        checked = [pipeline.masked_check(item) for item in checked]
    filings = tuple(filing_rows(item, work.shown, settings.lang) for item in checked)
    problems = [item for item in work.items if not isinstance(item, Prepared)]
    return _rows(work, filings, problems)


def _rows(work: FileWork, filings: tuple[FilingRows, ...], problems: list[Problem | Skipped]) -> FileRows:
    unread = [item for item in problems if isinstance(item, Problem)]
    state = "read" if filings else "unread" if unread else "skipped"
    passing = any(item.code in PASSING for item in unread)
    rows = tuple(map(problem_row, problems))
    return FileRows(work.path, state, passing, work.sha256, work.size, work.modified, filings, rows)


def failed(folder: str, path: str, failure: Failure, lang: str) -> FileRows:
    """The rows of a file that the worker could not finish."""
    shown = printable(str(paths.location(folder, path)))
    text = message(f"batch.error.{failure.code}", lang, path=shown, reason=failure.reason)
    problem = Problem(shown, failure.code, text)
    return FileRows(path, "unread", True, None, None, None, (), (problem_row(problem),))


def _steady(item: Input, settings: Settings) -> tuple[bytes, os.stat_result]:
    """The bytes of a file that nobody wrote to meanwhile. ReadError: file-changing, and those of Input.data."""
    assert item.location is not None
    for look in range(_LOOKS):
        before = _status(item)
        data = item.data(settings.reading)
        if before is not None and _same(before, _status(item)) and len(data) == before.st_size:
            return data, before
        if look < _LOOKS - 1:
            sleep(_PAUSE * (1 + look))
    raise ReadError("file-changing", path=item.path)


def _status(item: Input) -> os.stat_result | None:
    try:
        return item.location.stat() if item.location else None
    except (OSError, ValueError):
        return None


def _same(one: os.stat_result, other: os.stat_result | None) -> bool:
    return other is not None and (one.st_size, one.st_mtime_ns, one.st_ino) == (
        other.st_size,
        other.st_mtime_ns,
        other.st_ino,
    )
