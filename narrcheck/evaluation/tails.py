"""Which of two lists' paths mean the same file, when the folders may have been given or named otherwise since."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

Names = tuple[str, ...]
_BETWEEN = re.compile(r"[/\\]")
_NOTHING = ("", ".")


def names(path: str) -> Names:
    """The names along a path of any system, the file's own last."""
    return tuple(name for name in _BETWEEN.split(path) if name not in _NOTHING)


@dataclass(frozen=True, slots=True)
class Paired:
    """Positions in the one list by those in the other. `contested` are the paths of the first list that several of the
    second fit equally well, with these."""

    pairs: dict[int, int] = field(default_factory=dict)
    contested: dict[int, list[int]] = field(default_factory=dict)


def pair(ones: Sequence[Names], others: Sequence[Names], least: int = 1) -> Paired:
    """The paths that end alike, the longest common ends first; no path is in two pairs.

    What several paths fit equally well is left alone. The file's own name suffices only where one path of each list has
    it. Ends of fewer than `least` names are none.
    """
    found = Paired()
    sides: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, paths in enumerate((ones, others)):
        for at, path in enumerate(paths):
            sides[path[-1] if path else ""][side].append(at)
    for left, right in sides.values():
        _pair_named(ones, others, left, right, least, found)
    return found


def _pair_named(
    ones: Sequence[Names], others: Sequence[Names], left: list[int], right: list[int], least: int, found: Paired
) -> None:
    """The pairs among paths of one name."""
    alone = len(left) == len(right) == 1
    longest = min(max((len(ones[at]) for at in left), default=0), max((len(others[at]) for at in right), default=0))
    for length in range(longest, max(least, 1) - 1, -1):
        here, there = _by_end(ones, left, length), _by_end(others, right, length)
        for end, mine in here.items():
            fitting = there.get(end, [])
            if len(mine) != 1 or not fitting or (length == 1 and not alone):
                continue
            if len(fitting) == 1:
                found.pairs[mine[0]] = fitting[0]
            else:
                found.contested.setdefault(mine[0], fitting)
        left = [at for at in left if at not in found.pairs]
        taken = set(found.pairs.values())
        right = [at for at in right if at not in taken]


def _by_end(paths: Sequence[Names], among: Sequence[int], length: int) -> dict[Names, list[int]]:
    ends: dict[Names, list[int]] = defaultdict(list)
    for at in among:
        if len(paths[at]) >= length:
            ends[paths[at][-length:]].append(at)
    return ends
