"""Texts of JSON that every reader takes."""

import json
from typing import Any

_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def encode(document: Any) -> str:
    """The document on one line, also for readers that take Unicode's line separators for line ends."""
    text = json.dumps(document, ensure_ascii=False)
    for mark, escape in _LINE_ENDS.items():
        if mark in text:
            text = text.replace(mark, escape)
    return encodable(text)


def encodable(text: str) -> str:
    """The text with unpaired surrogates as \\uXXXX: everything else is unchanged."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text
