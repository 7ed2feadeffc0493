"""How close two phrases are in wording: shared pairs of characters, weighted by rarity, synonyms made one."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from narrcheck.data import load
from narrcheck.parts import cached, on
from narrcheck.text import squeeze

Features = frozenset[str]
_WORD = re.compile(r"[A-Za-z]++|[\u4e00-\u9fff]++")
_SHARE_DONE = re.compile(r"了[\d.]+%")
_UNSAID = 0.6
_WEAK = 0.35
_LONGEST_TOPIC = 16


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with synonyms and generic words folded: its runs of characters, and all pairs of neighbours in them.

    A Latin word, and a run of one character, are features of their own.
    """

    runs: tuple[str, ...]
    features: Features

    @property
    def head(self) -> str:
        """The last feature: in Chinese the noun that the words before it describe; empty for an empty phrase."""
        return _pairs(self.runs[-1])[-1] if self.runs else ""


@lru_cache(maxsize=2)
def _rewriting(synonyms: bool) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern over all synonyms and generic words, longest first, and what each is rewritten to."""
    data = load("wording.toml")
    table: dict[str, str] = {}
    for group in data["groups"] if synonyms else ():
        for word in group:
            table[word] = group[0]
    for word in data["whole"]:
        table.setdefault(word, word)
    for word in data["generic"]:
        table[word] = " "
    words = sorted(table, key=lambda word: (-len(word), word))
    # A count word goes only at the end of a name: 件数 of 文件数量 is none.
    return re.compile("|".join(re.escape(word) + "(?!量)" * word.endswith("数") for word in words)), table


@lru_cache(maxsize=1)
def _weak() -> Features:
    """The pairs of characters that stand for the common nouns of these forms."""
    return frozenset(pair for word in load("wording.toml")["weak"] for pair in _pairs(word))


@cached("synonyms", maxsize=4096)
def phrase(text: str) -> Phrase:
    """The phrase as it is compared."""
    pattern, table = _rewriting(on("synonyms"))
    plain = squeeze(text)
    runs = _WORD.findall(pattern.sub(lambda match: table[match.group()], plain)) or _WORD.findall(plain)
    runs = [run.upper() if run.isascii() else run for run in runs]
    return Phrase(tuple(runs), frozenset(pair for run in runs for pair in _pairs(run)))


def features(text: str) -> Features:
    """The features of a phrase; see Phrase."""
    return phrase(text).features


def _pairs(run: str) -> list[str]:
    if run.isascii() or len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


class Vocabulary:
    """The words of a set of phrases (a form's row names); what few of them say weighs more."""

    def __init__(self, names: Sequence[Phrase]) -> None:
        self._count = len(names)
        self._held = Counter(feature for name in names for feature in name.features)
        self._top = log(1 + self._count)
        self._rarity = on("rarity")
        self._weights: dict[str, float] = {}
        self._profiles: dict[Phrase, tuple[float, list[tuple[list[str], list[float]]]]] = {}

    def weight(self, feature: str) -> float:
        """Between 0 and 1: 1 for a feature of one name only, less the more hold it; 0.6 for one that none holds.

        Without the part "rarity" 1 for all.
        """
        known = self._weights.get(feature)
        if known is None:
            known = self._weights[feature] = self._weigh(feature) if self._rarity else 1.0
        return known

    def _weigh(self, feature: str) -> float:
        held = self._held.get(feature, 0)
        weight = log(1 + self._count / held) / self._top if held else _UNSAID
        return weight * _WEAK if feature in _weak() else weight

    def coverage(self, said: Phrase, near: Features, far: Features = frozenset()) -> float:
        """The weighted share of a phrase's characters that stand in a pair found in `near` (in `far` only: half)."""
        if said.features.isdisjoint(near) and said.features.isdisjoint(far):
            return 0.0
        total, runs = self._profile(said)
        covered = 0.0
        for pairs, weights in runs:
            before = 0.0
            for pair, weight in zip(pairs, weights, strict=True):
                hit = weight if pair in near else weight / 2 if pair in far else 0.0
                covered += max(before, hit)
                before = hit
            if len(pairs[0]) == 2:
                covered += before
        return covered / total if total else 0.0

    def _profile(self, said: Phrase) -> tuple[float, list[tuple[list[str], list[float]]]]:
        """The weights of a phrase's pairs, run by run, and the sum of its characters' weights.

        A character weighs what the heavier of its two pairs does.
        """
        known = self._profiles.get(said)
        if known is None:
            total, runs = 0.0, []
            for run in said.runs:
                pairs = _pairs(run)
                weights = [self.weight(pair) for pair in pairs]
                total += sum(map(max, weights, weights[1:])) + weights[0]
                total += weights[-1] if len(pairs[0]) == 2 else 0.0
                runs.append((pairs, weights))
            known = self._profiles[said] = (total, runs)
        return known


def shared_words(name: str, said: str) -> list[str]:
    """The runs of two characters or more that a name shares with what is said, in the name's order."""
    pairs = {said[i : i + 2] for i in range(len(said) - 1)}
    runs: list[str] = []
    start = None
    for at in range(len(name)):
        if name[at : at + 2] in pairs and at + 1 < len(name):
            start = at if start is None else start
        elif start is not None:
            runs.append(name[start : at + 1])
            start = None
    return runs


def abbreviates(said: str, name: str) -> bool:
    """Whether a short noun, which what is told of it may follow, is a longer one with characters left out: 水质站 for
    水质自动监测站."""
    told = _any_of("predicate").search(said)
    said = said[: told.start()] if told else said
    if not 3 <= len(said) <= 5 or said in name:
        return False
    start = name.find(said[:2])
    rest = iter(name[start + 2 :])
    return start >= 0 and all(character in rest for character in said[2:])


@lru_cache(maxsize=16)
def _any_of(name: str) -> re.Pattern[str]:
    """One pattern over the word list `name` of data/wording.toml."""
    return re.compile("|".join(map(re.escape, load("wording.toml")[name])))


def states_result(clause: str, alike: bool = True) -> bool:
    """Whether a clause of a deviation note tells the row's own result, not a plan, a delay or another thing.

    `alike`: the clause shares a word with the row's name, so that a plain verb is enough.
    """
    if of_remainder(clause):
        return False
    return bool(_any_of("result").search(clause) or (alike and _any_of("result_weak").search(clause)))


def of_remainder(clause: str) -> bool:
    """Whether a clause speaks of a plan, a delay, a difference or a rest, not of a result."""
    return bool(_any_of("not_result").search(clause))


def of_other_extent(clause: str) -> bool:
    """Whether a clause speaks of a part, of several years, or of what caused something."""
    return bool(_any_of("other_extent").search(clause))


@lru_cache(maxsize=4096)
def kinds(said: str) -> frozenset[str]:
    """The words in what is said that set a kind apart from others (夜间, 线上)."""
    return frozenset(word for words in load("wording.toml")["contrasts"] for word in words if word in said)


@lru_cache(maxsize=4096)
def excluded(said: str, name: str) -> bool:
    """Whether a claim's words and a row's name hold words that exclude each other (夜间 beside 日常)."""
    for words in load("wording.toml")["contrasts"]:
        here = {word for word in words if word in said}
        there = {word for word in words if word in name}
        if here and there and here.isdisjoint(there):
            return True
    return False


def partly_done(clause: str) -> bool:
    """Whether a clause with a percentage says that this share of a task is done (完成了50%…, …进展50%, 铺好了50%…)."""
    told = _any_of("partly_done").search(clause) or _SHARE_DONE.search(clause)
    return told is not None and not _any_of("rate").search(clause)


def measures_change(name: str) -> bool:
    """Whether an indicator measures a change (…下降率, …增幅), not a level."""
    return bool(_any_of("change").search(name))


def is_quality(name: str) -> bool:
    """Whether an indicator's name is a quality (及时性, 规范性), which no figure counts."""
    return name.endswith(tuple(load("wording.toml")["quality"]))


def planned(clause: str) -> bool:
    """Whether a clause speaks of what is still to come."""
    return bool(_any_of("planned").search(_any_of("not_planned").sub("", clause)))


def told_done(clause: str) -> bool:
    """Whether a clause tells of work done."""
    return bool(_any_of("done").search(clause))


def of_funds(words: str) -> bool:
    """Whether words speak of the project's own money."""
    return bool(_any_of("funds").search(words))


def frequency(clause: str) -> bool:
    """Whether a clause says how often (每月2次), not how much."""
    return bool(_any_of("frequency").search(clause))


def opening_topic(sentence: str) -> str:
    """What a sentence says at its start that it is about (绿化养护方面，…); empty where it does not."""
    topic = re.split("[，,：:]", sentence, maxsplit=1)[0]
    ends = tuple(load("wording.toml")["topic_ends"])
    return topic if len(topic) < len(sentence) and len(topic) <= _LONGEST_TOPIC and topic.endswith(ends) else ""
