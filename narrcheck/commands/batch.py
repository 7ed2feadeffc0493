"""`narrcheck batch run`, `resume` and `status`: audit folders into a store, and see how far that is."""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrcheck.audit import paths
from narrcheck.audit.connect import connect
from narrcheck.audit.engines import Engine, engine
from narrcheck.audit.errors import StoreError
from narrcheck.audit.interrupts import stoppable
from narrcheck.audit.run import Run, Tally
from narrcheck.audit.status import FolderStatus, Status, degraded, overlapping, status
from narrcheck.audit.store import Store
from narrcheck.catalogue import message
from narrcheck.commands import batch_output, batch_status, options, output
from narrcheck.commands.check import tell_of_model
from narrcheck.commands.progress import Progress
from narrcheck.filing import Severity
from narrcheck.reading.inputs import printable
from narrcheck.reports import View
from narrcheck.settings import Settings
from narrcheck.settingsfile import find

DONE, FOUND, UNREAD, INTERRUPTED = 0, 1, 3, 130
_KEPT = ("select", "ignore", "profile", "llm", "offline", "mask", "lang", "max_tokens", "max_requests", "fail_on",
         "jobs", "engine", "address")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Done:
    """How the run over a folder ended: `code` where that alone settles the exit code, otherwise what it did."""

    location: str
    fail_on: str
    code: int | None = None
    tally: Tally | None = None


def run(given: argparse.Namespace) -> int:
    """Audit a folder; exit code 1 for findings, 3 where a file could not be read, none holds a filing, or the store
    failed meanwhile."""
    settings = options.settings(given)
    if not os.path.isdir(given.folder):  # noqa: PTH112 - Path.is_dir fails where the folder above is closed
        raise output.UsageError(message("batch.no-folder", settings.lang, path=printable(given.folder)))
    if given.address is not None and given.engine != "ray":
        raise output.UsageError(message("batch.address-without-ray", settings.lang))
    path, view = _shown(given, settings)
    tell_of_model(settings, compare=False)
    with opened(settings) as store:
        other = overlapping(store.engine, paths.absolute(given.folder))
        if other is not None:
            facts = {"path": printable(given.folder), "other": printable(paths.named(other))}
            raise output.UsageError(message("batch.overlapping", settings.lang, **facts))
        batch_output.spare(path, store.engine, settings.lang)
        done = _audit(store, given, settings, given.folder)
        return _told(store.engine, [done], path, view, settings.lang)


def resume(given: argparse.Namespace) -> int:
    """Go on with the runs that did not get to their end, with the options they were given; or with --degraded, check
    again what the model did not answer. The highest exit code of them all."""
    settings = options.settings(given)
    path, view = _shown(given, settings)
    only = None if given.folder is None else paths.absolute(given.folder)
    with opened(settings, writing=False) as store:
        found = status(store.engine, only)
        batch_output.spare(path, store.engine, settings.lang)
    if only is not None and not found.folders:
        raise output.UsageError(message("export.no-folder", settings.lang, path=printable(given.folder)))
    waiting = [item for item in found.folders if (item.degraded if given.degraded else _unfinished(item))]
    if not waiting:
        key = "batch.no-degraded" if given.degraded else "batch.nothing-to-resume"
        output.say(message(key, settings.lang))
        return UNREAD if any(item.unread for item in found.folders) else DONE
    done: list[_Done] = []
    for item in waiting:
        done.append(_resumed(given, settings, item))
        if done[-1].code == INTERRUPTED:  # Ctrl-C ends them all
            break
    with opened(settings, writing=False) as store:
        return _told(store.engine, done, path, view, settings.lang)


def show_status(given: argparse.Namespace) -> int:
    """Print how far each folder is; exit code 0, whatever was found."""
    settings = options.settings(given)
    path, view = _shown(given, settings)
    with opened(settings, writing=False) as store:
        found = status(store.engine)
        batch_output.spare(path, store.engine, settings.lang)
    output.write(batch_status.render(found, view, settings.lang), path, settings.lang)
    return DONE


def _shown(given: argparse.Namespace, settings: Settings) -> tuple[Path | None, View]:
    """Where the state goes and how it is written; UsageError before anything is checked."""
    path = batch_output.target(given.output, settings)
    return path, output.view(given.format, path, settings.lang)


@contextmanager
def opened(settings: Settings, writing: bool = True) -> Iterator[Any]:
    """The store of the settings; UsageError where it cannot be opened."""
    try:
        store = Store(settings.batch.store) if writing else _Reading(connect(settings.batch.store, writing=False))
    except StoreError as error:
        raise output.UsageError(error.explain(settings.lang)) from None
    try:
        with store:
            yield store
    except StoreError as error:
        raise output.UsageError(error.explain(settings.lang)) from None


class _Reading:
    """A store that is only read."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine

    def __enter__(self) -> "_Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()


def _unfinished(folder: FolderStatus) -> bool:
    return not folder.finished or folder.passing > 0


def _resumed(given: argparse.Namespace, settings: Settings, folder: FolderStatus) -> _Done:
    """One folder, under the options of its last run where the command line does not say otherwise."""
    kept = dict(folder.run.get("options") or {})
    if given.llm is not None:
        kept.pop("offline", None)
    again = {name: value for name, value in kept.items() if getattr(given, name, None) in (None, False)}
    wanted = argparse.Namespace(**{**vars(given), **again, "store": settings.batch.store})
    settings = options.settings(wanted)
    place = paths.named(folder.folder)
    if paths.absolute(place) != folder.location:
        place = paths.named(folder.location)
    if not os.path.isdir(place):  # noqa: PTH112 - as above
        output.say(message("batch.no-folder", settings.lang, path=printable(place)))
        return _Done(folder.location, settings.fail_on, UNREAD)
    output.say(message("batch.resuming", settings.lang, path=printable(place)))
    if given.degraded and settings.model_use == "off":
        raise output.UsageError(message("batch.no-model", settings.lang))
    tell_of_model(settings, compare=False)
    with opened(settings) as store:
        if given.degraded and folder.finished:
            return _audit(store, wanted, settings, place, degraded(store.engine, folder.location))
        done = _audit(store, wanted, settings, place)
        if given.degraded and done.code is None:
            done = _audit(store, wanted, settings, place, degraded(store.engine, folder.location))
        return done


def _audit(
    store: Store, given: argparse.Namespace, settings: Settings, folder: str, only: list[str] | None = None
) -> _Done:
    kept = {name: getattr(given, name, None) for name in _KEPT}
    kept["config"] = _settings_file(given)
    again = bool(getattr(given, "again", False))
    location = paths.absolute(folder)
    try:
        with Progress(settings.lang, given.quiet) as progress, stoppable():
            tally = Run(store, folder, settings, _engine(given, settings), progress, kept, again, only)()
    except KeyboardInterrupt:
        output.say(message("batch.interrupted", settings.lang))
        return _Done(location, settings.fail_on, INTERRUPTED)
    except StoreError as error:
        output.say(error.explain(settings.lang))
        return _Done(location, settings.fail_on, UNREAD)
    if tally.growing:
        output.say(message("batch.growing", settings.lang))
    return _Done(location, settings.fail_on, None, tally)


def _settings_file(given: argparse.Namespace) -> str | None:
    """The settings file of a run, given or found, which holds for resuming it too, wherever that is done."""
    if given.config is not None:
        return str(Path(given.config).absolute())
    found = find(Path.cwd())
    return None if found is None else str(found.path)


def _told(engine: Any, done: Sequence[_Done], path: Path | None, view: View, lang: str) -> int:
    """Print what stands now of the folders that were audited; the exit code is settled here. StoreError."""
    tallies = {one.location: one.tally for one in done if one.tally is not None}
    all_of_them = status(engine)
    found = Status(tuple(item for item in all_of_them.folders if item.location in tallies), all_of_them.failures)
    codes = [one.code for one in done if one.code is not None]
    if found.folders:
        batch_output.spare(path, engine, lang)
        output.write(batch_status.render(found, view, lang, tallies), path, lang)
    fail_on = {one.location: one.fail_on for one in done}
    return max([*codes, *(_exit_code(item, fail_on[item.location], lang) for item in found.folders)])


def _exit_code(item: FolderStatus, fail_on: str, lang: str) -> int:
    if not item.filings:
        output.say(message("error.no-filing-in-folder", lang, path=printable(paths.named(item.folder))))
    if item.unread or not item.filings:
        return UNREAD
    if fail_on == "never":
        return DONE
    at_least = [severity.label for severity in Severity if severity >= Severity[fail_on.upper()]]
    return FOUND if any(count[label] for count in (item.findings, item.across) for label in at_least) else DONE


def _engine(given: argparse.Namespace, settings: Settings) -> Engine:
    jobs = settings.batch.jobs or os.cpu_count() or 1
    try:
        return engine(given.engine or "local", jobs, given.address)
    except ImportError:
        raise output.UsageError(message("batch.no-ray", settings.lang)) from None
    except ConnectionError as error:
        facts = {"address": given.address, "reason": error}
        raise output.UsageError(message("batch.no-cluster", settings.lang, **facts)) from None
