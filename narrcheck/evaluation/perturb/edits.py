"""Changes to a saved reading (what `narrcheck parse` prints). The original stays as it is."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from narrcheck.evaluation.perturb.variant import Document

CELLS = ("target", "actual")


@dataclass(slots=True)
class Edit:
    """A copy of a saved reading under change. Rows are named by their position in their own table."""

    document: Document
    _rows: list[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.document = deepcopy(self.document)
        self._rows = self.document["indicators"]

    def text(self, name: str, row: int | None = None) -> str:
        """The text of goal or narrative, or of a row's name, note, target or actual as printed."""
        if row is None:
            return str(self.document[name] or "")
        cell = self._rows[row][name]
        return str((cell or {}).get("raw") or "" if name in CELLS else cell or "")

    def put(self, name: str, text: str | None, row: int | None = None) -> "Edit":
        """A whole text anew. A target or actual keeps nothing that was read from its old text."""
        if row is None:
            self.document[name] = text
        elif name in CELLS:
            self._rows[row][name] = {"raw": text}
        else:
            self._rows[row][name] = text
        return self

    def replace(self, name: str, start: int, end: int, new: str, row: int | None = None) -> "Edit":
        """Characters start to end of a text anew."""
        old = self.text(name, row)
        return self.put(name, old[:start] + new + old[end:], row)

    def score(self, row: int, text: str, column: str = "score") -> "Edit":
        """A row's score or weight anew, as printed."""
        return _set_number(self._rows[row], column, text, self)

    def funds(self, row: int, column: str, text: str) -> "Edit":
        """A cell of the funds table anew, as printed."""
        return _set_number(self.document["funds"][row], column, text, self)

    def total(self, text: str, column: str = "total_score") -> "Edit":
        """The total row's score or weight anew, as printed."""
        return _set_number(self.document, column, text, self)

    def double(self, row: int) -> "Edit":
        """A row printed once more directly below itself."""
        self._rows.insert(row + 1, deepcopy(self._rows[row]))
        return self

    def drop(self, row: int) -> "Edit":
        """A row left out."""
        del self._rows[row]
        return self


def _set_number(holder: dict[str, Any], column: str, text: str, edit: Edit) -> Edit:
    """`text` may be no number: then the cell holds it as printed and has no value."""
    plain = text.replace(",", "").rstrip("%")
    holder[column] = plain if _is_number(plain) else None
    holder["raw"] = {**(holder.get("raw") or {}), column: text}
    return edit


def _is_number(text: str) -> bool:
    whole, _, fraction = text.removeprefix("-").partition(".")
    return whole.isdecimal() and whole.isascii() and (not fraction or (fraction.isdecimal() and fraction.isascii()))
