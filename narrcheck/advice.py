"""What a language model said about a filing, once code has found its quotes in the texts, and what asking cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

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
    `milliseconds` is the time of all requests added up, also of those side by side; whole, so that a sum is the same
    in any order.
    """

    requests: int = 0
    cached: int = 0
    sent: int = 0
    received: int = 0
    estimated: int = 0
    milliseconds: int = 0

    @property
    def tokens(self) -> int:
        return self.sent + self.received

    @property
    def seconds(self) -> float:
        return self.milliseconds / 1000

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.requests + other.requests,
            self.cached + other.cached,
            self.sent + other.sent,
            self.received + other.received,
            self.estimated + other.estimated,
            self.milliseconds + other.milliseconds,
        )


@dataclass(frozen=True, slots=True)
class Price:
    """Money in `currency` for a million tokens sent and for a million received."""

    sent: Decimal
    received: Decimal
    currency: str

    def of(self, usage: Usage) -> Decimal:
        """The money that the tokens of a usage come to, exactly."""
        return (usage.sent * self.sent + usage.received * self.received) / 1_000_000


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

    `cache` says why answers could not be kept, `record` why they could not all be recorded, where that is so. In a
    replay, `replayed` is the record's file, `usage` what its answers cost when they were asked for, and `not_recorded`
    the number of questions it has no answer to.
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
    record: str | None = None
    replayed: str | None = None
    not_recorded: int = 0
    price: Price | None = None

    @property
    def cost(self) -> Decimal | None:
        """The money the run's tokens come to; None without prices."""
        return None if self.price is None else self.price.of(self.usage)
