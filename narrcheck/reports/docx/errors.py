"""What is wrong with a template, for the person who wrote it."""

from narrcheck.catalogue import message


class LetterError(Exception):
    """A template that no letter can be made from: `key` is that of a sentence, `facts` are what it tells. `at` is the
    text of the paragraph that it is about, where one is known."""

    def __init__(self, key: str, at: str = "", **facts: object) -> None:
        super().__init__(key, facts)
        self.key, self.at, self.facts = key, at, facts

    def text(self, lang: str) -> str:
        """The sentence for people."""
        where = message("letter.at", lang, text=self.at) if self.at else ""
        return message(self.key, lang, where=where, **self.facts)
