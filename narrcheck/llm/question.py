"""A question to a model, and what stood up of the answer."""

from dataclasses import dataclass
from typing import Any

from narrcheck.llm.grounding import Grounds


@dataclass(frozen=True, slots=True)
class Question:
    """One request: the task, what is said, what the answer is held against, and the version of the prompt."""

    task: str
    messages: list[dict[str, str]]
    grounds: Grounds
    version: int = 1


@dataclass(frozen=True, slots=True)
class Reply:
    """The items of an answer that stood up to the texts, and how many did not."""

    items: tuple[Any, ...]
    dropped: int = 0
