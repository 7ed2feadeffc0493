"""Settings files: where they are looked for, how they are read, and on which line a key stands."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from narrcheck.catalogue import message

FILE_NAME, PROJECT_FILE = "narrcheck.toml", "pyproject.toml"
_PROJECT_TABLE = ("tool", "narrcheck")
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_SYNTAX_PLACE = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")


class SettingsError(Exception):
    """A setting that cannot be used: the file (or variable), its line and key where these are known, and the reason.

    `reason` is the key of a catalogue sentence (settings.REASON) that `facts` fill; `str()` gives it in Chinese.
    """

    def __init__(
        self,
        reason: str,
        facts: Mapping[str, object] | None = None,
        *,
        key: str | None = None,
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, dict(facts or {})
        self.key, self.file, self.line = key, file, line

    def at(self, file: str | None, line: int | None = None, key: str | None = None) -> "SettingsError":
        """The same error with its place."""
        return SettingsError(self.reason, self.facts, key=key or self.key, file=file, line=line)

    def text(self, lang: str) -> str:
        """The whole sentence: place and reason."""
        reason = message(f"settings.{self.reason}", lang, setting=self.key, **self.facts)
        if self.file is None:
            return reason
        place = "settings.place" if self.line is not None else "settings.file"
        return message(place, lang, file=self.file, line=self.line, reason=reason)

    def __str__(self) -> str:
        return self.text("zh")


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file as read: its values, and its text for finding lines. `table` is what its keys stand under."""

    path: Path
    text: str
    values: Mapping[str, Any]
    table: tuple[str, ...] = ()

    def line(self, *keys: str | int) -> int | None:
        """The line (from 1) of a key such as ("limits", "spending_gap") or ("waiver", 0, "until").

        Where the key has no line of its own, that of the table it stands in; None where nothing is found.
        """
        wanted = (*self.table, *keys)
        for length in range(len(wanted), len(self.table), -1):
            found = _line_of(self.text, wanted[:length])
            if found is not None:
                return found
        return None

    def place(self, error: SettingsError, *keys: str | int) -> SettingsError:
        """The error as one about a key of this file, with the key's line."""
        key = ".".join(str(part) for part in keys if isinstance(part, str))
        return error.at(str(self.path), self.line(*keys), key)


def _line_of(text: str, wanted: tuple[str | int, ...]) -> int | None:
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            name = _parts(header[2])
            table = name
            if header[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (*name, counts[name])
            if table[: len(wanted)] == wanted:
                return number
            continue
        key = _KEY.match(line)
        if key and (*table, *_parts(key[1]))[: len(wanted)] == wanted:
            return number
    return None


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def find(start: Path) -> SettingsFile | None:
    """The nearest settings file from the folder `start` upward: narrcheck.toml, or pyproject.toml with the table
    [tool.narrcheck]; None where there is none."""
    start = start.resolve()
    for folder in (start, *start.parents):
        own, project = folder / FILE_NAME, folder / PROJECT_FILE
        if own.is_file():
            return read(own)
        if project.is_file() and (found := _read_project(project)):
            return found
    return None


def read(path: Path) -> SettingsFile:
    """The settings file at `path`; SettingsError where it cannot be read."""
    if path.name == PROJECT_FILE:
        return _read_project(path) or SettingsFile(path, "", {}, _PROJECT_TABLE)
    text = _text(path)
    return SettingsFile(path, text, _parse(path, text))


def read_table(path: Path) -> dict[str, Any]:
    """The values of a further TOML file that the settings name; SettingsError where it cannot be read."""
    return _parse(path, _text(path))


def _read_project(path: Path) -> SettingsFile | None:
    """The table [tool.narrcheck] of a pyproject.toml; a file without that table is none of ours, even if broken."""
    try:
        text = _text(path)
    except SettingsError:
        return None
    if "tool.narrcheck" not in text.replace(" ", ""):
        return None
    values = _parse(path, text).get("tool", {}).get("narrcheck")
    return SettingsFile(path, text, values, _PROJECT_TABLE) if isinstance(values, dict) else None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        detail = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise SettingsError("unreadable", {"detail": detail}, file=str(path)) from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        place = _SYNTAX_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(text.splitlines()) or 1
        detail = _SYNTAX_PLACE.sub("", str(error))
        raise SettingsError("syntax", {"detail": detail}, file=str(path), line=line) from None
