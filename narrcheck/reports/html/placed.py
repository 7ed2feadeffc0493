"""Where the claims and the evidence of a filing stand in its form, field by field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from narrcheck.filing import Checked, Evidence, Filing, Finding
from narrcheck.reports.html import bounds
from narrcheck.reports.html.marks import Finder, Range, Segment, Span, inside, segments, windows

Key = tuple[str, int | None, str]
"""Field, row, column: ("narrative", None, ""), ("actual", 2, ""), ("funds", 0, "rate"), ("total", None, "score")."""

CELLS = ("name", "target", "actual", "weight", "score", "note")
FUNDS = ("initial", "adjusted", "executed", "weight", "rate", "score")
HEAD = ("project", "unit", "department")
_LONG = ("goal", "narrative")


@dataclass
class Placed:
    """The texts of a form with what is marked in them. `anchors` are the pieces of evidence, by number of the finding
    and of the piece, that have a place in the page; `unmarked` counts the claims that could not be marked for want of
    room."""

    texts: dict[Key, str]
    spans: dict[Key, list[Span]] = field(default_factory=dict)
    windows: dict[Key, list[Range]] = field(default_factory=dict)
    anchors: dict[tuple[int, int], tuple[Key, Range]] = field(default_factory=dict)
    unmarked: int = 0

    def segments(self, key: Key) -> Sequence[Segment]:
        """The text of a field, piece by piece; nothing for a field that is blank or not shown."""
        text = self.texts.get(key, "")
        return tuple(segments(text, self.spans.get(key, ()), self.windows.get(key)))

    def findings(self, key: Key) -> tuple[int, ...]:
        """The findings that have evidence in the field."""
        return tuple(sorted({span.finding for span in self.spans.get(key, ()) if span.finding is not None}))


def placed(checked: Checked, findings: Sequence[Finding]) -> Placed:
    """The form with the evidence of `findings`, which are numbered from one, and with the claims."""
    form = Placed({key: text for key, text in _texts(checked.filing) if text})
    finder = Finder()
    for number, finding in enumerate(findings, 1):
        for at, piece in enumerate(finding.evidence[: bounds.PIECES]):
            key = _key(piece, form.texts)
            if key in form.texts and len(form.anchors) < bounds.MARKS:
                _put(form, key, number, at, piece, finder)
    _cut(form)
    _put_claims(form, checked, finder)
    return form


def _texts(filing: Filing) -> Iterator[tuple[Key, str]]:
    for name in HEAD:
        yield ("header", None, name), getattr(filing, name) or ""
    yield ("goal", None, ""), filing.goal or ""
    yield ("narrative", None, ""), filing.narrative or ""
    for at, funds in enumerate(filing.funds[: bounds.ROWS]):
        yield ("funds", at, "label"), funds.label
        for column in FUNDS:
            yield ("funds", at, column), getattr(funds, column).raw
    for row in filing.indicators[: bounds.ROWS]:
        for cell in CELLS:
            value = getattr(row, cell)
            yield (cell, row.position, ""), value if isinstance(value, str) else value.raw if value else ""
    yield ("total", None, "weight"), filing.total_weight.raw
    yield ("total", None, "score"), filing.total_score.raw
    yield ("grade", None, ""), filing.grade or ""


def _key(piece: Evidence, texts: dict[Key, str]) -> Key:
    """The field that a piece of evidence stands in."""
    if piece.field in ("funds", "total"):
        return piece.field, piece.row, piece.column or ""
    if piece.field == "header":
        holding = [name for name in HEAD if piece.quote in texts.get(("header", None, name), "")]
        return "header", None, (holding or ["project"])[0]
    return piece.field, piece.row, ""


def _put(form: Placed, key: Key, number: int, at: int, piece: Evidence, finder: Finder) -> None:
    """Mark a piece of evidence: its quote, or all of a field that does not hold it."""
    text = form.texts[key]
    start, end = finder.find(text, piece.quote, piece.start, piece.end) or (0, len(text))
    form.spans.setdefault(key, []).append(Span(start, end, finding=number, piece=at))
    form.anchors[number, at] = key, (start, end)


def _cut(form: Placed) -> None:
    """Settle what is shown of long texts, and forget the evidence that stands elsewhere in them."""
    for key, text in form.texts.items():
        whole, beginning = (bounds.TEXT, bounds.BEGINNING) if key[0] in _LONG else (bounds.CELL, bounds.AROUND)
        if len(text) <= whole:
            continue
        spans = form.spans.get(key, [])
        shown = windows(len(text), ((span.start, span.end) for span in spans), whole, beginning)
        form.windows[key] = shown
        form.spans[key] = [span for span in spans if inside(span, shown)]
        for span in spans:
            if span.finding is not None and not inside(span, shown):
                del form.anchors[span.finding, span.piece]


def _put_claims(form: Placed, checked: Checked, finder: Finder) -> None:
    room = bounds.MARKS - len(form.anchors)
    for claim in checked.claims:
        key: Key = (claim.field, claim.in_row, "")
        text = form.texts.get(key)
        found = finder.find(text, claim.quote, claim.start, claim.end) if text and room > 0 else None
        if found is None:
            form.unmarked += 1
            continue
        span = Span(*found, row=claim.row)
        if key in form.windows and not inside(span, form.windows[key]):
            form.unmarked += 1
            continue
        form.spans.setdefault(key, []).append(span)
        room -= 1
