"""How fast a run asks: requests at once and a minute, pauses a service asks for, the time a filing may take."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import monotonic

_MINUTE = 60.0
_LOOK_SECONDS = 0.5
_SPACING = 0.003  # seconds; requests that all start together would come back together, and wait for one another


class Gate:
    """Lets requests through as the limits allow, first come, first served. `minute` is its length in seconds."""

    def __init__(
        self, concurrency: int, requests: int | None = None, tokens: int | None = None, minute: float = _MINUTE
    ) -> None:
        self._room = asyncio.Semaphore(concurrency)
        self._line = asyncio.Lock()
        self._requests, self._tokens, self._minute = requests, tokens, minute
        self._passed: deque[tuple[float, int]] = deque()
        self._closed_until = self._last = 0.0

    @asynccontextmanager
    async def passage(self, tokens: int, check: Callable[[], None] = lambda: None) -> AsyncIterator[None]:
        """Waits until a request of about `tokens` tokens may be sent, and holds its place until it is done.

        `check` raises where it is of no use any more to send it: then nobody waits for its turn.
        """
        async with self._room:
            async with self._line:
                await self._wait(tokens, check)
            yield

    def pause(self, seconds: float) -> None:
        """Send nothing for so long."""
        self._closed_until = max(self._closed_until, monotonic() + seconds)

    async def _wait(self, tokens: int, check: Callable[[], None]) -> None:
        check()
        while (wait := self._needed(tokens, monotonic())) > 0:
            await asyncio.sleep(min(wait, _LOOK_SECONDS))
            check()
        self._last = monotonic()
        if self._requests is not None or self._tokens is not None:
            self._passed.append((self._last, tokens))

    def _needed(self, tokens: int, now: float) -> float:
        """Seconds until the next request may go."""
        closed = self._closed_until - now
        while self._passed and self._passed[0][0] <= now - self._minute:
            self._passed.popleft()
        until = self._passed[0][0] + self._minute - now if self._passed else 0.0
        full = self._requests is not None and len(self._passed) >= self._requests
        # A request larger than the whole limit goes alone.
        spent = sum(count for _, count in self._passed)
        full = full or (self._tokens is not None and bool(self._passed) and spent + tokens > self._tokens)
        return max(closed, self._last + _SPACING - now, until if full else 0.0)


class Clock:
    """The time a filing has had: while a request is under way or waits to be repeated, not while it stands in line."""

    def __init__(self, seconds: float) -> None:
        self._left, self._since, self._running = seconds, 0.0, 0

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self._left - (monotonic() - self._since if self._running else 0.0)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Time passes in here; requests of one filing that run side by side count once."""
        if not self._running:
            self._since = monotonic()
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._left -= monotonic() - self._since
