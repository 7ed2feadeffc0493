"""What stands today at the place of a piece of earlier evidence, and whether it could be read."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from narrcheck.filing import Doubt, Evidence, Filing, Indicator
from narrcheck.resubmission.likeness import Grams, Index, held, words
from narrcheck.resubmission.rows import Rows
from narrcheck.resubmitted import Now
from narrcheck.text import clause, squeeze

_SENTENCE = re.compile(r"[^。；;!！?？\n]+[。；;!！?？]?")
CLAUSE = re.compile(r"(?:[^，,。；;!！?？\n]|(?<=\d),(?=\d))+")
"""A part of a sentence, up to a comma; that within a figure is none."""
_ENOUGH = 0.6
_SURELY = 0.8
_LISTED = re.compile(r"[、（）()]")
_TEXTS = ("goal", "narrative")
_COLUMNS = ("initial", "adjusted", "executed", "weight", "rate", "score")


class Places:
    """The texts and cells of a corrected filing, asked for by the evidence taken from the earlier one."""

    def __init__(self, old: Filing, new: Filing, rows: Rows) -> None:
        self._old, self._new, self._rows = old, new, rows
        self._cells_then = {row.position: row for row in old.indicators}
        self._cells = {row.position: row for row in new.indicators}
        self._funds = {squeeze(row.label): row for row in reversed(new.funds)}
        self._texts: dict[str, _Text] = {}
        self._doubts: dict[tuple[str, int | None], list[Doubt]] = defaultdict(list)
        known = {(d.field, None if d.row is None else rows.now.get(d.row), d.reason) for d in old.doubts}
        for doubt in new.doubts:
            if (doubt.field, doubt.row, doubt.reason) not in known:
                self._doubts[doubt.field, doubt.row].append(doubt)

    def now(self, piece: Evidence) -> Now:
        """What the place says today."""
        return Now(piece, self._said(piece))

    def unread(self, now: Now) -> bool:
        """Whether the text that the evidence is from was not read today."""
        return not getattr(self._new, now.earlier.field)

    def doubtful(self, now: Now) -> bool:
        """Whether the place could not be read for certain today, in a way in which the earlier reading could."""
        piece = now.earlier
        if piece.field in _TEXTS:
            return any(_touches(doubt, now) for doubt in self._doubts.get((piece.field, None), ()))
        place = None if piece.row is None or piece.field == "funds" else self._rows.now.get(piece.row)
        return (piece.field, place) in self._doubts

    def untouched(self, said: Sequence[Now]) -> bool:
        """Whether a sentence and a row that contradicted each other both stand as they stood, or the one row that all
        the evidence is from."""
        texts = [now.earlier for now in said if now.earlier.field in _TEXTS]
        rows = {now.earlier.row for now in said if now.earlier.row is not None and now.earlier.field != "funds"}
        if len(rows) == 1 and all(now.earlier.row in rows and now.earlier.field != "funds" for now in said):
            return all(self._keeps(row) and self._named_so(row) for row in rows)
        if not texts or not rows:
            return False
        return all(self._texts[piece.field].keeps(piece) for piece in texts) and all(map(self._keeps, rows))

    def _keeps(self, row: int) -> bool:
        """Whether the cells of a row beside its name are those of the earlier form."""
        then, today = self._cells_then.get(row), self._cells.get(self._own(row))
        if then is None or today is None:
            return False
        fields = ("target", "actual", "weight", "score", "note")
        return all(squeeze(shown(then, field)) == squeeze(shown(today, field)) for field in fields)

    def _own(self, row: int | None) -> int:
        """The position today of an earlier row, -1 where it is gone."""
        place = self._rows.own(row)
        return -1 if place is None else place

    def _named_so(self, row: int) -> bool:
        return squeeze(self._cells_then[row].name) == squeeze(self._cells[self._own(row)].name)

    def _said(self, piece: Evidence) -> str | None:
        if piece.field in _TEXTS:
            if piece.field not in self._texts:
                then, today = getattr(self._old, piece.field), getattr(self._new, piece.field)
                self._texts[piece.field] = _Text(then or "", today or "")
            return self._texts[piece.field].said(piece)
        if piece.field == "funds":
            row = self._funds.get(squeeze(piece.name or ""))
            return None if row is None else getattr(row, piece.column).raw if piece.column in _COLUMNS else row.label
        if piece.field == "total":
            return (self._new.total_weight if piece.column == "weight" else self._new.total_score).raw
        return (self._new.grade or "") if piece.field == "grade" else self._cell(piece)

    def _cell(self, piece: Evidence) -> str | None:
        place = self._own(piece.row)
        if piece.row is None or place not in self._cells:
            return None
        text = shown(self._cells[place], piece.field)
        before = self._cells_then.get(piece.row)
        whole = squeeze(shown(before, piece.field)) if before is not None else ""
        quote, today = squeeze(piece.quote), squeeze(text)
        in_part = whole != quote if whole else piece.start > 0 or piece.field == "note"
        if quote == today or (in_part and quote and quote in today):
            return piece.quote
        return _narrowed(text, words(piece.quote)) if in_part and quote and text else text


class _Text:
    """A text of the form, as it was and as it is."""

    def __init__(self, then: str, today: str) -> None:
        self._then, self._starts = then, [match.start() for match in _SENTENCE.finditer(then)]
        self._whole = today.strip()
        self._index = Index(_SENTENCE.findall(today))
        self._today = frozenset(map(squeeze, self._index.texts))

    def said(self, piece: Evidence) -> str | None:
        """The words of the earlier quote where they still stand, otherwise the sentences that are most like them."""
        whole = squeeze(piece.quote)
        if whole and whole == squeeze(self._then):
            return piece.quote if whole == squeeze(self._whole) else self._whole or None
        at = bisect_right(self._starts, piece.start)
        parts = _SENTENCE.findall(piece.quote)
        if len(parts) < 2:
            return self._item(piece, self._like(piece.quote, self._around(piece), at))
        found = [self._like(part, part, at + number) for number, part in enumerate(parts)]
        if found == parts:
            return piece.quote
        return "".join(filter(None, found)) or None

    def _item(self, piece: Evidence, found: str | None) -> str | None:
        """The item of what was found that is like the quote, where that was one of a list."""
        around = self._then[max(piece.start - 1, 0) : piece.start] + self._then[piece.end : piece.end + 1]
        if found is None or found == piece.quote or not _LISTED.search(around) or _LISTED.search(piece.quote):
            return found
        wanted = words(piece.quote)
        best = max(_LISTED.split(found), key=lambda part: held(wanted, words(part)))
        return best.strip() if held(wanted, words(best)) >= _SURELY else found

    def keeps(self, piece: Evidence) -> bool:
        """Whether the sentence that the quote was taken from is a sentence of today."""
        at = bisect_right(self._starts, piece.start) - 1
        match = _SENTENCE.match(self._then, self._starts[at]) if at >= 0 else None
        return match is not None and squeeze(match.group()) in self._today

    def _around(self, piece: Evidence) -> str:
        """The clause that the quote was taken from, or the quote where that is not known."""
        if squeeze(self._then[piece.start : piece.end]) != squeeze(piece.quote):
            return piece.quote
        said = self._then[slice(*clause(self._then, piece.start, piece.end))]
        return said if squeeze(piece.quote) in squeeze(said) else piece.quote

    def _like(self, quote: str, said: str, at: int) -> str | None:
        """The quote where a sentence of today holds it; the sentence most like the clause `said`, None where none is
        alike. `at` counts the sentences before it in the earlier text."""
        wanted, own = words(said), squeeze(quote)
        near = self._index.near(wanted, max(at - 1, 0))
        if any(own in squeeze(self._index.texts[place]) for place in near):
            return quote
        best = max(near, key=lambda place: held(wanted, self._index.words[place]), default=None)
        if best is None or held(wanted, self._index.words[best]) < _ENOUGH:
            return None
        sentence = self._index.texts[best].strip()
        return sentence if len(CLAUSE.findall(quote)) > 1 else _narrowed(sentence, wanted)


def shown(row: Indicator, field: str) -> str:
    """What a cell of an indicator row says, empty where it is blank."""
    if field in ("target", "actual", "weight", "score"):
        text: str = getattr(row, field).raw
        return text
    return (row.note or "") if field == "note" else row.name


def _touches(doubt: Doubt, now: Now) -> bool:
    quote, text = squeeze(doubt.quote), squeeze(now.text or "")
    return not quote or not text or text in quote or quote in text


def _narrowed(sentence: str, wanted: Grams) -> str:
    """The clause that says it, where one does; otherwise the sentence."""
    best = max(CLAUSE.findall(sentence), key=lambda part: held(wanted, words(part)), default=sentence)
    return best.strip() if held(wanted, words(best)) >= _ENOUGH else sentence
