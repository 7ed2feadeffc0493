"""`narrcheck template`: the given form of the letter, to be changed in Word and given back with --template."""

import argparse

from narrcheck.catalogue import message
from narrcheck.commands import options, output

OK = 0
_SUFFIX = ".docx"


def template(given: argparse.Namespace) -> int:
    """Write the template to a new file. UsageError where there is a file of that name, or it cannot be written."""
    from narrcheck.reports.docx import default

    lang = options.settings(given).lang
    path = output.target(given.output, lang)
    if path is None:
        raise output.UsageError(message("cli.needs-file", lang, format="docx"))
    if path.suffix.lower() != _SUFFIX:
        raise output.UsageError(message("cli.template-suffix", lang, path=path))
    if path.exists():
        raise output.UsageError(message("cli.template-exists", lang, path=path))
    output.write(default(lang), path, lang)
    output.say(message("cli.template-written", lang, path=path))
    return OK
