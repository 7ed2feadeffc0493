"""One filing through the model: what is asked, what stands of the answers, and what went wrong."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from narrcheck.advice import Advice, Judgement, Trouble
from narrcheck.filing import Claim, Filing
from narrcheck.linking.close import close_calls
from narrcheck.llm import questions, reading
from narrcheck.llm.answers import Contradiction, Link, NoteWithoutReason, StatedClaim, Unanswered
from narrcheck.llm.exchange import Errand
from narrcheck.llm.ledger import tokens_of_messages
from narrcheck.llm.pace import Clock
from narrcheck.llm.plan import MOST_PIECES, cost, judging
from narrcheck.llm.question import Question, Reply
from narrcheck.llm.questions import Material, TooLong
from narrcheck.llm.trouble import ModelTrouble
from narrcheck.llm.wire import Wire


@dataclass
class _Consultation:
    """What is known so far of one filing's advice."""

    wire: Wire
    errand: Errand
    dropped: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)
    sent: int = 0

    async def ask(self, question: Question) -> Sequence[object]:
        """The good items of an answer; none where there was trouble, which is noted."""
        self.sent += tokens_of_messages(question.messages)
        try:
            reply: Reply = await self.wire.ask(question, self.errand)
        except ModelTrouble as trouble:
            self.note(question.task, trouble.code, trouble.facts)
            return ()
        if reply.dropped:
            self.dropped[question.task] += reply.dropped
        return reply.items

    def note(self, task: str, code: str, facts: object = None) -> None:
        """Note why a task got no answer."""
        self.troubles.append(Trouble(task, code, facts if isinstance(facts, dict) else {}))

    def built(self, task: str, build: Callable[[], Question | None]) -> Question | None:
        """A question, or none where there is nothing to ask or too much."""
        try:
            return build()
        except TooLong:
            self.note(task, "too-long")
            return None


async def consult(wire: Wire, filing: Filing, claims: tuple[Claim, ...], use: str, lang: str) -> Advice:
    """The model's part in one filing whose offline claims are linked already. Trouble is noted, never raised."""
    errand = Errand(Clock(wire.options.deadline_seconds))
    work = _Consultation(wire, errand)
    merged: tuple[Claim, ...] = claims
    judgements: list[Judgement] = []
    try:
        material = Material.of(filing)
        merged, judgements = await _both(work, material, claims, use == "full", lang)
        full = work.sent if use == "full" else cost(material, claims, full=True)
    except Exception as error:  # a fault of ours in one filing must not take the run with it
        work.note("run", "internal", {"error": f"{type(error).__name__}: {error}"})
        full = work.sent
    return Advice(merged, tuple(judgements), dict(work.dropped), tuple(work.troubles), errand.usage, work.sent, full)


async def _both(
    work: _Consultation, material: Material, claims: tuple[Claim, ...], full: bool, lang: str
) -> tuple[tuple[Claim, ...], list[Judgement]]:
    linked, judged = await asyncio.gather(
        _quantities(work, material, claims, full, lang), _judged(work, material, claims, full)
    )
    return linked, judged


async def _quantities(
    work: _Consultation, material: Material, claims: tuple[Claim, ...], full: bool, lang: str
) -> tuple[Claim, ...]:
    """The claims after extraction, then with the rows the model chose where the votes are close."""
    asked = list(questions.extraction(material, full))
    if len(asked) > MOST_PIECES:
        asked = asked[:MOST_PIECES]
        work.note("extract", "too-long")
    answers = await asyncio.gather(*(work.ask(question) for question in asked))
    stated = [
        place
        for question, items in zip(asked, answers, strict=True)
        for place in reading.places(question.grounds, [item for item in items if isinstance(item, StatedClaim)])
    ]
    merged = reading.merge(material.filing, claims, stated, lang)
    if merged.dropped:
        work.dropped["extract"] += merged.dropped
    close = close_calls(material.filing, merged.claims)
    question = questions.linking(material, merged.claims, close)
    if question is None:
        return merged.claims
    links = [item for item in await work.ask(question) if isinstance(item, Link)]
    return reading.linked(merged.claims, question.grounds, links, lang)


async def _judged(work: _Consultation, material: Material, claims: Sequence[Claim], full: bool) -> list[Judgement]:
    """What the model holds against the words of the filing."""
    found: list[Judgement] = []
    asked = [
        question for task, build in judging(material, claims, full) if (question := work.built(task, build)) is not None
    ]
    for question, items in zip(asked, await asyncio.gather(*map(work.ask, asked)), strict=True):
        found += _judgements(material.filing, question, items)
    return list(dict.fromkeys(found))


def _judgements(filing: Filing, question: Question, items: Iterable[object]) -> list[Judgement]:
    told = list(items)
    return [
        *reading.unanswered(question.grounds, [item for item in told if isinstance(item, Unanswered)]),
        *reading.without_reason(filing, question.grounds, [i for i in told if isinstance(i, NoteWithoutReason)]),
        *reading.contradictions(question.grounds, [item for item in told if isinstance(item, Contradiction)]),
    ]
