"""Names of persons in Chinese text: behind a label (填报人：), before a title (教授), after 由 or an invitation.

A name is believed only where its surroundings make it certain. The texts are prepared (`prepared`): width folded, and
what is masked already is BLOCK, beside which nothing new is found, so that masking twice changes nothing.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from narrcheck.data import load
from narrcheck.text import fold
from narrcheck.words import words

MASK = "＊"
BLOCK = "\ue000"
Span = tuple[int, int]

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_REACH = 6
_DATA = load("masking.toml")
_NAME = _DATA["name"]
_SURNAMES = frozenset(_NAME["surnames"])
_ALL_SURNAMES = _SURNAMES | frozenset(_NAME["wordlike"])
_COMPOUND = frozenset(_NAME["compound"])
_NEVER = frozenset(_NAME["never"])
_NUMERALS = frozenset(_NAME["numerals"])
_ORDINARY = frozenset(_NAME["ordinary"]) | frozenset(_NAME["places"])
_GIVEN = frozenset(_NAME["given"])
_PLACEHOLDERS = frozenset(_DATA["label"]["placeholders"])
# Rare entries are names of persons too, whatever jieba calls them.
_ENTRY = re.compile(
    f"^(?![{_NAME['surnames']}][\u4e00-\u9fff]{{1,2}} [1-4] |... [1-4] ns)([\u4e00-\u9fff]{{2,6}}) \\d+ (?!nr)",
    re.MULTILINE,
)


def prepared(text: str) -> str:
    """The text as names and numbers are looked for in it, of the same length."""
    return fold(text.replace(MASK, BLOCK))


def either(*lists: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    chosen = {word for group in lists for word in group}
    return "(?:" + "|".join(map(re.escape, sorted(chosen, key=lambda word: (-len(word), word)))) + ")"


_PLAIN = f"(?:{either(_COMPOUND)}|[{''.join(sorted(_ALL_SURNAMES))}])(?:(?![{_NAME['never']}])[{_HAN}]){{1,2}}"
_PLAINS = f"(?:{_PLAIN}、){{0,8}}+{_PLAIN}"
_TITLE = f"(?:等\\d{{0,3}}[名位]?)?{either(_DATA['follow']['ranks'])}{{0,2}}{either(_DATA['follow']['titles'])}"
_VERB = either(_DATA["follow"]["verbs"])
_LABELS = either(
    _DATA["label"]["firm"], _DATA["label"]["loose"], _DATA["label"]["telephone"], _DATA["label"]["account"]
)
_SIGNING = either(_DATA["label"]["signing"])

_TITLED = re.compile(f"(?<!\\d)(?P<names>{_PLAINS})(?={_TITLE})")
_ANY_TITLE = re.compile(either(_DATA["follow"]["titles"]))
_INVITED = re.compile(f"{either(_DATA['before']['inviting'])}了?(?P<names>{_PLAINS})(?=等|{_VERB}|{_TITLE})")
_IN_ROLE = re.compile(f"{either(_DATA['before']['roles'])}(?P<names>{_PLAINS})(?=[^{_HAN}{BLOCK}]|等|{_VERB}|\\Z)")
_LABEL = re.compile(
    f"(?P<label>{either(_DATA['label']['firm'], _DATA['label']['loose'])})"
    f"(?P<between>\\s*+(?:\\(\\s*+{_SIGNING}\\s*+\\)|{_SIGNING})?+\\s*+(?P<colon>:?+)[\\s_]*+)"
)
_END = f"(?=\\Z|[^{_HAN}{BLOCK}]|等|{_LABELS}|{either(_DATA['follow']['fields'])}|{_VERB}|{_TITLE})"
_LABELLED = re.compile(
    f"(?:[{_HAN}]{{1,7}}+[·•・‧∙.](?:[{_HAN}]{{1,7}}+[·•・‧∙.]){{0,3}}+[{_HAN}]{{1,7}}?"
    f"|[{_HAN}][ \\t]{{1,4}}[{_HAN}](?![{_HAN}])|[{_HAN}]{{2,4}}?){_END}"
)
_RUN_BEFORE = re.compile(f"[{_HAN}]*+\\Z")
_RUN_AFTER = re.compile(f"[{_HAN}]*+")
_DOT = re.compile(r"[·•・‧∙.]")
_NEXT = re.compile(r"(?:\s*+\([^()\n]{1,8}\))?+(?P<between>[\s、,;/]++)")


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    """The ordinary words of two to six characters: jieba's dictionary without its names of persons."""
    spec = find_spec("jieba")
    assert spec is not None and spec.submodule_search_locations is not None
    entries = Path(spec.submodule_search_locations[0], "dict.txt").read_text(encoding="utf-8")
    return frozenset(_ENTRY.findall(entries))


@lru_cache(maxsize=4096)
def is_ordinary(word: str) -> bool:
    """Whether it is a word of the language, which may stand in a text without meaning a person."""
    return word in _ORDINARY or word in _dictionary()


def names(text: str) -> Iterator[Span]:
    """The places of the names in a prepared text, in no order."""
    yield from _signed(text)
    patterns = (_TITLED, _INVITED, _IN_ROLE) if _ANY_TITLE.search(text) else (_INVITED, _IN_ROLE)
    for pattern in patterns:
        for match in _matches(pattern, text):
            yield from (span for span in _parts(match) if _believed(text, *span))


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """All matches that begin at different names, also those that lie inside one another."""
    match = pattern.search(text)
    while match:
        yield match
        match = pattern.search(text, match.start() + 1)


def _parts(match: re.Match[str]) -> Iterator[Span]:
    """The names of a match, which stand side by side with 、 between."""
    start = match.start("names")
    for name in match["names"].split("、"):
        yield start, start + len(name)
        start += len(name) + 1


def _believed(text: str, start: int, end: int) -> bool:
    """Whether a candidate is none of the words that look like one, and begins where a word begins."""
    return _may_be_name(text[start:end]) and not torn(text, start, end)


@lru_cache(maxsize=4096)
def _may_be_name(name: str) -> bool:
    """Whether surname and given name can be read as nothing else."""
    if is_ordinary(name):
        return False
    if name[:2] in _COMPOUND:
        return len(name) > 2 and not is_ordinary(name[2:])
    if len(name) == 3 and is_ordinary(name[:2]):
        return False
    given = name[1:]
    return name[0] in _SURNAMES or not (
        (is_ordinary(given) and given not in _GIVEN) or any(character in _NUMERALS for character in given)
    )


def torn(text: str, start: int, end: int) -> bool:
    """Whether an ordinary word lies across the start or end of text[start:end], or something masked stands near."""
    first, last = max(start - _REACH, 0), min(end + _REACH, len(text))
    if BLOCK in text[first:last]:
        return True
    before, after = _RUN_BEFORE.search(text[first:start]), _RUN_AFTER.match(text[end:last])
    assert before is not None and after is not None
    at = start - len(before[0])
    for word in words(before[0] + text[start:end] + after[0]):
        over = at + len(word)
        if (at < start < over or at < end < over) and is_ordinary(word):
            return True
        at = over
    return False


def _all_han(text: str) -> bool:
    return all("\u3400" <= character <= "\u9fff" for character in text)


def _signed(text: str) -> Iterator[Span]:
    """The names behind labels, several of them where they stand in a list."""
    for label in _LABEL.finditer(text):
        if not label["between"]:
            continue
        firm = bool(label["colon"]) and label["label"] in _DATA["label"]["firm"]
        at: int | None = label.end()
        while at is not None and (match := _LABELLED.match(text, at)):
            if not _may_sign(re.sub(r"\s", "", match[0]), firm):
                break
            yield match.span()
            rest = _NEXT.match(text, match.end())
            at = rest.end() if rest else None
            firm = firm and rest is not None and not rest["between"].isspace()


@lru_cache(maxsize=4096)
def _may_sign(name: str, firm: bool) -> bool:
    """Whether a phrase behind a label is a name; behind a `firm` one also a name without a surname (巴特尔)."""
    if not _all_han(name):
        return not all(map(is_ordinary, _DOT.split(name)))
    if _NEVER.intersection(name[1:]):
        return False
    if firm and len(name) == 2 and name[0] in _ALL_SURNAMES:
        return name not in _PLACEHOLDERS
    if is_ordinary(name):
        return False
    if name[:2] in _COMPOUND:
        return len(name) > 2 and not is_ordinary(name[2:])
    if name[0] in _ALL_SURNAMES and len(name) < 4:
        return firm or _may_be_name(name)
    pieces = {name[i : i + size] for size in (2, 3) for i in range(len(name) - size + 1)}
    return firm and not any(map(is_ordinary, pieces))
