"""The report as Markdown: a document that a reviewer can hand back to the filer."""

import re
from collections.abc import Iterable, Iterator, Sequence

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Finding, Report
from narrcheck.reports import View, changes, model, parsed, wording
from narrcheck.reports.encoding import encodable
from narrcheck.reports.parsed import Readings
from narrcheck.resubmitted import Change, FilingChange

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


def _items(heading: str, items: Sequence[changes.Item]) -> Iterator[str]:
    """A heading with a list, and further lines below each of its lines; nothing where the list is empty."""
    for number, (line, below) in enumerate(items):
        if number == 0:
            yield from (f"### {heading}", "")
        yield from (f"- {plain(line)}", *(f"  - {plain(part)}" for part in below))
    if items:
        yield ""


def _lines(report: Report, view: View) -> Iterator[str]:
    lang, quiet = report.lang, view.quiet
    yield f"# {message('report.title', lang)}"
    yield ""
    if not quiet:
        mode = message(f"mode.{report.mode}", lang)
        yield message("report.run", lang, version=report.version, profile=report.profile, mode=mode)
        yield ""
    since = changes.by_position(report)
    for position, checked in enumerate(report.filings):
        change = since.get(position)
        dull = wording.looks_clean(checked) and not checked.failures and (change is None or not change.changes)
        if not quiet or not dull:
            yield from _filing(checked, change, lang, view)
        else:
            separator = message("label.separator", lang)
            yield from (f"{plain(wording.title(checked.filing, lang))}{separator}{wording.coverage(checked, lang)}", "")
    yield from _since(report)
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


def _since(report: Report) -> Iterator[str]:
    """What the comparison with the earlier report says of the whole run."""
    told, lang = report.resubmission, report.lang
    if told is None:
        return
    yield from _items(message("resubmission.missing", lang), [*changes.missing(told, lang)])
    yield from section(message("resubmission.remarks", lang), told.remarks)
    yield from (f"**{plain(changes.total(report))}**", "")


def _filing(checked: Checked, change: FilingChange | None, lang: str, view: View) -> Iterator[str]:
    filing = checked.filing
    yield f"## {plain(wording.title(filing, lang))}"
    yield ""
    separator = message("label.separator", lang)
    for key, text in wording.head(filing, lang):
        yield f"- {message(f'label.{key}', lang)}{separator}{plain(text)}"
    yield from () if change is None else (f"- {plain(line)}" for line in changes.since(change, lang))
    yield ""
    verdict, by_finding = wording.verdict(checked, lang), {} if change is None else change.by_finding
    if verdict is None:
        yield f"### {message('report.findings', lang)}{separator}{wording.counts(checked.findings, lang)}"
        yield ""
        for number, finding in enumerate(wording.by_severity(checked.findings), 1):
            yield from _finding(number, finding, checked, by_finding.get(finding.id), lang)
    else:
        yield from (f"**{verdict}**", "")
    for heading, items in changes.sections(change, lang, *changes.GONE):
        yield from _items(heading, items)
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
    dismissed = (changes.dismissed(finding, decision, lang) for finding, decision in checked.dismissed)
    yield from section(message("report.dismissed", lang), dismissed)
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


def _finding(number: int, finding: Finding, checked: Checked, change: Change | None, lang: str) -> Iterator[str]:
    severity = message(f"severity.{finding.severity.label}", lang)
    label = plain(f"{severity} {finding.rule}{changes.tag(change, lang)}")
    yield f"{number}. **{label}** {plain(finding.message + model.by_model(finding, lang))}"
    yield ""
    sides = wording.sides(finding, checked.filing, lang)
    for side in sides:
        quotes = "；".join(plain(wording.shortened(quote, _QUOTE_LIMIT)) for quote in side.quotes)
        yield f"   - {plain(side.place)}{message('label.separator', lang)}{quotes}"
    yield ""
    yield f"   {plain(message('report.suggestion', lang, text=finding.suggestion))}"
    for line in changes.beside(finding, checked, change, lang):
        yield from ("", f"   {plain(line)}")
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
