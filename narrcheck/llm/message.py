"""What a model said, made regular: services differ in how they wrap the one JSON object that was asked for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from narrcheck.llm.options import Mode
from narrcheck.llm.texts import sendable

_MOST_TRIES = 64
_END_OF_THOUGHT = "</think>"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the answer was asked for: the mode, the name of the form, and the key of its list."""

    mode: Mode
    form: str
    key: str


def said(message: dict[str, Any]) -> str:
    """All text of a message, in calls of tools or as content."""
    return "".join((*_arguments(message), _content(message)))


def regular(message: dict[str, Any], wanted: Wanted) -> dict[str, Any]:
    """The message with the object that was asked for, and nothing around it, where the form asked for has it.

    Several calls of the tool are taken as one that lists the items of all. Without a call the content may hold what
    belongs into it.
    """
    content, calls = _content(message), list(_arguments(message))
    found = object_in(content, wanted.key)
    if wanted.mode != "tools":
        return {"role": "assistant", "content": found or content or "".join(calls)}
    if calls:
        found = (object_in(calls[0], wanted.key) or calls[0]) if len(calls) == 1 else _together(calls, wanted.key)
    if found is None:
        return {"role": "assistant", "content": content}
    call = {"id": "call_1", "type": "function", "function": {"name": wanted.form, "arguments": found}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def object_in(text: str, key: str) -> str | None:
    """The last JSON object with this key in a text: what a model quotes or thinks comes before what it answers.

    Line breaks and tabs inside strings, which the grammars of local engines let through, come back as escapes.
    """
    decoder, found, tries = json.JSONDecoder(strict=False), None, 0
    at = text.find("{", max(text.rfind(_END_OF_THOUGHT), 0))
    while at >= 0 and tries < _MOST_TRIES:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            tries, end = tries + 1, at + 1
        else:
            # {"claims": …}, or one level down: {"name": "ClaimSet", "arguments": {"claims": …}}
            held = next((v for v in (value, *value.values()) if isinstance(v, dict) and key in v), None)
            if held is not None:
                found = sendable(json.dumps(held, ensure_ascii=False))
        at = text.find("{", end)
    return found


def _content(message: dict[str, Any]) -> str:
    """The content as one text; some services send it in parts."""
    content = message.get("content")
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        content = "".join(part for part in parts if isinstance(part, str))
    return sendable(content) if isinstance(content, str) else ""


def _arguments(message: dict[str, Any]) -> Iterator[str]:
    """The arguments of each call; some services send them as an object."""
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, dict) else None
        arguments = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(arguments, str):
            yield sendable(arguments)
        elif arguments is not None:
            yield sendable(json.dumps(arguments, ensure_ascii=False))


def _together(calls: list[str], key: str) -> str:
    """The items of several calls as one answer; the first call where one of them lists none."""
    items: list[Any] = []
    for call in calls:
        try:
            items += json.loads(call)[key]
        except (ValueError, TypeError, KeyError, RecursionError):
            return calls[0]
    return json.dumps({key: items}, ensure_ascii=False)
