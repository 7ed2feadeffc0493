"""First- and second-level names: repaired, and filled down over the rows their printed cells span."""

from collections.abc import Sequence
from functools import lru_cache

from narrcheck.reading.drafts import Draft
from narrcheck.reading.vocabulary import Headings, key
from narrcheck.text import squeeze


def fill(rows: Sequence[Draft], words: Headings) -> list[tuple[str | None, str | None]]:
    """The pair of level names of each row. A row above its page's label gets the label below it."""
    pairs: list[tuple[str | None, str | None]] = []
    first: str | None = None
    second: str | None = None
    owns = _alike([_own(row, words) for row in rows], words)
    parents = {words.level2.get(own_second) for _, own_second in owns}
    for own_first, own_second in owns:
        if (
            own_first
            and not own_second
            and own_first not in parents
            and first == words.level2.get(own_first) != own_first
        ):
            # 成本指标 is a name of both levels: below its usual parent it is the second.
            own_first, own_second = "", own_first
        if own_first:
            second = own_second or (second if own_first == first else None)
            first = own_first
        elif own_second:
            second = own_second
        if own_second and not own_first:
            first = _parent(own_second, first, words)
        pairs.append((first, second))
    return _above_labels(pairs)


def _alike(owns: list[tuple[str, str]], words: Headings) -> list[tuple[str, str]]:
    """The names with the ending that most of them have, where one has lost it (时效 among 数量指标, 质量指标)."""
    seconds = [second for _, second in owns if second]
    if sum(second.endswith(_ENDING) for second in seconds) * 2 <= len(seconds):
        return owns
    return [(first, second + _ENDING if words.is_level(second + _ENDING) else second) for first, second in owns]


def _own(row: Draft, words: Headings) -> tuple[str, str]:
    """The level names printed in a row, each in its level; labels that came with torn pieces fill blanks."""
    first = repaired(row.cells.get("level1", ""), words)
    second = repaired(row.cells.get("level2", ""), words)
    for label in row.labels:
        label = repaired(label, words)
        if label in words.level1 and not first and not (label in words.level2 and not second):
            first = label
        elif label in words.level2 and not second:
            second = label
    if first and first not in words.level1 and first in words.level2:
        first, second = "", second or first
    if second and not first and second in words.level1 and second not in words.level2:
        first, second = second, ""
    return first, second


def _parent(second: str, first: str | None, words: Headings) -> str | None:
    """The first-level name over `second`: the one that stands, unless it is known to be another family's."""
    parent = words.level2.get(second) or ""
    if not parent:
        return first
    if first is None or (first in words.level1 and first[0] != parent[0] and first[:2] not in parent):
        return parent
    return first


def _above_labels(pairs: list[tuple[str | None, str | None]]) -> list[tuple[str | None, str | None]]:
    """Rows before the first label of the table take it over."""
    for level in (0, 1):
        known = next((index for index, pair in enumerate(pairs) if pair[level]), None)
        if known:
            name = pairs[known][level]
            for index in range(known):
                pair = pairs[index]
                if level and pair[0] != pairs[known][0]:
                    continue
                pairs[index] = (name, pair[1]) if level == 0 else (pair[0], name)
    return pairs


def repaired(label: str, words: Headings) -> str:
    """The level name without inner white space; one that lost a character or two is completed where only one fits."""
    flat = squeeze(label)
    known = key(label)
    if words.is_level(known):
        return known
    if words.is_level(f"{known}指标"):
        return f"{known}指标"
    if len(flat) < 3:
        return flat
    return _completed(flat, words) if len(flat) <= 12 else flat


_ENDING = "指标"


@lru_cache(maxsize=512)
def _completed(flat: str, words: Headings) -> str:
    names = {*words.level1, *words.level2}
    fits = [
        name
        for name in names
        if 0 < len(name) - len(flat) <= 2
        and name[-2:] in ("指标", "目标")
        # 管理目标 is a name of its own and no 投入管理目标 that lost its opening.
        and not (len(name) - len(flat) == 2 and name.endswith(flat))
        and _inside(flat, name)
    ]
    shortest = min((len(name) for name in fits), default=0)
    best = [name for name in fits if len(name) == shortest]
    return best[0] if len(best) == 1 else flat


def _inside(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)
