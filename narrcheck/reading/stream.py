"""Rows of the indicator table from a stream of tokens: the most plausible cell for each token, found for all at once.

Each token begins a cell or continues one, columns follow each other in the order of their headings, and after the last
column a new row begins. Every choice is scored by what the token holds, by how the lines break (a wrapped cell has lines
of its own, and only its last line is short), and by what a row would lack; the best path through all tokens wins
(Viterbi).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from narrcheck.quantity.cells import read_number
from narrcheck.reading.align import Column, fits, lack
from narrcheck.reading.cells import Kind
from narrcheck.reading.drafts import Draft
from narrcheck.reading.tokens import Token
from narrcheck.reading.vocabulary import Headings

PAGE = 3
"""Blank lines that mark the end of a page."""

_NEVER = -1e9
_FAR_BEHIND = 14.0
_HOPELESS = -5.0
_CLOSE = 0.7
_TEXTS = frozenset(["name", "target", "actual", "note"])
_TORN = ("name", "target", "actual")
_SHORT = frozenset([Kind.SMALL, Kind.NUMBER, Kind.BOUND, Kind.QUANTITY, Kind.VERDICT])
_CLOSING = "，。、；：）)”》】"
_OPEN_ENDS = ("、", "，", "：", "（", "(", "“", "《", ",", "【")
_INSIDE = {
    Kind.WORDS: 0.0, Kind.VERDICT: -1.5, Kind.SMALL: -2.5, Kind.NUMBER: -1.0, Kind.BOUND: -3.0, Kind.QUANTITY: -1.0,
    Kind.DASH: -2.0, Kind.SPOILT: -1.0, Kind.LEVEL1: -4.0, Kind.LEVEL2: -3.5, Kind.GROUP: -2.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """A column; `wrapped` once its cell has a second line; `torn`: the rest of the last row's cell, after a page end."""

    column: str
    place: int
    wrapped: bool = False
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Habits:
    """How this text is laid out. `widths`: how wide columns are at least; `single`: each cell has a line of its own."""

    widths: dict[str, int]
    single: bool
    pages: bool


class _Model:
    """The values of beginning a cell, going on in it, and moving between columns, for one table."""

    def __init__(self, columns: Sequence[Column], habits: Habits, words: Headings) -> None:
        names = [name for name, _ in columns]
        self.words = words
        self.habits = habits
        self.states: list[State] = []
        for place, name in enumerate(names):
            self.states.append(State(name, place))
            if name in _TEXTS:
                self.states.append(State(name, place, wrapped=True))
        if habits.pages:
            self.states += [State(name, names.index(name), torn=True) for name in _TORN if name in names]
        lacking = [lack(name) * (2 if name in ("weight", "score") else 1) for name in names]
        self.enter = [sum(lacking[:place]) for place in range(len(names))]
        self.leave = [sum(lacking[place + 1 :]) for place in range(len(names))]
        # Where a cell of this state goes on in the next line: its wrapped twin, itself, or nowhere.
        self.onward = [
            number if state.torn or state.wrapped else number + 1 if state.column in _TEXTS else None
            for number, state in enumerate(self.states)
        ]
        self.moves = [[self._move(old, new) for new in self.states] for old in self.states]

    def _move(self, old: State, new: State) -> float:
        """What going from a cell of `old` to a new cell of `new` skips; rows follow each other."""
        if new.wrapped:
            return _NEVER
        if new.torn:
            if old.torn:
                return 0.0 if new.place > old.place else _NEVER
            return -self.leave[old.place] if old.column in ("score", "note", "actual", "weight") else _NEVER
        if old.torn:
            return -self.enter[new.place] if new.column != "note" else _NEVER
        if new.place > old.place:
            return -(self.enter[new.place] - self.enter[old.place + 1])
        return -self.leave[old.place] - self.enter[new.place] - (1.0 if new.place == old.place else 0.0)

    def begins(self, token: Token, previous: Token, page: bool) -> list[tuple[int, float]]:
        """The states in which the token can begin a cell, with their values; all of them where none suits."""
        values = [
            (number, self.begin(token, state, previous))
            for number, state in enumerate(self.states)
            if not state.wrapped and (page or not state.torn)
        ]
        return [pair for pair in values if pair[1] > _HOPELESS] or values

    def begin(self, token: Token, state: State, previous: Token | None) -> float:
        """How well the token begins a cell of this column."""
        what, column = token.what, state.column
        if state.torn:
            # What goes on after a page end begins like the middle of a text, no wider than its column.
            known = self.habits.widths.get(column, 0)
            return _INSIDE[what] - (2.5 if known and token.width > known + 3 else 1.0)
        value = fits(column, what)
        if column == "level1":
            return 4.0 if token.label in self.words.level1 else value
        if column == "note":
            if not token.first:
                return value + 1.0
            return value - (4.0 if token.gap >= PAGE else 0.5 if token.owed else 2.0)
        if what is Kind.WORDS:
            value += self._wording(token, column)
        if column == "name":
            if what is Kind.WORDS and token.text[0] in "0123456789":
                value -= 1.0
            if not token.first and previous is not None and previous.what not in (Kind.LEVEL1, Kind.LEVEL2):
                value -= 1.0
        return value

    def _wording(self, token: Token, column: str) -> float:
        """Whether the words open like a cell of this column, or like the rest of one."""
        text = token.text
        value = -1.5 if text[0] in _CLOSING else 0.0
        if token.alone and token.first and token.width <= 4:
            value -= 1.2
        openings = self.words.openings.get(column)
        return value + 0.5 if openings and text.startswith(openings) else value

    def keep(self, previous: Token, token: Token, column: str) -> float:
        """How well the token goes on in the cell of `column` that the previous token stands in."""
        value = _INSIDE[token.what]
        if not token.first:
            joint = previous.text[-1].isascii() or token.text[0].isascii()
            return value - (0.4 if joint else 1.2 if column == "note" else 2.0)
        value -= 0.1
        if self.habits.single:
            value -= 2.5
        elif previous.shared or token.shared:
            # A wrapped cell has lines of its own.
            value -= 0.5 if column == "note" else 1.2
        short = max(self.habits.widths.get(column, 0), token.width) - previous.reach
        value -= 1.6 if short > 3 else 0.5 if short > 1 else 0.0
        if previous.what is Kind.VERDICT and column == "actual":
            value -= 2.0
        if column in _TORN and previous.text.endswith(("。", "；")):
            value -= 1.0
        return value

    def end(self, previous: Token, token: Token, old: State) -> float:
        """How well a cell of `old` ends between the two tokens."""
        if old.torn or old.column not in _TEXTS:
            return 0.0
        value = -2.0 if previous.text.endswith(_OPEN_ENDS) else 0.0
        if old.column == "note":
            return value + (0.5 if previous.text.endswith("。") else 0.0 if old.wrapped or not previous.first else -0.5)
        if old.column == "name" and previous.text.endswith(self.words.name_endings):
            value += 0.5
        if token.first and not old.wrapped and token.what in _SHORT and not previous.shared and not self.habits.single:
            # Two cells of one line each would share it.
            value -= 2.0
        return value

    def kept(self, number: int, token: Token) -> int | None:
        """The state a token is in that goes on in the cell of state `number`; None where cells have one token."""
        return self.onward[number] if token.first else number if self.onward[number] is not None else None

    def step(self, previous: Token, token: Token, before: int, after: int) -> float:
        """What going from one token's state to the next one's is worth."""
        old, new = self.states[before], self.states[after]
        gain = self.keep(previous, token, new.column) if self.kept(before, token) == after else _NEVER
        move = self.moves[before][after]
        if move > _NEVER:
            gain = max(gain, self.begin(token, new, previous) + move + self.end(previous, token, old))
        return gain

    def value(self, tokens: Sequence[Token], path: Sequence[int], start: int, end: int) -> float:
        """What the steps into tokens[start:end] are worth."""
        steps = range(max(start, 1), min(end, len(tokens)))
        return sum(self.step(tokens[i - 1], tokens[i], path[i - 1], path[i]) for i in steps)


def rows(tokens: Sequence[Token], columns: Sequence[Column], words: Headings) -> list[Draft]:
    """The rows of the table, torn pieces put back."""
    columns = [column for column in columns if column[0] != "group"]
    if not tokens:
        return []
    _mark_deductions(tokens)
    habits = Habits(_sure_widths(tokens), _single(tokens), any(token.gap >= PAGE for token in tokens))
    model = _Model(columns, habits, words)
    path = _path(tokens, model)
    if not habits.single and _wordy(tokens):
        # What the first pass found shows how wide the columns are, which settles where words were cut.
        habits = Habits(_widths(tokens, [model.states[number] for number in path]), habits.single, habits.pages)
        model = _Model(columns, habits, words)
        path = _path(tokens, model)
    drafts = _drafts(tokens, [model.states[number] for number in path])
    for line in _doubtful_lines(tokens, path, model):
        for draft in drafts:
            if line in draft.lines:
                draft.sure = False
    return drafts


def _doubtful_lines(tokens: Sequence[Token], path: Sequence[int], model: _Model) -> set[int]:
    """Lines at which one cell of words ends and another begins, where the next line would do nearly as well."""
    doubtful: set[int] = set()
    for index in range(1, len(tokens)):
        old, new = model.states[path[index - 1]], model.states[path[index]]
        if not tokens[index].first or old.place == new.place or not {old.column, new.column} <= _TEXTS or new.torn:
            continue
        # The steps around the boundary, and the same with the boundary one token later or earlier.
        low, high = max(index - 2, 0), min(index + 3, len(tokens))
        around, states = tokens[low:high], path[low:high]
        here = model.value(around, states, 1, len(around))
        for moved in _neighbours(states, index - low, model):
            if here - model.value(around, moved, 1, len(around)) < _CLOSE:
                doubtful.add(tokens[index].line)
    return doubtful


def _neighbours(path: Sequence[int], index: int, model: _Model) -> list[list[int]]:
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
    """The widest line of each column."""
    widths: dict[str, int] = {}
    for token, state in zip(tokens, path, strict=True):
        if state.column in _TEXTS and not state.torn:
            widths[state.column] = max(widths.get(state.column, 0), token.reach)
    return widths


def _mark_deductions(tokens: Sequence[Token]) -> None:
    """Mark the token behind a score below its weight: a note is likely there."""
    for index in range(2, len(tokens)):
        weight, score = tokens[index - 2], tokens[index - 1]
        if weight.what is score.what is Kind.SMALL:
            tokens[index].owed = read_number(score.text).value != read_number(weight.text).value


def _single(tokens: Sequence[Token]) -> bool:
    """Nearly every short cell opens a line: one cell a line."""
    short = [token for token in tokens if token.what in _SHORT]
    return len(short) > 3 and sum(token.first for token in short) * 10 > len(short) * 9


def _sure_widths(tokens: Sequence[Token]) -> dict[str, int]:
    """How wide columns are at least, from cells that cannot be another's: names before bounds, bounds, verdicts."""
    widths: dict[str, int] = {}

    def widen(column: str, token: Token) -> None:
        widths[column] = max(widths.get(column, 0), token.width)

    for index, token in enumerate(tokens):
        if token.what is Kind.BOUND:
            widen("target", token)
            before = tokens[index - 1] if index else None
            if before is not None and before.what is Kind.WORDS:
                widen("name", before)
                if index > 1 and before.first and tokens[index - 2].what is Kind.WORDS and tokens[index - 2].first:
                    widen("name", tokens[index - 2])
        elif token.what is Kind.VERDICT:
            widen("actual", token)
    return widths


def _path(tokens: Sequence[Token], model: _Model) -> list[int]:
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
    front: dict[int, float], previous: Token, token: Token, model: _Model
) -> tuple[dict[int, float], dict[int, int]]:
    """The value of the best path into each state of the next token, and the state it comes from."""
    states, moves = model.states, model.moves
    page = token.gap >= PAGE
    following: dict[int, float] = {}
    trace: dict[int, int] = {}
    ended = [(before, value + model.end(previous, token, states[before])) for before, value in front.items()]
    begins = model.begins(token, previous, page)
    for number, begin in begins:
        best, origin = _NEVER, -1
        for before, value in ended:
            value += moves[before][number]
            if value > best:
                best, origin = value, before
        if best > _NEVER / 2:
            following[number] = best + begin
            trace[number] = origin
    for before, value in front.items():
        after = model.kept(before, token)
        if after is not None:
            value += model.keep(previous, token, states[after].column)
            if value > following.get(after, _NEVER):
                following[after] = value
                trace[after] = before
    # States far behind the best one never catch up; dropping them keeps the work per token small.
    limit = max(following.values()) - _FAR_BEHIND
    return {number: value for number, value in following.items() if value > limit}, trace


def _drafts(tokens: Sequence[Token], path: Sequence[State]) -> list[Draft]:
    """The tokens of each row, column by column; what was torn off goes to the row above."""
    made: list[dict[str, list[Token]]] = []
    last = None
    for token, state in zip(tokens, path, strict=True):
        if state.torn:
            if made:
                made[-1].setdefault(state.column, []).append(token)
            continue
        back = last is None or state.place < last.place
        again = last is not None and state.place == last.place and (state.column not in _TEXTS or last is state)
        if back or (again and state.column not in _TEXTS):
            made.append({})
        made[-1].setdefault(state.column, []).append(token)
        last = state
    drafts = []
    for cells in made:
        texts = {name: joined(part) for name, part in cells.items()}
        lines = frozenset(token.line for part in cells.values() for token in part)
        drafts.append(Draft(texts, {}, line=min(lines), sure="name" in cells, lines=lines))
    return [draft for draft in drafts if set(draft.cells) - {"level1", "level2"}]


def joined(found: Sequence[Token]) -> str:
    """The tokens as one text: a blank where one stood in a line, nothing where a line ended."""
    text = ""
    for token in found:
        if text and (not token.first or (_is_letter(text[-1]) and _is_letter(token.text[0]))):
            text += " "
        text += token.text
    return text


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalnum()
