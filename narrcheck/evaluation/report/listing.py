"""What is listed one by one: labels missed, wrong answers, and what was won and lost."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from narrcheck.evaluation.changes import LAYERS, Change
from narrcheck.evaluation.compare import Comparison
from narrcheck.evaluation.matching import bare
from narrcheck.evaluation.report.document import Entry, Listing
from narrcheck.evaluation.report.wording import NONE, is_rule, kind, named, say
from narrcheck.evaluation.result import FileResult, Item, Result

_FAULTS = ("missed", "false", "differs")


def faults(result: Result, lang: str) -> Iterator[Listing]:
    """What was missed and what is wrong, layer by layer; misses before false alarms."""
    for layer in LAYERS:
        items = ((one, item) for one in result.filings for item in one.items if item.layer == layer)
        found = [(one, item) for one, item in items if item.verdict in _FAULTS]
        found.sort(key=lambda pair: (_FAULTS.index(pair[1].verdict), pair[1].key, pair[0].file, pair[1].name))
        if found:
            yield Listing(layer, named("layer", layer, lang), _gathered(_fault(one, item, lang) for one, item in found))


def _fault(one: FileResult, item: Item, lang: str) -> Entry:
    state = named("state", _state(item.layer, item.verdict), lang)
    kind_, quotes = _kind(item.layer, item.key, lang), tuple(item.quotes)
    return Entry(item.layer, item.verdict, state, kind_, (one.file,), item.text, quotes)


def _gathered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries, one and the same of a filing's files in several formats put together."""
    found: dict[tuple[object, ...], Entry] = {}
    seen: Counter[tuple[object, ...]] = Counter()
    for entry in entries:
        file = entry.files[0]
        told = tuple((bare(quote.row), bare(quote.quote)) for quote in entry.quotes)
        same = (entry.layer, entry.kind, entry.state, entry.text, file.rpartition(".")[0] or file, told)
        seen[file, same] += 1
        key = (*same, seen[file, same])
        found[key] = replace(found[key], files=(*found[key].files, file)) if key in found else entry
    return tuple(found.values())


def _kind(layer: str, key: str, lang: str) -> str:
    return kind(key, lang) if is_rule(key) else named("layer", layer, lang)


def _state(layer: str, verdict: str) -> str:
    """The state of an item as the catalogue names it: what is found in layers other than findings is right."""
    return "right" if verdict == "found" and layer != "findings" else verdict


def moved(comparison: Comparison, lang: str) -> Iterator[Listing]:
    """What was lost, what was won, and what changed because the labels did."""
    for name, changes in (("lost", comparison.lost), ("won", comparison.won)):
        yield Listing(name, say(name, lang, count=len(changes)), _entries(changes, lang))
    if comparison.relabelled:
        title = say("relabelled", lang, count=len(comparison.relabelled))
        yield Listing("relabelled", title, _entries(comparison.relabelled, lang))


def _entries(changes: Iterable[Change], lang: str) -> tuple[Entry, ...]:
    return _gathered(_entry(change, lang) for change in changes)


def _entry(change: Change, lang: str) -> Entry:
    sides = (
        NONE if side is None else named("state", _state(change.layer, side), lang)
        for side in (change.before, change.now)
    )
    kind_ = _kind(change.layer, change.key, lang)
    state, verdict = " → ".join(sides), change.now or change.before or ""
    return Entry(change.layer, verdict, state, kind_, (change.file,), change.text, tuple(change.quotes))
