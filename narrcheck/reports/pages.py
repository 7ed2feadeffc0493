"""What the web pages of narrcheck share."""

import base64
import hashlib

LANGUAGES = {"zh": "zh-Hans", "en": "en"}
"""What a page calls the languages of reports."""


def digest(text: str) -> str:
    """The SHA-256 by which a page's policy lets its own script or style through."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
