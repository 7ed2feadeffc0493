"""The way to a model for a run: the cache first, then the service; nothing more once nothing more can come of it."""

import json
import logging
from contextlib import suppress
from time import monotonic
from typing import Any

import openai
from instructor.core.exceptions import IncompleteOutputException

from narrcheck.advice import Usage
from narrcheck.llm.answers import ANSWERS
from narrcheck.llm.cache import Cache, key_of
from narrcheck.llm.completion import Question, Reply, sift
from narrcheck.llm.endpoint import Endpoint
from narrcheck.llm.exchange import Errand, Exchange, Service
from narrcheck.llm.ledger import Ledger
from narrcheck.llm.options import ModelOptions
from narrcheck.llm.pace import Gate
from narrcheck.llm.refusals import NotTaken
from narrcheck.llm.trouble import ModelTrouble

_LARGER, _TIMES_LARGER = 2, 2
_OUTAGE, _OUTAGE_SECONDS = 3, 60.0
_GONE = frozenset(["connection", "timeout", "server-error"])


class Wire:
    """One service with one model, for a run. Use it within one event loop and close it."""

    def __init__(self, options: ModelOptions) -> None:
        _hush()
        self.options = options
        self.cache, self.cached = Cache(options.cache_file()), 0
        self._failures, self._closed_until = 0, 0.0
        client = openai.AsyncOpenAI(
            base_url=options.endpoint,
            api_key=options.api_key or "none",
            max_retries=0,
            timeout=options.timeout_seconds,
        )
        gate = Gate(options.concurrency, options.requests_per_minute, options.tokens_per_minute)
        ledger = Ledger(options.max_tokens, options.max_requests)
        self.service = Service(options, client, Endpoint(options), gate, ledger)

    async def close(self) -> None:
        """Close connections and cache."""
        self.cache.close()
        with suppress(Exception):
            await self.service.client.close()

    async def ask(self, question: Question, errand: Errand) -> Reply:
        """The answer to one question; ModelTrouble where there is none."""
        key = self._key(question)
        kept = self.cache.get(key)
        if kept is not None:
            errand.usage += Usage(cached=1)
            self.cached += 1
            return sift(question, json.loads(kept))
        if self.service.stopped is not None:
            raise self.service.stopped
        if self._failures >= _OUTAGE and monotonic() < self._closed_until:
            raise ModelTrouble("gone", {"failures": self._failures})
        try:
            answer = await self._ask(question, errand)
        except ModelTrouble as trouble:
            self._take_note(trouble)
            raise
        self._failures = 0
        self.cache.put(key, question.task, self.options.model or "", json.dumps(answer, ensure_ascii=False))
        return sift(question, answer)

    def _take_note(self, trouble: ModelTrouble) -> None:
        """Stop the run's questions where no other can fare better; hold them for a while where a service is gone."""
        if trouble.fatal:
            self.service.stopped = trouble
        if trouble.code in _GONE:
            self._failures += 1
            if self._failures >= _OUTAGE:
                self._closed_until = monotonic() + _OUTAGE_SECONDS

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

    async def _ask(self, question: Question, errand: Errand) -> dict[str, Any]:
        """The raw items of an answer, as the cache keeps them."""
        limit, larger = self.options.answer_tokens, 0
        while True:
            mode = self.service.endpoint.mode
            exchange = Exchange(self.service, question, errand, mode, limit)
            try:
                return await exchange.run()
            except IncompleteOutputException:
                larger += 1
                if larger > _TIMES_LARGER or exchange.shrunk:
                    raise ModelTrouble("cut-off", {"limit": limit}) from None
                limit *= _LARGER
            except NotTaken as refusal:
                if not self.service.endpoint.adapt(refusal.words) and not self.service.endpoint.refused(mode):
                    raise ModelTrouble(refusal.code, refusal.facts) from None


def _hush() -> None:
    """Keep the libraries from logging errors with texts of filings in them; what goes wrong stands in the report."""
    logger = logging.getLogger("instructor")
    if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
        logger.addHandler(logging.NullHandler())
    logger.propagate = False
