"""How a batch is shown while it runs: a bar on a screen, a line now and then elsewhere. All on standard error."""

import sys
from time import monotonic
from types import TracebackType
from typing import Any

from narrcheck.audit.rows import FileRows
from narrcheck.catalogue import message
from narrcheck.commands.output import say

_SECONDS = 10.0


class Progress:
    """Counts what a run does and shows it; a context. `quiet` shows nothing."""

    def __init__(self, lang: str, quiet: bool = False) -> None:
        self.lang, self.quiet = lang, quiet
        self.files = self.worked = self.unread = 0
        self.findings = [0, 0, 0]
        self._total = 0
        self._begun = self._told = monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> "Progress":
        if not self.quiet and sys.stderr.isatty():
            self._bar, self._task = _bar(self.lang)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def listed(self, files: int) -> None:
        """So many files are to be looked at, in all."""
        self._total = files
        if self._bar is not None:
            self._bar.update(self._task, total=files)
        elif not self.quiet:
            say(message("batch.listed", self.lang, files=files))

    def unchanged(self) -> None:
        """A file is as the store has it."""
        self._step()

    def done(self, rows: FileRows) -> None:
        """A file has been worked on and stored."""
        self.worked += 1
        self.unread += rows.state == "unread"
        for filing in rows.filings:
            for at, count in enumerate(filing.severities):
                self.findings[at] += count
        self._step()

    def comparing(self) -> None:
        """All files are done; the filings are compared with each other."""
        if self._bar is not None:
            self._bar.update(self._task, description=message("batch.comparing", self.lang))
        elif not self.quiet and self.worked:
            say(message("batch.comparing", self.lang))

    def _step(self) -> None:
        self.files += 1
        if self._bar is not None:
            if not self.files % 8 or self.files >= self._total:
                self._bar.update(self._task, completed=self.files, **self._facts())
            return
        time = monotonic()
        if not self.quiet and time - self._told > _SECONDS:
            self._told = time
            rate = self.files / max(time - self._begun, 0.001)
            left = round(max(self._total - self.files, 0) / rate)
            say(message("batch.progress", self.lang, **self._facts(), rate=f"{rate:.1f}", left=_clock(left)))

    def _facts(self) -> dict[str, Any]:
        info, warnings, errors = self.findings
        counts = {"errors": errors, "warnings": warnings, "info": info, "unread": self.unread}
        return {"files": self.files, "total": self._total, **counts}


def _bar(lang: str) -> tuple[Any, Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        """Files a second."""

        def render(self, task: Any) -> Text:
            speed = task.finished_speed or task.speed or 0
            return Text(message("batch.rate", lang, rate=f"{speed:.0f}"))

    found = message("batch.found", lang, errors="{task.fields[errors]}", warnings="{task.fields[warnings]}")
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn(),
        TextColumn(found),
    )  # fmt: skip
    bar = Bar(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4)
    facts: dict[str, Any] = {"errors": 0, "warnings": 0, "info": 0, "unread": 0}
    task = bar.add_task(message("batch.checking", lang), total=None, start=True, **facts)
    return bar, task


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
