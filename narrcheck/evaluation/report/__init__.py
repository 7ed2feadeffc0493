"""Printers of evaluations: pure functions from results to one text."""

from collections.abc import Callable, Mapping, Sequence

from narrcheck.evaluation.compare import Comparison
from narrcheck.evaluation.result import Result
from narrcheck.reports import View


def render(result: Result, comparison: Comparison | None, view: View, lang: str) -> str:
    """The report for the screen or, in any other format, as Markdown."""
    from narrcheck.evaluation.report import text
    from narrcheck.evaluation.report.sections import document

    if view.format == "terminal":
        return text.screen(document(result, comparison, lang, intervals=False), view, lang)
    return text.markdown(document(result, comparison, lang, intervals=True), view, lang)


def page(
    result: Result, comparison: Comparison | None, texts: Callable[[str], Mapping[str, str] | None], lang: str
) -> str:
    """The report as a page of its own. `texts` gives the texts of a file, named as in the result, by field (goal,
    narrative) or field:row (note:<name of the row>); None where there is no such file."""
    from narrcheck.evaluation.report import html

    return html.page(result, comparison, texts, lang)


def beside(results: Sequence[Result], view: View, lang: str) -> str:
    """Several systems in one table, for the screen or as Markdown."""
    from narrcheck.evaluation.report import systems

    return systems.beside(results, view, lang)


def to_json(result: Result, comparison: Comparison | None = None) -> str:
    """The saved form, with the comparison under a key of its own; it can be read again as a result."""
    from narrcheck.reports.encoding import encodable

    text = result.to_json()
    if comparison is not None:
        text = f'{text.removesuffix(_END)},\n "comparison": {comparison.to_json()}{_END}'
    return encodable(text)


_END = "\n}\n"
