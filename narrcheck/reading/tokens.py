"""Lines that hold cells or parts of cells, as a stream of tokens; labels torn over lines are put together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from narrcheck.quantity.units import is_unit
from narrcheck.reading.cells import Kind, kind
from narrcheck.reading.document import Row
from narrcheck.reading.vocabulary import Headings, key
from narrcheck.text import fold, squeeze

_LONGEST_PIECE = 12
_NARROW = 3
_PIECE = re.compile(r"\S++")
_BRACKETED = re.compile(r"\([^()\d]{1,6}\)$")
_DATED = re.compile(r"(?:(?<!\d)20\d\d|年\d{1,2}|月\d{1,2})$")
_DATE_GOES_ON = ("年", "月", "日")


@dataclass(slots=True)
class Token:
    """A piece between blanks. `first`: opens its line; `gap`: blank lines above; `width`: columns of half width;
    `text` is folded to half width, as everything here is measured; `raw` is what is printed; `head` and `tail` are the
    first and last character of `text`.

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
    raw: str
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
        parts = [(fold(cell), cell) for cell in row.cells if cell] if row.tabular else _pieces(row.cells[0])
        for index, (text, raw) in enumerate(parts):
            token = _token(text, raw, row.place.line, not index, 0 if index else row.gap)
            token.alone = len(parts) == 1
            found.append(token)
    return merged(found, words)


def _pieces(line: str) -> list[tuple[str, str]]:
    """The pieces of a line between blanks, folded and as printed. What only goes on after a number (its unit, the rest
    of a date) goes with that number."""
    flat = fold(line)
    pieces: list[tuple[str, str]] = []
    start = 0
    for found in _PIECE.finditer(flat):
        piece = found.group()
        before = pieces[-1][0] if pieces else ""
        if before and before[-1].isdigit() and _goes_on(before, piece):
            pieces[-1] = (before + piece, line[start : found.end()])
        else:
            start = found.start()
            pieces.append((piece, line[start : found.end()]))
    return pieces


def _goes_on(before: str, piece: str) -> bool:
    """Whether a piece behind a blank belongs to the digits that the piece before it ends in."""
    if piece[0] in "%‰" or (piece[0] == "(" and _BRACKETED.match(piece)) or is_unit(piece):
        return True
    return piece.startswith(_DATE_GOES_ON) and bool(_DATED.search(before))


def _token(text: str, raw: str, line: int, first: bool, gap: int) -> Token:
    return Token(text, raw, line, first, gap, width(text), key(text), head=text[0], tail=text[-1])


def width(text: str) -> int:
    """Columns the text takes where a Chinese character takes two. Letters, digits and marks that exist in half width
    take one in whichever width they are printed: the same form reads alike in both."""
    return len(text) if text.isascii() else sum(1 if char < "\u1100" else 2 for char in fold(text))


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
                label = key(text) or text
                if label not in prefixes:
                    break
                if is_label(label, words):
                    end = ahead
            if end > index:
                token = _joined(found[index : end + 1])
                index = end
        elif (end := _verdict(found, index, words)) > index:
            token = _joined(found[index : end + 1])
            index = end
        result.append(token)
        index += 1
    return result


def _verdict(found: Sequence[Token], start: int, words: Headings) -> int:
    """The last of the pieces of one line that together spell a verdict (达成指 标), or `start`."""
    text = found[start].text
    if text in words.verdicts or text not in words.verdict_prefixes:
        return start
    for index in range(start + 1, len(found)):
        text += found[index].text
        if found[index].first or text not in words.verdict_prefixes:
            return start
        if text in words.verdicts or text in words.verdict_openings:
            return index
    return start


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
    token = _token(text, joined(pieces), first.line, first.first, first.gap)
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


def joined(found: Sequence[Token]) -> str:
    """The tokens as one text as printed: a blank where one stood in a line; where a line ended, only between two Latin
    words."""
    raw = tail = ""
    for token in found:
        if raw and (not token.first or (_is_letter(token.head) and _is_letter(tail))):
            raw += " "
        raw += token.raw
        tail = token.tail
    return raw


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()
