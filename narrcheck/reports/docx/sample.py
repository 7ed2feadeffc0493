"""Made-up letters that a template is tried with: with and without comments, with and without an earlier report."""

from collections.abc import Iterator
from dataclasses import replace

from narrcheck.reports.docx.facts import Comment, Earlier, Letter, Side

_SIDES = (Side("A", ("1",)), Side("B", ("2", "3")))
_COMMENT = Comment(1, "error", "A", "N01", "A", _SIDES, "A", "000000000000")
_STANDING = replace(_COMMENT, number=2, level="warning", before="standing", state="A")
_EARLIER = (Earlier(1, "A", "A", ("A", "B")), Earlier(2, "A", "A", (), "A"))
_FULL = Letter(
    addressee="A", unit="A", department="A", project="A", year="2000", form="A", file="a.txt",
    comments=(_COMMENT, _STANDING), errors=1, warnings=1, infos=0, verdict="", coverage="A", doubts=("A", "B"),
    notes=("A",), failed_rules=("S01",), compared=True, corrected=_EARLIER, unknown=_EARLIER, version="0",
)  # fmt: skip


def samples() -> Iterator[Letter]:
    """A letter with everything, one with comments alone, and one of a filing that nothing is to be said of."""
    yield _FULL
    alone = replace(_FULL, comments=(_COMMENT,), compared=False, corrected=(), unknown=())
    yield replace(alone, doubts=(), notes=(), failed_rules=())
    yield replace(alone, unit="", department="", year="", comments=(), errors=0, warnings=0, verdict="A", doubts=())
