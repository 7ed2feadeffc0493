"""Where the files of a run are worked on: on this machine's processes, or on a cluster."""

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Protocol, TypeAlias

from narrcheck.audit.rows import FileRows

if TYPE_CHECKING:
    from narrcheck.audit.pool import Failure
    from narrcheck.audit.work import FileWork, Worker

Result: TypeAlias = "FileWork | FileRows | Failure"


class Engine(Protocol):
    """Runs a worker over files. Every path comes back once, with its result, in any order."""

    name: str

    def run(self, worker: "Worker", paths: Iterable[str]) -> Generator[tuple[str, Result], None, None]:
        """The paths with what came of them. Closing it ends the work."""
        ...


class Here:
    """This process, one file after the other, without limits: for few files that are known."""

    name = "here"

    def run(self, worker: "Worker", paths: Iterable[str]) -> Generator[tuple[str, Result], None, None]:
        """Every path with what came of it."""
        work = worker()
        for path in paths:
            yield path, work(path, lambda: None)


class Local:
    """Processes on this machine, each file under the settings' limits of time and memory."""

    name = "local"

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def run(self, worker: "Worker", paths: Iterable[str]) -> Generator[tuple[str, Result], None, None]:
        """Every path with what came of it, as soon as it is done."""
        from narrcheck.audit.pool import Pool

        limits = worker.settings.batch
        with Pool[str, "FileWork | FileRows"](worker, self.jobs, limits.seconds, limits.memory_mb) as pool:
            yield from pool.run(paths)


def engine(name: str, jobs: int, address: str | None = None) -> Engine:
    """The engine of --engine: local or ray. ImportError where ray is not installed."""
    if name == "ray":
        from narrcheck.audit.ray import Ray

        return Ray(address, jobs)
    return Local(jobs)
