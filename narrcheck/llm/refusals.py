"""A service's errors in our words: what may pass, what is of no use to repeat, and how long it asks to wait."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from narrcheck.llm.trouble import ModelTrouble, Passing

_REFUSED = "refused-request"
_LONGEST_DETAIL = 200
_LONGEST_READ = 20_000
_NO_CREDIT = (
    "insufficient_quota",
    "exceeded_current_quota_error",
    "insufficient balance",
    "arrearage",
    "余额不足",
    "欠费",
)
_WRONG_KEY = ("invalid_api_key", "invalid api key", "incorrect api key", "api key not valid")
_NO_MODEL = ("model_not_found", "模型不存在")
_NOT_THERE = ("not exist", "not found", "unknown model", "no such model")
_TOO_LONG = ("context_length_exceeded", "maximum context length", "context window", "too many tokens")
_FILTERED = ("content_filter", "data_inspection_failed")
_PASSING = frozenset([408, 409, 425, 429])
_NOT_TAKEN = frozenset([400, 404, 405, 415, 422, 501])
FORM = ("tools", "tool_choice", "response_format")
"""The parameters by which the form of an answer is asked for."""
_KEYS = ("message", "msg", "code", "param", "type", "detail")


class NotTaken(ModelTrouble):
    """A request refused for its form: another mode or fewer parameters may be taken; `words` are the service's own."""

    def __init__(self, words: str, facts: Mapping[str, object]) -> None:
        super().__init__(_REFUSED, facts)
        self.words = words


def trouble_of(status: int, body: Any, headers: Mapping[str, str], model: str, secret: str | None) -> ModelTrouble:
    """The trouble an HTTP error stands for; the key never is in it."""
    words = hidden(" ".join(_words(body)), secret)[:_LONGEST_READ]
    lower = words.lower()
    facts = {"status": status, "detail": clean(words, secret), "model": model}
    if status == 402 or (status == 429 and _any(_NO_CREDIT, lower)):
        return ModelTrouble("no-credit", facts)
    if status == 429:
        return Passing("rate-limited", facts, retry_after(headers))
    if status == 500 and any(mentions(lower, name) for name in FORM):  # llama-cpp-python refuses a form so
        return NotTaken(lower, facts)
    if status in _PASSING or (status >= 500 and status != 501):
        return Passing("server-error", facts, retry_after(headers))
    code = _code(status, lower)
    return NotTaken(lower, facts) if code is None and status in _NOT_TAKEN else ModelTrouble(code or _REFUSED, facts)


def _code(status: int, words: str) -> str | None:
    """What is wrong with a request that no repetition would mend; None where it is not told."""
    if status in (401, 403) or _any(_WRONG_KEY, words):
        return "wrong-key"
    if _any(_TOO_LONG, words):
        return "too-long"
    if _any(_FILTERED, words):
        return "refusal"
    if _any(_NO_MODEL, words) or ("model" in words and (status == 404 or _any(_NOT_THERE, words))):
        return "unknown-model"
    return "no-such-service" if status in (404, 405) or 300 <= status < 400 else None


def _any(marks: tuple[str, ...], words: str) -> bool:
    return any(mark in words for mark in marks)


def mentions(words: str, name: str) -> bool:
    """Whether a refusal names the parameter: not as a part of another word, as the name of a model may hold it."""
    return re.search(rf"(?<![\w-]){name}(?![\w-])", words) is not None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """How long a service asks to wait, in seconds; None where it does not say."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return max(0.0, float(headers[name]) / unit)
        except (KeyError, ValueError):
            continue
    try:
        at = parsedate_to_datetime(headers["retry-after"])
    except (KeyError, ValueError):
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def hidden(text: str, secret: str | None) -> str:
    """The text without the key."""
    key = (secret or "").strip()
    return text.replace(key, "***") if key else text


def clean(text: str, secret: str | None) -> str:
    """A service's words for people: one line, shortened, without the key."""
    text = hidden(text, secret)[:_LONGEST_READ]
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LONGEST_DETAIL else f"{line[:_LONGEST_DETAIL]}…"


def _words(body: Any) -> Iterator[str]:
    """What an error body says, whatever its shape, but not what it repeats of the request."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(error, dict):
        yield "" if error is None else str(error)
        return
    for key in _KEYS:
        part = error.get(key)
        if isinstance(part, list):  # the form of FastAPI: where and what, and the input itself
            yield from (f"{item.get('loc')} {item.get('msg')}" for item in part if isinstance(item, dict))
        elif part:
            yield str(part)
