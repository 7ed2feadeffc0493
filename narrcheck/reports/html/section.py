"""One filing's section of the page: everything that its template shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Filing, Finding
from narrcheck.reports import View, changes, model, wording
from narrcheck.reports.addresses import href
from narrcheck.reports.html import bounds
from narrcheck.reports.html.cards import Card, Removed, cards, removed
from narrcheck.reports.html.form import Form, form
from narrcheck.reports.html.gone import Group, groups
from narrcheck.reports.html.placed import Placed, placed
from narrcheck.reports.html.plain import clipped, line
from narrcheck.resubmitted import FilingChange


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of sentences under its heading; `left` of them are not shown. `name` says what it holds."""

    name: str
    title: str
    lines: Sequence[str]
    left: int = 0


@dataclass(frozen=True, slots=True)
class Claims:
    """The table of claims: heads, rows with the position of the row each is linked to, how many rows are not shown."""

    heads: Sequence[str]
    rows: Sequence[tuple[tuple[str, ...], int | None]]
    left: int


@dataclass(frozen=True, slots=True)
class Section:
    """One filing. `name` is its number in the page, of which the anchors are made; `kind` says whether a verdict is
    good news (clean), or must not be taken for it (unsure); `left` counts the findings without a card."""

    name: str
    title: str
    source: str
    address: str
    kind_of_form: str
    checked: Checked
    verdict: str
    kind: str
    counts: tuple[tuple[str, str, int], ...]
    cards: tuple[Card, ...]
    left: int
    form: Form
    unmarked: int
    coverage: str
    before: tuple[Listed, ...]
    after: tuple[Listed, ...]
    removed: tuple[tuple[str, Sequence[Removed], int], ...]
    claims: Claims | None
    comparison: tuple[tuple[str, Sequence[str], Sequence[tuple[str, ...]], int], ...]
    tally: str
    gone: tuple[Group, ...]
    same_file: bool


def section(number: int, checked: Checked, change: FilingChange | None, view: View, lang: str) -> Section:
    """What is shown of the filing with this number, which counts from one."""
    name = str(number)
    findings = wording.by_severity(checked.findings)[: bounds.CARDS]
    marks = placed(checked, findings)
    named = replace(checked, filing=_named(checked.filing))
    filing = named.filing
    return Section(
        name=name,
        title=wording.title(filing, lang),
        source=wording.source(filing, lang),
        address=href(checked.filing.source.path, view.base) or "",
        kind_of_form=message(f"form.{filing.form}", lang),
        checked=checked,
        verdict=wording.verdict(checked, lang) or "",
        kind="clean" if wording.looks_clean(checked) else "unsure",
        counts=counts(checked.findings, lang),
        cards=cards(checked, findings, marks, change, lang, name),
        left=len(checked.findings) - len(findings),
        form=form(checked, marks, lang),
        unmarked=0 if filing.goal is None and filing.narrative is None else marks.unmarked,
        coverage=wording.coverage(checked, lang),
        before=_before(named, lang),
        after=() if view.quiet else _after(named, lang),
        removed=() if view.quiet else removed(checked, lang),
        claims=None if view.quiet else _claims(named, marks, lang),
        comparison=_comparison(named, lang) if view.compare else (),
        tally="" if change is None else changes.change_counts(change, lang),
        gone=() if change is None else tuple(groups(change, lang)),
        same_file=change is not None and change.same_file,
    )


def counts(findings: Sequence[Finding], lang: str) -> tuple[tuple[str, str, int], ...]:
    """The severities with their names and how many findings have them."""
    counted = wording.count_by_severity(findings)
    return tuple((label, message(f"severity.{label}", lang), count) for label, count in counted.items())


def listed(name: str, title: str, lines: Iterable[str], total: int) -> Listed:
    """The first lines of a list."""
    return Listed(name, title, tuple(islice(map(line, lines), bounds.LINES)), max(total - bounds.LINES, 0))


def _named(filing: Filing) -> Filing:
    """The filing with names that fit into sentences."""
    rows = tuple(replace(row, name=clipped(row.name, bounds.NAME)) for row in filing.indicators)
    return replace(filing, project=clipped(filing.project or "", bounds.NAME), indicators=rows)


def _before(checked: Checked, lang: str) -> tuple[Listed, ...]:
    """What the reader must know before the findings: rules that failed, trouble with the model."""
    failures = (wording.failure(item, lang) for item in checked.failures)
    lines = tuple(model.filing_lines(checked, lang))
    return _filled(
        listed("failures", message("report.failures", lang), failures, len(checked.failures)),
        listed("model", message("model.note", lang), lines, len(lines)),
    )


def _after(checked: Checked, lang: str) -> tuple[Listed, ...]:
    """How the filing was read, and what could not be read."""
    filing = checked.filing
    doubts = (wording.doubt(replace(item, quote=clipped(item.quote, 80)), filing, lang) for item in filing.doubts)
    notes = (wording.note(item, lang) for item in filing.notes)
    return _filled(
        listed("doubts", message("report.doubts", lang), doubts, len(filing.doubts)),
        listed("notes", message("report.notes", lang), notes, len(filing.notes)),
    )


def _filled(*lists: Listed) -> tuple[Listed, ...]:
    return tuple(one for one in lists if one.lines)


def _claims(checked: Checked, marks: Placed, lang: str) -> Claims | None:
    if not checked.claims:
        return None
    chosen = replace(checked, claims=checked.claims[: bounds.CLAIMS])
    rows = tuple(
        (tuple(clipped(cell, bounds.QUOTE) for cell in cells), claim.row if _has_row(claim.row, marks) else None)
        for cells, claim in zip(wording.claim_rows(chosen, lang), chosen.claims, strict=True)
    )
    return Claims(wording.claim_heads(lang), rows, len(checked.claims) - len(rows))


def _has_row(row: int | None, marks: Placed) -> bool:
    """Whether the page shows the row."""
    return row is not None and ("name", row, "") in marks.texts


def _comparison(checked: Checked, lang: str) -> tuple[tuple[str, Sequence[str], Sequence[tuple[str, ...]], int], ...]:
    """What a language model changed, as tables; how many rows of each are not shown."""
    if checked.advice is None:
        return ()
    return tuple(
        (title, heads, [tuple(map(line, row)) for row in rows[: bounds.LINES]], max(len(rows) - bounds.LINES, 0))
        for title, heads, rows in model.comparison(checked, lang)
    )
