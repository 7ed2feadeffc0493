"""Rewrites of a filing's wording that change nothing it says: the order of sentences, words that say the same."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

from narrcheck.data import load
from narrcheck.evaluation.perturb.texts import WORDS, Edit, Place, Stated, numbers, quoted, variants
from narrcheck.evaluation.perturb.variant import Maker, Subject, Variant
from narrcheck.text import fold

SYNONYMS = Path("eval/rewrites.toml")
"""Where the pairs of words are kept, below a folder that holds the filings."""

_SENTENCE = re.compile(r"[^。；]+[。；]")
_NUMBERED = re.compile(r"\s*(?:[(（]?[0-9一二三四五六七八九十]{1,3}[)）、.．]|[①-⑳])")
_DATED = re.compile(r"\d{4}年|\d{1,2}月")
_NAMES = re.compile(r"《[^》]*》|“[^”]*”")
_SHORTEST = 6
_HEADING = 16


class SynonymsError(ValueError):
    """The file of synonyms cannot be used; `key` names the sentence of the catalogue that says why, `fact` fills it."""

    def __init__(self, key: str, fact: str) -> None:
        super().__init__(f"{key} {fact}")
        self.key, self.fact = key, fact


def clause_order(subject: Subject, random: Random) -> Iterator[Variant]:
    """Two neighbouring sentences of goal or narrative in the other order, where neither leans on the other."""

    def find(place: Place) -> list[Edit]:
        return list(_exchanges(subject, place)) if place.field in ("goal", "narrative") else []

    return variants(subject, random, "clause-order", find, together=False)


def _exchanges(subject: Subject, place: Place) -> Iterator[Edit]:
    text = place.text
    sentences = list(_SENTENCE.finditer(text))
    quotes = [found for claim in subject.claims if claim.field == place.field and (found := quoted(text, claim.quote))]
    for one, two in pairwise(sentences):
        first, second = one[0], two[0]
        border = one.end()
        torn = any(start < border < end for start, end in quotes)
        # In A。B；C。 what B begins goes on in C.
        in_place = first[-1] == second[-1] or first[-1] == "；"
        if in_place and not torn and _stands_alone(first) and _stands_alone(second) and not _heads(first):
            yield one.start(), two.end(), second[:-1] + first[-1] + first[:-1] + second[-1]


def _stands_alone(sentence: str) -> bool:
    """Whether a sentence says the same wherever it stands: no list number, no date that its neighbours share, no
    bracket or quotation that goes on, nothing that refers to another sentence."""
    words = load(WORDS)["leaning"]
    flat = "".join(fold(sentence).split())
    whole = all(sentence.count(a) == sentence.count(b) for a, b in ("（）", "()", "“”", "《》"))
    refers = flat.startswith(tuple(words["start"])) or any(word in flat for word in words["inside"])
    # A colon announces what follows it, beyond the sentence perhaps.
    marked = _NUMBERED.match(sentence) or _DATED.search(flat) or ":" in flat or "\n" in sentence.strip()
    return whole and len(flat) >= _SHORTEST and not refers and not marked


def _heads(sentence: str) -> bool:
    """Whether a short sentence without a number is the heading of what follows."""
    return len(sentence) <= _HEADING and not re.search(r"\d", fold(sentence))


def modifiers(subject: Subject, random: Random) -> Iterator[Variant]:
    """Words about a number that say the same: 共 and 共计, 约 and 大约, 超过 and 不少于."""

    def find(place: Place) -> list[Edit]:
        if place.field == "target":
            return []
        return [edit for item in numbers(subject, place) for edit in _modified(place.text, item, random)]

    return variants(subject, random, "modifiers", find, together=False)


def _modified(text: str, item: Stated, random: Random) -> Iterator[Edit]:
    words = load(WORDS)
    modifier = item.claim.modifier
    before = _ending(text, item.start, words["before"].get(modifier, []), words["not_after"])
    if before:
        word, others = before
        yield item.start - len(word), item.start, random.choice(others)
    if item.close is not None:
        for group in words["after"].get(modifier, []):
            word = next((word for word in group if text.startswith(word, item.close)), "")
            if word:
                yield item.close, item.close + len(word), random.choice([other for other in group if other != word])


def _ending(
    text: str, at: int, groups: list[list[str]], not_after: Mapping[str, list[str]]
) -> tuple[str, list[str]] | None:
    """The longest word of the groups that ends at text[at], and what may stand for it."""
    known = sorted({word for group in groups for word in group}, key=len, reverse=True)
    word = next((word for word in known if text.endswith(word, 0, at)), None)
    if word is None or text[: at - len(word)][-1:] in not_after.get(word, []):
        return None
    return word, [other for group in groups if word in group for other in group if other != word]


def verb_forms(subject: Subject, random: Random) -> Iterator[Variant]:
    """举办3场 as 举办了3场 and the other way round, where the text tells what was done."""

    def find(place: Place) -> list[Edit]:
        if place.field in ("goal", "target"):
            return []
        return [edit for item in numbers(subject, place) if (edit := _aspect(place.text, item.start)) is not None]

    return variants(subject, random, "verb-forms", find, together=False)


def _aspect(text: str, at: int) -> Edit | None:
    words = load(WORDS)["verbs"]
    particle, verbs = words["particle"], words["done"]
    for verb in verbs:
        if text.endswith(verb, 0, at):
            return at - len(verb), at, verb + particle
        if text.endswith(verb + particle, 0, at):
            return at - len(verb + particle), at, verb
    return None


def find_synonyms(paths: Iterable[Path]) -> Path | None:
    """The file of pairs in the nearest folder from one of the paths upward, the first path first; None where there is
    none."""
    for path in paths:
        start = path.resolve()
        for folder in (start, *start.parents):
            if (folder / SYNONYMS).is_file():
                return folder / SYNONYMS
    return None


def synonyms(path: Path) -> Maker:
    """The maker that puts words of the file's pairs for one another. SynonymsError where the file cannot be used."""
    return partial(_with_synonyms, _pairs(path))


def _pairs(path: Path) -> dict[str, str]:
    """The words of the file and what may stand for each."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise SynonymsError("perturb.synonyms-missing", str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SynonymsError("perturb.synonyms-unreadable", f"{path}: {error}") from None
    table = document.get("synonyms")
    if not isinstance(table, dict) or not table or not all(isinstance(word, str) and word for word in table.values()):
        raise SynonymsError("perturb.synonyms-shape", str(path))
    return {str(word): str(other) for word, other in table.items()}


def _with_synonyms(pairs: Mapping[str, str], subject: Subject, random: Random) -> Iterator[Variant]:
    """Words replaced where they are no part of a name: one in quotation marks, of a rate (完成率), or of a row, whose
    words are terms of the form."""
    names = "\n".join(row.name for row in subject.filing.indicators)
    pattern = re.compile("|".join(re.escape(word) for word in sorted(pairs, key=len, reverse=True)))
    ends = load(WORDS)["name_ends"]

    def find(place: Place) -> list[Edit]:
        text = _NAMES.sub(lambda match: " " * len(match[0]), place.text)
        found = [match for match in pattern.finditer(text) if match[0] not in names]
        return [(m.start(), m.end(), pairs[m[0]]) for m in found if text[m.end() : m.end() + 1] not in ends]

    return variants(subject, random, "synonyms", find)
