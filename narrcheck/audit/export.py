"""The current filings of a store with all that was found, one after another, as `check` reports them.

What `check` cannot know is added: findings across filings, at each filing that their evidence touches, and the decision
about a finding. One reading of the store sees one state of it, however long it takes.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Row, func, select

from narrcheck import __version__, pipeline
from narrcheck.audit import paths, schema
from narrcheck.audit.connect import connect, explained
from narrcheck.audit.decisions import Decision, latest, unused_decisions
from narrcheck.audit.rebuilt import current, rows_of
from narrcheck.catalogue import message
from narrcheck.filing import Problem, Severity, Skipped, Waiver
from narrcheck.reading.inputs import printable
from narrcheck.reports.json import SCHEMA, problem_to_json, skipped_to_json, waiver_to_json
from narrcheck.rules.registry import find_rule
from narrcheck.settings import Settings
from narrcheck.waivers import unused

_FILES = 400
_FILINGS = 200
_FILE, _FOLDER, _END = "\0", "\1", "\0"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """A filing: its row (`rebuilt.current`, with `file_sha256`), the rows of its claims, the names of its indicator
    rows, and its findings as reports write them. `waived` are those that a waiver covers."""

    row: Row[Any]
    claims: Sequence[Row[Any]]
    names: Sequence[str]
    findings: Sequence[Document]
    waived: Sequence[Document]


class Export:
    """A store opened for reading, as a context. `folder` restricts it to one audited folder, `settings` to the rules
    that are selected. Every method may raise StoreError."""

    def __init__(self, store: str, settings: Settings, folder: str | None = None) -> None:
        self.settings = settings
        self._location = None if folder is None else paths.absolute(folder)
        self._speaks: dict[str, bool] = {}
        self.engine = connect(store, writing=False)
        try:
            with explained(self.engine):
                self._connection = self._open()
                self.folders = self._folders()
                self._runs = self._last_runs()
                self.decisions: dict[str, Decision] = latest(self._connection)
        except BaseException:
            self.engine.dispose()
            raise

    def __enter__(self) -> "Export":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self.engine.dispose()

    @property
    def lang(self) -> str:
        """The language in which the last run stored its sentences."""
        return self._runs[-1].lang if self._runs else self.settings.lang

    def head(self) -> Document:
        """What the whole export shares: of the last run, and mode llm where any folder was checked with a model."""
        last = self._runs[-1] if self._runs else None
        advised = [run for run in self._runs if run.mode == "llm"]
        head = {
            "schema": SCHEMA,
            "version": last.version if last else __version__,
            "mode": "llm" if advised else "offline",
            "profile": last.profile if last else self.settings.profile,
        }
        told = [run.model for run in advised if run.model]
        return {**head, "model": json.loads(told[-1])} if told else head

    def tail(self) -> Document:
        """What could not be read or was left out, and the waivers of the settings that covered nothing."""
        problems: list[Problem | Skipped] = []
        for folder in self.folders:
            files = self._files(folder.id)
            problems += self._problems(files)
            if not self._has_filings(folder.id):
                problems.append(_empty(folder, self.lang))
        return {
            "skipped": [skipped_to_json(item, self.lang) for item in problems if isinstance(item, Skipped)],
            "errors": [problem_to_json(item) for item in problems if isinstance(item, Problem)],
            "unused_waivers": [waiver_to_json(item) for item in unused(self.settings.waivers, self._used_waivers())],
            "lang": self.lang,
            "selection": pipeline.selection(self.settings),
        }

    def items(self, names: bool = False) -> Iterator[Item]:
        """The filings by folder, then in the order of `check`. `names`: with the names of their indicator rows."""
        for folder in self.folders:
            files = self._files(folder.id)
            for start in range(0, len(files), _FILES):
                keys = self._keys(files[start : start + _FILES])
                for first in range(0, len(keys), _FILINGS):
                    yield from self._items(keys[first : first + _FILINGS], names)

    def touched(self, finding: str) -> list[int]:
        """The keys of the filings that a finding across filings is about, one for each piece of its evidence."""
        places = schema.across_filings
        query = select(places.c.filing_id).where(places.c.finding == finding).order_by(places.c.position)
        return [row.filing_id for row in self._all(query)]

    def beside(self, row: Row[Any]) -> int:
        """How many filings stand in the same file, or member of a zip file, as that of `row`."""
        filings = schema.filings
        query = select(func.count()).where(filings.c.file_id == row.file_id, filings.c.member == row.member)
        if row.member is None:
            query = select(func.count()).where(filings.c.file_id == row.file_id, filings.c.member.is_(None))
        return int(self._all(query)[0][0])

    def unused(self) -> list[Decision]:
        """The decisions about findings that no current filing has."""
        with explained(self.engine):
            return unused_decisions(self._connection)

    def masks(self) -> bool:
        """Whether a run was asked to mask personal data."""
        return any(json.loads(run.options or "{}").get("mask") == "yes" for run in self._runs)

    def _open(self) -> Connection:
        connection = self.engine.connect()
        if self.engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        connection.begin()
        return connection

    def _all(self, query: Any) -> Sequence[Row[Any]]:
        with explained(self.engine):
            return self._connection.execute(query).all()

    def _folders(self) -> list[Row[Any]]:
        query = select(schema.folders)
        if self._location is not None:
            query = query.where(schema.folders.c.location == self._location)
        return sorted(self._all(query), key=lambda row: str(row.location))

    def _last_runs(self) -> list[Row[Any]]:
        """The last run of each folder, the latest at the end."""
        runs = schema.runs
        query = select(runs).where(runs.c.folder_id.in_([row.id for row in self.folders])).order_by(runs.c.id)
        return sorted({row.folder_id: row for row in self._all(query)}.values(), key=lambda row: int(row.id))

    def _files(self, folder: int) -> list[int]:
        """The current files of a folder, in the order of `check`."""
        files = schema.files
        rows = self._all(select(files.c.id, files.c.path).where(files.c.folder_id == folder, files.c.current))
        return [key for _, key in sorted((walking(row.path), row.id) for row in rows)]

    def _has_filings(self, folder: int) -> bool:
        files = schema.files
        query = select(schema.filings.c.id).join(files).where(files.c.folder_id == folder, files.c.current)
        return bool(self._all(query.limit(1)))

    def _problems(self, files: Sequence[int]) -> Iterator[Problem | Skipped]:
        problems = schema.problems
        for start in range(0, len(files), _FILES):
            chunk = files[start : start + _FILES]
            query = select(problems).where(problems.c.file_id.in_(chunk)).order_by(problems.c.position)
            of_file: dict[int, list[Row[Any]]] = defaultdict(list)
            for row in self._all(query):
                of_file[row.file_id].append(row)
            for row in (row for key in chunk for row in of_file.get(key, ())):
                skipped = row.kind == "skipped"
                yield Skipped(row.path, row.reason) if skipped else Problem(row.path, row.code, row.reason)

    def _keys(self, files: Sequence[int]) -> list[int]:
        """The filings of these files, in order."""
        filings, place = schema.filings, {key: at for at, key in enumerate(files)}
        query = select(filings.c.id, filings.c.file_id, filings.c.position).where(filings.c.file_id.in_(files))
        return [row.id for row in sorted(self._all(query), key=lambda row: (place[row.file_id], int(row.position)))]

    def _items(self, keys: Sequence[int], names: bool) -> Iterator[Item]:
        query = current().add_columns(schema.files.c.sha256.label("file_sha256")).where(schema.filings.c.id.in_(keys))
        rows = {row.id: row for row in self._all(query)}
        with explained(self.engine):
            claims = rows_of(self._connection, schema.claims, keys)
            findings = rows_of(self._connection, schema.findings, keys)
            indicators = rows_of(self._connection, schema.indicators, keys) if names else {}
        across = self._across(keys)
        for key in keys:
            own = [self._finding(row, row.by) for row in findings.get(key, ())]
            every = [told for told in (*own, *across.get(key, ())) if told is not None]
            yield Item(
                rows[key],
                claims.get(key, []),
                [row.name for row in indicators.get(key, ())],
                [told for told in every if "waiver" not in told],
                [told for told in every if "waiver" in told],
            )

    def _across(self, keys: Sequence[int]) -> dict[int, list[Document | None]]:
        """The findings across filings that touch each of these filings."""
        across, places = schema.across, schema.across_filings
        query = select(places.c.filing_id, across).join(across, across.c.finding == places.c.finding)
        query = query.where(places.c.filing_id.in_(keys)).distinct()
        rows = sorted(self._all(query), key=lambda row: (int(row.filing_id), str(row.rule), str(row.finding)))
        grouped = groupby(rows, key=lambda row: int(row.filing_id))
        return {key: [self._finding(row, "offline") for row in group] for key, group in grouped}

    def _finding(self, row: Row[Any], by: str) -> Document | None:
        """A finding as reports write it; None where its rule is not selected."""
        waived = row.waiver is not None
        if not waived and not self._selected(row.rule):
            return None
        rule, decision = find_rule(row.rule), self.decisions.get(row.finding)
        told = {
            "id": row.finding,
            "rule": row.rule,
            "name": rule.name if rule else "",
            "severity": Severity(row.severity).label,
            "message": row.message,
            "suggestion": row.suggestion,
            "by": by,
            "evidence": json.loads(row.evidence),
        }
        if decision is not None:
            told["decision"] = decision.to_json()
        return {**told, "waiver": json.loads(row.waiver)} if waived else told

    def _selected(self, rule: str) -> bool:
        if rule not in self._speaks:
            self._speaks[rule] = pipeline.speaks(rule, self.settings)
        return self._speaks[rule]

    def _used_waivers(self) -> Iterator[Waiver]:
        findings, filings, files = schema.findings, schema.filings, schema.files
        joined = findings.join(filings, filings.c.id == findings.c.filing_id)
        query = select(findings.c.waiver).select_from(joined.join(files, files.c.id == filings.c.file_id)).distinct()
        here = files.c.folder_id.in_([row.id for row in self.folders])
        across = select(schema.across.c.waiver).where(schema.across.c.waiver.is_not(None)).distinct()
        for row in (*self._all(query.where(findings.c.waiver.is_not(None), files.c.current, here)), *self._all(across)):
            yield Waiver(**json.loads(row.waiver))


def walking(path: str) -> str:
    """A key that sorts the paths below a folder as `check` walks: the files of a folder by name, then its folders."""
    *folders, name = paths.named(path).split("/")
    return "".join(f"{_FOLDER}{folder}{_END}" for folder in folders) + _FILE + name


def _empty(folder: Row[Any], lang: str) -> Problem:
    path = printable(paths.named(folder.named))
    return Problem(path, "no-filing-in-folder", message("error.no-filing-in-folder", lang, path=path))
