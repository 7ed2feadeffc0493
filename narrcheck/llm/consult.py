"""One filing through the model: what is asked, what stands of the answers, and what went wrong."""

import asyncio
import traceback
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from narrcheck.advice import Advice, Judgement, Trouble
from narrcheck.filing import Claim, Filing
from narrcheck.linking.close import close_calls
from narrcheck.llm import questions, reading
from narrcheck.llm.answers import Contradiction, Link, NoteWithoutReason, StatedClaim, Unanswered
from narrcheck.llm.exchange import Errand
from narrcheck.llm.ledger import tokens_of_messages
from narrcheck.llm.pace import Clock
from narrcheck.llm.plan import cost, extraction, judging, of_quantities
from narrcheck.llm.question import Question, Reply
from narrcheck.llm.questions import Asked, Material
from narrcheck.llm.replay import Replay
from narrcheck.llm.trouble import ModelTrouble
from narrcheck.llm.wire import Wire


@dataclass
class _Consultation:
    """What is known so far of one filing's advice; `claims` are those of both, before the model chose rows."""

    wire: Wire | Replay
    errand: Errand
    dropped: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)
    sent: int = 0
    claims: tuple[Claim, ...] = ()

    async def ask(self, question: Question) -> Sequence[object]:
        """The good items of an answer; none where there was trouble, which is noted."""
        try:
            reply: Reply = await self.wire.ask(question, self.errand)
        except ModelTrouble as trouble:
            self.note(question.task, trouble.code, trouble.facts)
            return ()
        self.sent += tokens_of_messages(question.messages)
        if reply.dropped:
            self.dropped[question.task] += reply.dropped
        return reply.items

    async def ask_all(self, task: str, asked: Asked) -> list[tuple[Question, Sequence[object]]]:
        """The questions of a task, each with the good items of its answer."""
        if asked.left_out:
            self.note(task, "too-long")
        answers = await asyncio.gather(*map(self.ask, asked.questions))
        return list(zip(asked.questions, answers, strict=True))

    def note(self, task: str, code: str, facts: Mapping[str, object] | None = None) -> None:
        """Note why a task got no answer."""
        self.troubles.append(Trouble(task, code, facts or {}))


async def consult(
    wire: Wire | Replay, filing: Filing, claims: tuple[Claim, ...], use: str, lang: str, rules: Collection[str]
) -> Advice:
    """The model's part in one filing whose offline claims are linked already. Trouble is noted, never raised.

    `rules` are those that are to speak: what none of them needs is not asked. What takes the processor's time runs
    beside the loop, so that a long filing holds up no other.
    """
    errand = Errand(Clock(wire.options.deadline_seconds))
    work = _Consultation(wire, errand)
    merged: tuple[Claim, ...] = claims
    judgements: list[Judgement] = []
    full = 0
    try:
        material = await asyncio.to_thread(Material.of, filing)
        async with asyncio.TaskGroup() as group:
            quantities = group.create_task(_quantities(work, material, claims, use == "full", lang, rules))
            words = group.create_task(_judged(work, material, claims, use, rules))
        merged, judgements = quantities.result(), words.result()
        full = work.sent if use == "full" else await asyncio.to_thread(cost, material, work.claims, True, rules)
    except Exception as error:  # a fault of ours in one filing must not take the run with it
        work.note("run", "internal", {"error": _place(error)})
    sent, full = (0, 0) if work.troubles else (work.sent, full)  # what was not answered cannot be compared
    return Advice(merged, tuple(judgements), dict(work.dropped), tuple(work.troubles), errand.usage, sent, full)


def _place(error: BaseException) -> str:
    """What kind of fault it is and where, without its words, which may be a filing's."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} ({place.name}:{place.lineno})"


async def _quantities(
    work: _Consultation,
    material: Material,
    claims: tuple[Claim, ...],
    full: bool,
    lang: str,
    rules: Collection[str],
) -> tuple[Claim, ...]:
    """The claims after extraction, then with the rows the model chose where the votes are close."""
    if not of_quantities(rules):
        return claims
    asked = await asyncio.to_thread(extraction, material, full)
    stated = [
        place
        for question, items in await work.ask_all("extract", asked)
        for place in reading.places(question.grounds, [item for item in items if isinstance(item, StatedClaim)])
    ]
    merged = await asyncio.to_thread(reading.merge, material.filing, claims, stated, lang)
    if merged.dropped:
        work.dropped["extract"] += merged.dropped
    work.claims = merged.claims
    close = await asyncio.to_thread(close_calls, material.filing, merged.claims)
    linked = merged.claims
    for question, items in await work.ask_all("link", questions.linking(material, linked, close)):
        links = [item for item in items if isinstance(item, Link)]
        linked = reading.linked(linked, question.grounds, links, lang)
    return linked


async def _judged(
    work: _Consultation, material: Material, claims: Sequence[Claim], use: str, rules: Collection[str]
) -> list[Judgement]:
    """What the model holds against the words of the filing."""
    asked = await asyncio.to_thread(judging, material, claims, use == "full", rules)
    answers = await asyncio.gather(*(work.ask_all(task, questions) for task, questions in asked.items()))
    found = [
        judgement
        for task in answers
        for question, items in task
        for judgement in _judgements(material.filing, question, items)
    ]
    return list(dict.fromkeys(found))


def _judgements(filing: Filing, question: Question, items: Iterable[object]) -> list[Judgement]:
    told = list(items)
    return [
        *reading.unanswered(question.grounds, [item for item in told if isinstance(item, Unanswered)]),
        *reading.without_reason(filing, question.grounds, [i for i in told if isinstance(i, NoteWithoutReason)]),
        *reading.contradictions(question.grounds, [item for item in told if isinstance(item, Contradiction)]),
    ]
