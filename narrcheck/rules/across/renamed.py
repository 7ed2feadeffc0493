"""Projects that go on the year after under a name that is a little different."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from narrcheck.data import load
from narrcheck.rules.across.members import Group, Member
from narrcheck.rules.across.names import any_of, loose_name, names_thing

_LEAST_ROWS = 3
_ALIKE = 0.6  # of the rows of the shorter form
_CROWD = 30  # projects that have a row, beyond which its name tells nothing
_SHORTEST = 4  # characters of a name without the words that change

Key = tuple[str, int]


def renamed(group: Group) -> dict[Key, str]:
    """For a project and year that the year after has not: the name under which it goes on, if just one may be meant.

    Its rows are mostly the same, and the names differ in words that change (补助, 奖补) only.
    """
    rows = {key: _rows(members) for key, members in group.by_project.items()}
    starting: dict[tuple[str, int], list[str]] = defaultdict(list)
    for name, year in rows:
        if (name, year - 1) not in rows:
            for row in rows[name, year]:
                starting[row, year].append(name)
    found: dict[Key, str] = {}
    for (name, year), own in rows.items():
        if (name, year + 1) in rows:
            continue
        shared = Counter(other for row in own for other in _few(starting.get((row, year + 1), ())))
        names = [
            other
            for other, count in shared.items()
            if count >= max(_LEAST_ROWS, _ALIKE * min(len(own), len(rows[other, year + 1]))) and _same_name(name, other)
        ]
        if len(names) == 1:
            found[name, year] = names[0]
    return found


def _few(names: Sequence[str]) -> Sequence[str]:
    return names if len(names) <= _CROWD else ()


def _rows(members: Sequence[Member]) -> set[str]:
    """The names of a project's rows, if one of them is specific."""
    names = {loose_name(row.name) for member in members for row in member.filing.indicators if row.name}
    return names if any(names_thing(name) for name in names) else set()


def _same_name(one: str, other: str) -> bool:
    first, second = _lasting(one), _lasting(other)
    return first == second and len(first) >= _SHORTEST


@lru_cache(maxsize=8192)
def _lasting(name: str) -> str:
    return any_of(load("across.toml")["project"]["changing"]).sub("", name)
