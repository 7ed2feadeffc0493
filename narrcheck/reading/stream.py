"""Rows of the indicator table from a stream of tokens: the most plausible cell for each token, found for all at once.

Columns follow each other in the order of their headings, and after the last column a new row begins. The path through
all tokens that is worth most by the model wins (Viterbi).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from narrcheck.parts import on
from narrcheck.reading import anchors, marks, tears
from narrcheck.reading.align import Column
from narrcheck.reading.anchors import Sums
from narrcheck.reading.cells import Kind
from narrcheck.reading.drafts import Draft
from narrcheck.reading.model import NEVER, PAGE, SHORT, TEXTS, Habits, Model, State
from narrcheck.reading.tokens import Token, joined
from narrcheck.reading.vocabulary import Headings

_FAR_BEHIND = 14.0
_CLOSE = 1.0
_SETTLED = 2.0
_MOST_PASSES = 4
_UNKNOWN = Sums()
_HANGING = ",。、;:"


def rows(
    tokens: Sequence[Token],
    columns: Sequence[Column],
    words: Headings,
    sums: Sums = _UNKNOWN,
    seen: frozenset[str] = frozenset(),
) -> list[Draft]:
    """The rows of the table, torn pieces put back. `sums`: what they must add up to; `seen`: pairs of characters that
    follow each other somewhere in the form."""
    columns = [column for column in columns if column[0] != "group"]
    if not tokens:
        return []
    marks.demote_levels(tokens)
    constraints = on("constraints")
    if constraints:
        marks.mark_deductions(tokens)
    marks.mark_torn(tokens)
    marks.mark_joints(tokens, seen, words)
    single = _single(tokens)
    certain = None if single or not constraints else anchors.mark(tokens, columns, sums)
    habits = Habits(_sure_widths(tokens), single, any(token.gap >= PAGE for token in tokens), certain)
    model = Model(columns, habits, words)
    path = _path(tokens, model)
    if not habits.single and _wordy(tokens):
        # What one pass found shows how wide the columns are, which settles where words were cut.
        for _ in range(_MOST_PASSES):
            widths = _widths(tokens, [model.states[number] for number in path])
            if widths == habits.widths:
                break
            habits = replace(habits, widths=widths)
            model = Model(columns, habits, words)
            path = _path(tokens, model)
    drafts = _drafts(tokens, [model.states[number] for number in path], habits.widths, seen)
    unproven = certain is None and not single and sums.weight is not None
    for draft in drafts:
        # Without the sums nothing shows how many rows there are.
        draft.sure = draft.sure and not unproven
    for line in _doubtful_lines(tokens, path, model):
        for draft in drafts:
            if line in draft.lines:
                draft.sure = False
    return drafts


def _doubtful_lines(tokens: Sequence[Token], path: Sequence[int], model: Model) -> set[int]:
    """Lines at which one cell of words ends and another begins, where the next line would do nearly as well."""
    doubtful: set[int] = set()
    for index in range(1, len(tokens)):
        old, new = model.states[path[index - 1]], model.states[path[index]]
        if old.place != new.place and _is_bold(tokens[index], new):
            doubtful.add(tokens[index].line)
        if not tokens[index].first or old.place == new.place or not {old.column, new.column} <= TEXTS or new.torn:
            continue
        # The steps around the boundary, and the same with the boundary one token later or earlier.
        low, high = max(index - 2, 0), min(index + 3, len(tokens))
        around, states = tokens[low:high], path[low:high]
        here = model.value(around, states, 1, len(around))
        for moved in _neighbours(states, index - low, model):
            if here - model.value(around, moved, 1, len(around)) < _CLOSE:
                doubtful.add(tokens[index].line)
    return doubtful


def _is_bold(token: Token, state: State) -> bool:
    """A cell that begins with a number behind words in its line, or a note of its own lines to a full score."""
    if state.column == "note":
        return token.first and not token.owed and not state.torn
    return token.inside and state.column in TEXTS


def _neighbours(path: Sequence[int], index: int, model: Model) -> list[list[int]]:
    """The paths in which the cell that begins at `index` begins one token later, or earlier."""
    before, begun = path[index - 1], path[index]
    found: list[list[int]] = []
    if index + 1 < len(path) and path[index + 1] == model.onward[begun] != begun:
        later = list(path)
        later[index] = model.onward[before] or before
        later[index + 1] = begun
        found.append(later)
    if model.states[before].wrapped:
        earlier = list(path)
        earlier[index - 1] = begun
        earlier[index] = model.onward[begun] or begun
        found.append(earlier)
    return found


def _wordy(tokens: Sequence[Token]) -> bool:
    """Several lines of words follow each other somewhere."""
    return any(
        token.first and token.what is before.what is earlier.what is Kind.WORDS and before.first
        for earlier, before, token in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )


def _widths(tokens: Sequence[Token], path: Sequence[State]) -> dict[str, int]:
    """The widest line of words of each column: other cells may stand out over their column's width."""
    widths: dict[str, int] = {}
    reach, before = 0, None
    for token, state in zip(tokens, path, strict=True):
        # A blank may stand inside a cell: its line is as wide as all its pieces.
        reach = token.width if token.first or state is not before else reach + 1 + token.width
        before = state
        if state.column in TEXTS and not state.torn and token.what is Kind.WORDS:
            # A stop at the end of a line may stand beyond the column.
            hanging = 2 if token.text[-1] in _HANGING else 0
            widths[state.column] = max(widths.get(state.column, 0), reach - hanging)
    return widths


def _single(tokens: Sequence[Token]) -> bool:
    """Nearly every short cell opens a line: one cell a line."""
    short = [token for token in tokens if token.what in SHORT]
    return len(short) > 3 and sum(token.first for token in short) * 10 > len(short) * 9


def _sure_widths(tokens: Sequence[Token]) -> dict[str, int]:
    """How wide columns are at least, from cells that cannot be another's: names before bounds, bounds, verdicts."""
    widths: dict[str, int] = {}

    def widen(column: str, token: Token) -> None:
        widths[column] = max(widths.get(column, 0), token.width)

    for index, token in enumerate(tokens):
        if token.what is Kind.BOUND:
            before = tokens[index - 1] if index else None
            if before is not None and before.what is Kind.WORDS:
                widen("name", before)
                if index > 1 and before.first and tokens[index - 2].what is Kind.WORDS and tokens[index - 2].first:
                    widen("name", tokens[index - 2])
        elif token.what is Kind.VERDICT:
            widen("actual", token)
    return widths


def _path(tokens: Sequence[Token], model: Model) -> list[int]:
    """The best state of each token."""
    states = model.states
    front = {
        number: model.begin(tokens[0], state, None) - model.enter[state.place]
        for number, state in enumerate(states)
        if not state.torn and not state.wrapped
    }
    traces: list[dict[int, int]] = []
    previous = tokens[0]
    for token in tokens[1:]:
        front, trace = _advance(front, previous, token, model)
        traces.append(trace)
        previous = token
    number = max(front, key=lambda n: front[n] - (0.0 if states[n].torn else model.leave[states[n].place]))
    path = [number]
    for trace in reversed(traces):
        number = trace[number]
        path.append(number)
    return path[::-1]


def _advance(
    front: dict[int, float], previous: Token, token: Token, model: Model
) -> tuple[dict[int, float], dict[int, int]]:
    """The value of the best path into each state of the next token, and the state it comes from."""
    states, moves = model.states, model.moves
    open_page = token.gap >= PAGE
    following: dict[int, float] = {}
    trace: dict[int, int] = {}
    ended = [(before, value + model.end(previous, token, states[before])) for before, value in front.items()]
    for number, begin in model.begins(token, previous):
        best, origin = NEVER, -1
        closed = states[number].torn and not open_page
        for before, value in ended:
            if closed and not states[before].torn:
                continue
            value += moves[before][number]
            if value > best:
                best, origin = value, before
        if best > NEVER / 2:
            following[number] = best + begin
            trace[number] = origin
    for before, value in front.items():
        after = model.kept(before, token)
        if after is not None:
            value += model.keep(previous, token, before)
            if value > following.get(after, NEVER):
                following[after] = value
                trace[after] = before
    # States far behind the best one never catch up; dropping them keeps the work per token small.
    limit = max(following.values()) - _FAR_BEHIND
    return {number: value for number, value in following.items() if value > limit}, trace


def _drafts(
    tokens: Sequence[Token], path: Sequence[State], widths: Mapping[str, int], seen: frozenset[str]
) -> list[Draft]:
    """The tokens of each row, column by column; what was torn off goes to the row above."""
    made: list[dict[str, list[Token]]] = []
    torn: dict[int, list[tuple[Token, str]]] = {}
    last = None
    for token, state in zip(tokens, path, strict=True):
        if state.torn:
            if made:
                torn.setdefault(len(made) - 1, []).append((token, state.column))
            continue
        back = last is None or state.place < last.place
        again = last is not None and state.place == last.place and (state.column not in TEXTS or last is state)
        if back or (again and state.column not in TEXTS):
            made.append({})
        made[-1].setdefault(state.column, []).append(token)
        last = state
    unsettled = {number for number, pieces in torn.items() if not _mend(made[number], pieces, widths, seen)}
    drafts = []
    for number, cells in enumerate(made):
        texts = {name: joined(part) for name, part in cells.items()}
        lines = frozenset(token.line for part in cells.values() for token in part)
        drafts.append(Draft(texts, {}, line=min(lines), sure="name" in cells and number not in unsettled, lines=lines))
    return [draft for draft in drafts if set(draft.cells) - {"level1", "level2"}]


def _mend(
    row: dict[str, list[Token]],
    pieces: Sequence[tuple[Token, str]],
    widths: Mapping[str, int],
    seen: frozenset[str],
) -> bool:
    """Give the torn pieces to the cells of their row; whether no other way comes close."""
    found = [token for token, _ in pieces]
    shared = tears.share(row, found, widths, seen)
    columns, margin = shared or ([column for _, column in pieces], 0.0)
    for token, column in zip(found, columns, strict=True):
        row.setdefault(column, []).append(token)
    return margin >= _SETTLED
