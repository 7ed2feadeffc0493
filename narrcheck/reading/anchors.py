"""Where a line-by-line table shows its weights and scores for certain: two bare numbers that stand together in a line.

Each row has one such pair, so the pairs tell how many rows there are, and no other number can be a weight or a score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from narrcheck.quantity.cells import read_number
from narrcheck.reading.align import Column
from narrcheck.reading.cells import Kind
from narrcheck.reading.tokens import Token, measure

_TAIL = frozenset([Kind.SMALL, Kind.SPOILT, Kind.DASH])
_USUAL_SUMS = (Decimal(90), Decimal(100))
_FEWEST = 2
_MOST_NUMBERS = 80
_MOST_LEFT = 2


@dataclass(frozen=True, slots=True)
class Sums:
    """What the rows' weights and scores must add up to, by the total row less the funds; None where it is not said."""

    weight: Decimal | None = None
    score: Decimal | None = None


def mark(tokens: Sequence[Token], columns: Sequence[Column], sums: Sums) -> bool | None:
    """Mark the weights and scores and what they say of their lines. True: they are all there are, as their sums show;
    False: they are likely; None: this table shows none."""
    names = [name for name, _ in columns]
    if "weight" not in names or "score" not in names:
        return None
    together = names.index("weight") + 1 == names.index("score")
    pairs = _pairs(tokens) if together else _alternating(tokens, sums)
    if len(pairs) < _FEWEST:
        return None
    certain = _adds_up(tokens, pairs, sums)
    if not (certain or together):
        return None
    for weight, score in pairs:
        tokens[weight].role, tokens[score].role = "weight", "score"
        if score + 1 < len(tokens):
            lost = read_number(tokens[score].text).value != read_number(tokens[weight].text).value
            tokens[score + 1].owed = tokens[score + 1].owed or lost
    if together and names[names.index("weight") - 1] == "actual":
        _mark_lines(tokens, pairs)
    else:
        for place, token in enumerate(tokens):
            token.inside = _follows_words(tokens, place)
    if certain:
        # A bare number right before a pair may be an actual or a target; others stand inside words.
        beside = False
        for token in reversed(tokens):
            if token.what is Kind.SMALL and not token.role and not (beside and together):
                token.what = Kind.WORDS
            beside = not token.first and (token.role == "weight" or (beside and token.what is Kind.SMALL))
        measure(tokens)
    return certain


def _alternating(tokens: Sequence[Token], sums: Sums) -> list[tuple[int, int]]:
    """Weights and scores with other cells between them: the only way to leave out at most two bare numbers, which
    stand inside words, so that weights and scores take turns and add up."""
    found = [index for index, token in enumerate(tokens) if token.what is Kind.SMALL]
    if len(found) > _MOST_NUMBERS or sums.weight is None or sums.score is None:
        return []
    values = [read_number(tokens[index].text).value or Decimal(0) for index in found]
    spare = sum(values, Decimal(0)) - sums.weight - sums.score
    for left in range(len(found) % 2, _MOST_LEFT + 1, 2):
        ways = []
        for out in combinations(range(len(found)), left):
            if sum((values[place] for place in out), Decimal(0)) != spare:
                continue
            kept = [place for place in range(len(found)) if place not in out]
            pairs = list(zip(kept[::2], kept[1::2], strict=True))
            if sum((values[weight] for weight, _ in pairs), Decimal(0)) == sums.weight:
                ways.append((sum(values[weight] < values[score] for weight, score in pairs), pairs))
        ways.sort(key=lambda way: way[0])
        if len(ways) == 1 or (len(ways) > 1 and ways[0][0] < ways[1][0]):
            return [(found[weight], found[score]) for weight, score in ways[0][1]]
    return []


def _pairs(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The last two bare numbers that stand together in a line."""
    pairs: list[tuple[int, int]] = []
    start = 0
    while start < len(tokens):
        if tokens[start].what not in _TAIL:
            start += 1
            continue
        end = start + 1
        while end < len(tokens) and not tokens[end].first and tokens[end].what in _TAIL:
            end += 1
        run = [token.what for token in tokens[start:end]]
        while len(run) > 2 and run[-1] is Kind.DASH:
            run.pop()
        if len(run) >= 2 and Kind.SMALL in run[-2:]:
            pairs.append((start + len(run) - 2, start + len(run) - 1))
        start = end
    return pairs


def _adds_up(tokens: Sequence[Token], pairs: Sequence[tuple[int, int]], sums: Sums) -> bool:
    weights = _sum([tokens[weight] for weight, _ in pairs])
    scores = _sum([tokens[score] for _, score in pairs])
    return weights in (*_USUAL_SUMS, sums.weight) or (scores > 0 and scores == sums.score)


def _sum(found: Sequence[Token]) -> Decimal:
    return sum((read_number(token.text).value or Decimal(0) for token in found), Decimal(0))


def _follows_words(tokens: Sequence[Token], place: int) -> bool:
    token = tokens[place]
    if token.first or not place or tokens[place - 1].what is not Kind.WORDS:
        return False
    return token.what is Kind.QUANTITY or (token.what is Kind.WORDS and token.head.isdigit())


def _mark_lines(tokens: Sequence[Token], pairs: Sequence[tuple[int, int]]) -> None:
    """Mark the cell before each pair in its line, the tokens above a line that has such a cell, and the numbers that
    stand behind words in a line without a pair: they may well be part of those words."""
    above = 0
    for index, _ in pairs:
        for place in range(above + 1, index):
            tokens[place].inside = tokens[place].line != tokens[index].line and _follows_words(tokens, place)
        if not tokens[index].first:
            tokens[index - 1].closes = True
            line = tokens[index].line
            for token in tokens[above:index]:
                token.early = token.line != line
        above = index + 2
