"""The html report as a tree, for tests of what stands in it."""

from dataclasses import replace

from lxml import html

from narrcheck.filing import Checked, Report
from narrcheck.reports import View
from narrcheck.reports.html import render
from report_samples import REPORT


def of(checked: Checked) -> Report:
    """A report of one filing and nothing else."""
    return replace(REPORT, filings=(checked,), skipped=(), errors=(), unused_waivers=())


def tree(report: Report, view: View = View("html")) -> html.HtmlElement:  # noqa: B008
    """The page."""
    return html.document_fromstring(render(report, view))


def text(node: html.HtmlElement, query: str) -> list[str]:
    """The texts of what a CSS class or XPath finds: ".message", "//h2"."""
    found = node.xpath(query if query.startswith("/") else f"//*[contains(concat(' ', @class, ' '), ' {query[1:]} ')]")
    return [" ".join(one.text_content().split()) for one in found]
