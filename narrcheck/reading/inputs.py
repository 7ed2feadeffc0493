"""From what the command line names to filings: files, folders, standard input; one bad input never stops the rest."""

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrcheck.catalogue import message
from narrcheck.filing import Filing, Problem, Skipped
from narrcheck.reading import ReadError, read_bytes

STANDARD_INPUT = "-"


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

    def data(self) -> bytes:
        """Its bytes. ReadError: path-not-found, cannot-read."""
        if self.location is None:
            return self.stdin
        try:
            return self.location.read_bytes()
        except (FileNotFoundError, NotADirectoryError, ValueError):
            raise ReadError("path-not-found", path=self.path) from None
        except OSError as error:
            raise ReadError("cannot-read", path=self.path, reason=error.strerror or type(error).__name__) from None


def collect(paths: Sequence[str], stdin: bytes | None = None) -> Iterator[Input]:
    """Every input behind `paths`, in the order given, a path given twice once; folders are walked in sorted order,
    hidden files left out.

    `stdin` holds what `-` stands for. Nothing is opened yet.
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
) -> Iterator[Filing | Problem | Skipped]:
    """The filings behind `paths`, one after another, with what failed or was skipped where it stood.

    A named input without a filing, and a folder without one, is a Problem; so is a file that cannot be opened. A file
    inside a folder that holds no filing is Skipped.
    """
    for path in _distinct(paths):
        held = 0
        for item in collect([path], stdin):
            if item.folder is not None and _is_reading_of_neighbour(item):
                yield Skipped(item.path, message("skipped.reading-beside", lang))
                continue
            try:
                filings = read_bytes(item.data(), item.path, extra_headings)
            except ReadError as error:
                yield _refused(item, error, lang)
                continue
            held += len(filings)
            yield from filings
        if not held and _is_folder(path):
            empty = ReadError("no-filing-in-folder", path=printable(path))
            yield Problem(printable(path), empty.code, empty.explain(lang))


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
    if location is None or not location.name.endswith((".parse.json", ".labels.json")):
        return False
    stem = location.name.rsplit(".", 2)[0]
    return any(not other.name.endswith(".json") for other in location.parent.glob(f"{glob.escape(stem)}.*"))


def _refused(item: Input, error: ReadError, lang: str) -> Problem | Skipped:
    reason = error.explain(lang)
    if item.named or error.code == "cannot-read":
        return Problem(item.path, error.code, reason)
    return Skipped(item.path, reason)


def _is_folder(path: str) -> bool:
    try:
        return path != STANDARD_INPUT and Path(path).is_dir()
    except (OSError, ValueError):
        return False


def _folder(path: str) -> Iterator[Input]:
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            location = Path(folder) / name
            if not name.startswith(".") and location.is_file():
                yield Input(printable(str(location)), location, printable(path))
