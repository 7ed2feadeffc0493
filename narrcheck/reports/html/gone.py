"""What became of the findings of an earlier report, filing by filing."""

from collections.abc import Iterator
from dataclasses import dataclass

from narrcheck.catalogue import message
from narrcheck.reports import changes
from narrcheck.reports.html import bounds
from narrcheck.reports.html.cards import Side, sides
from narrcheck.reports.html.plain import line
from narrcheck.resubmitted import Change, FilingChange, State

_GONE: tuple[State, ...] = ("resolved", "unknown", "settled")


@dataclass(frozen=True, slots=True)
class Gone:
    """A finding of the earlier report that is none of the new one: what it said and quoted, what stands there now,
    and why, where that is known."""

    severity: str
    severity_name: str
    rule: str
    message: str
    sides: tuple[Side, ...]
    now: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Group:
    """The findings in one state, and how many more of them are not listed."""

    state: State
    title: str
    items: tuple[Gone, ...]
    left: int


def groups(change: FilingChange, lang: str) -> Iterator[Group]:
    """The findings that are gone, by what became of them."""
    for state in _GONE:
        chosen = change.of(state)
        if chosen:
            items = tuple(_gone(one, lang) for one in chosen[: bounds.LINES])
            title = message(f"html.gone.{state}", lang, count=len(chosen))
            yield Group(state, title, items, max(len(chosen) - bounds.LINES, 0))


def _gone(change: Change, lang: str) -> Gone:
    finding = change.earlier or change.now
    assert finding is not None
    now = (line(changes.now_says(one, lang)) for one in change.places[: bounds.PIECES])
    return Gone(
        message(f"severity.{finding.severity.label}", lang),
        finding.severity.label,
        finding.rule,
        line(finding.message),
        sides(finding.evidence, lang),
        tuple(dict.fromkeys(now)),
        line(change.reason),
    )
