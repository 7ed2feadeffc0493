"""The filings of a batch side by side: who reported, on which project, and how a finding about several is stated."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from narrcheck.catalogue import message
from narrcheck.data import load
from narrcheck.filing import Claim, Evidence, FieldName, Filing, Finding, Indicator
from narrcheck.rules.case import Case, numbered, plain
from narrcheck.rules.registry import find_rule
from narrcheck.text import squeeze

_YEARS = re.compile(
    r"(?:(?:19|20)\d{2}|二[〇零○][〇零○一二三四五][〇零○一二三四五六七八九])(?:[-—~至](?:20)?\d{2})?(?:财政)?(?:年度|年)"
)
_BARE_YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d)")
_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Member:
    """One filing of the batch: `key` is its key in the store, `claims` are linked and carry their scope."""

    key: int
    filing: Filing
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class CrossFinding:
    """A finding about several filings; `keys` tells for each piece of evidence which member it stands in."""

    finding: Finding
    keys: tuple[int, ...]


Piece = tuple[Member, Evidence]


@lru_cache(maxsize=8192)
def without_years(text: str) -> str:
    """The text without white space, width, years and punctuation, in capitals."""
    bare = _BARE_YEAR.sub("", _YEARS.sub("", squeeze(text)))
    return _PUNCTUATION.sub("", bare).upper()


@lru_cache(maxsize=8192)
def _unit_key(name: str) -> str:
    words = load("across.toml")["unit"]["own"]
    bare = squeeze(name)
    for word in words:
        bare = bare.removesuffix(f"({word})").removesuffix(f"-{word}")
    return _PUNCTUATION.sub("", bare).upper()


def unit_key(filing: Filing) -> str:
    """The reporting unit as compared; the department where no unit is named, "" where neither is."""
    return _unit_key(filing.unit or "") or _unit_key(filing.department or "")


@lru_cache(maxsize=8192)
def _project_key(name: str) -> str:
    bare = without_years(name)
    endings = load("across.toml")["project"]["endings"]
    while ending := next((word for word in endings if bare.endswith(word) and len(bare) > len(word) + 1), None):
        bare = bare.removesuffix(ending)
    return bare or _PUNCTUATION.sub("", squeeze(name))


def project_key(filing: Filing) -> str:
    """The project's name as compared, "" for none: without years, punctuation and empty endings (项目, 经费)."""
    return _project_key(filing.project or "")


class Group:
    """The filings of one unit, in an order that depends on what they say and not on their keys."""

    def __init__(self, members: Sequence[Member], lang: str = "zh") -> None:
        self.lang = lang
        self.members = tuple(sorted(members, key=place))

    @cached_property
    def by_project(self) -> dict[tuple[str, int], list[Member]]:
        """The filings of each project and year, both forms; those without project or year are left out."""
        found: dict[tuple[str, int], list[Member]] = defaultdict(list)
        for member in self.members:
            name, year = project_key(member.filing), member.filing.year
            if name and year is not None:
                found[name, year].append(member)
        return found

    @cached_property
    def by_year(self) -> dict[int, list[Member]]:
        """The self-evaluations of each year."""
        found: dict[int, list[Member]] = defaultdict(list)
        for member in self.members:
            if member.filing.form == "self_evaluation" and member.filing.year is not None:
                found[member.filing.year].append(member)
        return found


def place(member: Member) -> tuple[int, str, str, str, str, int, int]:
    """Where a member stands among others: by year, project, form and content; its file tells only copies apart."""
    filing = member.filing
    digest = hashlib.sha256()
    for text in (filing.project, filing.unit, filing.goal, filing.narrative):
        digest.update(f"{text}\n".encode("utf-8", "surrogatepass"))
    for row in filing.indicators:
        digest.update(f"{row.name}|{row.target.raw}|{row.actual.raw}\n".encode("utf-8", "surrogatepass"))
    source = filing.source
    place_in_batch = (source.path, source.index, member.key)
    return (filing.year or 0, project_key(filing), filing.form, digest.hexdigest(), *place_in_batch)


def cells(member: Member, row: Indicator, *columns: FieldName) -> Iterator[Piece]:
    """The cells of a row as evidence; blank ones are left out."""
    case = Case(member.filing, member.claims)
    for column in columns:
        shown = case.cell(row, column)
        if shown.quote:
            yield member, shown


def stated_claim(member: Member, claim: Claim) -> Piece:
    """A claim as evidence."""
    return member, Case(member.filing, member.claims).claim(claim)


def stated(code: str, lang: str, pieces: Iterable[Piece], variant: str = "", **facts: object) -> CrossFinding:
    """A finding of rule `code` with its message; the pieces are shown in the given order, each once."""
    rule = find_rule(code)
    shown = list(dict.fromkeys(((member.key, evidence), member) for member, evidence in pieces))
    if rule is None or len({member.key for _, member in shown}) < 2:
        raise ValueError(f"{code}: a finding across filings needs evidence from two of them")
    key = f"{code}.{variant}" if variant else code
    told = {name: plain(value) for name, value in facts.items()}
    evidence = tuple(piece for (_, piece), _ in shown)
    identity = _identity(key, [(member, piece) for (_, piece), member in shown])
    finding = Finding(
        identity,
        code,
        rule.name,
        rule.severity,
        message(key, lang, **told),
        message(f"{key}.fix", lang, **told),
        evidence,
    )
    return CrossFinding(finding, tuple(member.key for _, member in shown))


def _identity(key: str, pieces: Iterable[Piece]) -> str:
    """Twelve hexadecimal digits from the rule and, for each piece, unit, project, year and evidence, in any order."""
    lines = sorted(
        "|".join(
            squeeze(str(part or ""))
            for part in (
                unit_key(member.filing),
                member.filing.project,
                member.filing.year,
                member.filing.form,
                piece.field,
                piece.name,
                piece.quote,
            )
        )
        for member, piece in pieces
    )
    return hashlib.sha256("\n".join([key, *lines]).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def told_apart(findings: Iterable[CrossFinding]) -> Iterator[CrossFinding]:
    """The findings with an id of their own each; those that say the same of other copies are numbered in order."""
    seen: Counter[str] = Counter()
    for found in findings:
        identity = found.finding.id
        seen[identity] += 1
        if seen[identity] > 1:
            found = replace(found, finding=replace(found.finding, id=numbered(identity, seen[identity])))
        yield found


def title(member: Member, lang: str) -> str:
    """The project's name in a message."""
    return squeeze(member.filing.project or "") or message("across.unnamed", lang)


def year_of(member: Member, lang: str) -> str:
    """The filing's year in a message."""
    year = member.filing.year
    return message("across.no-year", lang) if year is None else message("across.year", lang, year=year)
