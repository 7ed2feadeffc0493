"""The report as letters to the filers (复核意见), made from a Word template: the given one, or the user's own."""

from pathlib import Path

from narrcheck.filing import Report
from narrcheck.reports import View
from narrcheck.reports.docx.errors import LetterError
from narrcheck.reports.docx.facts import letters
from narrcheck.reports.docx.join import blank, joined
from narrcheck.reports.docx.sample import samples
from narrcheck.reports.docx.template import Template, default

__all__ = ["LetterError", "check_template", "default", "render"]


def render(report: Report, view: View) -> bytes:
    """One document, a letter a filing, each beginning on a page of its own. LetterError where the template is of no
    use."""
    if not report.filings:
        return blank(report)
    template = Template(view.template, report.lang)
    return joined(template.letter(facts) for facts in letters(report))


def check_template(path: Path, lang: str) -> None:
    """Write letters about made-up filings from the template. LetterError where that cannot be done."""
    template = Template(path, lang)
    made = [template.letter(facts) for facts in samples()]
    template.check_names()
    for letter in made:
        template.check_left(letter)
