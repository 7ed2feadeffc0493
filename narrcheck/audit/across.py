"""The rules across filings (X01–X05) over the whole store, a few reporting units at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert

from narrcheck import pipeline
from narrcheck.audit import schema
from narrcheck.audit.connect import READS, explained
from narrcheck.audit.facts import COMPARED, FAILURES, fact, put_fact, state_of
from narrcheck.audit.rebuilt import collation, current, filing, in_order, members
from narrcheck.audit.rows import storable
from narrcheck.audit.store import Store
from narrcheck.filing import Filing, RuleFailure
from narrcheck.reports.json import finding_to_json, waiver_to_json
from narrcheck.rules.across import OF_A_UNIT, across_unit
from narrcheck.rules.across.copies import candidates, copied
from narrcheck.rules.across.members import CrossFinding, Member, told_apart
from narrcheck.settings import Settings
from narrcheck.waivers import apply

_AT_ONCE = 400
_TRIES = 3


def compare_filings(store: Store, settings: Settings, stamp: str) -> None:
    """Compare all filings that stand now, and put what is found in the place of what was found before.

    Nothing is done where neither filings nor settings (`stamp`) have changed since. What another run enters meanwhile
    is compared too: first by trying again, then by holding it off. StoreError.
    """
    with explained(store.engine):
        for _ in range(_TRIES):
            with _reading(store.engine) as connection:
                state = state_of(connection, stamp)
                if fact(connection, COMPARED) == state:
                    return
                found = _findings(connection, settings)
            with _alone(store.engine) as connection:
                if state_of(connection, stamp) == state:
                    _replace(connection, *found, state, settings)
                    return
        with _alone(store.engine) as connection:
            state = state_of(connection, stamp)
            _replace(connection, *_findings(connection, settings), state, settings)


@contextmanager
def _reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees the store as it stood at one moment, whoever writes meanwhile."""
    with engine.connect() as connection:
        level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        connection.execution_options(**{READS: True}, **level)
        with connection.begin():
            yield connection


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes, during which no other run enters files."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE files IN SHARE ROW EXCLUSIVE MODE")
        yield connection


def _findings(connection: Connection, settings: Settings) -> tuple[list[CrossFinding], list[RuleFailure]]:
    spoken = set(pipeline.speaking(settings))
    found: list[CrossFinding] = []
    failures: dict[RuleFailure, None] = {}
    if "X01" in spoken:
        found.extend(_copies(connection, settings.lang, failures))
    rules = [code for code in OF_A_UNIT if code in spoken]
    for group in _units(connection) if rules else ():
        numbered, keys = _numbered(group)
        told, failed = across_unit(numbered, settings.lang, rules)
        found.extend(_keyed(item, keys) for item in told)
        failures.update(dict.fromkeys(failed))
    return sorted(told_apart(found), key=lambda item: (item.finding.rule, item.finding.id)), [*failures]


def _copies(connection: Connection, lang: str, failures: dict[RuleFailure, None]) -> Iterator[CrossFinding]:
    """X01: the pairs that the sketches propose, read side by side; a pair that the rule fails on is a failure of it."""
    filings = schema.filings
    query = current().with_only_columns(filings.c.id, filings.c.sketch, maintain_column_froms=True)
    query = in_order(query.where(filings.c.form == "self_evaluation"), connection)
    sketches = ((row.id, bytes(row.sketch)) for row in connection.execute(query))
    pairs = list(candidates(sketches))
    for start in range(0, len(pairs), _AT_ONCE):
        chunk = pairs[start : start + _AT_ONCE]
        texts = _heads(connection, {key for pair in chunk for key in pair}, with_claims=False)
        for first, second in chunk:
            (one, other), keys = _numbered((texts[first], texts[second]))
            try:
                pair = copied(one, other, lang)
            except Exception as error:  # a bug in the rule must not hide what the others saw
                failures[RuleFailure("X01", f"{type(error).__name__}: {error}")] = None
                continue
            if pair is not None:
                yield _keyed(pair, keys)


def _numbered(group: Iterable[Member]) -> tuple[list[Member], list[int]]:
    """The members by path, with their places as keys, since what is said of copies must not hang on which came first
    into the store; and the filing behind each place."""
    ordered = sorted(group, key=lambda item: (item.filing.source.path, item.filing.source.index, item.key))
    return [replace(item, key=number) for number, item in enumerate(ordered)], [item.key for item in ordered]


def _keyed(found: CrossFinding, keys: Sequence[int]) -> CrossFinding:
    return replace(found, keys=tuple(keys[number] for number in found.keys))


def _heads(connection: Connection, keys: Iterable[int], with_claims: bool = True) -> dict[int, Member]:
    """Filings with their texts, rows and claims."""
    found: dict[int, Member] = {}
    for chunk in _chunks(sorted(keys)):
        rows = connection.execute(current().where(schema.filings.c.id.in_(chunk)))
        found.update((member.key, member) for member in members(connection, rows, with_claims))
    return found


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """The keys in pieces that a query takes."""
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def _units(connection: Connection) -> Iterator[Sequence[Member]]:
    """The filings of each reporting unit that has more than one."""
    filings = schema.filings
    query = current().with_only_columns(filings.c.unit_key, filings.c.id, maintain_column_froms=True)
    unit = filings.c.unit_key.collate(collation(connection))
    rows = connection.execute(query.where(filings.c.unit_key != "").order_by(unit, filings.c.id))
    groups = ([key for _, key in group] for _, group in groupby(rows, key=lambda row: row.unit_key))
    shared = (keys for keys in groups if len(keys) > 1)
    while chunk := _some(shared):
        found = _heads(connection, {key for keys in chunk for key in keys})
        for keys in chunk:
            yield [found[key] for key in keys]


def _some(groups: Iterator[list[int]]) -> list[list[int]]:
    """The next groups, together about so many filings as are worth one query."""
    taken: list[list[int]] = []
    count = 0
    for keys in groups:
        taken.append(keys)
        count += len(keys)
        if count >= _AT_ONCE:
            break
    return taken


def _replace(
    connection: Connection,
    found: Sequence[CrossFinding],
    failures: Sequence[RuleFailure],
    state: str,
    settings: Settings,
) -> None:
    """Enter the findings, and of which state they are, in the place of those before."""
    put_fact(connection, FAILURES, json.dumps([[item.rule, item.error] for item in failures]))
    put_fact(connection, COMPARED, state)
    connection.execute(delete(schema.across_filings))
    connection.execute(delete(schema.across))
    for start in range(0, len(found), _AT_ONCE):
        chunk = found[start : start + _AT_ONCE]
        filings = _filings(connection, {key for item in chunk for key in item.keys})
        connection.execute(insert(schema.across), [_row(item, filings, settings) for item in chunk])
        places = [
            {"finding": item.finding.id, "position": position, "filing_id": key}
            for item in chunk
            for position, key in enumerate(item.keys)
        ]
        connection.execute(insert(schema.across_filings), places)


def _filings(connection: Connection, keys: Iterable[int]) -> dict[int, Filing]:
    """The heads of filings."""
    found: dict[int, Filing] = {}
    for chunk in _chunks(sorted(keys)):
        query = current().where(schema.filings.c.id.in_(chunk))
        found.update((row.id, filing(row, ())) for row in connection.execute(query))
    return found


def _row(item: CrossFinding, filings: Mapping[int, Filing], settings: Settings) -> dict[str, Any]:
    """A finding as it is kept; each piece of its evidence says which filing it stands in."""
    finding, today = item.finding, date.today()
    evidence = finding_to_json(finding)["evidence"]
    for piece, key in zip(evidence, item.keys, strict=True):
        source = filings[key].source
        piece["source"] = {"path": source.path, "index": source.index}
    waived = [apply([finding], settings.waivers, filings[key], today)[1] for key in dict.fromkeys(item.keys)]
    waiver = next((pair[1] for pairs in waived for pair in pairs), None)
    return {
        "finding": finding.id,
        "rule": finding.rule,
        "severity": int(finding.severity),
        "message": storable(finding.message),
        "suggestion": storable(finding.suggestion),
        "evidence": storable(json.dumps(evidence, ensure_ascii=False)),
        "waiver": None if waiver is None else json.dumps(waiver_to_json(waiver), ensure_ascii=False),
    }
