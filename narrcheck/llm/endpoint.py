"""What a service is known to take, and what is left out of a request once it has refused it."""

import sys
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from narrcheck.data import load
from narrcheck.llm.options import Mode, ModelOptions
from narrcheck.llm.refusals import mentions

SEED = 7
_LIMITS = ("max_tokens", "max_completion_tokens")
_OPTIONAL = ("temperature", "seed", *_LIMITS)


class Endpoint:
    """How to ask one service: the mode in use, and the parameters it takes. It learns from refusals."""

    def __init__(self, options: ModelOptions) -> None:
        self._options = options
        chosen = options.mode
        self._modes: list[Mode] = modes_for(options.endpoint) if chosen == "auto" else [chosen]  # type: ignore[list-item]
        self._proved = False
        self._left_out: set[str] = set()
        self._limit_name = "max_tokens"
        self.room = sys.maxsize
        """The longest answer, in tokens, that the model is known to have room for."""

    @property
    def mode(self) -> Mode:
        """How the form of an answer is asked for now."""
        return self._modes[0]

    @property
    def limits(self) -> bool:
        """Whether the service takes a limit of the answer."""
        return self._limit_name not in self._left_out

    def parameters(self, answer_tokens: int) -> dict[str, Any]:
        """What is sent beside the messages: the most repeatable answer a service offers."""
        wanted: dict[str, Any] = {"temperature": 0, "seed": SEED, self._limit_name: answer_tokens}
        return {name: value for name, value in wanted.items() if name not in self._left_out}

    def answered(self) -> None:
        """A request in this mode was taken."""
        self._proved = True

    def adapt(self, refusal: str, sent: Collection[str]) -> bool:
        """Whether a refusal names a parameter among `sent` that can be done without, which is left out from then on.

        Requests side by side meet the same refusal: for the later ones the parameter is left out already.
        """
        named = next((name for name in _OPTIONAL if name in sent and mentions(refusal, name)), None)
        if named is None:
            return False
        if named == "max_tokens":
            self._limit_name = "max_completion_tokens"
        else:
            self._left_out.add(named)
        return True

    def refused(self, mode: Mode) -> bool:
        """Whether there is another mode to try after `mode` was refused."""
        if mode != self.mode:
            return True
        if self._proved or len(self._modes) == 1:
            return False
        self._modes.pop(0)
        return True


def names_limit(refusal: str) -> bool:
    """Whether a refusal speaks of the limit of an answer."""
    return any(mentions(refusal, name) for name in _LIMITS)


def modes_for(url: str) -> list[Mode]:
    """The modes to try at this address, first choice first."""
    data = load("endpoints.toml")
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        port = parts.port
    except ValueError:
        port = None
    for known in data["endpoint"]:
        if "host" in known and (host == known["host"] or host.endswith(f".{known['host']}")):
            return list(known["modes"])
    for known in data["endpoint"]:
        if "port" in known and port == known["port"]:
            return list(known["modes"])
    return list(data["other"]["modes"])
