"""`narrcheck batch report`: the summary of a store, as a page, a workbook, JSON or text."""

import argparse
from pathlib import Path
from typing import Any

from narrcheck.audit.connect import connect
from narrcheck.audit.errors import StoreError
from narrcheck.audit.summary.figures import figures
from narrcheck.audit.summary.model import Figures
from narrcheck.catalogue import message
from narrcheck.commands import options, output

FORMATS = ("terminal", "markdown", "json", "html", "xlsx")
DONE = 0
_SUFFIXES = {
    ".html": "html", ".htm": "html", ".xlsx": "xlsx", ".json": "json", ".md": "markdown", ".markdown": "markdown",
    ".txt": "markdown", "": "markdown",
}  # fmt: skip
_FIRST = 30


def report(given: argparse.Namespace) -> int:
    """Write the summary; UsageError where the store or the file cannot be used."""
    settings = options.settings(argparse.Namespace(**{**vars(given), "format": None}))
    lang, store = settings.lang, settings.batch.store
    path = output.target(given.output, lang, [store] if Path(store).is_file() else [])
    chosen = _format(given.format, path, lang)
    try:
        engine = connect(store, writing=False)
        try:
            _write(engine, figures(engine, _FIRST if given.limit is None else given.limit), path, chosen, lang)
        finally:
            engine.dispose()
    except StoreError as error:
        raise output.UsageError(error.explain(lang)) from None
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


def _write(engine: Any, found: Figures, path: Path | None, chosen: str | None, lang: str) -> None:
    base = None if path is None else path.resolve().parent
    if chosen == "xlsx" and path is not None and base is not None:
        from narrcheck.audit.summary import workbook

        with output.draft(path, lang) as draft:
            workbook.write(engine, found, draft, lang, base)
    elif chosen == "html":
        from narrcheck.audit.summary.html import page

        output.write(page(found, lang, base), path, lang)
    elif chosen == "json":
        from narrcheck.audit.summary.document import document

        output.write(document(found), path, lang)
    else:
        from narrcheck.audit.summary.text import render

        view = output.view(chosen, None, lang)
        output.write(render(found, view, lang, short=path is None), path, lang)
