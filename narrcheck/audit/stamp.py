"""Under what a file is checked, as one short key: everything in the settings that can change what comes out."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from narrcheck import __version__
from narrcheck.audit.store import Stamp
from narrcheck.settings import Settings

_OF_OUTCOME = ("profile", "select", "ignore", "lang", "mask", "limits", "reading", "extra_headings")


def stamp(settings: Settings, today: date | None = None) -> Stamp:
    """The stamp of a run on a day; a waiver that has expired no longer counts."""
    day = (today or date.today()).isoformat()
    parts: list[Any] = [getattr(settings, name) for name in _OF_OUTCOME]
    parts.append([waiver for waiver in settings.waivers if waiver.until is None or waiver.until >= day])
    if settings.model_use != "off":
        from narrcheck.llm.prompts import fingerprint

        model = settings.model
        parts += [settings.model_use, model.endpoint, model.model, model.answer_tokens, fingerprint()]
        if model.replay is not None:
            parts.append(_digest(model.replay))
    text = json.dumps(_plain(parts), sort_keys=True)
    return Stamp(hashlib.sha256(text.encode()).hexdigest()[:16], __version__)


def _digest(path: Path) -> str:
    """What a record holds, as a hash; empty where it cannot be read, which the run itself will say."""
    try:
        return hashlib.sha256(path.expanduser().read_bytes()).hexdigest()
    except OSError:
        return ""


def _plain(value: Any) -> Any:
    """The value as JSON has it; a number the same however it was written."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int) else str(value)
