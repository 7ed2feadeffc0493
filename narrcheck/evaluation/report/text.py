"""A report of an evaluation for the screen, and as Markdown for a pull request."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape

from rich.cells import cell_len
from rich.table import Table as RichTable

from narrcheck.evaluation.report.document import Document, Entry, Listing, Section, Table
from narrcheck.evaluation.report.wording import files, place, say
from narrcheck.reports import View
from narrcheck.reports.encoding import encodable
from narrcheck.reports.markdown import plain, table
from narrcheck.reports.terminal import Page, columns
from narrcheck.reports.wording import shortened, shown

_SCREEN, _DOCUMENT, _MORE = 10, 50, 3
_TEXT, _QUOTE, _QUOTES = 160, 80, 3
_ROOM = 88
_BAR = len(" │ ")
_FIRST = 16


def screen(document: Document, view: View, lang: str) -> str:
    """The report for a screen; what is listed is bounded unless `view` is verbose, and what Markdown folds is left out
    where it is quiet."""
    page = Page(view.width, view.color)
    page.line(document.title, "bold underline")
    for at, line in enumerate(document.lead):
        page.line(line, "bold" if at == 0 else "")
    for section in document.sections:
        if not (view.quiet and section.folded):
            _screen_section(page, section, None if view.verbose else _limit(section, _SCREEN), lang)
    return page.text()


def _screen_section(page: Page, section: Section, limit: int | None, lang: str) -> None:
    page.line("")
    page.line(section.title, "bold")
    for line in section.lines[:limit]:
        page.line(line)
    if limit is not None and len(section.lines) > limit:
        page.line(say("more", lang, count=len(section.lines) - limit), "dim")
    for one in section.tables:
        screen_table(page, one)
    for listed in section.listings:
        page.line("")
        page.line(listed.title, "bold")
        _screen_listing(page, listed, limit, lang)


def screen_table(page: Page, one: Table) -> None:
    """A table; where there is no room for it, row by row with the heads before the cells."""
    if one.title:
        page.line("")
        page.line(one.title, "bold")
    if fits(one, page.width):
        page.add(_columns(one))
    else:
        for row in one.rows:
            page.line(row[0], "bold")
            cells = (f"{head} {cell}" for head, cell in zip(one.heads[1:], row[1:], strict=True))
            page.line(" · ".join(cells), indent=2)
    if one.note and one.rows:
        page.line(one.note, "dim")


def fits(one: Table, width: int) -> bool:
    """Whether a table has room; its first column can be narrowed."""
    first, *others = (max(map(cell_len, column)) for column in zip(one.heads, *one.rows, strict=True))
    return min(first, _FIRST) + sum(others) + _BAR * len(others) <= width


def _columns(one: Table) -> RichTable:
    made = columns(one.heads, one.rows)
    for at in one.numeric:
        made.columns[at].no_wrap = True
        made.columns[at].justify = "right"
    return made


def _screen_listing(page: Page, listed: Listing, limit: int | None, lang: str) -> None:
    entries = listed.entries[:limit]
    if not entries:
        page.line(say("none", lang), "dim")
    elif page.width >= _ROOM:
        page.add(columns(_heads(lang), (_cells(entry, lang) for entry in entries)))
    else:
        for entry in entries:
            state, what, file, text, quotes = _cells(entry, lang)
            page.line(f"- {what} · {state} · {file}")
            for line in (text, quotes):
                if line:
                    page.line(line, indent=2)
    if left := _left(listed, limit):
        page.line(say("more", lang, count=left), "dim")


def _left(listed: Listing, limit: int | None) -> int:
    """How many items are beyond the limit; an entry may stand for several files."""
    return 0 if limit is None else sum(len(entry.files) for entry in listed.entries[limit:])


def _heads(lang: str) -> list[str]:
    return [say(f"head.{head}", lang) for head in ("state", "what", "file", "text", "quotes")]


def _cells(entry: Entry, lang: str) -> tuple[str, str, str, str, str]:
    text = shortened(shown(entry.text), _TEXT)
    return entry.state, entry.kind, files(entry), text, say("stop", lang).join(_quotes(entry, lang))


def _quotes(entry: Entry, lang: str) -> Iterator[str]:
    """The first quotes with their places, each once."""
    told = dict.fromkeys((place(quote, lang), shortened(shown(quote.quote), _QUOTE)) for quote in entry.quotes)
    for where, quote in list(told)[:_QUOTES]:
        if where and quote:
            yield say("quote", lang, place=where, quote=quote)
        elif where or quote:
            yield where or quote
    if len(told) > _QUOTES:
        yield say("quotes-more", lang, count=len(told) - _QUOTES)


def markdown(document: Document, view: View, lang: str) -> str:
    """The report as Markdown; long parts are folded, or left out where `view` is quiet; what is listed is bounded
    unless it is verbose."""
    sections = tuple(one for one in document.sections if not (view.quiet and one.folded))
    return encodable("\n".join(_lines(replace(document, sections=sections), view.verbose, lang)).rstrip() + "\n")


def _limit(section: Section, usual: int) -> int:
    """How much is listed; what was won and lost matters more than what is as it was."""
    return _MORE * usual if section.name == "changes" else usual


def _lines(document: Document, verbose: bool, lang: str) -> Iterator[str]:
    yield from (f"# {plain(document.title)}", "")
    for at, line in enumerate(document.lead):
        yield from (f"**{plain(line)}**" if at == 0 else plain(line), "")
    for section in document.sections:
        if section.folded:
            yield from (f"<details><summary>{escape(section.title)}</summary>", "")
        else:
            yield from (f"## {plain(section.title)}", "")
        yield from _section(section, None if verbose else _limit(section, _DOCUMENT), lang)
        if section.folded:
            yield from ("</details>", "")


def _section(section: Section, limit: int | None, lang: str) -> Iterator[str]:
    for line in section.lines[:limit]:
        yield from (plain(line), "")
    if limit is not None and len(section.lines) > limit:
        yield from (say("more", lang, count=len(section.lines) - limit), "")
    for one in section.tables:
        yield from markdown_table(one)
    for listed in section.listings:
        yield from (f"### {plain(listed.title)}", "")
        yield from _listing(listed, limit, lang)


def markdown_table(one: Table) -> Iterator[str]:
    """A table with its heading and note."""
    if one.title:
        yield from (f"### {plain(one.title)}", "")
    yield from (*table(one.heads, one.rows), "")
    if one.note and one.rows:
        yield from (plain(one.note), "")


def _listing(listed: Listing, limit: int | None, lang: str) -> Iterator[str]:
    if not listed.entries:
        yield from (say("none", lang), "")
        return
    yield from (*table(_heads(lang), (_cells(entry, lang) for entry in listed.entries[:limit])), "")
    if left := _left(listed, limit):
        yield from (say("more", lang, count=left), "")
