"""Several systems in one table: what each is worth, and what it costs."""

from collections import Counter
from collections.abc import Iterator, Sequence

from narrcheck.evaluation.report import text
from narrcheck.evaluation.report.document import Table
from narrcheck.evaluation.report.wording import NONE, count, money, say, seconds, share, system
from narrcheck.evaluation.result import MEASURES, Cost, Figure, Result
from narrcheck.reports import View
from narrcheck.reports.encoding import encodable
from narrcheck.reports.markdown import plain
from narrcheck.reports.terminal import Page
from narrcheck.reports.wording import shortened, shown

_HEADS = ("system", *MEASURES, "links-f1", "claims-f1", "alarms", "requests", "tokens", "seconds", "money")
_NAME = 40


def beside(results: Sequence[Result], view: View, lang: str) -> str:
    """One row a system: findings, links and claims, false alarms a filing, and what the model cost."""
    rows = tuple(_row(name, one) for name, one in zip(_names(results, lang), results, strict=True))
    heads = tuple(say(f"head.{head}", lang) for head in _HEADS)
    whole = Table("", heads, rows, frozenset(range(1, len(heads))))
    notes = list(_notes(results, lang))
    if view.format == "terminal":
        page = Page(view.width, view.color)
        page.line(say("systems", lang), "bold underline")
        text.screen_table(page, whole if text.fits(whole, view.width) else _turned(whole))
        for note in notes:
            page.line(note, "dim")
        return page.text()
    lines = [f"## {say('systems', lang)}", "", *text.markdown_table(whole)]
    for note in notes:
        lines += [plain(note), ""]
    return encodable("\n".join(lines).rstrip() + "\n")


def _turned(table: Table) -> Table:
    """The table with its rows as columns, which needs less room where there are few."""
    heads, *rows = zip(table.heads, *table.rows, strict=True)
    return Table(table.title, heads, tuple(rows), frozenset(range(1, len(heads))))


def _names(results: Sequence[Result], lang: str) -> list[str]:
    """The systems' names; more of those that share one, and numbers where that does not tell them apart."""
    names = Counter(one.system.name for one in results)
    told = [
        system(one.system, lang) if names[one.system.name] > 1 else shortened(shown(one.system.name), _NAME)
        for one in results
    ]
    twice, seen = Counter(told), Counter[str]()
    for at, name in enumerate(told):
        seen[name] += 1
        if twice[name] > 1:
            told[at] = f"{name} #{seen[name]}"
    return told


def _row(name: str, one: Result) -> tuple[str, ...]:
    findings, none = one.figures.get("findings", Figure()), Figure()
    shares = (share(getattr(findings, measure)) for measure in MEASURES)
    layers = (share(one.figures.get(key, none).f1) for key in ("links", "claims"))
    alarms = NONE if one.false_alarms is None else f"{one.false_alarms:.2f}"
    return (name, *shares, *layers, alarms, *_cost(one.cost))


def _cost(cost: Cost | None) -> tuple[str, ...]:
    if cost is None:
        return (NONE,) * 4
    return count(cost.requests), count(cost.sent + cost.received), seconds(cost), money(cost)


def _notes(results: Sequence[Result], lang: str) -> Iterator[str]:
    """What keeps the rows from being compared as they stand."""
    if len({frozenset((one.id, one.file.rpartition("/")[2]) for one in result.filings) for result in results}) > 1:
        yield say("other-files", lang)
    for name, one in zip(_names(results, lang), results, strict=True):
        if one.cost is not None and one.cost.unknown:
            yield say("unknown-questions", lang, system=name, count=count(one.cost.unknown))
