"""The figures of the summary as JSON."""

import json
from dataclasses import asdict

from narrcheck import __version__
from narrcheck.audit.summary.model import Figures
from narrcheck.reports.encoding import encodable


def document(figures: Figures) -> str:
    """All figures; money in 分, lists as `items` with the `total` that there are."""
    content = {"narrcheck": __version__, **asdict(figures)}
    return encodable(json.dumps(content, ensure_ascii=False, indent=2)) + "\n"
