"""Where the headings of goal and narrative stand in a stream of tokens."""

from collections.abc import Sequence

from narrcheck.reading.texts import NAMES
from narrcheck.reading.tokens import Token
from narrcheck.reading.vocabulary import Headings


def text_labels(found: Sequence[Token], words: Headings) -> dict[int, str | None]:
    """The tokens that are headings of the texts: "goal" or "narrative"; "" for a label that is no part of a text, None
    for one that heads a text which is not read. Empty where neither text has a heading."""
    known = {index: words.texts[token.label] for index, token in enumerate(found) if token.label in words.texts}
    named = {index: name for index, name in known.items() if name in NAMES}
    if not named:
        return {}
    named |= _beside(found, named, known, words) or _column_heading(found, named, known)
    first = min(named)
    labels: dict[int, str | None] = {**{index: "" for index in known if index >= first}, **named}
    if "goal" not in named.values() and (heads := _own_headings(found, known, first)):
        annual = [index for index in heads if known[index] == "annual"]
        return {**labels, **dict.fromkeys(heads), (annual or heads)[0]: "goal"}
    while first - 1 in known:
        first -= 1
        labels[first] = ""
    return labels


def _beside(found: Sequence[Token], named: dict[int, str], known: dict[int, str], words: Headings) -> dict[int, str]:
    """The unknown heading of one text in the same line as the known one of the other, or between two that are known."""
    likely: dict[int, str] = {}
    for index, name in named.items():
        other = index + 1 if name == "goal" else index - 1
        if not 0 <= other < len(found) or other in known:
            continue
        near = found[other].line == found[index].line or (other < index and other - 1 in known)
        like = words.text_like(found[other].label) if near else ""
        if like not in ("", name) and like not in named.values():
            likely[other] = like
    return likely


def _column_heading(found: Sequence[Token], named: dict[int, str], known: dict[int, str]) -> dict[int, str]:
    """The label right before the narrative's heading as that of the goal: in the same line, or behind another one."""
    first = min(named)
    if "goal" in named.values() or first - 1 not in known:
        return {}
    return {first - 1: "goal"} if not found[first].first or first - 2 in known else {}


def _own_headings(found: Sequence[Token], known: dict[int, str], first: int) -> list[int]:
    """The labels above the first heading that open a line and have a text of their own behind them."""
    return [index for index in known if index < first and found[index].first and index + 1 not in known]
