"""Printers: pure functions from one report to one text. The screen's printer is loaded only when it is chosen."""

from dataclasses import dataclass

from narrcheck.filing import Report
from narrcheck.reports.parsed import Readings

FORMATS = ("terminal", "markdown", "json", "jsonl")


@dataclass(frozen=True, slots=True)
class View:
    """How a report is shown: `width` in columns and `color` concern the screen only; `compare` adds what a language
    model changed, beside what the rules alone say."""

    format: str = "markdown"
    width: int = 100
    color: bool = False
    verbose: bool = False
    quiet: bool = False
    compare: bool = False


def render(report: Report, view: View) -> str:
    """The report of a check in the format of `view`, one of FORMATS."""
    if view.format == "terminal":
        from narrcheck.reports import terminal

        return terminal.render(report, view)
    if view.format == "markdown":
        from narrcheck.reports import markdown

        return markdown.render(report, view)
    from narrcheck.reports import json, jsonl

    return json.render(report) if view.format == "json" else jsonl.render(report)


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
