"""The summary as a workbook: the sections on one sheet, then every filing, every finding, and what was not read."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from narrcheck.audit import schema
from narrcheck.audit.summary import links, wording
from narrcheck.audit.summary.figures import trouble, troubles
from narrcheck.audit.summary.found import (
    AT_ONCE,
    FILED,
    by_file,
    current,
    filed,
    filings,
)
from narrcheck.audit.summary.listed import all_findings, waiver_text
from narrcheck.audit.summary.model import Figures, Filed
from narrcheck.audit.summary.ranking import scored
from narrcheck.audit.summary.sections import Lines, Linked, Section, sections, trouble_reason
from narrcheck.audit.summary.sheets import Formats, Pages, Value, Writer
from narrcheck.audit.summary.wording import say
from narrcheck.catalogue import message
from narrcheck.reading.package import AUTHOR
from narrcheck.reports.rulename import rule_name
from narrcheck.reports.wording import shown
from narrcheck.reports.workbooks import OPTIONS, ROWS, for_print

_CENTS = 1_000_000  # 分 in 万元
_EXACT = 15  # digits of a number that a workbook keeps


def write(connection: Connection, figures: Figures, path: Path, lang: str, base: Path, rows: int = ROWS) -> None:
    """Write the workbook to `path`, row by row; links start from the folder `base`, a sheet holds `rows` rows. The
    figures were drawn over the same connection, so that all sheets tell of one state of the store.

    OSError, XlsxWriter's FileCreateError.
    """
    from xlsxwriter import Workbook

    options = {"constant_memory": True, **OPTIONS}
    with Workbook(str(path), options) as book:
        book.set_properties({"author": AUTHOR})
        formats = Formats(book, lang, base)
        _summary(formats, sections(figures, lang))
        _filings(connection, formats, rows)
        _findings(connection, formats, rows)
        _unread(connection, formats, rows)


def _summary(formats: Formats, parts: tuple[Section, ...]) -> None:
    sheet = formats.book.add_worksheet(say("sheet.summary", formats.lang))
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 10, 18)
    for_print(sheet)
    writer = Writer(formats, sheet)
    writer.cell(0, 0, say("title", formats.lang), formats.title)
    for row, cells in enumerate(_lines(parts), 2):
        for column, (value, kind) in enumerate(cells):
            writer.cell(row, column, value, getattr(formats, kind) if kind else None)


def _lines(parts: tuple[Section, ...]) -> Iterator[list[tuple[Value, str]]]:
    """The rows of the summary sheet: values, each with the format it has beside that of its type."""
    for part in parts:
        yield [(part.title, "title")]
        for line in part.lines:
            yield [(line, "count")]
        for table in part.tables:
            yield []
            if table.title:
                yield [(table.title, "bold")]
            yield [(head, "head") for head in table.heads]
            for row in table.rows:
                yield [(_value(cell), "") for cell in row]
            if table.note:
                yield [(table.note, "count")]
        yield []


def _value(cell: Any) -> Value:
    """A cell of the summary; several links become lines of text."""
    if not isinstance(cell, Lines):
        value: Value = cell
        return value
    if len(cell.items) == 1:
        return cell.items[0]
    return "\n".join(item.text if isinstance(item, Linked) else item for item in cell.items)


def _filings(connection: Connection, formats: Formats, rows: int) -> None:
    lang, score = formats.lang, scored().subquery()
    widths = {"file": 40, "column.project": 36, "unit": 28, "department": 24, "column.checked-at": 21}
    keys = (
        "file", "column.number", "column.form", "year", "department", "unit", "column.project", "column.money-budget",
        "column.money-executed", "column.total-score", "column.grade", "column.claims", "column.linked",
        "column.checked", "column.doubtful", "errors", "warnings", "info", "column.across", "score",
        "column.degraded", "column.checked-at",
    )  # fmt: skip
    sheet = Pages(formats, "filings", [(say(key, lang), widths.get(key, 12)) for key in keys], rows)
    counts = (score.c.errors, score.c.warnings, score.c.info, score.c.across)
    told = ("budget", "executed", "total_score", "grade", "claimed", "linked", "checked", "doubtful_cells",
            "degraded")  # fmt: skip
    query = current(*FILED, *(filings.c[name] for name in told), schema.files.c.checked_at, *counts, score.c.tenths)
    query = query.outerjoin(score, score.c.filing_id == filings.c.id).order_by(*by_file(connection))
    for row in connection.execute(query.execution_options(yield_per=AT_ONCE)):
        sheet.add(*_of_filing(row, lang))
    sheet.close()


def _of_filing(row: Any, lang: str) -> Iterator[Value]:
    item = filed(row)
    yield from (_file(item), item.number, message(f"form.{row.form}", lang), item.year)
    yield from map(_text, (item.department, item.unit, item.project))
    yield from (_money(row.budget), _money(row.executed), _number(row.total_score), _text(row.grade))
    yield from (row.claimed, row.linked, row.checked, row.doubtful_cells)
    yield from (int(count or 0) for count in (row.errors, row.warnings, row.info, row.across))
    yield from (int(row.tenths or 0) / 10, say("yes", lang) if row.degraded else None, row.checked_at)


def _file(item: Filed) -> Linked:
    return Linked(links.path(item.place), item.place)


def _text(text: str | None) -> str | None:
    return shown(text) if text else None


def _money(cents: int | None) -> float | None:
    return None if cents is None else cents / _CENTS


def _number(text: str | None) -> Value:
    """A printed decimal as a number, as text where a workbook would lose digits of it."""
    exact = text is not None and sum(map(str.isdigit, text)) <= _EXACT
    return float(Decimal(text)) if text and exact else text


def _findings(connection: Connection, formats: Formats, rows: int) -> None:
    lang = formats.lang
    widths = {
        "column.finding": 16, "rule": 7, "rule-name": 26, "column.message": 60, "column.suggestion": 40, "file": 40,
        "column.other-file": 40, "column.other-project": 36, "column.project": 36, "unit": 28, "department": 24,
        "column.decided-why": 30, "column.waiver": 30,
    }  # fmt: skip
    keys = (
        "column.finding", "rule", "rule-name", "severity", "year", "department", "unit", "column.project",
        "column.message", "column.suggestion", "file", "column.other-file", "column.other-project", "column.state",
        "column.who", "column.decided-why", "column.waiver",
    )  # fmt: skip
    sheet = Pages(formats, "findings", [(say(key, lang), widths.get(key, 10)) for key in keys], rows)
    for item, others, row in all_findings(connection):
        sheet.add(*_of_finding(item, others, row, lang))
    sheet.close()


def _of_finding(item: Filed | None, others: list[Filed], row: Any, lang: str) -> Iterator[Value]:
    yield from (row.finding, row.rule, rule_name(row.rule, lang), wording.severity(row.severity, lang))
    yield from (item.year, *map(_text, (item.department, item.unit, item.project))) if item else (None,) * 4
    yield from (_text(row.message), _text(row.suggestion), _file(item) if item else None)
    yield _file(others[0]) if others else None
    yield "\n".join(wording.title(other, lang) for other in others) or None
    yield from (say(row.state, lang), _text(row.who), _text(row.why))
    yield waiver_text(row.waiver, lang)


def _unread(connection: Connection, formats: Formats, rows: int) -> None:
    lang = formats.lang
    columns = [
        (say("column.kind", lang), 12), (say("file", lang), 60), (say("reason", lang), 80),
        (say("column.code", lang), 18),
    ]  # fmt: skip
    sheet = Pages(formats, "unread", columns, rows)
    for kind in ("unread", "skipped"):
        query = troubles(connection, kind).execution_options(yield_per=AT_ONCE)
        for item in map(trouble, connection.execute(query)):
            file = Linked(shown(item.path), item.place)
            sheet.add(say(f"kind.{kind}", lang), file, trouble_reason(item, lang), item.code)
    sheet.close()
