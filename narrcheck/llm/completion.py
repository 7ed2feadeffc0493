"""What comes back over the wire: a body of bearable size, a completion, the JSON in it, and its items that hold."""

import json
from contextlib import suppress
from typing import Any

from openai.types.chat import ChatCompletion
from pydantic import ValidationError

from narrcheck.advice import Usage
from narrcheck.llm.answers import ANSWERS, item_type
from narrcheck.llm.ledger import tokens_of
from narrcheck.llm.message import Wanted, regular, said
from narrcheck.llm.options import Mode
from narrcheck.llm.question import Question, Reply
from narrcheck.llm.trouble import ModelTrouble, Passing

_MOST_BYTES = 8 << 20
_MOST_CHARACTERS = 200_000


async def body_of(response: Any) -> bytes:
    """The whole body, as long as it is of a size an answer can have."""
    pieces, size = [], 0
    async for piece in response.aiter_bytes():
        size += len(piece)
        if size > _MOST_BYTES:
            raise ModelTrouble("too-large", {"size": _MOST_BYTES >> 20})
        pieces.append(piece)
    return b"".join(pieces)


def document_in(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; Passing where it is something else, which proxies send when a service restarts."""
    with suppress(ValueError, RecursionError):
        document = json.loads(body)
        if isinstance(document, dict):
            return document
    raise Passing("no-completion")


def spent_on(document: dict[str, Any], sent: int) -> Usage:
    """What the service counted, or what we count where it does not."""
    usage = document.get("usage")
    if isinstance(usage, dict):
        asked, told = usage.get("prompt_tokens"), usage.get("completion_tokens")
        if type(asked) is int and type(told) is int and asked >= 0 and told >= 0:
            return Usage(sent=asked, received=told)
    try:
        received = tokens_of(said(document["choices"][0]["message"]))
    except (TypeError, KeyError, IndexError, AttributeError):
        received = 0
    return Usage(sent=sent, received=received, estimated=sent + received)


def completion_in(document: dict[str, Any], task: str, mode: Mode) -> ChatCompletion:
    """The completion in a document, with the answer in the form of `mode`.

    Passing where it holds none; ModelTrouble for an answer that asking again would not mend.
    """
    try:
        choice = document["choices"][0]
        message, finish = choice["message"], choice.get("finish_reason")
        told = len(said(message))
    except (TypeError, KeyError, IndexError, AttributeError):
        raise Passing("no-completion") from None
    if message.get("refusal") or finish == "content_filter":
        raise ModelTrouble("refusal")
    if told > _MOST_CHARACTERS:
        raise ModelTrouble("too-large", {"size": _MOST_BYTES >> 20})
    form = ANSWERS[task]
    only = {"index": 0, "finish_reason": finish, "message": regular(message, Wanted(mode, form.__name__, form.items))}
    return ChatCompletion.construct(choices=[only])


def _text(completion: ChatCompletion) -> str:
    """The JSON a model wrote, in a call of a tool or as content."""
    message: Any = completion.choices[0].message
    return str(message.tool_calls[0].function.arguments if message.tool_calls else message.content or "")


def items_in(task: str, completion: ChatCompletion) -> list[Any] | None:
    """The items of an answer that is JSON of the right outer form."""
    with suppress(ValueError, RecursionError):
        document = json.loads(_text(completion))
        items = document.get(ANSWERS[task].items) if isinstance(document, dict) else None
        return items if isinstance(items, list) else None
    return None


def best_items(question: Question, completions: list[ChatCompletion]) -> list[Any] | None:
    """The items of the answer with the most good ones, the later of equals, None in the place of each that is not good.

    None where no answer has the right form.
    """
    found = [items for one in completions if (items := items_in(question.task, one)) is not None]
    good = [[_good(question, item) for item in items] for items in found]
    return max(reversed(good), key=lambda items: len(items) - items.count(None), default=None)


def what_it_is(completion: ChatCompletion) -> str:
    """Why an answer has no items: it is no JSON, or JSON of another form."""
    text = _text(completion)
    try:
        json.loads(text[text.find("{") : text.rfind("}") + 1] or text)
    except (ValueError, RecursionError):
        return "not-json"
    return "wrong-form"


def sift(question: Question, answer: dict[str, Any]) -> Reply:
    """The items that stand up to the texts; ValueError for an answer that lists none."""
    items = answer.get("items")
    if not isinstance(items, list):
        raise ValueError("an answer is an object that lists items")
    form, good = item_type(question.task), []
    for item in items:
        with suppress(ValidationError):
            good.append(form.model_validate(item, context=question.grounds))
    return Reply(tuple(good), len(items) - len(good))


def _good(question: Question, item: Any) -> dict[str, Any] | None:
    """What was asked for of an item that stands up to the texts."""
    try:
        return dict(item_type(question.task).model_validate(item, context=question.grounds).model_dump())
    except ValidationError:
        return None
