"""Labelled fixtures in folders: filings with `x.labels.json` and, where the reading is measured, `x.parse.json`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrcheck.evaluation.labels import ACROSS, SUFFIX, LabelError, Labels, read_labels

READING = ".parse.json"


@dataclass(frozen=True, slots=True)
class Fixture:
    """One filing: its files in one or several formats, its labels, and the reading that a person makes of it."""

    id: str
    files: tuple[Path, ...]
    labels: Labels | None
    reading: Mapping[str, Any] | None

    @property
    def labels_path(self) -> Path:
        return self.files[0].with_name(self.id + SUFFIX)


@dataclass(frozen=True, slots=True)
class Folder:
    """The fixtures of one folder, and the labels across its filings, if there are any."""

    path: Path
    fixtures: tuple[Fixture, ...]
    across: Labels | None = None


class FixtureError(Exception):
    """Fixtures that cannot be used: `key` names the sentence of the catalogue, `path` and `facts` fill it."""

    def __init__(self, key: str, path: Path, **facts: str) -> None:
        super().__init__(f"{path}: {key} {facts}")
        self.key, self.path, self.facts = key, path, facts


def find_folders(paths: Iterable[Path], suffix: str | None = None) -> tuple[Folder, ...]:
    """The fixtures of each folder; of a folder that holds only folders, those of each of these. `suffix` leaves only
    files of that ending. FixtureError."""
    return tuple(folder for path in paths for folder in _folders(path, suffix))


def _folders(path: Path, suffix: str | None) -> Iterator[Folder]:
    if not path.is_dir():
        raise FixtureError("no-folder", path)
    names = sorted(path.iterdir())
    if any(name.name.endswith((SUFFIX, READING)) for name in names):
        yield _folder(path, names, suffix)
        return
    below = [name for name in names if name.is_dir() and any(name.glob(f"*{SUFFIX}"))]
    if not below:
        raise FixtureError("empty-folder", path)
    for name in below:
        yield _folder(name, sorted(name.iterdir()), suffix)


def _folder(path: Path, names: list[Path], suffix: str | None) -> Folder:
    known = {name.name for name in names}
    filings: dict[str, list[Path]] = {}
    for name in names:
        stem = name.name.removesuffix(name.suffix)
        labelled = stem + SUFFIX in known or stem + READING in known
        if labelled and not _is_beside(name) and (suffix is None or name.suffix.lower() == suffix):
            filings.setdefault(stem, []).append(name)
    for name in names:
        stem = name.name.removesuffix(SUFFIX)
        if stem != name.name and stem not in (*filings, ACROSS) and suffix is None:
            raise FixtureError("no-filing", name)
    across = path / (ACROSS + SUFFIX)
    shared = _labels(across) if across.name in known else None
    fixtures = tuple(
        Fixture(
            stem,
            tuple(files),
            _labels(path / (stem + SUFFIX)) if stem + SUFFIX in known else None,
            _reading(path / (stem + READING)) if stem + READING in known else None,
        )
        for stem, files in sorted(filings.items())
    )
    if not fixtures and shared is None:
        raise FixtureError("empty-folder", path)
    _check_ids(fixtures)
    return Folder(path, fixtures, shared)


def _is_beside(path: Path) -> bool:
    """Whether a file is labels or a reading, or no file at all."""
    return path.name.endswith((SUFFIX, READING)) or not path.is_file()


def _labels(path: Path) -> Labels:
    try:
        return read_labels(path)
    except LabelError as error:
        raise FixtureError(error.key, path, where=error.where, fact=error.fact) from None
    except OSError as error:
        raise FixtureError("unreadable", path, fact=error.strerror or str(error)) from None


def _reading(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise FixtureError("not-json", path, where="", fact=str(error)) from None
    except OSError as error:
        raise FixtureError("unreadable", path, fact=error.strerror or str(error)) from None
    if not isinstance(document, dict):
        raise FixtureError("wrong-entry", path, where="", fact="object")
    return document


def _check_ids(fixtures: Iterable[Fixture]) -> None:
    """FixtureError where two filings of a folder have one id."""
    known: dict[str, Path] = {}
    for fixture in fixtures:
        if fixture.labels is None:
            continue
        other = known.setdefault(fixture.labels.id, fixture.labels_path)
        if other != fixture.labels_path:
            raise FixtureError("same-id", fixture.labels_path, other=str(other), id=fixture.labels.id)
