"""Whether labels fit their filings: every quote, row name and number is there, and nothing is labelled twice.

Labels are compared with the reading that a person made where there is one, otherwise with narrcheck's own. A serious
problem makes the label unusable; the others are worth a look (a value that is worked out and stands nowhere). What
only narrcheck's own reading speaks against is not certain: that reading may be what is wrong.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from narrcheck import pipeline
from narrcheck.evaluation.fixtures import READING, Fixture, Folder
from narrcheck.evaluation.labels import ACROSS, SUFFIX, ClaimLabel, FindingLabel, Labels
from narrcheck.evaluation.matching import bare, number, same_value, stem
from narrcheck.quantity.numerals import chinese, read_chinese
from narrcheck.quantity.scan import scan
from narrcheck.reading.errors import ReadError
from narrcheck.reading.saved import filing_from_json
from narrcheck.reports.json import filing_to_json
from narrcheck.rules.registry import find_rule
from narrcheck.settings import Settings

_TEXTS = ("goal", "narrative")
_OF_ROWS = ("note", "actual", "target", "name")
_PLAIN = (".txt", ".md", ".html", ".htm", ".json")
_LEFT_OUT = re.compile(r"…+|\.{3,}|—{2,}")
_NUMBERS = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")


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
                sure = text.by_hand or (problem.key == "quote-not-there" and not text.prints(problem.fact))
                yield problem if sure else replace(problem, certain=False)
    if folder.across is not None:
        yield from _lint_across(folder, folder.across, settings)


class Text:
    """A filing as its labels speak of it: texts by field, the names of its rows, and everything in it as one.

    `by_hand` says that a person has read it; otherwise `printed` is what its file says, if that is text.
    """

    def __init__(self, reading: Mapping[str, Any], by_hand: bool = True, printed: str = "") -> None:
        self.reading, self.by_hand, self.printed = reading, by_hand, printed
        self.fields = {field: bare(reading.get(field)) for field in _TEXTS}
        self.rows: dict[str, list[str]] = {field: [] for field in _OF_ROWS}
        self.names: set[str] = set()
        for row in reading.get("indicators") or ():
            name = bare(row.get("name"))
            self.names.add(name)
            for field in _OF_ROWS:
                cell = row.get(field)
                told = bare(cell.get("raw") if isinstance(cell, Mapping) else cell)
                self.fields[f"{field}:{name}"] = self.fields.get(f"{field}:{name}", "") + told
        self.funds = {bare(row.get("label")) for row in reading.get("funds") or ()}
        self.everything = "\n".join(_strings(reading))
        self.numbers = {one for text in _NUMBERS.findall(self.everything) if (one := number(text)) is not None}

    def prints(self, quote: str) -> bool:
        """Whether a quote may stand in the file, which narrcheck has read."""
        return not self.printed or all(bare(piece) in self.printed for piece in _LEFT_OUT.split(quote))


def _strings(value: object) -> Iterator[str]:
    """All texts of a reading, cells joined with their neighbours so that a quote over two of them is found."""
    if isinstance(value, Mapping):
        yield "".join(bare(one) for one in value.values() if isinstance(one, str))
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif value is not None:
        yield bare(value)


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
    if field not in (*_TEXTS, *_OF_ROWS) or bool(row) == (field in _TEXTS):
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
        elif value is not None and not _states(claim.quote, value):
            yield Problem(path, f"{where}.{name}", "number-not-in-quote", f"{value} / {claim.quote}")


def _states(quote: str, value: str) -> bool:
    """Whether a quote states a number, in figures or in Chinese numerals."""
    folded = bare(quote)
    if any(same_value(value, one) for one in _NUMBERS.findall(folded)):
        return True
    told = [one for found in scan(folded) for one in (found.value, found.upper)]
    told += [found[0] for run in re.findall(chinese(), folded) if (found := read_chinese(run)) is not None]
    return number(value) in told


def _lint_finding(finding: FindingLabel, text: Text, path: Path, where: str) -> Iterator[Problem]:
    if find_rule(finding.rule) is None:
        yield Problem(path, f"{where}.rule", "unknown-rule", finding.rule)
    for at, row in enumerate([finding.row] if finding.row else finding.rows or ()):
        place = f"{where}.row" if finding.row else f"{where}.rows[{at}]"
        if bare(row) not in text.names | text.funds:
            yield Problem(path, place, "unknown-row", row)
    for at, quote in enumerate(finding.quotes):
        pieces = [bare(piece) for piece in _LEFT_OUT.split(quote)]
        if not all(piece in text.everything or number(piece) in text.numbers for piece in pieces):
            yield Problem(path, f"{where}.quotes[{at}]", "quote-not-there", quote)
    missing = [at for at, value in enumerate(finding.values) if not _somewhere(value, text)]
    for at in missing:
        alone = len(missing) == len(finding.values)
        yield Problem(path, f"{where}.values[{at}]", "value-not-there", finding.values[at], serious=alone)


def _somewhere(value: str, text: Text) -> bool:
    stated = number(value)
    if stated is None:
        return bare(value) in text.everything
    return stated in text.numbers or any(_states(text.fields[field], value) for field in text.fields)


def _twice(findings: Sequence[FindingLabel]) -> Iterator[str]:
    seen: list[FindingLabel] = []
    for at, finding in enumerate(findings):
        plain = finding.model_copy(update={"why": "", "fields": [], "quotes": []})
        if plain in seen:
            yield f"findings[{at}]"
        seen.append(plain)


def _lint_across(folder: Folder, labels: Labels, settings: Settings) -> Iterator[Problem]:
    """Labels across filings: every filing is in the folder, every row in one of its filings."""
    path = folder.path / (ACROSS + SUFFIX)
    files = {stem(file.name): file for file in sorted(folder.path.iterdir()) if not file.name.endswith(SUFFIX)}
    texts: dict[str, Text] = {}
    for at, finding in enumerate(labels.findings):
        where = f"findings[{at}]"
        if find_rule(finding.rule) is None:
            yield Problem(path, f"{where}.rule", "unknown-rule", finding.rule)
        named = [stem(name) for name in finding.filings or ()]
        for place, name in enumerate(named):
            if name not in files:
                yield Problem(path, f"{where}.filings[{place}]", "unknown-filing", name)
        known = [_read(files[name], texts, settings) for name in named if name in files]
        for place, row in enumerate(finding.rows or ()):
            if known and not any(text is not None and bare(row) in text.names for text in known):
                yield Problem(path, f"{where}.rows[{place}]", "unknown-row", row)


def _read(file: Path, texts: dict[str, Text], settings: Settings) -> Text | None:
    if file.name not in texts:
        filings, _, _ = pipeline.read_all([str(file)], settings)
        if not filings:
            return None
        texts[file.name] = Text(filing_to_json(filings[0], settings.lang))
    return texts[file.name]


def serious(problems: Iterable[Problem], certain: bool = False) -> list[Problem]:
    """The problems that make a label unusable; with `certain` only where it is not the reading that may be wrong."""
    return [problem for problem in problems if problem.serious and (problem.certain or not certain)]
