"""Labelled fixtures in folders: filings with `x.labels.json` and, where the reading is measured, `x.parse.json`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from narrcheck.evaluation.labels import ACROSS, SUFFIX, LabelError, Labels, read_json, read_labels

READING = ".parse.json"
_LEFT_BEHIND = frozenset([".bak", ".orig", ".swp", ".tmp", ".zip"])


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
    """The fixtures of one folder, and the labels across its filings, if there are any.

    `name` is unlike that of every other folder that is measured. `others` are files that nothing labels, unless labels
    across filings make them fixtures.
    """

    path: Path
    name: str
    fixtures: tuple[Fixture, ...]
    across: Labels | None = None
    others: tuple[Path, ...] = ()

    def named(self, file: Path) -> str:
        """The name of one of its files in results."""
        return f"{self.name}/{file.name}"

    def inputs(self) -> Iterator[Path]:
        """Every file that belongs to the fixtures."""
        for fixture in self.fixtures:
            yield from (*fixture.files, fixture.labels_path, fixture.labels_path.with_name(fixture.id + READING))
        yield self.path / (ACROSS + SUFFIX)
        if self.across is not None:
            yield from (path for path in self.path.iterdir() if path.is_file())


class FixtureError(Exception):
    """Fixtures that cannot be used: `key` names the sentence of the catalogue, `path` and `facts` fill it."""

    def __init__(self, key: str, path: Path, **facts: str) -> None:
        super().__init__(f"{path}: {key} {facts}")
        self.key, self.path, self.facts = key, path, facts


def find_folders(paths: Iterable[Path], suffix: str | None = None) -> tuple[Folder, ...]:
    """The fixtures of each folder; of a folder that holds only folders, those of each of these. `suffix` leaves only
    files of that ending. FixtureError."""
    found = [folder for path in paths for folder in _folders(path, suffix)]
    seen: dict[Path, Path] = {}
    for folder in found:
        place = folder.path.resolve()
        if place in seen:
            raise FixtureError("folder-twice", folder.path, other=str(seen[place]))
        seen[place] = folder.path
    names = _names(list(seen))
    return tuple(replace(folder, name=name) for folder, name in zip(found, names, strict=True))


def _names(places: list[Path]) -> list[str]:
    """The last part of each path, and as many before it as tell it from the others."""
    count = 1
    while len({place.parts[-count:] for place in places}) < len(places):
        count += 1
    return ["/".join(place.parts[-count:]) for place in places]


def _folders(path: Path, suffix: str | None) -> Iterator[Folder]:
    if not path.is_dir():
        raise FixtureError("not-a-folder" if path.exists() else "no-folder", path)
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
    others: list[Path] = []
    for name in names:
        stem = name.name.removesuffix(name.suffix)
        labelled = stem + SUFFIX in known or stem + READING in known
        if labelled and not _is_beside(name) and (suffix is None or name.suffix.lower() == suffix):
            filings.setdefault(stem, []).append(name)
        elif not labelled and name.is_file() and not name.name.endswith(SUFFIX):
            reading = name.name.endswith(READING) and name.name.removesuffix(READING) + SUFFIX in known
            others += [] if reading else [name]
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
    return Folder(path, path.name, fixtures, shared, () if shared is not None else tuple(others))


def _is_beside(path: Path) -> bool:
    """Whether a file is labels, a reading or a copy that an editor left, or no file at all."""
    return path.name.endswith((SUFFIX, READING)) or path.suffix.lower() in _LEFT_BEHIND or not path.is_file()


def _labels(path: Path) -> Labels:
    try:
        return read_labels(path)
    except LabelError as error:
        raise FixtureError(error.key, path, where=error.where, fact=error.fact) from None
    except OSError as error:
        raise FixtureError("unreadable", path, fact=error.strerror or str(error)) from None


def _reading(path: Path) -> Mapping[str, Any]:
    try:
        document = read_json(path)
    except LabelError as error:
        raise FixtureError(error.key, path, where=error.where, fact=error.fact) from None
    except OSError as error:
        raise FixtureError("unreadable", path, fact=error.strerror or str(error)) from None
    if not isinstance(document, dict):
        raise FixtureError("wrong-entry", path, where="—", fact="object")
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
