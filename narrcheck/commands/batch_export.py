"""`narrcheck batch export`: the audited filings as JSON lines, JSON, Parquet or a workbook, or as labelled fixtures."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from narrcheck.audit import documents
from narrcheck.audit.errors import StoreError
from narrcheck.audit.export import Export
from narrcheck.catalogue import message
from narrcheck.commands import batch_output, options, output
from narrcheck.reading.inputs import printable
from narrcheck.settings import Settings

FORMATS = ("jsonl", "json", "parquet", "xlsx")
DONE, REFUSED = 0, 3
_SUFFIXES = {".ndjson": "jsonl", **{f".{name}": name for name in FORMATS}}
_TEXTS: dict[str, Callable[[Export], Iterator[str]]] = {"jsonl": documents.lines, "json": documents.one_document}


def export(given: argparse.Namespace) -> int:
    """Write what the store holds; exit code 3 where a decided filing could not be made a fixture."""
    settings = options.settings(argparse.Namespace(**{**vars(given), "format": None}))
    lang, store = settings.lang, settings.batch.store
    try:
        if given.labels:
            return _labels(given, settings)
        path = batch_output.target(given.output, settings)
        chosen = _format(given.format, path, lang)
        with Export(store, settings, given.folder) as source:
            _known_folder(source, given.folder, lang)
            if path is None:
                for piece in _TEXTS[chosen](source):
                    output.write(piece, None, lang)
            else:
                batch_output.spare(path, source.engine, lang)
                _write(source, path, chosen, lang)
    except StoreError as error:
        raise output.UsageError(error.explain(lang)) from None
    return DONE


def _format(given: str | None, path: Path | None, lang: str) -> str:
    """The format asked for, otherwise that of the file's suffix, otherwise JSON lines."""
    if given is None and path is not None and path.suffix.lower() not in _SUFFIXES:
        raise output.UsageError(message("cli.output-suffix", lang, path=path, formats=", ".join(FORMATS)))
    chosen = given or (_SUFFIXES[path.suffix.lower()] if path is not None else FORMATS[0])
    if path is None and chosen not in _TEXTS:
        raise output.UsageError(message("export.needs-file", lang, format=chosen))
    return chosen


def _known_folder(source: Export, folder: str | None, lang: str) -> None:
    if folder is None or source.folders:
        return
    raise output.UsageError(message("export.no-folder", lang, path=printable(folder)))


def _write(source: Export, path: Path, chosen: str, lang: str) -> None:
    """The export to its file or files, whole or not at all."""
    from narrcheck.audit import tables

    try:
        with ExitStack() as stack:
            if chosen == "parquet":
                paths = tables.parquet_paths(path)
                tables.write_parquet(
                    source, {name: stack.enter_context(output.draft(at, lang)) for name, at in paths.items()}
                )
            elif chosen == "xlsx":
                tables.write_workbook(source, stack.enter_context(output.draft(path, lang)), lang)
            else:
                draft = stack.enter_context(output.draft(path, lang))
                with draft.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                    file.writelines(_TEXTS[chosen](source))
    except ImportError:
        raise output.UsageError(message("export.no-parquet", lang)) from None


def _labels(given: argparse.Namespace, settings: Settings) -> int:
    """The decided filings as fixtures in a new or empty folder."""
    from narrcheck.audit.labels import write_labels

    lang, folder = settings.lang, Path(given.output or "")
    if given.format is not None or not given.output or given.output == "-":
        raise output.UsageError(message("export.labels-folder", lang))
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise output.UsageError(message("export.not-empty", lang, path=printable(given.output)))
        with Export(settings.batch.store, settings, given.folder) as source:
            _known_folder(source, given.folder, lang)
            folder.mkdir(exist_ok=True)
            written = write_labels(source, folder, settings)
    except OSError as error:
        raise output.failed(folder, error, lang) from None
    for text in written.refused:
        output.say(text)
    facts = {"count": written.fixtures, "confirmed": written.confirmed, "dismissed": written.dismissed}
    output.say(message("export.labelled", lang, path=printable(given.output), **facts))
    for decision in written.gone:
        output.say(message("export.gone", lang, finding=decision.finding, rule=decision.rule, why=decision.why))
    return REFUSED if written.refused else DONE
