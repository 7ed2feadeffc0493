"""The forms of answers: what instructor asks a model for, and what each item must hold against the texts.

Every item is checked by itself with `Grounds` as validation context, so that a re-ask names the quote that failed, and
the good items of an answer survive a bad one.
"""

from functools import lru_cache
from typing import Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from narrcheck.llm.grounding import Grounds
from narrcheck.text import squeeze

_MOST_ITEMS = 400
_LONGEST_QUOTE = 600


class Answer(BaseModel):
    """An object of an answer. Keys that were not asked for are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    items: ClassVar[str] = ""
    """The only field of an answer as a whole, which lists its items."""

    @model_validator(mode="after")
    def stands_up(self, info: ValidationInfo) -> "Answer":
        """Held against the texts where they are given as context; an answer is also looked at for its form alone."""
        if isinstance(info.context, Grounds):
            self.check(info.context)
        return self

    def check(self, grounds: Grounds) -> None:
        """ValueError in words for the model where this does not stand up to the texts."""

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The schema as pydantic makes it, made once: instructor asks for it with every request."""
        if args or kwargs:
            return super().model_json_schema(*args, **kwargs)
        return _schema(cls)


@lru_cache(maxsize=32)
def _schema(form: type[Answer]) -> dict[str, Any]:
    return super(Answer, form).model_json_schema()


class StatedClaim(Answer):
    """A quantity stated in a text."""

    text: str = Field(description="文字的编号，如 T1")
    quote: str = Field(description="原文中说明数的是什么、有多少的最短一段，逐字照抄", max_length=_LONGEST_QUOTE)
    number: str = Field(description="quote 里的数字，连同修饰语和单位，逐字照抄", max_length=80)

    def check(self, grounds: Grounds) -> None:
        passage, place = grounds.place(self.text, self.quote)
        if next(passage.find(self.number, *place), None) is None:
            raise ValueError(f"number“{self.number}”不在 quote“{self.quote[:80]}”里，须逐字照抄")


class ClaimSet(Answer):
    """文字中陈述的全部数量。"""

    items: ClassVar[str] = "claims"
    claims: list[StatedClaim] = Field(max_length=_MOST_ITEMS)


class Link(Answer):
    """The row that counts what a claim states, or none."""

    claim: str = Field(description="陈述的编号，如 C1")
    row: str | None = Field(description="候选中的指标行编号，如 R3；都不是则为 null")

    @field_validator("row")
    @classmethod
    def none_in_words(cls, row: str | None) -> str | None:
        return None if row is not None and row.strip().lower() in ("", "null", "none", "无") else row

    def check(self, grounds: Grounds) -> None:
        rows = grounds.candidates.get(self.claim)
        if rows is None:
            raise ValueError(f"没有编号为“{self.claim[:20]}”的陈述")
        if self.row is not None and self.row not in rows:
            raise ValueError(f"{self.claim} 的候选是 {'、'.join(sorted(rows))}，没有“{self.row[:20]}”")


class LinkSet(Answer):
    """每处陈述对应的指标行。"""

    items: ClassVar[str] = "links"
    links: list[Link] = Field(max_length=_MOST_ITEMS)


class Unanswered(Answer):
    """A task of the goal that nothing answers."""

    goal: str = Field(description="预期目标中提出这项任务的原文，逐字照抄", max_length=_LONGEST_QUOTE)
    nearest: str = Field(
        description="实际完成情况中最接近的原文，或最接近的指标行名称，逐字照抄", max_length=_LONGEST_QUOTE
    )

    def check(self, grounds: Grounds) -> None:
        grounds.place("T1", self.goal)
        others = [passage for id, passage in grounds.passages.items() if id != "T1"]
        if not self.nearest.strip() or all(next(p.find(self.nearest), None) is None for p in others):
            raise ValueError(f"“{self.nearest[:80]}”不在实际完成情况里，也不是指标行的名称，须逐字照抄")


class UnansweredSet(Answer):
    """预期目标中没有下文的任务。"""

    items: ClassVar[str] = "unanswered"
    unanswered: list[Unanswered] = Field(max_length=_MOST_ITEMS)


class NoteWithoutReason(Answer):
    """A deviation note that gives no reason."""

    row: str = Field(description="指标行的编号，如 R3")
    quote: str = Field(description="偏差原因栏的原文，逐字照抄", max_length=_LONGEST_QUOTE)

    def check(self, grounds: Grounds) -> None:
        grounds.place(self.row, self.quote)


class NoteSet(Answer):
    """没有说明原因的偏差说明。"""

    items: ClassVar[str] = "without_reason"
    without_reason: list[NoteWithoutReason] = Field(max_length=_MOST_ITEMS)


class Contradiction(Answer):
    """Two passages that cannot both be true."""

    first_text: str = Field(description="第一处文字的编号")
    first: str = Field(description="第一处原文，逐字照抄", max_length=_LONGEST_QUOTE)
    second_text: str = Field(description="第二处文字的编号")
    second: str = Field(description="第二处原文，逐字照抄", max_length=_LONGEST_QUOTE)

    def check(self, grounds: Grounds) -> None:
        one, first = grounds.place(self.first_text, self.first)
        other, second = grounds.place(self.second_text, self.second)
        if one is other and first[0] < second[1] and second[0] < first[1]:
            raise ValueError("first 与 second 是同一处文字")
        if squeeze(self.first) == squeeze(self.second):
            raise ValueError("first 与 second 说的话相同")


class ContradictionSet(Answer):
    """文字之间的矛盾。"""

    items: ClassVar[str] = "contradictions"
    contradictions: list[Contradiction] = Field(max_length=_MOST_ITEMS)


ANSWERS: dict[str, type[Answer]] = {
    "extract": ClaimSet,
    "link": LinkSet,
    "goal": UnansweredSet,
    "note": NoteSet,
    "wording": ContradictionSet,
}
"""The form of each task's answer."""


def items_of(task: str, answer: Answer) -> list[Any]:
    """The items of an answer to `task`."""
    found: list[Any] = getattr(answer, ANSWERS[task].items)
    return found


def item_type(task: str) -> type[Answer]:
    """The form of one item of an answer to `task`."""
    field = ANSWERS[task].model_fields[ANSWERS[task].items]
    inner: type[Answer] = get_args(field.annotation)[0]
    return inner
