"""The report for a screen: columns aligned for wide characters, quote and row side by side, colour where wanted."""

import io
from collections.abc import Iterable

from rich.box import Box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Finding, Report
from narrcheck.reports import View, changes, model, parsed, wording
from narrcheck.reports.encoding import encodable
from narrcheck.reports.parsed import Readings
from narrcheck.reports.wrapping import wrap
from narrcheck.resubmitted import Change, FilingChange

_STYLES = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}
_BAR = "  │ \n"
_NONE = "    \n"
_COLUMNS = Box(_NONE + _BAR + "──┼─\n" + _BAR + "──┼─\n" + "──┼─\n" + _BAR + _NONE)
_NARROW = 64
_QUOTE_LIMIT = 240
_INDENT = 3


def render(report: Report, view: View) -> str:
    """The whole run; `quiet` leaves findings and coverage, `verbose` adds the claims."""
    page, quiet, since = Page(view.width, view.color), view.quiet, changes.by_position(report)
    for position, checked in enumerate(report.filings):
        change = since.get(position)
        dull = wording.looks_clean(checked) and not checked.failures and (change is None or not change.changes)
        if not quiet or not dull:
            _filing(page, checked, change, report.lang, view)
        else:
            separator = message("label.separator", report.lang)
            title = wording.title(checked.filing, report.lang)
            page.line(f"{title}{separator}{wording.coverage(checked, report.lang)}", "dim")
    _since(page, report)
    if not quiet:
        _run(page, report)
    return page.text()


class Page:
    """A screen page that is written from top to bottom."""

    def __init__(self, width: int, color: bool) -> None:
        self.width = width
        self._out = io.StringIO()
        self._console = Console(
            file=self._out,
            width=width,
            force_terminal=color,
            color_system="standard" if color else None,
            legacy_windows=False,
            markup=False,
            highlight=False,
            emoji=False,
        )

    def add(self, *items: RenderableType, indent: int = 0) -> None:
        """Write the items below each other."""
        for item in items:
            self._console.print(Padding(item, (0, 0, 0, indent)) if indent else item)

    def line(self, text: str, style: str = "", indent: int = 0) -> None:
        """Write a text, broken into lines where it is too wide."""
        self.add(Text(wrap(text, self.width - indent), style=style), indent=indent)

    def section(self, heading: str, lines: Iterable[str], style: str = "") -> None:
        """A heading with lines below it; nothing where there are no lines."""
        for number, line in enumerate(lines):
            if number == 0:
                self.line(heading, "bold")
            self.line(f"- {line}", style, _INDENT)

    def items(self, heading: str, items: Iterable[changes.Item], style: str = "") -> None:
        """A heading with lines below it, and further lines below each; nothing where there are none."""
        for number, (line, below) in enumerate(items):
            if number == 0:
                self.line(heading, "bold")
            self.line(f"- {line}", style, _INDENT)
            for part in below:
                self.line(part, "dim", 2 * _INDENT)

    def text(self) -> str:
        """What was written, without trailing blanks."""
        lines = (line.rstrip() for line in self._out.getvalue().splitlines())
        return encodable("\n".join(lines) + "\n")


def columns(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """A table of plain texts with a line below its heads."""
    table = Table(box=_COLUMNS, show_edge=False, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(Text(head), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _filing(page: Page, checked: Checked, change: FilingChange | None, lang: str, view: View) -> None:
    filing = checked.filing
    page.line(wording.title(filing, lang), "bold underline")
    page.line(wording.source(filing, lang), "dim")
    for line in () if change is None else changes.since(change, lang):
        page.line(line, "bold")
    verdict = wording.verdict(checked, lang)
    if verdict is not None:
        page.line(verdict, "green" if wording.looks_clean(checked) else "bold yellow")
    by_finding = {} if change is None else change.by_finding
    for finding in wording.by_severity(checked.findings):
        page.add(Text())
        _finding(page, finding, checked, by_finding.get(finding.id), lang)
    for heading, items in changes.sections(change, lang, *changes.GONE):
        page.add(Text())
        page.items(heading, items)
    page.section(message("report.failures", lang), (wording.failure(item, lang) for item in checked.failures), "red")
    if not view.quiet:
        page.add(Text())
        _context(page, checked, lang, view)
    else:
        page.section(message("report.notes", lang), (wording.note(item, lang) for item in filing.notes), "yellow")
        page.section(message("model.note", lang), model.filing_lines(checked, lang), "yellow")
        _comparison(page, checked, lang, view)
        page.line(wording.coverage(checked, lang), "dim")
    page.add(Text())


def _context(page: Page, checked: Checked, lang: str, view: View) -> None:
    """Everything about a filing that is no finding."""
    filing = checked.filing
    page.section(message("report.notes", lang), (wording.note(item, lang) for item in filing.notes), "yellow")
    page.section(message("model.note", lang), model.filing_lines(checked, lang), "yellow")
    page.section(message("report.doubts", lang), (wording.doubt(item, filing, lang) for item in filing.doubts))
    waived = (wording.waived(finding, waiver, lang) for finding, waiver in checked.waived)
    page.section(message("report.waived", lang), waived)
    dismissed = (changes.dismissed(finding, decision, lang) for finding, decision in checked.dismissed)
    page.section(message("report.dismissed", lang), dismissed)
    if view.verbose and checked.claims:
        page.add(Text(message("report.claims", lang), style="bold"))
        page.add(columns(wording.claim_heads(lang), wording.claim_rows(checked, lang)), indent=_INDENT)
    _comparison(page, checked, lang, view)
    page.line(wording.coverage(checked, lang), "dim")


def _comparison(page: Page, checked: Checked, lang: str, view: View) -> None:
    if view.compare and checked.advice is not None:
        for heading, heads, rows in model.comparison(checked, lang):
            page.add(Text(heading, style="bold"))
            page.add(columns(heads, rows), indent=_INDENT)


def _finding(page: Page, finding: Finding, checked: Checked, change: Change | None, lang: str) -> None:
    severity = finding.severity.label
    label = f"{message(f'severity.{severity}', lang)} {finding.rule}"
    remark = wording.shown(finding.message) + model.by_model(finding, lang)
    head = Text(wrap(f"{label}{changes.tag(change, lang)} {remark} [{finding.id}]", page.width))
    head.stylize(_STYLES[severity], 0, len(label))
    page.add(head)
    page.add(_sides(page, wording.sides(finding, checked.filing, lang)), indent=_INDENT)
    page.line(wording.shown(message("report.suggestion", lang, text=finding.suggestion)), indent=_INDENT)
    for line in changes.beside(finding, checked, change, lang):
        page.line(line, indent=_INDENT)


def _sides(page: Page, sides: list[wording.Side]) -> RenderableType:
    """The sides of a finding in two columns; one below the other where there is no room."""
    width = page.width - _INDENT
    if len(sides) == 1 or page.width < _NARROW:
        return Group(*(_side(side, width) for side in sides))
    cells = [_side(side, (width - len(" │ ")) // 2) for side in sides]
    table = Table(box=_COLUMNS, show_edge=False, show_header=False, pad_edge=False, expand=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for left in range(0, len(cells), 2):
        table.add_row(*cells[left : left + 2])
    return table


def _side(side: wording.Side, width: int) -> Text:
    quotes = (wrap(wording.shortened(quote, _QUOTE_LIMIT), width) for quote in side.quotes)
    return Text.assemble((wrap(side.place, width), "dim"), "\n", "\n".join(quotes))


def _since(page: Page, report: Report) -> None:
    """What the comparison with the earlier report says of the whole run."""
    told = report.resubmission
    if told is None:
        return
    lang = report.lang
    page.items(message("resubmission.missing", lang), changes.missing(told, lang), "yellow")
    page.section(message("resubmission.remarks", lang), map(wording.shown, told.remarks), "yellow")
    page.line(changes.total(report), "bold")


def _run(page: Page, report: Report) -> None:
    """What concerns the run and no single filing, and the summary."""
    lang = report.lang
    if not report.filings:
        page.line(message("report.nothing-read", lang), "bold yellow")
    page.section(message("report.errors", lang), (wording.problem(item, lang) for item in report.errors), "red")
    page.section(message("report.skipped", lang), (wording.skipped(item, lang) for item in report.skipped))
    unused = (wording.unused_waiver(waiver, lang) for waiver in report.unused_waivers)
    page.section(message("report.unused-waivers", lang), unused)
    if report.model is not None:
        for line in model.run_lines(report.model, lang):
            page.line(line, "dim")
    page.line(wording.summary(report), "bold")


def render_parsed(readings: Readings, *, width: int = 100, color: bool = False) -> str:
    """The filings as read."""
    page = Page(width, color)
    lang = readings.lang
    for filing in readings.filings:
        page.line(wording.title(filing, lang), "bold underline")
        for label, text in (*parsed.head(filing, lang), *parsed.texts(filing, lang)):
            page.line(f"{label}{message('label.separator', lang)}{wording.shown(text)}")
        for key, read in (("parse.funds", parsed.funds), ("parse.indicators", parsed.indicators)):
            page.add(Text(), Text(message(key, lang), style="bold"), columns(*read(filing, lang)))
        page.add(Text())
        page.section(message("report.notes", lang), (wording.note(item, lang) for item in filing.notes), "yellow")
        page.section(message("report.doubts", lang), parsed.doubts(filing, lang), "yellow")
        page.add(Text())
    for title, lines in parsed.problems(readings):
        page.section(title, lines)
    page.line(readings.summary, "bold")
    return page.text()
