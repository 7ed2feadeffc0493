"""Counts by layer and rule, and the items they come from, while one filing is scored."""

from collections import Counter
from collections.abc import Iterable

from narrcheck.evaluation.result import Counts, Item, Quote, Verdict

_PARTS = ("labels", "found", "reported", "right")


class Tally:
    """The counts of one filing. `labelled` and `answered` add to both sides of a figure."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self._names: Counter[str] = Counter()
        self.items: list[Item] = []

    def labelled(self, keys: Iterable[str], found: bool) -> None:
        """A label under each key, found or missed."""
        for key in keys:
            self._of(key).update({"labels": 1, "found": found})

    def answered(self, keys: Iterable[str], right: bool) -> None:
        """An answer under each key, right or wrong."""
        for key in keys:
            self._of(key).update({"reported": 1, "right": right})

    def both(self, key: str, good: bool) -> None:
        """A label that has an answer, which is good or not."""
        self.labelled([key], good)
        self.answered([key], good)

    def cell(self, key: str, wanted: bool, had: bool, good: bool) -> None:
        """A cell of the form: `wanted` and `had` say whether it is filled in as it should be read and as it was."""
        counts = {"labels": wanted, "found": good, "reported": had, "right": good}
        if wanted or had:
            self._of(key).update(counts)

    def note(
        self, layer: str, key: str, verdict: Verdict, name: str, text: str = "", quotes: Iterable[Quote] = ()
    ) -> None:
        """An item; a second one of the same name gets a number."""
        self._names[f"{layer}|{name}"] += 1
        count = self._names[f"{layer}|{name}"]
        shown = name if count == 1 else f"{name} #{count}"
        self.items.append(Item(layer=layer, key=key, verdict=verdict, name=shown, text=text, quotes=list(quotes)))

    def _of(self, key: str) -> Counter[str]:
        return self._counts.setdefault(key, Counter())

    def counts(self) -> dict[str, Counts]:
        """The counts by key."""
        return {key: Counts(**{part: found[part] for part in _PARTS}) for key, found in sorted(self._counts.items())}
