"""`narrcheck batch report`: the summary of a store, as a page, a workbook, JSON or text."""

import argparse
from pathlib import Path

from sqlalchemy import Connection

from narrcheck.audit.connect import connect
from narrcheck.audit.errors import StoreError
from narrcheck.audit.summary.figures import drawn, reading
from narrcheck.audit.summary.model import Figures
from narrcheck.catalogue import message
from narrcheck.commands import batch_output, options, output

FORMATS = ("terminal", "markdown", "json", "html", "xlsx")
DONE = 0
_SUFFIXES = {
    ".html": "html", ".htm": "html", ".xlsx": "xlsx", ".json": "json", ".md": "markdown", ".markdown": "markdown",
    ".txt": "markdown", "": "markdown",
}  # fmt: skip


def report(given: argparse.Namespace) -> int:
    """Write the summary; UsageError where the store or the file cannot be used."""
    settings = options.settings(argparse.Namespace(**{**vars(given), "format": None}))
    lang, store = settings.lang, settings.batch.store
    path = batch_output.target(given.output, settings)
    chosen = _format(given.format, path, lang)
    if given.limit < 0:
        raise output.UsageError(message("summary.limit", lang, limit=given.limit))
    try:
        engine = connect(store, writing=False)
        try:
            batch_output.spare(path, engine, lang)
            with reading(engine) as connection:
                found = drawn(connection, given.limit)
                if chosen == "xlsx" and path is not None:
                    _write_workbook(connection, found, path, lang)
        finally:
            engine.dispose()
    except StoreError as error:
        raise output.UsageError(error.explain(lang)) from None
    if chosen != "xlsx":
        _write(found, path, chosen, lang)
    return DONE


def _format(given: str | None, path: Path | None, lang: str) -> str | None:
    """The format asked for, otherwise that of the file's suffix; None for the one that suits standard output."""
    if given is None and path is not None:
        given = _SUFFIXES.get(path.suffix.lower())
        if given is None:
            raise output.UsageError(message("cli.output-suffix", lang, path=path, formats=", ".join(FORMATS)))
    if given == "xlsx" and path is None:
        raise output.UsageError(message("summary.xlsx-needs-file", lang))
    return given


def _write_workbook(connection: Connection, found: Figures, path: Path, lang: str) -> None:
    from narrcheck.audit.summary import workbook

    with output.draft(path, lang) as draft:
        workbook.write(connection, found, draft, lang, path.resolve().parent)


def _write(found: Figures, path: Path | None, chosen: str | None, lang: str) -> None:
    if chosen == "html":
        from narrcheck.audit.summary.html import page

        text = page(found, lang, None if path is None else path.resolve().parent)
    elif chosen == "json":
        from narrcheck.audit.summary.document import document

        text = document(found)
    else:
        from narrcheck.audit.summary.text import render

        text = render(found, output.view(chosen, None, lang), lang, short=path is None)
    output.write(text, path, lang)
