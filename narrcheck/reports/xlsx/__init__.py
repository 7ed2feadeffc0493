"""The report as a workbook: to sort, to hand out, and to keep account of the replies in."""

from io import BytesIO

from narrcheck.filing import Report
from narrcheck.reading.package import AUTHOR
from narrcheck.reports import View
from narrcheck.reports.workbooks import OPTIONS
from narrcheck.reports.xlsx import details, findings, summary
from narrcheck.reports.xlsx.table import Book


def render(report: Report, view: View) -> bytes:
    """The workbook's bytes. Texts of the filings stay texts, whatever they begin with; the only links are those to the
    files that were read, and only where `view.base` says from where they start."""
    from xlsxwriter import Workbook

    out = BytesIO()
    with Workbook(out, {"in_memory": True, **OPTIONS}) as made:
        made.set_properties({"author": AUTHOR})
        book = Book(made, report.lang, view.base)
        summary.overview(book, report)
        findings.findings(book, report)
        summary.by_filing(book, report)
        summary.by_rule(book, report)
        findings.decisions(book, report)
        details.doubts(book, report)
        details.unread(book, report)
        if report.resubmission is not None:
            details.compared(book, report, report.resubmission)
    return out.getvalue()
