"""Reaching a Ray cluster, or starting one on this machine."""

import logging
import os
import signal
import socket
from contextlib import suppress
from typing import Any

import ray
from ray.exceptions import RayError

_OBJECTS = 1 << 28  # bytes for results that wait to be fetched
_SECONDS = 10


def connected(address: str | None, jobs: int) -> bool:
    """Connect this process to the cluster at `address`, or to one of `jobs` cores started on this machine; False where
    it has been connected before. The caller's handler of SIGTERM stays. ConnectionError, with the reason."""
    if ray.is_initialized():
        return False
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    own: dict[str, Any] = {"num_cpus": jobs, "include_dashboard": False, "object_store_memory": _OBJECTS}
    host, _, port = (address or "").removeprefix("ray://").rpartition(":")
    stop = signal.getsignal(signal.SIGTERM)
    try:
        if port.isdecimal():  # Ray itself would look for it for minutes
            socket.create_connection((host.strip("[]"), int(port)), _SECONDS).close()
        ray.init(address or "local", log_to_driver=False, logging_level=logging.CRITICAL, **({} if address else own))
    except (OSError, OverflowError, RuntimeError, ValueError, ImportError, RayError) as error:
        raise ConnectionError(str(error).strip().partition("\n")[0]) from error
    finally:
        with suppress(ValueError):  # not the main thread, where Ray sets none
            signal.signal(signal.SIGTERM, stop)
    return True
