"""What a user names as the old or new side of a comparison: a saved report, or filings, which are checked."""

from pathlib import Path

from narrcheck import pipeline
from narrcheck.catalogue import message
from narrcheck.filing import Report
from narrcheck.resubmission.errors import SavedReportError
from narrcheck.settings import Settings

_HEAD = 8192
_MARKUP = (b"<!doctype html", b"<html")


def load(path: str, settings: Settings) -> Report:
    """The report in the file `path`, as `check` or `batch export` saved it (json, jsonl); of any other file or folder
    the filings in it, read and checked with these settings.

    SavedReportError: a damaged report, one saved in a format that cannot be compared, or no filing at all.
    """
    if path == "-":
        raise SavedReportError("stdin")
    report = _saved(path, settings)
    if report is not None:
        return report
    report = pipeline.examine([path], settings)
    if not report.filings:
        told = [*(problem.message for problem in report.errors), *(item.reason for item in report.skipped)]
        raise SavedReportError("nothing", path=path, reason=told[0] if told else "")
    return report


def _saved(path: str, settings: Settings) -> Report | None:
    """The saved report in a file; None where it is no such file."""
    try:
        data = Path(path).read_bytes() if Path(path).is_file() else b""
    except OSError:
        return None  # the reader of filings says why
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        from narrcheck.resubmission.saved import report_of

        return report_of(data, path, settings.lang)
    if _is_printed(data):
        raise SavedReportError("format", path=path)
    return None


def _is_printed(data: bytes) -> bool:
    """Whether these bytes are a report for people: its title heads a document in Markdown or HTML."""
    head = data[:_HEAD].lstrip()
    titles = [message("report.title", lang).encode() for lang in ("zh", "en")]
    if head.startswith(b"# "):
        return any(head.startswith(b"# " + title) for title in titles)
    return head[:64].lower().startswith(_MARKUP) and any(title in head for title in titles)
