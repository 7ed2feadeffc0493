"""Tables of `rules` and `config`, for the screen or as Markdown."""

from collections.abc import Iterable

from narrcheck.reports import View


def print_table(view: View, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of plain texts in the format of `view`."""
    if view.format == "terminal":
        from narrcheck.reports import terminal

        page = terminal.Page(view.width, view.color)
        page.add(terminal.columns(heads, rows))
        return page.text()
    from narrcheck.reports import markdown

    return "\n".join(markdown.table(heads, rows)) + "\n"
