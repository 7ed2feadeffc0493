"""What a province and the country take: `python -m bench.scale` prints the tables of docs/scale.md."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from time import perf_counter

from bench.formats import makers
from bench.generator import filings
from bench.year import write_year
from narrcheck.audit.engines import Engine, Local
from narrcheck.audit.rows import FileRows
from narrcheck.audit.run import Run
from narrcheck.audit.store import Store
from narrcheck.filing import Filing
from narrcheck.reading import read_bytes
from narrcheck.settings import Settings

TEXTS, PRINTED, SCANS = 2000, 100, 2
DPI = 200
PLACES = {"一个省": 100_000, "全国": 10_000_000}
CORES = (2, 16, 64)
MIXES = {
    "全部文本": {"txt": 1.0},
    "电子表格七成、docx 二成、PDF 一成": {"xlsx": 0.7, "docx": 0.2, "pdf": 0.1},
    "PDF 九成半、扫描件半成": {"pdf": 0.95, "scan": 0.05},
    "全部扫描件": {"scan": 1.0},
}


class Clock:
    """When the first and the last file were done, and how many."""

    def __init__(self) -> None:
        self.start, self.first, self.last, self.files = perf_counter(), 0.0, 0.0, 0

    def listed(self, files: int) -> None: ...
    def unchanged(self) -> None: ...
    def comparing(self) -> None: ...

    def done(self, rows: FileRows) -> None:
        self.last, self.files = perf_counter(), self.files + 1
        self.first = self.first or self.last

    @property
    def rate(self) -> float:
        """Files a second from the start of the run to the last file, the start of the workers included."""
        return self.files / (self.last - self.start)


def main() -> None:
    """The measurements, then the projection from them."""
    with tempfile.TemporaryDirectory() as home:
        measured = measure(Path(home))
    print()
    for line in projection(measured):
        print(line)


def measure(home: Path) -> dict[str, float]:
    """Files a second by kind with two processes; prints all rows as they come."""
    rates: dict[str, float] = {}
    heads = ("文件", "在哪里", "文件数", "秒", "每秒", "首个文件（秒）", "库，每份（KB）")
    print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for kind, folder in folders(home):
        for name, made in engines(kind):
            clock, size = timed(home / "audit.db", folder, made())
            seconds, first = clock.last - clock.start, clock.first - clock.start
            cells = (kind, name, clock.files, f"{seconds:.1f}", f"{clock.rate:.2f}", f"{first:.1f}", f"{size:.1f}")
            print("|", " | ".join(map(str, cells)), "|", flush=True)
            if name == "本机 2 进程":
                rates[kind] = clock.rate
                rates.setdefault("KB", size)
    return rates


def engines(kind: str) -> Iterator[tuple[str, Callable[[], Engine]]]:
    """Where files are worked on, by the name in the table."""
    if kind == "txt":
        yield "本机 1 进程", lambda: Local(1)
    yield "本机 2 进程", lambda: Local(2)
    with suppress(ImportError):
        from narrcheck.audit.ray import Ray

        yield "本机 Ray，2 核", lambda: Ray(None, 2)


def timed(store: Path, folder: Path, engine: Engine) -> tuple[Clock, float]:
    """A run into a new store, and the store's size for each filing in KB."""
    with Store(str(store)) as opened:
        clock = Clock()
        Run(opened, str(folder), Settings(), engine, clock)()
    size = store.stat().st_size / 1024 / max(clock.files, 1)
    store.unlink()
    return clock, size


def folders(home: Path) -> Iterator[tuple[str, Path]]:
    """A folder for each kind of file."""
    write_year(home / "txt", TEXTS, broken=0)
    yield "txt", home / "txt"
    forms = [one for number, data in enumerate(filings(PRINTED)) for one in read_bytes(data, f"{number}.txt")]
    for kind, maker in makers().items():
        yield kind, _written(home / kind, kind, forms, maker)
    painted = list(islice(_scans(forms, makers()["pdf"]), SCANS))
    if painted:
        yield "scan", _written(home / "scan", "pdf", painted, lambda data: data)


def _written(folder: Path, suffix: str, forms: list[Filing] | list[bytes], maker: Callable[..., bytes]) -> Path:
    folder.mkdir()
    for number, one in enumerate(forms):
        (folder / f"{number:04d}.{suffix}").write_bytes(maker(one))
    return folder


def _scans(forms: list[Filing], maker: Callable[..., bytes]) -> Iterator[bytes]:
    """Forms as pictures of their pages; none where narrcheck[ocr] is not installed."""
    from narrcheck.reading import scan

    if not scan.available():
        return
    import pypdfium2

    for one in forms:
        with pypdfium2.PdfDocument(maker(one, embed=False)) as document:
            pages = [page.render(scale=DPI / 72, grayscale=True).to_pil() for page in document]
        out = io.BytesIO()
        pages[0].save(out, "PDF", resolution=DPI, save_all=True, append_images=pages[1:])
        yield out.getvalue()


def projection(measured: dict[str, float]) -> Iterator[str]:
    """Hours by mix and cores: filings × the mean seconds of a core for one ÷ cores; and the disk."""
    heads = [f"{place}，{cores} 核" for place in PLACES for cores in CORES]
    yield f"| 小时 | 每份核秒 | {' | '.join(heads)} |\n|{' --- |' * (len(heads) + 2)}"
    for name, mix in MIXES.items():
        if mix.keys() <= measured.keys():
            seconds = sum(share * 2 / measured[kind] for kind, share in mix.items())
            hours = [f"{count * seconds / cores / 3600:,.1f}" for count in PLACES.values() for cores in CORES]
            yield f"| {name} | {seconds:.4f} | {' | '.join(hours)} |"
    yield ""
    for place, count in PLACES.items():
        yield f"{place}的库：{count:,} 份 × {measured['KB']:.1f} KB = {count * measured['KB'] / 1024**2:,.1f} GB"


if __name__ == "__main__":
    main()
