"""Which row of the corrected form is which row of the earlier one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from narrcheck.filing import Checked, Evidence, Filing, Finding, Indicator
from narrcheck.resubmission.likeness import alike, words
from narrcheck.text import squeeze

_RENAMED = 0.6
_LIKE_AT_ALL = 0.2
_NAME, _TARGET, _LEVEL, _PLACE = 1.0, 0.3, 0.2, 0.2
_MOST = 100_000

Key = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Rows:
    """`now` maps the position of each earlier indicator row to that of the row it is today; rows that are gone are not
    in it. `folded`: those that are gone where another of their name, which `now` gives, still stands."""

    now: Mapping[int, int]
    folded: frozenset[int] = frozenset()

    def own(self, position: int | None) -> int | None:
        """The row that an earlier one is today, None where it is gone."""
        return None if position is None or position in self.folded else self.now.get(position)

    def key_of_old(self, piece: Evidence) -> Key:
        """The place of earlier evidence, as `key_of_new` gives that of the same place today."""
        if piece.row is None or piece.field == "funds":
            return _key(piece)
        place = self.now.get(piece.row)
        kind = "gone" if place is None else "row"
        return piece.field, piece.column or "", kind, piece.row if place is None else place


def key_of_new(piece: Evidence) -> Key:
    """The place of a piece of evidence: its field, column, and row by position or by the label of a funds row."""
    if piece.row is None or piece.field == "funds":
        return _key(piece)
    return piece.field, piece.column or "", "row", piece.row


def _key(piece: Evidence) -> Key:
    return piece.field, piece.column or "", f"={squeeze(piece.name or '')}", 0


def rows(old: Checked, new: Checked) -> Rows:
    """The rows of two versions of one form: by name, rows of equal names by what else they say; then renamed ones.

    Of rows that became fewer, those that are left over are taken for the last of their name.
    """
    earlier, today = _named(old), _named(new)
    now: dict[int, int] = {}
    folded: set[int] = set()
    for name, positions in earlier.items():
        places = today.get(name)
        if places:
            own = _namesakes(positions, places, old.filing, new.filing)
            now.update({at: own.get(at, places[-1]) for at in positions})
            folded.update(at for at in positions if at not in own)
    taken = {place for at, place in now.items() if at not in folded}
    left = [(at, name) for name, positions in earlier.items() for at in positions if at not in now or at in folded]
    free = [(at, name) for name, positions in today.items() for at in positions if at not in taken]
    renamed = dict(_renamed(left, free, old.filing, new.filing))
    now.update(renamed)
    folded.difference_update(renamed)
    return Rows(now, frozenset(folded))


def _namesakes(positions: list[int], places: list[int], old: Filing, new: Filing) -> dict[int, int]:
    """Rows of one name: those that share most cells belong together, of equals those in the same order."""
    if len(positions) == len(places) == 1 or len(positions) * len(places) > _MOST:
        return dict(zip(positions, places, strict=False))
    earlier, today = ({row.position: _cells(row) for row in form.indicators} for form in (old, new))
    scored = sorted(
        (-_shared(earlier.get(at, ()), today.get(place, ())), abs(number - other), number, other)
        for number, at in enumerate(positions)
        for other, place in enumerate(places)
    )
    found: dict[int, int] = {}
    used: set[int] = set()
    for *_, number, other in scored:
        if positions[number] not in found and other not in used:
            found[positions[number]] = places[other]
            used.add(other)
    return found


def _cells(row: Indicator) -> tuple[str, ...]:
    texts = (row.target.raw, row.actual.raw, row.weight.raw, row.score.raw, row.note, row.level2)
    return tuple(squeeze(text or "") for text in texts)


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return sum(left == right for left, right in zip(one, other, strict=False))


def _named(checked: Checked) -> dict[str, list[int]]:
    """The positions of the indicator rows by name; of a filing whose table was not kept, the rows of its evidence."""
    known = {row.position: squeeze(row.name) for row in checked.filing.indicators}
    if not known:
        known = {piece.row: squeeze(piece.name or "") for piece in _pieces(checked) if piece.row is not None}
    found: dict[str, list[int]] = defaultdict(list)
    for position in sorted(known):
        found[known[position]].append(position)
    return found


def _pieces(checked: Checked) -> Iterable[Evidence]:
    findings: list[Finding] = [*checked.findings, *(f for f, _ in checked.waived), *(f for f, _ in checked.dismissed)]
    return (piece for finding in findings for piece in finding.evidence if piece.field != "funds")


def _renamed(
    left: list[tuple[int, str]], free: list[tuple[int, str]], old: Filing, new: Filing
) -> Iterable[tuple[int, int]]:
    """Rows whose names have no equal on the other side and that are alike enough to be one row."""
    if not free or len(left) * len(free) > _MOST:
        return
    earlier, today = {row.position: row for row in old.indicators}, {row.position: row for row in new.indicators}
    names = {name: words(name) for _, name in (*left, *free)}
    scored = [
        (-_NAME * alike(names[name], names[other]) - _same(earlier.get(at), today.get(place), at == place), at, place)
        for at, name in left
        for place, other in free
        if alike(names[name], names[other]) >= _LIKE_AT_ALL or _answered_alike(earlier.get(at), today.get(place))
    ]
    used: set[int] = set()
    settled: set[int] = set()
    for score, at, place in sorted(scored):
        if -score >= _RENAMED and at not in settled and place not in used:
            settled.add(at)
            used.add(place)
            yield at, place


def _answered_alike(one: Indicator | None, other: Indicator | None) -> bool:
    """Whether two rows report the same figure."""
    if one is None or other is None or one.actual.value is None:
        return False
    return squeeze(one.actual.raw) == squeeze(other.actual.raw)


def _same(one: Indicator | None, other: Indicator | None, in_place: bool) -> float:
    """What two rows have in common beside their names."""
    score = _PLACE if in_place else 0.0
    if one is None or other is None:
        return score
    target = squeeze(one.target.raw)
    if target and target == squeeze(other.target.raw):
        score += _TARGET
    return score + (_LEVEL if one.level2 == other.level2 else 0.0)
