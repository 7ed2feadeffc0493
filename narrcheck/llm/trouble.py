"""What can go wrong between narrcheck and a model, each with a fixed code that the catalogue words (`llm.CODE`)."""

from collections.abc import Mapping

from narrcheck.catalogue import message

FATAL = frozenset(["wrong-key", "no-credit", "unknown-model", "no-such-service"])
"""Troubles that every further request would meet: nothing more is asked."""


class ModelTrouble(Exception):
    """A task that got no usable answer. `code` is fixed, `facts` fill its sentence; no text of a filing is in it."""

    def __init__(self, code: str, facts: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code, self.facts = code, dict(facts or {})

    @property
    def fatal(self) -> bool:
        """Whether asking again is of no use for the whole run."""
        return self.code in FATAL


class Passing(ModelTrouble):
    """Trouble that may have passed at the next attempt; `wait` is how long the service asks to wait, in seconds.

    `unsent`: the request never reached the service.
    """

    def __init__(
        self,
        code: str,
        facts: Mapping[str, object] | None = None,
        wait: float | None = None,
        unsent: bool = False,
    ) -> None:
        super().__init__(code, facts)
        self.wait, self.unsent = wait, unsent


class RecordingError(Exception):
    """A record of answers that cannot be read or written: nothing is asked. `str()` tells it in the language `lang`.

    `reason` is the key of a catalogue sentence (recording.REASON) that `facts` fill.
    """

    def __init__(self, reason: str, facts: Mapping[str, object] | None = None) -> None:
        super().__init__(reason)
        self.reason, self.facts, self.lang = reason, dict(facts or {}), "zh"

    def __str__(self) -> str:
        return message(f"recording.{self.reason}", self.lang, **self.facts)
