"""`narrcheck compare`: what became of the findings of an earlier report."""

import argparse
from dataclasses import replace
from pathlib import Path

from narrcheck.catalogue import message
from narrcheck.commands import handing, options, output
from narrcheck.commands.check import conclude, tell_of_model
from narrcheck.resubmission import compared

_SAVED = (".json", ".jsonl", ".ndjson")


def compare(given: argparse.Namespace) -> int:
    """Compare two reports, or filings, and hand the new one over with what became of the earlier findings; the exit
    code is that of `check` on the new one."""
    settings = options.settings(given)
    place = handing.destination(given, settings, (given.old, given.new))
    if any(Path(path).suffix.lower() not in _SAVED for path in (given.old, given.new)):
        tell_of_model(settings, compare=False)
    elif given.select or given.ignore or given.profile or given.llm or given.offline:
        output.say(message("cli.compare-saved", settings.lang))
    old, new = (handing.loaded(path, settings) for path in (given.old, given.new))
    if given.lang:
        new = replace(new, lang=given.lang)
    return conclude(compared(new, old, given.old), place, settings)
