"""The one error of a comparison: what was given as a report cannot be compared."""

from narrcheck.catalogue import message
from narrcheck.reading.errors import Reason


class SavedReportError(Exception):
    """`key` names a sentence `resubmission.error.<key>` of the catalogue (damaged, format, nothing, stdin), `facts`
    fill its placeholders: the file, and the place in it."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts

    def text(self, lang: str) -> str:
        """The sentence for people: which file, what is wrong where, and what to try."""
        facts = {name: fact.explain(lang) if isinstance(fact, Reason) else fact for name, fact in self.facts.items()}
        return message(f"resubmission.error.{self.key}", lang, **facts)

    def __str__(self) -> str:
        return f"{self.key}: {', '.join(f'{name}={value}' for name, value in self.facts.items())}"
