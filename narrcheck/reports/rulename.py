"""Rules in a few words, as people name them."""

from functools import lru_cache

from narrcheck.catalogue import entries, message
from narrcheck.rules.registry import find_rule


@lru_cache(maxsize=256)
def rule_name(code: str, lang: str) -> str:
    """A rule in a few words; its code where this version does not know it."""
    key = f"summary.rule.{code}"
    if key in entries():
        return message(key, lang)
    known = find_rule(code)
    return code if known is None else known.name
