"""What every workbook of narrcheck shares: texts that stay texts, links, and sheets set up for the printer."""

import re
from collections.abc import Sequence
from typing import Any

from narrcheck.reports.encoding import encodable

ROWS = 1_048_576
"""The rows that a sheet can have."""
LINKS = 65_530
"""The links that a sheet can have."""
LINK_LENGTH = 2_079
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""How XlsxWriter takes texts: as they are."""
_CELL = 32_000
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_RICH = ("<r>", "</r>")


def xml_text(text: str) -> str:
    """The text without what XML does not take; unpaired surrogates as \\uXXXX."""
    return _ILLEGAL.sub("", encodable(text))


def cell_text(text: str) -> str:
    """The text as a cell takes it: no control characters, not longer than a cell may be."""
    text = xml_text(text)
    if len(text) > _CELL // 2 and len(text.encode("utf-16-le")) // 2 > _CELL:
        text = text.encode("utf-16-le")[: 2 * _CELL].decode("utf-16-le", "ignore") + "……"
    # XlsxWriter takes a text between these for marked-up text of its own.
    return f"{text} " if text.startswith(_RICH[0]) and text.endswith(_RICH[1]) else text


def address(target: str, text: str) -> Any:
    """A link to a file by its URI, which XlsxWriter of itself would turn into a path of Windows."""
    from xlsxwriter.url import Url

    url = Url("external:file")
    url._link = url._relationship_link = target
    url.text = text
    return url


def for_print(sheet: Any, head: int = 0) -> None:
    """Keep the rows down to `head` in sight and that row on every printed page, which is A4 across and as wide as the
    table."""
    sheet.freeze_panes(head + 1, 0)
    sheet.repeat_rows(head)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def growing(sheet: Any) -> None:
    """Let the rows of a sheet whose height is set grow with what people write into them: XlsxWriter would fix them."""
    write = sheet._xml_start_tag_unencoded

    def without_fixing(tag: str, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        write(tag, [one for one in attributes if tag != "row" or one[0] != "customHeight"])

    sheet._xml_start_tag_unencoded = without_fixing
