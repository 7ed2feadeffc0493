"""The work of a run as tasks of a Ray cluster. Every node needs the same narrcheck, and the folder at the same path."""

import atexit
import os
import socket
from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError

from narrcheck import __version__
from narrcheck.audit.cluster import connected
from narrcheck.audit.engines import Result
from narrcheck.audit.paths import location
from narrcheck.audit.pool import Failure, Pool
from narrcheck.audit.work import Worker

_BYTES, _AHEAD, _RETRIES = 1 << 18, 2, 3
_kept: list[tuple[Worker, Pool[str, Result]]] = []  # at most one, in each process of a node


class Ray:
    """The cluster at `address`, or one of `jobs` cores on this machine until the work is done. A task has at most
    `files` files, fewer where they are large. ConnectionError, with the reason, where no cluster is reached."""

    name = "ray"

    def __init__(self, address: str | None, jobs: int, files: int = 50) -> None:
        self._address, self._jobs, self._least = address, jobs, _BYTES // files
        self._ours = connected(address, jobs)

    def run(self, worker: Worker, paths: Iterable[str]) -> Generator[tuple[str, Result], None, None]:
        """Every path with what came of it, task by task; _AHEAD tasks for each core are handed out at a time."""
        self._ours |= connected(self._address, self._jobs)
        batches, running = _batches(worker.folder, paths, self._least), dict[Any, list[str]]()
        try:
            shared, here = ray.put(worker), str(Path.cwd())
            while True:
                cores: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
                for batch in islice(batches, max(0, _AHEAD * max(1, int(cores.get("CPU", 1))) - len(running))):
                    running[_work.remote(shared, here, __version__, batch)] = batch
                if not running:
                    return
                for done in ray.wait([*running])[0]:
                    yield from _results(done, running.pop(done))
        finally:
            for task in running:
                ray.cancel(task, force=True)
            if self._ours:
                ray.shutdown()


def _batches(folder: str, paths: Iterable[str], least: int) -> Iterator[list[str]]:
    """The paths in lists that hold at most _BYTES, or a single file; a file counts as `least` bytes at least."""
    batch, held = list[str](), 0
    for path in paths:
        place = location(folder, path)
        size = max(place.stat().st_size if place.is_file() else 0, least)
        if batch and held + size > _BYTES:
            yield batch
            batch, held = [], 0
        batch.append(path)
        held += size
    if batch:
        yield batch


def _results(task: Any, batch: list[str]) -> list[tuple[str, Result]]:
    """What a task gave; where it is lost for good, that for each of its files."""
    try:
        return list(ray.get(task))
    except RayError as error:
        code = "worker-failed" if isinstance(error, RayTaskError) else "worker-died"
        return [(path, Failure(code, str(error).strip().rpartition("\n")[2])) for path in batch]


@ray.remote(num_cpus=1, max_retries=_RETRIES)
def _work(worker: Worker, here: str, version: str, paths: list[str]) -> list[tuple[str, Result]]:
    """The files one after the other in a process of their own, which this one keeps for the next task."""
    if version != __version__ or not Path(here, worker.folder).is_dir():
        return [(path, Failure("unfit-node", socket.gethostname())) for path in paths]
    if not Path(worker.folder).is_absolute():
        os.chdir(here)
    if not _kept or _kept[0][0] != worker:
        pool = Pool[str, Result](worker, 1, worker.settings.batch.seconds, worker.settings.batch.memory_mb)
        atexit.register(pool.close)
        _kept[:] = [(worker, pool)]
    return list(_kept[0][1].run(paths))
