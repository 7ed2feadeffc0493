"""Where reports go: standard output, in UTF-8 whatever the console's code page, or a file, whole or not at all."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from narrcheck.catalogue import message
from narrcheck.reports import BINARY, FORMATS, View

_SUFFIXES = {
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".xlsx": "xlsx", ".docx": "docx", ".sarif": "sarif",
}  # fmt: skip
_WIDTHS = (40, 140)


class UsageError(Exception):
    """The command line or a settings file is wrong: nothing is checked, exit code 2."""


def say(text: str) -> None:
    """A line for people on standard error."""
    print(f"narrcheck: {text}", file=sys.stderr)


def use_utf8() -> None:
    """Make standard output and error UTF-8; what UTF-8 cannot hold is written as an escape. Where one of them is
    closed, what is said there goes nowhere."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def target(output: str | None, lang: str, inputs: Sequence[str] = ()) -> Path | None:
    """The file to write to, None for standard output; UsageError where it cannot be one, or is one of the inputs."""
    if output is None or output == "-":
        return None
    path = Path(output)
    if path.is_dir():
        raise UsageError(message("cli.output-is-folder", lang, path=output))
    if not path.parent.is_dir():
        raise UsageError(message("cli.output-folder", lang, path=output))
    if path.is_file() and any(Path(given).is_file() and path.samefile(given) for given in inputs):
        raise UsageError(message("cli.output-is-input", lang, path=output))
    return path


def spare(path: Path, inputs: Sequence[str], lang: str) -> None:
    """UsageError where the file is there, in a folder that is an input, and is no earlier report."""
    if not path.is_file() or not any(path.resolve().is_relative_to(Path(given).resolve()) for given in inputs):
        return
    from narrcheck.reports.own import is_report

    if not is_report(path):
        raise UsageError(message("cli.output-is-input", lang, path=path))


def by_suffix(path: Path | None) -> str | None:
    """The format that a file's suffix names; None where it names none."""
    return None if path is None else _SUFFIXES.get(path.suffix.lower())


def view(
    chosen: str | None,
    path: Path | None,
    lang: str,
    verbose: bool = False,
    quiet: bool = False,
    compare: bool = False,
    formats: Sequence[str] = FORMATS,
) -> View:
    """The format asked for, otherwise that of the file's suffix, otherwise what suits standard output. UsageError where
    it is none of `formats`, or one that needs a file and has none."""
    if chosen is None and path is not None:
        chosen = by_suffix(path)
        if chosen is None and path.suffix.lower() not in ("", ".txt") and not _is_special(path):
            raise UsageError(message("cli.output-suffix", lang, path=path, formats=", ".join(formats)))
    if chosen is not None and chosen not in formats:
        raise UsageError(message("cli.format-not-here", lang, format=chosen, formats=", ".join(formats)))
    if chosen in BINARY and path is None:
        raise UsageError(message("cli.needs-file", lang, format=chosen))
    screen = path is None and sys.stdout.isatty()
    chosen = chosen or ("terminal" if screen else "markdown")
    base = None if path is None or _is_special(path) else path.resolve().parent
    if chosen != "terminal":
        return View(chosen, verbose=verbose, quiet=quiet, compare=compare, base=base)
    import shutil

    low, high = _WIDTHS
    width = min(max(shutil.get_terminal_size((100, 24)).columns, low), high)
    return View(chosen, width, screen and _wants_color(), verbose, quiet, compare)


def write(written: str | bytes, path: Path | None, lang: str) -> None:
    """The report to its place; UsageError where the file cannot be written, which then is as it was before."""
    if path is not None:
        with draft(path, lang) as place:
            place.write_bytes(written if isinstance(written, bytes) else written.encode("utf-8", "backslashreplace"))
        return
    text = written if isinstance(written, str) else ""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:  # the interpreter would try to flush the rest at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise failed("-", error, lang) from None


@contextmanager
def draft(path: Path, lang: str) -> Iterator[Path]:
    """A file beside `path` to write to, which then takes its place, so that nobody ever sees half a report; `path`
    itself where it is a device or pipe. UsageError where it cannot be written."""
    special = _is_special(path)
    home = path if special else path.resolve()
    place = home if special else home.with_name(f".{home.name}.{os.getpid()}.part")
    try:
        yield place
        if not special:
            if home.exists():
                place.chmod(home.stat().st_mode & 0o7777)
            place.replace(home)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise failed(path, error, lang) from None
    except Exception as error:
        if type(error).__name__ != "FileCreateError":  # XlsxWriter's own, around an OSError
            raise
        raise failed(path, error, lang) from None
    finally:
        if not special:
            place.unlink(missing_ok=True)


def failed(path: Path | str, error: Exception, lang: str) -> UsageError:
    """That a file could not be written, and why."""
    detail = getattr(error, "strerror", None) or str(error)
    return UsageError(message("cli.output-failed", lang, path=path, detail=detail))


def _is_special(path: Path) -> bool:
    """A device or pipe, which cannot be replaced."""
    return path.exists() and not path.is_file()


def _wants_color() -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    from rich.console import detect_legacy_windows

    return not detect_legacy_windows()
