"""`narrcheck config`: every setting, its value and where it comes from."""

import argparse
import json
from decimal import Decimal
from typing import Any

from narrcheck.batching import without_password
from narrcheck.catalogue import message
from narrcheck.commands import options, output
from narrcheck.commands.tables import print_table
from narrcheck.filing import Waiver
from narrcheck.reports.json import waiver_to_json
from narrcheck.settings import SETTINGS, Origin, Setting, Settings

OK = 0


def config(given: argparse.Namespace) -> int:
    """Print all settings in force."""
    settings = options.settings(given)
    path = output.target(given.output, settings.lang)
    view = output.view(given.format, path, settings.lang)
    if view.format == "json":
        text = json.dumps({"settings": _facts(settings)}, ensure_ascii=False, indent=2) + "\n"
    else:
        keys = ("config.setting", "config.value", "config.origin", "config.meaning")
        heads = [message(key, settings.lang) for key in keys]
        rows = [[fact["setting"], _words(fact["value"]), fact["origin"], fact["meaning"]] for fact in _facts(settings)]
        text = print_table(view, heads, rows)
    output.write(text, path, settings.lang)
    return OK


def _facts(settings: Settings) -> list[dict[str, Any]]:
    return [
        {
            "setting": setting.name,
            "value": _value(settings, setting),
            "origin": _origin(settings.origin(setting.name), settings.lang),
            "meaning": message(setting.meaning, settings.lang),
        }
        for setting in SETTINGS
    ]


def _value(settings: Settings, setting: Setting) -> Any:
    """A setting's value as it may be seen: a key only as present, an address without its password; what `llm` comes to
    where nothing is said."""
    value = settings.model_use if setting.name == "llm" else settings.value(setting.name)
    if setting.name == "batch.store":
        return without_password(str(value))
    return "***" if setting.kind == "secret" and value is not None else _plain(value)


def _plain(value: object) -> Any:
    """The value as JSON has it; numbers as decimal strings."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return waiver_to_json(value) if isinstance(value, Waiver) else str(value)


def words_of(value: object) -> str:
    """A setting's value as people read it in a table."""
    return _words(_plain(value))


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value) or "—"
    if isinstance(value, dict):
        return " ".join(str(value[key]) for key in ("id", "rule", "project", "row") if key in value)
    return "—" if value is None else str(value)


def _origin(origin: Origin, lang: str) -> str:
    return message(f"origin.{origin.layer}", lang, place=origin.place, line=origin.line)
