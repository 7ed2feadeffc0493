"""The report put together: what matters most, then tables, then what is listed."""

from collections.abc import Iterator

from narrcheck.evaluation.compare import CHANGED, FILINGS, Comparison
from narrcheck.evaluation.report import figures, listing
from narrcheck.evaluation.report.document import Document, Section
from narrcheck.evaluation.report.wording import NONE, kind, named, say, share, system
from narrcheck.evaluation.result import Result
from narrcheck.reports.wording import shown


def document(result: Result, comparison: Comparison | None, lang: str, intervals: bool) -> Document:
    """The whole report; with `intervals` every share has its interval beside it."""
    parts = (*_compared(comparison, lang), *_measured(result, lang, intervals))
    return Document(say("title", lang), tuple(_lead(result, comparison, lang)), parts)


def _lead(result: Result, comparison: Comparison | None, lang: str) -> Iterator[str]:
    if comparison is not None:
        yield _verdict(comparison, lang)
        sides = {"now": system(comparison.new.system, lang), "before": system(comparison.old.system, lang)}
        yield say("sides", lang, shared=comparison.shared, **sides)
    else:
        yield say("measured", lang, system=system(result.system, lang))
    yield say("files", lang, files=result.files, unread=result.unread)
    if result.several:
        yield say("several", lang, count=result.several)
    alarms = NONE if result.false_alarms is None else f"{result.false_alarms:.2f}"
    yield say("overall", lang, recognised=_percent(result.recognised), alarms=alarms)


def _percent(value: float | None) -> str:
    return NONE if value is None else f"{value:.1%}"


def _verdict(comparison: Comparison, lang: str) -> str:
    won, lost = (sum(change.layer == "findings" for change in side) for side in (comparison.won, comparison.lost))
    counts = say("counts", lang, won=won, lost=lost)
    if comparison.decided_by is None or comparison.verdict in ("same", "nothing-shared"):
        return say(f"verdict.{comparison.verdict}", lang)
    one = comparison.figures[comparison.decided_by]
    facts: dict[str, object] = {"what": kind(comparison.decided_by, lang)}
    facts |= {"before": share(one.old.f1), "now": share(one.new.f1)}
    if comparison.too_few == "filings":
        return say("verdict.few-filings", lang, count=comparison.fixtures, least=FILINGS, **facts) + counts
    if comparison.too_few == "changed":
        return say("verdict.few-changed", lang, count=one.changed, least=CHANGED, **facts) + counts
    return say(f"verdict.{comparison.verdict}", lang, **facts) + counts


def _compared(comparison: Comparison | None, lang: str) -> Iterator[Section]:
    if comparison is None:
        return
    lines = list(_sides(comparison, lang))
    table = figures.differences(comparison, lang)
    yield Section("differences", say("differences", lang), tuple(lines), (table,) if table.rows else ())
    yield Section("changes", say("changes", lang), listings=tuple(listing.moved(comparison, lang)))


def _sides(comparison: Comparison, lang: str) -> Iterator[str]:
    """What the two sides do not share, and the figures that are no shares of labels."""
    new, old = comparison.new, comparison.old
    if new.recognised != old.recognised:
        yield say("recognised-moved", lang, before=_percent(old.recognised), now=_percent(new.recognised))
    if new.false_alarms != old.false_alarms:
        alarms = (NONE if one.false_alarms is None else f"{one.false_alarms:.2f}" for one in (old, new))
        yield say("alarms-moved", lang, before=next(alarms), now=next(alarms))
    for name in ("no_longer_read", "read_again", "only_new", "only_old"):
        files = getattr(comparison, name)
        if files:
            yield say(name.replace("_", "-"), lang, count=len(files), files=_named(files, lang))
    if comparison.not_compared:
        layers = say("list", lang).join(named("layer", layer, lang) for layer in comparison.not_compared)
        yield say("not-compared", lang, layers=layers)


_FILES = 10


def _named(files: list[str], lang: str) -> str:
    told = say("list", lang).join(shown(file) for file in files[:_FILES])
    return told + (say("and-more", lang, count=len(files) - _FILES) if len(files) > _FILES else "")


def _measured(result: Result, lang: str, intervals: bool) -> Iterator[Section]:
    yield Section("figures", say("figures", lang), tables=(figures.layers(result, lang, intervals),))
    rules = figures.rules(result, lang, intervals)
    if rules.rows:
        yield Section("rules", say("rules", lang), tables=(rules,), folded=True)
    parts = tuple(figures.breakdowns(result, lang))
    if parts:
        yield Section("breakdowns", say("breakdowns", lang), tables=parts, folded=True)
    if result.cost is not None:
        yield Section("cost", say("cost", lang), tables=(figures.costs((("", result.cost),), lang),))
    unread = tuple(_unread(one.file, one.error, lang) for one in result.filings if one.error is not None)
    if unread:
        yield Section("unread", say("unread", lang), unread, folded=True)
    listings = tuple(listing.faults(result, lang))
    lines = () if listings else (say("no-faults", lang),)
    yield Section("faults", say("faults", lang), lines, listings=listings, folded=bool(listings))


def _unread(file: str, reason: str, lang: str) -> str:
    return say("unread-one", lang, file=shown(file), reason=named("error", reason, lang))
