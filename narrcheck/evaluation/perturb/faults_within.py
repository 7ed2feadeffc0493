"""Faults within the texts: sums, lists and years that no longer fit, and goals that nothing answers."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import permutations, takewhile
from random import Random

from narrcheck.data import load
from narrcheck.evaluation.perturb.edits import Edit
from narrcheck.evaluation.perturb.numbers import slips
from narrcheck.evaluation.perturb.sites import Site, sites, text_of
from narrcheck.evaluation.perturb.variant import Subject, Variant
from narrcheck.filing import Filing, Indicator
from narrcheck.quantity.units import comparable, in_base
from narrcheck.text import clauses, squeeze

_TEXTS = ("goal", "narrative", "note", "actual")
_SENTENCE_ENDS = re.compile("[。；;]")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(年度?)?([\u4e00-\u9fff“”]{6,})")
_OPENING_YEAR = re.compile(r"\s*(20[0-4]\d)\s*年度?\s*")
# What stands between a sum and a number that is no part of it (检查22次（上年19次），演练3次；巡查6次).
_BORDER = re.compile("[。；;）)]")
_MOST_ITEMS = 9
_LEAST_PASTED = 30


@lru_cache(maxsize=32)
def _words(table: str, key: str) -> tuple[str, ...]:
    return tuple(load("perturb.toml")[table][key])


def part_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """A part of a sum that a text states has a wrong digit."""
    found = [group for field in _TEXTS for group in sums(sites(subject, field))]
    random.shuffle(found)
    for whole, parts in found:
        part = random.choice([part for part in parts if part.digits[0].isascii()] or [whole])
        rest = sum((_base(other) for other in parts if other is not part), Decimal(0))
        for digits in slips(part.digits, random) if part is not whole else ():
            value = in_base(part.worth(digits), part.label.unit)
            if _breaks(whole, parts, rest + value, value):
                edit = Edit(subject.document)
                row = None if part.holder is None else part.holder.position
                edit.replace(part.field, part.start, part.end, digits, row)
                rules = frozenset(["N08"] if part.row is None else ["N08", "N01", "N06"])
                name = None if part.holder is None else part.holder.name
                yield Variant("part-changed", edit.document, part.field, name, part.quote, part.quoted(digits), rules)
                break


def sums(found: list[Site]) -> Iterator[tuple[Site, list[Site]]]:
    """Numbers that a text announces as parts, with the number before them that they add up to; and numbers that are
    said to be the sum of those before them."""
    ordered = sorted(found, key=lambda site: ("" if site.holder is None else site.holder.name, site.start))
    for at, whole in enumerate(ordered):
        parts = _after(whole, ordered[at + 1 :])
        if not parts and whole.text[: whole.start].rstrip().endswith(_words("parts", "summed")):
            parts = _until_sum(whole, [part for part in reversed(ordered[:at]) if _in_sentence(part, whole)])
        if parts and whole.label.modifier == "exact":
            yield whole, parts


def _after(whole: Site, following: list[Site]) -> list[Site]:
    """The parts that follow a number and make it up; none where they are not announced."""
    parts = list(takewhile(lambda part: _in_sentence(whole, part), following))
    fitting = [part for part in parts if comparable(part.label.unit, whole.label.unit)]
    if not fitting or not any(
        word in whole.text[whole.end : fitting[0].start] for word in _words("parts", "announced")
    ):
        return []
    return _until_sum(whole, fitting)


def _in_sentence(first: Site, second: Site) -> bool:
    """Whether the text from one number to another is one sentence, with no bracket that closes in between."""
    return first.holder is second.holder and not _BORDER.search(first.text[first.end : second.start])


def _until_sum(whole: Site, candidates: list[Site]) -> list[Site]:
    """The first candidates, two or more, that come to the whole; none where they do not."""
    parts: list[Site] = []
    for part in candidates:
        if part.label.modifier != "exact" or not comparable(part.label.unit, whole.label.unit):
            return []
        parts.append(part)
        if len(parts) > 1 and sum(map(_base, parts)) == _base(whole):
            return parts
    return []


def _breaks(whole: Site, parts: list[Site], total: Decimal, part: Decimal) -> bool:
    """Whether parts that come to `total` cannot make up the whole: parts may be left out where the text says so or
    names less than half, and persons may be counted twice."""
    stated = _base(whole)
    if part > stated:
        return True
    if total > stated:
        return whole.label.unit not in _words("parts", "persons")
    first, last = min(whole.end, parts[-1].start), max(parts[-1].last + 2, whole.start)
    between = whole.text[first:last]
    return stated / 2 <= total < stated and not any(word in between for word in _words("parts", "open"))


def _base(site: Site) -> Decimal:
    return in_base(site.value, site.label.unit)


def list_count_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """A text counts a list that it writes out, and counts one too many."""
    found = [site for field in _TEXTS[:2] for site in sites(subject, field)]
    random.shuffle(found)
    for site in found:
        if not site.digits.isascii() or site.label.unit not in _words("lists", "units"):
            continue
        if site.value == _items_after(site.text[site.end :], site.label.unit):
            digits = str(int(site.value) + 1)
            edit = Edit(subject.document).replace(site.field, site.start, site.end, digits)
            rules = frozenset(["N08"] if site.row is None else ["N08", "N01", "N04", "N06"])
            yield Variant("list-count-changed", edit.document, site.field, None, site.quote, site.quoted(digits), rules)


def _items_after(text: str, unit: str) -> int:
    """How many items the closed list behind a count holds; 0 where there is none for certain."""
    opens, closes = (re.escape("".join(_words("lists", key))) for key in ("opens", "closes"))
    found = re.match(rf"\s*{re.escape(unit)}[\u4e00-\u9fff]{{0,8}}[{opens}]([^{opens}{closes}]+)[{closes}]", text)
    if found is None or any(word in found[1] for word in _words("lists", "uncertain")) or re.search(r"\d", found[1]):
        return 0
    items = found[1].count("、") + 1
    return items if 2 <= items <= _MOST_ITEMS else 0


def year_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """One of two mentions of an event or document has another year."""
    filing = subject.filing
    texts: list[tuple[str, Indicator | None]] = [("goal", None), ("narrative", None)]
    texts += [(field, row) for row in filing.indicators for field in ("name", "actual", "note")]
    named = [(field, row, found) for field, row in texts for found in _YEAR.finditer(text_of(filing, field, row))]
    pairs = list(permutations(named, 2))
    random.shuffle(pairs)
    done = set()
    for (field, row, found), (other_field, other_row, other) in pairs:
        place = field, None if row is None else row.position
        if place == (other_field, None if other_row is None else other_row.position) or (place, found.start()) in done:
            continue
        if found[1] != other[1] or squeeze(found[3])[:6] != squeeze(other[3])[:6] or _of_project(filing, found[3]):
            continue
        if sum(1 for f, r, again in named if (f, r) == (field, row) and again[3][:6] == found[3][:6]) > 1:
            continue
        done.add((place, found.start()))
        year = str(int(found[1]) + random.choice((-1, 1)))
        edit = Edit(subject.document).replace(field, found.start(1), found.end(1), year, place[1])
        name = None if row is None else row.name
        passage = found.group()[4:16]
        if field == "name":
            name = edit.text("name", place[1])
        yield Variant(
            "year-changed", edit.document, field, name, found[1] + passage, year + passage, frozenset(["N09"])
        )


def _of_project(filing: Filing, words: str) -> bool:
    """Whether words after a year begin with the project's name, as many things in a form do."""
    return squeeze(words)[:6] in squeeze(f"{filing.project or ''}，{filing.unit or ''}")


def opening_year_changed(subject: Subject, random: Random) -> Iterator[Variant]:
    """The narrative opens with the year before, as one that was taken over would."""
    text, year = subject.filing.narrative or "", subject.filing.year
    found = _OPENING_YEAR.match(text)
    if found is None or year is None or int(found[1]) != year:
        return
    if text[found.end() :].startswith(_words("year", "goes_on")):
        edit = Edit(subject.document).replace("narrative", found.start(1), found.end(1), str(year - 1))
        after = edit.text("narrative")[: found.end() + 8]
        before = text[: found.end() + 8]
        yield Variant("opening-year-changed", edit.document, "narrative", None, before, after, frozenset(["N09"]))


def goal_unanswered(subject: Subject, random: Random) -> Iterator[Variant]:
    """A number of the goal has lost its row and the sentences that answered it."""
    narrative = sites(subject, "narrative")
    for site in sites(subject, "goal", random):
        row = site.row
        if row is None or any(word in site.quote for word in _words("parts", "announced")):
            continue  # a part is answered with its whole
        edit = Edit(subject.document)
        answered = {_sentence(answer) for answer in narrative if answer.row is row}
        for start, end in sorted(answered, reverse=True):
            edit.replace("narrative", start, end, "")
        edit.drop(row.position)
        if edit.text("narrative").strip() and not _still_answered(site, edit):
            yield Variant("goal-unanswered", edit.document, "goal", None, site.quote, site.quote, frozenset(["N05"]))


def _sentence(site: Site) -> tuple[int, int]:
    """Where the sentence that holds a claim stands, its closing mark included."""
    before = list(_SENTENCE_ENDS.finditer(site.text, 0, site.first))
    after = _SENTENCE_ENDS.search(site.text, site.last)
    return before[-1].end() if before else 0, after.end() if after else len(site.text)


def _still_answered(site: Site, edit: Edit) -> bool:
    """Whether a clause or row that is left speaks of what the goal's number counts: shares half of its subject's pairs
    of characters, or two of them."""
    subject = squeeze(site.label.subject)
    pairs = {subject[at : at + 2] for at in range(len(subject) - 1)}
    places = clauses(squeeze(edit.text("narrative")))
    for row in range(len(edit.document["indicators"])):
        places.append("，".join(edit.text(column, row) for column in ("name", "target", "actual", "note")))
    if not pairs:
        return True
    return any(sum(pair in place for pair in pairs) >= min(2, len(pairs) / 2) for place in places)


def goal_pasted(subject: Subject, random: Random) -> Iterator[Variant]:
    """The goal stands where the report of what was done should stand."""
    goal, narrative = subject.filing.goal, subject.filing.narrative
    if goal and narrative and len(squeeze(goal)) >= _LEAST_PASTED and _unlike(goal, narrative):
        edit = Edit(subject.document).put("narrative", goal)
        yield Variant("goal-pasted", edit.document, "narrative", None, narrative, goal, frozenset(["N11"]))


def _unlike(goal: str, narrative: str) -> bool:
    """Whether most of the goal's sentences are not in the narrative anyway."""
    said = clauses(squeeze(goal))
    return sum(clause in squeeze(narrative) for clause in said) < len(said) / 2
