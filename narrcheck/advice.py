"""What a language model said about a filing, once code has found its quotes in the texts, and what asking cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from narrcheck.filing import Claim, FieldName


@dataclass(frozen=True, slots=True)
class Words:
    """text[start:end] of a field: the goal, the narrative, or a cell or note of the row at position `row`."""

    field: FieldName
    row: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model holds against two passages of the filing, under the code of an L rule."""

    rule: str
    first: Words
    second: Words


@dataclass(frozen=True, slots=True)
class Usage:
    """Requests sent, answers taken from the cache, tokens sent and received over all attempts, failed ones included.

    `estimated` are the tokens among them that no answer counted (a dropped connection, a service that counts nothing).
    """

    requests: int = 0
    cached: int = 0
    sent: int = 0
    received: int = 0
    estimated: int = 0

    @property
    def tokens(self) -> int:
        return self.sent + self.received

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.requests + other.requests,
            self.cached + other.cached,
            self.sent + other.sent,
            self.received + other.received,
            self.estimated + other.estimated,
        )


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a task got no answer: `code` is fixed (wrong-key, timeout, …), `facts` fill its catalogue sentence."""

    task: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Advice:
    """The model's part in one filing.

    `claims` are the offline claims and the model's as one list, linked; `dropped` counts, by task, the items of answers
    that did not stand up to the text; `sent_tokens` are those of the questions, `full_tokens` those of the questions
    about every text, both estimated.
    """

    claims: tuple[Claim, ...]
    judgements: tuple[Judgement, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    usage: Usage = Usage()
    sent_tokens: int = 0
    full_tokens: int = 0


@dataclass(frozen=True, slots=True)
class ModelUse:
    """How a run used a language model: which one, where, with which prompts, and what it cost in all.

    `cache` says why answers could not be kept, where that is so.
    """

    model: str
    endpoint: str
    use: str
    mode: str
    prompts: str
    usage: Usage = Usage()
    sent_tokens: int = 0
    full_tokens: int = 0
    degraded: int = 0
    stopped: Trouble | None = None
    cache: str | None = None
