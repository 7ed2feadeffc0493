"""The summary as one page that needs nothing else: no script, no network, no fonts."""

from pathlib import Path
from typing import Any

from narrcheck.audit.summary import links, wording
from narrcheck.audit.summary.charts import charts
from narrcheck.audit.summary.model import Figures
from narrcheck.audit.summary.sections import Cell, Lines, Linked, sections
from narrcheck.reports.encoding import encodable
from narrcheck.reports.pages import LANGUAGES

_TEMPLATE = Path(__file__).with_name("page.html.j2")


def page(figures: Figures, lang: str, base: Path | None) -> str:
    """The page; its links to files are relative to the folder `base`, absolute where there is none."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_TEMPLATE.read_text("utf-8"))
    parts = sections(figures, lang)
    drawn = {name: Markup(svg) for name, svg in charts(figures, lang).items()}
    return encodable(
        template.render(
            language=LANGUAGES[lang],
            title=wording.say("title", lang),
            legend=wording.say("legend", lang),
            empty=wording.say("empty", lang),
            lead=next((section.lines[:1] for section in parts if section.name == "findings"), ()),
            sections=parts,
            charts=drawn,
            pieces=lambda cell: _pieces(cell, base),
        )
    )


def _pieces(cell: Cell, base: Path | None) -> list[tuple[str, str | None]]:
    """The texts of a cell, each with its link."""
    items: Any = cell.items if isinstance(cell, Lines) else (cell,)
    return [
        (item.text, links.href(item.place, base))
        if isinstance(item, Linked)
        else (wording.count(item) if isinstance(item, int) else item, None)
        for item in items
    ]
