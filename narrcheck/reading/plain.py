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
        row = None
        if "\t" in line:
            cells = line.split("\t")
            tabbed += 1
            row = tuple(map(clean, cells)) if marked else tuple([cell.strip() for cell in cells])
        elif line.lstrip().startswith("|") and line.count("|") > 2:
            if _MARKDOWN_RULE.match(line.strip()):
                continue
            piped += 1
            row = _piped(line)
        if row is not None:
            if any(row):
                rows.append(Row(row, Place(number), gap, True))
                gap = 0
            else:
                gap += 1
            continue
        if marked:
            line = clean(line)
        if line.startswith("#"):
            line = line.lstrip("#")
        line = line.strip()
        if line:
            rows.append(Row((line,), Place(number), gap))
            gap = 0
    if not layout:
        layout = "markdown" if piped > tabbed else "tabular-text" if tabbed > 2 else "line-text"
    return Document(tuple(rows), layout)  # type: ignore[arg-type]


def _piped(line: str) -> tuple[str, ...]:
    inner = line.strip()[1:]
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return tuple(clean(cell.replace("\\|", "|")) for cell in _UNESCAPED_PIPE.split(inner))
