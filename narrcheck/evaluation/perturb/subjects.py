"""The filings that are changed: read from files and folders, with the labels that stand beside them."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from narrcheck import pipeline
from narrcheck.evaluation.fixtures import READING, FixtureError
from narrcheck.evaluation.labels import SUFFIX, ClaimLabel, LabelError, read_labels
from narrcheck.evaluation.perturb.variant import Subject
from narrcheck.filing import Claim, Filing, Problem
from narrcheck.reading.saved import filing_from_json
from narrcheck.reports.json import decimal, filing_to_json
from narrcheck.settings import Settings


def subjects(
    paths: Sequence[str], settings: Settings, stdin: bytes | None = None
) -> tuple[list[Subject], list[Problem]]:
    """The filings of files and folders, and the inputs that could not be read. A filing that stands in several formats
    beside its labels is taken once, its saved reading last. FixtureError: labels that cannot be used."""
    filings, _, problems = pipeline.read_all(paths, settings, stdin)
    counts = Counter(filing.source.path for filing in filings)
    kept: dict[tuple[Path, int], Filing] = {}
    for filing in sorted(filings, key=lambda filing: filing.source.path.endswith(READING)):
        kept.setdefault((_stem(filing), filing.source.index), filing)
    known = [filing for filing in filings if kept[_stem(filing), filing.source.index] is filing]
    return [_subject(filing, settings, counts[filing.source.path] == 1) for filing in known], list(problems)


def _stem(filing: Filing) -> Path:
    """The file without its ending, where labels stand beside it; otherwise the file itself."""
    path = Path(filing.source.path)
    plain = path.with_name(path.name.removesuffix(READING)) if path.name.endswith(READING) else path.with_suffix("")
    return plain if plain.with_name(plain.name + SUFFIX).is_file() else path


def _subject(filing: Filing, settings: Settings, alone: bool) -> Subject:
    """A filing as its saved reading is read back, so that a variant differs from it by its one change only."""
    document = filing_to_json(filing)
    known = filing_from_json(document)
    stem = _stem(filing)
    labels = stem.with_name(stem.name + SUFFIX)
    name = stem.name if alone else f"{stem.name}#{filing.source.index}"
    if alone and labels.is_file():
        try:
            found = read_labels(labels)
        except LabelError as error:
            raise FixtureError(error.key, labels, where=error.where, fact=error.fact) from None
        except OSError as error:
            raise FixtureError("unreadable", labels, fact=error.strerror or str(error)) from None
        if not found.findings_only:
            return Subject(name, known, document, tuple(found.claims), True)
    claims = pipeline.prepare(known, settings).claims
    return Subject(name, known, document, tuple(_as_label(claim, known) for claim in claims), False)


def _as_label(claim: Claim, filing: Filing) -> ClaimLabel:
    """What narrcheck itself takes a claim for, as a label."""
    holder = "" if claim.in_row is None else f":{filing.indicators[claim.in_row].name}"
    return ClaimLabel(
        field=claim.field + holder,
        quote=claim.quote,
        value=decimal(claim.value) or "",
        upper=decimal(claim.upper),
        unit=claim.unit,
        modifier=claim.modifier,
        subject=claim.subject,
        row=None if claim.row is None else filing.indicators[claim.row].name,
        row_debatable=False,
    )
