"""What the pieces of a line-by-line table are worth as cells: the model behind `stream`.

A token begins a cell or goes on in one. Both are scored by what the token holds, by how it opens and how the text
before it ends, and by how the lines break: a wrapped cell has lines of its own, and only its last line is short.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from narrcheck.reading.align import Column, fits, lack
from narrcheck.reading.cells import Kind
from narrcheck.reading.tears import shortfall
from narrcheck.reading.tokens import Token
from narrcheck.reading.vocabulary import Headings

PAGE = 3
"""Blank lines that mark the end of a page."""

NEVER = -1e9
_HOPELESS = -5.0
_LEVEL_ENDS = ("指标", "目标")
_ANCHORED = 30.0
_UNREAD = 2.0
TEXTS = frozenset(["name", "target", "actual", "note"])
_TORN = ("name", "target", "actual", "note")
_SENTENCES = ("name", "target", "actual")
SHORT = frozenset([Kind.SMALL, Kind.NUMBER, Kind.BOUND, Kind.QUANTITY, Kind.VERDICT])
_CLOSING = ",。、;:)”》】"
_OPEN_ENDS = ("、", ",", ":", "(", "“", "《", "【")
_INSIDE = {
    Kind.WORDS: 0.0, Kind.VERDICT: -1.5, Kind.SMALL: -2.5, Kind.NUMBER: -1.0, Kind.BOUND: -3.0, Kind.QUANTITY: -1.0,
    Kind.DASH: -2.0, Kind.SPOILT: -1.0, Kind.LEVEL1: -4.0, Kind.LEVEL2: -3.5, Kind.GROUP: -2.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """A column. `wrapped`: its cell has a second line; `torn`: the rest of the last row's cell, after a page end."""

    column: str
    place: int
    wrapped: bool = False
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Habits:
    """How this text is laid out. `widths`: how wide columns are at least; `single`: each cell has a line of its own;
    `pages`: a page may end inside it; `certain`: whether its pairs of weight and score are all known (`anchors.mark`).
    """

    widths: dict[str, int]
    single: bool
    pages: bool
    certain: bool | None = None


class Model:
    """The values of beginning a cell, going on in it, and moving between columns, for one table."""

    def __init__(self, columns: Sequence[Column], habits: Habits, words: Headings) -> None:
        names = [name for name, _ in columns]
        self.words = words
        self.habits = habits
        self.states: list[State] = []
        for place, name in enumerate(names):
            self.states.append(State(name, place))
            if name in TEXTS:
                self.states.append(State(name, place, wrapped=True))
        if habits.pages:
            self.states += [State(name, names.index(name), torn=True) for name in _TORN if name in names]
        dear = 6 if habits.certain else 2
        lacking = [
            _UNREAD if name == "other" else lack(name) * (dear if name in ("weight", "score") else 1) for name in names
        ]
        self.enter = [sum(lacking[:place]) for place in range(len(names))]
        self.leave = [sum(lacking[place + 1 :]) for place in range(len(names))]
        # Where a cell of this state goes on in the next line: its wrapped twin, itself, or nowhere.
        self.onward = [
            number if state.torn or state.wrapped else number + 1 if state.column in TEXTS else None
            for number, state in enumerate(self.states)
        ]
        self.moves = [[self._move(old, new) for new in self.states] for old in self.states]

    def _move(self, old: State, new: State) -> float:
        """What going from a cell of `old` to a new cell of `new` skips; rows follow each other."""
        if new.wrapped:
            return NEVER
        if new.torn:
            if old.torn:
                return 0.0 if new.place > old.place else NEVER
            return -self.leave[old.place] if old.column in ("score", "note", "actual", "weight") else NEVER
        if old.torn:
            return -self.enter[new.place] if new.column != "note" else NEVER
        if new.place > old.place:
            return -(self.enter[new.place] - self.enter[old.place + 1])
        return -self.leave[old.place] - self.enter[new.place] - (1.0 if new.place == old.place else 0.0)

    def begins(self, token: Token, previous: Token) -> list[tuple[int, float]]:
        """The states in which the token can begin a cell, with their values; all of them where none suits."""
        values = [
            (number, self.begin(token, state, previous))
            for number, state in enumerate(self.states)
            if not state.wrapped and (token.torn or not state.torn)
        ]
        return [pair for pair in values if pair[1] > _HOPELESS] or values

    def begin(self, token: Token, state: State, previous: Token | None) -> float:
        """How well the token begins a cell of this column."""
        what, column = token.what, state.column
        if token.role:
            return _ANCHORED if column == token.role and not state.torn else -_ANCHORED
        if self.habits.certain is not None and column in ("weight", "score"):
            return -_ANCHORED if self.habits.certain else fits(column, what) - 4.0
        if state.torn:
            # What goes on after a page end begins like the middle of a text, no wider than its column.
            known = self.habits.widths.get(column, 0)
            return _INSIDE[what] - (2.5 if known and token.width > known + 3 else 1.0)
        value = fits(column, what)
        if column in ("level1", "level2") and what is Kind.WORDS and not token.text.endswith(_LEVEL_ENDS):
            return value - 2.0
        if column == "level1":
            return 4.0 if token.label in self.words.level1 else value
        if column == "note":
            if not token.first:
                return value + 1.0
            return value - (4.5 if token.gap >= PAGE else 0.5 if token.owed else 3.0)
        if what is Kind.WORDS:
            value += self._wording(token, column)
        value -= token.runs_on + (1.5 if token.inside else 0.0)
        if column == "actual":
            value += 1.5 if token.closes else -4.0 if token.early else 0.0
        elif token.closes:
            value -= 1.0
        if column == "name":
            value -= _digits(token)
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

    def keep(self, previous: Token, token: Token, before: int) -> float:
        """How well the token goes on in the cell of state `before` that the previous token stands in."""
        column = self.states[before].column
        if token.role:
            return -_ANCHORED
        value = _INSIDE[token.what]
        if not token.first:
            joint = previous.tail.isascii() or token.head.isascii()
            return value + token.runs_on - (0.4 if joint else 1.2 if column == "note" else 2.0)
        value -= 0.1
        if token.torn and token.gap >= PAGE and column == "note" and not self.states[before].torn:
            # Below a page end the cells before the note go on first.
            value -= 2.5
        if column == "name":
            value -= _digits(token) + (0.5 if previous.text.endswith(self.words.name_endings) else 0.0)
        if self.habits.single:
            value -= 2.5
        elif token.closes:
            value -= 3.0
        elif previous.shared or token.shared:
            # A wrapped cell has lines of its own.
            value -= 0.5 if column == "note" else 1.2
        room = max(self.habits.widths.get(column, 0), token.width) - previous.reach - token.unit
        value -= shortfall(room)
        value += token.runs_on
        opened = (previous.first or previous.shared) and not self.states[before].wrapped
        if opened and _is_whole(previous, column):
            value -= 2.0
        if previous.text.endswith(("。", ";")):
            value -= 1.0 if column in _SENTENCES else 0.5
        return value

    def end(self, previous: Token, token: Token, old: State) -> float:
        """How well a cell of `old` ends between the two tokens."""
        if old.torn or old.column not in TEXTS:
            return 0.0
        value = -2.0 if previous.text.endswith(_OPEN_ENDS) else 0.0
        if old.column == "note":
            return value + (0.5 if previous.text.endswith("。") else 0.0 if old.wrapped or not previous.first else -0.5)
        if old.column == "name":
            value += 0.5 if previous.text.endswith(self.words.name_endings) else -2.0 if previous.tail == "。" else 0.0
        if token.first and not old.wrapped and token.what in SHORT and not previous.shared and not self.habits.single:
            # Two cells of one line each would share it.
            value -= 2.0
        return value

    def kept(self, number: int, token: Token) -> int | None:
        """The state a token is in that goes on in the cell of state `number`; None where cells have one token."""
        return self.onward[number] if token.first else number if self.onward[number] is not None else None

    def step(self, previous: Token, token: Token, before: int, after: int) -> float:
        """What going from one token's state to the next one's is worth."""
        old, new = self.states[before], self.states[after]
        gain = self.keep(previous, token, before) if self.kept(before, token) == after else NEVER
        move = self.moves[before][after]
        if move > NEVER:
            gain = max(gain, self.begin(token, new, previous) + move + self.end(previous, token, old))
        return gain

    def value(self, tokens: Sequence[Token], path: Sequence[int], start: int, end: int) -> float:
        """What the steps into tokens[start:end] are worth."""
        steps = range(max(start, 1), min(end, len(tokens)))
        return sum(self.step(tokens[i - 1], tokens[i], path[i - 1], path[i]) for i in steps)


def _is_whole(token: Token, column: str) -> bool:
    """The token alone makes a cell of this column, which ends with it."""
    if token.what is Kind.BOUND:
        return token.tail in ")%"
    return token.what is Kind.QUANTITY or (token.what is Kind.VERDICT and column == "actual")


def _digits(token: Token) -> float:
    """What speaks against words with digits in a name."""
    if token.what is not Kind.WORDS or not any(map(str.isdigit, token.text)):
        return 0.0
    return 1.0 if token.head in "0123456789" else 0.7
