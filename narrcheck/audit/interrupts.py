"""Ctrl-C between two transactions, never inside one: a connection that is torn away may keep the store locked."""

import atexit
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def whole() -> Iterator[None]:
    """While this lasts, Ctrl-C and a request of the system to end wait; they count afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []

    def hold(number: int, frame: FrameType | None) -> None:
        held.append(number)

    kept = [(number, signal.signal(number, hold)) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, handler in kept:
            signal.signal(number, handler)
        for late in held:
            signal.raise_signal(late)


def at_exit(last: Callable[[], None]) -> None:
    """Have `last` called when the process ends, where no Ctrl-C breaks it off any more."""
    atexit.register(last)
    if hasattr(signal, "pthread_sigmask"):  # called before it, and no code of ours, at whose start a Ctrl-C would count
        atexit.register(signal.pthread_sigmask, signal.SIG_BLOCK, _SIGNALS)


def not_at_exit(last: Callable[[], None]) -> None:
    """Take `at_exit` back."""
    atexit.unregister(last)
    if hasattr(signal, "pthread_sigmask"):
        atexit.unregister(signal.pthread_sigmask)
