"""Whether labels fit their filings: every quote, row name and number is there, and nothing is labelled twice.

Labels are compared with the reading that a person made where there is one, otherwise with narrcheck's own. A serious
problem makes the label unusable; the others are worth a look (a value that is worked out and stands nowhere). What
only narrcheck's own reading speaks against is not certain: that reading may be what is wrong.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from narrcheck import pipeline
from narrcheck.evaluation.fixtures import READING, Fixture, Folder
from narrcheck.evaluation.labels import ACROSS, SUFFIX, ClaimLabel, FindingLabel, Labels
from narrcheck.evaluation.linted import OF_ROWS, TEXTS, Text, parted, somewhere, states
from narrcheck.evaluation.matching import bare, number, stem
from narrcheck.reading.errors import ReadError
from narrcheck.reading.saved import filing_from_json
from narrcheck.reports.json import filing_to_json
from narrcheck.rules.registry import find_rule
from narrcheck.settings import Settings

_OF_READING = frozenset(["head-differs", "unknown-row", "quote-elsewhere", "quote-not-there", "value-not-there"])
"""What may be due to the reading."""
_PLAIN = (".txt", ".md", ".html", ".htm", ".json")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file of labels: `where` in it, `key` names the sentence of the catalogue, `fact` fills it."""

    path: Path
    where: str
    key: str
    fact: str = ""
    serious: bool = True
    certain: bool = True


def lint(folder: Folder, settings: Settings) -> Iterator[Problem]:
    """The problems of a folder's labels, file by file."""
    for fixture in folder.fixtures:
        if fixture.labels is None:
            yield Problem(fixture.files[0], "", "no-labels", serious=False)
            continue
        path = fixture.labels_path
        text, trouble = _text_of(fixture, settings)
        if trouble is not None:
            yield trouble
        if fixture.labels.id != fixture.id:
            yield Problem(path, "id", "id-not-name", fixture.labels.id)
        if text is not None:
            for problem in _lint_labels(fixture.labels, text, path):
                yield problem if _is_certain(problem, text) else replace(problem, certain=False)
    for path in folder.others:
        yield Problem(path, "", "no-labels", serious=False)
    if folder.across is not None:
        yield from _lint_across(folder, folder.across, settings)


def _is_certain(problem: Problem, text: Text) -> bool:
    """Whether a problem is one of the label, however the filing was read."""
    if text.by_hand or problem.key not in _OF_READING:
        return True
    return problem.key == "quote-not-there" and not text.prints(problem.fact)


def _text_of(fixture: Fixture, settings: Settings) -> tuple[Text | None, Problem | None]:
    """What the labels are compared with, and what kept a person's reading or a file from being used."""
    if fixture.reading is not None:
        try:
            filing_from_json(fixture.reading)
        except ReadError as error:
            path = fixture.labels_path.with_name(fixture.id + READING)
            return Text(fixture.reading), Problem(path, "", "not-read", error.explain(settings.lang))
        return Text(fixture.reading), None
    filings, _, errors = pipeline.read_all([str(fixture.files[0])], settings)
    if not filings:
        told = errors[0].message if errors else ""
        return None, Problem(fixture.files[0], "", "not-read", told, certain=False)
    return Text(filing_to_json(filings[0], settings.lang), False, _printed(fixture.files)), None


def _printed(files: Sequence[Path]) -> str:
    """What the text files of a filing say, without white space; all there is where none is a text."""
    texts = [file.read_text("utf-8", errors="replace") for file in files if file.suffix in _PLAIN]
    return "".join(map(bare, texts))


def _lint_labels(labels: Labels, text: Text, path: Path) -> Iterator[Problem]:
    for key in ("project", "year", "money_unit"):
        stated, printed = getattr(labels, key), text.reading.get(key)
        if stated is not None and printed is not None and bare(stated) != bare(printed):
            yield Problem(path, key, "head-differs", f"{stated} / {printed}")
    for at, claim in enumerate(labels.claims):
        yield from _lint_claim(claim, text, path, f"claims[{at}]")
    for name in ("findings", "dismissed"):
        for at, finding in enumerate(getattr(labels, name)):
            yield from _lint_finding(finding, text, path, f"{name}[{at}]")
    for where in _twice(labels.findings):
        yield Problem(path, where, "twice", serious=False)


def _lint_claim(claim: ClaimLabel, text: Text, path: Path, where: str) -> Iterator[Problem]:
    field, _, row = claim.field.partition(":")
    key = f"{field}:{bare(row)}" if row else field
    if field not in (*TEXTS, *OF_ROWS) or bool(row) == (field in TEXTS):
        yield Problem(path, f"{where}.field", "unknown-field", claim.field)
    elif key not in text.fields:
        yield Problem(path, f"{where}.field", "unknown-row", row)
    elif bare(claim.quote) not in text.fields[key]:
        elsewhere = bare(claim.quote) in text.everything
        yield Problem(path, f"{where}.quote", "quote-elsewhere" if elsewhere else "quote-not-there", claim.quote)
    if claim.row is not None and bare(claim.row) not in text.names:
        yield Problem(path, f"{where}.row", "unknown-row", claim.row)
    for name in ("value", "upper"):
        value = getattr(claim, name)
        if value is not None and number(value) is None:
            yield Problem(path, f"{where}.{name}", "no-number", value)
        elif value is not None and not states(claim.quote, value):
            yield Problem(path, f"{where}.{name}", "number-not-in-quote", f"{value} / {claim.quote}")


def _lint_finding(finding: FindingLabel, text: Text, path: Path, where: str) -> Iterator[Problem]:
    yield from _lint_rule(finding, path, where, across=False)
    if finding.filings:
        yield Problem(path, f"{where}.filings", "filings-of-one")
    if finding.row and finding.rows:
        yield Problem(path, f"{where}.row", "row-and-rows", finding.row)
    yield from _lint_places(finding, text, path, where)


def _lint_rule(finding: FindingLabel, path: Path, where: str, across: bool) -> Iterator[Problem]:
    """Whether the rule can be found here: those across filings in labels across filings alone; what a language model
    judges is not measured."""
    rule = find_rule(finding.rule)
    if rule is None:
        yield Problem(path, f"{where}.rule", "unknown-rule", finding.rule)
    elif (rule.across is not None) != across:
        yield Problem(path, f"{where}.rule", "rule-of-one" if across else "rule-across", finding.rule)
    elif finding.rule.startswith("L"):
        yield Problem(path, f"{where}.rule", "not-measured", finding.rule, serious=False)


def _lint_places(finding: FindingLabel, text: Text, path: Path, where: str) -> Iterator[Problem]:
    """Whether rows, quotes and values are there."""
    named = [(f"{where}.row", finding.row)] if finding.row else []
    named += [(f"{where}.rows[{at}]", row) for at, row in enumerate(finding.rows or ())]
    for place, row in named:
        if bare(row) not in text.names | text.funds:
            yield Problem(path, place, "unknown-row", row)
    for at, quote in enumerate(finding.quotes):
        pieces = parted(quote)
        if not all(piece in text.everything or number(piece) in text.numbers for piece in pieces):
            yield Problem(path, f"{where}.quotes[{at}]", "quote-not-there", quote)
    missing = [at for at, value in enumerate(finding.values) if not somewhere(value, text)]
    for at in missing:
        alone = len(missing) == len(finding.values)
        yield Problem(path, f"{where}.values[{at}]", "value-not-there", finding.values[at], serious=alone)


def _twice(findings: Sequence[FindingLabel]) -> Iterator[str]:
    seen: list[FindingLabel] = []
    for at, finding in enumerate(findings):
        plain = finding.model_copy(update={"why": "", "fields": [], "quotes": []})
        if plain in seen:
            yield f"findings[{at}]"
        seen.append(plain)


def _lint_across(folder: Folder, labels: Labels, settings: Settings) -> Iterator[Problem]:
    """Labels across filings: every filing is in the folder, every row, quote and value in one of those named."""
    path = folder.path / (ACROSS + SUFFIX)
    files = {stem(file.name): file for file in sorted(folder.path.iterdir()) if not file.name.endswith(SUFFIX)}
    texts: dict[str, Text | None] = {}
    if labels.id != ACROSS:
        yield Problem(path, "id", "id-not-name", labels.id)
    if labels.claims:
        yield Problem(path, "claims", "claims-across")
    for at, head in enumerate(labels.filings or ()):
        if head.id not in files:
            yield Problem(path, f"filings[{at}].id", "unknown-filing", head.id)
    for name in ("findings", "dismissed"):
        for at, finding in enumerate(getattr(labels, name)):
            where = f"{name}[{at}]"
            named = [stem(one) for one in finding.filings or ()]
            yield from _lint_named(finding, named, files, path, where)
            for one in named:
                if one in files and one not in texts:
                    texts[one] = _read(files[one], settings)
            known = [text for one in named if (text := texts.get(one)) is not None]
            if known:
                whole = Text({"filings": [text.reading for text in known]}, by_hand=False)
                whole.names = {name for text in known for name in text.names}
                for problem in _lint_places(finding, whole, path, where):
                    yield replace(problem, certain=False)
    for where in _twice(labels.findings):
        yield Problem(path, where, "twice", serious=False)


def _lint_named(
    finding: FindingLabel, named: Sequence[str], files: Mapping[str, Path], path: Path, where: str
) -> Iterator[Problem]:
    """Whether a finding across filings has a rule and filings that can be."""
    yield from _lint_rule(finding, path, where, across=True)
    if len(set(named)) < 2:
        yield Problem(path, f"{where}.filings", "too-few-filings")
    if finding.row:
        yield Problem(path, f"{where}.row", "rows-across", finding.row)
    for place, one in enumerate(named):
        if one not in files:
            yield Problem(path, f"{where}.filings[{place}]", "unknown-filing", one)


def _read(file: Path, settings: Settings) -> Text | None:
    filings, _, _ = pipeline.read_all([str(file)], settings)
    return Text(filing_to_json(filings[0], settings.lang), by_hand=False) if filings else None


def serious(problems: Iterable[Problem], certain: bool = False) -> list[Problem]:
    """The problems that make a label unusable; with `certain` only where it is not the reading that may be wrong."""
    return [problem for problem in problems if problem.serious and (problem.certain or not certain)]
