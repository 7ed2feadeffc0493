"""`narrcheck check`: read, check, report."""

import argparse

from narrcheck import pipeline
from narrcheck.catalogue import message
from narrcheck.commands import options, output
from narrcheck.filing import Report, Severity
from narrcheck.reports import View, render

NOTHING_FOUND, FOUND, UNREAD = 0, 1, 3


def check(given: argparse.Namespace) -> int:
    """Check the inputs and print the report; the exit code is settled here, once."""
    settings = options.settings(given)
    path = output.target(given.output, settings.lang, given.paths)
    view = output.view(settings.format, path, settings.lang, given.verbose, given.quiet)
    if settings.llm != "off":
        output.say(message("cli.no-model", settings.lang))
    report = pipeline.run(given.paths, settings, options.stdin(given.paths))
    output.write(render(report, view), path, settings.lang)
    _tell(report, view)
    return exit_code(report, settings.fail_on)


def exit_code(report: Report, fail_on: str) -> int:
    """0, 1 or 3: an input that was not read weighs more than a finding; waived findings weigh nothing."""
    if report.errors:
        return UNREAD
    if fail_on == "never":
        return NOTHING_FOUND
    limit = Severity[fail_on.upper()]
    findings = (finding for checked in report.filings for finding in checked.findings)
    return FOUND if any(finding.severity >= limit for finding in findings) else NOTHING_FOUND


def _tell(report: Report, view: View) -> None:
    """Say on standard error what went wrong, unless the person at the screen has just read it in the report."""
    if view.format != "terminal" or view.quiet:
        for error in report.errors:
            output.say(error.message)
    for checked in report.filings:
        for failure in checked.failures:
            facts = {"path": checked.filing.source.path, "rule": failure.rule, "error": failure.error}
            output.say(message("cli.rule-failure", report.lang, **facts))
