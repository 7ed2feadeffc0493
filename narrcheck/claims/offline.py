"""Claims by rules alone: every quantity in the free texts of a filing, with its place, subject, modifier and scope.

Free texts are the goal, the narrative, the deviation notes, and the target and actual cells that name what they count.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from narrcheck.claims.drafts import LONGEST_LIST, Draft, Sentences
from narrcheck.claims.phrases import Boundaries, phrase
from narrcheck.claims.scopes import settle
from narrcheck.filing import Claim, FieldName, Filing
from narrcheck.quantity.cells import is_quantity, read_status
from narrcheck.quantity.scan import scan
from narrcheck.text import Text, squeeze

_LONGEST_CONTEXT = 40
_SHORT_RATE = 6
_WIDE_THOUSANDS = re.compile(r"(?<![\d.,，])[1-9]\d{0,2}(?:，\d{3})++(?![，,]?\d)(?:\.\d++)?+")


@dataclass(frozen=True, slots=True)
class Extraction:
    """The claims of a filing in the order of its texts, and how many numbers those texts hold in all."""

    claims: tuple[Claim, ...] = ()
    numbers: int = 0


Units = Mapping[int, int]
"""Units of one text that no list holds: where each stands in the flat text, and how long it is."""


def extract(filing: Filing, given: Mapping[tuple[FieldName, int | None], Units] | None = None) -> Extraction:
    """Every claim of the filing, not yet linked to a row. `given` are further units by text."""
    units = given or {}
    claims: list[Claim] = []
    numbers = 0
    names = {row.position: row.name for row in filing.indicators}
    for field, in_row, raw in texts(filing):
        name = "" if in_row is None else squeeze(names[in_row])
        found, seen = claims_of(raw, field, in_row, filing.year, len(claims), name, units.get((field, in_row)))
        claims += found
        numbers += seen
    return Extraction(tuple(claims), numbers)


def texts(filing: Filing) -> Iterator[tuple[FieldName, int | None, str]]:
    """The free texts of a filing: field, row, text as printed."""
    if filing.goal:
        yield "goal", None, filing.goal
    if filing.narrative:
        yield "narrative", None, filing.narrative
    for row in filing.indicators:
        if row.target.value is None and _is_text(row.target.raw):
            yield "target", row.position, row.target.raw
        if row.actual.value is None and row.actual.status is None and _is_text(row.actual.raw):
            yield "actual", row.position, row.actual.raw
        if row.note:
            yield "note", row.position, row.note


def _is_text(raw: str) -> bool:
    """Whether a cell is words: neither a quantity with its comparator nor a verdict."""
    return len(raw) > 3 and not is_quantity(raw) and read_status(raw) is None


def claims_of(
    raw: str,
    field: FieldName,
    in_row: int | None,
    year: int | None = None,
    first: int = 0,
    name: str = "",
    units: Units | None = None,
) -> tuple[list[Claim], int]:
    """The claims of one text, and how many numbers it holds.

    `first` is the number its first claim will bear, `name` the row's, which stands in where a phrase names nothing,
    `units` are those that no list holds.
    """
    text = Text(raw)
    flat = _with_clauses(text)
    quantities = scan(flat, units)
    usable = [q for q in quantities if not q.reason]
    if not usable:
        return [], len(quantities)
    marks, sentences = Boundaries(flat), Sentences(flat)
    drafts: list[Draft] = []
    floor = sentence = 0
    for i, quantity in enumerate(usable):
        following = usable[i + 1].start if i + 1 < len(usable) else len(flat)
        found = phrase(flat, quantity, following, floor, marks)
        sentence = sentences.of(quantity.start, sentence)
        drafts.append(Draft(quantity, found, sentence, marks.before(quantity.start)))
        floor = max(found.end, quantity.end)
    settle(flat, drafts, year, field)
    subjects = _subjects(flat, drafts, sentences, name)
    return [_claim(text, field, in_row, d, s, first) for d, s in zip(drafts, subjects, strict=True)], len(quantities)


def _with_clauses(text: Text) -> str:
    """The flat text with full-width commas kept: they part clauses, and thousands only where nothing else is meant."""
    flat = text.flat
    if "," not in flat or "，" not in text.raw:
        return flat
    pieces = []
    start = flat.find(",")
    last = 0
    while start >= 0:
        if text.raw[text.span(start, start + 1)[0]] == "，":
            pieces.append(flat[last:start])
            pieces.append("，")
            last = start + 1
        start = flat.find(",", start + 1)
    pieces.append(flat[last:])
    return _WIDE_THOUSANDS.sub(_thousands, "".join(pieces))


def _thousands(match: re.Match[str]) -> str:
    """2，563，880 or 1，200.5 as one number; 5，120 stays two, for a list may be meant, as any with 分别 is."""
    digits = match[0]
    listed = "分别" in match.string[max(0, match.start() - 40) : match.start()]
    single = digits.count("，") == 1 and "." not in digits and "，0" not in digits
    return digits if single or listed else digits.replace("，", ",")


def _subjects(flat: str, drafts: list[Draft], sentences: Sentences, name: str) -> list[str]:
    """What each quantity counts; a phrase that says too little alone gets its neighbour's words in brackets."""
    shared = _shared_nouns(drafts)
    subjects: list[str] = []
    for i, draft in enumerate(drafts):
        own = draft.phrase.subject
        if i in shared:
            own = shared[i]
        elif draft.whole is not None or draft.phrase.weak or draft.scope in ("total", "change"):
            context = name if name and draft.whole is None else _context(flat, drafts, subjects, i, sentences)
            own = f"{own}（{context}）" if own and context not in ("", own) else own or context
        elif draft.share and len(own) <= _SHORT_RATE:
            context = _kin(own, _between(flat, drafts, i, sentences), drafts, subjects)
            own = f"{own}（{context}）" if context else own
        subjects.append(own)
    return subjects


def _kin(rate: str, between: str, drafts: list[Draft], subjects: list[str]) -> str:
    """The nearest words before in the sentence that share two characters with a short rate: 体检率 of 职工体检."""
    pairs = [rate[k : k + 2] for k in range(len(rate) - 1)]
    if any(pair in between for pair in pairs):
        return between
    i = len(subjects)
    for k in range(i - 1, max(-1, i - 8), -1):
        if drafts[k].sentence != drafts[i].sentence:
            break
        if any(pair in drafts[k].phrase.subject for pair in pairs):
            return _plain(subjects[k])
    return ""


def _between(flat: str, drafts: list[Draft], i: int, sentences: Sentences) -> str:
    """The words of the sentence between the figure before and this one's own phrase."""
    draft = drafts[i]
    before = drafts[i - 1] if i and drafts[i - 1].sentence == draft.sentence else None
    start = max(before.phrase.end, before.quantity.end) if before else sentences.starts[draft.sentence]
    between = flat[start : max(start, draft.phrase.begin)].strip("，,、:：()（）的 ")
    return between[-_LONGEST_CONTEXT:] if len(between) > 1 else ""


def _shared_nouns(drafts: list[Draft]) -> dict[int, str]:
    """甲、乙满意度分别为95%和96%: each number gets its own noun of the list."""
    found: dict[int, str] = {}
    for i, draft in enumerate(drafts):
        head, mark, _ = draft.phrase.clause.partition("分别")
        if not mark:
            continue
        group = [i]
        while group[-1] + 1 < len(drafts) and drafts[group[-1] + 1].phrase.clause in (
            "、",
            "和",
            "与",
            "及",
            "，",
            ",",
            "以及",
        ):
            group.append(group[-1] + 1)
        nouns = [noun for noun in re.split("[、和及与]", head) if noun]
        for k, at in enumerate(group):
            found[at] = (
                f"{nouns[k]}（{draft.phrase.subject}）" if len(nouns) == len(group) > 1 else draft.phrase.subject
            )
    return found


def _context(flat: str, drafts: list[Draft], subjects: list[str], i: int, sentences: Sentences) -> str:
    """The neighbour's words: of the whole, of the clause before, or of the claim before in the same sentence."""
    draft = drafts[i]
    if draft.whole is not None:
        return _plain(subjects[draft.whole]) if draft.whole < i else drafts[draft.whole].phrase.subject
    if draft.scope == "total":
        return "、".join(d.phrase.subject for d in drafts[max(0, i - LONGEST_LIST) : i] if d.whole == i)[
            :_LONGEST_CONTEXT
        ]
    between = _between(flat, drafts, i, sentences)
    kin = _kin(draft.phrase.subject, between, drafts, subjects) if draft.share else ""
    if kin or between:
        return kin or between
    near = i > 0 and (drafts[i - 1].sentence == draft.sentence or not draft.phrase.subject)
    return _plain(subjects[i - 1]) if near else ""


def _plain(subject: str) -> str:
    """A subject with its borrowed words, for borrowing again."""
    return subject.replace("（", " ").replace("）", "")[:_LONGEST_CONTEXT]


def _claim(text: Text, field: FieldName, in_row: int | None, draft: Draft, subject: str, first: int) -> Claim:
    quantity = draft.quantity
    start, end = text.span(min(draft.phrase.start, quantity.start), max(draft.phrase.end, quantity.end))
    number_start, number_end = text.span(quantity.start, quantity.end)
    return Claim(
        field=field,
        in_row=in_row,
        quote=text.raw[start:end],
        start=start,
        end=end,
        value=quantity.value,
        upper=quantity.upper,
        unit=quantity.unit,
        modifier=quantity.modifier,
        subject=subject,
        number_start=number_start,
        number_end=number_end,
        scope=draft.scope,
        whole=None if draft.whole is None else first + draft.whole,
    )
