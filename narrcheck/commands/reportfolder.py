"""A report a filing in one folder, and an index of them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from pathlib import Path, PurePosixPath

from narrcheck.catalogue import message
from narrcheck.commands import output
from narrcheck.filing import Checked, Report
from narrcheck.reports import View, render
from narrcheck.reports.index import Listed, render_index

SUFFIXES = {
    "terminal": ".txt", "markdown": ".md", "json": ".json", "jsonl": ".jsonl", "html": ".html", "xlsx": ".xlsx",
    "docx": ".docx", "sarif": ".sarif",
}  # fmt: skip
"""The suffix of a report's file, by format."""

_INDEX = "index"
_LONGEST = 150
_REFUSED = re.compile(r'[\x00-\x1f<>:"|?*!\\/\s]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def write(report: Report, folder: Path, view: View) -> tuple[int, Path]:
    """Write every filing's report and the index into `folder`, which is made where it is not there; how many reports,
    and the index. No file that was read is written over: its report has a number behind its name. UsageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output.failed(folder, error, report.lang) from None
    listed = []
    for position, (checked, name) in enumerate(zip(report.filings, names(report, folder, view), strict=True)):
        output.write(render(alone(report, position), view), folder / name, report.lang)
        listed.append(Listed(checked, name))
    index = folder / f"{_INDEX}.html"
    output.write(render_index(report, listed, view), index, report.lang)
    return len(listed), index


def alone(report: Report, position: int) -> Report:
    """The report of one filing; what concerns no filing stands in the index."""
    resubmission = report.resubmission
    if resubmission is not None:
        own = resubmission.filing(position)
        filings = () if own is None else (replace(own, position=0),)
        resubmission = replace(resubmission, filings=filings)
    own_filing = (report.filings[position],)
    return replace(report, filings=own_filing, skipped=(), errors=(), unused_waivers=(), resubmission=resubmission)


def names(report: Report, folder: Path, view: View) -> Iterator[str]:
    """A file name for each filing's report: that of its file below the folder that all have in common. No two differ
    in case alone, and none is that of a file that was read."""
    sources = [checked.filing.source.path for checked in report.filings]
    taken = {f"{_INDEX}.html"} | set(_read_here(report, folder))
    shared = _shared(sources)
    for checked in report.filings:
        name = _name(checked, shared, report.lang)
        suffix, number = SUFFIXES[view.format], 1
        chosen = f"{name}{suffix}"
        while chosen.casefold() in taken:
            number += 1
            chosen = f"{name} ({number}){suffix}"
        taken.add(chosen.casefold())
        yield chosen


def _read_here(report: Report, folder: Path) -> Iterator[str]:
    """The names of files in `folder` that were read or left out, in one case."""
    home = folder.resolve()
    paths = [checked.filing.source.path for checked in report.filings]
    paths += [item.path for item in report.skipped] + [item.path for item in report.errors]
    for path in dict.fromkeys(paths):
        if Path(path).resolve().parent == home:
            yield Path(path).name.casefold()


def _shared(paths: list[str]) -> PurePosixPath:
    """The folder that all files have in common."""
    folders = [PurePosixPath(path.replace("\\", "/")).parent.parts for path in dict.fromkeys(paths) if path != "-"]
    if not folders:
        return PurePosixPath()
    same = takewhile(lambda parts: len(set(parts)) == 1, zip(*folders, strict=False))
    return PurePosixPath(*(parts[0] for parts in same))


def _name(checked: Checked, shared: PurePosixPath, lang: str) -> str:
    source = checked.filing.source
    if source.path == "-":
        stem = message("report.stdin", lang)
    else:
        parts = PurePosixPath(source.path.replace("\\", "/")).parts[len(shared.parts) :]
        stem = "_".join((*parts[:-1], _stem(parts[-1]))) if parts else "report"
    stem = _REFUSED.sub("_", stem).strip("._ ") or "report"
    while len(stem.encode("utf-8", "replace")) > _LONGEST:
        stem = stem[: len(stem) * 9 // 10]
    stem = f"_{stem}" if _RESERVED.fullmatch(stem) else stem
    stem = stem.encode("utf-8", "replace").decode()
    return stem if source.index == 1 else f"{stem}-{source.index}"


def _stem(name: str) -> str:
    """A file's name without its suffix; of the member of a zip file, without its own."""
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and stem and len(suffix) <= 5 else name
