"""`narrcheck parse`: print the filings as they were read."""

import argparse

from narrcheck import __version__, pipeline
from narrcheck.commands import options, output
from narrcheck.reports import PARSED, render_parsed
from narrcheck.reports.parsed import Readings

ALL_READ, UNREAD = 0, 3


def parse(given: argparse.Namespace) -> int:
    """Read the inputs and print them; exit code 3 where an input could not be read."""
    settings = options.settings(given)
    path = output.target(given.output, settings.lang, given.paths)
    if path is not None:
        output.spare(path, given.paths, settings.lang)
    chosen = settings.format if given.format or settings.format in PARSED else None
    view = output.view(chosen, path, settings.lang, formats=PARSED)
    filings, skipped, errors = pipeline.read_all(given.paths, settings, options.stdin(given.paths))
    if settings.mask == "yes":
        filings = tuple(map(pipeline.masked_filing, filings))
    readings = Readings(__version__, settings.profile, filings, skipped, errors, settings.lang)
    output.write(render_parsed(readings, view), path, settings.lang)
    for error in errors:
        output.say(error.message)
    return UNREAD if errors else ALL_READ
