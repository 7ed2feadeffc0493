"""Handing a report over: to the screen, to a file, or to a folder as a report a filing with an index."""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from narrcheck.catalogue import message
from narrcheck.commands import output
from narrcheck.filing import Report
from narrcheck.reports import View, render
from narrcheck.settings import Settings

_JSON = {"json", "jsonl", "sarif"}
"""Formats whose files may have each other's suffix."""

Step = Callable[[Report], Report]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a report goes: to the file `path`, into `folder`, or to standard output where both are None. `kept` are
    the files that the command line names, which no report of a folder may take the place of."""

    view: View
    path: Path | None = None
    folder: Path | None = None
    kept: tuple[Path, ...] = ()


def destination(given: argparse.Namespace, settings: Settings, inputs: Sequence[str]) -> Destination:
    """What the options say about format and place. UsageError where the place cannot be written to, the format does not
    suit it, or the letter's template is of no use: all of it is told before anything is checked."""
    lang = settings.lang
    place = _place(given, settings, inputs)
    _try(place, lang)
    if place.view.format == "sarif" and settings.mask == "yes":  # the address of the folder may name a person
        return replace(place, view=replace(place.view, base=None))
    if place.view.format != "docx":
        if given.template:
            raise output.UsageError(message("cli.template-without-letter", lang, format=place.view.format))
        return place
    return replace(place, view=replace(place.view, template=_template(settings.template, lang)))


def _place(given: argparse.Namespace, settings: Settings, inputs: Sequence[str]) -> Destination:
    lang = settings.lang
    shown = {"verbose": given.verbose, "quiet": given.quiet, "compare": getattr(given, "compare", False)}
    if given.output is not None and not given.output.strip():
        raise output.UsageError(message("cli.output-unnamed", lang))
    named = [*inputs, *_named(given, settings)]
    folder = _folder(given.output)
    if folder is not None:
        chosen = settings.format or ("docx" if given.template else "html")
        kept = tuple(Path(name) for name in named if Path(name).is_file())
        return Destination(View(chosen, base=folder.resolve(), **shown), None, folder, kept)
    path = output.target(given.output, lang, named)
    if path is not None:
        output.spare(path, inputs, lang)
    by_suffix = output.by_suffix(path)
    view = output.view(given.format or by_suffix or settings.format, path, lang, **shown)
    if by_suffix not in (None, view.format) and {by_suffix, view.format} - _JSON:
        output.say(message("cli.suffix-differs", lang, path=path, format=view.format))
    return Destination(view, path)


def _named(given: argparse.Namespace, settings: Settings) -> list[str]:
    """The files beside the inputs that the command line names."""
    names = [getattr(given, name, None) for name in ("against", "decisions", "config", "record", "replay")]
    files = [name.removeprefix("sqlite:///") for name in names if name]
    return files if settings.template is None else [*files, str(settings.template)]


def _folder(given: str | None) -> Path | None:
    """The folder that an output names: one that is there, or any name that ends as a folder's does."""
    if given is None or given == "-":
        return None
    return Path(given) if given.endswith(("/", "\\")) or Path(given).is_dir() else None


def _try(place: Destination, lang: str) -> None:
    """That something can be written there, or in the next folder above it that is there. UsageError."""
    home = place.folder if place.folder is not None else place.view.base
    if home is None:
        return
    there = next((folder for folder in (home, *home.absolute().parents) if folder.exists()), home)
    if place.folder is not None and not there.is_dir():
        raise output.UsageError(message("cli.output-is-file", lang, path=there))
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise output.failed(place.path or place.folder or there, error, lang) from None


def _template(path: Path | None, lang: str) -> Path | None:
    """The template, once a letter could be made with it."""
    if path is None:
        return None
    from narrcheck.reports.docx import LetterError, check_template

    try:
        check_template(path, lang)
    except LetterError as error:
        raise output.UsageError(error.text(lang)) from None
    return path


def earlier(given: str | None, settings: Settings) -> Step:
    """What compares a report with the earlier one that `given` names. UsageError where that cannot be read."""
    if given is None:
        return lambda report: report
    from narrcheck.resubmission import compared

    old = loaded(given, settings)
    return lambda report: compared(report, old, given)


def loaded(given: str, settings: Settings) -> Report:
    """A saved report, or the filings of `given`, checked. UsageError where neither can be read."""
    from narrcheck.resubmission import SavedReportError, load

    try:
        return load(given, settings)
    except SavedReportError as error:
        raise output.UsageError(error.text(settings.lang)) from None


def decisions(store: str | None, settings: Settings) -> Step:
    """What adds a store's decisions to a report. UsageError where the store cannot be used."""
    if store is None:
        return lambda report: report
    from narrcheck.audit.decided import decided
    from narrcheck.audit.errors import StoreError

    def added(report: Report) -> Report:
        try:
            return decided(report, store)
        except StoreError as error:
            told = message("cli.no-decisions", settings.lang, **error.facts) if error.code == "missing" else None
            raise output.UsageError(told or error.explain(settings.lang)) from None

    added(Report("", "offline", "", ()))  # that the store can be read is known before anything is checked
    return added


def masked(report: Report) -> Report:
    """The report with personal data masked, also in what it says of an earlier one."""
    from narrcheck import pipeline

    if report.resubmission is None:
        return pipeline.masked(report)
    from narrcheck import resubmission

    return pipeline.masked(resubmission.masked(report))


def deliver(report: Report, place: Destination) -> None:
    """Write the report. UsageError where that fails."""
    if place.folder is None:
        output.write(render(report, place.view), place.path, report.lang)
        return
    from narrcheck.commands.reportfolder import write

    count, index = write(report, place.folder, place.view, place.kept)
    output.say(message("cli.folder-written", report.lang, count=count, path=index))
