"""A filing as its labels are checked against it: what stands in which field, and whether a text states a number."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from narrcheck.evaluation.matching import bare, number, same_value
from narrcheck.quantity.numerals import chinese, read_chinese
from narrcheck.quantity.scan import scan

TEXTS = ("goal", "narrative")
OF_ROWS = ("note", "actual", "target", "name")
_LEFT_OUT = re.compile(r"…+|\.{3,}|—{2,}")
_NUMBERS = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")


class Text:
    """A filing as its labels speak of it: texts by field, the names of its rows, and everything in it as one.

    `by_hand` says that a person has read it; otherwise `printed` is what its file says, if that is text.
    """

    def __init__(self, reading: Mapping[str, Any], by_hand: bool = True, printed: str = "") -> None:
        self.reading, self.by_hand, self.printed = reading, by_hand, printed
        self.fields = {field: bare(reading.get(field)) for field in TEXTS}
        self.names: set[str] = set()
        for row in reading.get("indicators") or ():
            name = bare(row.get("name"))
            self.names.add(name)
            for field in OF_ROWS:
                cell = row.get(field)
                told = bare(cell.get("raw") if isinstance(cell, Mapping) else cell)
                self.fields[f"{field}:{name}"] = self.fields.get(f"{field}:{name}", "") + told
        self.funds = {bare(row.get("label")) for row in reading.get("funds") or ()}
        self.everything = "\n".join(_strings(reading))
        self.numbers = {one for text in _NUMBERS.findall(self.everything) if (one := number(text)) is not None}

    def prints(self, quote: str) -> bool:
        """Whether a quote may stand in the file, which narrcheck has read."""
        return not self.printed or all(piece in self.printed for piece in parted(quote))


def _strings(value: object) -> Iterator[str]:
    """All texts of a reading, cells joined with their neighbours so that a quote over two of them is found."""
    if isinstance(value, Mapping):
        yield "".join(bare(one) for one in value.values() if isinstance(one, str))
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif value is not None:
        yield bare(value)


def parted(quote: str) -> list[str]:
    """The passages of a quote that leaves something out (共走访……123家), as they are compared."""
    return [bare(piece) for piece in _LEFT_OUT.split(quote)]


def states(quote: str, value: str) -> bool:
    """Whether a quote states a number, in figures or in Chinese numerals."""
    folded = bare(quote)
    if any(same_value(value, one) for one in _NUMBERS.findall(folded)):
        return True
    told = [one for found in scan(folded) for one in (found.value, found.upper)]
    told += [found[0] for run in re.findall(chinese(), folded) if (found := read_chinese(run)) is not None]
    return number(value) in told


def somewhere(value: str, text: Text) -> bool:
    """Whether a filing states a value anywhere."""
    stated = number(value)
    if stated is None:
        return bare(value) in text.everything
    return stated in text.numbers or any(states(text.fields[field], value) for field in text.fields)
