"""Lines that hold cells or parts of cells, as a stream of tokens; labels torn over lines are put together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from narrcheck.reading.cells import Kind, kind
from narrcheck.reading.document import Row
from narrcheck.reading.vocabulary import Headings, key
from narrcheck.text import fold, squeeze

_LONGEST_PIECE = 12
_NARROW = 3
_UNIT_ALONE = re.compile(r"[(（][^()（）\d]{1,6}[)）]|[%％‰]")


@dataclass(slots=True)
class Token:
    """A piece between blanks. `first`: opens its line; `gap`: blank lines above; `width`: columns of half width;
    `head`, `tail`: its first and last character in half width.

    `reach`: the width of the words in its line up to its end, without other cells before them;
    `shared`: other cells stand in its line. `owed`: it stands behind a score below its weight.
    `torn`: a cell of the row above a page end may go on here.
    `role`: "weight" or "score" where the token is that for certain (`anchors`); `closes`: it is the cell before them in
    their line; `early`: it stands in a line above such a cell; `inside`: a number that is likely part of the words
    before it.
    `runs_on`: what shows that it goes on in the line above (a pair of characters that the form has elsewhere, a number
    behind 不少于, a word behind a number); `unit`: the width of what cannot be parted at its start.
    """

    text: str
    line: int
    first: bool
    gap: int
    width: int
    label: str
    pieces: int = 1
    what: Kind = Kind.WORDS
    alone: bool = False
    head: str = ""
    tail: str = ""
    reach: int = 0
    shared: bool = False
    owed: bool = False
    torn: bool = False
    role: str = ""
    closes: bool = False
    early: bool = False
    inside: bool = False
    runs_on: float = 0.0
    unit: int = 2


def tokens(rows: Sequence[Row], words: Headings) -> list[Token]:
    """The tokens of the rows, in order."""
    found: list[Token] = []
    for row in rows:
        parts = [cell for cell in row.cells if cell] if row.tabular else _pieces(row.cells[0])
        for index, part in enumerate(parts):
            token = _token(part, row.place.line, not index, 0 if index else row.gap)
            token.alone = len(parts) == 1
            found.append(token)
    return merged(found, words)


def _pieces(line: str) -> list[str]:
    """The pieces of a line between blanks; a unit alone, in brackets or %, goes with the number before it."""
    pieces: list[str] = []
    for piece in line.split():
        if pieces and _UNIT_ALONE.fullmatch(piece) and pieces[-1][-1].isdigit():
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _token(text: str, line: int, first: bool, gap: int) -> Token:
    return Token(text, line, first, gap, width(text), key(text), head=fold(text[0]), tail=fold(text[-1]))


def width(text: str) -> int:
    """Columns the text takes where a Chinese character takes two."""
    return len(text) if text.isascii() else sum(1 if char < "\u1100" else 2 for char in text)


def merged(found: list[Token], words: Headings) -> list[Token]:
    """The tokens with labels torn over lines made whole: the longest label wins."""
    result: list[Token] = []
    index = 0
    prefixes = words.prefixes
    while index < len(found):
        token = found[index]
        flat = squeeze(token.text) if len(token.text) <= _LONGEST_PIECE else ""
        if flat and flat in prefixes:
            end, text = index, flat
            for ahead in range(index + 1, min(index + 9, len(found))):
                piece = found[ahead]
                if len(piece.text) > _LONGEST_PIECE:
                    break
                text += squeeze(piece.text)
                label = text.rstrip(":")
                if label not in prefixes:
                    break
                if is_label(label, words):
                    end = ahead
            if end > index:
                token = _joined(found[index : end + 1])
                index = end
        result.append(token)
        index += 1
    return result


def is_label(label: str, words: Headings) -> bool:
    """A whole label of any part of the form."""
    return (
        label in words.fields
        or label in words.columns
        or label in words.texts
        or label in words.funds_columns
        or label in words.funds_total
        or label in words.totals
        or label in words.grades
        or words.is_level(label)
    )


def _joined(pieces: Sequence[Token]) -> Token:
    first = pieces[0]
    token = _token("".join(piece.text for piece in pieces), first.line, first.first, first.gap)
    token.width, token.pieces, token.alone = first.width, len(pieces), first.alone
    return token


def with_kinds(found: list[Token], words: Headings) -> list[Token]:
    """The tokens of the indicator table with what each can be; narrow columns of unknown …指标 are made whole."""
    result: list[Token] = []
    index = 0
    while index < len(found):
        token = found[index]
        end = _narrow_label(found, index, words)
        if end > index:
            token = _joined(found[index : end + 1])
            token.what = Kind.LEVEL2
            index = end
        if token.what is Kind.WORDS:
            token.what = kind(token.text, words)
        result.append(token)
        index += 1
    measure(result)
    return result


def measure(found: Sequence[Token]) -> None:
    """Set how far each token reaches in its line, and whether it shares the line with other cells."""
    previous: Token | None = None
    for token in found:
        token.reach, token.shared = token.width, False
        if previous is not None and not token.first:
            if (token.inside or token.what is Kind.WORDS) and previous.what is Kind.WORDS and _sticks(previous, token):
                token.reach += previous.reach + 1
            else:
                token.shared = previous.shared = True
        previous = token
    # A word that goes with its neighbour shares the line with whatever the neighbour does.
    for before, token in zip(reversed(found[:-1]), reversed(found[1:]), strict=True):
        if not token.first:
            before.shared = token.shared = before.shared or token.shared


def _narrow_label(found: Sequence[Token], start: int, words: Headings) -> int:
    """The last of the short lines that together spell a name ending in 指标, or `start`."""
    text = ""
    for index in range(start, min(start + 7, len(found))):
        token = found[index]
        if len(token.text) > _NARROW or not token.alone or token.pieces > 1 or token.text[0].isascii():
            return start
        if kind(token.text, words) is not Kind.WORDS:
            return start
        text += token.text
        if index > start and text.endswith("指标") and len(text) >= 4:
            return index
    return start


def _sticks(before: Token, token: Token) -> bool:
    """A blank beside a digit or letter is a matter of type, and may stand inside a cell."""
    return before.tail.isascii() or token.head.isascii()
