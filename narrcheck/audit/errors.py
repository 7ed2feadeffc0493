"""What is wrong with a store, for people: a catalogue key `store.<code>` and the facts of its sentence."""

from narrcheck.catalogue import message


class StoreError(Exception):
    """A store that cannot be opened, read or written. `code`: bad-address, no-driver, cannot-open, missing,
    older, newer, no-store, damaged, read-only, locked, full, io, unreachable, failed."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    def explain(self, lang: str) -> str:
        """The sentence: what is wrong with which store, and what to try."""
        return message(f"store.{self.code}", lang, **self.facts)
