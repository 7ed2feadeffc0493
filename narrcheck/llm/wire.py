"""The way to a model for a run: the cache first, then the service; nothing more once nothing more can come of it."""

import json
import logging
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx2
import openai
from instructor.core.exceptions import IncompleteOutputException

from narrcheck.advice import ModelUse, Trouble, Usage
from narrcheck.llm.answers import ANSWERS
from narrcheck.llm.cache import Cache, key_of
from narrcheck.llm.completion import sift
from narrcheck.llm.endpoint import Endpoint, names_limit
from narrcheck.llm.exchange import Errand, Exchange, Service
from narrcheck.llm.ledger import Ledger
from narrcheck.llm.options import OPENAI, ModelOptions
from narrcheck.llm.pace import Gate
from narrcheck.llm.prompts import fingerprint
from narrcheck.llm.question import Question, Reply
from narrcheck.llm.recorder import Recorder
from narrcheck.llm.recording import Head
from narrcheck.llm.refusals import NotTaken, clean
from narrcheck.llm.trouble import ModelTrouble

_LARGER, _TIMES_LARGER = 2, 2
_LEAST_LIMIT = 512
_NO_KEY = "none"


class Wire:
    """One service with one model, for a run. Use it within one event loop and close it."""

    def __init__(self, options: ModelOptions) -> None:
        _hush()
        self.options = options
        self.recorder = None if options.record is None else Recorder(options.record.expanduser(), Head.of(options))
        self.cache, self.cached = Cache.of(options), 0
        client, unusable = _client(options)
        gate = Gate(options.concurrency, options.requests_per_minute, options.tokens_per_minute)
        ledger = Ledger(options.max_tokens, options.max_requests)
        self.service = Service(options, client, Endpoint(options), gate, ledger, unusable)

    async def close(self) -> None:
        """Close connections, cache and record."""
        self.cache.close()
        if self.recorder is not None:
            self.recorder.close()
        with suppress(Exception):
            await self.service.client.close()

    async def ask(self, question: Question, errand: Errand) -> Reply:
        """The answer to one question; ModelTrouble where there is none."""
        key = self._key(question)
        kept = self._kept(key, question)
        if kept is not None:
            errand.usage += Usage(cached=1)
            self.cached += 1
            return kept
        own = Errand(errand.clock)
        try:
            answer = await self._fresh(key, question, own)
        except ModelTrouble as trouble:
            if self.recorder is not None:
                self.recorder.failed(question, trouble, own.usage)
            raise
        finally:
            errand.usage += own.usage
        if self.recorder is not None:
            self.recorder.answered(question, answer["items"], own.usage)
        return sift(question, answer)

    async def _fresh(self, key: str, question: Question, errand: Errand) -> dict[str, Any]:
        """The items of an answer that is asked for, which the cache then keeps where it is the model's last word."""
        self.service.check()
        try:
            answer, whole = await self._ask(question, errand)
        except ModelTrouble as trouble:
            self.service.take_note(trouble)
            raise
        self.service.failures = 0
        if whole:
            text = json.dumps(answer, ensure_ascii=False)
            self.cache.put(key, question.task, self.options.model or "", text, errand.usage)
        return answer

    def _kept(self, key: str, question: Question) -> Reply | None:
        """The answer from the cache; None where there is none that can be read."""
        text = self.cache.get(key)
        if text is None:
            return None
        try:
            answer = json.loads(text)
            reply = sift(question, answer)
        except (ValueError, AttributeError, RecursionError):
            return None
        if self.recorder is not None:
            self.recorder.kept(question, answer["items"], self.cache.cost(key))
        return reply

    def summary(self, use: str) -> ModelUse:
        """What a report says of the service and its use."""
        stopped = self.service.stopped
        return ModelUse(
            model=self.options.model or "",
            endpoint=self.options.endpoint,
            use=use,
            mode=self.service.endpoint.mode,
            prompts=fingerprint(),
            usage=replace(self.service.ledger.total, cached=self.cached),
            stopped=None if stopped is None else Trouble("run", stopped.code, stopped.facts),
            cache=self.cache.broken,
            record=None if self.recorder is None else self.recorder.broken,
        )

    def _key(self, question: Question) -> str:
        return key_of(
            endpoint=self.options.endpoint,
            model=self.options.model,
            mode=self.options.mode,
            task=question.task,
            version=question.version,
            schema=ANSWERS[question.task].model_json_schema(),
            messages=question.messages,
        )

    async def _ask(self, question: Question, errand: Errand) -> tuple[dict[str, Any], bool]:
        """The items of an answer as the cache keeps them, and whether it is the model's last word."""
        endpoint, larger = self.service.endpoint, 0
        limit = min(self.options.answer_tokens, endpoint.room)
        shortened = False
        while True:
            exchange = Exchange(self.service, question, errand, endpoint.mode, limit)
            try:
                answer = await exchange.run()
                if shortened:
                    endpoint.room = limit
                return answer, not exchange.broken_off
            except IncompleteOutputException:
                if larger == _TIMES_LARGER or exchange.shrunk or not endpoint.limits:
                    raise ModelTrouble("cut-off", {"limit": limit}) from None
                larger, limit = larger + 1, limit * _LARGER
            except ModelTrouble as trouble:
                refused = trouble.words if isinstance(trouble, NotTaken) else None
                if trouble.code == "too-long" and not larger and limit > _LEAST_LIMIT and endpoint.limits:
                    limit //= _LARGER  # question and answer share the room a model has
                    shortened = True
                    continue
                if larger and (trouble.code == "too-long" or names_limit(refused or "")):
                    raise ModelTrouble("cut-off", {"limit": limit // _LARGER}) from None
                if refused is None:
                    raise
                if not endpoint.adapt(refused, exchange.parameters) and not endpoint.refused(exchange.mode):
                    raise ModelTrouble(trouble.code, trouble.facts) from None


def _client(options: ModelOptions) -> tuple[openai.AsyncOpenAI, ModelTrouble | None]:
    """The client of the SDK; where it cannot be made as the settings and the environment have it, one that is never
    used, and why."""
    key = (options.api_key or "").strip() or _NO_KEY
    trouble = None
    if not (key.isascii() and key.isprintable()):  # no header can hold it
        key, trouble = _NO_KEY, ModelTrouble("wrong-key", {"status": "—", "detail": ""})
    # Texts go where the settings say and nowhere else: not on to another address, and past a proxy of the environment
    # where the model is on this machine.
    try:
        http = openai.DefaultAsyncHttpxClient(follow_redirects=False, trust_env=not options.local)
        client = openai.AsyncOpenAI(
            base_url=options.endpoint, api_key=key, max_retries=0, timeout=options.timeout_seconds, http_client=http
        )
    except (ImportError, OSError, ValueError, httpx2.InvalidURL) as error:  # a proxy, a certificate, an address
        trouble = ModelTrouble("no-client", {"detail": clean(str(error), options.api_key)})
        client = openai.AsyncOpenAI(base_url=OPENAI, api_key=_NO_KEY, http_client=httpx2.AsyncClient(trust_env=False))
    client.organization = client.project = None  # OpenAI's own, which the environment may hold
    return client, trouble


def _hush() -> None:
    """Keep the libraries from logging errors with texts of filings in them; what goes wrong stands in the report."""
    logger = logging.getLogger("instructor")
    if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
        logger.addHandler(logging.NullHandler())
    logger.propagate = False
