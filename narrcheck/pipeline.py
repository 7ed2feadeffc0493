"""The whole pass: read → extract → link → check. The command line and the Python API both call it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from narrcheck import __version__
from narrcheck.catalogue import message
from narrcheck.filing import Checked, Coverage, Filing, Finding, Problem, Report, Skipped, Waiver
from narrcheck.places import with_places
from narrcheck.rules.case import Case
from narrcheck.rules.engine import run_rules
from narrcheck.settings import Settings
from narrcheck.waivers import apply, unused


def check_filing(filing: Filing, settings: Settings) -> Checked:
    """One filing through extraction, linking and the rules."""
    from narrcheck.claims.offline import extract
    from narrcheck.linking import link

    extraction = extract(filing)
    claims = link(filing, extraction.claims, settings.lang)
    case = Case(filing, claims, settings.limits, settings.lang)
    findings, failures = run_rules(case)
    findings = tuple(_told(with_places(finding, filing), filing, settings.lang) for finding in findings)
    standing, waived = apply(findings, settings.waivers, filing, date.today())
    kept = tuple(f for f in standing if selected(f, settings))
    linked = sum(claim.row is not None for claim in claims)
    coverage = Coverage(extraction.numbers, len(claims), linked, len(case.compared), len(filing.doubts))
    return Checked(filing, claims, kept, coverage, waived, failures, selection(settings))


def _told(finding: Finding, filing: Filing, lang: str) -> Finding:
    """The finding, which says so where the filing was recognised from a scan or read without the rules of a table."""
    keys = {note.key for note in filing.notes}
    remark = next((f"finding.{key}" for key in ("scanned", "no-rules") if f"note.{key}" in keys), None)
    return replace(finding, message=finding.message + message(remark, lang)) if remark else finding


def selection(settings: Settings) -> str:
    """The rules that --select and --ignore leave, in short; empty where all rules speak."""
    return " ".join([",".join(settings.select), *(f"-{code}" for code in settings.ignore)]).strip()


def selected(finding: Finding, settings: Settings) -> bool:
    """Whether --select and --ignore let this finding through: the longest code prefix that names it decides."""
    named = max((len(c) for c in settings.select if finding.rule.startswith(c)), default=-1 if settings.select else 0)
    ignored = max((len(c) for c in settings.ignore if finding.rule.startswith(c)), default=-1)
    return named >= 0 and named > ignored


def check_data(data: bytes, path: str, settings: Settings) -> tuple[Checked, ...]:
    """The filings of one file's bytes, checked; raises ReadError where nothing can be read."""
    from narrcheck.reading import read_bytes

    filings = read_bytes(data, path, settings.extra_headings, settings.reading)
    return tuple(check_filing(filing, settings) for filing in filings)


def run(paths: Sequence[str], settings: Settings, stdin: bytes | None = None) -> Report:
    """Every input checked; what cannot be read is part of the report, and the rest goes on."""
    checked: list[Checked] = []
    skipped: list[Skipped] = []
    errors: list[Problem] = []
    for item in read_each(paths, settings, stdin):
        if isinstance(item, Filing):
            checked.append(check_filing(item, settings))
        elif isinstance(item, Skipped):
            skipped.append(item)
        else:
            errors.append(item)
    unused = unused_waivers(checked, settings)
    return Report(
        __version__,
        "offline",
        settings.profile,
        tuple(checked),
        tuple(skipped),
        tuple(errors),
        unused,
        settings.lang,
    )


def read_all(
    paths: Sequence[str], settings: Settings, stdin: bytes | None = None
) -> tuple[tuple[Filing, ...], tuple[Skipped, ...], tuple[Problem, ...]]:
    """The filings of all inputs as read, the files of folders that hold none, and the inputs that failed."""
    items = list(read_each(paths, settings, stdin))
    return (
        tuple(item for item in items if isinstance(item, Filing)),
        tuple(item for item in items if isinstance(item, Skipped)),
        tuple(item for item in items if isinstance(item, Problem)),
    )


def read_each(
    paths: Sequence[str], settings: Settings, stdin: bytes | None = None
) -> Iterator[Filing | Skipped | Problem]:
    """The filings of all inputs one after another, with what was skipped or failed where it stood."""
    from narrcheck.reading.guard import Guard
    from narrcheck.reading.inputs import read_paths

    with Guard(settings.reading, settings.extra_headings) as guard:
        yield from read_paths(paths, stdin, settings.lang, limits=settings.reading, reader=guard.read)


def unused_waivers(checked: Sequence[Checked], settings: Settings) -> tuple[Waiver, ...]:
    """The waivers of the settings that covered no finding of this run."""
    return unused(settings.waivers, (waiver for result in checked for _, waiver in result.waived))
