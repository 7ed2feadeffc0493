"""The report as JSON lines: the head of the run first, then one filing a line."""

from narrcheck.filing import Report
from narrcheck.reports import View
from narrcheck.reports.encoding import encode
from narrcheck.reports.json import filings_to_json, head_to_json, tail_to_json


def render(report: Report, view: View | None = None) -> str:
    """The head line holds everything about the run but the filings, which follow in order."""
    lines = [encode({**head_to_json(report), **tail_to_json(report)})]
    lines += [encode(document) for document in filings_to_json(report)]
    return "\n".join(lines) + "\n"
