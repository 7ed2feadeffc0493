"""The whole pass: read → extract → link → check. The command line and the Python API both call it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from narrcheck import __version__
from narrcheck.advice import Advice, ModelUse
from narrcheck.catalogue import message
from narrcheck.filing import Checked, Claim, Coverage, Filing, Finding, Problem, Report, Skipped, Waiver
from narrcheck.places import with_places
from narrcheck.rules.advised import joined
from narrcheck.rules.case import Case
from narrcheck.rules.engine import run_rules
from narrcheck.rules.registry import all_rules
from narrcheck.settings import Settings
from narrcheck.waivers import apply, unused


@dataclass(frozen=True, slots=True)
class Prepared:
    """A filing with what the rules alone take out of its texts: its claims, linked, and how many numbers it holds."""

    filing: Filing
    claims: tuple[Claim, ...]
    numbers: int


def prepare(filing: Filing, settings: Settings) -> Prepared:
    """Extraction and linking, without a model."""
    from narrcheck.claims.offline import extract
    from narrcheck.linking import link

    extraction = extract(filing)
    return Prepared(filing, link(filing, extraction.claims, settings.lang), extraction.numbers)


def check_filing(filing: Filing, settings: Settings) -> Checked:
    """One filing through extraction, linking and the rules."""
    return conclude(prepare(filing, settings), settings)


def conclude(prepared: Prepared, settings: Settings, advice: Advice | None = None) -> Checked:
    """The rules over the claims, and with a model's advice over its claims as well; then waivers and selection."""
    filing = prepared.filing
    case = Case(filing, prepared.claims, settings.limits, settings.lang)
    findings, failures = run_rules(case)
    claims, compared, alone = prepared.claims, len(case.compared), findings
    if advice is not None:
        claims = advice.claims
        second = Case(filing, claims, settings.limits, settings.lang, judgements=advice.judgements)
        advised, more_failures = run_rules(second)
        findings = joined(findings, advised, claims)
        failures = tuple(dict.fromkeys((*failures, *more_failures)))
        compared = max(compared, len(second.compared))
    findings = tuple(_told(with_places(finding, filing), filing, settings.lang) for finding in findings)
    standing, waived = apply(findings, settings.waivers, filing, date.today())
    kept = tuple(f for f in standing if selected(f, settings))
    linked = max(_linked(claims), _linked(prepared.claims))  # what the rules linked was looked at
    coverage = Coverage(prepared.numbers, len(claims), linked, compared, len(filing.doubts))
    checked = Checked(filing, claims, kept, coverage, waived, failures, selection(settings))
    if advice is None:
        return checked
    return replace(checked, advice=advice, alone=(prepared.claims, tuple(f for f in alone if selected(f, settings))))


def _linked(claims: Sequence[Claim]) -> int:
    return sum(claim.row is not None for claim in claims)


def _told(finding: Finding, filing: Filing, lang: str) -> Finding:
    """The finding, which says so where the filing was recognised from a scan or read without the rules of a table."""
    keys = {note.key for note in filing.notes}
    remark = next((f"finding.{key}" for key in ("scanned", "no-rules") if f"note.{key}" in keys), None)
    return replace(finding, message=finding.message + message(remark, lang)) if remark else finding


def selection(settings: Settings) -> str:
    """The rules that --select and --ignore leave, in short; empty where all rules speak."""
    return " ".join([",".join(settings.select), *(f"-{code}" for code in settings.ignore)]).strip()


def selected(finding: Finding, settings: Settings) -> bool:
    """Whether --select and --ignore let this finding through."""
    return speaks(finding.rule, settings)


def speaks(code: str, settings: Settings) -> bool:
    """Whether --select and --ignore let a rule speak: the longest code prefix that names it decides."""
    named = max((len(c) for c in settings.select if code.startswith(c)), default=-1 if settings.select else 0)
    ignored = max((len(c) for c in settings.ignore if code.startswith(c)), default=-1)
    return named >= 0 and named > ignored


def speaking(settings: Settings) -> tuple[str, ...]:
    """The rules that --select and --ignore let speak."""
    return tuple(rule.code for rule in all_rules() if speaks(rule.code, settings))


def check_data(data: bytes, path: str, settings: Settings) -> tuple[Checked, ...]:
    """The filings of one file's bytes, checked; raises ReadError where nothing can be read."""
    from narrcheck.reading import read_bytes

    filings = read_bytes(data, path, settings.extra_headings, settings.reading)
    return tuple(check_filing(filing, settings) for filing in filings)


def run(paths: Sequence[str], settings: Settings, stdin: bytes | None = None) -> Report:
    """Every input checked, and masked where the settings ask for it."""
    report = examine(paths, settings, stdin)
    return masked(report) if settings.mask == "yes" else report


def examine(paths: Sequence[str], settings: Settings, stdin: bytes | None = None) -> Report:
    """Every input checked; what cannot be read is part of the report, and the rest goes on."""
    items = read_each(paths, settings, stdin)
    if settings.model_use == "off":
        outcomes = [check_filing(item, settings) if isinstance(item, Filing) else item for item in items]
        model = None
    else:
        outcomes, model = _run_with_model(items, settings)
    checked = tuple(item for item in outcomes if isinstance(item, Checked))
    return Report(
        __version__,
        "offline" if model is None else "llm",
        settings.profile,
        checked,
        tuple(item for item in outcomes if isinstance(item, Skipped)),
        tuple(item for item in outcomes if isinstance(item, Problem)),
        unused_waivers(checked, settings),
        settings.lang,
        model,
    )


def _run_with_model(
    items: Iterable[Filing | Skipped | Problem], settings: Settings
) -> tuple[list[Checked | Skipped | Problem], ModelUse]:
    """Every filing checked with a model at hand. The libraries that speak to it are loaded here, and nowhere else."""
    from narrcheck.llm.runner import Adviser

    prepared = (prepare(item, settings) if isinstance(item, Filing) else item for item in items)
    with Adviser(settings.model, settings.model_use, speaking(settings), settings.lang) as adviser:
        outcomes = [
            conclude(item, settings, advice) if isinstance(item, Prepared) else item
            for item, advice in adviser.advise(prepared, asked_about)
        ]
        return outcomes, adviser.summary


def asked_about(item: Prepared | Skipped | Problem) -> tuple[Filing, tuple[Claim, ...]] | None:
    """What a model is asked about; nothing for a target table, on which no rule looks at a text."""
    if not isinstance(item, Prepared) or item.filing.form == "target_table":
        return None
    return item.filing, item.claims


def masked(report: Report) -> Report:
    """The report with the personal data of each filing masked."""
    return replace(report, filings=tuple(map(masked_check, report.filings)))


def masked_check(checked: Checked) -> Checked:
    """A checked filing with its personal data masked."""
    from narrcheck.llm.masking import Mask, mask_all, texts_of

    return mask_all(checked, Mask.of(texts_of(checked.filing)))


def masked_filing(filing: Filing) -> Filing:
    """The filing with its personal data masked, character for character."""
    from narrcheck.llm.masking import Mask, mask_all, texts_of

    return mask_all(filing, Mask.of(texts_of(filing)))


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
