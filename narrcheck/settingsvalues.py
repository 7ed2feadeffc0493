"""The values of settings: what each kind accepts, from a file, a variable or the command line."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from narrcheck.batching import BatchOptions
from narrcheck.filing import Waiver
from narrcheck.llm.options import MODES, ModelOptions
from narrcheck.reading.limits import ReadingLimits
from narrcheck.rules.limits import Limits
from narrcheck.settingsfile import SettingsError

Kind = Literal["choice", "codes", "number", "count", "times", "path", "profile", "text", "address", "secret", "waivers"]
PREFIX = "NARRCHECK_"
LIMITS = "limits"
READING = "reading"
MODEL = "llm"
BATCH = "batch"
USE = "use"
"""The key of the table [llm] that holds what the plain setting `llm` does."""
GROUPS = (LIMITS, READING, MODEL, BATCH)
"""The settings that stand under a table of their own."""
_LARGEST = Decimal(10) ** 9
_WAIVER_KEYS = ("id", "rule", "project", "row", "who", "why", "until")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; `choices` only where it is one of a few words."""

    name: str
    kind: Kind
    default: object
    choices: tuple[str, ...] = ()

    @property
    def meaning(self) -> str:
        """The catalogue key of the sentence that says what it means."""
        return f"setting.{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.replace(".", "_").upper()


def _of_limits() -> Iterable[Setting]:
    standard = Limits()
    for limit in fields(Limits):
        name, value = f"{LIMITS}.{limit.name}", getattr(standard, limit.name)
        if isinstance(value, Decimal):
            yield Setting(name, "number", value)
        else:
            yield Setting(name, "choice", value, ("proportional", "linear"))


def _of_reading() -> Iterable[Setting]:
    standard = ReadingLimits()
    for limit in fields(ReadingLimits):
        yield Setting(f"{READING}.{limit.name}", "count", getattr(standard, limit.name))


def _of_model() -> Iterable[Setting]:
    standard = ModelOptions()
    kinds: Mapping[str, Kind] = {
        "base_url": "address",
        "api_key": "secret",
        "model": "text",
        "mode": "choice",
        "wait_seconds": "number",
        "reasks": "times",
        "cache": "path",
        "record": "path",
        "replay": "path",
        "price_in": "number",
        "price_out": "number",
        "currency": "text",
    }
    for option in fields(ModelOptions):
        kind = kinds.get(option.name, "count")
        choices = ("auto", *MODES) if kind == "choice" else ()
        yield Setting(f"{MODEL}.{option.name}", kind, getattr(standard, option.name), choices)


def _of_batch() -> Iterable[Setting]:
    standard = BatchOptions()
    for option in fields(BatchOptions):
        yield Setting(
            f"{BATCH}.{option.name}", "text" if option.name == "store" else "count", getattr(standard, option.name)
        )


SETTINGS: tuple[Setting, ...] = (
    Setting("profile", "profile", "national"),
    Setting("select", "codes", ()),
    Setting("ignore", "codes", ()),
    Setting("lang", "choice", "zh", ("zh", "en")),
    Setting("format", "choice", None, ("terminal", "markdown", "json", "jsonl", "html", "xlsx", "docx", "sarif")),
    Setting("fail_on", "choice", "error", ("error", "warning", "info", "never")),
    Setting("mask", "choice", "no", ("no", "yes")),
    Setting("llm", "choice", None, ("off", "auto", "full")),
    Setting("headings", "path", None),
    Setting("template", "path", None),
    Setting("waivers", "waivers", ()),
    *_of_limits(),
    *_of_reading(),
    *_of_model(),
    *_of_batch(),
)
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}


def nearest(word: str, known: Iterable[str]) -> str:
    """The word of `known` that is spelled most like `word`; the first in order among equals."""
    from difflib import SequenceMatcher

    return max(sorted(known), key=lambda other: SequenceMatcher(None, word.lower(), other.lower()).ratio(), default="")


def convert(setting: Setting, value: object) -> object:
    """The value as the setting holds it; SettingsError for what is no value of its kind."""
    if setting.kind == "number":
        number = _number(value)
        if number is None:
            raise SettingsError("number", {"value": value}, key=setting.name)
        return number
    if setting.kind in ("count", "times"):
        count, least = _number(value), 1 if setting.kind == "count" else 0
        if count is None or count < least or count != count.to_integral_value():
            raise SettingsError(setting.kind, {"value": value}, key=setting.name)
        return int(count)
    if setting.kind == "choice":
        if value not in setting.choices:
            raise SettingsError("choice", {"value": value, "choices": ", ".join(setting.choices)}, key=setting.name)
        return value
    if setting.kind == "codes":
        codes = _codes(value)
        if codes is None:
            raise SettingsError("codes", {"value": value}, key=setting.name)
        return codes
    if not isinstance(value, str | Path) or not str(value).strip():
        shown = "***" if setting.kind == "secret" else value
        raise SettingsError("text", {"value": shown}, key=setting.name)
    if setting.kind == "secret":
        key = str(value).strip()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise SettingsError("secret", key=setting.name)
        return key
    if setting.kind == "address":
        return _address(setting, str(value))
    return Path(value) if setting.kind == "path" else value


def _address(setting: Setting, value: str) -> str:
    """The address of a service; SettingsError where it is none of the web's, or may hold a key."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(value.strip())
        known = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known or parts.username is not None or parts.query or parts.fragment:
        raise SettingsError("address", {"value": "***" if set(value) & set("@?#") else value}, key=setting.name)
    return value.strip()


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number <= _LARGEST else None


def _codes(value: object) -> tuple[str, ...] | None:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        return None
    return tuple(dict.fromkeys(code.strip().upper() for item in items for code in item.split(",") if code.strip()))


def waiver(table: object) -> Waiver:
    """A waiver from its table; SettingsError where a key is unknown, missing or of the wrong type."""
    if not isinstance(table, dict):
        raise SettingsError("table", key="waiver")
    values: dict[str, str] = {}
    for key, value in table.items():
        if key not in _WAIVER_KEYS:
            raise SettingsError("unknown-key", {"nearest": nearest(key, _WAIVER_KEYS)}, key=key)
        if key == "until":
            values[key] = _date(value)
        elif isinstance(value, str) and value.strip():
            values[key] = value.strip()
        else:
            raise SettingsError("text", {"value": value}, key=key)
    for key in ("who", "why"):
        if key not in values:
            raise SettingsError("missing", key=key)
    if "id" not in values:
        for key in ("rule", "project"):
            if key not in values:
                raise SettingsError("missing", key=key if "rule" in values else "id")
    if "rule" in values:
        values["rule"] = values["rule"].upper()
    return Waiver(**values)


def _date(value: object) -> str:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    try:
        return datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise SettingsError("date", {"value": value}, key="until") from None
