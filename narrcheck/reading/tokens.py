"""Lines that hold cells or parts of cells, as a stream of tokens; labels torn over lines are put together."""

from collections.abc import Sequence
from dataclasses import dataclass

from narrcheck.reading.cells import Kind, kind
from narrcheck.reading.document import Row
from narrcheck.reading.vocabulary import Headings, key
from narrcheck.text import squeeze

_LONGEST_PIECE = 12
_NARROW = 3


@dataclass(slots=True)
class Token:
    """A piece between blanks. `first`: opens its line; `gap`: blank lines above; `width`: columns of half width.

    `reach`: the width of the words in its line up to its end, without other cells before them;
    `shared`: other cells stand in its line. `owed`: it stands behind a score below its weight.
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
    reach: int = 0
    shared: bool = False
    owed: bool = False


def tokens(rows: Sequence[Row], words: Headings) -> list[Token]:
    """The tokens of the rows, in order."""
    found: list[Token] = []
    for row in rows:
        parts = [cell for cell in row.cells if cell] if row.tabular else row.cells[0].split()
        for index, part in enumerate(parts):
            token = Token(part, row.place.line, not index, 0 if index else row.gap, width(part), key(part))
            token.alone = len(parts) == 1
            found.append(token)
    return merged(found, words)


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
    text = "".join(piece.text for piece in pieces)
    return Token(text, first.line, first.first, first.gap, first.width, key(text), len(pieces), alone=first.alone)


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
        token.reach = token.width
        if result and not token.first and token.what is Kind.WORDS is result[-1].what and _sticks(result[-1], token):
            token.reach += result[-1].reach + 1
        elif result and not token.first:
            token.shared = result[-1].shared = True
        result.append(token)
        index += 1
    # A word that goes with its neighbour shares the line with whatever the neighbour does.
    for before, token in zip(reversed(result[:-1]), reversed(result[1:]), strict=True):
        if not token.first:
            before.shared = token.shared = before.shared or token.shared
    return result


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
    return before.text[-1].isascii() or token.text[0].isascii()
