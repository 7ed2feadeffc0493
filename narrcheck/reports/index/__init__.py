"""The index of a folder of reports: one page that needs nothing else and is readable without its script."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Report
from narrcheck.reports import View, changes, model, wording
from narrcheck.reports.encoding import encodable
from narrcheck.reports.pages import LANGUAGES, digest

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Listed:
    """A filing and the name of its report's file, which stands beside the index."""

    checked: Checked
    name: str


def render_index(report: Report, listed: Sequence[Listed], view: View) -> str:
    """The page: every filing with its counts and its report, then what could not be read."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((_FOLDER / "index.html.j2").read_text("utf-8"))
    style, script = ((_FOLDER / name).read_text("utf-8") for name in ("index.css", "index.js"))
    lang = report.lang
    mode = message(f"mode.{report.mode}", lang)
    return encodable(
        template.render(
            language=LANGUAGES[lang],
            chinese=Markup(' lang="zh-Hans"') if lang != "zh" else "",
            style=Markup(style),
            style_hash=digest(style),
            script=Markup(script),
            script_hash=digest(script),
            run=message("report.run", lang, version=report.version, profile=report.profile, mode=mode),
            summary=wording.summary(report),
            rows=[_row(item, position, report) for position, item in enumerate(listed)],
            compared=report.resubmission is not None,
            sections=list(_sections(report)),
            say=lambda key, **facts: message(key, lang, **facts),
        )
    )


def _row(item: Listed, position: int, report: Report) -> dict[str, Any]:
    checked, lang = item.checked, report.lang
    filing = checked.filing
    change = None if report.resubmission is None else report.resubmission.filing(position)
    return {
        "href": "./" + quote(item.name),
        "title": wording.title(filing, lang),
        "unit": wording.shown(filing.unit or filing.department or ""),
        "source": wording.source(filing, lang),
        "counts": wording.count_by_severity(checked.findings),
        "settled": len(checked.waived) + len(checked.dismissed),
        "coverage": checked.coverage,
        "failed": len(checked.failures),
        "change": "" if change is None else changes.change_counts(change, lang),
    }


def _sections(report: Report) -> list[tuple[str, list[str]]]:
    """What concerns no report of a filing, each under its heading."""
    lang = report.lang
    parts = [
        (message("report.errors", lang), [wording.problem(item, lang) for item in report.errors]),
        (message("report.skipped", lang), [wording.skipped(item, lang) for item in report.skipped]),
        (message("report.unused-waivers", lang), [wording.unused_waiver(one, lang) for one in report.unused_waivers]),
    ]
    if report.resubmission is not None:
        missing = [wording.title(one.earlier, lang) for one in report.resubmission.missing if one.earlier is not None]
        remarks = [wording.shown(remark) for remark in report.resubmission.remarks]
        parts += [(message("index.missing", lang), missing), (message("index.remarks", lang), remarks)]
    if report.model is not None:
        parts.append((message("model.note", lang), list(model.run_lines(report.model, lang))))
    return [(heading, lines) for heading, lines in parts if lines]
