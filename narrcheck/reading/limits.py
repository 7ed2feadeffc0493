"""How much a single file may ask of the machine; a file that asks more is refused, and the rest goes on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Limits a file. Sizes in megabytes (2²⁰ bytes), time in seconds.

    `ratio` is how many times its packed size a file may unpack to; it counts only for what unpacks to more than
    RATIO_FLOOR megabytes, since blank sheets pack very well.
    """

    file_mb: int = 200
    unpacked_mb: int = 500
    ratio: int = 200
    members: int = 20000
    depth: int = 3
    pages: int = 2000
    seconds: int = 120
    memory_mb: int = 4096


RATIO_FLOOR = 20
MEGABYTE = 1 << 20
