"""The summary as sections of sentences and tables, the same for the page, the workbook and the short text."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from narrcheck.audit.summary import links, wording
from narrcheck.audit.summary.groups import RATED_FROM
from narrcheck.audit.summary.model import Capped, Figures, Filed, Folder, GroupLine, Head, Place, Ranked, Trouble
from narrcheck.audit.summary.ranking import ACROSS, CONFIRMED
from narrcheck.audit.summary.wording import brief, percent, say, share
from narrcheck.catalogue import message
from narrcheck.reports.rulename import rule_name
from narrcheck.reports.wording import sentence, shortened, shown


@dataclass(frozen=True, slots=True)
class Linked:
    """A text that leads to a file."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Lines:
    """Several texts in one cell."""

    items: tuple["str | Linked", ...]


Cell = str | int | Linked | Lines
"""A whole number is shown with its thousands set off, at the right."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a heading; `note` says how many are left out, and where they are. `numeric` columns stand right; a
    table that is `folded` is opened by whoever wants it."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    numeric: frozenset[int] = frozenset()
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the summary; `name` is one of overview, findings, money, first, copies, across, years."""

    name: str
    title: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]


def sections(figures: Figures, lang: str) -> tuple[Section, ...]:
    """The whole summary. Tables without rows are left out."""
    from narrcheck.audit.summary import details

    makers: tuple[tuple[str, Callable[[Figures, str], tuple[Iterable[str], Iterable[Table]]]], ...] = (
        ("overview", overview),
        ("findings", findings),
        ("money", details.money_part),
        ("first", first),
        ("copies", details.copies),
        ("across", details.across),
        ("years", details.years),
    )
    made: list[Section] = []
    for name, make in makers:
        lines, tables = make(figures, lang)
        kept = tuple(table for table in tables if table.rows)
        made.append(Section(name, say(f"section.{name}", lang), tuple(lines), kept))
    return tuple(made)


def overview(figures: Figures, lang: str) -> tuple[list[str], list[Table]]:
    """What was audited, what was not, and how much of the texts was compared."""
    head = figures.head
    lines = [_folder(folder, lang) for folder in head.folders]
    if not head.filings:
        lines.append(say("nothing", lang))
    elif not head.compared:
        lines.append(say("not-compared", lang))
    heads = (say("item", lang), say("amount", lang))
    facts = Table("", heads, tuple(_facts(head, lang)), numeric=frozenset({1}))
    return lines, [
        facts,
        troubles(head.unread, "unread-list", lang),
        replace(troubles(head.skipped, "skipped-list", lang), folded=True),
        _files(head.degraded, "degraded-list", lang),
        _files(head.unchecked, "unchecked-list", lang),
    ]


def _folder(folder: Folder, lang: str) -> str:
    named, location = shown(folder.named), shown(folder.location)
    if folder.state is None:
        return say("folder-never", lang, named=named, location=location)
    state = say(f"state.{folder.state}", lang, started=folder.started, ended=folder.ended)
    mode = message(f"mode.{folder.mode or 'offline'}", lang)
    facts = {"version": folder.version, "profile": shown(folder.profile or ""), "mode": mode}
    return say("folder", lang, named=named, location=location, state=state, **facts)


def _facts(head: Head, lang: str) -> Iterator[tuple[Cell, ...]]:
    for state in ("read", "unread", "skipped"):
        yield say(f"files.{state}", lang), head.files.get(state, 0)
    for form in ("self_evaluation", "target_table"):
        yield say(f"forms.{form}", lang), head.forms.get(form, 0)
    yield say("years-seen", lang), say("list", lang).join(map(str, head.years[-_YEARS:])) or "—"
    seen = head.coverage
    for name in ("numbers", "claims", "linked", "checked"):
        yield say(f"coverage.{name}", lang), getattr(seen, name)
    yield say("coverage.share", lang), percent(share(seen.checked, seen.claims))
    yield say("doubtful", lang), seen.doubtful_cells
    yield say("unchecked", lang), head.unchecked.total
    yield say("degraded", lang), head.degraded.total
    yield say("failures", lang), head.failures


_YEARS = 10


def troubles(listed: Capped[Trouble], title: str, lang: str) -> Table:
    """Files that were not read, each with its reason."""
    rows = tuple((Linked(shown(item.path), item.place), trouble_reason(item, lang)) for item in listed.items)
    heads = (say("file", lang), say("reason", lang))
    return Table(say(title, lang), heads, rows, note(listed.left, lang, "unread"))


def trouble_reason(item: Trouble, lang: str) -> str:
    """Why a file was not read."""
    told = shown(sentence(item.reason or "", lang))
    for mark in ("：", ": "):
        told = told.removeprefix(f"{shown(item.path)}{mark}")
    return shortened(told, wording.SENTENCE)


def _files(listed: Capped[Filed], title: str, lang: str) -> Table:
    rows = tuple((linked(item, lang), Linked(links.filing_path(item), item.place)) for item in listed.items)
    return Table(say(title, lang), (say("filing", lang), say("file", lang)), rows, note(listed.left, lang, "filings"))


def linked(filed: Filed, lang: str) -> Linked:
    """Project and year of a filing, leading to its file."""
    return Linked(wording.title(filed, lang), filed.place)


def note(left: int, lang: str, sheet: str | None = None) -> str:
    """How many are not listed, and the sheet of the workbook that has them."""
    if not left:
        return ""
    if sheet is None:
        return say("more", lang, left=wording.count(left))
    return say("more-sheet", lang, left=wording.count(left), sheet=say(f"sheet.{sheet}", lang))


def findings(figures: Figures, lang: str) -> tuple[list[str], list[Table]]:
    """The findings by rule, department and unit, and the decisions so far."""
    total = figures.total
    counts = {"errors": figures.of_severity(3), "warnings": figures.of_severity(2), "info": figures.of_severity(1)}
    seen = {"touched": total.touched, "faulty": total.faulty, "filings": total.filings}
    states = {state: figures.decided(state) for state in ("open", "confirmed", "dismissed", "waived")}
    lines = [
        say("found", lang, findings=wording.count(figures.findings), **_texts(counts), **_texts(seen)),
        say("decided", lang, **_texts(states)),
        say("counts-note", lang),
    ]
    from narrcheck.audit.summary import details

    rate = say("by-rate", lang, least=RATED_FROM)
    return lines, [
        _rules(figures, lang),
        _groups(figures.departments, say("by-department", lang), "department", lang),
        _groups(figures.units, say("by-unit", lang), "unit", lang),
        _groups(figures.units_by_rate, rate, "unit", lang),
        details.settled(figures.settled, lang),
    ]


def _texts(counts: dict[str, int]) -> dict[str, str]:
    return {name: wording.count(value) for name, value in counts.items()}


def _rules(figures: Figures, lang: str) -> Table:
    keys = ("rule", "rule-name", "severity", "findings", "in-filings", "open", "confirmed", "dismissed", "waived")
    rows = tuple(
        (line.code, rule_name(line.code, lang), wording.severity(line.severity, lang), line.findings, line.filings,
         line.open, line.confirmed, line.dismissed, line.waived)
        for line in figures.rules
    )  # fmt: skip
    return Table(say("by-rule", lang), tuple(say(key, lang) for key in keys), rows, numeric=frozenset(range(3, 9)))


def _groups(groups: Capped[GroupLine], title: str, kind: str, lang: str) -> Table:
    heads, rows = group_heads(kind, lang), tuple(group_row(line, brief(line.name, lang)) for line in groups.items)
    return Table(title, heads, rows, note(groups.left, lang), frozenset(range(1, len(heads))))


def group_heads(kind: str, lang: str) -> tuple[str, ...]:
    """The headings of `group_row`."""
    keys = (kind, "filings", "findings", "errors", "warnings", "info", "faulty", "faulty-share", "per-filing")
    return tuple(say(key, lang) for key in keys)


def group_row(line: GroupLine, name: str) -> tuple[Cell, ...]:
    """A group with its findings."""
    return (
        name, line.filings, line.findings, line.errors, line.warnings, line.info, line.faulty,
        percent(share(line.faulty, line.filings)), f"{line.per_filing:.2f}",
    )  # fmt: skip


def first(figures: Figures, lang: str) -> tuple[list[str], list[Table]]:
    """The filings to look at first, with the reasons."""
    ranked = figures.ranked
    rows = tuple(_ranked(rank, item, lang) for rank, item in enumerate(ranked.items, 1))
    heads = tuple(say(key, lang) for key in ("rank", "filing", "unit", "score", "why", "file"))
    table = Table("", heads, rows, note(ranked.left, lang, "filings"), frozenset({0, 3}))
    lines = [say("first-note", lang, across=ACROSS, confirmed=CONFIRMED, total=wording.count(ranked.total))]
    return lines, [table]


def _ranked(rank: int, item: Ranked, lang: str) -> tuple[Cell, ...]:
    unit = brief(item.filed.unit or item.filed.department, lang)
    file = Linked(links.filing_path(item.filed), item.filed.place)
    return rank, linked(item.filed, lang), unit, f"{item.tenths / 10:.1f}", wording.reasons(item, lang), file
