"""The sections on money, copied narratives, findings across filings, and the years."""

from narrcheck.audit.summary import wording
from narrcheck.audit.summary.listed import until_text
from narrcheck.audit.summary.model import Capped, Change, Crossing, Figures, Filed, GroupLine, Settled
from narrcheck.audit.summary.sections import Cell, Lines, Linked, Table, group_heads, group_row, linked, note
from narrcheck.audit.summary.wording import SENTENCE, brief, money, percent, say, share

Part = tuple[list[str], list[Table]]
_LOWERED = "X04"


def money_part(figures: Figures, lang: str) -> Part:
    """The budgets of filings with errors, of all filings, and by department."""
    total = figures.total
    part = percent(share(total.budget_faulty, total.budget))
    facts = {"budget": money(total.budget), "faulty": money(total.budget_faulty), "share": part}
    lines = [say("money", lang, budgeted=wording.count(total.budgeted), **facts), say("money-note", lang)]
    keys = ("department", "filings", "budget", "budget-faulty", "budget-share", "rate")
    groups = figures.departments
    rows = tuple(
        (brief(line.name, lang), line.filings, money(line.budget), money(line.budget_faulty),
         percent(share(line.budget_faulty, line.budget)), _rate(line))
        for line in groups.items
    )  # fmt: skip
    heads = tuple(say(key, lang) for key in keys)
    return lines, [Table(say("by-department", lang), heads, rows, note(groups.left, lang), frozenset(range(1, 6)))]


def _rate(line: GroupLine) -> str:
    return percent(share(line.executed, line.executable))


def copies(figures: Figures, lang: str) -> Part:
    """Groups of filings with the same narrative."""
    rows = tuple(
        (cluster.filings.total, brief(cluster.opening, lang), _members(cluster.filings, lang))
        for cluster in figures.copies.items
    )
    heads = (say("size", lang), say("opening", lang), say("members", lang))
    table = Table("", heads, rows, note(figures.copies.left, lang, "findings"), frozenset({0}))
    return [say("copies", lang, total=wording.count(figures.copies.total))], [table]


def _members(filings: Capped[Filed], lang: str) -> Lines:
    items: list[str | Linked] = [linked(item, lang) for item in filings.items]
    if filings.left:
        items.append(say("and-more", lang, left=wording.count(filings.left)))
    return Lines(tuple(items))


def across(figures: Figures, lang: str) -> Part:
    """Contradictions, departures from target tables, and outputs counted twice."""
    tables = [_crossings(rule, items, lang) for rule, items in figures.crossings.items() if rule != _LOWERED]
    return [table.title for table in tables if not table.rows], tables


def _crossings(rule: str, crossings: Capped[Crossing], lang: str) -> Table:
    rows = tuple(
        (brief(item.message, lang, SENTENCE), Lines(tuple(linked(one, lang) for one in item.filings)), item.finding)
        for item in crossings.items
    )
    heads = (say("message", lang), say("members", lang), say("column.finding", lang))
    title = say(f"across.{rule}", lang, total=wording.count(crossings.total))
    return Table(title, heads, rows, note(crossings.left, lang, "findings"))


def settled(listed: Capped[Settled], lang: str) -> Table:
    """The findings that were decided or are waived, with who and why."""
    rows = tuple(
        (say(item.state, lang), item.rule, Lines(tuple(linked(one, lang) for one in item.filings)),
         brief(item.message, lang, SENTENCE), brief(item.who, lang),
         brief(item.why, lang, SENTENCE) + until_text(item.until, lang))
        for item in listed.items
    )  # fmt: skip
    keys = ("column.state", "rule", "members", "message", "settled-who", "settled-why")
    heads = tuple(say(key, lang) for key in keys)
    return Table(say("settled", lang), heads, rows, note(listed.left, lang, "findings"))


def years(figures: Figures, lang: str) -> Part:
    """The years side by side, the units that filed in the two latest, and targets that were lowered."""
    heads = (*group_heads("year", lang), say("budget", lang), say("rate", lang))
    rows = tuple(
        (*group_row(line, line.name or say("no-year", lang)), money(line.budget), _rate(line))
        for line in figures.years.items
    )
    numeric = frozenset(range(1, len(heads)))
    table = Table(say("by-year", lang), heads, rows, note(figures.years.left, lang), numeric)
    lowered = _crossings(_LOWERED, figures.crossings[_LOWERED], lang)
    lines = [] if lowered.rows else [lowered.title]
    return lines, [table, *_changes(figures, lang), lowered]


def _changes(figures: Figures, lang: str) -> list[Table]:
    if figures.change_years is None:
        return []
    before, after = figures.change_years
    heads = (
        say("unit", lang), say("year-filings", lang, year=before), say("year-rate", lang, year=before),
        say("year-filings", lang, year=after), say("year-rate", lang, year=after), say("change", lang),
    )  # fmt: skip
    rows = tuple(_change(item, lang) for item in figures.changes.items)
    title = say("changes", lang, before=before, after=after)
    return [Table(title, heads, rows, note(figures.changes.left, lang), frozenset(range(1, 6)))]


def _change(item: Change, lang: str) -> tuple[Cell, ...]:
    before, after = item.findings_before / item.filings_before, item.findings / item.filings
    return (
        brief(item.name, lang), item.filings_before, f"{before:.2f}", item.filings, f"{after:.2f}",
        f"{after - before:+.2f}",
    )  # fmt: skip
