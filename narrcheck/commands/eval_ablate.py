"""`narrcheck eval ablate`: what each part of narrcheck is worth."""

import argparse
from dataclasses import replace

from narrcheck.commands import eval_fixtures, options, output
from narrcheck.commands.check import tell_of_model
from narrcheck.commands.tables import print_table
from narrcheck.evaluation.ablate import ablated, cells, heads, to_json

DONE, UNREAD = 0, 3


def ablate(given: argparse.Namespace) -> int:
    """Evaluate with everything, then without each part; exit code 3 where a file could not be read."""
    settings = replace(options.settings(given), waivers=())
    lang = settings.lang
    path = output.target(given.output, lang)
    view = output.view(None if given.format == "json" else given.format, path, lang)
    folders = eval_fixtures.folders(given.folders, given.suffix, lang)
    eval_fixtures.spare(given.output, folders, lang, given.config, given.record, given.replay)
    eval_fixtures.check(folders, settings)
    tell_of_model(settings, compare=False)
    rows = ablated(folders, settings)
    text = (
        to_json(rows)
        if given.format == "json" or view.format == "json"
        else print_table(view, heads(lang), cells(rows, lang))
    )
    output.write(text, path, lang)
    return UNREAD if rows[0].result.unread else DONE
