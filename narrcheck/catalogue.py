"""Every sentence narrcheck says to people, in Chinese and English, from data/messages/*.toml."""

from functools import lru_cache
from typing import Any

from narrcheck.data import load_folder

LANGUAGES = ("zh", "en")


@lru_cache(maxsize=1)
def entries() -> dict[str, Any]:
    """All catalogue entries by key; a key that two files hold raises ValueError."""
    return load_folder("messages")


def message(key: str, lang: str, **facts: object) -> str:
    """The sentence `key` in `lang`, its placeholders filled with `facts`; KeyError for a key that is not listed.

    Each entry of the files is a table with `zh` and `en`.
    """
    template: str = entries()[key][lang]
    return template.format_map(facts)
