"""Where the files of a store are, as links and as people name them."""

import os
from pathlib import Path

from narrcheck.audit import paths
from narrcheck.audit.summary.model import Filed, Place
from narrcheck.reading.inputs import printable
from narrcheck.reports.addresses import uri
from narrcheck.reports.wording import shown


def href(place: Place, base: Path | None) -> str:
    """The URI of a file: relative to the folder `base`, or absolute where there is none or it is on another drive."""
    whole = os.path.normpath(os.path.join(paths.named(place.location), paths.named(place.path)))  # noqa: PTH118
    return uri(whole, base)


def path(place: Place) -> str:
    """The path of a file, or of the member of a zip file, on one line."""
    return shown(printable(str(paths.location(paths.named(place.named), place.path))) + (place.member or ""))


def filing_path(filed: Filed) -> str:
    """The path of a filing, with its position where it is not the first of its file."""
    return path(filed.place) + (f" #{filed.number}" if filed.number > 1 else "")
