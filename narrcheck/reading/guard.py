"""Reading in a process of its own, so that a file that makes a reader hang, crash or eat memory costs only itself.

Texts are read in place: their readers are narrcheck's own and take time in proportion to the file. For all other kinds
one helper process is started when the first such file comes, serves all of them, and is replaced when it had to be
stopped.
"""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from contextvars import Context
from types import TracebackType
from typing import TYPE_CHECKING, Any

from narrcheck.filing import Filing
from narrcheck.parts import Part, left_out, without
from narrcheck.reading import ReadError, read_bytes
from narrcheck.reading.kinds import is_text
from narrcheck.reading.limits import MEGABYTE, ReadingLimits

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_GRACE = 30
_Answer = tuple[tuple[Filing, ...] | None, ReadError | None]


class Guard:
    """Reads files under limits of time and memory; to be closed, or used as a context."""

    def __init__(self, limits: ReadingLimits, extra_headings: Mapping[str, Any] | None = None) -> None:
        self.limits, self.extra_headings = limits, extra_headings
        self._process: Any = None
        self._pipe: Connection | None = None

    def __enter__(self) -> "Guard":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, data: bytes, path: str) -> tuple[Filing, ...]:
        """The filings of one file, as `read_bytes` gives them.

        ReadError: too-slow, reader-failed, and all of `read_bytes`.
        """
        if len(data) > self.limits.file_mb * MEGABYTE:
            raise ReadError("file-too-large", path=path, limit=self.limits.file_mb)
        if is_text(data):
            return read_bytes(data, path, self.extra_headings, self.limits)
        pipe = self._started()
        try:
            try:
                pipe.send((data, path, left_out()))
            except OSError:  # the helper has ended since the last file
                self.close()
                pipe = self._started()
                pipe.send((data, path, left_out()))
            if not pipe.poll(self.limits.seconds):
                self.close()
                raise ReadError("too-slow", path=path, limit=self.limits.seconds)
            filings, error = pipe.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise ReadError("reader-failed", path=path, reason=type(error).__name__) from None
        if error is not None:
            raise error
        found: tuple[Filing, ...] = filings
        return found

    def close(self) -> None:
        """Stop the helper process, if one runs."""
        if self._process is not None and self._process.pid is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def _started(self) -> "Connection":
        if self._pipe is None:
            import multiprocessing

            method = _method()
            context = multiprocessing.get_context(method)
            self._pipe, theirs = context.Pipe()
            # A forked helper holds a copy of this end too, and would never see it close.
            arguments = (theirs, self._pipe if method == "fork" else None, self.limits, self.extra_headings)
            self._process = context.Process(target=_serve, args=arguments, daemon=True)  # type: ignore[attr-defined]
            with without_main() if method == "spawn" else contextlib.nullcontext():
                self._process.start()
            theirs.close()
        return self._pipe


@contextlib.contextmanager
def without_main() -> Iterator[None]:
    """While the helper starts anew it must not run the caller's script again, which need not expect that."""
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name) for name in ("__spec__", "__file__") if hasattr(main, name)}
    main.__spec__ = None
    main.__dict__.pop("__file__", None)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)


def _method() -> str:
    """How the helper starts: a copy of this process takes a millisecond, but is only safe where no threads run."""
    import threading

    alone = threading.active_count() == 1 and sys.platform not in ("win32", "darwin")
    return "fork" if alone else "spawn"


def _serve(
    pipe: "Connection", other: "Connection | None", limits: ReadingLimits, extra_headings: Mapping[str, Any] | None
) -> None:
    """The helper's work: one answer for every file, until the other side closes."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if other is not None:
        other.close()
    limit_memory(limits.memory_mb)
    with contextlib.suppress(EOFError, OSError):
        while True:
            data, path, parts = pipe.recv()
            end_after(limits.seconds + _GRACE)
            # A forked helper would otherwise keep what was left out when it started.
            answer = Context().run(_answer, data, path, parts, limits, extra_headings)
            end_after(0)
            pipe.send(answer)


def _answer(
    data: bytes, path: str, parts: frozenset[Part], limits: ReadingLimits, extra_headings: Mapping[str, Any] | None
) -> _Answer:
    try:
        with without(*parts):
            return read_bytes(data, path, extra_headings, limits), None
    except ReadError as error:
        return None, ReadError(error.code, **error.facts)
    except Exception as error:
        return None, ReadError("reader-failed", path=path, reason=type(error).__name__)


def end_after(seconds: float) -> None:
    """End this process after so many seconds even where nobody is left to end it; 0 calls that off."""
    if sys.platform != "win32":
        import signal

        signal.setitimer(signal.ITIMER_REAL, seconds)


def limit_memory(megabytes: int) -> None:
    """Let the process have so much memory at most; where the system cannot, it has no limit."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        most = megabytes * MEGABYTE
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
