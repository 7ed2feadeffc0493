"""Files that narrcheck wrote as reports, told by what is in them: they may be written over, other files may not."""

import re
import zipfile
from functools import cache
from pathlib import Path

from narrcheck.catalogue import LANGUAGES, message
from narrcheck.reading.package import AUTHOR

_ENDS = 1 << 16
_PROPERTIES = "docProps/core.xml"
_CREATOR = f"<dc:creator>{AUTHOR}</dc:creator>".encode()
_LAST = f"<cp:lastModifiedBy>{AUTHOR}</cp:lastModifiedBy>".encode()
_PAGE = f'<meta name="generator" content="{AUTHOR}">'.encode()
_DRIVER = f'"driver": {{"name": "{AUTHOR}"'.encode()
_CHECKED = b'"coverage": {"numbers":'


def is_report(path: Path) -> bool:
    """Whether the file is a report of narrcheck's in any format, as it was written. A reading that `parse` wrote is
    none, as it may have been corrected by hand, nor is a letter or workbook that somebody has saved since. False where
    the file cannot be read."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed, packed.open(_PROPERTIES) as part:
                properties = part.read(_ENDS)
                return _CREATOR in properties and _LAST in properties
        with path.open("rb") as file:
            head = file.read(_ENDS)
            file.seek(max(len(head), path.stat().st_size - _ENDS))
            return _is_text_report(head, file.read())
    except (OSError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return False


def _is_text_report(head: bytes, tail: bytes) -> bool:
    if head.startswith(b"<!DOCTYPE html>"):
        return _PAGE in head
    if head.startswith(b'{"$schema"'):
        return _DRIVER in head
    if head.startswith(b'{"schema": "narrcheck/'):
        return _CHECKED in head
    return any(_coverage().search("".join(end.decode("utf-8", "ignore").split())) for end in (head, tail))


@cache
def _coverage() -> re.Pattern[str]:
    """How the sentence on coverage begins, without blanks: every report in plain text has it."""
    names = ("numbers", "claims", "linked", "checked", "doubtful_cells")
    said = (message("report.coverage", lang, **dict.fromkeys(names, "\0")) for lang in LANGUAGES)
    return re.compile("|".join(r"\d+".join(map(re.escape, "".join(one.split()).split("\0")[:2])) for one in said))
