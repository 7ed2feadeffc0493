"""What the neighbours of a token in a line-by-line table say about it, noted on the token before rows are found."""

from collections.abc import Sequence
from itertools import pairwise

from narrcheck.quantity.cells import read_number
from narrcheck.reading.cells import Kind
from narrcheck.reading.model import PAGE
from narrcheck.reading.tokens import Token, width
from narrcheck.reading.vocabulary import Headings

_FULL_LEVELS = 2
_TORN_REACH = 12
_LEVELS = frozenset([Kind.LEVEL1, Kind.LEVEL2, Kind.GROUP, Kind.SMALL])
_LAST_SIGN = "\u2fff"
_OPENING = "(“《【"
_TORN_WORD = 1.5
_CLOSING = ",。、;:)”》】%"


def demote_levels(tokens: Sequence[Token]) -> None:
    """Where second levels are called …指标, the word 数量 alone is the end of a name and no level."""
    full = sum(token.what is Kind.LEVEL2 and token.text.endswith("指标") for token in tokens)
    for token in tokens:
        if token.what is Kind.LEVEL2 and full >= _FULL_LEVELS and not token.text.endswith("指标"):
            token.what = Kind.WORDS


def mark_deductions(tokens: Sequence[Token]) -> None:
    """Mark the token behind a score below its weight: a note is likely there."""
    for index in range(2, len(tokens)):
        weight, score = tokens[index - 2], tokens[index - 1]
        if weight.what is score.what is Kind.SMALL:
            tokens[index].owed = read_number(score.text).value != read_number(weight.text).value


def mark_torn(tokens: Sequence[Token]) -> None:
    """Mark the words behind a page end, which may go on in the row above it."""
    for index, token in enumerate(tokens):
        if token.gap < PAGE:
            continue
        owed = any(before.owed for before in tokens[max(index - 5, 0) : index + 1])
        for torn in tokens[index : index + _TORN_REACH]:
            if torn.what in _LEVELS or (torn is not token and torn.gap >= PAGE):
                break
            torn.torn, torn.owed = True, owed


def mark_joints(tokens: Sequence[Token], seen: frozenset[str], words: Headings) -> None:
    """Mark what the start of a line shows: whether it makes a known pair with the end of the line above, and how much
    of it cannot be parted."""
    for before, token in pairwise(tokens):
        if token.head.isdigit() and before.text.endswith(words.before_numbers):
            token.runs_on = 2.5
        if not token.first:
            if before.what is token.what is Kind.WORDS and before.tail + token.head in seen:
                token.runs_on = max(token.runs_on, _TORN_WORD)
            continue
        worded = before.what is Kind.WORDS or (before.what is Kind.BOUND and before.head > _LAST_SIGN)
        if before.tail.isdigit() and worded and token.what is Kind.WORDS:
            token.runs_on = 1.5
        elif before.text[-1] + token.text[0] in seen:
            token.runs_on = max(token.runs_on, 1.0)
        text, length = token.text, 1
        while length < len(text) and text[length - 1] in _OPENING:
            length += 1
        if token.head.isascii():
            while length < len(text) and text[length].isascii() and (text[length].isalnum() or text[length] in ".,%"):
                length += 1
        while length < len(text) and text[length] in _CLOSING:
            length += 1
        token.unit = width(text[:length])
