"""The rows of one filing as candidates for its claims."""

from collections import Counter
from collections.abc import Iterator, Sequence

from narrcheck.catalogue import message
from narrcheck.fields import Fields
from narrcheck.filing import Claim, Filing, Indicator
from narrcheck.linking.around import counts_objects, heading, own_words, topic
from narrcheck.linking.votes import (
    ABBREVIATED,
    AGREES,
    ASIDE,
    BEST_FIRST,
    ENOUGH_AGREEING,
    NEVER,
    OTHER_HEAD,
    SAME,
    SCOPE,
    TELLING,
    VALUE_MISTYPED,
    Said,
    Vote,
    enough,
    number,
    of_another,
    of_occasions,
    row_unit,
    significant_digits,
    slipped,
    unit_fits,
    value_vote,
)
from narrcheck.parts import on
from narrcheck.quantity.compare import Agreement, compare
from narrcheck.quantity.units import comparable, in_base, is_percent, unscaled
from narrcheck.text import squeeze
from narrcheck.wording import (
    Features,
    Phrase,
    Vocabulary,
    abbreviates,
    excluded,
    is_quality,
    measures_change,
    of_funds,
    phrase,
    shared_words,
    states_result,
)
from narrcheck.words import straddles

_UNIT_SAME = 0.08
_UNIT_ONLY_HERE = 0.12
_UNIT_ONLY_HERE_EXACT = 0.2
_LEAST_WORDING_OF_NOTE = 0.2


class Table:
    """The rows of one filing prepared for comparison: their words, weighted by how few rows hold them."""

    def __init__(self, filing: Filing, claims: Sequence[Claim]) -> None:
        self.fields = Fields(filing)
        self.claims = claims
        self.rows = filing.indicators
        self.names = [phrase(row.name) for row in self.rows]
        self.vocabulary = Vocabulary(self.names)
        self.topic = phrase(filing.project or "").features
        self.in_cells: dict[int, list[Claim]] = {}
        for claim in claims:
            if claim.in_row is not None and claim.field in ("target", "actual"):
                self.in_cells.setdefault(claim.in_row, []).append(claim)
        self._told: dict[int, Features] = {}
        self.by_agreement, self.exclusive, self.borders = on("agreement"), on("exclusivity"), on("borders")
        self.units = Counter(unscaled(unit) for row in self.rows if (unit := row_unit(row)))

    def votes(self, at: int, said: Said) -> Iterator[Vote]:
        """The rows that may answer the claim, those with votes enough only."""
        claim = self.claims[at]
        if claim.scope in NEVER:
            return
        own = own_words(claim.subject)
        said_here = "，".join([own, claim.quote, *self.topic_of(claim)])
        near = phrase(said_here)
        far = self.surroundings(claim) | phrase(claim.subject).features
        words, head = near.features | far, phrase(own).head
        funds = of_funds(own)
        fitting = self.fitting(claim)
        rivals = sum(row_unit(row) is not None for row in fitting)
        for row in fitting:
            if row.position not in self.in_cells and words.isdisjoint(self.names[row.position].features):
                continue
            agreement = self.agreement(claim, row)
            # Words of the project's own name are in every row's and every claim's mouth.
            if agreement is Agreement.INCOMPARABLE and (near.features & self.told(row)) <= self.topic:
                continue
            wording = self.wording(claim, row, near, far, agreement)
            slip = agreement is Agreement.DIFFERS and self.mistyped(claim, row)
            if agreement is Agreement.DIFFERS and not slip and not self.telling(row, near, said_here):
                continue
            if excluded(own, row.name) or (funds and not of_funds(row.name)) or of_another(claim, row, agreement):
                continue
            if claim.scope == "partial" and agreement not in SAME:
                continue
            if claim.scope == "change" and agreement not in SAME and not measures_change(row.name):
                continue
            score = wording + (VALUE_MISTYPED if slip else value_vote(claim, agreement))
            score += SCOPE.get(claim.scope, 0.0)
            score += self.unit_vote(claim, row, said, rivals)
            if self.other_head(head, row, near) and (agreement not in SAME or significant_digits(claim) == 1):
                score += OTHER_HEAD
            if enough(wording, score, agreement, slip):
                yield Vote(at, row.position, score, wording, agreement, self.meant(claim, row, near))

    def fitting(self, claim: Claim) -> list[Indicator]:
        """The rows of a unit that fits: none of occasions for a number of the things that an action is done to."""
        rows = [row for row in self.rows if unit_fits(claim, row) and self.countable(row)]
        objects = counts_objects(self.fields, claim)
        return [row for row in rows if not (objects and of_occasions(row))]

    def countable(self, row: Indicator) -> bool:
        """Whether figures may answer the row: not where its name is a quality (及时性) and no cell of it has one."""
        return row_unit(row) is not None or row.position in self.in_cells or not is_quality(row.name)

    def told(self, row: Indicator) -> Features:
        """The words of a row's name, and of what its cells count."""
        known = self._told.get(row.position)
        if known is None:
            cells = self.in_cells.get(row.position, ())
            known = self.names[row.position].features.union(*(phrase(cell.subject).features for cell in cells))
            self._told[row.position] = known
        return known

    def meant(self, claim: Claim, row: Indicator, near: Phrase) -> int:
        """Which of the quantities of a row's target cell the claim is about; 0 where it is the only one."""
        cells = [cell for cell in self.in_cells.get(row.position, ()) if cell.field == "target"]
        if row.target.value is not None or len(cells) < 2:
            return 0
        shared = [self.vocabulary.coverage(phrase(cell.subject), near.features) for cell in cells]
        return shared.index(max(shared))

    def wording(self, claim: Claim, row: Indicator, near: Phrase, far: Features, agreement: Agreement) -> float:
        """How much of the row's name the claim says, and how much of the claim the name says.

        A row in words is also known by what its cells state, in particular where the numbers agree.
        """
        name = self.names[row.position]
        said = self.vocabulary.coverage(name, near.features, far)
        closeness = 0.65 * said + 0.35 * self.vocabulary.coverage(near, name.features) if said else 0.0
        if 0 < closeness < ABBREVIATED and abbreviates(own_words(claim.subject), squeeze(row.name)):
            closeness = ABBREVIATED
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

    def other_head(self, head: str, row: Indicator, near: Phrase) -> bool:
        """Whether claim and row end in different nouns (分析报告, 案例集), each unknown to the other."""
        name = self.names[row.position]
        return head not in name.features and name.head not in near.features

    def mistyped(self, claim: Claim, row: Indicator) -> bool:
        """Whether the claim's number reads like the row's with a slip of the hand: then it is likely the same thing."""
        cell = row.target if claim.field == "goal" else row.actual
        if cell.value is None or claim.upper is not None or not self.by_agreement:
            return False
        return slipped(in_base(claim.value, claim.unit), in_base(cell.value, cell.unit or claim.unit))

    def telling(self, row: Indicator, near: Phrase, said: str) -> bool:
        """Whether claim and row share a word that sets the row apart from others.

        This decides on links between numbers that differ, so words are told from chance neighbours here. A name of
        common words only (政策服务活动) is known by having them all.
        """
        name = self.names[row.position].features
        if name.isdisjoint(near.features):
            return False
        here, there = squeeze(row.name), squeeze(said)
        words = [feature for feature in name if not (self.borders and straddles(here, feature))]
        telling = [feature for feature in words if self.vocabulary.weight(feature) >= TELLING]
        if not telling:
            return bool(words) and near.features.issuperset(words)
        telling += [f for f in name if f not in words and f in near.features and not straddles(there, f)]
        if near.features.isdisjoint(telling):
            return False
        # A rate of another name (优良率 beside 合格率) is said of many things.
        return not is_percent(row_unit(row) or "") or bool(shared_words(here, there))

    def surroundings(self, claim: Claim) -> Features:
        """The words of the clause that holds the claim, and of the short heading that opens its passage."""
        flat = self.fields.of(claim).flat
        start, end = self.fields.clause(claim)
        return phrase(flat[start:end]).features | phrase(heading(flat, start)).features

    def topic_of(self, claim: Claim) -> list[str]:
        """What the sentence of a sum says that it is about: the list that is summed up names other things only."""
        about = topic(self.fields.of(claim).flat, self.fields.number(claim)[0]) if claim.scope == "total" else ""
        return [about] if about else []

    def agreement(self, claim: Claim, row: Indicator) -> Agreement:
        """How the claim's number stands to the row's: the target for the goal, the actual for the narrative.

        Where the row's cell is words, a number in those words speaks for it.
        """
        kind = self._stands(claim, row)
        return kind if self.by_agreement or kind not in AGREES else Agreement.DIFFERS

    def _stands(self, claim: Claim, row: Indicator) -> Agreement:
        cell = row.target if claim.field == "goal" or row.actual.value is None else row.actual
        if cell.value is not None:
            kind = compare(claim.modifier, claim.value, claim.upper, claim.unit, cell.value, cell.unit or claim.unit)
            if cell is row.actual or claim.field == "goal" or kind in AGREES:
                return kind
        seen = {self._against(claim, other) for other in self.in_cells.get(row.position, ())}
        return next((kind for kind in BEST_FIRST if kind in seen), Agreement.INCOMPARABLE)

    @staticmethod
    def _against(claim: Claim, other: Claim) -> Agreement:
        if claim.unit != other.unit and not comparable(claim.unit, other.unit):
            return Agreement.INCOMPARABLE
        return compare(claim.modifier, claim.value, claim.upper, claim.unit, other.value, other.unit)

    def unit_vote(self, claim: Claim, row: Indicator, said: Said, rivals: int) -> float:
        """More where the unit is the row's own, most where no other row and no other claim of the text has it."""
        unit = row_unit(row)
        if unit is None:
            return 0.0
        unit = unscaled(unit)
        same = unit == unscaled(claim.unit)
        vote = _UNIT_SAME if same else 0.0
        if not self.exclusive:
            return vote
        if same and self.units[unit] == 1 and said.units[unit] == 1:
            return vote + _UNIT_ONLY_HERE_EXACT
        if rivals == 1 and said.alike(unit) - (claim.scope not in ASIDE) == 0:
            return vote + _UNIT_ONLY_HERE
        return vote

    def leftovers(self, members: Sequence[int], chosen: dict[int, Vote], said: Said) -> Iterator[tuple[int, Vote]]:
        """Claims without wording in common that agree to two digits or more, in unit too, with one unanswered row; or
        that would but for a slip of the hand in three digits or more."""
        answered = {vote.row for vote in chosen.values()}
        free = [row for row in self.rows if row.position not in answered and row_unit(row)]
        for at in members:
            claim = self.claims[at]
            if at in chosen or claim.scope not in ("year", "total") or significant_digits(claim) < 2:
                continue
            same = [row for row in free if unscaled(row_unit(row) or "") == unscaled(claim.unit)]
            fits = [row for row in same if self.agreement(claim, row) is Agreement.EQUAL and self.rare(claim, row)]
            slips = [
                row for row in same if not fits and self.mistyped(claim, row) and not excluded(claim.subject, row.name)
            ]
            if len(fits + slips) == 1 and said.numbers[number(claim)] == 1:
                kind = Agreement.EQUAL if fits else Agreement.DIFFERS
                yield at, Vote(at, (fits + slips)[0].position, ENOUGH_AGREEING, 0.0, kind)

    def rare(self, claim: Claim, row: Indicator) -> bool:
        """Whether the two are unlikely to agree by chance, as percentages often do (满意度 and 合格率 of 95%)."""
        if not is_percent(claim.unit) or significant_digits(claim) > 2:
            return True
        own = phrase(own_words(claim.subject))
        return not self.other_head(own.head, row, own)

    def own_row(self, at: int, in_row: int) -> Vote | None:
        """The vote for the row whose note or cell holds the claim, where the claim is about that row's result."""
        claim, row = self.claims[at], self.rows[in_row]
        if claim.scope in ("change", "other_year", "extra", "part") or not unit_fits(claim, row):
            return None
        near = phrase(claim.subject + "，" + claim.quote)
        agreement = self.agreement(claim, row)
        wording = self.wording(claim, row, near, frozenset(), agreement)
        if claim.field == "note" and claim.scope != "plan":
            words = self.fields.clause_words(claim)
            alike = any(comparable(claim.unit, cell.unit) for cell in self.in_cells.get(in_row, ()))
            near_name = wording >= _LEAST_WORDING_OF_NOTE
            if not states_result(words, near_name) or (row_unit(row) is None and not near_name and not alike):
                return None
        return Vote(at, in_row, 1.0, wording, agreement)

    def reason(self, vote: Vote, lang: str) -> str:
        claim, row = self.claims[vote.claim], self.rows[vote.row]
        said = "，".join([claim.subject, claim.quote, *self.topic_of(claim)])
        shared = shared_words(squeeze(row.name), squeeze(said))
        return message(
            f"link.{vote.agreement.name.lower()}",
            lang,
            unit=claim.unit,
            row_unit=row_unit(row) or "—",
            words="、".join(shared) or "—",
            score=f"{vote.score:.2f}",
        )
