"""The texts of a filing as they are compared, and where its claims stand in them."""

from narrcheck.filing import Claim, FieldName, Filing
from narrcheck.text import Text, clause, clause_words


class Fields:
    """The texts of one filing by field and row, each prepared once. Places are those of the flat text."""

    def __init__(self, filing: Filing) -> None:
        self._filing = filing
        self._texts: dict[tuple[str, int | None], Text] = {}

    def text(self, field: FieldName, in_row: int | None) -> Text:
        """The text of a field: the goal, the narrative, or a cell of the row at position `in_row`."""
        key = (field, in_row)
        if key not in self._texts:
            self._texts[key] = Text(self._raw(field, in_row))
        return self._texts[key]

    def of(self, claim: Claim) -> Text:
        """The text that holds a claim."""
        return self.text(claim.field, claim.in_row)

    def number(self, claim: Claim) -> tuple[int, int]:
        """Where the claim's number with its modifier and unit stands."""
        return self.of(claim).locate(claim.number_start, claim.number_end)

    def clause(self, claim: Claim) -> tuple[int, int]:
        """Where the clause around the claim's number begins and ends."""
        return clause(self.of(claim).flat, *self.number(claim))

    def clause_text(self, claim: Claim) -> str:
        """The clause around the claim's number."""
        start, end = self.clause(claim)
        return self.of(claim).flat[start:end]

    def clause_words(self, claim: Claim) -> str:
        """The clause around the claim's number, without the brackets in it that do not hold the number."""
        return clause_words(self.of(claim).flat, *self.number(claim))

    def _raw(self, field: FieldName, in_row: int | None) -> str:
        filing = self._filing
        if in_row is None:
            return (filing.goal if field == "goal" else filing.narrative) or ""
        row = filing.indicators[in_row]
        if field == "note":
            return row.note or ""
        if field == "name":
            return row.name
        return row.target.raw if field == "target" else row.actual.raw
