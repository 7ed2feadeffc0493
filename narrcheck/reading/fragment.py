"""HTML tables inside a text file, rewritten as tab-separated lines so that one path reads them all."""

import re

_ROW = re.compile(r"<tr(?:\s[^<>]*+)?+>|</tr\s*+>|</?+table(?:\s[^<>]*+)?+>", re.IGNORECASE)
_CELL = re.compile(r"<t[dh](\s[^<>]*+)?+>", re.IGNORECASE)
_SPAN = re.compile(r"(col|row)span\s*+=\s*+[\"']?+(\d{1,3})", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\s*+>", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n]++")
_MOST = 60


def table_lines(text: str) -> str:
    """The text with each table row on a line of its own, cells separated by tabs, merged cells followed by blanks.

    Line ends inside a cell become blanks; paragraphs keep their tags, which the reader of cells turns into lines.
    """
    lines: list[str] = []
    hanging: dict[int, int] = {}
    for piece in _ROW.split(text):
        if _CELL.search(piece):
            lines.append(_row(piece, hanging))
        elif piece.strip():
            lines.append(piece)
            hanging.clear()
    return "\n".join(lines)


def _row(piece: str, hanging: dict[int, int]) -> str:
    cells: list[str] = []
    starts = list(_CELL.finditer(piece))

    def pass_hanging() -> None:
        while hanging.get(len(cells), 0) > 0:
            hanging[len(cells)] -= 1
            cells.append("")

    for index, start in enumerate(starts):
        pass_hanging()
        end = starts[index + 1].start() if index + 1 < len(starts) else len(piece)
        content = _CELL_END.split(piece[start.end() : end], maxsplit=1)[0]
        spans = {name.lower(): min(int(n), _MOST) for name, n in _SPAN.findall(start.group(1) or "")}
        for offset in range(max(spans.get("col", 1), 1)):
            if spans.get("row", 1) > 1:
                hanging[len(cells)] = spans["row"] - 1
            cells.append("" if offset else _BLANKS.sub(" ", content).strip())
    pass_hanging()
    return "\t".join(cells) + "\t"
