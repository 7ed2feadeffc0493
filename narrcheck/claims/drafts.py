"""Quantities on their way to becoming claims, and the words that tell what they stand for."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from narrcheck.claims.phrases import Phrase
from narrcheck.data import load
from narrcheck.filing import Scope
from narrcheck.quantity.lexicon import either
from narrcheck.quantity.scan import Quantity
from narrcheck.quantity.units import in_base, parse

SENTENCE = re.compile(r"[。；;！!？?]")
LONGEST_LIST = 32  # figures looked back upon, so that a text without full stops costs no more


@dataclass(slots=True)
class Draft:
    """A quantity with its phrase, while what it stands for is being settled."""

    quantity: Quantity
    phrase: Phrase
    sentence: int
    clause_start: int
    scope: Scope = "year"
    whole: int | None = None

    @property
    def base(self) -> Decimal:
        return in_base(self.quantity.value, self.quantity.unit)

    @property
    def share(self) -> bool:
        known = parse(self.quantity.unit)
        return known is not None and known.kind in ("share", "points", "ratio")


class Sentences:
    """The sentences of a flat text by number."""

    __slots__ = ("_ends", "starts")

    def __init__(self, flat: str) -> None:
        self._ends = [match.start() for match in SENTENCE.finditer(flat)]
        self.starts = [0, *(end + 1 for end in self._ends)]

    def of(self, at: int, hint: int) -> int:
        """The number of the sentence that holds flat[at], searched upward from `hint`."""
        while hint < len(self._ends) and self._ends[hint] < at:
            hint += 1
        return hint


@lru_cache(maxsize=1)
def cues() -> dict[str, re.Pattern[str]]:
    data = load("scopes.toml")
    cues = {name: re.compile(either(words)) for name, words in data.items()}
    cues["total_start"] = re.compile(either(data["total"]))
    cues["total"] = re.compile(rf"(?:{either(data['total'])})$")
    cues["plan_before"] = re.compile(rf"(?:{either(data['plan_before'])})$")
    cues["part_start"] = re.compile(rf"[、,，(（:：]*(?:{either(data['part'])})")
    cues["reached"] = re.compile(rf"(?:{either(data['change_share'])}|{either(data['less'])})(?:至|到|为|了?至)")
    cues["change"] = re.compile(rf"{either(data['change'])}|[较比与]\d{{4}}年")
    return cues
