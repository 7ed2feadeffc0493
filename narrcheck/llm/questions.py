"""What a model is asked about one filing: with `full` about every text, otherwise only where the rules are in doubt."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from narrcheck.data import load
from narrcheck.fields import Fields
from narrcheck.filing import Claim, FieldName, Filing, Indicator
from narrcheck.linking.close import Close
from narrcheck.linking.votes import row_unit
from narrcheck.llm.grounding import Grounds, Passage
from narrcheck.llm.masking import Mask
from narrcheck.llm.prompts import prompt
from narrcheck.llm.question import Question
from narrcheck.llm.texts import (
    LONGEST_PIECE,
    TITLES,
    mask_of,
    numbered,
    one_line,
    passages,
    piece,
    row_id,
    row_line,
    sendable,
    sentence,
)
from narrcheck.quantity.scan import scan
from narrcheck.rules.figures import has_note
from narrcheck.text import Text, clauses, squeeze
from narrcheck.wording import features

_LONGEST_TEXT = 12_000
_LONGEST_NOTES = 4_000
_MOST_LINKS = 40
_SHORTEST_TASK = 6
_ANSWERED = 0.5
_NUMERAL = re.compile(r"[0-9０-９一二两三四五六七八九十百千万]")


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one task; `left_out` says that texts longer than a question may be are not asked about."""

    questions: tuple[Question, ...] = ()
    left_out: bool = False


@dataclass(frozen=True)
class Material:
    """A filing with its texts as they are shown."""

    filing: Filing
    mask: Mask
    passages: tuple[Passage, ...]
    _whole: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, filing: Filing) -> "Material":
        """The texts of a filing, masked and numbered."""
        mask = mask_of(filing)
        return cls(filing, mask, passages(filing, mask))

    def shown(self, raw: str) -> str:
        """A text as it is sent; masked once, however often it is asked for."""
        if raw not in self._whole:
            self._whole[raw] = sendable(self.mask(raw))
        return self._whole[raw]

    def text(self, id: str, field: FieldName, raw: str, row: int | None = None) -> Passage:
        """A text in one piece, under an id of its own."""
        return Passage(id, field, row, TITLES.get(field, ""), raw, self.shown(raw))


def question(task: str, text: str, grounds: Grounds) -> Question:
    """A question in the words of the task's prompt."""
    own = prompt(task)
    return Question(task, own.messages(text), grounds, own.version)


def extraction(material: Material, full: bool) -> Iterator[Question]:
    """Which quantities the texts state: all texts with a number, or the sentences with numbers of no known unit."""
    chosen = [p for p in material.passages if _NUMERAL.search(p.shown)] if full else list(_unread(material.passages))
    for group in _grouped(numbered(chosen)):
        text = "\n\n".join(passage.lines() for passage in group)
        yield question("extract", text, Grounds(passages={passage.id: passage for passage in group}))


def _unread(found: Sequence[Passage]) -> Iterator[Passage]:
    for passage in found:
        text, last = Text(passage.raw), 0
        for quantity in scan(text.flat):
            if quantity.reason != "no-unit" or not _may_have_unit(text.flat, quantity.end):
                continue
            place = text.span(quantity.start, quantity.end)
            if place[0] >= last and passage.text.flat[slice(*passage.text.locate(*place))].strip("*"):
                start, last = sentence(passage, *place)
                yield piece(passage, max(start, 0), last)


def _may_have_unit(flat: str, end: int) -> bool:
    """Whether the word behind a number could be a unit: not a month, an edition or a hotline's name."""
    behind = flat[end : end + 2]
    return "\u4e00" <= behind[:1] <= "\u9fff" and not behind.startswith(tuple(load("model.toml")["no_unit"]))


def _grouped(found: Sequence[Passage]) -> Iterator[list[Passage]]:
    """Passages together as long as they fit one question."""
    group: list[Passage] = []
    for passage in found:
        if group and sum(len(p.shown) for p in group) + len(passage.shown) > LONGEST_PIECE:
            yield group
            group = []
        group.append(passage)
    if group:
        yield group


def linking(material: Material, claims: Sequence[Claim], close: Sequence[Close]) -> Asked:
    """Which row each of the claims counts whose votes are close."""
    fields = Fields(material.filing)
    parts = (close[at : at + _MOST_LINKS] for at in range(0, len(close), _MOST_LINKS))
    return Asked(tuple(_links(material, fields, claims, part) for part in parts))


def _links(material: Material, fields: Fields, claims: Sequence[Claim], close: Sequence[Close]) -> Question:
    filing = material.filing
    named = sorted({row for call in close for row in call.rows})
    lines = ["指标行：", *(_row_with_unit(filing.indicators[row], material.mask) for row in named), "陈述："]
    grounds = Grounds(rows={row_id(row): row for row in named})
    for call in close:
        claim, id = claims[call.claim], f"C{call.claim + 1}"
        candidates = [row_id(row) for row in sorted(call.rows)]
        clause = _marked(material, fields, claim)
        lines.append(f"{id}｜[{TITLES[claim.field]}] {clause}｜候选：{'、'.join(candidates)}")
        grounds.candidates[id] = frozenset(candidates)
    return question("link", "\n".join(lines), grounds)


def _row_with_unit(row: Indicator, mask: Mask) -> str:
    levels = "/".join(one_line(level) for level in (row.level1, row.level2) if level)
    line = f"{row_id(row.position)}｜{levels or '—'}｜{one_line(row.name)}｜单位：{row_unit(row) or '—'}"
    return sendable(mask(line))


def _marked(material: Material, fields: Fields, claim: Claim) -> str:
    """The clause around a claim, its number in brackets."""
    text = fields.of(claim)
    shown, (first, last) = material.shown(text.raw), text.span(*fields.clause(claim))
    start, end = claim.number_start, claim.number_end
    return one_line(f"{shown[first:start]}【{shown[start:end]}】{shown[end:last]}")


def goals(material: Material, claims: Sequence[Claim], full: bool) -> Asked:
    """Which tasks of the goal nothing answers."""
    filing = material.filing
    if not filing.goal or not filing.narrative or not (full or _looks_unanswered(filing, claims)):
        return Asked()
    goal, told = material.text("T1", "goal", filing.goal), material.text("T2", "narrative", filing.narrative)
    grounds = Grounds(passages={"T1": goal, "T2": told})
    for row in filing.indicators:
        id = row_id(row.position)
        grounds.passages[id] = material.text(id, "name", row.name, row.position)
    rows = (row_line(row, material.mask) for row in filing.indicators)
    text = "\n".join([goal.lines(), told.lines(), "指标行：", *rows])
    return Asked(left_out=True) if len(text) > _LONGEST_TEXT else Asked((question("goal", text, grounds),))


def _looks_unanswered(filing: Filing, claims: Sequence[Claim]) -> bool:
    """Whether a clause of the goal without a quantity shares few words with all that answers it."""
    texts = [filing.narrative or ""]
    for row in filing.indicators:
        texts += [row.name, row.actual.raw, row.note or ""]
    told = features(squeeze("，".join(texts)))
    counted = [claim.quote for claim in claims if claim.field == "goal"]
    for clause in clauses(Text(filing.goal or "").flat):
        own = features(clause)
        if len(clause) < _SHORTEST_TASK or not own or any(squeeze(quote) in clause for quote in counted):
            continue
        if len(own & told) < _ANSWERED * len(own):
            return True
    return False


def notes(material: Material, full: bool) -> Asked:
    """Which deviation notes give no reason."""
    chosen = [row for row in material.filing.indicators if has_note(row) and (full or _needs_reason(row))]
    short = [row for row in chosen if len(row.note or "") <= _LONGEST_NOTES]
    groups: list[list[Indicator]] = []
    size = 0
    for row in short:
        size += len(row.note or "")
        if not groups or size > _LONGEST_NOTES:
            groups.append([])
            size = len(row.note or "")
        groups[-1].append(row)
    return Asked(tuple(_notes(material, group) for group in groups), len(short) < len(chosen))


def _notes(material: Material, rows: Sequence[Indicator]) -> Question:
    lines: list[str] = []
    grounds = Grounds()
    for row in rows:
        passage = material.text(row_id(row.position), "note", row.note or "", row.position)
        grounds.passages[passage.id] = passage
        lines += [row_line(row, material.mask), f"偏差原因：{passage.shown}"]
    return question("note", "\n".join(lines), grounds)


def _needs_reason(row: Indicator) -> bool:
    """Whether a row deviates from its target, in number or in words, while its note holds no word of a reason."""
    numbers = None not in (row.target.value, row.actual.value) and row.target.value != row.actual.value
    off = numbers or row.actual.status in ("partly_met", "not_met")
    return off and not _any_of("reason").search(squeeze(row.note or ""))


def wording(material: Material, full: bool) -> Asked:
    """Which texts contradict each other in words."""
    chosen = [passage for passage in material.passages if passage.field != "goal" and passage.field != "target"]
    if len(chosen) < 2 and not (chosen and len(chosen[0].raw) > _SHORTEST_TASK * 4):
        return Asked()
    whole = squeeze("\n".join(passage.shown for passage in chosen))
    if not full and not (_any_of("done").search(whole) and _any_of("undone").search(whole)):
        return Asked()
    if len(whole) > _LONGEST_TEXT:
        return Asked(left_out=True)
    grounds = Grounds(passages={passage.id: passage for passage in chosen})
    return Asked((question("wording", "\n\n".join(passage.lines() for passage in chosen), grounds),))


@lru_cache(maxsize=8)
def _any_of(name: str) -> re.Pattern[str]:
    """One pattern over a word list of data/model.toml."""
    return re.compile("|".join(map(re.escape, load("model.toml")[name])))
