"""From a model's items to places in the filing: the quantities it confirms or adds, its links, its judgements."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from narrcheck.advice import Judgement, Words
from narrcheck.catalogue import message
from narrcheck.claims.offline import Units, extract
from narrcheck.fields import Fields
from narrcheck.filing import Claim, FieldName, Filing
from narrcheck.linking import link
from narrcheck.llm.answers import Contradiction, Link, NoteWithoutReason, StatedClaim, Unanswered
from narrcheck.llm.grounding import Grounds, Passage
from narrcheck.quantity.lexicon import lexicon
from narrcheck.quantity.scan import scan

_UNIT = re.compile(r"[\u4e00-\u9fffA-Za-z℃°㎡³²]{1,5}")
_SCALE = re.compile(r"[余多]?[十百千万亿]{0,2}[余多]?")

Place = tuple[FieldName, int | None, int, int]
"""A field, the row that holds it, and where a number with its modifier and unit begins and ends in the field's text."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Offline and model claims as one list, linked by the rules; `dropped` of the model's are no quantities."""

    claims: tuple[Claim, ...]
    dropped: int = 0


def places(grounds: Grounds, items: Sequence[StatedClaim]) -> list[Place]:
    """Where the stated quantities stand. The nth time a number is named in a quote, its nth place there is meant."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found: list[Place] = []
    for item in items:
        passage = grounds.passage(item.text)
        spots = [place for quote in passage.find(item.quote) for place in passage.find(item.number, *quote)]
        spots = list(dict.fromkeys(spots))
        start, end = spots[min(seen[passage.id, item.quote, item.number], len(spots) - 1)]
        seen[passage.id, item.quote, item.number] += 1
        found.append((passage.field, passage.row, passage.base + start, passage.base + end))
    return found


def merge(filing: Filing, offline: Sequence[Claim], stated: Sequence[Place], lang: str) -> Merged:
    """The offline claims, each marked "both" where the model states it too, and the model's own.

    What the number of a stated quantity is, code reads from the text; it takes the model's word only for which
    characters behind the number are its unit.
    """
    fresh = [place for place in stated if not any(_same(claim, place) for claim in offline)]
    given = _units(filing, fresh)
    claims: Sequence[Claim] = offline
    if given:
        known = {(c.field, c.in_row, c.number_start): _told(c) for c in offline}
        claims = link(filing, extract(filing, given).claims, lang)
        claims = [
            c if known.get((c.field, c.in_row, c.number_start)) == _told(c) else replace(c, by="llm") for c in claims
        ]
    merged = [
        replace(c, by="both") if c.by == "offline" and any(_same(c, place) for place in stated) else c for c in claims
    ]
    lost = sum(not any(_same(claim, place) for claim in merged) for place in fresh)
    return Merged(tuple(merged), lost)


def _told(claim: Claim) -> tuple[object, ...]:
    """What a claim says, and of which row: a unit known from the model may change its neighbours too."""
    return claim.quote, claim.value, claim.upper, claim.unit, claim.subject, claim.scope, claim.row


def _same(claim: Claim, place: Place) -> bool:
    field, row, start, end = place
    return (claim.field, claim.in_row) == (field, row) and claim.number_start < end and start < claim.number_end


def _units(filing: Filing, stated: Sequence[Place]) -> Mapping[tuple[FieldName, int | None], Units]:
    """The units the model names for numbers whose unit no list holds, by text and place in the flat text.

    A number that is no quantity for another reason (a year, an ordinal, a document's number) stays none.
    """
    found: dict[tuple[FieldName, int | None], dict[int, int]] = {}
    fields = Fields(filing)
    for field, row, start, end in stated:
        text = fields.text(field, row)
        first, last = text.locate(start, end)
        numbers = [n for n in lexicon().number.finditer(text.flat, first, last) if not _is_other(text.flat, n.start())]
        ends = [scale.end() for n in numbers if (scale := _SCALE.match(text.flat, n.end(), last))]
        unit = text.flat[ends[-1] : last] if ends else ""
        if _UNIT.fullmatch(unit):
            places = {at: len(unit) for at in ends if text.flat.startswith(unit, at)}  # 30至50箩, 30箩至50箩
            found.setdefault((field, row), {}).update(places)
    return found


def _is_other(flat: str, at: int) -> bool:
    """Whether the number at flat[at] is read as something that is no quantity."""
    return any(q.start <= at < q.end and q.reason not in ("", "no-unit") for q in scan(flat))


def linked(claims: Sequence[Claim], grounds: Grounds, links: Sequence[Link], lang: str) -> tuple[Claim, ...]:
    """The claims with the rows a model chose. The first answer for a claim counts."""
    result = list(claims)
    for answer in {item.claim: item for item in reversed(links)}.values():
        at = int(answer.claim[1:]) - 1
        row = None if answer.row is None else grounds.rows[answer.row]
        claim = result[at]
        if row == claim.row:
            result[at] = replace(claim, by="both" if claim.by == "offline" else claim.by)
        else:
            why = message("link.model" if row is not None else "link.model-none", lang)
            result[at] = replace(claim, row=row, why=why, by="llm")
    return tuple(result)


def unanswered(grounds: Grounds, items: Sequence[Unanswered]) -> list[Judgement]:
    """L01: a task of the goal beside what comes nearest to it."""
    return [
        Judgement("L01", _words(grounds.passages["T1"], item.goal), _nearest(grounds, item.nearest)) for item in items
    ]


def _nearest(grounds: Grounds, quote: str) -> Words:
    others = [passage for id, passage in grounds.passages.items() if id != "T1"]
    return next(_words(passage, quote) for passage in others if next(passage.find(quote), None))


def without_reason(filing: Filing, grounds: Grounds, items: Sequence[NoteWithoutReason]) -> list[Judgement]:
    """L02: a note beside the result it should explain."""
    found = []
    for item in items:
        passage = grounds.passage(item.row)
        assert passage.row is not None
        row = filing.indicators[passage.row]
        column: FieldName = "actual" if row.actual.raw.strip() else "target" if row.target.raw.strip() else "name"
        cell = {"actual": row.actual.raw, "target": row.target.raw, "name": row.name}[column]
        result = Words(column, row.position, 0, len(cell))
        found.append(Judgement("L02", _words(passage, item.quote), result))
    return found


def contradictions(grounds: Grounds, items: Sequence[Contradiction]) -> list[Judgement]:
    """L03: two passages that cannot both be true."""
    return [
        Judgement(
            "L03",
            _words(grounds.passage(item.first_text), item.first),
            _words(grounds.passage(item.second_text), item.second),
        )
        for item in items
    ]


def _words(passage: Passage, quote: str) -> Words:
    start, end = next(passage.find(quote))
    return Words(passage.field, passage.row, passage.base + start, passage.base + end)
