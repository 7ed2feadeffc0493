"""The words around a claim: its own without those it borrows, and the heading of its passage or sentence."""

import re
from functools import lru_cache

from narrcheck.data import load
from narrcheck.fields import Fields
from narrcheck.filing import Claim
from narrcheck.quantity.lexicon import either
from narrcheck.quantity.units import parse
from narrcheck.wording import opening_topic

_SENTENCE = re.compile("[。；;]")
_HEADING_REACH = 400
_HEADING_LENGTH = 16


def own_words(subject: str) -> str:
    """A subject without the words that it borrows from a neighbour, which stand in brackets."""
    return subject.split("（", 1)[0] or subject


def heading(text: str, position: int) -> str:
    """The opening sentence of the passage around a position, where it is short (一是夯实基础。, (三)强化服务。)."""
    sentences = text[max(position - _HEADING_REACH, 0) : position].split("。")[:-1]
    short = [sentence for sentence in sentences if len(sentence) <= _HEADING_LENGTH]
    return short[-1] if short else ""


def topic(text: str, position: int) -> str:
    """What the sentence around a position says at its start that it is about (宣传方面，…); empty where it does not."""
    return opening_topic(_SENTENCE.split(text[max(position - _HEADING_REACH, 0) : position])[-1])


def counts_objects(fields: Fields, claim: Claim) -> bool:
    """Whether a claim counts what an action is done to, not the action: 对9个泵房开展检修, 在5个校区组织演练."""
    known = parse(claim.unit)
    if known is None or known.kind != "any":
        return False
    text, (start, end), (first, last) = fields.of(claim).flat, fields.clause(claim), fields.number(claim)
    before, after = text[start:first], text[last:end]
    prepositions = tuple(load("claims.toml")["object_preposition"])
    return (before.startswith(prepositions) or before.endswith(prepositions)) and bool(_verbs().search(after, 1))


def other_rate(subject: str, name: str) -> bool:
    """Whether two rates of general names are of things without a word in common (浆液合格率, 门窗安装合格率)."""
    names = load("claims.toml")["rate_of_things"]
    first, second = (next((said.removesuffix(n) for n in names if said.endswith(n)), "") for said in (subject, name))
    return bool(first and second) and set(first).isdisjoint(second)


@lru_cache(maxsize=1)
def _verbs() -> re.Pattern[str]:
    return re.compile(either([word for word in load("claims.toml")["light_verb"] if len(word) > 1]))
