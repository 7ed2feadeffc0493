"""`narrcheck batch decide`: keep a reviewer's judgement of a finding."""

import argparse
import getpass
import re

from sqlalchemy import Connection

from narrcheck.audit import decisions
from narrcheck.audit.connect import READS, connect, explained
from narrcheck.audit.decisions import Decision, Standing, Verdict
from narrcheck.audit.errors import StoreError
from narrcheck.catalogue import message
from narrcheck.commands import options, output
from narrcheck.filing import Severity
from narrcheck.reports.wording import shown
from narrcheck.rules.registry import find_rule

_ID = re.compile(f"[0-9a-f]{{{decisions.SHORTEST},12}}")
_VERDICTS: dict[str, Verdict] = {"confirm": "confirmed", "dismiss": "dismissed"}
_CANDIDATES = 10


def decide(given: argparse.Namespace) -> int:
    """Decide about the finding that is named, and print both."""
    settings = options.settings(given)
    lang, store = settings.lang, settings.batch.store
    why, who = (given.why or "").strip(), _person(given.who, lang)
    if not why:
        raise output.UsageError(message("decide.no-why", lang))
    try:
        connect(store, writing=False).dispose()  # a store that is missing is told, not made
        engine = connect(store, writing=True)
        try:
            with explained(engine), engine.connect().execution_options(**{READS: True}) as connection:
                about = _named(connection, given.finding, lang)
                before = decisions.history(connection, about.finding)
            decided = decisions.decide(engine, about, _VERDICTS[given.verdict], why, who)
        finally:
            engine.dispose()
    except StoreError as error:
        raise output.UsageError(error.explain(lang)) from None
    output.write(_told(about, before, decided, lang), None, lang)
    return 0


def _person(given: str | None, lang: str) -> str:
    """Who decides: as given, otherwise the user of the system."""
    try:
        who = (getpass.getuser() if given is None else given).strip()
    except (OSError, KeyError, ImportError):
        who = ""
    if not who:
        raise output.UsageError(message("decide.no-who", lang))
    return who


def _named(connection: Connection, given: str, lang: str) -> Standing:
    """The finding that an id, or its beginning, names; UsageError with those that come near."""
    start = given.strip().lower()
    if not _ID.fullmatch(start):
        raise output.UsageError(message("decide.no-id", lang, finding=shown(given), shortest=decisions.SHORTEST))
    found = decisions.beginning(connection, start, _CANDIDATES)
    about = decisions.standing(connection, found[0]) if len(found) == 1 else None
    if about is not None:
        return about
    key = "decide.ambiguous" if found else "decide.unknown"
    near = found or decisions.nearest(connection, start, _CANDIDATES)
    lines = [_line(one, lang) for one in (decisions.standing(connection, id_) for id_ in near) if one is not None]
    if not found and decisions.history(connection, start):
        key = "decide.gone"
    if near and not found:
        lines.insert(0, message("decide.nearest", lang))
    raise output.UsageError("\n".join([message(key, lang, finding=start), *lines]))


def _line(one: Standing, lang: str) -> str:
    facts = {"finding": one.finding, "rule": one.rule, "filing": _title(one, lang), "message": shown(one.message)}
    return message("decide.candidate", lang, **facts)


def _title(one: Standing | Decision, lang: str) -> str:
    project = shown(one.project or "") or message("report.no-project", lang)
    if one.year is None:
        return project
    return message("decide.filing", lang, project=project, year=message("report.year", lang, year=one.year))


def _told(about: Standing, before: list[Decision], decided: Decision, lang: str) -> str:
    """The finding with its evidence, what was decided before, and what stands now."""
    rule = find_rule(about.rule)
    severity = message(f"severity.{Severity(about.severity).label}", lang)
    facts = {"finding": about.finding, "rule": about.rule, "name": rule.name if rule else "", "severity": severity}
    lines = [
        message("decide.finding", lang, **facts),
        message("decide.where", lang, filing=_title(about, lang), path=shown(about.path), index=about.index),
        f"  {shown(about.message)}",
    ]
    lines += [f"  - {decisions.evidence_line(piece, lang)}" for piece in about.evidence]
    if about.waived:
        lines.append(message("decide.waived", lang))
    lines += [_verdict("decide.before", one, lang) for one in before]
    lines.append(_verdict("decide.now", decided, lang))
    return "\n".join(lines) + "\n"


def _verdict(key: str, one: Decision, lang: str) -> str:
    verdict = message(f"decide.verdict.{one.verdict}", lang)
    return message(key, lang, verdict=verdict, who=shown(one.who), at=one.at, why=shown(one.why))
