"""Text to Document: tab-separated tables, Markdown tables, HTML fragments, and lines that hold one cell or several."""

import html
import re

from narrcheck.reading.document import PAGE_BREAK, Document, Place, Row

_LINE_END = re.compile(r"\r\n|[\n\r\x0b\x85\u2028\u2029]")
_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6])\s*+>\s*+|<br\s*+/?+>", re.IGNORECASE)
_TAG = re.compile(
    r"</?+(?:p|div|span|b|strong|i|em|u|s|font|a|br|sup|sub|li|ul|ol|h[1-6]|o:p|section|center|img|table|tbody|thead"
    r"|tfoot|tr|td|th|colgroup|col|html|body|head|meta|input|label|small|big|strike|del|ins|code|pre)(?:[\s/][^<>]*+)?+>"
    r"|<!--[^<]*?-->|<![a-z][^<>]*+>",
    re.IGNORECASE,
)
_HTML_ROW = re.compile(r"<tr(?:\s[^<>]*+)?+>", re.IGNORECASE)
_MARKDOWN_RULE = re.compile(r"\|?+(?:\s*+:?+-++:?+\s*+\|)++(?:\s*+:?+-++:?+\s*+)?+\|?+\s*+$")
_PAGE_NUMBER = re.compile(
    r"第\s*+\d{1,4}\s*+页(?:[\s,，/]*+共\s*+\d{1,4}\s*+页)?+|[-—–－]{1,2}\s*+\d{1,4}\s*+[-—–－]{1,2}|page\s++\d{1,4}(?:\s++of\s++\d{1,4})?+",
    re.IGNORECASE,
)
"""A line of its own that only numbers the page; a bare number may be a cell."""
_LONGEST_PAGE_NUMBER = 30
_PAGE_END = 4
_BOLD_LABEL = re.compile(r"\*\*([^*]++)\*\*(?:(?<=[:：]\*\*)|(?=\s*+[:：]))")
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")


def clean(cell: str) -> str:
    """The cell without markup: paragraphs become lines, tags and entities what they stand for."""
    if "<" in cell:
        cell = _TAG.sub("", _BLOCK_END.sub("\n", cell))
    if "&" in cell:
        cell = html.unescape(cell)
    cell = cell.strip()
    if cell.startswith("**") and cell.endswith("**") and len(cell) > 4:
        cell = cell[2:-2].strip()
    elif cell.startswith("**") and (label := _BOLD_LABEL.match(cell)):
        cell = label[1] + cell[label.end() :]
    return cell


def to_document(text: str) -> Document:
    """The rows of a text, in order. Blank lines and form feeds are kept as the `gap` above the next row."""
    if "<" in text and _HTML_ROW.search(text):
        from narrcheck.reading.fragment import table_lines

        text = table_lines(text)
        layout = "html-text"
    else:
        layout = ""
    rows: list[Row] = []
    gap = tabbed = piped = 0
    marked = "<" in text or "&" in text or "**" in text
    for number, line in enumerate(_LINE_END.split(text), 1):
        if "\f" in line:
            gap = PAGE_BREAK
            line = line.replace("\f", "")
        if not line or line.isspace():
            gap += 1
            continue
        if len(line) < _LONGEST_PAGE_NUMBER and _PAGE_NUMBER.fullmatch(line.strip()):
            gap = max(gap, _PAGE_END)
            continue
        tabular = True
        if "\t" in line:
            cells = tuple(map(clean, line.split("\t"))) if marked else tuple([c.strip() for c in line.split("\t")])
            tabbed += 1
        elif line.lstrip().startswith("|") and line.count("|") > 2:
            if _MARKDOWN_RULE.match(line.strip()):
                continue
            cells = _piped(line)
            piped += 1
        else:
            cells, tabular = (_single(line, marked),), False
        if any(cells):
            rows.append(Row(cells, Place(number), gap, tabular))
            gap = 0
        elif tabular:
            gap += 1
    if not layout:
        layout = "markdown" if piped > tabbed else "tabular-text" if tabbed > 2 else "line-text"
    return Document(tuple(rows), layout)  # type: ignore[arg-type]


def _single(line: str, marked: bool) -> str:
    """A line without cells, cleaned of markup and of the mark of a heading."""
    return (clean(line) if marked else line).lstrip("#").strip()


def _piped(line: str) -> tuple[str, ...]:
    inner = line.strip()[1:]
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return tuple(clean(cell.replace("\\|", "|")) for cell in _UNESCAPED_PIPE.split(inner))
