"""Which indicator row, if any, counts the same thing as a claim.

Unit, wording, rarity of words, the table's value and exclusivity vote; *no row* is a normal answer. A claim whose
number the row admits needs less wording than one that differs: agreement is evidence of its own, and a wrong link with
another number would raise a false alarm.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from narrcheck.catalogue import message
from narrcheck.filing import Claim, Filing, Indicator
from narrcheck.quantity.compare import Agreement, compare
from narrcheck.quantity.units import comparable, is_percent
from narrcheck.text import clause
from narrcheck.wording import Features, Phrase, Vocabulary, measures_change, phrase, states_result

AGREES = frozenset([Agreement.EQUAL, Agreement.ROUNDED, Agreement.ADMITTED])
_BEST_FIRST = (Agreement.EQUAL, Agreement.ROUNDED, Agreement.ADMITTED)
_SAME = frozenset([Agreement.EQUAL, Agreement.ROUNDED])

# What each vote counts, beside wording (0 to 1). A number of more digits agrees by chance less often.
_VALUE_BY_DIGITS = (0.0, 0.1, 0.22, 0.32, 0.4)
_VALUE_ADMITTED = 0.12
_VALUE_DIFFERS = -0.05
_UNIT_SAME = 0.08
_UNIT_ONLY_HERE = 0.12
_UNIT_ONLY_HERE_EXACT = 0.2
_SCOPE = {"part": -0.15, "extra": -0.15, "cumulative": -0.15, "plan": -0.2}
_NEVER = frozenset(["other_year"])
_ASIDE = frozenset(["change", "other_year"])
_ENOUGH_AGREEING = 0.45
_ENOUGH_DIFFERING = 0.45
_LEAST_WORDING_AGREEING = 0.12
_LEAST_WORDING_DIFFERING = 0.3
_LEAST_WORDING_WITHOUT_VALUE = 0.5
_TELLING = 0.45
_OTHER_HEAD = -0.12
_AGREEING_FIRST = 0.2
_HEADING_REACH = 400
_AS_CLOSE = 0.75


@dataclass(frozen=True, slots=True)
class Vote:
    """A row that may answer a claim. `wording` in 0..1, `score` the sum of votes, `agreement` of the two numbers."""

    claim: int
    row: int
    score: float
    wording: float
    agreement: Agreement


def link(filing: Filing, claims: Sequence[Claim], lang: str = "zh") -> tuple[Claim, ...]:
    """The claims with `row` and `why` set; a claim that no row answers keeps `row` None.

    Each text (goal, narrative, a row's note or cells) is linked on its own, so that the goal's and the narrative's
    figure may both answer one row.
    """
    if not filing.indicators or not claims:
        return tuple(claims)
    table = Table(filing, claims)
    linked = list(claims)
    groups: dict[tuple[str, int | None], list[int]] = {}
    for at, claim in enumerate(claims):
        groups.setdefault((claim.field, claim.in_row), []).append(at)
    for (_, in_row), members in groups.items():
        if in_row is None:
            said = Said(claims[at] for at in members)
            chosen = assign([vote for at in members for vote in table.votes(at, said)], claims)
            chosen.update(table.leftovers(members, chosen, said))
        else:
            chosen = {at: vote for at in members if (vote := table.own_row(at, in_row))}
        for at, vote in chosen.items():
            linked[at] = replace(claims[at], row=vote.row, why=table.reason(vote, lang))
    return tuple(linked)


class Said:
    """The claims of one text counted by unit and by number, for the votes on exclusivity."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        told = list(claims)
        self.units = Counter(claim.unit for claim in told)
        self.numbers = Counter((claim.value, claim.unit) for claim in told)
        self._own = Counter(claim.unit for claim in told if claim.scope not in _ASIDE)
        self._alike: dict[str, int] = {}

    def alike(self, unit: str) -> int:
        """How many claims, figures of change and of other years aside, are in a unit that compares with this one."""
        if unit not in self._alike:
            self._alike[unit] = sum(n for other, n in self._own.items() if other == unit or comparable(other, unit))
        return self._alike[unit]


class Table:
    """The rows of one filing prepared for comparison: their words, weighted by how few rows hold them."""

    def __init__(self, filing: Filing, claims: Sequence[Claim]) -> None:
        self.filing = filing
        self.claims = claims
        self.rows = filing.indicators
        self.names = [phrase(row.name) for row in self.rows]
        self.vocabulary = Vocabulary(self.names)
        self.in_cells: dict[int, list[Claim]] = {}
        for claim in claims:
            if claim.in_row is not None and claim.field in ("target", "actual"):
                self.in_cells.setdefault(claim.in_row, []).append(claim)
        self.units = Counter(unit for row in self.rows if (unit := row_unit(row)))

    def votes(self, at: int, said: "Said") -> Iterator[Vote]:
        """The rows that may answer the claim, those with votes enough only."""
        claim = self.claims[at]
        if claim.scope in _NEVER:
            return
        near = phrase(claim.subject + "，" + claim.quote)
        far = self.surroundings(claim)
        fitting = [row for row in self.rows if unit_fits(claim, row)]
        rivals = sum(row_unit(row) is not None for row in fitting)
        for row in fitting:
            agreement = self.agreement(claim, row)
            wording = self.wording(claim, row, near, far, agreement)
            if agreement is Agreement.DIFFERS and not self.telling(row, near):
                continue
            if claim.scope == "change" and agreement not in _SAME and not measures_change(row.name):
                continue
            score = wording + self.value_vote(claim, agreement) + _SCOPE.get(claim.scope, 0.0)
            score += self.unit_vote(claim, row, said, rivals)
            if self.other_head(claim, row, near):
                score += _OTHER_HEAD
            if enough(wording, score, agreement):
                yield Vote(at, row.position, score, wording, agreement)

    def wording(self, claim: Claim, row: Indicator, near: Phrase, far: Features, agreement: Agreement) -> float:
        """How much of the row's name the claim says, and how much of the claim the name says.

        A row in words is also known by what its cells state, in particular where the numbers agree.
        """
        name = self.names[row.position]
        said = self.vocabulary.coverage(name, near.features, far)
        closeness = 0.65 * said + 0.35 * self.vocabulary.coverage(near, name.features) if said else 0.0
        cells = self.in_cells.get(row.position)
        if cells and row.actual.value is None:
            for cell in cells:
                if agreement in AGREES:
                    closeness = max(closeness, self.vocabulary.coverage(near, self.surroundings(cell)))
                elif claim.unit == cell.unit or comparable(claim.unit, cell.unit):
                    words = phrase(cell.subject)
                    told = self.vocabulary.coverage(words, near.features)
                    back = self.vocabulary.coverage(near, words.features)
                    closeness = max(closeness, 0.6 * min(told, back) + 0.3 * max(told, back))
        return closeness

    def other_head(self, claim: Claim, row: Indicator, near: Phrase) -> bool:
        """Whether claim and row end in different nouns (分析报告, 案例集), each unknown to the other."""
        name, head = self.names[row.position], phrase(claim.subject).head
        return head not in name.features and name.head not in near.features

    def telling(self, row: Indicator, near: Phrase) -> bool:
        """Whether claim and row share a word that sets the row apart from others."""
        shared = self.names[row.position].features & near.features
        return any(self.vocabulary.weight(feature) >= _TELLING for feature in shared)

    def surroundings(self, claim: Claim) -> Features:
        """The words of the clause that holds the claim, and of the short heading that opens its passage."""
        text = field_text(self.filing, claim)
        start, end = clause(text, claim.number_start, claim.number_end)
        return phrase(text[start:end]).features | phrase(heading(text, start)).features

    def agreement(self, claim: Claim, row: Indicator) -> Agreement:
        """How the claim's number stands to the row's: the target for the goal, the actual for the narrative.

        Where the row's cell is words, a number in those words speaks for it.
        """
        cell = row.target if claim.field == "goal" or row.actual.value is None else row.actual
        if cell.value is not None:
            kind = compare(claim.modifier, claim.value, claim.upper, claim.unit, cell.value, cell.unit or claim.unit)
            if cell is row.actual or claim.field == "goal" or kind in AGREES:
                return kind
        seen = {self._against(claim, other) for other in self.in_cells.get(row.position, ())}
        return next((kind for kind in _BEST_FIRST if kind in seen), Agreement.INCOMPARABLE)

    @staticmethod
    def _against(claim: Claim, other: Claim) -> Agreement:
        if claim.unit != other.unit and not comparable(claim.unit, other.unit):
            return Agreement.INCOMPARABLE
        return compare(claim.modifier, claim.value, claim.upper, claim.unit, other.value, other.unit)

    @staticmethod
    def value_vote(claim: Claim, agreement: Agreement) -> float:
        if agreement in _SAME:
            return _VALUE_BY_DIGITS[min(significant_digits(claim), 4)]
        if agreement is Agreement.ADMITTED:
            return _VALUE_ADMITTED
        return _VALUE_DIFFERS if agreement is Agreement.DIFFERS else 0.0

    def unit_vote(self, claim: Claim, row: Indicator, said: "Said", rivals: int) -> float:
        """More where the unit is the row's own, most where no other row and no other claim of the text has it."""
        unit = row_unit(row)
        if unit is None:
            return 0.0
        vote = _UNIT_SAME if unit == claim.unit else 0.0
        if unit == claim.unit and self.units[unit] == 1 and said.units[unit] == 1:
            return vote + _UNIT_ONLY_HERE_EXACT
        if rivals == 1 and said.alike(unit) - (claim.scope not in _ASIDE) == 0:
            return vote + _UNIT_ONLY_HERE
        return vote

    def leftovers(self, members: Sequence[int], chosen: dict[int, Vote], said: "Said") -> Iterator[tuple[int, Vote]]:
        """Claims without wording in common that agree to two digits or more, in unit too, with one unanswered row."""
        answered = {vote.row for vote in chosen.values()}
        free = [row for row in self.rows if row.position not in answered and row_unit(row)]
        for at in members:
            claim = self.claims[at]
            if at in chosen or claim.scope not in ("year", "total") or significant_digits(claim) < 2:
                continue
            fits = [r for r in free if row_unit(r) == claim.unit and self.agreement(claim, r) is Agreement.EQUAL]
            if len(fits) == 1 and said.numbers[claim.value, claim.unit] == 1:
                yield at, Vote(at, fits[0].position, _ENOUGH_AGREEING, 0.0, Agreement.EQUAL)

    def own_row(self, at: int, in_row: int) -> Vote | None:
        """The vote for the row whose note or cell holds the claim, where the claim is about that row's result."""
        claim, row = self.claims[at], self.rows[in_row]
        if claim.scope in ("change", "other_year", "extra", "part") or not unit_fits(claim, row):
            return None
        near = phrase(claim.subject + "，" + claim.quote)
        agreement = self.agreement(claim, row)
        wording = self.wording(claim, row, near, frozenset(), agreement)
        if claim.field == "note" and claim.scope != "plan":
            text = field_text(self.filing, claim)
            start, end = clause(text, claim.number_start, claim.number_end)
            alike = any(comparable(claim.unit, cell.unit) for cell in self.in_cells.get(in_row, ()))
            if not states_result(text[start:end]) or (row_unit(row) is None and wording < 0.2 and not alike):
                return None
        return Vote(at, in_row, 1.0, wording, agreement)

    def reason(self, vote: Vote, lang: str) -> str:
        claim, row = self.claims[vote.claim], self.rows[vote.row]
        near = phrase(claim.subject + "，" + claim.quote).features
        shared = self.vocabulary.shared(self.names[vote.row].features, near)
        return message(
            f"link.{vote.agreement.name.lower()}",
            lang,
            unit=claim.unit,
            row_unit=row_unit(row) or "—",
            words="、".join(shared) or "—",
            score=f"{vote.score:.2f}",
        )


def enough(wording: float, score: float, agreement: Agreement) -> bool:
    """Whether the votes carry a link: less wording where the numbers agree, more where they differ."""
    if agreement in AGREES:
        return score >= _ENOUGH_AGREEING and wording >= _LEAST_WORDING_AGREEING
    if agreement is Agreement.INCOMPARABLE:
        return wording >= _LEAST_WORDING_WITHOUT_VALUE
    return wording >= _LEAST_WORDING_DIFFERING and score >= _ENOUGH_DIFFERING


def assign(votes: list[Vote], claims: Sequence[Claim]) -> dict[int, Vote]:
    """Votes in order of strength; a row is answered once, or again by the same number in words nearly as close."""
    chosen: dict[int, Vote] = {}
    taken: dict[int, list[Vote]] = {}
    for vote in sorted(votes, key=lambda v: (-_strength(v), v.claim, v.row)):
        holders = taken.setdefault(vote.row, [])
        if vote.claim in chosen or any(not _repeats(vote, holder, claims) for holder in holders):
            continue
        chosen[vote.claim] = vote
        holders.append(vote)
    return chosen


def _strength(vote: Vote) -> float:
    """A claim that agrees with the row goes before one that differs: the row is likely to be about the former."""
    return vote.score + (_AGREEING_FIRST if vote.agreement in _SAME else 0.0)


def _repeats(vote: Vote, holder: Vote, claims: Sequence[Claim]) -> bool:
    claim, other = claims[vote.claim], claims[holder.claim]
    same = (claim.value, claim.unit) == (other.value, other.unit)
    return same and vote.wording >= _AS_CLOSE * holder.wording


def row_unit(row: Indicator) -> str | None:
    """The unit a row counts in, where one of its cells is a plain value."""
    return row.target.unit or row.actual.unit


def unit_fits(claim: Claim, row: Indicator) -> bool:
    """Whether a claim in this unit could answer the row at all. A row in words takes any unit but a percentage."""
    units = [unit for unit in (row.actual.unit, row.target.unit) if unit]
    if not units:
        return row.target.value is None and row.actual.value is None and not is_percent(claim.unit)
    return any(claim.unit == unit or comparable(claim.unit, unit) for unit in units)


def significant_digits(claim: Claim) -> int:
    """The digits of a claim's number without leading and trailing zeros: 100 has one, 27.50 three."""
    return len(claim.value.normalize().as_tuple().digits)


def heading(text: str, position: int) -> str:
    """The opening sentence of the passage around a position, where it is short (二是送教下乡促均衡。, (二)严防控。)."""
    reach = max(position - _HEADING_REACH, 0)
    cut = max(text.rfind("\n", reach, position) + 1, reach)
    sentences = text[cut:position].split("。")[:-1]
    short = [sentence for sentence in sentences if len(sentence) <= 16]
    return short[-1] if short else ""


def field_text(filing: Filing, claim: Claim) -> str:
    """The whole text of the field that holds a claim."""
    if claim.field == "goal":
        return filing.goal or ""
    if claim.field == "narrative":
        return filing.narrative or ""
    assert claim.in_row is not None
    row = filing.indicators[claim.in_row]
    if claim.field == "note":
        return row.note or ""
    return row.target.raw if claim.field == "target" else row.actual.raw
