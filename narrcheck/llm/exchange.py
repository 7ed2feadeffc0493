"""One question put to a model: openai carries it, instructor asks for its form, tenacity alone repeats it.

Each attempt passes the gate, is set aside in the ledger, and is counted whatever becomes of it.
"""

import asyncio
import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from time import monotonic
from typing import Any

import httpx2
import instructor
import openai
from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException, ResponseParsingError
from openai.types.chat import ChatCompletion
from pydantic import ValidationError
from tenacity import AsyncRetrying, RetryCallState, wait_exponential, wait_random

from narrcheck.advice import Usage
from narrcheck.llm.answers import ANSWERS, Answer, items_of
from narrcheck.llm.completion import (
    best_items,
    body_of,
    completion_in,
    document_in,
    spent_on,
    what_it_is,
)
from narrcheck.llm.endpoint import Endpoint
from narrcheck.llm.ledger import Ledger, Reserved, tokens_of, tokens_of_messages
from narrcheck.llm.options import Mode, ModelOptions
from narrcheck.llm.pace import Clock, Gate
from narrcheck.llm.question import Question
from narrcheck.llm.refusals import FORM, NotTaken, clean, trouble_of
from narrcheck.llm.trouble import ModelTrouble, Passing

_MODES = {
    "tools": instructor.Mode.TOOLS,
    "json_schema": instructor.Mode.JSON_SCHEMA,
    "json": instructor.Mode.JSON,
    "md_json": instructor.Mode.MD_JSON,
}
_LONGEST_WAIT = 30
_MOST_MISTAKES = 100  # that are named to the model when it is asked again
_OUTAGE, _OUTAGE_SECONDS = 3, 60.0
_GONE = frozenset(["connection", "timeout", "server-error", "no-completion"])
_ANSWERED = frozenset(
    ["refusal", "not-json", "wrong-form", "cut-off", "too-large", "too-long", "refused-request", "rate-limited"]
)
"""Troubles by which a service shows that it is there."""


@dataclass(slots=True)
class Service:
    """What the questions of a run share: the client, what the endpoint takes, pace and budget.

    `stopped` is the trouble after which nothing more is sent; `failures` counts the questions in a row for which the
    service was gone, `last` is the trouble of the latest.
    """

    options: ModelOptions
    client: openai.AsyncOpenAI
    endpoint: Endpoint
    gate: Gate
    ledger: Ledger
    stopped: ModelTrouble | None = None
    failures: int = 0
    last: ModelTrouble | None = None
    closed_until: float = 0.0

    def check(self) -> None:
        """ModelTrouble where nothing is to be sent, for good or for a while."""
        if self.stopped is not None:
            raise ModelTrouble(self.stopped.code, self.stopped.facts)
        if self.failures >= _OUTAGE and monotonic() < self.closed_until:
            facts = {} if self.last is None else {**self.last.facts, "last": self.last.code}
            raise ModelTrouble("gone", {**facts, "failures": self.failures})

    def take_note(self, trouble: ModelTrouble) -> None:
        """Hold the questions for a while where one after another finds the service gone."""
        if trouble.code in _ANSWERED:
            self.failures = 0
        elif trouble.code in _GONE:
            self.failures, self.last = self.failures + 1, trouble
            if self.failures >= _OUTAGE:
                self.closed_until = monotonic() + _OUTAGE_SECONDS


@lru_cache(maxsize=8)
def _form(task: str) -> type[Answer]:
    """The form of an answer as instructor wants it, which it otherwise makes anew with every request."""
    form: type[Answer] = instructor.openai_schema(ANSWERS[task])
    return form


@dataclass(slots=True)
class Errand:
    """What is asked on behalf of one filing, or one question of it: its time, and what it has cost."""

    clock: Clock
    usage: Usage = field(default_factory=Usage)


@dataclass(slots=True)
class Exchange:
    """One question in one mode with one limit: its attempts, and when to make another.

    `parameters` are the names of those last sent, `shrunk` says that the budget left less than `limit`, `broken_off`
    that trouble kept an answer from being asked for again.
    """

    service: Service
    question: Question
    errand: Errand
    mode: Mode
    limit: int
    invalid: int = 0
    failed: int = 0
    shrunk: bool = False
    broken_off: bool = False
    parameters: frozenset[str] = frozenset()
    answers: list[ChatCompletion] = field(default_factory=list)

    async def run(self) -> dict[str, Any]:
        """The items of the answer; where none was right, those of the best, with None for each that is not good."""
        create: Any = instructor.patch(create=self.create, mode=_MODES[self.mode])
        form = _form(self.question.task)
        retrying = AsyncRetrying(stop=self._stop, wait=self._wait, retry=self._again, sleep=self._sleep, reraise=True)
        try:
            answer: Answer = await create(
                response_model=form,
                context=self.question.grounds,
                max_retries=retrying,
                strict=False,
                messages=list(self.question.messages),
                model=self.service.options.model,
            )
        except InstructorRetryException as error:
            return {"items": self._best(error.__cause__)}
        return {"items": [item.model_dump() for item in items_of(self.question.task, answer)]}

    def _best(self, cause: BaseException | None) -> list[Any]:
        """The items of the best answer that is not right as a whole; ModelTrouble where there is nothing to use."""
        items = best_items(self.question, self.answers)
        if isinstance(cause, ModelTrouble):
            self.broken_off = True
            if not items or not any(items):
                raise cause from None
        elif not isinstance(cause, ValueError):
            raise ModelTrouble("internal", {"error": type(cause).__name__}) from None
        if items is None:
            raise ModelTrouble(what_it_is(self.answers[-1])) from None
        return items

    async def create(self, **asked: Any) -> ChatCompletion:
        """One attempt: what instructor calls in place of the SDK's own function."""
        service = self.service
        extras: dict[str, Any] = {name: asked[name] for name in FORM if name in asked}
        sent = tokens_of_messages(asked["messages"]) + tokens_of(json.dumps(extras, ensure_ascii=False))
        self._check()
        async with service.gate.passage(sent + self.limit, self._check):
            reserved = await self._reserve(sent)
            spent = Usage(sent=sent, estimated=sent)  # until the service has counted, or refused
            started = monotonic()
            try:
                with self.errand.clock.running():
                    document = document_in(await self._send(asked["messages"], extras, reserved.answer))
                spent = spent_on(document, sent)
            except ModelTrouble as trouble:
                unsent = isinstance(trouble, Passing) and trouble.unsent
                spent = Usage() if unsent or "status" in trouble.facts else spent
                if trouble.fatal:
                    service.stopped = trouble
                raise
            finally:
                spent = replace(spent, milliseconds=round((monotonic() - started) * 1000))
                self.errand.usage += Usage(requests=1) + spent
                await service.ledger.settle(reserved, spent)
        completion = completion_in(document, self.question.task, self.mode)
        service.endpoint.answered()
        self.answers.append(completion)
        if not spent.estimated and spent.received >= reserved.answer and what_it_is(completion) == "not-json":
            raise IncompleteOutputException(last_completion=completion)  # llama-cpp-python gives no such reason
        return completion

    async def _reserve(self, sent: int) -> Reserved:
        """Budget for an attempt; ModelTrouble where meanwhile it must not be sent any more."""
        reserved = await self.service.ledger.reserve(sent, self.limit)
        self.shrunk = reserved.answer < self.limit
        try:
            self._check()
        except ModelTrouble:
            await self.service.ledger.release(reserved)
            raise
        return reserved

    def _check(self) -> None:
        """ModelTrouble where it is of no use to send an attempt; NotTaken where its mode was refused meanwhile."""
        self.service.check()
        self._check_deadline()
        if self.mode != self.service.endpoint.mode:
            raise NotTaken("", {})

    def _check_deadline(self) -> None:
        if self.errand.clock.left <= 0:
            raise ModelTrouble("deadline", {"seconds": self.service.options.deadline_seconds})

    async def _send(self, messages: list[Any], extras: dict[str, Any], limit: int) -> bytes:
        """The body of the answer to one request."""
        options, left = self.service.options, self.errand.clock.left
        model = options.model or ""
        parameters = {**extras, **self.service.endpoint.parameters(limit)}
        self.parameters = frozenset(parameters)
        # As extra body the SDK sends them as they are; as arguments it would first look through every message.
        body = {"messages": messages, **parameters}
        ask = self.service.client.chat.completions.with_streaming_response.create
        try:
            async with (
                asyncio.timeout(min(left, options.timeout_seconds)),
                ask(messages=[], model=model, extra_body=body) as response,
            ):
                return await body_of(response.http_response)
        except (TimeoutError, openai.APITimeoutError, httpx2.TimeoutException):
            self._check_deadline()
            raise Passing("timeout", {"seconds": options.timeout_seconds}) from None
        except openai.APIStatusError as error:
            trouble = trouble_of(error.status_code, error.body, error.response.headers, model, options.api_key)
            if isinstance(trouble, Passing) and trouble.wait and trouble.wait <= self.errand.clock.left:
                self.service.gate.pause(trouble.wait)
            raise trouble from None
        except (openai.APIConnectionError, httpx2.HTTPError, OSError) as error:
            told = error.__cause__ if isinstance(error, openai.APIConnectionError) else error
            detail = clean(str(told or error) or type(told).__name__, options.api_key)
            unsent = isinstance(told, httpx2.ConnectError | httpx2.ConnectTimeout)
            raise Passing("connection", {"detail": detail}, unsent=unsent) from None

    def _again(self, state: RetryCallState) -> bool:
        """Whether an outcome is worth another attempt at all."""
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Passing):
            self.failed += 1
            return True
        self.invalid += 1
        if isinstance(error, ValidationError):
            return error.error_count() <= _MOST_MISTAKES
        return isinstance(error, ResponseParsingError)

    def _stop(self, state: RetryCallState) -> bool:
        """Whether there is neither time nor an attempt left for it."""
        if self.invalid > self.service.options.reasks or self.failed >= self.service.options.attempts:
            return True
        return state.upcoming_sleep > self.errand.clock.left

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if not isinstance(error, Passing):
            return 0.0
        first = float(self.service.options.wait_seconds)
        own = wait_exponential(multiplier=first, max=_LONGEST_WAIT)(state) + wait_random(0, first)(state)
        return own if error.wait is None else error.wait + own / 4

    async def _sleep(self, seconds: float) -> None:
        with self.errand.clock.running():
            await asyncio.sleep(seconds)
