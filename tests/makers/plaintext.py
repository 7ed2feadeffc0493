"""A filing as tab-separated text, as a table copied into a text editor looks."""

from makers.table import Layout, table
from narrcheck.filing import Filing


def to_txt(*filings: Filing, layout: Layout = "national") -> bytes:
    """The tables one after another; line ends inside a cell are lost."""
    pieces: list[str] = []
    for filing in filings:
        made = table(filing, layout)
        lines = ["\t".join(cell.replace("\n", "") for cell in line) for line in made.lines()]
        pieces.append("\r\n".join([*made.titles, *lines, made.foot, ""]))
    return "\r\n".join(pieces).encode("utf-8-sig")
