"""Many filings through one model at once: an event loop in a thread of its own, answers in the order of the filings."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from types import TracebackType
from typing import TypeVar

from narrcheck.advice import Advice, ModelUse
from narrcheck.filing import Claim, Filing
from narrcheck.llm.consult import consult
from narrcheck.llm.options import ModelOptions
from narrcheck.llm.replay import Replay
from narrcheck.llm.trouble import RecordingError
from narrcheck.llm.wire import Wire

T = TypeVar("T")


class Adviser:
    """A model at hand for one run: `with Adviser(options, "auto", rules) as adviser: adviser.advise(…)`.

    Where the options name a record to replay, that answers in place of the model.
    `rules` are the codes of those that are to speak; what none of them needs is not asked.
    """

    def __init__(self, options: ModelOptions, use: str, rules: Collection[str], lang: str = "zh") -> None:
        self._options, self._use, self._lang, self._rules = options, use, lang, rules
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="narrcheck-model", daemon=True)
        self._degraded = 0
        self._sent_tokens = self._full_tokens = 0

    def __enter__(self) -> "Adviser":
        """RecordingError where answers are to be recorded or replayed and the file is of no use."""
        self._thread.start()
        try:
            self.wire = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        except BaseException as error:
            self._stop()
            if isinstance(error, RecordingError):
                error.lang = self._lang
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._stop()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> Wire | Replay:
        return Wire(self._options) if self._options.replay is None else Replay(self._options)

    async def _close(self) -> None:
        """Give up what is still under way, as after Ctrl-C, and let go of connections and cache."""
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await self.wire.close()
        await self._loop.shutdown_default_executor()

    def advise(
        self, items: Iterable[T], material: Callable[[T], tuple[Filing, tuple[Claim, ...]] | None]
    ) -> Iterator[tuple[T, Advice | None]]:
        """Each item with the model's advice, in order; None for items that `material` makes nothing of.

        At most twice as many filings as requests may run at once are under way.
        """
        under_way: deque[tuple[T, Future[Advice] | None]] = deque()
        for item in items:
            known = material(item)
            future = None
            if known is not None:
                call = consult(self.wire, *known, self._use, self._lang, self._rules)
                future = asyncio.run_coroutine_threadsafe(call, self._loop)
            under_way.append((item, future))
            if len(under_way) > 2 * self._options.concurrency:
                yield self._next(under_way)
        while under_way:
            yield self._next(under_way)

    def _next(self, under_way: deque[tuple[T, Future[Advice] | None]]) -> tuple[T, Advice | None]:
        item, future = under_way.popleft()
        if future is None:
            return item, None
        advice = future.result()
        self._degraded += bool(advice.troubles)
        self._sent_tokens += advice.sent_tokens
        self._full_tokens += advice.full_tokens
        return item, advice

    @property
    def summary(self) -> ModelUse:
        """What the run asked of the model so far."""
        return replace(
            self.wire.summary(self._use),
            sent_tokens=self._sent_tokens,
            full_tokens=self._full_tokens,
            degraded=self._degraded,
            price=self._options.price,
        )
