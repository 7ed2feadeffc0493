"""Finds text that contradicts the table in Chinese budget self-evaluation forms (财政项目支出绩效自评表).

>>> import narrcheck
>>> report = narrcheck.check("examples/library.txt")
>>> [finding.rule for finding in report.filings[0].findings]
['N01', 'S06']
"""

import os
from typing import TYPE_CHECKING

from narrcheck.filing import Checked, Claim, Evidence, Filing, Finding, Indicator, Report, Severity

if TYPE_CHECKING:
    from narrcheck.settings import Settings

__version__ = "0.1.0"
__all__ = [
    "Checked",
    "Claim",
    "Evidence",
    "Filing",
    "Finding",
    "Indicator",
    "Report",
    "Severity",
    "__version__",
    "check",
    "read",
]


def check(*paths: str | os.PathLike[str], settings: "Settings | None" = None) -> Report:
    """Check the filings in files and folders; inputs that cannot be read are listed in the report's `errors`.

    `settings` are the built-in defaults where none are given; no settings file is looked for.
    """
    from narrcheck.pipeline import run
    from narrcheck.settings import Settings as Defaults

    return run([os.fspath(path) for path in paths], settings or Defaults())


def read(*paths: str | os.PathLike[str], settings: "Settings | None" = None) -> tuple[Filing, ...]:
    """The filings in files and folders as they are read; raises ValueError with the reason where one cannot be."""
    from narrcheck.pipeline import read_all
    from narrcheck.settings import Settings as Defaults

    filings, _, errors = read_all([os.fspath(path) for path in paths], settings or Defaults())
    if errors:
        raise ValueError("\n".join(error.message for error in errors))
    return filings
