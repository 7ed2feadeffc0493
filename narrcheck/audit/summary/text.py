"""The summary as text: short for a screen, whole as a Markdown document."""

from collections.abc import Iterator
from dataclasses import replace

from narrcheck.audit.summary import wording
from narrcheck.audit.summary.model import Figures
from narrcheck.audit.summary.sections import Cell, Lines, Linked, Section, Table, note, sections
from narrcheck.reports import View, markdown, terminal
from narrcheck.reports.encoding import encodable

_SHORT = ("overview", "findings", "first")
_TABLES = 2
_ROWS = 10


def render(figures: Figures, view: View, lang: str, short: bool) -> str:
    """Markdown, or the screen where `view` says so; `short` keeps what was audited, the rules and the first filings."""
    parts = sections(figures, lang)
    if short:
        parts = tuple(_shortened(part, lang) for part in parts if part.name in _SHORT)
    text = _screen(parts, view, lang) if view.format == "terminal" else _document(parts, lang)
    return f"{text.rstrip()}\n\n{wording.say('short', lang)}\n" if short else text


def _shortened(part: Section, lang: str) -> Section:
    lines = part.lines[:_TABLES] if part.name == "findings" else part.lines
    tables = part.tables[:1] if part.name == "findings" else part.tables[:_TABLES]
    if part.name == "findings":
        return replace(part, lines=lines, tables=tables)
    return replace(part, lines=lines, tables=tuple(_top(table, lang) for table in tables))


def _top(table: Table, lang: str) -> Table:
    """The first rows of a list; tables of facts, which have no heading for a list, stay whole."""
    left = len(table.rows) - _ROWS
    if left <= 0 or table.heads[0] == wording.say("item", lang):
        return table
    return replace(table, rows=table.rows[:_ROWS], note=note(left, lang))


def _document(parts: tuple[Section, ...], lang: str) -> str:
    return encodable("\n".join(_lines(parts, lang)) + "\n")


def _lines(parts: tuple[Section, ...], lang: str) -> Iterator[str]:
    yield from (f"# {wording.say('title', lang)}", "")
    for part in parts:
        yield from (f"## {markdown.plain(part.title)}", "")
        for line in part.lines:
            yield from (markdown.plain(line), "")
        for table in part.tables:
            if table.title:
                yield from (f"### {markdown.plain(table.title)}", "")
            yield from markdown.table(table.heads, (map(_text, row) for row in table.rows))
            yield ""
            if table.note:
                yield from (markdown.plain(table.note), "")


def _screen(parts: tuple[Section, ...], view: View, lang: str) -> str:
    page = terminal.Page(view.width, view.color)
    page.line(wording.say("title", lang), "bold underline")
    for part in parts:
        page.line("")
        page.line(part.title, "bold")
        for line in part.lines:
            page.line(line)
        for table in part.tables:
            page.line("")
            if table.title:
                page.line(table.title, "bold")
            page.add(terminal.columns(table.heads, (map(_text, row) for row in table.rows)))
            if table.note:
                page.line(table.note, "dim")
    return page.text()


def _text(cell: Cell) -> str:
    if isinstance(cell, Lines):
        return " / ".join(map(_text, cell.items))
    if isinstance(cell, Linked):
        return cell.text
    return wording.count(cell) if isinstance(cell, int) else cell
