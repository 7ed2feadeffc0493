"""How a batch runs: where its store is, with how many workers, and what one file may ask of the machine."""

import re
from dataclasses import dataclass

_OF_USER = re.compile(r"(://[^:/@]*):.*@")
_OF_QUERY = re.compile(r"([?&][^=&]*password=)[^&]*")
_OF_PORT = re.compile(r"(://[^:/@]*):[^@]*$")


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """The settings `batch.*`. `store` is a file of SQLite or an address of SQLAlchemy; `jobs` is one a core where it
    is None; `seconds` is how long a file may be worked on without a word, `memory_mb` the memory of a worker."""

    store: str = "audit.db"
    jobs: int | None = None
    seconds: int = 300
    memory_mb: int = 4096


def without_password(store: str, broken: bool = False) -> str:
    """The address of a store as it may be shown. In a `broken` one a password may also stand where the port should."""
    shown = _OF_QUERY.sub(r"\1***", _OF_USER.sub(r"\1:***@", store))
    return _OF_PORT.sub(r"\1:***", shown) if broken else shown
