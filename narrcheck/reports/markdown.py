"""The report as Markdown: a document that a reviewer can hand back to the filer."""

import re
from collections.abc import Iterable, Iterator

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Finding, Report
from narrcheck.reports import View, model, parsed, wording
from narrcheck.reports.encoding import encodable
from narrcheck.reports.parsed import Readings

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~]")
_QUOTE_LIMIT = 400


def render(report: Report, view: View) -> str:
    """The whole run; `quiet` leaves findings and coverage, `verbose` adds the claims."""
    return encodable("\n".join(_lines(report, view)) + "\n")


def plain(text: str) -> str:
    """Text of a form or a message as Markdown that shows exactly these characters."""
    return _SPECIAL.sub(lambda mark: "\\" + mark.group(), wording.shown(text).replace("&", "&amp;"))


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table; cells are plain texts."""
    cells = [plain(head) for head in heads]
    yield f"| {' | '.join(cells)} |"
    yield f"|{' --- |' * len(cells)}"
    for row in rows:
        yield f"| {' | '.join(plain(cell) for cell in row)} |"


def section(heading: str, items: Iterable[str]) -> Iterator[str]:
    """A heading with a list; nothing where the list is empty."""
    lines = [f"- {plain(item)}" for item in items]
    if lines:
        yield from (f"### {heading}", "", *lines, "")


def _lines(report: Report, view: View) -> Iterator[str]:
    lang, quiet = report.lang, view.quiet
    yield f"# {message('report.title', lang)}"
    yield ""
    if not quiet:
        mode = message(f"mode.{report.mode}", lang)
        yield message("report.run", lang, version=report.version, profile=report.profile, mode=mode)
        yield ""
    for checked in report.filings:
        if not quiet or checked.findings or checked.failures or not wording.looks_clean(checked):
            yield from _filing(checked, lang, view)
        else:
            separator = message("label.separator", lang)
            yield from (f"{plain(wording.title(checked.filing, lang))}{separator}{wording.coverage(checked, lang)}", "")
    if quiet:
        return
    if not report.filings:
        yield from (message("report.nothing-read", lang), "")
    errors = (wording.problem(item, lang) for item in report.errors)
    yield from section(message("report.errors", lang), errors)
    yield from section(message("report.skipped", lang), (wording.skipped(item, lang) for item in report.skipped))
    unused = (wording.unused_waiver(waiver, lang) for waiver in report.unused_waivers)
    yield from section(message("report.unused-waivers", lang), unused)
    yield "---"
    yield ""
    if report.model is not None:
        for line in model.run_lines(report.model, lang):
            yield from (plain(line), "")
    yield wording.summary(report)


def _filing(checked: Checked, lang: str, view: View) -> Iterator[str]:
    filing = checked.filing
    yield f"## {plain(wording.title(filing, lang))}"
    yield ""
    separator = message("label.separator", lang)
    for key, text in wording.head(filing, lang):
        yield f"- {message(f'label.{key}', lang)}{separator}{plain(text)}"
    yield ""
    verdict = wording.verdict(checked, lang)
    if verdict is None:
        yield f"### {message('report.findings', lang)}{separator}{wording.counts(checked.findings, lang)}"
        yield ""
        for number, finding in enumerate(wording.by_severity(checked.findings), 1):
            yield from _finding(number, finding, checked, lang)
    else:
        yield from (f"**{verdict}**", "")
    yield from section(message("report.failures", lang), (wording.failure(item, lang) for item in checked.failures))
    yield from section(message("report.notes", lang), (wording.note(item, lang) for item in filing.notes))
    yield from section(message("model.note", lang), model.filing_lines(checked, lang))
    if view.quiet:
        yield from _comparison(checked, lang, view)
        yield from (wording.coverage(checked, lang), "")
        return
    doubts = (wording.doubt(item, filing, lang) for item in filing.doubts)
    yield from section(message("report.doubts", lang), doubts)
    waived = (wording.waived(finding, waiver, lang) for finding, waiver in checked.waived)
    yield from section(message("report.waived", lang), waived)
    if view.verbose and checked.claims:
        yield from (f"### {message('report.claims', lang)}", "")
        yield from table(wording.claim_heads(lang), wording.claim_rows(checked, lang))
        yield ""
    yield from _comparison(checked, lang, view)
    yield from (wording.coverage(checked, lang), "")


def _comparison(checked: Checked, lang: str, view: View) -> Iterator[str]:
    if view.compare and checked.advice is not None:
        for heading, heads, rows in model.comparison(checked, lang):
            yield from (f"### {heading}", "", *table(heads, rows), "")


def _finding(number: int, finding: Finding, checked: Checked, lang: str) -> Iterator[str]:
    severity = message(f"severity.{finding.severity.label}", lang)
    yield f"{number}. **{severity} {finding.rule}** {plain(finding.message + model.by_model(finding, lang))}"
    yield ""
    sides = wording.sides(finding, checked.filing, lang)
    for side in sides:
        quotes = "；".join(plain(wording.shortened(quote, _QUOTE_LIMIT)) for quote in side.quotes)
        yield f"   - {plain(side.place)}{message('label.separator', lang)}{quotes}"
    yield ""
    yield f"   {plain(message('report.suggestion', lang, text=finding.suggestion))}"
    yield (
        f"   ({message('label.finding', lang)} `{finding.id}`)"
        if lang == "en"
        else (f"   （{message('label.finding', lang)} `{finding.id}`）")
    )
    yield ""


def render_parsed(readings: Readings) -> str:
    """The filings as read."""
    return encodable("\n".join(_parsed_lines(readings)) + "\n")


def _parsed_lines(readings: Readings) -> Iterator[str]:
    lang = readings.lang
    yield from (f"# {message('parse.title', lang)}", "")
    for filing in readings.filings:
        yield from (f"## {plain(wording.title(filing, lang))}", "")
        for label, text in parsed.head(filing, lang):
            yield f"- {plain(label)}{message('label.separator', lang)}{plain(text)}"
        yield ""
        for label, text in parsed.texts(filing, lang):
            yield from (f"### {label}", "", plain(text), "")
        for key, read in (("parse.funds", parsed.funds), ("parse.indicators", parsed.indicators)):
            heads, rows = read(filing, lang)
            yield from (f"### {message(key, lang)}", "")
            yield from table(heads, rows)
            yield ""
        yield from section(message("report.notes", lang), (wording.note(item, lang) for item in filing.notes))
        yield from section(message("report.doubts", lang), parsed.doubts(filing, lang))
    for heading, items in parsed.problems(readings):
        yield from section(heading, items)
    yield from ("---", "", readings.summary)
