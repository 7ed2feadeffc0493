"""All that would be asked about a filing, and how much: what a dry run prints and `auto` is compared with."""

from collections.abc import Callable, Sequence

from narrcheck.filing import Claim
from narrcheck.linking.close import close_calls
from narrcheck.llm import questions
from narrcheck.llm.ledger import tokens_of_messages
from narrcheck.llm.question import Question
from narrcheck.llm.questions import Material, TooLong

MOST_PIECES = 24
"""The most questions of extraction about one filing."""


def judging(material: Material, claims: Sequence[Claim], full: bool) -> list[tuple[str, Callable[[], Question | None]]]:
    """The questions about the words of a filing, each yet to be built."""
    return [
        ("goal", lambda: questions.goals(material, claims, full)),
        ("note", lambda: questions.notes(material, full)),
        ("wording", lambda: questions.wording(material, full)),
    ]


def planned(material: Material, claims: Sequence[Claim], full: bool) -> list[Question]:
    """All that would be asked about a filing, as far as no answer changes it."""
    asked = list(questions.extraction(material, full))[:MOST_PIECES]
    question = questions.linking(material, claims, close_calls(material.filing, claims))
    if question is not None:
        asked.append(question)
    for _, build in judging(material, claims, full):
        try:
            question = build()
        except TooLong:
            question = None
        if question is not None:
            asked.append(question)
    return asked


def cost(material: Material, claims: Sequence[Claim], full: bool) -> int:
    """About how many tokens of questions `planned` asks."""
    return sum(tokens_of_messages(question.messages) for question in planned(material, claims, full))
