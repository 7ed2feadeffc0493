"""Tables drawn with level rules only: the columns are found by the gaps that their words leave between them."""

from collections.abc import Sequence
from itertools import pairwise

from narrcheck.reading.glyphs import Glyph
from narrcheck.reading.ruled import Lattice, Rule, cluster, joined

_FEWEST_ROWS = 5
_FEWEST_CELLS = 5
_LONG = 0.3
_GAP = 0.6
"""How wide a gap between cells is at least, in heights of the characters."""

Span = tuple[float, float]


def banded(
    across: Sequence[Rule], glyphs: Sequence[Glyph], width: float, known: Sequence[float] = ()
) -> tuple[Lattice, list[float]] | None:
    """The table of a page whose rules are all level, and where its columns part; None where they make none.

    `width` is the page's; `known` are the columns of the page before, which count where this one shows fewer.
    """
    rules = [rule for rule in joined(across) if rule.end - rule.start >= _LONG * width / 10]
    if not rules:
        return None
    left, right = min(rule.start for rule in rules), max(rule.end for rule in rules)
    edges = cluster(rule.at for rule in rules)
    if len(edges) <= (1 if known else _FEWEST_ROWS) or right - left < _LONG * width:
        return None
    bands = [
        _spans([glyph for glyph in glyphs if top <= glyph.middle <= bottom and left <= glyph.center <= right])
        for top, bottom in pairwise(edges)
    ]
    columns = max(_columns(bands), list(known), key=len)
    if len(columns) < _FEWEST_CELLS - 1:
        return None
    down = [Rule(left, edges[0], edges[-1]), Rule(right, edges[0], edges[-1])]
    for (top, bottom), spans in zip(pairwise(edges), bands, strict=True):
        down += [Rule(x, top, bottom) for x in columns if not any(start < x < end for start, end in spans)]
    return Lattice(rules, down), columns


def _spans(glyphs: Sequence[Glyph]) -> list[Span]:
    """The stretches from left to right that words take up in a band, over all its lines."""
    found: list[Span] = []
    for glyph in sorted((glyph for glyph in glyphs if not glyph.char.isspace()), key=lambda glyph: glyph.left):
        gap = _GAP * (glyph.bottom - glyph.top)
        if found and glyph.left - found[-1][1] <= gap:
            found[-1] = (found[-1][0], max(found[-1][1], glyph.right))
        else:
            found.append((glyph.left, glyph.right))
    return found


def _columns(bands: Sequence[Sequence[Span]]) -> list[float]:
    """Where the columns part: in the gaps of the fullest band, as far as the other full bands leave them open."""
    most = max((len(spans) for spans in bands), default=0)
    fullest = next((spans for spans in bands if len(spans) == most), [])
    gaps = [(before[1], after[0]) for before, after in pairwise(fullest)]
    for spans in bands:
        if len(spans) * 2 < most:
            continue
        for number, (start, end) in enumerate(gaps):
            for span in spans:
                # Words that reach into the gap from one side make it narrower.
                if span[0] < start < span[1] < end:
                    start = span[1]
                elif start < span[0] < end < span[1]:
                    end = span[0]
            gaps[number] = (start, end)
    return [(start + end) / 2 for start, end in gaps]
