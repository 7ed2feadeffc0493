"""The way to a model for a run: the cache first, then the service; nothing more once nothing more can come of it."""

import json
import logging
from contextlib import suppress
from typing import Any

import openai
from instructor.core.exceptions import IncompleteOutputException

from narrcheck.advice import Usage
from narrcheck.llm.answers import ANSWERS
from narrcheck.llm.cache import Cache, key_of
from narrcheck.llm.completion import sift
from narrcheck.llm.endpoint import Endpoint, names_limit
from narrcheck.llm.exchange import Errand, Exchange, Service
from narrcheck.llm.ledger import Ledger
from narrcheck.llm.options import ModelOptions
from narrcheck.llm.pace import Gate
from narrcheck.llm.question import Question, Reply
from narrcheck.llm.refusals import NotTaken
from narrcheck.llm.trouble import ModelTrouble

_LARGER, _TIMES_LARGER = 2, 2
_LEAST_LIMIT = 512
_NO_KEY = "none"


class Wire:
    """One service with one model, for a run. Use it within one event loop and close it."""

    def __init__(self, options: ModelOptions) -> None:
        _hush()
        self.options = options
        self.cache, self.cached = Cache.of(options), 0
        key = (options.api_key or "").strip() or _NO_KEY
        sendable = key.isascii() and key.isprintable()
        client = openai.AsyncOpenAI(
            base_url=options.endpoint,
            api_key=key if sendable else _NO_KEY,
            max_retries=0,
            timeout=options.timeout_seconds,
            # Texts go where the settings say and nowhere else: not on to another address, and past a proxy of the
            # environment where the model is on this machine.
            http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False, trust_env=not options.local),
        )
        client.organization = client.project = None  # OpenAI's own, which the environment may hold
        gate = Gate(options.concurrency, options.requests_per_minute, options.tokens_per_minute)
        ledger = Ledger(options.max_tokens, options.max_requests)
        self.service = Service(options, client, Endpoint(options), gate, ledger)
        if not sendable:  # no header can hold it
            self.service.stopped = ModelTrouble("wrong-key", {"status": "—", "detail": ""})

    async def close(self) -> None:
        """Close connections and cache."""
        self.cache.close()
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
        self.service.check()
        try:
            answer, whole = await self._ask(question, errand)
        except ModelTrouble as trouble:
            self.service.take_note(trouble)
            raise
        self.service.failures = 0
        if whole:
            self.cache.put(key, question.task, self.options.model or "", json.dumps(answer, ensure_ascii=False))
        return sift(question, answer)

    def _kept(self, key: str, question: Question) -> Reply | None:
        """The answer from the cache; None where there is none that can be read."""
        text = self.cache.get(key)
        with suppress(ValueError, AttributeError, RecursionError):
            return None if text is None else sift(question, json.loads(text))
        return None

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
        endpoint, limit, larger = self.service.endpoint, self.options.answer_tokens, 0
        while True:
            exchange = Exchange(self.service, question, errand, endpoint.mode, limit)
            try:
                return await exchange.run(), not exchange.broken_off
            except IncompleteOutputException:
                if larger == _TIMES_LARGER or exchange.shrunk or not endpoint.limits:
                    raise ModelTrouble("cut-off", {"limit": limit}) from None
                larger, limit = larger + 1, limit * _LARGER
            except ModelTrouble as trouble:
                refused = trouble.words if isinstance(trouble, NotTaken) else None
                if trouble.code == "too-long" and not larger and limit > _LEAST_LIMIT and endpoint.limits:
                    limit //= _LARGER  # question and answer share the room a model has
                    continue
                if larger and (trouble.code == "too-long" or names_limit(refused or "")):
                    raise ModelTrouble("cut-off", {"limit": limit // _LARGER}) from None
                if refused is None:
                    raise
                if not endpoint.adapt(refused, exchange.parameters) and not endpoint.refused(exchange.mode):
                    raise ModelTrouble(trouble.code, trouble.facts) from None


def _hush() -> None:
    """Keep the libraries from logging errors with texts of filings in them; what goes wrong stands in the report."""
    logger = logging.getLogger("instructor")
    if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
        logger.addHandler(logging.NullHandler())
    logger.propagate = False
