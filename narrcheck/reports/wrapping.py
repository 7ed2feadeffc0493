"""Breaking lines of mixed Chinese and Latin text by their width on a screen."""

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

_TOKEN = re.compile(r"[!-~]++|\s++|.", re.DOTALL)
_NOT_FIRST = frozenset("，。；：、！？）〕】》”’,.;:!?)]}%")


def wrap(text: str, width: int) -> str:
    """The text in lines of at most `width` columns; none begins with a closing mark, Latin words stay whole."""
    return "\n".join("".join(line).rstrip() for line in _lines(text, max(width, 4)))


def _lines(text: str, width: int) -> Iterator[list[str]]:
    line: list[str] = []
    used = 0
    for token in _tokens(text, width):
        size = cell_len(token)
        if line and used + size > width:
            carried = [line.pop()] if token[0] in _NOT_FIRST and len(line) > 1 else []
            yield line
            line = carried
            used = sum(map(cell_len, line))
        if line or not token.isspace():
            line.append(token)
            used += size
    if line:
        yield line


def _tokens(text: str, width: int) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        yield from chop_cells(token, width) if cell_len(token) > width else (token,)
