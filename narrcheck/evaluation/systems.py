"""What is measured: narrcheck as it is set, or what some version of it has written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from narrcheck import __version__, pipeline
from narrcheck.advice import ModelUse
from narrcheck.evaluation.matching import Answer
from narrcheck.evaluation.result import Cost, System
from narrcheck.filing import Checked
from narrcheck.reports.json import checked_to_json, filing_to_json
from narrcheck.settings import Settings


@dataclass(frozen=True, slots=True)
class Answered:
    """A system's answers about the first filing of a file: `reading` as `parse` prints it, `checked` as `check` does;
    None for what it does not give. `error` says why the file was not read, `filings` how many it holds."""

    reading: Answer | None = None
    checked: Answer | None = None
    error: str | None = None
    filings: int = 1


class Measured(Protocol):
    """A system: its answers about files, what it is, and what asking cost (after the answers)."""

    def answers(self, files: Sequence[Path]) -> Mapping[Path, Answered]: ...

    @property
    def system(self) -> System: ...

    @property
    def cost(self) -> Cost | None: ...


class Live:
    """narrcheck of this version with these settings."""

    def __init__(self, settings: Settings, name: str | None = None) -> None:
        self._settings = settings
        self._name = name or settings.model_use
        self._model: ModelUse | None = None

    def answers(self, files: Sequence[Path]) -> Mapping[Path, Answered]:
        report = pipeline.run([str(file) for file in files], self._settings)
        self._model = report.model
        read: dict[str, list[Checked]] = {}
        for checked in report.filings:
            read.setdefault(checked.filing.source.path, []).append(checked)
        failed = {problem.path: problem.message for problem in report.errors}
        return {file: self._answered(read.get(str(file), []), failed.get(str(file))) for file in files}

    def _answered(self, found: Sequence[Checked], error: str | None) -> Answered:
        if not found:
            return Answered({}, {}, error or "no-filing-found", 0)
        first, lang = found[0], self._settings.lang
        return Answered(filing_to_json(first.filing, lang), checked_to_json(first, lang), None, len(found))

    @property
    def system(self) -> System:
        settings, model = self._settings, self._model
        return System(
            name=self._name if self._name != "off" else "offline",
            version=__version__,
            mode="offline" if model is None else "llm",
            profile=settings.profile,
            selection=pipeline.selection(settings),
            model=None if model is None else f"{model.model} ({model.use})",
        )

    @property
    def cost(self) -> Cost | None:
        return None if self._model is None else cost_of(self._model)


def cost_of(model: ModelUse) -> Cost:
    """What a run cost."""
    usage, cost = model.usage, model.cost
    return Cost(
        requests=usage.requests,
        cached=usage.cached,
        sent=usage.sent,
        received=usage.received,
        seconds=usage.seconds,
        money=None if cost is None else format(cost, "f"),
        currency=None if model.price is None else model.price.currency,
        unknown=model.not_recorded,
    )


class SavedError(ValueError):
    """A file is no output of `check` or `parse`; `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


class Saved:
    """What `check --format json` wrote, by this version or another, and what `parse --format json` did, where given.

    Filings are known by the names of their files. Without a saved reading the files are read now, to name the rows that
    claims are linked to; the reading is then not measured.
    """

    def __init__(self, paths: Sequence[Path], settings: Settings) -> None:
        self._settings = settings
        self._name = ", ".join(path.name for path in paths)
        self._head: Mapping[str, Any] = {}
        self._checked: dict[str, list[Answer]] = {}
        self._read: dict[str, list[Answer]] = {}
        self._errors: dict[str, str] = {}
        for path in paths:
            self._take(path)

    def _take(self, path: Path) -> None:
        document = _document(path)
        for one in document["filings"]:
            name = Path(str(one["source"]["path"])).name
            if "findings" in one:
                self._head = document
                self._checked.setdefault(name, []).append(one)
            else:
                self._read.setdefault(name, []).append(one)
        for error in document.get("errors", []):
            self._errors[Path(str(error["path"])).name] = str(error.get("message", error.get("code")))

    def answers(self, files: Sequence[Path]) -> Mapping[Path, Answered]:
        rows = {} if self._read else self._rows(files)
        return {file: self._answered(file, rows) for file in files}

    def _answered(self, file: Path, rows: Mapping[str, Answer]) -> Answered:
        checked, read = self._checked.get(file.name, []), self._read.get(file.name, [])
        if not checked:
            return Answered({} if self._read else None, {}, self._errors.get(file.name, "not-in-saved"), 0)
        first: dict[str, Any] = dict(checked[0])
        if not read and file.name in rows:
            first["rows"] = rows[file.name]["indicators"]
        return Answered(read[0] if read else None, first, None, len(checked))

    def _rows(self, files: Sequence[Path]) -> dict[str, Answer]:
        filings, _, _ = pipeline.read_all([str(file) for file in files], self._settings)
        return {Path(filing.source.path).name: filing_to_json(filing) for filing in filings if filing.source.index == 1}

    @property
    def system(self) -> System:
        head = self._head
        mode, profile = str(head.get("mode", "offline")), str(head.get("profile", ""))
        return System(name=self._name, version=str(head.get("version", "")), mode=mode, profile=profile)

    @property
    def cost(self) -> Cost | None:
        return None


def _document(path: Path) -> dict[str, Any]:
    """A saved output. SavedError, OSError."""
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise SavedError(path, str(error)) from None
    filings = document.get("filings") if isinstance(document, dict) else None
    if not isinstance(filings, list) or not all(_is_filing(one) for one in filings):
        raise SavedError(path, "filings[].source.path, filings[].findings")
    return dict(document)


def _is_filing(one: object) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("source"), dict) or "path" not in one["source"]:
        return False
    checked = isinstance(one.get("findings"), list) and isinstance(one.get("claims"), list)
    return checked or isinstance(one.get("indicators"), list)
