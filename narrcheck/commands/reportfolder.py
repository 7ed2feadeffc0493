"""A report a filing in one folder, and an index of them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
from pathlib import Path, PurePosixPath

from narrcheck.catalogue import message
from narrcheck.commands import output
from narrcheck.filing import Checked, Report
from narrcheck.reports import View, render
from narrcheck.reports.index import Listed, render_index
from narrcheck.reports.own import is_report

SUFFIXES = {
    "terminal": ".txt", "markdown": ".md", "json": ".json", "jsonl": ".jsonl", "html": ".html", "xlsx": ".xlsx",
    "docx": ".docx", "sarif": ".sarif",
}  # fmt: skip
"""The suffix of a report's file, by format."""

_INDEX = "index"
_LONGEST = 150
_REFUSED = re.compile(r'[\x00-\x1f<>:"|?*!\\/\s]+')
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""The kinds of characters that do not show, or turn others around."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def write(report: Report, folder: Path, view: View, kept: Iterable[Path] = ()) -> tuple[int, Path]:
    """Write every filing's report and the index into `folder`, which is made where it is not there; how many reports,
    and the index. Reports of an earlier run are written over and not listed as skipped; no other file is, nor one of
    `kept`: what would take its name has a number behind its own. UsageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output.failed(folder, error, report.lang) from None
    home = folder.resolve()
    old = {item for item in report.skipped if Path(item.path).resolve().parent == home and is_report(Path(item.path))}
    report = replace(report, skipped=tuple(item for item in report.skipped if item not in old))
    spared = frozenset(path.resolve() for path in (*kept, *(Path(each.filing.source.path) for each in report.filings)))
    index = folder / _free(folder, _INDEX, ".html", set(), spared)
    view = replace(view, index=index.name)
    listed = []
    chosen = names(report, folder, view, index.name, spared)
    for position, (checked, name) in enumerate(zip(report.filings, chosen, strict=True)):
        output.write(render(alone(report, position), view), folder / name, report.lang)
        listed.append(Listed(checked, name))
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


def names(report: Report, folder: Path, view: View, index: str, spared: frozenset[Path]) -> Iterator[str]:
    """A file name for each filing's report: that of its file below the folder that all have in common. No two differ
    in case alone, and none is that of the index or of a file that must stay."""
    shared = _shared([checked.filing.source.path for checked in report.filings])
    taken = {f"{_INDEX}.html", index.casefold()}
    for checked in report.filings:
        name = _free(folder, _name(checked, shared, report.lang), SUFFIXES[view.format], taken, spared)
        taken.add(name.casefold())
        yield name


def _free(folder: Path, stem: str, suffix: str, taken: set[str], spared: frozenset[Path]) -> str:
    """The name, with a number behind it where the name itself is taken, or is that of a file that must stay."""
    name, number = f"{stem}{suffix}", 1
    while name.casefold() in taken or _stays(folder / name, spared):
        number += 1
        name = f"{stem} ({number}){suffix}"
    return name


def _stays(path: Path, spared: frozenset[Path]) -> bool:
    """Whether there is a file that must not be written over: one of `spared`, or one that is no report."""
    return path.exists() and (path.resolve() in spared or not is_report(path))


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
    stem = unicodedata.normalize("NFC", stem)
    stem = "".join("_" if unicodedata.category(mark) in _UNSEEN else mark for mark in stem)
    stem = _REFUSED.sub("_", stem).strip("._ ") or "report"
    while len(stem.encode("utf-8")) > _LONGEST:
        stem = stem[: len(stem) * 9 // 10]
    stem = f"_{stem}" if _RESERVED.fullmatch(stem) else stem
    return stem if source.index == 1 else f"{stem}-{source.index}"


def _stem(name: str) -> str:
    """A file's name without its suffix; of the member of a zip file, without its own."""
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and stem and len(suffix) <= 5 else name
