"""Units and classifiers: which words they are, what they count, and how they convert (data/units.toml)."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from narrcheck.data import load
from narrcheck.text import squeeze

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit word: the kind of thing it measures or counts, and its factor into the yardstick of that kind."""

    word: str
    kind: str
    factor: Decimal = _ONE
    counts: bool = False


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Unit]:
    """Every unit word of the data file without scale prefixes, and each that counts with 次 behind it."""
    data = load("units.toml")
    words = {word: Unit(word, kind, Decimal(factor)) for word, (kind, factor) in data["measure"].items()}
    words.update((word, Unit(word, kind, counts=True)) for word, kind in data["count"].items())
    for word in occasions():
        words.setdefault(word, Unit(word, words[word[:-1]].kind, counts=True))
    return words


@lru_cache(maxsize=1)
def occasions() -> frozenset[str]:
    """The units that count the occasions of a thing: 株次, 台次, but neither 首次 nor 层次, which are other words."""
    data = load("units.toml")
    others = {word for word, tails in data["not_before"].items() if "次" in tails}
    return frozenset(word + "次" for word in data["count"] if word[-1] not in "次数)" and word not in others)


@lru_cache(maxsize=1)
def by_first() -> dict[str, tuple[str, ...]]:
    """The unit words by their first character, longest first: how text is searched for them."""
    heads: dict[str, list[str]] = {}
    for word in vocabulary():
        heads.setdefault(word[0], []).append(word)
    return {head: tuple(sorted(words, key=len, reverse=True)) for head, words in heads.items()}


@lru_cache(maxsize=1)
def scales() -> tuple[tuple[str, Decimal], ...]:
    """The prefixes 万, 亿, … with their factors, longest first."""
    table = load("units.toml")["scale"]
    return tuple(sorted(((word, Decimal(factor)) for word, factor in table.items()), key=lambda pair: -len(pair[0])))


def starting(flat: str, at: int) -> int:
    """The length of the longest unit word that flat[at:] begins with; 0 where there is none."""
    for word in by_first().get(flat[at : at + 1], ()):
        if flat.startswith(word, at):
            return len(word)
    return 0


@lru_cache(maxsize=4096)
def parse(text: str) -> Unit | None:
    """The unit `text` names, scale prefix and 元/人 compounds included; None for a word that is no unit."""
    word = squeeze(text)
    if not word or len(word) > 24:
        return None
    known = vocabulary().get(word)
    if known:
        return known
    for prefix, factor in scales():
        if word == prefix:
            return Unit(word, "any", factor, counts=True)
        if word.startswith(prefix):
            rest = parse(word[len(prefix) :])
            return Unit(word, rest.kind, rest.factor * factor, rest.counts) if rest else None
    if "/" in word:
        above, _, below = word.partition("/")
        times = vocabulary().get(above + below) if below == "次" else None
        if times:  # 人/次 is 人次 with a slash
            return Unit(word, times.kind, times.factor, times.counts)
        top, bottom = parse(above), parse(below)
        if top and bottom:
            return Unit(word, f"{top.kind}/{bottom.kind}", top.factor / bottom.factor)
        return Unit(word, f"{top.kind}/{below}", top.factor) if top and below else None
    if word[0] == "个" and word[1:] in vocabulary():
        return vocabulary()[word[1:]]
    return None


def is_unit(text: str) -> bool:
    """Whether `text` as a whole is a unit: 个, 万人次, 元/平方米."""
    return parse(text) is not None


def is_percent(unit: str) -> bool:
    """Whether the unit is a share: % or ‰."""
    known = parse(unit)
    return known is not None and known.kind == "share"


def is_money(unit: str) -> bool:
    """Whether the unit is an amount in yuan: 元, 万元, 亿元."""
    known = parse(unit)
    return known is not None and known.kind == "money"


def in_base(value: Decimal, unit: str) -> Decimal:
    """The value in the yardstick of its unit's kind (元, 米, 秒, %), for comparing; unchanged for an unknown unit."""
    known = parse(unit)
    return value if known is None or known.factor == _ONE else value * known.factor


@lru_cache(maxsize=8192)
def comparable(a: str, b: str) -> bool:
    """Whether values in the two units may stand side by side: they convert, or count one thing (场, 次; 家, 个)."""
    if squeeze(a) == squeeze(b):
        return True
    x, y = parse(a), parse(b)
    if x is None or y is None:
        return _stem(x, a) == _stem(y, b)
    if x.kind == y.kind:
        return True
    if not (x.counts and y.counts):
        return False
    if "any" in (x.kind, y.kind):
        return "person" not in (x.kind, y.kind)
    return _times(a, b)


@lru_cache(maxsize=8192)
def conflicting(a: str, b: str) -> bool:
    """Whether the two units are of clearly different things (户 and 亩, 次 and %): what R03 reports.

    Not the opposite of `comparable`: units that are unknown, general (个, 项), or used side by side for one thing
    (家 and 户) are neither comparable nor conflicting.
    """
    x, y = parse(a), parse(b)
    if x is None or y is None or x.kind == y.kind:
        return False
    if "any" in (x.kind, y.kind):
        return not (x.counts and y.counts)
    near = load("units.toml")["near"]
    return not (y.kind in near.get(x.kind, ()) or x.kind in near.get(y.kind, ()) or _times(a, b))


def _stem(known: Unit | None, text: str) -> str:
    """The word without scale prefix, for units that are in no list."""
    word = squeeze(text)
    if known is None:
        for prefix, _ in scales():
            if word.startswith(prefix):
                return word[len(prefix) :]
    return word


def _times(a: str, b: str) -> bool:
    """Whether one word counts the occasions of the other (次 and 站次): people aside, whom 人次 counts by itself."""
    x, y = unscaled(a), unscaled(b)
    return "人" not in x + y and (x == y + "次" or y == x + "次" or (x[-1:] == y[-1:] == "次" and "次" in (x, y)))


@lru_cache(maxsize=8192)
def unscaled(unit: str) -> str:
    """The unit without 万 or 亿 before it: 人次 for 万人次, but 千米 for 千米."""
    word = squeeze(unit)
    for prefix, _ in scales():
        if word.startswith(prefix) and len(word) > len(prefix) and word not in vocabulary():
            return word[len(prefix) :]
    return word
