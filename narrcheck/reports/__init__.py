"""Printers: pure functions from one report to one text or file. Each is loaded only when it is chosen."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from narrcheck.filing import Report
from narrcheck.reports.parsed import Readings

FORMATS = ("terminal", "markdown", "json", "jsonl", "html", "xlsx", "docx", "sarif")
PARSED = ("terminal", "markdown", "json", "jsonl")
"""The formats of a reading that was not checked."""
BINARY = ("xlsx", "docx")
"""The formats that are no text: they need a file to go to."""


@dataclass(frozen=True, slots=True)
class View:
    """How a report is shown: `width` in columns and `color` concern the screen only; `compare` adds what a language
    model changed, beside what the rules alone say. `base` is the folder that the report will stand in, from which it
    links to the filings (None: it links to nothing), `index` the file beside it that lists it; `template` a letter's
    own form (None: the one that is given)."""

    format: str = "markdown"
    width: int = 100
    color: bool = False
    verbose: bool = False
    quiet: bool = False
    compare: bool = False
    base: Path | None = None
    index: str | None = None
    template: Path | None = None


def render(report: Report, view: View) -> str | bytes:
    """The report of a check in the format of `view`, one of FORMATS: bytes where that is one of BINARY."""
    assert view.format in FORMATS
    written: str | bytes = import_module(f"narrcheck.reports.{view.format}").render(report, view)
    return written


def render_parsed(readings: Readings, view: View) -> str:
    """The filings as read in the format of `view`, one of FORMATS."""
    if view.format == "terminal":
        from narrcheck.reports import terminal

        return terminal.render_parsed(readings, width=view.width, color=view.color)
    if view.format == "markdown":
        from narrcheck.reports import markdown

        return markdown.render_parsed(readings)
    from narrcheck.reports import json

    return json.render_parsed(readings) if view.format == "json" else json.render_parsed_lines(readings)
