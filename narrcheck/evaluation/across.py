"""The rules across filings against the labels of a folder: the folder is audited as one batch."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from narrcheck.audit.documents import lines
from narrcheck.audit.engines import Here
from narrcheck.audit.export import Export
from narrcheck.audit.rows import FileRows
from narrcheck.audit.run import Run
from narrcheck.audit.store import Store
from narrcheck.evaluation.fixtures import Folder
from narrcheck.evaluation.labels import ACROSS, SUFFIX
from narrcheck.evaluation.matching import Answer, answers_across
from narrcheck.evaluation.result import FileResult
from narrcheck.evaluation.scoring import score_labelled
from narrcheck.evaluation.tally import Tally
from narrcheck.settings import Settings


class _Unwatched:
    """Nobody is told how the run goes."""

    def listed(self, files: int) -> None: ...
    def unchanged(self) -> None: ...
    def done(self, rows: FileRows) -> None: ...
    def comparing(self) -> None: ...


def findings_across(folder: Path, settings: Settings) -> list[Answer]:
    """What the rules across filings find in a folder, each finding once, as the export has it."""
    with TemporaryDirectory(prefix="narrcheck-") as place:
        store = str(Path(place) / "store.db")
        with Store(store) as opened:
            Run(opened, str(folder), settings, Here(), _Unwatched())()
        with Export(store, settings, None) as source:
            filings = [json.loads(line) for line in list(lines(source))[1:]]
    found = {one["id"]: one for filing in filings for one in filing["findings"] if one["rule"].startswith("X")}
    return list(found.values())


def score_across(folder: Folder, settings: Settings) -> Iterator[FileResult]:
    """The folder's labels across filings, if it has any, against what is found. Counted under the rule and findings.X,
    not under findings, which are those of single filings."""
    if folder.across is None:
        return
    tally = Tally()
    findings = findings_across(folder.path, settings)
    score_labelled(folder.across, findings, tally, answers_across, _keys)
    yield FileResult(
        id=ACROSS,
        file=f"{folder.name}/{ACROSS}{SUFFIX}",
        sector=folder.across.sector,
        format="folder",
        counts=tally.counts(),
        items=tally.items,
    )


def _keys(rule: str) -> tuple[str, ...]:
    return rule, "findings.X"
