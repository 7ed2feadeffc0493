"""From what the command line names to filings: files, folders, zip files, standard input; one bad input never stops
the rest."""

import glob
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from narrcheck.catalogue import message
from narrcheck.filing import Filing, Problem, Skipped
from narrcheck.reading import ReadError, ReadingLimits, read_bytes
from narrcheck.reading.archive import READINGS, Account, Archive, RestUnread, is_passed_over
from narrcheck.reading.kinds import kind_of
from narrcheck.reading.limits import MEGABYTE

STANDARD_INPUT = "-"

Reader = Callable[[bytes, str], tuple[Filing, ...]]
"""From the bytes of one file and the path that names it to its filings; raises ReadError."""

Outcome = Filing | Problem | Skipped

_PACKED = b"PK"
_UNREAD = frozenset([
    "cannot-read", "damaged", "file-changing", "file-too-large", "needs-office", "office-failed", "password-protected",
    "path-not-found", "reader-failed", "scanned", "too-many-members", "too-many-pages", "too-slow", "unpacks-too-large",
    "unpacks-too-much", "unsafe-name", "unsafe-xml",
])  # fmt: skip
"""What may well be a filing and could not be read, and so is no file to be passed over."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file, or standard input. `path` is fit to print; `folder` is the named folder it was found in, if any."""

    path: str
    location: Path | None
    folder: str | None = None
    stdin: bytes = b""

    @property
    def named(self) -> bool:
        """The command line names it itself, so it must hold a filing."""
        return self.folder is None

    def data(self, limits: ReadingLimits | None = None) -> bytes:
        """Its bytes. ReadError: path-not-found, cannot-read, file-too-large (told by its size, before it is read)."""
        most = (limits or ReadingLimits()).file_mb
        try:
            size = self.location.stat().st_size if self.location else len(self.stdin)
            if size > most * MEGABYTE:
                raise ReadError("file-too-large", path=self.path, limit=most)
            return self.location.read_bytes() if self.location else self.stdin
        except (FileNotFoundError, NotADirectoryError, ValueError):
            raise ReadError("path-not-found", path=self.path) from None
        except OSError as error:
            raise ReadError("cannot-read", path=self.path, reason=error.strerror or type(error).__name__) from None


def walk(folder: str, unlisted: Callable[[OSError], None] | None = None) -> Iterator[tuple[str, list[str]]]:
    """Each folder below a folder, itself first, with the names of its files; all sorted, those nobody means left out.
    `unlisted` is told of folders that cannot be listed."""
    for place, folders, names in os.walk(folder, onerror=unlisted):
        folders[:] = sorted(name for name in folders if not is_passed_over(name))
        wanted = (name for name in sorted(names) if not is_passed_over(name))
        yield place, [name for name in wanted if os.path.isfile(f"{place}{os.sep}{name}")]


def collect(paths: Sequence[str], stdin: bytes | None = None) -> Iterator[Input]:
    """Every input behind `paths`, in the order given, a path given twice once; folders are walked in sorted order,
    hidden files and locks of open documents left out.

    `stdin` holds what `-` stands for. Nothing is opened yet; a zip file is one input.
    """
    for path in _distinct(paths):
        if path == STANDARD_INPUT:
            yield Input(STANDARD_INPUT, None, stdin=stdin or b"")
        elif _is_folder(path):
            yield from _folder(path)
        else:
            yield Input(printable(path), Path(path))


def read_paths(
    paths: Sequence[str],
    stdin: bytes | None = None,
    lang: str = "zh",
    extra_headings: Mapping[str, Any] | None = None,
    limits: ReadingLimits | None = None,
    reader: Reader | None = None,
) -> Iterator[Outcome]:
    """The filings behind `paths`, one after another, with what failed or was skipped where it stood.

    A named input without a filing is a Problem; so is, wherever it stands, a file that may well be a filing and cannot
    be read. Other files inside a folder or a zip file that hold no filing are Skipped. `reader` reads the single files
    in place of `read_bytes`.
    """
    limits = limits or ReadingLimits()
    reading = _Reading(lang, limits, reader or partial(read_bytes, extra_headings=extra_headings, limits=limits))
    for path in _distinct(paths):
        held = 0
        for item in collect([path], stdin):
            for outcome in reading.input(item):
                held += isinstance(outcome, Filing)
                yield outcome
        if not held and _is_folder(path):
            empty = ReadError("no-filing-in-folder", path=printable(path))
            yield Problem(printable(path), empty.code, empty.explain(lang))


def read_data(item: Input, data: bytes, lang: str, limits: ReadingLimits, reader: Reader) -> Iterator[Outcome]:
    """The filings in the bytes of one input, with what failed or was skipped, as `read_paths` gives them."""
    return _Reading(lang, limits, reader).input(item, data)


def refused(path: str, error: ReadError, lang: str, named: bool = False) -> Problem | Skipped:
    """What is reported of an input that could not be read: an error where it is named or may well be a filing."""
    reason = error.explain(lang)
    return Problem(path, error.code, reason) if named or error.code in _UNREAD else Skipped(path, reason)


class _Reading:
    """Reads inputs; zip files member by member, nothing of them being written anywhere."""

    def __init__(self, lang: str, limits: ReadingLimits, reader: Reader) -> None:
        self.lang, self.limits, self.reader = lang, limits, reader

    def input(self, item: Input, data: bytes | None = None) -> Iterator[Outcome]:
        """What one input holds; `data` are its bytes where they have been read."""
        if item.folder is not None and _is_reading_of_neighbour(item):
            yield self._beside(item.path)
            return
        try:
            data = item.data(self.limits) if data is None else data
        except ReadError as error:
            yield self._refused(item.path, error, item.named)
            return
        yield from self._data(data, item.path, item.named)

    def _data(
        self, data: bytes, path: str, named: bool, depth: int = 1, account: Account | None = None
    ) -> Iterator[Outcome]:
        """What the bytes of one file hold; `depth` counts the archives it stands in, and itself."""
        try:
            if data.startswith(_PACKED) and kind_of(data, path, self.limits) == "zip":
                if depth > self.limits.depth:
                    raise ReadError("zip-inside", path=path)
                archive = Archive(data, path, self.limits, account)
            else:
                archive = None
                filings = self.reader(data, path)
        except ReadError as error:
            yield self._refused(path, error, named)
            return
        if archive is None:
            yield from filings
            return
        held = told = 0
        for outcome in self._members(archive, depth):
            held += isinstance(outcome, Filing)
            told += 1
            yield outcome
        if not told or (named and not held):
            yield self._without_filing(path, named)

    def _members(self, archive: Archive, depth: int) -> Iterator[Outcome]:
        for member in archive:
            if member.is_reading_of_neighbour:
                yield self._beside(member.path)
                continue
            try:
                data = member.data()
            except RestUnread as error:
                yield Problem(archive.path, error.code, error.explain(self.lang))
                return
            except ReadError as error:
                yield self._refused(member.path, error, named=False)
                continue
            yield from self._data(data, member.path, False, depth + 1, archive.account)

    def _refused(self, path: str, error: ReadError, named: bool) -> Problem | Skipped:
        return refused(path, error, self.lang, named)

    def _beside(self, path: str) -> Skipped:
        return Skipped(path, message("skipped.reading-beside", self.lang, path=path))

    def _without_filing(self, path: str, named: bool) -> Problem | Skipped:
        reason = message("error.no-filing-in-zip", self.lang, path=path)
        return Problem(path, "no-filing-in-folder", reason) if named else Skipped(path, reason)


def _distinct(paths: Sequence[str]) -> list[str]:
    """The paths without those that repeat one before them (a.txt, ./a.txt)."""
    found: dict[Path, str] = {}
    for path in paths:
        found.setdefault(Path(path), path)
    return list(found.values())


def printable(path: str) -> str:
    """The path as it can be printed and stored: bytes that are not UTF-8 become marks of replacement."""
    return os.fsencode(path).decode("utf-8", "replace") if not path.isascii() else path


def _is_reading_of_neighbour(item: Input) -> bool:
    """x.parse.json (or x.labels.json) beside x.txt: the same filing, kept there to measure the reading by."""
    location = item.location
    if location is None or not location.name.endswith(READINGS):
        return False
    stem = location.name.rsplit(".", 2)[0]
    return any(not other.name.endswith(".json") for other in location.parent.glob(f"{glob.escape(stem)}.*"))


def _is_folder(path: str) -> bool:
    try:
        return path != STANDARD_INPUT and Path(path).is_dir()
    except (OSError, ValueError):
        return False


def _folder(path: str) -> Iterator[Input]:
    for place, names in walk(path):
        for name in names:
            location = Path(place) / name
            yield Input(printable(str(location)), location, printable(path))
