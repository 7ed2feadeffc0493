"""How answers are matched with labels: the one place that decides what counts as found and as right.

Texts are compared without white space and with full-width letters, digits and signs folded to half width, because
layouts break lines and cells differently. Values are compared as decimals where both are numbers (a percent sign and
thousands separators aside), otherwise as such texts. A pairing is one to one:

- Claims, label by label in order: the kind of field (narrative, note, …), value and upper agree and the quotes overlap;
  of several the one whose unit agrees, then the one whose quote shares most characters.
- Findings: the largest pairing. A finding answers a label where the rule agrees, the label's row is named in the
  evidence (of `rows` at least half of all rows on either side), one of the label's values is in the evidence, and, for
  an N label without a row, one of its quotes is touched.
- Findings across filings: the rule agrees, all filings of the label are in the evidence, and, where the label names
  rows, one of them or one of its values is in it.
- Rows of a table: by name, in order; what one side lacks faces an empty row.

Labels are models of `narrcheck.evaluation.labels`; answers are the dictionaries of the JSON report, so that what an
older version has written is matched by the same rules.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from narrcheck.evaluation.labels import ClaimLabel, FindingLabel

Answer = Mapping[str, Any]
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")
_LEAST_SHARED = 2


def bare(text: object) -> str:
    """A text as it is compared: no white space, full-width signs folded to half width; nothing for None."""
    return "" if text is None else "".join(str(text).split()).translate(_FOLD)


def number(text: object) -> Decimal | None:
    """The decimal that a text states, thousands separators and a percent sign aside; None where it states none."""
    try:
        value = Decimal(str(text).replace(",", "").rstrip("%"))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def same_value(one: object, other: object) -> bool:
    """Whether two values are equal as decimals, or as texts where one of them is no number."""
    first, second = number(one), number(other)
    if first is None or second is None:
        return bare(one) == bare(other)
    return first == second


def overlap(one: str, other: str) -> bool:
    """Whether one of two texts holds the other, or the end of one is the start of the other by two characters."""
    if not one or not other:
        return False
    if one in other or other in one:
        return True
    shared = range(_LEAST_SHARED, min(len(one), len(other)) + 1)
    return any(one.endswith(other[:n]) or other.endswith(one[:n]) for n in shared)


def kind_of_field(field: str) -> str:
    """The field without the row it belongs to: note for note:<row name>."""
    return field.partition(":")[0]


def pair_claims(
    labels: Sequence[ClaimLabel], claims: Sequence[Answer]
) -> Iterator[tuple[ClaimLabel | None, Answer | None]]:
    """Each label with the claim that answers it, or None; then each claim that answers no label."""
    free = dict(enumerate(claims))
    for label in labels:
        fitting = [(_closeness(label, claim), -at) for at, claim in free.items() if _answers_claim(label, claim)]
        yield label, free.pop(-max(fitting)[1]) if fitting else None
    for claim in free.values():
        yield None, claim


def _answers_claim(label: ClaimLabel, claim: Answer) -> bool:
    if kind_of_field(label.field) != kind_of_field(claim["field"]) or not same_value(label.value, claim["value"]):
        return False
    if bool(label.upper) != bool(claim.get("upper")) or (label.upper and not same_value(label.upper, claim["upper"])):
        return False
    return overlap(bare(label.quote), bare(claim["quote"]))


def _closeness(label: ClaimLabel, claim: Answer) -> tuple[bool, int]:
    shared = set(bare(label.quote)) & set(bare(claim["quote"]))
    return same_unit(label, claim), len(shared)


def same_unit(label: ClaimLabel, claim: Answer) -> bool:
    """Whether label and claim have one unit."""
    return bare(label.unit) == bare(claim["unit"])


def row_of(claim: Answer, rows: Sequence[Answer]) -> str | None:
    """The name of the row that a claim is linked to."""
    row = claim.get("row")
    if isinstance(row, str) or row is None:
        return row
    return rows[row]["name"] if 0 <= row < len(rows) else None


def answers(label: FindingLabel, finding: Answer, any_rule: bool = False) -> bool:
    """Whether a finding is what a label asks for; with `any_rule` under whatever rule."""
    if not any_rule and label.rule != finding["rule"]:
        return False
    pieces = finding["evidence"]
    names = {bare(piece.get("name")) for piece in pieces if piece.get("name")}
    if label.rows:
        wanted = {bare(row) for row in label.rows}
        return 2 * len(names & wanted) >= len(names | wanted)
    if label.row and bare(label.row) not in names:
        return False
    if not label.values:
        return True
    if label.rule.startswith("N") and not label.row and label.quotes and not _touched(label, pieces):
        return False
    return any(_shows(value, piece) for value in label.values for piece in pieces)


def _touched(label: FindingLabel, pieces: Sequence[Answer]) -> bool:
    return any(overlap(bare(quote), bare(piece.get("quote"))) for quote in label.quotes for piece in pieces)


def _shows(value: str, piece: Answer) -> bool:
    """Whether a piece of evidence has a value: as its own, as its unit, or as a whole number or word of its quote."""
    quote = bare(piece.get("quote"))
    stated = (piece.get("value"), piece.get("upper"), piece.get("unit"), *_NUMBER.findall(quote))
    if any(one is not None and same_value(value, one) for one in stated):
        return True
    return number(value) is None and bare(value) in quote


def pair_findings(
    labels: Sequence[FindingLabel],
    findings: Sequence[Answer],
    fits: Callable[[FindingLabel, Answer], bool] = answers,
) -> dict[int, int]:
    """The largest one-to-one pairing of labels with findings that answer them: positions of labels to positions of
    findings."""
    fitting = _fitting(labels, findings, fits)
    holder: dict[int, int] = {}
    useless: set[int] = set()
    full: set[tuple[int, ...]] = set()
    for label, found in enumerate(fitting):
        if found not in full and not _placed(label, fitting, holder, useless):
            full.add(found)
    return {label: finding for finding, label in holder.items()}


def _fitting(
    labels: Sequence[FindingLabel], findings: Sequence[Answer], fits: Callable[[FindingLabel, Answer], bool]
) -> list[tuple[int, ...]]:
    """The findings that answer each label; one and the same tuple for labels that the same findings answer."""
    known: dict[str, tuple[int, ...]] = {}
    same: dict[tuple[int, ...], tuple[int, ...]] = {}
    fitting = []
    for label in labels:
        key = label.model_dump_json()
        if key not in known:
            found = tuple(at for at, finding in enumerate(findings) if fits(label, finding))
            known[key] = same.setdefault(found, found)
        fitting.append(known[key])
    return fitting


def _placed(label: int, fitting: Sequence[tuple[int, ...]], holder: dict[int, int], useless: set[int]) -> bool:
    """Whether a label gets a finding, others moved to further ones where need be; `holder` is then changed.

    `useless` are findings that an earlier label has tried in vain: nothing that is placed later frees them. This
    label's are added where it gets none.
    """
    tried: set[int] = set()
    ahead: dict[int, Iterator[int]] = {}
    moving, taking = [label], list[int]()
    while moving:
        found = fitting[moving[-1]]
        # Labels that the same findings answer share what is ahead: whatever one of them has passed has been tried.
        rest = ahead.setdefault(id(found), iter(found))
        finding = next((at for at in rest if at not in tried and at not in useless), None)
        if finding is None:
            moving.pop()
            del taking[-1:]
            continue
        tried.add(finding)
        taking.append(finding)
        if finding not in holder:
            holder.update(zip(taking, moving, strict=True))
            return True
        moving.append(holder[finding])
    useless |= tried
    return False


def answers_across(label: FindingLabel, finding: Answer) -> bool:
    """Whether a finding across filings is what a label asks for. A filing is known by its file name without ending."""
    pieces = finding["evidence"]
    sources = {stem(piece["source"]["path"]) for piece in pieces if "source" in piece}
    if label.rule != finding["rule"] or not sources.issuperset(map(stem, label.filings or ())):
        return False
    if not label.rows:
        return True
    wanted = {bare(row) for row in label.rows}
    named = any(bare(piece.get("name")) in wanted for piece in pieces)
    return named or any(bare(value) in bare(piece.get("quote")) for value in label.values for piece in pieces)


def stem(path: str) -> str:
    """A file's name without folder and ending."""
    name = re.split(r"[/\\]", path)[-1]
    return name.rpartition(".")[0] or name


def pair_rows(wanted: Sequence[Answer], had: Sequence[Answer], key: str) -> Iterator[tuple[int, Answer, Answer]]:
    """The rows of two tables side by side, each with its position, paired by what they have under `key`."""
    one, other = ([bare(row.get(key)) for row in rows] for rows in (wanted, had))
    for _, start, end, first, last in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        for step in range(max(end - start, last - first)):
            yield (
                start + step,
                wanted[start + step] if start + step < end else {},
                had[first + step] if first + step < last else {},
            )
