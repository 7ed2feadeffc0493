"""`narrcheck batch run`, `resume` and `status`: audit folders into a store, and see how far that is."""

import argparse
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from narrcheck.audit import paths
from narrcheck.audit.connect import connect
from narrcheck.audit.engines import Engine, engine
from narrcheck.audit.errors import StoreError
from narrcheck.audit.run import Run, Tally
from narrcheck.audit.status import FolderStatus, Status, degraded, status
from narrcheck.audit.store import Store
from narrcheck.catalogue import message
from narrcheck.commands import batch_status, options, output
from narrcheck.commands.check import tell_of_model
from narrcheck.commands.progress import Progress
from narrcheck.filing import Severity
from narrcheck.reading.inputs import printable
from narrcheck.settings import Settings

DONE, FOUND, UNREAD, INTERRUPTED = 0, 1, 3, 130
_KEPT = ("select", "ignore", "profile", "llm", "offline", "mask", "lang", "max_tokens", "max_requests", "fail_on",
         "jobs", "engine", "address")  # fmt: skip


def run(given: argparse.Namespace) -> int:
    """Audit a folder; exit code 1 for findings, 3 where a file could not be read or the store failed meanwhile."""
    settings = options.settings(given)
    if not os.path.isdir(given.folder):  # noqa: PTH112 - Path.is_dir fails where the folder above is closed
        raise output.UsageError(message("batch.no-folder", settings.lang, path=printable(given.folder)))
    tell_of_model(settings, compare=False)
    with opened(settings) as store:
        return _audit(store, given, settings, given.folder)


def resume(given: argparse.Namespace) -> int:
    """Go on with the runs that did not get to their end, with the options they were given; or with --degraded, check
    again what the model did not answer. The highest exit code of them all."""
    settings = options.settings(given)
    only = None if given.folder is None else paths.absolute(given.folder)
    with opened(settings, writing=False) as store:
        found = status(store.engine, only)
    waiting = [item for item in found.folders if (item.degraded if given.degraded else _unfinished(item))]
    if not waiting:
        key = "batch.no-degraded" if given.degraded else "batch.nothing-to-resume"
        output.say(message(key, settings.lang))
        return UNREAD if any(item.unread for item in found.folders) else DONE
    return max(_resumed(given, settings, item) for item in waiting)


def show_status(given: argparse.Namespace) -> int:
    """Print how far each folder is; exit code 0, whatever was found."""
    settings = options.settings(given)
    path = output.target(given.output, settings.lang)
    view = output.view(given.format, path, settings.lang)
    with opened(settings, writing=False) as store:
        found = status(store.engine)
    output.write(batch_status.render(found, view, settings.lang), path, settings.lang)
    return DONE


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


def _resumed(given: argparse.Namespace, settings: Settings, folder: FolderStatus) -> int:
    """One folder, under the options of its last run where the command line does not say otherwise."""
    kept = folder.run.get("options") or {}
    again = {name: value for name, value in kept.items() if getattr(given, name, None) in (None, False)}
    wanted = argparse.Namespace(**{**vars(given), **again})
    settings = options.settings(wanted)
    place = paths.named(folder.folder)
    if paths.absolute(place) != folder.location:
        place = paths.named(folder.location)
    if not os.path.isdir(place):  # noqa: PTH112 - as above
        output.say(message("batch.no-folder", settings.lang, path=printable(place)))
        return UNREAD
    output.say(message("batch.resuming", settings.lang, path=printable(place)))
    if given.degraded and settings.model_use == "off":
        raise output.UsageError(message("batch.no-model", settings.lang))
    tell_of_model(settings, compare=False)
    with opened(settings) as store:
        code = DONE
        if not given.degraded or not folder.finished:
            code = _audit(store, wanted, settings, place)
        if given.degraded and code in (DONE, FOUND, UNREAD):
            code = _audit(store, wanted, settings, place, degraded(store.engine, folder.location))
        return code


def _audit(
    store: Store, given: argparse.Namespace, settings: Settings, folder: str, only: list[str] | None = None
) -> int:
    kept = {name: getattr(given, name, None) for name in _KEPT}
    kept["config"] = None if given.config is None else str(Path(given.config).absolute())
    again = bool(getattr(given, "again", False))
    try:
        with Progress(settings.lang, given.quiet) as progress, _stoppable():
            tally = Run(store, folder, settings, _engine(given, settings), progress, kept, again, only)()
        return _told(store, settings, folder, tally, given)
    except KeyboardInterrupt:
        output.say(message("batch.interrupted", settings.lang))
        return INTERRUPTED
    except StoreError as error:
        output.say(error.explain(settings.lang))
        return UNREAD


def _told(store: Store, settings: Settings, folder: str, tally: Tally, given: argparse.Namespace) -> int:
    """Print what stands now; the exit code is settled here."""
    found = status(store.engine, paths.absolute(folder))
    path = output.target(given.output, settings.lang)
    view = output.view(given.format, path, settings.lang)
    output.write(batch_status.render(found, view, settings.lang, tally), path, settings.lang)
    if tally.growing:
        output.say(message("batch.growing", settings.lang))
    return _exit_code(found, settings.fail_on)


def _exit_code(found: Status, fail_on: str) -> int:
    if any(item.unread for item in found.folders):
        return UNREAD
    if fail_on == "never":
        return DONE
    limit = Severity[fail_on.upper()]
    counts = (counts for item in found.folders for counts in (item.findings, item.across))
    return (
        FOUND if any(count[severity.label] for count in counts for severity in Severity if severity >= limit) else DONE
    )


def _engine(given: argparse.Namespace, settings: Settings) -> Engine:
    jobs = settings.batch.jobs or os.cpu_count() or 1
    try:
        return engine(given.engine or "local", jobs, given.address)
    except ImportError:
        raise output.UsageError(message("batch.no-ray", settings.lang)) from None
    except ConnectionError as error:
        facts = {"address": given.address, "reason": error}
        raise output.UsageError(message("batch.no-cluster", settings.lang, **facts)) from None


@contextmanager
def _stoppable() -> Iterator[None]:
    """While this lasts, a request of the system to end is taken as Ctrl-C is."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    kept = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, kept)
