"""A run over a folder: what is new or changed is checked and stored, file by file, then the rules across filings."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.exc import DataError

from narrcheck.advice import ModelUse
from narrcheck.audit import paths
from narrcheck.audit.engines import Engine
from narrcheck.audit.errors import StoreError
from narrcheck.audit.facts import compared
from narrcheck.audit.rows import FileRows, problem_row, storable
from narrcheck.audit.stamp import stamp
from narrcheck.audit.store import Known, Store, now
from narrcheck.catalogue import message
from narrcheck.filing import Problem
from narrcheck.reading.inputs import printable
from narrcheck.reports.model import use_to_json
from narrcheck.settings import Settings

if TYPE_CHECKING:
    from narrcheck.llm.runner import Adviser

_CHUNK, _AT_ONCE = 500, 100_000
_PASSES = 5


class Watch(Protocol):
    """Whoever is told how a run goes."""

    def listed(self, files: int) -> None:
        """So many files are to be looked at, in all."""

    def unchanged(self) -> None:
        """A file is as the store has it."""

    def done(self, rows: FileRows) -> None:
        """A file has been worked on and stored."""

    def comparing(self) -> None:
        """All files are done; the filings are compared with each other."""


@dataclass(slots=True)
class Tally:
    """What a run did: files listed, worked on, unchanged, gone since; `growing`, where files kept coming to its end."""

    listed: int = 0
    checked: int = 0
    unchanged: int = 0
    gone: int = 0
    growing: bool = False
    model: ModelUse | None = None


@dataclass
class Run:
    """One run: `options` are kept with it, for `batch resume`; `again` checks what is unchanged too, `only` restricts
    it to these files."""

    store: Store
    folder: str
    settings: Settings
    engine: Engine
    watch: Watch
    options: Mapping[str, Any] = field(default_factory=dict)
    again: bool = False
    only: Sequence[str] | None = None
    tally: Tally = field(default_factory=Tally)
    _started: int = 0
    _adviser: "Adviser | None" = None
    _unlisted: dict[str, OSError] = field(default_factory=dict)

    def __call__(self) -> Tally:
        """Do the run. Ctrl-C and a store that fails end it where it is; what is stored stays stored."""
        self._started = time.time_ns()
        self._stamp = stamp(self.settings)
        self._folder = self.store.folder(paths.absolute(self.folder), paths.kept(self.folder))
        self._run = self.store.begin_run(self._folder, self._facts())
        state, reason = "finished", None
        try:
            with self._model():
                self._all()
        except KeyboardInterrupt:
            state = "interrupted"
            raise
        except BaseException as error:
            told = error.explain(self.settings.lang) if isinstance(error, StoreError) else str(error)
            state, reason = "stopped", storable(f"{type(error).__name__}: {told}")
            raise
        finally:
            self._end(state, reason)
        return self.tally

    @contextmanager
    def _model(self) -> Iterator[None]:
        """While this lasts, a language model is at hand where the settings want one: one budget, one cache."""
        settings = self.settings
        if settings.model_use == "off":
            yield
            return
        from narrcheck import pipeline
        from narrcheck.llm.runner import Adviser

        with Adviser(settings.model, settings.model_use, pipeline.speaking(settings), settings.lang) as self._adviser:
            try:
                yield
            finally:
                self.tally.model = self._adviser.summary

    def _facts(self) -> dict[str, Any]:
        settings = self.settings
        mode = "offline" if settings.model_use == "off" else "llm"
        return {
            "engine": self.engine.name, "version": self._stamp.version, "settings_key": self._stamp.settings,
            "mode": mode, "profile": settings.profile, "lang": settings.lang,
            "options": json.dumps(self.options),
        }  # fmt: skip

    def _end(self, state: str, reason: str | None) -> None:
        tally = self.tally
        model = None if tally.model is None else json.dumps(use_to_json(tally.model, self.settings.lang))
        values = {"listed": tally.listed, "checked": tally.checked, "unchanged": tally.unchanged}
        try:
            self.store.update_run(
                self._run, {"state": state, "reason": reason, "ended": now(), "model": model, **values}
            )
        except Exception:
            if state == "finished":
                raise

    def _all(self) -> None:
        listed = self._list() if self.only is None else list(self.only)
        self.tally.listed = len(listed)
        self.watch.listed(len(listed))
        self._work(self._due(listed))
        for _ in range(_PASSES if self.only is None and self.tally.checked else 0):
            listed = self._list()
            late = list(self._late(listed))
            if not late:
                break
            self.tally.listed += len(late)
            self.watch.listed(self.tally.listed)
            self._work(late)
        else:
            self.tally.growing = self.only is None and bool(self.tally.checked)
        if self.only is None:
            self._leave(listed)
        self.watch.comparing()
        if not compared(self.store.engine, self._stamp.settings):
            from narrcheck.audit.across import compare_filings

            compare_filings(self.store, self.settings, self._stamp.settings)

    def _list(self) -> list[str]:
        """The files below the folder, but those of the store; a folder inside that cannot be listed is entered as
        unread, once."""
        told, own = set(self._unlisted), paths.below(self.folder, self.store.files)
        self._unlisted.clear()

        def unlisted(error: OSError) -> None:
            place = error.filename or self.folder
            depth = len(Path(self.folder).parts)
            self._unlisted[paths.kept("/".join(Path(place).parts[depth:])) + "/"] = error

        listed = [path for path in paths.listing(self.folder, unlisted) if path not in own]
        for path, error in self._unlisted.items():
            if path not in told:
                self._write(self._of_folder(path, error))
        return listed

    def _of_folder(self, path: str, error: OSError) -> FileRows:
        shown, reason = printable(error.filename or self.folder), error.strerror or type(error).__name__
        text = message("error.cannot-read", self.settings.lang, path=shown, reason=reason)
        row = problem_row(Problem(shown, "cannot-read", text))
        return FileRows(path, "unread", True, None, None, None, (), (row,))

    def _leave(self, listed: Iterable[str]) -> None:
        """Note which files are gone. Another run may have entered some that came since they were listed, so what is
        missing is looked for once more; what lies in a folder that cannot be listed stays as it is."""
        here = set(listed)
        absent = [(key, path) for key, path in self.store.standing(self._folder) if path not in here]
        if absent:
            here = set(self._list())
            hidden = tuple(path.removeprefix("/") for path in self._unlisted)
            gone = [key for key, path in absent if path not in here and not path.startswith(hidden)]
            self.tally.gone = self.store.leave(gone)

    def _due(self, listed: Iterable[str]) -> Iterator[str]:
        """The files that are new, changed, checked under another stamp, worth another try, or wanted again."""
        for path, known in self._with_known(listed):
            if (
                known is None
                or self.again
                or self.only is not None
                or known.passing
                or known.stamp != self._stamp
                or paths.digest(self.folder, path) != known.sha256
            ):
                yield path
            else:
                self.tally.unchanged += 1
                self.watch.unchanged()

    def _late(self, listed: Iterable[str]) -> Iterator[str]:
        """The files that came, or were written to, while the run went on."""
        for path, known in self._with_known(listed):
            try:
                modified = paths.location(self.folder, path).stat().st_mtime_ns
            except OSError:
                continue
            if known is None or (modified > self._started and modified != known.modified and known.sha256):
                yield path

    def _with_known(self, listed: Iterable[str]) -> Iterator[tuple[str, Known | None]]:
        """Each path with what the store holds of it: asked for a few at a time, or at once where it holds the first few
        and they are not too many, as in a second run."""
        source = iter(listed)
        known: dict[str, Known] = {}
        whole = False
        while chunk := list(islice(source, _CHUNK)):
            if not whole:
                known = self.store.known(self._folder, chunk)
                if len(known) == len(chunk) == _CHUNK and self.tally.listed <= _AT_ONCE:
                    known, whole = self.store.known(self._folder), True
            for path in chunk:
                yield path, known.get(path)

    def _work(self, due: Iterable[str]) -> None:
        """Have the files worked on, and store what comes of each."""
        rest = iter(due)
        first = next(rest, None)
        if first is None:
            return
        from narrcheck.audit.outcomes import outcomes
        from narrcheck.audit.work import Worker

        worker = Worker(self.folder, self.settings, asked=self._adviser is not None)
        results = self.engine.run(worker, chain([first], rest))
        try:
            for rows in outcomes(results, worker, self._adviser):
                self._write(rows)
        finally:
            results.close()

    def _write(self, rows: FileRows) -> None:
        """Store what came of a file; that it could not be, where it holds a value that the database does not take."""
        again = self.again or self.only is not None
        try:
            self.store.write(self._folder, self._run, self._stamp, rows, again)
        except (DataError, OverflowError, ValueError) as error:
            from narrcheck.audit.pool import Failure
            from narrcheck.audit.work import failed

            reason = f"{type(error).__name__}: {getattr(error, 'orig', None) or error}"
            rows = failed(self.folder, rows.path, Failure("worker-failed", reason), self.settings.lang)
            self.store.write(self._folder, self._run, self._stamp, rows, again)
        self.tally.checked += 1
        self.watch.done(rows)
