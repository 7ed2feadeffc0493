"""Worker processes under limits of time and memory: a job that hangs, crashes or eats memory costs only itself."""

import contextlib
import gc
import multiprocessing
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Any, Generic, TypeVar

from narrcheck.audit.interrupts import at_exit, not_at_exit, whole
from narrcheck.reading.guard import end_after, limit_memory, without_main

J = TypeVar("J")
R = TypeVar("R")

Alive = Callable[[], None]
"""Told by a long job that it goes on: its time starts anew."""

_AHEAD = 12  # jobs that a worker has at the most
_SPARE = 0.1  # seconds of work that wait for it behind the job it does
_GRACE = 30
_ALIVE = b""
_ENOUGH_DEATHS = 2
_OBJECTS = 20_000  # made since the last look for garbage


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job has no result. `code` is too-slow, out-of-memory, worker-died or worker-failed; `reason` says more."""

    code: str
    reason: str = ""


@dataclass(slots=True, eq=False)
class _Task(Generic[J]):
    job: J
    deaths: int = 0


@dataclass(slots=True, eq=False)
class _Worker(Generic[J]):
    process: Any
    pipe: Connection
    tasks: deque[_Task[J]] = field(default_factory=deque)
    since: float = 0.0
    ahead: int = 2


class Pool(Generic[J, R]):
    """`size` processes that each call `start` once and what it gives for every job.

    `seconds` is how long a job may go without a word; `megabytes` the memory of a process. A context, which ends its
    processes when it is left.
    """

    def __init__(self, start: Callable[[], Callable[[J, Alive], R]], size: int, seconds: float, megabytes: int) -> None:
        self._start, self._size, self._seconds, self._megabytes = start, size, seconds, megabytes
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker[J]] = []

    def __enter__(self) -> "Pool[J, R]":
        at_exit(self.close)  # where several Ctrl-C, one upon the other, break off the leaving too
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, jobs: Iterable[J]) -> Iterator[tuple[J, R | Failure]]:
        """Every job with its result, in the order in which they are done.

        A job whose process died is tried once more, since another's may have been the system's victim.
        """
        again: deque[_Task[J]] = deque()
        source = map(_Task[J], jobs)
        while True:
            rest = chain(_taken(again), source)
            self._supply(rest)
            busy = {worker.pipe: worker for worker in self._workers if worker.tasks}
            if not busy:
                return
            ready = wait([*busy], timeout=self._patience())
            for pipe in ready:
                yield from self._receive(busy[pipe], again)  # type: ignore[index]
            if not ready:
                yield from self._overdue(again)

    def close(self) -> None:
        """End all processes at once."""
        with whole():
            for worker in self._workers:
                self._end(worker)
            self._workers.clear()
            not_at_exit(self.close)

    def _supply(self, tasks: Iterator[_Task[J]]) -> None:
        """Hand out jobs: several ahead where they are quick, so that no worker waits, one by one where each takes long,
        so that none waits behind it. A worker is started when there is a job for it."""
        while True:
            able = (worker for worker in self._workers if len(worker.tasks) < worker.ahead)
            free = min(able, key=lambda worker: len(worker.tasks), default=None)
            if free is None and len(self._workers) >= self._size:
                return
            task = next(tasks, None)
            if task is None:
                return
            if free is None or (free.tasks and len(self._workers) < self._size):
                free = self._started()
            if not free.tasks:
                free.since = max(free.since, monotonic())
            free.tasks.append(task)
            with contextlib.suppress(OSError):  # it has died, which shows when its answer is looked for
                free.pipe.send(task.job)

    def _receive(self, worker: _Worker[J], again: deque[_Task[J]]) -> Iterator[tuple[J, R | Failure]]:
        try:
            data = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            yield from self._dead(worker, again)
            return
        took, worker.since = monotonic() - worker.since, monotonic()
        if data == _ALIVE:
            return
        worker.ahead = min(_AHEAD, 1 + int(_SPARE / max(took, _SPARE / _AHEAD)))
        result: R | Failure = pickle.loads(data)
        yield worker.tasks.popleft().job, result
        if isinstance(result, Failure) and result.code == "out-of-memory":
            self._lose(worker, again)

    def _dead(self, worker: _Worker[J], again: deque[_Task[J]]) -> Iterator[tuple[J, R | Failure]]:
        worker.process.join(_GRACE)
        code = worker.process.exitcode
        task = worker.tasks.popleft()
        task.deaths += 1
        self._lose(worker, again)
        if task.deaths < _ENOUGH_DEATHS:
            again.append(task)
        else:
            yield task.job, Failure("worker-died", "" if code is None else str(code))

    def _overdue(self, again: deque[_Task[J]]) -> Iterator[tuple[J, R | Failure]]:
        late = [w for w in self._workers if w.tasks and monotonic() - w.since > self._seconds and not w.pipe.poll()]
        for worker in late:
            task = worker.tasks.popleft()
            self._lose(worker, again)
            yield task.job, Failure("too-slow", f"{self._seconds:g}")

    def _patience(self) -> float:
        """How long until the first worker is overdue."""
        first = min(worker.since for worker in self._workers if worker.tasks)
        return max(first + self._seconds - monotonic(), 0) + 0.05

    def _lose(self, worker: _Worker[J], again: deque[_Task[J]]) -> None:
        """End a worker; the jobs it had not begun go to others."""
        again.extend(worker.tasks)
        with whole():
            self._workers.remove(worker)
            self._end(worker)

    def _end(self, worker: _Worker[J]) -> None:
        worker.process.kill()
        worker.process.join()
        worker.process.close()
        worker.pipe.close()

    def _started(self) -> _Worker[J]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(theirs, self._start, self._seconds, self._megabytes), name="narrcheck-worker"
        )
        worker: _Worker[J] = _Worker(process, ours, since=monotonic() + _GRACE)  # until it says that it is ready
        with without_main(), _deaf():
            process.start()
            self._workers.append(worker)
        theirs.close()
        return worker


def _taken(tasks: deque[_Task[J]]) -> Iterator[_Task[J]]:
    while tasks:
        yield tasks.popleft()


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """While a worker starts it must not take Ctrl-C for itself: what is ignored now stays ignored in it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, kept)


def _serve(pipe: Connection, start: Callable[[], Callable[[Any, Alive], Any]], seconds: float, megabytes: int) -> None:
    """A worker's life: one answer for every job, until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(megabytes)
    work = start()
    gc.freeze()  # what has been loaded stays, and is not looked through for garbage again and again
    gc.set_threshold(_OBJECTS)
    told = 0.0

    def alive() -> None:
        nonlocal told
        if monotonic() - told > min(1.0, seconds / 4):
            told = monotonic()
            end_after(seconds + _GRACE)
            pipe.send_bytes(_ALIVE)

    with contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(_ALIVE)
        while True:
            job = pipe.recv()
            end_after(seconds + _GRACE)
            answer = _answer(work, job, alive)
            end_after(0)
            pipe.send_bytes(answer)


def _answer(work: Callable[[Any, Alive], Any], job: Any, alive: Alive) -> bytes:
    """The result as bytes, or the failure."""
    try:
        return pickle.dumps(work(job, alive), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        failure = Failure("out-of-memory")
    except (EOFError, BrokenPipeError):
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        failure = Failure("worker-failed", f"{type(error).__name__}: {error} ({place.name}:{place.lineno})")
    return pickle.dumps(failure)
