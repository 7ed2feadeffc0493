"""How a batch runs: where its store is, with how many workers, and what one file may ask of the machine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """The settings `batch.*`. `store` is a file of SQLite or an address of SQLAlchemy; `jobs` is one a core where it
    is None; `seconds` is how long a file may be worked on without a word, `memory_mb` the memory of a worker."""

    store: str = "audit.db"
    jobs: int | None = None
    seconds: int = 300
    memory_mb: int = 4096
