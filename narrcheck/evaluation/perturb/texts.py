"""The texts of a filing that a rewrite may change, and the numbers in them that are labelled claims."""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from narrcheck.data import load
from narrcheck.evaluation.labels import ClaimLabel
from narrcheck.evaluation.perturb.variant import Document, Subject, Variant
from narrcheck.filing import Indicator
from narrcheck.quantity.cells import read_actual, read_target
from narrcheck.quantity.numerals import ARABIC, chinese, read_arabic, read_chinese
from narrcheck.text import fold

WORDS = "rewrites.toml"
"""The data file with the words of the rewrites."""


@dataclass(frozen=True, slots=True)
class Place:
    """A text of a filing: its field, the row it stands in, and whether it is words rather than a plain quantity."""

    field: str
    text: str
    position: int | None = None
    name: str | None = None
    words: bool = True


@dataclass(frozen=True, slots=True)
class Stated:
    """A labelled number at text[start:end] of its place; its unit ends at `close`, or is None where none follows."""

    claim: ClaimLabel
    start: int
    end: int
    close: int | None


Edit = tuple[int, int, str]
"""A stretch of a text, from and to, and what stands there afterwards."""

Finder = Callable[[Place], list[Edit]]


def places(subject: Subject, cells: bool = False) -> list[Place]:
    """The texts of a filing that can be rewritten: goal, narrative, notes, cells in words; with `cells` all cells of
    the columns for targets and actuals."""
    filing = subject.filing
    found = [Place("goal", filing.goal or ""), Place("narrative", filing.narrative or "")]
    for row in filing.indicators:
        found.append(Place("note", row.note or "", row.position, row.name))
        found += _cells(row)
    return [place for place in found if place.text.strip() and (cells or place.words)]


def _cells(row: Indicator) -> Iterator[Place]:
    """Target and actual of a row, unless they were corrected by hand, so that what is printed no longer counts."""
    if row.target == read_target(row.target.raw, row.name):
        yield Place("target", row.target.raw, row.position, row.name, row.target.value is None)
    if row.actual == read_actual(row.actual.raw, row.name):
        words = row.actual.value is None and row.actual.status is None
        yield Place("actual", row.actual.raw, row.position, row.name, words)


def variants(
    subject: Subject, random: Random, kind: str, find: Finder, cells: bool = False, together: bool = True
) -> Iterator[Variant]:
    """One variant for each edit that `find` sees; where edits go `together`, about half the others of the text are made
    too, for a writer has habits."""
    found = [(place, edits) for place in places(subject, cells) if (edits := find(place))]
    picked = [(place, edits, edit) for place, edits in found for edit in edits]
    random.shuffle(picked)
    for place, edits, edit in picked:
        chosen = [other for other in edits if other is edit or (together and random.random() < 0.5)]
        yield variant(subject, kind, place, chosen)


def variant(subject: Subject, kind: str, place: Place, edits: list[Edit]) -> Variant:
    """The filing with edits of one text; the passage reaches from the first to the last of them."""
    edits = sorted(edits)
    first, last = edits[0][0], edits[-1][1]
    pieces, at = [], first
    for start, end, new in edits:
        pieces += [place.text[at:start], new]
        at = end
    after = "".join(pieces)
    document = put(subject.document, place, place.text[:first] + after + place.text[last:])
    return Variant(kind, document, place.field, place.name, place.text[first:last], after)


def put(document: Document, place: Place, text: str) -> Document:
    """The document with another text in a place. A cell is left to be read anew from what is printed in it."""
    changed = deepcopy(document)
    if place.position is None:
        changed[place.field] = text
    elif place.field == "note":
        changed["indicators"][place.position]["note"] = text
    else:
        changed["indicators"][place.position][place.field] = {"raw": text}
    return changed


def numbers(subject: Subject, place: Place) -> list[Stated]:
    """The labelled claims of a text whose number is found in it, in order, each number once."""
    field = place.field if place.name is None else f"{place.field}:{place.name}"
    found: dict[int, Stated] = {}
    for claim in subject.claims:
        stated = _stated(place.text, claim) if claim.field == field else None
        if stated is not None:
            found.setdefault(stated.start, stated)
    return [found[start] for start in sorted(found)]


def quoted(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands in a text, white space aside; None where it does not."""
    kept = [at for at, character in enumerate(text) if not character.isspace()]
    wanted = "".join(quote.split())
    at = "".join(text[k] for k in kept).find(wanted)
    return (kept[at], kept[at + len(wanted) - 1] + 1) if wanted and at >= 0 else None


def _stated(text: str, claim: ClaimLabel) -> Stated | None:
    """The number of a claim in its text: one with the claim's value, best with its unit behind."""
    place = quoted(text, claim.quote)
    if place is None:
        return None
    flat = fold(text)
    found: list[Stated] = []
    for match in _number().finditer(flat, *place):
        scale = _agrees(match[0], claim)
        if scale is not None:
            close = _unit_end(flat, match.end(), claim.unit.removeprefix(scale))
            found.append(Stated(claim, match.start(), match.end(), close))
    return next((one for one in found if one.close is not None), found[0] if found else None)


def _number() -> re.Pattern[str]:
    return re.compile(rf"(?<![\d.,]){ARABIC}|{chinese()}")


def _agrees(digits: str, claim: ClaimLabel) -> str | None:
    """The 万 or 亿 that a numeral with the claim's value holds itself, "" for none; None for another value."""
    read = (read_arabic(digits), "") if digits[0].isdigit() else read_chinese(digits)
    if read is None or read[0] != Decimal(claim.value) or not claim.unit.startswith(read[1]):
        return None
    return read[1]


def _unit_end(flat: str, at: int, unit: str) -> int | None:
    """Where a unit ends that follows at flat[at], 余 and blanks aside; None where another word follows."""
    inside = words()["inside"]
    wanted = "".join(fold(unit).split())
    while at < len(flat) and wanted:
        character = flat[at]
        at += 1
        if character == wanted[0]:
            wanted = wanted[1:]
        elif not (character.isspace() or character in inside):
            return None
    return None if wanted else at


def words() -> Mapping[str, list[str]]:
    """The word lists of the data file."""
    return load(WORDS)
