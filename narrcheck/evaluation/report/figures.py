"""The tables of figures: layers and rules, breakdowns, cost, differences."""

from collections.abc import Iterable, Iterator, Sequence

from narrcheck.catalogue import entries, message
from narrcheck.evaluation.compare import CHANGED, FILINGS, Comparison, Difference
from narrcheck.evaluation.report.document import Table
from narrcheck.evaluation.report.wording import (
    NONE,
    count,
    difference,
    ends,
    is_rule,
    kind,
    money,
    named,
    say,
    seconds,
    share,
    with_interval,
)
from narrcheck.evaluation.result import MEASURES, Cost, Figure, Measure, Result

_FIRST = ("findings", "links", "claims", "claims.modifier", "parse.cells", "parse.filings")
_COUNTS = ("labels", "found", "reported", "right")
_PAIRS = ("found-of", "right-of")
_COST = ("requests", "cached", "sent", "received", "seconds", "money", "unknown")


def layers(result: Result, lang: str, intervals: bool) -> Table:
    """Layers and groups of rules; without `intervals` the short form: counts in pairs, an interval for F1 only."""
    keys = sorted((key for key in result.figures if not is_rule(key)), key=_rank)
    return _figures(result, keys, say("layers", lang), lang, intervals)


def rules(result: Result, lang: str, intervals: bool) -> Table:
    """The rules that have labels or reports."""
    keys = [key for key in sorted(result.figures) if is_rule(key) and _speaks(result.figures[key])]
    return _figures(result, keys, "", lang, intervals)


def _rank(key: str) -> tuple[int, str]:
    """Findings and their groups first, then the other layers as they build on each other."""
    base = "findings" if key.startswith("findings.") else key
    return (_FIRST.index(base) if base in _FIRST else len(_FIRST), key)


def _speaks(figure: Figure) -> bool:
    return figure.labels > 0 or figure.reported > 0


def _figures(result: Result, keys: Iterable[str], title: str, lang: str, intervals: bool) -> Table:
    heads = ["what", *_COUNTS, *MEASURES, "per-filing"] if intervals else ["what", *_PAIRS, *MEASURES]
    rows = tuple(_row(result, key, lang, intervals) for key in keys)
    told = tuple(say(f"head.{head}", lang) for head in heads)
    note = say("interval-note" if intervals else "interval-short", lang)
    if any(_perfect(cell) for row in rows for cell in row):
        note += say("interval-perfect", lang)
    return Table(title, told, rows, frozenset(range(1, len(heads))), note)


def _perfect(cell: str) -> bool:
    """Whether a cell shows the interval of a share that nothing in the sample lowers."""
    return cell.endswith(ends((1.0, 1.0)))


def _row(result: Result, key: str, lang: str, intervals: bool) -> tuple[str, ...]:
    figure, known = result.figures[key], result.intervals.get(key, {})
    if not intervals:
        pairs = (f"{count(one)}/{count(of)}" for one, of in _pairs(figure))
        f1 = with_interval(figure, "f1", known.get("f1"))
        return (kind(key, lang), *pairs, share(figure.precision), share(figure.recall), f1)
    counts = (count(getattr(figure, name)) for name in _COUNTS)
    shares = (with_interval(figure, measure, known.get(measure)) for measure in MEASURES)
    return (kind(key, lang), *counts, *shares, share(result.per_filing.get(key, {}).get("f1")))


def _pairs(figure: Figure) -> tuple[tuple[int, int], tuple[int, int]]:
    return (figure.found, figure.labels), (figure.right, figure.reported)


def breakdowns(result: Result, lang: str) -> Iterator[Table]:
    """The findings by severity, sector, layout and format."""
    for name, values in result.by.items():
        rows = tuple(
            (_value(name, value, lang), *_short(figures["findings"]))
            for value, figures in values.items()
            if "findings" in figures and _speaks(figures["findings"])
        )
        by = named("by", name, lang)
        heads = (by, *(say(f"head.{head}", lang) for head in (*_COUNTS, *MEASURES)))
        if rows:
            yield Table(say("findings-by", lang, by=by), heads, rows, frozenset(range(1, len(heads))))


def _value(name: str, value: str, lang: str) -> str:
    if name == "severity" and f"severity.{value}" in entries():
        return message(f"severity.{value}", lang)
    return named(name, value, lang) if value else say("not-stated", lang)


def _short(figure: Figure) -> tuple[str, ...]:
    counts = (count(getattr(figure, name)) for name in _COUNTS)
    return (*counts, *(share(getattr(figure, measure)) for measure in MEASURES))


def costs(columns: Sequence[tuple[str, Cost | None]], lang: str) -> Table:
    """What a model was used for, one column a system; heads that are empty are those of a single system."""
    heads = (say("head.cost", lang), *(head or say("head.amount", lang) for head, _ in columns))
    rows = tuple(
        (say(f"cost.{name}", lang), *(NONE if cost is None else cost_cell(cost, name) for _, cost in columns))
        for name in _COST
    )
    return Table("", heads, rows, frozenset(range(1, len(heads))))


def cost_cell(cost: Cost, name: str) -> str:
    """An amount of the cost by the name of its field."""
    if name == "money":
        return money(cost)
    return seconds(cost) if name == "seconds" else count(getattr(cost, name))


def differences(comparison: Comparison, lang: str) -> Table:
    """The shares that differ; that of the layer which decides always."""
    rows, same = [], 0
    for key in sorted(comparison.figures, key=lambda key: (is_rule(key), _rank(key))):
        for measure in MEASURES:
            one = comparison.figures[key]
            deciding = measure == "f1" and key == comparison.decided_by
            if deciding or getattr(one.new, measure) != getattr(one.old, measure):
                rows.append(_difference(key, measure, one, lang))
            else:
                same += 1
    heads = tuple(say(f"head.{head}", lang) for head in ("what", "measure", "before", "now", "difference", "chance"))
    note = say("differences-note", lang, filings=FILINGS, changed=CHANGED)
    if same:
        note += say("same-figures", lang, count=same)
    return Table("", (*heads, say("head.beyond", lang)), tuple(rows), frozenset(range(2, 6)), note)


def _difference(key: str, measure: Measure, one: Difference, lang: str) -> tuple[str, ...]:
    beyond = say("yes" if measure in one.beyond_chance else "no", lang)
    return (
        kind(key, lang),
        say(f"head.{measure}", lang),
        share(getattr(one.old, measure)),
        share(getattr(one.new, measure)),
        difference(one.differences[measure]),
        ends(one.intervals[measure], signed=True),
        beyond,
    )
