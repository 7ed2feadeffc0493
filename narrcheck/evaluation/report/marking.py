"""Where quotes stand in the texts of a filing, for showing them in their place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from narrcheck.evaluation.matching import bare
from narrcheck.evaluation.result import Quote

_AROUND = 120
_CUT = "……"
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a text, piece by piece, each marked or not; `place` is the quote that says where it stands. A quote that
    is in none of the texts stands alone; `known` is then False where it should have been in one."""

    place: Quote
    pieces: tuple[tuple[str, bool], ...]
    known: bool = True


def passages(quotes: Iterable[Quote], texts: Mapping[str, str] | None) -> list[Passage]:
    """The quotes in their texts, those of one text together. `texts` are by field, or field:row for the cells of rows;
    None where there are none. A quote without a field is looked for in the cells of its row, then in all texts."""
    spans: dict[str, list[Span]] = {}
    first: dict[str, Quote] = {}
    alone: dict[tuple[str, str | None, str], Passage] = {}
    for quote in quotes:
        if not bare(quote.quote):
            continue
        found = _find(quote, texts or {})
        if found is None:
            known = texts is not None and not (quote.field and any(_places(quote, texts)))
            alone[quote.field, quote.row, quote.quote] = Passage(quote, ((quote.quote, False),), known)
            continue
        key, span = found
        spans.setdefault(key, []).append(span)
        first.setdefault(key, _placed(quote, key))
    shown = [Passage(first[key], tuple(_pieces((texts or {})[key], found))) for key, found in spans.items()]
    return [*shown, *alone.values()]


def _placed(quote: Quote, key: str) -> Quote:
    field, _, row = key.partition(":")
    return Quote(field=field, row=row or quote.row, quote=quote.quote)


def _find(quote: Quote, texts: Mapping[str, str]) -> tuple[str, Span] | None:
    for key in _places(quote, texts):
        span = locate(texts[key], quote.quote)
        if span is not None:
            return key, span
    return None


def _places(quote: Quote, texts: Mapping[str, str]) -> Iterator[str]:
    """The texts where a quote may stand, the likeliest first."""
    row = bare(quote.row)
    if quote.field:
        yield from (key for key in texts if row and bare(key) == bare(f"{quote.field}:{quote.row}"))
        if quote.field in texts:
            yield quote.field
        return
    if row:
        yield from (key for key in texts if bare(key.partition(":")[2]) == row)
    yield from texts


def locate(text: str, quote: str) -> Span | None:
    """Where a quote stands first, white space and width aside and not within a number; None where it does not."""
    wanted, folded = bare(quote), bare(text)
    at = folded.find(wanted)
    if at < 0 or not wanted:
        return None
    places = [place for place, mark in enumerate(text) if not mark.isspace()]
    while at >= 0:
        start, stop = places[at], places[at + len(wanted) - 1] + 1
        if not (_within_number(text, start) or _within_number(text, stop)):
            return start, stop
        at = folded.find(wanted, at + 1)
    return None


def _within_number(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isdigit() and text[at].isdigit()


def _pieces(text: str, spans: list[Span]) -> Iterator[tuple[str, bool]]:
    """The text around the spans; what is far from all of them is left out."""
    end = 0
    for start, stop in _merged(spans):
        yield from _between(text, end, start, first=end == 0)
        yield text[start:stop], True
        end = stop
    rest = text[end:]
    yield (rest, False) if len(rest) <= _AROUND else (rest[:_AROUND] + _CUT, False)


def _between(text: str, start: int, stop: int, first: bool) -> Iterator[tuple[str, bool]]:
    part = text[start:stop]
    if first and len(part) > _AROUND:
        yield _CUT + part[-_AROUND:], False
    elif len(part) > 2 * _AROUND:
        yield part[:_AROUND] + _CUT + part[-_AROUND:], False
    elif part:
        yield part, False


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, stop in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(stop, merged[-1][1])
        else:
            merged.append((start, stop))
    return merged
