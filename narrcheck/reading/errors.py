"""The one error reading raises: an input that holds nothing to check, with a code and the facts for its message."""

from dataclasses import dataclass

from narrcheck.catalogue import message


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an input was refused: a catalogue key `reason.…` and the one fact its sentence may hold."""

    key: str
    fact: str = ""

    def explain(self, lang: str) -> str:
        """The sentence for people."""
        return message(f"reason.{self.key}", lang, fact=self.fact)

    def __str__(self) -> str:
        return self.key


class ReadError(Exception):
    """An input that could not be read.

    `code` is fixed: every entry `error.<code>` of the catalogue (data/messages/reading.toml, files.toml) is one;
    `facts` fill its placeholders.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def explain(self, lang: str) -> str:
        """The sentence for people: what is wrong with which file, and what to try."""
        facts = {name: fact.explain(lang) if isinstance(fact, Reason) else fact for name, fact in self.facts.items()}
        return message(f"error.{self.code}", lang, **facts)

    def __str__(self) -> str:
        return f"{self.code}: {', '.join(f'{key}={value}' for key, value in self.facts.items())}"
