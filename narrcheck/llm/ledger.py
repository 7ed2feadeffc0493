"""What a run has spent on its model, and the budget it must keep."""

import asyncio
from dataclasses import dataclass

from narrcheck.advice import Usage
from narrcheck.llm.trouble import ModelTrouble

_CHARACTERS_A_TOKEN = 4  # of text in Latin letters; a Chinese character is about one token
_TOKENS_A_MESSAGE = 4
_LEAST_ANSWER = 256


def tokens_of(text: str) -> int:
    """About how many tokens a text has: an upper estimate for the usual Chinese tokenizers."""
    wide = (len(text.encode("utf-8", "replace")) - len(text)) // 2
    return wide + -(-(len(text) - wide) // _CHARACTERS_A_TOKEN)


def tokens_of_messages(messages: list[dict[str, str]]) -> int:
    """About how many tokens a request's messages have."""
    return sum(tokens_of(str(message.get("content") or "")) + _TOKENS_A_MESSAGE for message in messages)


@dataclass(frozen=True, slots=True)
class Reserved:
    """What is set aside for a request under way: tokens it sends, as estimated, and the most it may receive."""

    sent: int
    answer: int


class Ledger:
    """Counts every attempt. Tokens of requests under way are set aside, so that a budget is kept, not just noticed."""

    def __init__(self, max_tokens: int | None = None, max_requests: int | None = None) -> None:
        self.total = Usage()
        self._max_tokens, self._max_requests = max_tokens, max_requests
        self._reserved = 0
        self._settled = asyncio.Condition()

    async def reserve(self, sent: int, answer: int) -> Reserved:
        """Set aside one request; waits for others where their outcome decides. The answer's limit may come back lower.

        ModelTrouble (budget-tokens, budget-requests) where the budget is spent.
        """
        async with self._settled:
            self._check_requests()
            if self._max_tokens is not None:
                while self._left() < sent + answer and self._reserved:
                    await self._settled.wait()
                    self._check_requests()
                answer = min(answer, self._left() - sent)
                if answer < _LEAST_ANSWER:
                    raise ModelTrouble("budget-tokens", {"limit": self._max_tokens})
            self.total += Usage(requests=1)
            self._reserved += sent + answer
            return Reserved(sent, answer)

    async def settle(self, reserved: Reserved, spent: Usage) -> None:
        """Replace what was set aside by what was spent."""
        async with self._settled:
            self._reserved -= reserved.sent + reserved.answer
            self.total += spent
            self._settled.notify_all()

    async def release(self, reserved: Reserved) -> None:
        """Give back what was set aside for a request that was not sent after all."""
        await self.settle(reserved, Usage(requests=-1))

    def _check_requests(self) -> None:
        if self._max_requests is not None and self.total.requests >= self._max_requests:
            raise ModelTrouble("budget-requests", {"limit": self._max_requests})

    def _left(self) -> int:
        assert self._max_tokens is not None
        return self._max_tokens - self.total.tokens - self._reserved
