"""What a page end tore off a row of a line-by-line table: which of the row's cells each line goes on in."""

from collections.abc import Mapping, Sequence

from narrcheck.reading.cells import Kind
from narrcheck.reading.tokens import Token

COLUMNS = ("name", "target", "actual", "note")
_OPEN_ENDS = ("、", ",", ":", "(", "“", "《", "【")
_BRACKETS = (("(", ")"), ("“", "”"), ("《", "》"))
_WHOLE = frozenset([Kind.BOUND, Kind.QUANTITY, Kind.VERDICT, Kind.SMALL])
_MOST = 24
_IMPOSSIBLE = float("-inf")

Row = Mapping[str, Sequence[Token]]


def shortfall(room: int) -> float:
    """What speaks against a line going on in the next one, when that leaves `room` unused at its end."""
    return 0.0 if room < 0 else 0.5 if room < 2 else 1.6 if room < 4 else 2.4 if room < 8 else 3.5


def share(
    row: Row, found: Sequence[Token], widths: Mapping[str, int], seen: frozenset[str]
) -> tuple[list[str], float] | None:
    """The column of each torn token, and how much better that is than the next best; None where there are too many."""
    count = len(found)
    if count > _MOST:
        return None
    # best[end] for the columns so far: the two best ways to give them found[:end].
    best: list[list[tuple[float, list[str]]]] = [[] for _ in range(count + 1)]
    best[0] = [(0.0, [])]
    for column in COLUMNS:
        following = [list(ways) for ways in best]
        for start in range(count):
            if not best[start]:
                continue
            for end in range(start + 1, count + 1):
                value = _worth(column, row.get(column, ()), found[start:end], widths.get(column, 0), seen)
                if value > _IMPOSSIBLE:
                    ways = [(old + value, [*given, *[column] * (end - start)]) for old, given in best[start]]
                    following[end] = sorted([*following[end], *ways], key=lambda way: -way[0])[:2]
        best = following
    ways = best[count]
    if not ways:
        return None
    return ways[0][1], ways[0][0] - ways[1][0] if len(ways) > 1 else _MOST


def _worth(column: str, above: Sequence[Token], found: Sequence[Token], width: int, seen: frozenset[str]) -> float:
    """How well the tokens go on in the cell that holds the tokens `above`."""
    if not found[0].first:
        return _IMPOSSIBLE
    known = width > 0
    width = max([width, *(token.reach for token in found)]) if known else max(t.reach for t in (*above, *found))
    if above:
        full = known and width - above[-1].reach - found[0].unit < 0
        value = _joint(above, found[0], width, seen)
        if _is_whole(above) and not (full and above[-1].what is Kind.VERDICT):
            value -= 4.0
    else:
        # A note may stand below the page end as a whole, above all where the score is below the weight.
        value = -6.0 if column != "note" else 0.5 if found[0].owed else -2.0
    if found[-1].text.endswith("。"):
        value += 0.5 if column == "note" else -2.0 if column == "name" else 0.0
    previous: Token | None = None
    for token in found:
        if previous is not None and token.first:
            value -= shortfall(width - previous.reach - token.unit)
            value += 1.0 if _pair(previous, token) in seen else 0.0
        previous = token
    return value


def _joint(above: Sequence[Token], token: Token, width: int, seen: frozenset[str]) -> float:
    """How well the token goes on behind the last line above the page end."""
    last = above[-1]
    text = "".join(part.text for part in above)
    room = width - last.reach - token.unit
    value = -shortfall(room)
    if any(text.count(opening) > text.count(closing) for opening, closing in _BRACKETS):
        value += 2.0
    elif text.endswith(_OPEN_ENDS):
        value += 1.0
    elif text.endswith(("。", ";")):
        value -= 2.0
    return value + (1.5 if _pair(last, token) in seen else 0.0)


def _is_whole(above: Sequence[Token]) -> bool:
    """The cell is a value or a verdict, with nothing left open."""
    text = above[0].text
    if len(above) > 1 or above[0].what not in _WHOLE or text.endswith(_OPEN_ENDS):
        return False
    return all(text.count(opening) <= text.count(closing) for opening, closing in _BRACKETS)


def _pair(before: Token, token: Token) -> str:
    return before.text[-1] + token.text[0]
