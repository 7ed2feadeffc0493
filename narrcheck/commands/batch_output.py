"""Where the reports of a batch may be written: never over the store, nor over a file that it has audited."""

from pathlib import Path

from sqlalchemy import Engine

from narrcheck.audit.connect import address, own_files
from narrcheck.audit.errors import StoreError
from narrcheck.audit.status import is_audited
from narrcheck.catalogue import message
from narrcheck.commands import output
from narrcheck.settings import Settings


def target(given: str | None, settings: Settings) -> Path | None:
    """The file to write to, None for standard output; UsageError where it cannot be one, or belongs to the store."""
    try:
        own = own_files(address(settings.batch.store))
    except StoreError:  # told when the store is opened
        own = ()
    return output.target(given, settings.lang, own)


def spare(path: Path | None, engine: Engine, lang: str) -> None:
    """UsageError where the file to write to is one that the store holds as a filing. StoreError."""
    if path is not None and path.is_file() and is_audited(engine, path):
        raise output.UsageError(message("cli.output-is-input", lang, path=path))
