"""The one error reading raises: an input that holds nothing to check, with a code and the facts for its message."""

from narrcheck.catalogue import message


class ReadError(Exception):
    """An input that could not be read.

    `code` is fixed (empty-file, not-text, undecodable, no-filing-found, path-not-found, cannot-read,
    no-filing-in-folder, bad-reading); `facts` fill the placeholders of the catalogue entry `error.<code>`.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def explain(self, lang: str) -> str:
        """The sentence for people: what is wrong with which file, and what to try."""
        return message(f"error.{self.code}", lang, **self.facts)

    def __str__(self) -> str:
        return f"{self.code}: {', '.join(f'{key}={value}' for key, value in self.facts.items())}"
