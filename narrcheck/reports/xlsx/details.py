"""The sheets about what was not certain, what was not read, and what became of an earlier report's findings."""

from collections.abc import Iterator

from narrcheck.filing import Checked, Filing, Report
from narrcheck.reports import changes, model, wording
from narrcheck.reports.wording import shown
from narrcheck.reports.xlsx.table import Book, Column, Table, Value
from narrcheck.resubmitted import Change, Resubmission, State

_SHOWN: tuple[State, ...] = ("changed", "unknown", "settled", "resolved")


def doubts(book: Book, report: Report) -> None:
    """Cells in doubt, how a filing was read, rules that failed, and what the model did not do."""
    columns = [Column("kind", 14), Column("project", 26), Column("unit", 18), Column("told", 90), Column("source", 34)]
    table = Table(book, "doubts", columns)
    for checked in report.filings:
        filing = checked.filing
        for kind, told in _doubts(checked, book.lang):
            table.add(book.say(f"kind.{kind}"), shown(filing.project or ""), shown(filing.unit or ""), told,
                      book.source(filing))  # fmt: skip
    table.close()


def _doubts(checked: Checked, lang: str) -> Iterator[tuple[str, str]]:
    filing = checked.filing
    yield from (("doubt", wording.doubt(item, filing, lang)) for item in filing.doubts)
    yield from (("note", wording.note(item, lang)) for item in filing.notes)
    yield from (("failure", wording.failure(item, lang)) for item in checked.failures)
    yield from (("model", line) for line in model.filing_lines(checked, lang))


def unread(book: Book, report: Report) -> None:
    """What could not be read, what was left out, and the waivers that covered nothing."""
    table = Table(book, "unread", [Column("kind", 14), Column("path", 40), Column("told", 80), Column("code", 20)])
    for problem in report.errors:
        table.add(book.say("what.unread"), shown(problem.path), shown(problem.message), problem.code)
    for skipped in report.skipped:
        table.add(book.say("what.skipped"), shown(skipped.path), wording.skipped(skipped, book.lang), None)
    for waiver in report.unused_waivers:
        table.add(book.say("what.unused"), None, wording.unused_waiver(waiver, book.lang), None)
    table.close()


def compared(book: Book, report: Report, resubmission: Resubmission) -> None:
    """The findings of the earlier report that are gone, settled, changed or cannot be told of, with what stands there
    now; filings that are missing; what else differs between the two runs."""
    columns = [
        Column("state", 14), Column("project", 24), Column("unit", 16), Column("severity", 7), Column("rule", 6),
        Column("earlier-message", 44), Column("now", 60), Column("reason", 30), Column("id", 15), Column("source", 34),
    ]  # fmt: skip
    table = Table(book, "compared", columns, printed=8)
    for change in resubmission.filings:
        missing = change.position is None
        filing = change.earlier if change.position is None else report.filings[change.position].filing
        if filing is None:
            continue
        if missing:
            table.add(book.say("what.missing"), *_named(filing), None, None, None, None, None, None,
                      book.source(filing))  # fmt: skip
        for one in change.of(*_SHOWN):
            table.add(*_change(book, one, filing))
    for remark in resubmission.remarks:
        table.add(book.say("what.remark"), None, None, None, None, None, None, shown(remark), None, None)
    table.close()


def _named(filing: Filing) -> tuple[str, str]:
    return shown(filing.project or ""), shown(filing.unit or "")


def _change(book: Book, change: Change, filing: Filing) -> Iterator[Value]:
    lang = book.lang
    earlier = change.earlier
    assert earlier is not None  # only a new finding has none
    yield from (changes.state(change, lang), *_named(filing), earlier.severity, earlier.rule, shown(earlier.message))
    yield "\n".join(changes.now_says(place, lang) for place in change.places)
    yield from (shown(change.reason), earlier.id, book.source(filing))
