"""A report of an evaluation as one page that needs nothing else: no network, no fonts; a few lines of script filter
what is listed, and without them all of it is shown."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from narrcheck.evaluation.compare import Comparison
from narrcheck.evaluation.report.document import Document, Entry
from narrcheck.evaluation.report.marking import passages
from narrcheck.evaluation.report.sections import document
from narrcheck.evaluation.report.wording import files, named, place, say
from narrcheck.evaluation.result import Result
from narrcheck.reports.encoding import encodable
from narrcheck.reports.pages import LANGUAGES, digest
from narrcheck.reports.wording import shown

Texts = Callable[[str], Mapping[str, str] | None]
"""The texts of a file, named as in the result: goal, narrative, and the cells as field:row; None where it is gone."""

_FOLDER = Path(__file__).parent
_LIMIT = 500


def page(result: Result, comparison: Comparison | None, texts: Texts, lang: str) -> str:
    """The page."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((_FOLDER / "page.html.j2").read_text("utf-8"))
    script = (_FOLDER / "filter.js").read_text("utf-8")
    whole = document(result, comparison, lang, intervals=True)
    known: dict[str, Mapping[str, str] | None] = {}

    def told(entry: Entry) -> list[dict[str, Any]]:
        file = entry.files[0]
        if file not in known:
            known[file] = texts(file)
        return _passages(entry, known[file], lang)

    return encodable(
        template.render(
            language=LANGUAGES[lang],
            document=whole,
            limit=_LIMIT,
            script=Markup(script),
            script_hash=digest(script),
            choices=_choices(whole, lang),
            passages=told,
            files=files,
            shown=shown,
            left=lambda entries: sum(len(entry.files) for entry in entries[_LIMIT:]),
            verdict=comparison.verdict if comparison is not None else "",
            say=lambda key, **facts: say(key, lang, **facts),
        )
    )


def _passages(entry: Entry, texts: Mapping[str, str] | None, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "place": place(one.place, lang),
            "pieces": [(_visible(text), marked) for text, marked in one.pieces],
            "known": one.known,
        }
        for one in passages(entry.quotes, texts)
    ]


def _visible(text: str) -> str:
    """A piece of a text with marks that would disturb the display written out, blanks at its ends kept."""
    if not text.strip():
        return " "
    return f"{' ' * text[0].isspace()}{shown(text)}{' ' * text[-1].isspace()}"


def _choices(whole: Document, lang: str) -> dict[str, list[tuple[str, str]]]:
    """The layers and verdicts that are listed, with their names."""
    entries = [entry for section in whole.sections for listed in section.listings for entry in listed.entries]
    return {
        "layer": [(layer, named("layer", layer, lang)) for layer in dict.fromkeys(entry.layer for entry in entries)],
        "verdict": [
            (verdict, named("state", verdict, lang)) for verdict in dict.fromkeys(entry.verdict for entry in entries)
        ],
    }
