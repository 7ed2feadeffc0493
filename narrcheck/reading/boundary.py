"""Where the goal ends and the narrative begins, when both stand in one run of lines without a mark between them."""

import re
from collections.abc import Sequence

from narrcheck.reading.texts import joined
from narrcheck.reading.tokens import width
from narrcheck.reading.vocabulary import Headings, key
from narrcheck.text import fold

_WIDE = re.compile(r"\s{2,}+")
_BLANK = re.compile(r"\s++")
_OPENING = re.compile(r"(?:\(?1[).、]|\(?一[)、])")
_SENTENCE_END = ("。", "!", "?", "”")
_CLAUSE_END = (";", ",", "、", ":")
_CERTAIN = 1.5
_CLEAR = 2.5
_MOST_LINES = 300
_UNWRAPPED = 120


def split_texts(lines: Sequence[str], words: Headings) -> tuple[str | None, str | None, bool]:
    """Goal, narrative, and whether the boundary is in doubt."""
    if not lines:
        return None, None, False
    if len(lines) == 2 and max(map(width, lines)) > _UNWRAPPED:
        return lines[0], lines[1], False
    columns = _two_columns(lines, _WIDE) or _two_columns(lines, _BLANK)
    if columns:
        return joined(columns[0]), joined(columns[1]), False
    pieces, breaks = _pieces(lines)
    if len(pieces) == 1:
        report = _tendency(pieces[0], words) > 0
        return (None, pieces[0], True) if report else (pieces[0], None, True)
    ranked = _ranked(pieces, breaks, words)
    best, place = ranked[0]
    widest = max(map(width, pieces))
    ends = sum(fold(piece[-1]) in _SENTENCE_END and width(piece) < widest - 3 for piece in pieces[:-1])
    margin = best - ranked[1][0] if len(ranked) > 1 else best
    doubtful = best < _CERTAIN or margin < (_CLEAR if ends < 2 else 2 * _CLEAR)
    return _joined(pieces[:place], breaks[:place]), _joined(pieces[place:], breaks[place:]), doubtful


def _two_columns(lines: Sequence[str], blank: re.Pattern[str]) -> tuple[list[str], list[str]] | None:
    """Left and right halves, where nearly every line holds a piece of each text."""
    if len(lines) < 3:
        return None
    halves = [blank.split(line) for line in lines]
    paired = sum(len(half) == 2 and min(map(len, half)) >= 4 for half in halves)
    if paired * 10 < len(lines) * 7:
        return None
    left: list[str] = []
    right: list[str] = []
    for half in halves:
        if len(half) == 2:
            left.append(half[0])
            right.append(half[1])
        else:
            # One column has ended: the text that lacks its full stop goes on.
            (right if left and left[-1].endswith("。") else left).append(" ".join(half))
    return left, right


def _pieces(lines: Sequence[str]) -> tuple[list[str], list[bool]]:
    """The texts between blanks, and for each whether a line begins there; a blank beside ASCII separates no cells."""
    pieces: list[str] = []
    breaks: list[bool] = []
    for line in lines:
        fresh = True
        for part in _BLANK.split(line):
            if not part:
                continue
            flat = fold(part)
            before = fold(pieces[-1][-1]) if pieces else ""
            joint = bool(before) and before not in _SENTENCE_END and (flat[0].isascii() or before.isascii())
            if not fresh and joint and not _OPENING.match(flat):
                pieces[-1] += " " + part
                continue
            pieces.append(part)
            breaks.append(fresh)
            fresh = False
    return pieces, breaks


def _ranked(pieces: Sequence[str], breaks: Sequence[bool], words: Headings) -> list[tuple[float, int]]:
    """Each boundary with its value, best first."""
    pieces = [fold(piece) for piece in pieces]
    tendencies = [_tendency(piece, words) for piece in pieces]
    total = sum(tendencies)
    before = 0.0
    widest = max(width(piece) for piece in pieces)
    full = _full_lines([width(piece) for piece in pieces])
    restarts = sum(bool(_OPENING.match(piece)) for piece in pieces) > 1
    ranked: list[tuple[float, int]] = []
    for place in range(1, len(pieces)):
        before += tendencies[place - 1]
        previous, following = pieces[place - 1], pieces[place]
        value = 0.6 * (total - before - before)
        value += 3.0 if previous.endswith(_SENTENCE_END) else -1.5 if previous.endswith(_CLAUSE_END) else -2.0
        # A blank inside a line parts cells, and so does a short line; a full line goes on.
        value += 1.5 if not breaks[place] or width(previous) < widest - 3 else -0.5
        value += full[place - 1] + (1.0 if following.startswith(words.narrative_openings) else 0.0)
        if key(following.partition(":")[0]) in words.texts:
            # 年度总体目标：… opens another part of the goal.
            value -= 3.0
        if restarts and _OPENING.match(following):
            value += 3.0
        ranked.append((value, place))
    return sorted(ranked, reverse=True)


def _full_lines(widths: Sequence[int]) -> list[float]:
    """For each boundary, how much better the lines fill two columns of their own width than one common column."""
    if len(widths) > _MOST_LINES:
        return [0.0] * (len(widths) - 1)
    widest = max(widths)
    common = sum(w >= widest - 2 for w in widths)
    values = []
    for place in range(1, len(widths)):
        left, right = max(widths[:place]), max(widths[place:])
        filled = sum(w >= left - 2 for w in widths[:place]) + sum(w >= right - 2 for w in widths[place:])
        values.append(min(4.0, 0.4 * max(filled - common - 1, 0)))
    return values


def _tendency(piece: str, words: Headings) -> float:
    """Above zero where the words report, below where they plan."""
    text = fold(piece[:400])
    report = sum(word in text for word in words.narrative_words)
    plan = sum(word in text for word in words.goal_words)
    return float(max(-3, min(3, report - plan)))


def _joined(pieces: Sequence[str], breaks: Sequence[bool]) -> str | None:
    lines: list[str] = []
    for piece, fresh in zip(pieces, breaks, strict=True):
        if fresh or not lines:
            lines.append(piece)
        else:
            lines[-1] += " " + piece
    return joined(lines)
