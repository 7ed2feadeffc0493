"""The report as one page that needs nothing else: no network, no fonts. It is whole without scripts; with them the
keyboard leads from finding to finding and to their places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Report
from narrcheck.reports import View, changes, model, wording
from narrcheck.reports.encoding import encodable
from narrcheck.reports.html import bounds
from narrcheck.reports.html.plain import line, visible
from narrcheck.reports.html.section import Listed, Section, counts, listed, section
from narrcheck.reports.pages import LANGUAGES, digest
from narrcheck.reports.rulename import rule_name
from narrcheck.resubmitted import STATES, FilingChange

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Entry:
    """A filing in the list; `section` says whether it has a section of its own, `failed` counts rules that failed."""

    number: int
    title: str
    unit: str
    source: str
    counts: tuple[tuple[str, str, int], ...]
    failed: int
    tally: str
    section: bool


def render(report: Report, view: View) -> str:
    """The whole run; `quiet` leaves out claims and how filings were read, `verbose` unfolds the claims."""
    lang = report.lang
    environment = _environment(lang, view.verbose)
    by_position = changes.by_position(report)
    sections = list(_sections(report, view, environment, by_position))
    style, script = _read("page.css"), _read("page.js")
    page = environment.get_template("page.html.j2").render(
        report=report,
        title=_title(report),
        index=None if view.index is None else f"./{quote(view.index)}",
        run=message("report.run", lang, version=report.version, profile=report.profile,
                    mode=message(f"mode.{report.mode}", lang)),
        style=_trusted(style),
        style_hash=digest(style),
        script=_trusted(script),
        script_hash=digest(script),
        entries=_entries(report, len(sections), by_position) if len(report.filings) > 1 else (),
        unlisted=max(len(report.filings) - bounds.LISTED, 0),
        without_section=len(report.filings) - len(sections),
        sections=sections,
        filters=_filters(report, len(sections), by_position),
        remarks=() if report.resubmission is None else [line(text) for text in report.resubmission.remarks],
        missing=_missing(report),
        closing=() if view.quiet else _closing(report),
        model_lines=() if report.model is None or view.quiet else list(map(line, model.run_lines(report.model, lang))),
        summary=wording.summary(report),
    )  # fmt: skip
    return encodable(page)


@lru_cache(maxsize=4)
def _environment(lang: str, verbose: bool) -> "Environment":
    """The templates, which speak the report's language; read and compiled once for all reports of a folder. Every text
    they show is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        language=LANGUAGES[lang],
        own=Markup(' lang="en"') if lang != "zh" else "",
        chinese=Markup(' lang="zh-Hans"') if lang != "zh" else "",
        say=lambda key, **facts: message(f"html.{key}", lang, **facts),
        word=lambda key: message(key, lang),
        separator=message("label.separator", lang),
        visible=visible,
        name_of=lambda text: line(text, bounds.NAME),
        verbose=verbose,
    )
    return environment


@lru_cache(maxsize=4)
def _read(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


def _trusted(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)


def _sections(
    report: Report, view: View, environment: "Environment", by_position: Mapping[int, FilingChange]
) -> Iterator[Any]:
    """The sections of the first filings, as far as they fit into one page."""
    template = environment.get_template("filing.html.j2")
    size = 0
    for position, checked in enumerate(report.filings[: bounds.FILINGS]):
        if size > bounds.PAGE:
            return
        made: Section = section(position + 1, checked, by_position.get(position), view, report.lang)
        text = template.render(section=made)
        size += len(text)
        yield _trusted(text)


def _title(report: Report) -> str:
    """What the browser calls the page: the project where there is one filing."""
    title = message("report.title", report.lang)
    if len(report.filings) != 1:
        return title
    return f"{line(wording.title(report.filings[0].filing, report.lang), bounds.NAME)} · {title}"


def _entries(report: Report, sections: int, by_position: Mapping[int, FilingChange]) -> list[Entry]:
    lang = report.lang
    return [
        Entry(
            at + 1,
            line(wording.title(checked.filing, lang), bounds.NAME),
            line(checked.filing.unit, bounds.NAME),
            wording.source(checked.filing, lang),
            counts(checked.findings, lang),
            len(checked.failures),
            changes.change_counts(by_position[at], lang) if at in by_position else "",
            at < sections,
        )
        for at, checked in enumerate(report.filings[: bounds.LISTED])
    ]


def _filters(
    report: Report, sections: int, by_position: Mapping[int, FilingChange]
) -> dict[str, list[tuple[str, str, int]]]:
    """What findings can be chosen by: severity, rule, state; each value with its name and how many have it."""
    lang = report.lang
    rules: dict[str, int] = {}
    states: dict[str, int] = {}
    shown: list[Checked] = list(report.filings[:sections])
    cards = [(at, finding) for at, checked in enumerate(shown) for finding in _carded(checked)]
    by_finding = {at: change.by_finding for at, change in by_position.items()}
    for at, finding in cards:
        rules[finding.rule] = rules.get(finding.rule, 0) + 1
        change = by_finding.get(at, {}).get(finding.id)
        if change is not None:
            states[change.state] = states.get(change.state, 0) + 1
    return {
        "severity": [one for one in counts([finding for _, finding in cards], lang) if one[2]],
        "rule": [(code, f"{code} {rule_name(code, lang)}", count) for code, count in sorted(rules.items())],
        "state": [(state, changes.state_name(state, lang), states[state]) for state in STATES if state in states],
    }


def _carded(checked: Checked) -> Sequence[Any]:
    return wording.by_severity(checked.findings)[: bounds.CARDS]


def _missing(report: Report) -> Listed:
    """The filings of the earlier report that are not in this one."""
    missing = () if report.resubmission is None else report.resubmission.missing
    names = (
        f"{wording.title(change.earlier, report.lang)} · {wording.source(change.earlier, report.lang)}"
        for change in missing
        if change.earlier is not None
    )
    return listed("missing", message("html.missing", report.lang, count=len(missing)), names, len(missing))


def _closing(report: Report) -> list[Listed]:
    """What stands at the end: inputs that were not read or left out, waivers without use."""
    lang = report.lang
    parts = (
        listed("errors", message("report.errors", lang), (wording.problem(item, lang) for item in report.errors),
               len(report.errors)),
        listed("skipped", message("report.skipped", lang), (wording.skipped(item, lang) for item in report.skipped),
               len(report.skipped)),
        listed("unused", message("report.unused-waivers", lang),
               (wording.unused_waiver(waiver, lang) for waiver in report.unused_waivers), len(report.unused_waivers)),
    )  # fmt: skip
    return [part for part in parts if part.lines]
