"""Files spoilt at random, and what reading them does; `make fuzz` prints the table of docs/robustness.md.

Every file comes from a seed, so a file that fails can be made again: spoilt(kind, seed).
"""

import io
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from makers.pdf import to_pdf
from makers.spreadsheet import to_xlsx
from makers.webpage import to_html
from makers.word import to_docx
from narrcheck.filing import Problem
from narrcheck.reading import ReadingLimits, read_bytes, scan
from narrcheck.reading.guard import Guard
from narrcheck.reading.inputs import STANDARD_INPUT, read_paths
from narrcheck.reports.encoding import encode
from narrcheck.reports.json import filing_to_json

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
LIMITS = ReadingLimits(unpacked_mb=64, seconds=60, memory_mb=2048)
_NUMBERS = (b"0", b"-1", b"65536", b"999999999", b"18446744073709551616", b"1e308", b"NaN")
_KINDS = ("txt", "json", "html", "mht", "xlsx", "xls", "ods", "docx", "pdf", "zip")


def kinds() -> tuple[str, ...]:
    """The formats that are spoilt: all that are read without another program's help."""
    return _KINDS


@lru_cache(maxsize=1)
def samples() -> Mapping[str, bytes]:
    """One sound file of each format."""
    text = (EXAMPLES / "library.txt").read_bytes()
    (filing,) = read_bytes(text, "library.txt")
    page = to_html(filing)
    found = {
        "txt": text,
        "json": encode({"filings": [filing_to_json(filing)]}).encode(),
        "html": page,
        "mht": _saved_page(page),
        "xlsx": to_xlsx(filing),
        "docx": to_docx(filing),
        "pdf": to_pdf(filing),
    }
    found["xls"] = _old_sheet(filing.project or "")
    found["ods"] = _open_sheet()
    found["zip"] = _zip({f"一/{name}.{name}": found[name] for name in ("txt", "xlsx", "docx")})
    return found


def _saved_page(page: bytes) -> bytes:
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText

    message = MIMEMultipart("related", boundary="part")
    message.attach(MIMEText(page.decode(), "html", "utf-8"))
    return message.as_bytes()


_FORM = (
    ("项目支出绩效自评表",), ("项目名称", "河岸步道维修"), ("主管部门", "水务局", "实施单位", "河道所"),
    ("预期目标", "", "实际完成情况"), ("维修步道12公里", "", "维修步道13公里"),
    ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    ("产出指标", "数量指标", "维修步道里程", "≥12公里", "12公里", 50, 50),
    ("效益指标", "社会效益指标", "群众满意度", "≥90%", "95%", 40, 40), ("总分", "", "", "", "", 90, 90),
)  # fmt: skip


def _old_sheet(_: str) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("自评表")
    for number, line in enumerate(_FORM):
        for column, cell in enumerate(line):
            sheet.write(number, column, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _open_sheet() -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    cell = '<table:table-cell table:number-columns-repeated="1"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(
        f"<table:table-row>{''.join(cell.format(text) for text in line)}</table:table-row>" for line in _FORM
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="自评表">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()})


def _zip(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


def spoilt(kind: str, seed: int) -> bytes:
    """The sample of a format with one to four faults; in a packed format mostly inside one of its members."""
    source = random.Random(f"{kind} {seed}")
    data = samples()[kind]
    if data.startswith(b"PK") and source.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            members = {name: file.read(name) for name in file.namelist()}
        name = source.choice(sorted(members))
        members[name] = _faulty(members[name], source)
        return _zip(members)
    return _faulty(data, source)


def _faulty(data: bytes, source: random.Random) -> bytes:
    for _ in range(source.randint(1, 4)):
        data = source.choice(_FAULTS)(data, source)
    return data


def _flip(data: bytes, source: random.Random) -> bytes:
    spoiled = bytearray(data)
    for _ in range(source.randint(1, 20)):
        if spoiled:
            spoiled[source.randrange(len(spoiled))] = source.randrange(256)
    return bytes(spoiled)


def _cut(data: bytes, source: random.Random) -> bytes:
    return data[: source.randrange(len(data) + 1)]


def _drop(data: bytes, source: random.Random) -> bytes:
    start = source.randrange(len(data) + 1)
    return data[:start] + data[start + source.randint(1, 400) :]


def _repeat(data: bytes, source: random.Random) -> bytes:
    start = source.randrange(len(data) + 1)
    piece = data[start : start + source.randint(1, 400)]
    return data[:start] + piece * source.choice((2, 3, 200)) + data[start:]


def _insert(data: bytes, source: random.Random) -> bytes:
    start = source.randrange(len(data) + 1)
    return data[:start] + source.randbytes(source.randint(1, 64)) + data[start:]


def _number(data: bytes, source: random.Random) -> bytes:
    """Another number where digits stand: counts, sizes, offsets."""
    places = [at for at in range(len(data)) if data[at : at + 1].isdigit()]
    if not places:
        return data
    at = source.choice(places)
    return data[:at] + source.choice(_NUMBERS) + data[at + 1 :]


def _splice(data: bytes, source: random.Random) -> bytes:
    """A piece of a file of another format."""
    other = samples()[source.choice(_KINDS)]
    start, at = source.randrange(len(other)), source.randrange(len(data) + 1)
    return data[:at] + other[start : start + source.randint(1, 2000)] + data[at:]


Fault = Callable[[bytes, random.Random], bytes]
_FAULTS: tuple[Fault, ...] = (_flip, _flip, _cut, _drop, _repeat, _insert, _number, _number, _splice)


@dataclass
class Tally:
    """What became of the spoilt files of one format; `broken` lists the seeds whose reader failed or hung."""

    read: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, str]] = field(default_factory=list)
    slowest: float = 0.0

    @property
    def refused(self) -> int:
        return sum(self.codes.values())


def attack(kind: str, count: int, first: int = 0) -> Tally:
    """Read so many spoilt files of a format, each as the command line would."""
    tally = Tally()
    with Guard(LIMITS) as guard:
        for seed in range(first, first + count):
            data = spoilt(kind, seed)
            start = time.perf_counter()
            outcomes = list(read_paths([STANDARD_INPUT], data, limits=LIMITS, reader=guard.read))
            tally.slowest = max(tally.slowest, time.perf_counter() - start)
            codes = [outcome.code for outcome in outcomes if isinstance(outcome, Problem)]
            tally.codes.update(codes[:1])
            tally.read += not codes
            tally.broken += [(seed, code) for code in codes if code in ("reader-failed", "too-slow")]
    return tally


def main() -> None:
    """The table for the documentation. Scanned pages are not recognised, which would take hours."""
    import resource

    scan.available = lambda: False

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    print("| 格式 | 损坏的文件 | 仍读出 | 拒读（说明原因） | 出错或超时 | 最慢（毫秒） |")
    print("| --- | --- | --- | --- | --- | --- |")
    broken: list[str] = []
    for kind in kinds():
        tally = attack(kind, count)
        figures = (kind, count, tally.read, tally.refused, len(tally.broken), round(1000 * tally.slowest))
        print(f"| {' | '.join(map(str, figures))} |", flush=True)
        broken += [f"{kind} {seed}: {what}" for seed, what in tally.broken]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"\n读取进程的内存峰值 {peak} MB。")
    print("\n".join(broken), file=sys.stderr)
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
