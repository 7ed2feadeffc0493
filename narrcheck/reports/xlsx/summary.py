"""The sheets that count: the whole run, one row a filing, one row a rule."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Finding, Report
from narrcheck.reports import changes, model, wording
from narrcheck.reports.rulename import rule_name
from narrcheck.reports.wording import shown
from narrcheck.reports.xlsx.table import Book, Column, Table, Value
from narrcheck.resubmitted import Resubmission

_COVERAGE = ("numbers", "claims", "linked", "checked", "doubtful_cells")
_SEVERITIES = ("error", "warning", "info")
_Line = tuple[str, int | None, str]
"""What is counted, the count, and a remark."""


def overview(book: Book, report: Report) -> None:
    """The run: what it was made with, and all that can be counted."""
    lang = report.lang
    mode = message(f"mode.{report.mode}", lang)
    run = message("report.run", lang, version=report.version, profile=report.profile, mode=mode)
    above = (message("report.title", lang), run, wording.summary(report))
    columns = [Column("group", 20), Column("what", 40), Column("count", 10), Column("remark", 70)]
    table = Table(book, "summary", columns, above)
    for group, lines in _groups(book, report):
        for what, count, remark in lines:
            table.add(book.say(f"group.{group}"), what, count, remark)
    table.close()


def _groups(book: Book, report: Report) -> Iterator[tuple[str, Iterable[_Line]]]:
    filings, lang = report.filings, report.lang
    read: list[tuple[str, int]] = [
        ("filings", len(filings)),
        ("with-findings", sum(bool(item.findings) for item in filings)),
        ("agreeing", sum(wording.looks_clean(item) for item in filings)),
    ]
    yield "filings", _counted(book, read)
    counts = wording.count_by_severity(chain.from_iterable(item.findings for item in filings))
    yield "severity", [(message(f"severity.{key}", lang), count, "") for key, count in counts.items()]
    decided: list[tuple[str, int]] = [
        ("waived", sum(len(item.waived) for item in filings)),
        ("dismissed", sum(len(item.dismissed) for item in filings)),
        ("confirmed", sum(len(_confirmed(item)) for item in filings)),
    ]
    yield "decisions", _counted(book, decided)
    seen = [(key, sum(getattr(item.coverage, key) for item in filings)) for key in _COVERAGE]
    yield "coverage", [(book.say(f"column.{key}"), count, "") for key, count in seen]
    unread: list[tuple[str, int]] = [
        ("unread", len(report.errors)),
        ("skipped", len(report.skipped)),
        ("unused", len(report.unused_waivers)),
        ("failures", sum(len(item.failures) for item in filings)),
    ]
    yield "unread", _counted(book, unread)
    if report.resubmission is not None:
        yield "compared", _compared(book, report.resubmission)
    if report.model is not None:
        yield "model", [("", None, line) for line in model.run_lines(report.model, lang)]


def _counted(book: Book, counts: Iterable[tuple[str, int]]) -> list[_Line]:
    return [(book.say(f"what.{key}"), count, "") for key, count in counts]


def _compared(book: Book, resubmission: Resubmission) -> Iterator[_Line]:
    yield book.say("what.earlier"), None, shown(resubmission.path)
    states = Counter(change.state for filing in resubmission.filings for change in filing.changes)
    for state in ("resolved", "standing", "changed", "new", "unknown", "settled"):
        yield changes.state_name(state, book.lang), states[state], ""
    yield book.say("what.missing"), len(resubmission.missing), ""
    for remark in resubmission.remarks:
        yield book.say("what.remark"), None, shown(remark)


def _confirmed(checked: Checked) -> list[Finding]:
    return [finding for finding in checked.findings if finding.id in checked.confirmed]


def by_filing(book: Book, report: Report) -> None:
    """One row a filing: its findings by severity, and how much of it was looked at."""
    keys = (*_SEVERITIES, "waived", "dismissed", "checked", "doubtful_cells")
    printed = [
        Column("number", 6), Column("project", 26), Column("unit", 20), Column("year", 7),
        *(Column(key, 8) for key in keys), Column("result", 34),
    ]  # fmt: skip
    if report.resubmission is not None:
        printed.append(Column("changes", 26))
    behind = [
        Column("numbers", 8), Column("claims", 8), Column("linked", 8), Column("department", 16), Column("form", 12),
        Column("source", 34),
    ]  # fmt: skip
    table = Table(book, "filings", [*printed, *behind], printed=len(printed))
    for position, checked in enumerate(report.filings):
        table.add(*_filing(book, report, position, checked))
    table.close()


def _filing(book: Book, report: Report, position: int, checked: Checked) -> Iterator[Value]:
    filing, seen, lang = checked.filing, checked.coverage, report.lang
    yield from (position + 1, shown(filing.project or ""), shown(filing.unit or ""), filing.year)
    yield from wording.count_by_severity(checked.findings).values()
    yield from (len(checked.waived), len(checked.dismissed), seen.checked, seen.doubtful_cells)
    yield wording.verdict(checked, lang) or wording.counts(checked.findings, lang)
    if report.resubmission is not None:
        change = report.resubmission.filing(position)
        known = change is not None and change.earlier is not None
        yield changes.change_counts(change, lang) if change is not None and known else book.say("no-earlier")
    yield from (seen.numbers, seen.claims, seen.linked)
    yield from (shown(filing.department or ""), message(f"form.{filing.form}", lang), book.source(filing))


def by_rule(book: Book, report: Report) -> None:
    """One row a rule that spoke: how often, in how many filings, and how often it was waived or judged to be none."""
    keys = (*_SEVERITIES, "filings", "waived", "dismissed")
    table = Table(book, "rules", [Column("rule", 8), Column("rule-name", 44), *(Column(key, 9) for key in keys)])
    names: dict[str, str] = {}
    counts: dict[str, Counter[str]] = {}
    for checked in report.filings:
        for kind, finding in _of_rules(checked):
            names.setdefault(finding.rule, rule_name(finding.rule, report.lang))
            counts.setdefault(finding.rule, Counter())[kind] += 1
        for code in {finding.rule for finding in checked.findings}:
            counts[code]["filings"] += 1
    for code in sorted(counts):
        table.add(code, names[code], *(counts[code][key] for key in keys))
    table.close()


def _of_rules(checked: Checked) -> Iterator[tuple[str, Finding]]:
    yield from ((finding.severity.label, finding) for finding in checked.findings)
    yield from (("waived", finding) for finding, _ in checked.waived)
    yield from (("dismissed", finding) for finding, _ in checked.dismissed)
