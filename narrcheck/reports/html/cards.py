"""The findings of a filing as cards: what is said, the quotes of all places side by side, and the way to each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Decided, Evidence, Finding
from narrcheck.printed import Spot
from narrcheck.reports import changes, wording
from narrcheck.reports.html import bounds
from narrcheck.reports.html.placed import Placed
from narrcheck.reports.html.plain import clipped, line, visible
from narrcheck.reports.model import by_model
from narrcheck.reports.rulename import rule_name
from narrcheck.resubmitted import Change, FilingChange

_QUOTED = ("goal", "narrative", "note", "name")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote with what stands around it. `column` is empty for texts, `anchor` where the page does not show the
    place."""

    quote: str
    before: str = ""
    after: str = ""
    column: str = ""
    spot: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """A place of the form with the quotes taken from it."""

    place: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A finding. `number` counts from one within the filing, `rule` is its rule in a few words; `state` is empty where
    there is no earlier report; `now` says of one that has changed what stood there before and stands there now,
    `before` why one that stands did not count; `left` counts the evidence that is not shown."""

    number: int
    finding: Finding
    severity: str
    rule: str
    message: str
    suggestion: str
    sides: tuple[Side, ...]
    left: int = 0
    state: str = ""
    state_name: str = ""
    now: tuple[str, ...] = ()
    before: str = ""
    confirmed: str = ""


def cards(checked: Checked, findings: Sequence[Finding], form: Placed, change: FilingChange | None, lang: str,
          name: str) -> tuple[Card, ...]:  # fmt: skip
    """A card for each of the findings; `name` is that of the filing in the page's anchors."""
    known = {} if change is None else change.by_finding
    return tuple(
        _card(number, finding, form, known.get(finding.id), checked.confirmed, lang, name)
        for number, finding in enumerate(findings, 1)
    )


def _card(number: int, finding: Finding, form: Placed, change: Change | None, confirmed: Mapping[str, Decided],
          lang: str, name: str) -> Card:  # fmt: skip
    decided = confirmed.get(finding.id)
    moved = change.places[: bounds.PIECES] if change is not None and change.state == "changed" else ()
    return Card(
        number,
        finding,
        message(f"severity.{finding.severity.label}", lang),
        rule_name(finding.rule, lang),
        line(finding.message) + by_model(finding, lang),
        message("report.suggestion", lang, text=line(finding.suggestion)),
        sides(finding.evidence, lang, form, number, name),
        max(len(finding.evidence) - bounds.PIECES, 0),
        "" if change is None else change.state,
        "" if change is None else changes.state(change, lang),
        tuple(line(changes.now_says(one, lang)) for one in moved),
        "" if change is None else line(change.reason),
        "" if decided is None else line(changes.confirmed(decided, lang)),
    )


def sides(evidence: Sequence[Evidence], lang: str, form: Placed | None = None, number: int = 0,
          name: str = "") -> tuple[Side, ...]:  # fmt: skip
    """The evidence by place. With the form the quotes stand in their text and lead to their place in the page."""
    grouped: dict[str, list[Quote]] = {}
    for at, piece in enumerate(evidence[: bounds.PIECES]):
        place = wording.place(replace(piece, name=clipped(piece.name or "", bounds.NAME)), lang)
        grouped.setdefault(place, []).append(_quote(piece, lang, form, (number, at), name))
    return tuple(Side(place, tuple(dict.fromkeys(quotes))) for place, quotes in grouped.items())


def _quote(piece: Evidence, lang: str, form: Placed | None, anchor: tuple[int, int], name: str) -> Quote:
    in_table = piece.row is not None or piece.column is not None
    column = message(f"column.{piece.column}" if piece.column else f"field.{piece.field}", lang) if in_table else ""
    quote = Quote(line(piece.quote, bounds.QUOTE), column=column, spot=_spot(piece.spot, lang))
    if form is None or anchor not in form.anchors:
        return quote
    key, (start, end) = form.anchors[anchor]
    text = form.texts[key]
    target = f"p{name}-{anchor[0]}-{anchor[1]}"
    if text[start:end] != piece.quote:
        return replace(quote, anchor=target)
    before, after = visible(text[max(start - bounds.CONTEXT, 0) : start]), visible(text[end : end + bounds.CONTEXT])
    before = ("…" if start > bounds.CONTEXT else "") + before
    after += "…" if end + bounds.CONTEXT < len(text) else ""
    return replace(quote, before=_flat(before), after=_flat(after), anchor=target)


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def _spot(spot: Spot | None, lang: str) -> str:
    return "" if spot is None else wording.spot(spot, lang)


@dataclass(frozen=True, slots=True)
class Removed:
    """A finding that does not stand: what it said, and who took it away and why."""

    finding: Finding
    severity: str
    message: str
    reason: str


def removed(checked: Checked, lang: str) -> tuple[tuple[str, Sequence[Removed], int], ...]:
    """The waived and the dismissed findings under their headings, with the number of those left out."""
    waived = (
        _removed(finding, wording.waived(finding, waiver, lang), lang)
        for finding, waiver in checked.waived[: bounds.LINES]
    )
    dismissed = (
        _removed(finding, changes.dismissed(finding, decided, lang), lang)
        for finding, decided in checked.dismissed[: bounds.LINES]
    )
    return (
        (message("report.waived", lang), tuple(waived), max(len(checked.waived) - bounds.LINES, 0)),
        (message("report.dismissed", lang), tuple(dismissed), max(len(checked.dismissed) - bounds.LINES, 0)),
    )


def _removed(finding: Finding, reason: str, lang: str) -> Removed:
    return Removed(finding, message(f"severity.{finding.severity.label}", lang), line(finding.message), line(reason))
