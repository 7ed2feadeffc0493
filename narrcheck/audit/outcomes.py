"""From what the workers give to rows for the store.

With a language model the workers take the claims, and this process asks about many filings at once and concludes: one
set of connections, one budget and one cache serve the whole run.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from narrcheck import pipeline
from narrcheck.audit.engines import Result
from narrcheck.audit.pool import Failure
from narrcheck.audit.rows import FileRows
from narrcheck.audit.work import FileWork, Worker, failed, file_rows
from narrcheck.filing import Checked, Claim, Filing
from narrcheck.pipeline import Prepared
from narrcheck.settings import Settings

if TYPE_CHECKING:
    from narrcheck.llm.runner import Adviser

_Item = tuple[FileWork | FileRows, Prepared | None, bool]


def outcomes(results: Iterable[tuple[str, Result]], worker: Worker, adviser: "Adviser | None") -> Iterator[FileRows]:
    """The rows of each file, in the order of the results."""
    if adviser is not None:
        yield from _advised(results, adviser, worker.settings, worker.folder)
        return
    for path, result in results:
        assert not isinstance(result, FileWork)
        if isinstance(result, Failure):
            yield failed(worker.folder, path, result, worker.settings.lang)
        else:
            yield result


def _advised(
    results: Iterable[tuple[str, Result]], adviser: "Adviser", settings: Settings, folder: str
) -> Iterator[FileRows]:
    """The rows of each file, in the order of the results."""
    checked: list[Checked] = []
    for (work, prepared, last), advice in adviser.advise(_items(results, settings, folder), _asked):
        if isinstance(work, FileRows):
            yield work
            continue
        if prepared is not None:
            checked.append(pipeline.conclude(prepared, settings, advice))
        if last:
            yield file_rows(work, settings, checked)
            checked = []


def _items(results: Iterable[tuple[str, Result]], settings: Settings, folder: str) -> Iterator[_Item]:
    """Each filing of each file; a file without filings stands alone."""
    for path, result in results:
        if isinstance(result, Failure):
            yield failed(folder, path, result, settings.lang), None, True
            continue
        assert isinstance(result, FileWork)
        prepared = [item for item in result.items if isinstance(item, Prepared)]
        for item in prepared:
            yield result, item, item is prepared[-1]
        if not prepared:
            yield result, None, True


def _asked(item: _Item) -> tuple[Filing, tuple[Claim, ...]] | None:
    return None if item[1] is None else pipeline.asked_about(item[1])
