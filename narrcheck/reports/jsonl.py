"""The report as JSON lines: the head of the run first, then one filing a line."""

from narrcheck.filing import Report
from narrcheck.reports.encoding import encode
from narrcheck.reports.json import checked_to_json, head_to_json, tail_to_json


def render(report: Report) -> str:
    """The head line holds everything about the run but the filings, which follow in order."""
    lines = [encode({**head_to_json(report), **tail_to_json(report)})]
    lines += [encode(checked_to_json(checked, report.lang)) for checked in report.filings]
    return "\n".join(lines) + "\n"
