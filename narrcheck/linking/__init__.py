"""Which indicator row, if any, counts the same thing as a claim.

Unit, wording, rarity of words, the table's value and exclusivity vote; *no row* is a normal answer. A claim whose
number the row admits needs less wording than one that differs: agreement is evidence of its own, and a wrong link with
another number would raise a false alarm.
"""

from collections.abc import Sequence
from dataclasses import replace

from narrcheck.filing import Claim, Filing
from narrcheck.linking.table import Table
from narrcheck.linking.votes import SAME, Said, Vote, number
from narrcheck.parts import on

__all__ = ["link"]

_AGREEING_FIRST = 0.2
_AS_CLOSE = 0.75


def link(filing: Filing, claims: Sequence[Claim], lang: str = "zh") -> tuple[Claim, ...]:
    """The claims with `row` and `why` set; a claim that no row answers keeps `row` None.

    Each text (goal, narrative, a row's note or cells) is linked on its own, so that the goal's and the narrative's
    figure may both answer one row.
    """
    if not filing.indicators or not claims:
        return tuple(claims)
    table = Table(filing, claims)
    linked = list(claims)
    groups: dict[tuple[str, int | None], list[int]] = {}
    for at, claim in enumerate(claims):
        groups.setdefault((claim.field, claim.in_row), []).append(at)
    for (_, in_row), members in groups.items():
        if in_row is None:
            said = Said(claims[at] for at in members)
            chosen = assign([vote for at in members for vote in table.votes(at, said)], claims)
            chosen.update(table.leftovers(members, chosen, said))
        else:
            chosen = {at: vote for at in members if (vote := table.own_row(at, in_row))}
        for at, vote in chosen.items():
            linked[at] = replace(claims[at], row=vote.row, why=table.reason(vote, lang))
    return tuple(linked)


def assign(votes: list[Vote], claims: Sequence[Claim]) -> dict[int, Vote]:
    """Votes in order of strength; a row, or each of several quantities of a row in words, is answered once, or again by
    the same number in words nearly as close."""
    chosen: dict[int, Vote] = {}
    taken: dict[tuple[int, int], Vote] = {}
    once = on("exclusivity")
    for vote in sorted(votes, key=lambda v: (-_strength(v), v.claim, v.row)):
        holder = taken.setdefault((vote.row, vote.cell), vote) if once else vote
        if vote.claim not in chosen and (holder is vote or _repeats(vote, holder, claims)):
            chosen[vote.claim] = vote
        elif holder is vote:
            taken.pop((vote.row, vote.cell), None)
    return chosen


def _strength(vote: Vote) -> float:
    """A claim that agrees with the row goes before one that differs: the row is likely to be about the former."""
    return vote.score + (_AGREEING_FIRST if vote.agreement in SAME else 0.0)


def _repeats(vote: Vote, holder: Vote, claims: Sequence[Claim]) -> bool:
    claim, other = claims[vote.claim], claims[holder.claim]
    return number(claim) == number(other) and vote.wording >= _AS_CLOSE * holder.wording
