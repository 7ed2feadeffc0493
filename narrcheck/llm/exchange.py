"""One question put to a model: openai carries it, instructor asks for its form, tenacity alone repeats it.

Each attempt passes the gate, is set aside in the ledger, and is counted whatever becomes of it.
"""

import asyncio
import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import instructor
import openai
from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException
from openai.types.chat import ChatCompletion
from tenacity import AsyncRetrying, RetryCallState, wait_exponential_jitter

from narrcheck.advice import Usage
from narrcheck.llm.answers import ANSWERS, Answer, items_of
from narrcheck.llm.completion import (
    Question,
    best_items,
    body_of,
    completion_in,
    refuse_unusable,
    spent_on,
    what_it_is,
)
from narrcheck.llm.endpoint import Endpoint
from narrcheck.llm.ledger import Ledger, tokens_of, tokens_of_messages
from narrcheck.llm.options import Mode, ModelOptions
from narrcheck.llm.pace import Clock, Gate
from narrcheck.llm.refusals import clean, trouble_of
from narrcheck.llm.trouble import ModelTrouble, Passing

_MODES = {
    "tools": instructor.Mode.TOOLS,
    "json_schema": instructor.Mode.JSON_SCHEMA,
    "json": instructor.Mode.JSON,
    "md_json": instructor.Mode.MD_JSON,
}
_FORMS = ("tools", "tool_choice", "response_format")
_LONGEST_WAIT = 30


@dataclass(slots=True)
class Service:
    """What the questions of a run share: the client, what the endpoint takes, pace and budget.

    `stopped` is the trouble after which nothing more is sent.
    """

    options: ModelOptions
    client: openai.AsyncOpenAI
    endpoint: Endpoint
    gate: Gate
    ledger: Ledger
    stopped: ModelTrouble | None = None


@lru_cache(maxsize=8)
def _form(task: str) -> type[Answer]:
    """The form of an answer as instructor wants it, which it otherwise makes anew with every request."""
    form: type[Answer] = instructor.openai_schema(ANSWERS[task])
    return form


@dataclass(slots=True)
class Errand:
    """What is asked on behalf of one filing: its time, and what it has cost."""

    clock: Clock
    usage: Usage = field(default_factory=Usage)


@dataclass(slots=True)
class Exchange:
    """One question in one mode with one limit: its attempts, and when to make another."""

    service: Service
    question: Question
    errand: Errand
    mode: Mode
    limit: int
    invalid: int = 0
    failed: int = 0
    shrunk: bool = False
    best: list[Any] = field(default_factory=list)

    async def run(self) -> dict[str, Any]:
        """The items of the answer; where none was right as a whole, the good ones of the best."""
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
            cause = error.__cause__
            attempts = error.failed_attempts or []
            if isinstance(cause, ModelTrouble | IncompleteOutputException):
                raise cause from None
            raw = best_items(self.question, [attempt.completion for attempt in attempts])
            if raw is None:
                raise ModelTrouble(what_it_is(attempts[-1].completion if attempts else None)) from None
            return {"items": raw}
        return {"items": [item.model_dump() for item in items_of(self.question.task, answer)]}

    async def create(self, **asked: Any) -> ChatCompletion:
        """One attempt: what instructor calls in place of the SDK's own function."""
        service = self.service
        extras: dict[str, Any] = {
            name: asked[name] for name in ("tools", "tool_choice", "response_format") if name in asked
        }
        sent = tokens_of_messages(asked["messages"]) + tokens_of(json.dumps(extras, ensure_ascii=False))
        if service.stopped is not None:
            raise service.stopped
        async with service.gate.passage(sent + self.limit):
            reserved = await service.ledger.reserve(sent, self.limit)
            self.shrunk = reserved.answer < self.limit
            spent = Usage(sent=sent, estimated=sent)  # until the service has counted, or refused
            try:
                with self.errand.clock.running():
                    completion = await self._send(asked, extras, reserved.answer)
                spent = spent_on(completion, sent)
            except ModelTrouble as trouble:
                spent = Usage() if "status" in trouble.facts else spent
                raise
            finally:
                self.errand.usage += Usage(requests=1) + spent
                await service.ledger.settle(reserved, spent)
        service.endpoint.answered()
        refuse_unusable(completion)
        return completion

    async def _send(self, asked: dict[str, Any], extras: dict[str, Any], limit: int) -> ChatCompletion:
        left = self.errand.clock.left
        if left <= 0:
            raise ModelTrouble("deadline", {"seconds": self.service.options.deadline_seconds})
        secret = self.service.options.api_key
        model = self.service.options.model or ""
        # As extra body the SDK sends them as they are; as arguments it would first look through every message.
        body = {"messages": asked["messages"], **extras, **self.service.endpoint.parameters(limit)}
        ask = self.service.client.chat.completions.with_streaming_response.create
        try:
            async with (
                asyncio.timeout(min(left, self.service.options.timeout_seconds)),
                ask(messages=[], model=model, extra_body=body) as response,
            ):
                return completion_in(await body_of(response.http_response))
        except (TimeoutError, openai.APITimeoutError):
            raise Passing("timeout", {"seconds": self.service.options.timeout_seconds}) from None
        except openai.APIStatusError as error:
            trouble = trouble_of(error.status_code, error.body, error.response.headers, model, secret)
            if isinstance(trouble, Passing) and trouble.wait:
                self.service.gate.pause(min(trouble.wait, self.errand.clock.left))
            raise trouble from None
        except openai.APIConnectionError as error:
            raise Passing("connection", {"detail": clean(str(error.__cause__ or error), secret)}) from None
        except OSError as error:
            raise Passing("connection", {"detail": clean(str(error), secret)}) from None

    def _again(self, state: RetryCallState) -> bool:
        """Whether an outcome is worth another attempt at all."""
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Passing):
            self.failed += 1
            return True
        if error is None or isinstance(error, ModelTrouble | IncompleteOutputException):
            return False
        self.invalid += 1
        return True

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
        own = wait_exponential_jitter(initial=first, max=_LONGEST_WAIT, jitter=first)(state)
        return own if error.wait is None else error.wait + own / 4

    async def _sleep(self, seconds: float) -> None:
        with self.errand.clock.running():
            await asyncio.sleep(seconds)
