"""How the names of rows and the subjects of claims compare across filings."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from narrcheck.data import load
from narrcheck.parts import cached
from narrcheck.quantity.cells import unit_in_name
from narrcheck.quantity.units import parse
from narrcheck.rules.across.members import without_years
from narrcheck.text import squeeze
from narrcheck.wording import phrase
from narrcheck.words import words

_NUMBERING = re.compile(
    r"^(?:[(（]?\d{1,2}[)）.、．]|[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|指标\d{1,2}[::])"
)
_QUOTED = re.compile(r"[《“\"「]([^《》“”\"「」]{3,30})[》”\"」]")
_SESSION = re.compile(r"第[一二三四五六七八九十\d]{1,3}届[\u4e00-\u9fff]{2,}")
_WORDS = 2
_OF_YEAR, _NUMBER_OF = "年", "数"


@lru_cache(maxsize=16384)
def row_name(name: str) -> str:
    """A row's name without numbering, years, punctuation and the unit in its brackets."""
    bare = _NUMBERING.sub("", squeeze(name))
    unit = unit_in_name(bare)
    if unit:
        for pair in ("()", "[]", "【】"):
            bare = bare.replace(f"{pair[0]}{unit}{pair[1]}", "").replace(f"{pair[0]}单位:{unit}{pair[1]}", "")
    return without_years(bare)


@cached("synonyms", maxsize=16384)
def loose_name(name: str) -> str:
    """A row's name with synonyms made one and generic words left out; the name itself where nothing is left."""
    plain = row_name(name)
    runs = list(phrase(plain).runs)
    if runs and len(runs[-1]) > _WORDS:
        runs[-1] = runs[-1].removesuffix(_NUMBER_OF)
    return "|".join(runs) or plain


@lru_cache(maxsize=2048)
def kind_of(unit: str) -> str:
    """What the unit counts, the same for words that count the same; the word itself where it is not known."""
    known = parse(unit)
    return known.kind if known else squeeze(unit)


def any_of(listed: list[str]) -> re.Pattern[str]:
    """One pattern over a word list, longest first."""
    return re.compile("|".join(re.escape(word) for word in sorted(listed, key=lambda word: (-len(word), word))))


@dataclass(frozen=True, slots=True)
class Thing:
    """What a figure is about: `key` as compared, and how sure it is that one unit has one such figure a year.

    `proper`: it bears a name. `whole`: the unit sees or has it as a whole; `held`: it has it (staff, holdings, beds).
    `marked`: it says itself that the whole unit is meant (全馆…). `content`: how many words of its own describe it.
    """

    key: str
    proper: bool
    whole: bool
    held: bool
    marked: bool
    content: int


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """What is left out of a phrase; markers of the whole unit; what a unit sees or has as a whole and what may stand
    beside it; what it sees; what it has."""
    names, wording = load("across.toml")["name"], load("wording.toml")
    markers = set(names["markers"])
    dropped = [word for word in (*wording["generic"], *names["fillers"]) if word not in markers]
    beside = any_of([*names["seen"], *names["held"], *names["beside"]])
    kinds = any_of(names["seen"]), any_of(names["held"])
    return any_of([*dropped, *wording["whole"]]), any_of(names["markers"]), beside, *kinds


@lru_cache(maxsize=16384)
def thing(text: str) -> Thing:
    """The thing that a row's name or a claim's subject names."""
    left_out, markers, beside, seen, held = _patterns()
    kept = set(load("wording.toml")["whole"])
    named = [name for name in _QUOTED.findall(squeeze(text)) if not _is_common(name)]
    proper = bool(named or _SESSION.search(squeeze(text)))
    plain = row_name(text)
    marker = markers.search(plain)
    if marker:  # what stands before it (到年底, 中心依托) only leads to it
        plain = markers.sub("", plain[marker.end() :])
    plain = _without_unit(plain, (held, seen))
    key = left_out.sub(lambda found: found[0] if found[0] in kept else "", plain).removeprefix(_OF_YEAR)
    bare = not beside.sub("", key)
    of_unit = bool(held.search(plain) or seen.search(plain)) and bare
    return Thing(key, proper, of_unit, of_unit and bool(held.search(plain)), marker is not None, _content(key))


def _without_unit(plain: str, of_unit: Sequence[re.Pattern[str]]) -> str:
    """The phrase without the unit's own kind in front (街道, 医院) of what it has or sees."""
    for head in load("across.toml")["name"]["heads"]:
        rest = plain.removeprefix(head)
        if rest != plain and any(kind.match(rest) for kind in of_unit):
            return rest
    return plain


def _is_common(name: str) -> bool:
    return any(name.startswith(word) for word in load("across.toml")["proper"]["common"])


def own_words(key: str) -> list[str]:
    """The words of two characters or more that are not common to these forms."""
    return [word for word in words(key) if len(word) >= _WORDS and word not in _weak()]


def _content(key: str) -> int:
    """How many words of its own a key has; a word of four characters (办公用房) is as telling as two of two."""
    return content_of(own_words(key))


def content_of(cut: Iterable[str]) -> int:
    """How much words say that are not common to these forms: one each from two characters, two from four on."""
    own = (word for word in cut if len(word) >= _WORDS and word not in _weak())
    return sum(_WORDS if len(word) >= _WORDS * 2 else 1 for word in own)


@lru_cache(maxsize=1)
def _weak() -> frozenset[str]:
    return frozenset((*load("wording.toml")["weak"], *load("across.toml")["outputs"]["generic"]))


def quoted(text: str) -> list[tuple[int, int]]:
    """Where names in quotation marks stand in squeezed text, slogans left out."""
    return [match.span(1) for match in _QUOTED.finditer(text) if not _is_common(match[1])]


@cached("synonyms", maxsize=16384)
def bag_name(name: str) -> str:
    """The words of a row's name that are its own, in whatever order; the loose name where it has none."""
    counts = load("across.toml")["name"]["counts"]
    plain = row_name(name)
    loose = loose_name(next((plain.removesuffix(word) for word in counts if plain.endswith(word)), plain))
    return "|".join(sorted(set(own_words(loose.replace("|", ""))))) or loose


@lru_cache(maxsize=16384)
def names_activity(key: str) -> bool:
    """Whether a phrase holds a word for what every project does (培训, 宣传), of which each has its own figure."""
    return not set(load("across.toml")["outputs"]["generic"]).isdisjoint(words(key))


@cached("synonyms", maxsize=16384)
def names_thing(name: str) -> bool:
    """Whether a row's name says more than the words that every project uses."""
    return _content(loose_name(name).replace("|", "")) > 0


@lru_cache(maxsize=1)
def _stock_words() -> tuple[re.Pattern[str], ...]:
    data = load("across.toml")["figure"]
    return any_of([*data["stock"], *data["sorts"]]), any_of(data["totals"]), any_of(data["sums"])


def says_stock(clause: str, marked: bool = True) -> bool:
    """Whether the words before a number say that it is what there is, and no sum over years; `marked`: of the whole
    unit, of which a total is a stock too."""
    stock, totals, sums = _stock_words()
    return bool(stock.search(clause) or (marked and totals.search(clause))) and not sums.search(clause)
