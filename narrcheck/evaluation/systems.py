"""What is measured: narrcheck as it is set, or what some version of it has written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from narrcheck import __version__, pipeline
from narrcheck.advice import ModelUse
from narrcheck.evaluation.matching import Answer
from narrcheck.evaluation.result import Cost, System
from narrcheck.evaluation.saved import Output, SavedError, SavedFiling, read_output
from narrcheck.evaluation.tails import names, pair
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


@dataclass(slots=True)
class _File:
    """What saved outputs hold about one path: its filings as checked and as read, why it was not read, and which
    outputs these are."""

    outputs: list[Path] = field(default_factory=list)
    checked: list[SavedFiling] = field(default_factory=list)
    read: list[SavedFiling] = field(default_factory=list)
    error: str | None = None


class Saved:
    """What `check --format json` wrote, by this version or another, and what `parse --format json` did, where given.

    A measured file has the filings whose path ends as its own does (`narrcheck.evaluation.tails`), and of these the
    first one counts. Files without a saved reading are read now, to name the rows that claims are linked to; that
    reading is not measured. SavedError, OSError.
    """

    def __init__(self, paths: Sequence[Path], settings: Settings) -> None:
        self._settings = settings
        self._paths = list(paths)
        self._files: dict[tuple[str, ...], _File] = {}
        outputs = [read_output(path) for path in paths]
        for path, output in zip(paths, outputs, strict=True):
            self._take(path, output)
        checks = [output for output in outputs if any(one.findings is not None for one in output.filings)]
        self._head = (checks or outputs or [Output(filings=[])])[0]
        self._are_read = any(file.read for file in self._files.values())
        self._are_checked = bool(checks) or not self._are_read

    def _take(self, path: Path, output: Output) -> None:
        for one in output.filings:
            file = self._files.setdefault(names(one.source.path), _File())
            file.outputs.append(path)
            (file.read if one.findings is None else file.checked).append(one)
        for problem in output.errors:
            file = self._files.setdefault(names(problem.path), _File())
            file.error = file.error or problem.message or problem.code

    def answers(self, files: Sequence[Path]) -> Mapping[Path, Answered]:
        """The answers about the files. SavedError: of none of them, or of one twice."""
        known = self._known(files)
        if files and not known:
            raise SavedError(self._paths[0], key="none-in-saved")
        rows = self._rows([file for file, saved in known.items() if saved.checked and not saved.read])
        return {file: self._answered(file, known.get(file, _File()), rows.get(str(file))) for file in files}

    def _known(self, files: Sequence[Path]) -> dict[Path, _File]:
        """What is saved about each of the files; nothing about those that none or several saved paths fit."""
        saved = list(self._files)
        found = pair([names(str(file.absolute())) for file in files], saved)
        for at, others in found.contested.items():
            outputs = [path for other in others for path in self._files[saved[other]].outputs]
            raise SavedError((outputs or self._paths)[-1], str(files[at]), "saved-twice")
        return {files[at]: self._files[saved[other]] for at, other in sorted(found.pairs.items())}

    def _answered(self, file: Path, saved: _File, rows: Answer | None) -> Answered:
        checked, read = _first(file, saved, saved.checked), _first(file, saved, saved.read)
        reading = read if read is not None or not self._are_read else {}
        if checked is None:
            error = None if read is not None and not self._are_checked else saved.error or "not-in-saved"
            return Answered(reading, {} if self._are_checked else None, error, len(saved.read))
        if rows is not None:
            checked["rows"] = rows["indicators"]
        return Answered(reading, checked, None, len(saved.checked))

    def _rows(self, files: Sequence[Path]) -> dict[str, Answer]:
        filings = pipeline.read_all([str(file) for file in files], self._settings)[0] if files else ()
        return {filing.source.path: filing_to_json(filing) for filing in filings if filing.source.index == 1}

    @property
    def system(self) -> System:
        head = self._head
        name = ", ".join(path.name for path in self._paths)
        return System(name=name, version=head.version, mode=head.mode, profile=head.profile)

    @property
    def cost(self) -> Cost | None:
        return None


def _first(file: Path, saved: _File, filings: Sequence[SavedFiling]) -> dict[str, Any] | None:
    """The first of these filings of a file. SavedError where two have one place."""
    ordered = sorted(filings, key=lambda one: one.source.index)
    if any(one.source.index == other.source.index for one, other in pairwise(ordered)):
        raise SavedError(saved.outputs[-1], str(file), "saved-twice")
    return ordered[0].model_dump() if ordered else None
