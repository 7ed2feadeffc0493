"""What several commands make of their options: the settings in force, and standard input."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from narrcheck.commands.output import UsageError
from narrcheck.settings import Settings, SettingsError, load
from narrcheck.settingsvalues import BATCH, MODEL

_SETTINGS = ("select", "ignore", "lang", "format", "profile", "fail_on", "llm", "mask", "template")
_OF_MODEL = ("max_tokens", "max_requests", "record", "replay")
_OF_BATCH = ("store", "jobs")


def settings(given: argparse.Namespace) -> Settings:
    """The settings in force; UsageError, in the language asked for, where anything in them is wrong."""
    overrides = {name: getattr(given, name, None) for name in _SETTINGS}
    if given.command in ("batch", "eval"):  # their commands have formats of their own
        overrides["format"] = None
    if getattr(given, "offline", False):
        overrides["llm"] = "off"
    overrides |= {f"{MODEL}.{name}": getattr(given, name, None) for name in _OF_MODEL}
    overrides |= {f"{BATCH}.{name}": getattr(given, name, None) for name in _OF_BATCH}
    config = None if given.config is None else Path(given.config)
    try:
        found = load(config, Path.cwd(), os.environ, overrides)
        if found.select or found.ignore or found.waivers:
            from narrcheck.rules.registry import all_rules

            found.check_codes([rule.code for rule in all_rules()])
    except SettingsError as error:
        raise UsageError(error.text(given.lang or "zh")) from None
    return found


def stdin(paths: Sequence[str]) -> bytes | None:
    """What standard input holds where it is one of the inputs."""
    return sys.stdin.buffer.read() if "-" in paths else None
