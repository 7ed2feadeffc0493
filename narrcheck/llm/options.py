"""Which model is asked, where, how fast, and how much a run may spend."""

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from narrcheck.advice import Price

Mode = Literal["tools", "json_schema", "json", "md_json"]
MODES: tuple[Mode, ...] = ("tools", "json_schema", "json", "md_json")
NO_CACHE = Path("off")
OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """The settings `llm.*`. Times in seconds; `None` where there is no limit.

    `mode` is how the form of an answer is asked for ("auto": by endpoint, and by what it refuses). `answer_tokens` is
    the limit of one answer, `max_tokens` and `max_requests` are the budget of a run. `cache` is a file, NO_CACHE, or
    None for the user's cache folder. `record` is a file that takes down questions and answers, `replay` one whose
    answers are used in place of a service. Prices are money per million tokens, in `currency`.
    """

    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    model: str | None = None
    mode: str = "auto"
    concurrency: int = 8
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    timeout_seconds: int = 60
    deadline_seconds: int = 180
    attempts: int = 5
    wait_seconds: Decimal = Decimal(1)
    reasks: int = 1
    answer_tokens: int = 4096
    max_tokens: int | None = None
    max_requests: int | None = None
    cache: Path | None = None
    record: Path | None = None
    replay: Path | None = None
    price_in: Decimal | None = None
    price_out: Decimal | None = None
    currency: str = "元"

    @property
    def configured(self) -> bool:
        """Whether a model can be asked: its name is known, and its address or a key for the default one."""
        return bool(self.model and (self.base_url or self.api_key))

    @property
    def at_hand(self) -> bool:
        """Whether answers can be had: from a model, or from a record."""
        return self.replay is not None or self.configured

    @property
    def price(self) -> Price | None:
        """What tokens cost; None where not both prices are known."""
        if self.price_in is None or self.price_out is None:
            return None
        return Price(self.price_in, self.price_out, self.currency)

    @property
    def endpoint(self) -> str:
        """The address that is asked, without a closing slash."""
        return (self.base_url or OPENAI).rstrip("/")

    @property
    def local(self) -> bool:
        """Whether the service is on this machine."""
        host = urlsplit(self.endpoint).hostname or ""
        return host in ("localhost", "::1") or host.startswith("127.")

    def cache_file(self) -> Path | None:
        """Where answers are kept; None where they are not. RuntimeError where there is no home folder."""
        if self.cache is not None:
            return None if self.cache == NO_CACHE else self.cache.expanduser()
        import os

        base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
        return (Path(base) if base else Path.home() / ".cache") / "narrcheck" / "answers.sqlite"
