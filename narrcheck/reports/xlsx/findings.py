"""The sheets with one row a finding: those that stand, with room for the reply, and those that were settled."""

from collections.abc import Iterable, Iterator

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Decided, Finding, Report, Waiver
from narrcheck.reports import changes, model, wording
from narrcheck.reports.rulename import rule_name
from narrcheck.reports.wording import shown
from narrcheck.reports.xlsx.table import Book, Column, Table, Value
from narrcheck.resubmitted import Change

_QUOTE_LIMIT = 400


def findings(book: Book, report: Report) -> None:
    """One row a finding, with both sides, and blank columns for the unit's reply and the reviewer's conclusion. What
    does not fit on paper in a size that can be read stands behind, on the screen only."""
    compared = [Column("change", 10)] if report.resubmission is not None else []
    printed = [
        Column("number", 6), Column("severity", 7), Column("rule", 6), Column("project", 18), Column("unit", 14),
        Column("year", 6), Column("message", 36), Column("side", 32), Column("other-side", 32),
        Column("suggestion", 24), *compared, Column("reply", 22), Column("conclusion", 14),
    ]  # fmt: skip
    behind = [
        Column("decision", 24), Column("rule-name", 26), Column("place", 24), Column("source", 34), Column("id", 15),
    ]  # fmt: skip
    table = Table(book, "findings", [*printed, *behind], printed=len(printed))
    number = 0
    for position, checked in enumerate(report.filings):
        known = report.resubmission.filing(position) if report.resubmission is not None else None
        states = {key: _state(change, book.lang) for key, change in known.by_finding.items()} if known else {}
        for finding in wording.by_severity(checked.findings):
            number += 1
            state = [states.get(finding.id)] if compared else []
            table.add(number, *_finding(book, finding, checked, state))
    table.close()


def _state(change: Change, lang: str) -> str:
    """The state of a finding that stands, and what there is to say of it."""
    return "\n".join(filter(None, (changes.state(change, lang), shown(change.reason))))


def _finding(book: Book, finding: Finding, checked: Checked, state: list[str | None]) -> Iterator[Value]:
    filing, lang = checked.filing, book.lang
    yield from (finding.severity, finding.rule, shown(filing.project or ""), shown(filing.unit or ""), filing.year)
    yield shown(finding.message + model.by_model(finding, lang))
    first, *others = _sides(finding, checked, lang) or [""]
    yield from (first, "\n".join(others), shown(finding.suggestion), *state, None, None)
    decision = checked.confirmed.get(finding.id)
    yield changes.confirmed(decision, lang) if decision else None
    yield rule_name(finding.rule, lang)
    spots = (wording.spot(piece.spot, lang) for piece in finding.evidence if piece.spot is not None)
    yield "\n".join(dict.fromkeys(spots))
    yield from (book.source(filing), finding.id)


def _sides(finding: Finding, checked: Checked, lang: str) -> list[str]:
    """The evidence by place, each with its quotes; where all stands in one place, its first quote on its own."""
    sides = wording.sides(finding, checked.filing, lang)
    if len(sides) == 1:
        place, (first, *others) = sides[0].place, sides[0].quotes
        return [_side(place, some, lang) for some in ((first,), tuple(others)) if some]
    return [_side(side.place, side.quotes, lang) for side in sides]


def _side(place: str, quotes: Iterable[str], lang: str) -> str:
    told = message("xlsx.between-quotes", lang).join(wording.shortened(quote, _QUOTE_LIMIT) for quote in quotes)
    return f"{place}{message('label.separator', lang)}{told}"


def decisions(book: Book, report: Report) -> None:
    """The findings that were waived, judged to be none, or confirmed: by whom, why, until or since when."""
    columns = [
        Column("kind", 12), Column("severity", 7), Column("rule", 6), Column("project", 18), Column("unit", 14),
        Column("message", 36), Column("evidence", 36), Column("who", 10), Column("why", 28), Column("when", 20),
        Column("id", 15), Column("source", 34),
    ]  # fmt: skip
    table = Table(book, "decisions", columns, printed=10)
    for checked in report.filings:
        for kind, finding, decided in _decided(checked):
            table.add(*_decision(book, kind, finding, decided, checked))
    table.close()


def _decided(checked: Checked) -> Iterator[tuple[str, Finding, Waiver | Decided]]:
    yield from (("waived", finding, waiver) for finding, waiver in checked.waived)
    yield from (("dismissed", finding, decided) for finding, decided in checked.dismissed)
    for finding in checked.findings:
        if finding.id in checked.confirmed:
            yield "confirmed", finding, checked.confirmed[finding.id]


def _decision(book: Book, kind: str, finding: Finding, decided: Waiver | Decided, checked: Checked) -> Iterator[Value]:
    filing, lang = checked.filing, book.lang
    yield from (book.say(f"what.{kind}"), finding.severity, finding.rule)
    yield from (shown(filing.project or ""), shown(filing.unit or ""), shown(finding.message))
    yield "\n".join(_sides(finding, checked, lang))
    yield from (shown(decided.who), shown(decided.why))
    if isinstance(decided, Decided):
        yield shown(decided.at)
    else:
        yield book.say("until", until=shown(str(decided.until))) if decided.until else None
    yield from (finding.id, book.source(filing))
