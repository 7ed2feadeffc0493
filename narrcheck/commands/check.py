"""`narrcheck check`: read, check, report."""

import argparse

from narrcheck import pipeline
from narrcheck.catalogue import message
from narrcheck.commands import handing, options, output
from narrcheck.filing import Report, Severity
from narrcheck.reports import View
from narrcheck.reports.model import stopped, troubles
from narrcheck.settings import Settings

NOTHING_FOUND, FOUND, UNREAD = 0, 1, 3


def check(given: argparse.Namespace) -> int:
    """Check the inputs and hand the report over; the exit code is settled here, once."""
    settings = options.settings(given)
    place = handing.destination(given, settings, given.paths)
    if given.llm_dry_run:
        from narrcheck.commands.dryrun import dry_run

        return dry_run(given.paths, settings, place.path, options.stdin(given.paths))
    tell_of_model(settings, given.compare)
    earlier = handing.earlier(given.against, settings)
    decisions = handing.decisions(given.decisions, settings)
    report = decisions(pipeline.examine(given.paths, settings, options.stdin(given.paths)))
    return conclude(earlier(report), place, settings)


def conclude(report: Report, place: handing.Destination, settings: Settings) -> int:
    """Mask the report where that is asked for, hand it over, tell what went wrong; the exit code."""
    if settings.mask == "yes":
        report = handing.masked(report)
    handing.deliver(report, place)
    tell(report, place.view)
    return exit_code(report, settings.fail_on)


def tell_of_model(settings: Settings, compare: bool) -> None:
    """Say on standard error where texts go, or why no model is used though one is asked for; UsageError where only
    rules are selected that need one."""
    model = settings.model
    judged = [code for code in settings.select if code.startswith("L")]
    if judged and settings.model_use == "off":
        key = "cli.needs-model" if not model.at_hand else "cli.needs-model-on"
        text = message(key, settings.lang, codes=", ".join(judged))
        if len(judged) == len(settings.select):
            raise output.UsageError(text)
        output.say(text)
    if settings.model_use != "off":
        _tell_where(settings)
    elif compare:
        output.say(message("cli.nothing-to-compare", settings.lang))
    if settings.llm == "off" or model.at_hand:
        return
    if model.base_url or model.api_key or model.model:
        missing = "llm.model" if not model.model else "llm.base_url / llm.api_key"
        output.say(message("cli.model-incomplete", settings.lang, missing=missing))
    elif settings.llm is not None:
        output.say(message("cli.no-model", settings.lang))


def _tell_where(settings: Settings) -> None:
    """Say where texts go and where they are recorded, or that nothing goes anywhere."""
    model, lang = settings.model, settings.lang
    if model.replay is not None:
        output.say(message("cli.model-replayed", lang, path=model.replay, use=settings.model_use))
        return
    facts = {"endpoint": model.endpoint, "model": model.model, "use": settings.model_use}
    output.say(message("cli.model-asked", lang, **facts))
    if model.record is not None:
        output.say(message("cli.model-recorded", lang, path=model.record))


def exit_code(report: Report, fail_on: str) -> int:
    """0, 1 or 3: an input that was not read weighs more than a finding; waived findings weigh nothing."""
    if report.errors:
        return UNREAD
    if fail_on == "never":
        return NOTHING_FOUND
    limit = Severity[fail_on.upper()]
    findings = (finding for checked in report.filings for finding in checked.findings)
    return FOUND if any(finding.severity >= limit for finding in findings) else NOTHING_FOUND


def tell(report: Report, view: View) -> None:
    """Say on standard error what went wrong, unless the person at the screen has just read it in the report."""
    if view.format != "terminal" or view.quiet:
        for error in report.errors:
            output.say(error.message)
    if report.model is not None:
        _tell_of_troubles(report)
    for checked in report.filings:
        for failure in checked.failures:
            facts = {"path": checked.filing.source.path, "rule": failure.rule, "error": failure.error}
            output.say(message("cli.rule-failure", report.lang, **facts))


def _tell_of_troubles(report: Report) -> None:
    """Say why filings got no answers of the model: each reason once, with the first file and how many there are."""
    assert report.model is not None
    if report.model.stopped is not None:
        output.say(stopped(report.model, report.lang))
        return
    told: dict[str, list[str]] = {}
    for checked in report.filings:
        if checked.advice is not None and checked.advice.troubles:
            told.setdefault(troubles(checked.advice, report.lang), []).append(checked.filing.source.path)
    for why, paths in told.items():
        key = "cli.model-degraded" if len(paths) == 1 else "cli.model-degraded-many"
        output.say(message(key, report.lang, path=paths[0], troubles=why, count=len(paths)))
