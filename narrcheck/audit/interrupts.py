"""Ctrl-C between two transactions, never inside one: a connection that is torn away may keep the store locked."""

import atexit
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _State:
    """Whether `stoppable` lasts, how many `whole` stand in each other, and whether a signal waits for their end."""

    listening = False
    depth = 0
    held = False


@contextmanager
def stoppable() -> Iterator[None]:
    """While this lasts, a request of the system to end is taken as Ctrl-C is: as KeyboardInterrupt, outside `whole`."""

    def hear(number: int, frame: FrameType | None) -> None:
        if not _State.depth:
            raise KeyboardInterrupt
        _State.held = True

    kept = [(number, signal.signal(number, hear)) for number in _SIGNALS]
    _State.listening = True
    try:
        yield
    finally:
        _State.listening = False
        for number, handler in kept:
            signal.signal(number, handler)


@contextmanager
def whole() -> Iterator[None]:
    """While this lasts, Ctrl-C and a request of the system to end wait; they count afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    if not _State.listening:
        with _held_back():
            yield
        return
    _State.depth += 1
    try:
        yield
    finally:
        _State.depth -= 1
        if _State.held and not _State.depth:
            _State.held = False
            raise KeyboardInterrupt


@contextmanager
def _held_back() -> Iterator[None]:
    """The same where nobody listens: the handlers that are there hear of it afterwards."""
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
