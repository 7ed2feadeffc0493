"""Where the votes settle no link: two rows nearly as good, two claims for one row, no row though one may fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from narrcheck.filing import Claim, Filing, Indicator
from narrcheck.linking.around import own_words
from narrcheck.linking.table import Table
from narrcheck.linking.votes import Said, Vote, row_unit, unit_fits
from narrcheck.quantity.units import unscaled
from narrcheck.wording import of_funds, phrase

_MARGIN = 0.15
_MOST_ROWS = 6
_OPEN = frozenset(["year", "total"])
_TOLD = frozenset(["year", "total", "extra", "cumulative", "part"])


@dataclass(frozen=True, slots=True)
class Close:
    """A claim by its place in the list, and the rows that may answer it, the likeliest first."""

    claim: int
    rows: tuple[int, ...]


def close_calls(filing: Filing, claims: Sequence[Claim]) -> tuple[Close, ...]:
    """The claims of goal and narrative whose link is not settled. `claims` are linked already."""
    if not filing.indicators:
        return ()
    table = Table(filing, claims)
    found: list[Close] = []
    for text in ("goal", "narrative"):
        members = [at for at, claim in enumerate(claims) if claim.field == text and claim.scope in _TOLD]
        said = Said(claims[at] for at in members)
        votes = {at: sorted(table.votes(at, said), key=lambda vote: -vote.score) for at in members}
        answered = {claims[at].row for at in members}
        for at in members:
            rows = tuple(_rows(at, votes, claims, table, answered))[:_MOST_ROWS]
            if rows:
                found.append(Close(at, rows))
    return tuple(found)


def _rows(
    at: int, votes: dict[int, list[Vote]], claims: Sequence[Claim], table: Table, answered: set[int | None]
) -> Iterator[int]:
    """The rows to choose from for one claim; none where its link is clear."""
    claim, own = claims[at], votes[at]
    if claim.row is None:
        if own:
            yield from (vote.row for vote in own)
        elif claim.scope in _OPEN and not of_funds(own_words(claim.subject)):
            yield from _fitting(claim, table, answered)
        return
    best = next((vote.score for vote in own if vote.row == claim.row), None)
    if best is None:
        return
    near = [vote.row for vote in own if vote.row != claim.row and vote.score >= best - _MARGIN]
    rivals = any(
        vote.row == claim.row and vote.score >= best - _MARGIN and claims[other].value != claim.value
        for other, others in votes.items()
        if other != at
        for vote in others
    )
    if near or rivals:
        yield from (claim.row, *near)


def _fitting(claim: Claim, table: Table, answered: set[int | None]) -> Iterator[int]:
    """Rows of a fitting unit that no claim of this text answers, the closest in words first."""
    words = phrase(claim.subject + "，" + claim.quote).features
    free = [row for row in table.rows if row.position not in answered and row_unit(row) and unit_fits(claim, row)]

    def far(row: Indicator) -> tuple[float, bool, int]:
        shared = table.vocabulary.coverage(table.names[row.position], words)
        return -shared, unscaled(row_unit(row) or "") != unscaled(claim.unit), row.position

    yield from (row.position for row in sorted(free, key=far))
