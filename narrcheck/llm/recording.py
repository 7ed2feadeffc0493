"""Records of runs: every question put to a model, and what came of it, in a file of JSON lines that can be replayed.

The first line is the head; each further line is one question with its messages as sent and with either the items of the
answer, as the cache keeps them, or the trouble that kept an answer away.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from narrcheck.advice import Usage
from narrcheck.catalogue import message
from narrcheck.llm.answers import ANSWERS
from narrcheck.llm.options import ModelOptions
from narrcheck.llm.prompts import fingerprint
from narrcheck.llm.question import Question
from narrcheck.llm.refusals import hidden
from narrcheck.llm.trouble import RecordingError

_MOST_BYTES = 16 << 20  # of a line
Task = Literal["extract", "link", "goal", "note", "wording"]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Head(_Line):
    """Which model was asked, where, with which prompts (their fingerprint), and by which version of narrcheck.

    Another head further down tells of a later run that was recorded into the same file.
    """

    format: Literal["narrcheck-recording/1"] = Field(default="narrcheck-recording/1", alias="schema")
    model: str
    endpoint: str
    prompts: str
    version: str

    @classmethod
    def of(cls, options: ModelOptions) -> "Head":
        """The head of a run with these settings; no key and no password is in it."""
        parts = urlsplit(options.endpoint)
        address = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
        address = hidden(address, options.api_key)
        return cls(model=options.model or "", endpoint=address, prompts=fingerprint(), version=_version())


def _version() -> str:
    """The version that is installed; empty where narrcheck is run without being installed."""
    try:
        return version("narrcheck")
    except PackageNotFoundError:
        return ""


class Failed(_Line):
    """The trouble that kept an answer away."""

    code: str
    facts: dict[str, str | int | float | None] = {}

    @model_validator(mode="after")
    def can_be_told(self) -> "Failed":
        """ValueError for a trouble that no sentence of the catalogue tells."""
        codes = [self.code, *([str(self.facts.get("last"))] if self.code == "gone" else [])]
        try:
            for code in codes:
                message(f"llm.{code}", "zh", **{"reason": "", **self.facts})
        except (KeyError, TypeError) as error:
            raise ValueError(f"trouble {self.code}: {error}") from None
        return self


class Entry(_Line):
    """One question: its key, its messages as they were sent, what came of it, and what that cost.

    `items` are those of the answer after all re-asking, None in the place of one that did not stand up to the texts.
    `seconds` are those of its requests. An answer `cached` had been asked for before; where nobody knows what it cost
    then, it counts no request.
    """

    task: Task
    key: str
    messages: list[dict[str, str]]
    items: list[Any] | None = None
    trouble: Failed | None = None
    cached: bool = False
    requests: int = Field(ge=0)
    sent: int = Field(ge=0)
    received: int = Field(ge=0)
    estimated: int = Field(ge=0)
    seconds: float = Field(ge=0, le=10**9)

    @model_validator(mode="after")
    def either(self) -> "Entry":
        """ValueError where there is neither an answer nor a trouble, or both."""
        if (self.items is None) == (self.trouble is None):
            raise ValueError("a question has either items or a trouble")
        return self

    @property
    def cost_unknown(self) -> bool:
        return self.cached and not self.requests

    @property
    def usage(self) -> Usage:
        """What the answer cost when it was asked for; an answer from the cache where that is not known."""
        if self.cost_unknown:
            return Usage(cached=1)
        return Usage(self.requests, 0, self.sent, self.received, self.estimated, round(self.seconds * 1000))


def question_key(question: Question) -> str:
    """The key of a question whatever model it is put to: SHA-256 over the task, the schema of its answer, and the
    messages, which hold the prompt, its examples and the texts."""
    schema = ANSWERS[question.task].model_json_schema()
    asked = {"task": question.task, "schema": schema, "messages": question.messages}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Answered:
    """What a record says to a question, without its messages: items as the cache keeps them, or a trouble."""

    items: list[Any] | None
    trouble: Failed | None
    usage: Usage


def read(path: Path) -> tuple[Head, dict[str, Answered]]:
    """The last head of a record, and what it says to each question; RecordingError with the line where it is damaged.

    A later answer replaces an earlier one; a trouble replaces no answer. Where only the earlier one's cost is known,
    the later one takes it over. A last line without its end, as a machine that stops leaves it, is passed over.
    """
    head, found = None, dict[str, Answered]()
    for line in _lines(path):
        if isinstance(line, Head):
            head = line
            continue
        known = found.get(line.key)
        if known is not None and line.items is None and known.items is not None:
            continue
        taken_over = known is not None and line.cost_unknown and known.items is not None
        usage = known.usage if known is not None and taken_over else line.usage
        found[line.key] = Answered(line.items, line.trouble, usage)
    assert head is not None
    return head, found


def _lines(path: Path) -> Iterator[Head | Entry]:
    """The lines of a record, the head first."""
    number = 0
    try:
        with _opened(path) as file:
            while raw := file.readline(_MOST_BYTES):
                number += 1
                if number > 1 and not raw.endswith(b"\n") and len(raw) < _MOST_BYTES and not is_json(raw):
                    return
                yield _line(raw, path, number)
    except OSError as error:
        raise RecordingError("unreadable", {"path": path, "detail": error.strerror or error}) from None
    if not number:
        raise RecordingError("empty", {"path": path})


def _opened(path: Path) -> BinaryIO:
    """The file of a record; RecordingError where it is a folder, a device or a pipe, which could keep us for ever."""
    if path.exists() and not path.is_file():
        raise RecordingError("no-file", {"path": path})
    return path.open("rb")


def _line(raw: bytes, path: Path, number: int) -> Head | Entry:
    """One line; RecordingError with its number where it is none of a record."""
    try:
        document = json.loads(raw)
        if number == 1 or (isinstance(document, dict) and "schema" in document):
            return Head.model_validate(document)
        return Entry.model_validate(document)
    except (ValueError, RecursionError) as error:
        if number == 1:
            raise RecordingError("foreign", {"path": path}) from None
        raise RecordingError("damaged", {"path": path, "line": number, "detail": _mistake(error)}) from None


def _mistake(error: Exception) -> str:
    """What is wrong with a line, without its text."""
    if not isinstance(error, ValidationError):
        return "JSON"
    first = error.errors(include_input=False, include_url=False)[0]
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))


def is_json(text: bytes) -> bool:
    """Whether a line is JSON to its end."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
