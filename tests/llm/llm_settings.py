"""Settings that ask a test's own server."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from modelserver import ModelServer
from narrcheck.llm.options import ModelOptions
from narrcheck.settings import Settings


def options_for(server: ModelServer, **changes: Any) -> ModelOptions:
    """The server's address, a key that is easy to find again, no cache, and next to no waiting."""
    given = {"base_url": server.base_url, "api_key": "sk-very-secret-key", "model": "tiny", "cache": Path("off")}
    return ModelOptions(**{**given, "wait_seconds": Decimal("0.01"), **changes})


def settings_for(server: ModelServer, use: str = "auto", **changes: Any) -> Settings:
    """Settings with a model, otherwise the defaults."""
    return Settings(llm=use, model=options_for(server, **changes))
