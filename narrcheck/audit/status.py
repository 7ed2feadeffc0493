"""How far the audit of each folder is: its last run, its files, what was found, what could not be read."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from narrcheck.audit import paths, schema
from narrcheck.audit.connect import READS, explained
from narrcheck.audit.facts import FAILURES, fact
from narrcheck.filing import RuleFailure, Severity


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a member of a zip file, that could not be read."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """One folder. `findings` counts those that are not waived, by severity; `across` those across filings that touch
    it, by severity too; `run` is its last run (the columns of `runs`, with `options` and `model` decoded); `passing`
    counts the files that may be read another time."""

    folder: str
    location: str
    run: dict[str, Any]
    files: dict[str, int]
    filings: int
    forms: dict[str, int]
    findings: dict[str, int]
    across: dict[str, int]
    degraded: int
    passing: int
    unread: tuple[Unread, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether the last run got to its end."""
        return bool(self.run["state"] == "finished")


@dataclass(frozen=True, slots=True)
class Status:
    """All folders of a store, and the rules across filings that failed."""

    folders: tuple[FolderStatus, ...] = field(default=())
    failures: tuple[RuleFailure, ...] = ()


@contextmanager
def _reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that keeps no other from writing."""
    with explained(engine), engine.connect().execution_options(**{READS: True}) as connection, connection.begin():
        yield connection


def status(engine: Engine, only: str | None = None) -> Status:
    """The state of every folder, or of the one at the location `only`. StoreError."""
    with _reading(engine) as connection:
        query = select(schema.folders).order_by(schema.folders.c.id)
        if only is not None:
            query = query.where(schema.folders.c.location == only)
        failures = json.loads(fact(connection, FAILURES) or "[]")
        folders = tuple(_folder(connection, row) for row in connection.execute(query).all())
        return Status(folders, tuple(RuleFailure(rule, error) for rule, error in failures))


def _folder(connection: Connection, folder: Row[Any]) -> FolderStatus:
    runs, files, filings = schema.runs, schema.files, schema.filings
    last = connection.execute(select(runs).where(runs.c.folder_id == folder.id).order_by(runs.c.id.desc())).first()
    here = (files.c.folder_id == folder.id, files.c.current)
    states = connection.execute(select(files.c.state, func.count()).where(*here).group_by(files.c.state))
    forms = connection.execute(_of_filings(select(filings.c.form, func.count())).where(*here).group_by(filings.c.form))
    left = connection.execute(_of_filings(select(func.count())).where(*here, filings.c.degraded)).scalar_one()
    kinds = _counts(forms)
    return FolderStatus(
        folder=folder.named,
        location=folder.location,
        run={} if last is None else _run(last),
        files=_counts(states),
        filings=sum(kinds.values()),
        forms=kinds,
        findings=_findings(connection, here),
        across=_across(connection, here),
        degraded=left,
        passing=connection.execute(select(func.count()).where(*here, files.c.passing)).scalar_one(),
        unread=_unread(connection, here),
    )


def degraded(engine: Engine, location: str) -> list[str]:
    """The files of a folder with filings that lack answers of the language model. StoreError."""
    files, folders = schema.files, schema.folders
    query = _of_filings(select(files.c.path).distinct()).join(folders, folders.c.id == files.c.folder_id)
    with _reading(engine) as connection:
        query = query.where(folders.c.location == location, files.c.current, schema.filings.c.degraded)
        return sorted(path for (path,) in connection.execute(query))


def is_audited(engine: Engine, path: Path) -> bool:
    """Whether the file at `path` is a current one of the store, other than those passed over. StoreError."""
    files, folders = schema.files, schema.folders
    held = select(files.c.id).where(files.c.current, files.c.state != "skipped")
    with _reading(engine) as connection:
        for key, location in connection.execute(select(folders.c.id, folders.c.location)).all():
            here = paths.below(paths.named(location), [str(path.resolve())])
            if here and connection.execute(held.where(files.c.folder_id == key, files.c.path.in_(here))).first():
                return True
    return False


def overlapping(engine: Engine, location: str) -> str | None:
    """A folder with current files that holds the folder at `location`, or lies in it; None where the store knows that
    folder itself, or there is none. StoreError."""
    files, folders = schema.files, schema.folders
    query = select(folders.c.location).distinct().join(files, files.c.folder_id == folders.c.id).where(files.c.current)
    with _reading(engine) as connection:
        known = set(connection.execute(select(folders.c.location)).scalars())
        if location in known:
            return None
        others = sorted(connection.execute(query).scalars())
    return next((other for other in others if paths.nested(location, other)), None)


def _run(row: Row[Any]) -> dict[str, Any]:
    values = dict(row._mapping)
    return values | {name: json.loads(values[name]) if values[name] else None for name in ("options", "model")}


def _of_filings(query: Any) -> Any:
    return query.select_from(schema.filings).join(schema.files, schema.files.c.id == schema.filings.c.file_id)


def _findings(connection: Connection, here: Sequence[Any]) -> dict[str, int]:
    findings = schema.findings
    query = _of_filings(select(findings.c.severity, func.count())).join(
        findings, findings.c.filing_id == schema.filings.c.id
    )
    return _by_severity(
        connection.execute(query.where(*here, findings.c.waiver.is_(None)).group_by(findings.c.severity))
    )


def _across(connection: Connection, here: Sequence[Any]) -> dict[str, int]:
    across, places = schema.across, schema.across_filings
    touched = _of_filings(select(places.c.finding)).join(places, places.c.filing_id == schema.filings.c.id).where(*here)
    query = select(across.c.severity, func.count()).where(across.c.finding.in_(touched), across.c.waiver.is_(None))
    return _by_severity(connection.execute(query.group_by(across.c.severity)))


def _counts(rows: Iterable[Row[Any]]) -> dict[str, int]:
    return {str(name): count for name, count in (tuple(row) for row in rows)}


def _by_severity(rows: Any) -> dict[str, int]:
    counts = Counter({Severity(severity).label: count for severity, count in rows})
    return {severity.label: counts[severity.label] for severity in sorted(Severity, reverse=True)}


def _unread(connection: Connection, here: Sequence[Any]) -> tuple[Unread, ...]:
    problems, files = schema.problems, schema.files
    query = (
        select(problems.c.path, problems.c.code, problems.c.reason)
        .join(files, files.c.id == problems.c.file_id)
        .where(*here, problems.c.kind == "unread")
        .order_by(problems.c.path)
    )
    return tuple(Unread(*row) for row in connection.execute(query))
