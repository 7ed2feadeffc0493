"""The texts of fixtures, so that a report can show a quote in its place."""

from collections.abc import Mapping, Sequence
from typing import Any

from narrcheck import pipeline
from narrcheck.evaluation.fixtures import Fixture, Folder
from narrcheck.reports.json import filing_to_json
from narrcheck.settings import Settings

_CELLS = ("target", "actual", "note")


class Texts:
    """The texts of each file by field (`goal`, `narrative`, `note:<row name>`, `funds:<label>` …), read when they are
    asked for."""

    def __init__(self, folders: Sequence[Folder], settings: Settings) -> None:
        self._settings = settings
        self._fixtures: dict[str, Fixture] = {}
        self._known: dict[str, Mapping[str, str]] = {}
        for folder in folders:
            for fixture in folder.fixtures:
                for file in fixture.files:
                    self._fixtures[folder.named(file)] = fixture

    def __call__(self, file: str) -> Mapping[str, str] | None:
        """The texts of a file as the evaluation names it; None where it is not known."""
        fixture = self._fixtures.get(file)
        if fixture is None:
            return None
        if file not in self._known:
            self._known[file] = _texts(fixture.reading or self._read(fixture))
        return self._known[file]

    def _read(self, fixture: Fixture) -> Mapping[str, Any]:
        filings, _, _ = pipeline.read_all([str(fixture.files[0])], self._settings)
        return filing_to_json(filings[0]) if filings else {}


def _texts(reading: Mapping[str, Any]) -> dict[str, str]:
    found = {field: str(reading[field]) for field in ("goal", "narrative") if reading.get(field)}
    for row in reading.get("funds") or ():
        cells = (row.get("raw") or row).values()
        found.setdefault(f"funds:{row.get('label')}", " ".join(str(cell) for cell in cells if isinstance(cell, str)))
    for row in reading.get("indicators") or ():
        found.setdefault(f"name:{row.get('name')}", str(row.get("name") or ""))
        for field in _CELLS:
            cell = row.get(field)
            told = cell.get("raw") if isinstance(cell, Mapping) else cell
            if told:
                found.setdefault(f"{field}:{row.get('name')}", str(told))
    return found
