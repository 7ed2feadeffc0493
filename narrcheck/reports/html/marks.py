"""A text cut where claims and evidence begin and end: they overlap, so each piece knows all that cover it."""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from narrcheck.reports.html import bounds

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end] is a claim, linked to the indicator at position `row` or to none, or it is the piece number
    `piece` of the evidence of finding number `finding`."""

    start: int
    end: int
    finding: int | None = None
    piece: int = 0
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text under one set of marks. `claim` is "linked", "unlinked" or empty; `rows` are those its claims
    are linked to, `findings` those whose evidence covers it, `opens` the evidence (finding, piece) that begins here.
    `left` characters are left out before it."""

    text: str
    claim: str = ""
    rows: tuple[int, ...] = ()
    findings: tuple[int, ...] = ()
    opens: tuple[tuple[int, int], ...] = ()
    left: int = 0

    @property
    def plain(self) -> bool:
        return not (self.claim or self.findings)


class Finder:
    """Finds quotes in texts: where they are said to stand, otherwise where they stand first. It looks through a limited
    number of characters, so that many wrong offsets in a long text take no long time."""

    def __init__(self, budget: int = bounds.SEARCHED) -> None:
        self._budget = budget
        self._known: dict[tuple[int, str], int] = {}

    def find(self, text: str, quote: str, start: int, end: int) -> Range | None:
        """Where the quote stands; None where it does not, or where that is not worked out any more."""
        if 0 <= start <= end and text[start:end] == quote:
            return start, end
        key = id(text), quote
        if key not in self._known:
            if self._budget <= 0 or not quote:
                return None
            self._budget -= len(text)
            self._known[key] = text.find(quote)
        at = self._known[key]
        return None if at < 0 else (at, at + len(quote))


def windows(length: int, evidence: Iterable[Range], whole: int, beginning: int) -> list[Range]:
    """What is shown of a text: all of it up to `whole` characters, otherwise its beginning and what is around the
    evidence, as long as that comes to no more than `whole` characters. In order, without overlaps."""
    if length <= whole:
        return [(0, length)]
    chosen, room = [(0, beginning)], whole - beginning
    for start, end in evidence:
        one = max(start - bounds.AROUND, 0), min(end, start + beginning, length) + bounds.AROUND
        room -= one[1] - one[0]
        if room < 0:
            break
        chosen.append((one[0], min(one[1], length)))
    return _merged(chosen)


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def inside(span: Span, shown: Sequence[Range]) -> bool:
    """Whether a span begins in one of the windows, which are in order."""
    at = bisect_left(shown, (span.start + 1,)) - 1
    return at >= 0 and span.start <= shown[at][1]


def segments(text: str, spans: Sequence[Span], shown: Sequence[Range] | None = None) -> Iterator[Segment]:
    """The text piece by piece, of which only the windows `shown` (None: all). Each span begins in a window, see
    `inside`; it may reach beyond it and beyond the text."""
    turns = deque(sorted(_turns(spans)))
    active = _Active()
    opens: list[tuple[int, int]] = []
    done = 0
    for at, stop in [(0, len(text))] if shown is None else shown:
        left = at - done
        while turns and turns[0][0] <= stop:
            place, begins, number = turns.popleft()
            if place > at:
                yield active.segment(text[at:place], tuple(opens), left)
                opens, left, at = [], 0, place
            active.turn(spans[number], begins)
            if begins and spans[number].finding is not None:
                opens.append((spans[number].finding or 0, spans[number].piece))
        if stop > at or opens or left:
            yield active.segment(text[at:stop], tuple(opens), left)
            opens = []
        done = stop
    if done < len(text):
        yield Segment("", left=len(text) - done)


def _turns(spans: Sequence[Span]) -> Iterator[tuple[int, bool, int]]:
    """Where each span begins and ends; at one place ends come before beginnings. An empty span only begins."""
    for number, span in enumerate(spans):
        yield span.start, True, number
        if span.end > span.start:
            yield span.end, False, number


class _Active:
    """The spans that cover the place where the sweep is."""

    def __init__(self) -> None:
        self._findings: list[int] = []
        self._rows: list[int] = []
        self._claims = 0

    def turn(self, span: Span, begins: bool) -> None:
        """A span begins or ends."""
        if span.end <= span.start:
            return
        if span.finding is not None:
            _change(self._findings, span.finding, begins)
            return
        self._claims += 1 if begins else -1
        if span.row is not None:
            _change(self._rows, span.row, begins)

    def segment(self, text: str, opens: tuple[tuple[int, int], ...], left: int) -> Segment:
        """The stretch of text that ends here."""
        claim = "" if not (self._claims and text) else "linked" if self._rows else "unlinked"
        findings = _some(self._findings) if text else ()
        return Segment(text, claim, _some(self._rows), findings, opens, left)


def _change(ordered: list[int], number: int, add: bool) -> None:
    if add:
        insort(ordered, number)
    else:
        del ordered[bisect_left(ordered, number)]


def _some(ordered: Sequence[int]) -> tuple[int, ...]:
    """The first few, each once."""
    return tuple(dict.fromkeys(ordered[: bounds.TOGETHER]))
