"""Files and places of a SARIF log: addresses of files, their hashes, and where a piece of evidence stands."""

import os
import re
from bisect import bisect_left
from pathlib import Path
from typing import Any
from urllib.parse import quote

from narrcheck.catalogue import message
from narrcheck.filing import Evidence, Filing, Source
from narrcheck.printed import Spot
from narrcheck.reports.addresses import STDIN, chain
from narrcheck.reports.changes import place_and_column
from narrcheck.reports.wording import shortened, shown, spot

Json = dict[str, Any]

ROOT = "%SRCROOT%"
"""The name under which the log speaks of the folder that paths are relative to."""
_QUOTE = 400
_SNIPPET = 1000
_SENTENCE = 4000
_HEX = re.compile("[0-9a-f]{64}")
_LONE = re.compile("[\ud800-\udfff]")
_ESCAPED = str.maketrans({"\\": "\\\\", "[": "\\[", "]": "\\]"})


def plain(text: str) -> str:
    """Verbatim text as part of a message: braces, which would stand for arguments, are doubled, and nothing in it reads
    as a link."""
    return _braces(shown(shortened(text, _SENTENCE)).replace("](", "\\]("))


def link(text: str, number: int) -> str:
    """A link in a message to the location of that id."""
    return f"[{_braces(shown(shortened(text, _QUOTE)).translate(_ESCAPED))}]({number})"


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


class Artifacts:
    """The files that a log speaks of. `base` is the folder the log will stand in; None: it leads to no place on this
    machine, and the folder that paths are relative to is named without its address."""

    def __init__(self, lang: str, base: Path | None) -> None:
        self.lang, self.items = lang, list[Json]()
        self._linked = base is not None
        self._root = Path.cwd()
        self._positions: dict[tuple[str, ...], int] = {}
        self._addresses: dict[str, Json] = {}
        self._locations: dict[Source, Json] = {}

    def bases(self) -> Json:
        """What relative addresses start from: the folder in which narrcheck ran."""
        root: Json = {"description": {"text": message("sarif.root", self.lang)}}
        return {ROOT: {"uri": f"{_absolute(self._root)}/", **root} if self._linked else root}

    def address(self, path: str) -> Json:
        """Where a file, or the outermost zip file of a member, is."""
        if path not in self._addresses:
            self._addresses[path] = self._address(path)
        return self._addresses[path]

    def _address(self, path: str) -> Json:
        if path == STDIN:
            return {"uri": "stdin", "description": {"text": message("report.stdin", self.lang)}}
        whole = Path(os.path.normpath(self._root / chain(path)[0]))
        if whole.is_relative_to(self._root) and whole != self._root:
            return {"uri": _encoded(whole.relative_to(self._root).parts), "uriBaseId": ROOT}
        return {"uri": _absolute(whole)}

    def location(self, filing: Filing) -> Json:
        """The address of a filing's file, which from now on is among `items` with its hash; of a member of a zip file,
        that of the zip file."""
        source = filing.source
        if source not in self._locations:
            self._locations[source] = {**self.address(source.path), "index": self._entered(source)}
        return self._locations[source]

    def _entered(self, source: Source) -> int:
        """The place among `items` of a file, or of the zip file around it."""
        path = source.path
        steps = chain(path)
        outer = self._position((steps[0],), {"location": self.address(path), "roles": ["analysisTarget"]})
        if path == STDIN:
            self.items[outer]["roles"] = ["standardStream"]
        inner = outer
        for depth in range(1, len(steps)):
            inside = {"uri": f"/{_encoded(steps[depth].split('/'))}"}
            inner = self._position(tuple(steps[: depth + 1]), {"location": inside, "parentIndex": inner})
        if _HEX.fullmatch(source.sha256):
            self.items[inner].setdefault("hashes", {"sha-256": source.sha256})
        return outer

    def place(self, piece: Evidence, filing: Filing) -> Json:
        """Where a piece of evidence stands: file, line where the file is a text, cell or page otherwise, and the place
        in the form. The line comes with the quote that is on it."""
        physical: Json = {"artifactLocation": self.location(filing)}
        line = piece.spot.line if piece.spot is not None else None
        in_text = line is not None and len(chain(filing.source.path)) == 1
        if line is not None and in_text:
            physical["region"] = {"startLine": line}
            if 0 < len(piece.quote) <= _SNIPPET and _on_line(piece.quote, line, filing):
                physical["region"]["snippet"] = {"text": _LONE.sub("\ufffd", piece.quote)}
        where = place_and_column(piece, self.lang)
        told = where if not piece.quote else message("sarif.place", self.lang, place=where, quote=quoted(piece))
        spots = [] if piece.spot is None or in_text else [_in_file(piece.spot, filing, self.lang)]
        logical = [_in_form(where, filing), *spots]
        return {"physicalLocation": physical, "logicalLocations": logical, "message": {"text": plain(told)}}

    def _position(self, key: tuple[str, ...], item: Json) -> int:
        if key not in self._positions:
            self._positions[key] = len(self.items)
            self.items.append(item)
        return self._positions[key]


def quoted(piece: Evidence) -> str:
    """The quote of a piece of evidence on one line, its middle left out where it is long."""
    return shown(shortened(piece.quote, _QUOTE))


def _on_line(quote: str, line: int, filing: Filing) -> bool:
    """Whether the quote stands whole on that line: a cell may go on in the next ones."""
    at = bisect_left(filing.printed, line, key=lambda row: row.place.line)
    rows = filing.printed[at : at + 1]
    return any(quote in cell for row in rows if row.place.line == line for cell in row.cells)


def _in_form(where: str, filing: Filing) -> Json:
    return {"name": where, "fullyQualifiedName": f"{_inside(filing)}{where}", "kind": "field"}


def _in_file(where: Spot, filing: Filing, lang: str) -> Json:
    kinds = {"cell": where.cell or where.table, "line": where.line, "paragraph": where.paragraph, "page": where.page}
    kind = next((kind for kind, value in kinds.items() if value is not None), "page")
    name = spot(where, lang)
    return {"name": where.cell or name, "fullyQualifiedName": f"{_inside(filing)}{name}", "kind": kind}


def _inside(filing: Filing) -> str:
    """What stands before a place, where the file holds several: the member of a zip file, the filing's position."""
    members = "".join(f"{shown(part)}/" for part in chain(filing.source.path)[1:])
    return members if filing.source.index == 1 else f"{members}#{filing.source.index}/"


def _encoded(parts: "tuple[str, ...] | list[str]") -> str:
    return "/".join(quote(part, safe="", errors="replace") for part in parts)


def _absolute(path: Path) -> str:
    whole = path.as_posix()
    drive, rest = (whole[:2], whole[2:]) if whole[1:2] == ":" else ("", whole)
    start = f"file:///{drive}" if drive else "file://"
    return start + _encoded(rest.rstrip("/").split("/"))
