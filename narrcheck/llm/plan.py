"""All that would be asked about a filing, and how much: what a dry run prints and `auto` is compared with."""

from collections.abc import Collection, Sequence

from narrcheck.filing import Claim
from narrcheck.linking.close import close_calls
from narrcheck.llm import questions
from narrcheck.llm.ledger import tokens_of_messages
from narrcheck.llm.questions import Asked, Material

MOST_PIECES = 24
"""The most questions of extraction about one filing."""
JUDGED = {"goal": "L01", "note": "L02", "wording": "L03"}
"""The rule that each task about words answers."""


def extraction(material: Material, full: bool) -> Asked:
    """The questions of extraction, as many as are asked about one filing."""
    asked = tuple(questions.extraction(material, full))
    return Asked(asked[:MOST_PIECES], len(asked) > MOST_PIECES)


def judging(material: Material, claims: Sequence[Claim], full: bool, rules: Collection[str]) -> dict[str, Asked]:
    """The questions about the words of a filing by task, for those of the L rules that are to speak."""
    wanted = [task for task, rule in JUDGED.items() if rule in rules]
    found: dict[str, Asked] = {}
    if "goal" in wanted:
        found["goal"] = questions.goals(material, claims, full)
    if "note" in wanted:
        found["note"] = questions.notes(material, full)
    if "wording" in wanted:
        found["wording"] = questions.wording(material, full)
    return found


def planned(material: Material, claims: Sequence[Claim], full: bool, rules: Collection[str]) -> dict[str, Asked]:
    """All that would be asked about a filing by task, as far as no answer changes it."""
    found = judging(material, claims, full, rules)
    if of_quantities(rules):
        link = questions.linking(material, claims, close_calls(material.filing, claims))
        found = {"extract": extraction(material, full), "link": link, **found}
    return found


def of_quantities(rules: Collection[str]) -> bool:
    """Whether one of the rules looks at quantities in texts: all letters but L do."""
    return any(rule not in JUDGED.values() for rule in rules)


def cost(material: Material, claims: Sequence[Claim], full: bool, rules: Collection[str]) -> int:
    """About how many tokens of questions `planned` asks."""
    asked = planned(material, claims, full, rules).values()
    return sum(tokens_of_messages(question.messages) for task in asked for question in task.questions)
