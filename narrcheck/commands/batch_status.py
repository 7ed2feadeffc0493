"""How far an audit is, as text for people or as JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from narrcheck.audit import paths
from narrcheck.audit.run import Tally
from narrcheck.audit.status import FolderStatus, Status
from narrcheck.catalogue import message
from narrcheck.commands.tables import print_table
from narrcheck.filing import Severity
from narrcheck.reading.inputs import printable
from narrcheck.reports import View
from narrcheck.reports.json import SCHEMA
from narrcheck.reports.wording import shown

_LISTED = 20
_TOLD = ("started", "ended", "version", "profile")
_RUN_KEYS = (
    "state", "started", "ended", "reason", "engine", "version", "mode", "profile", "listed", "checked", "unchanged",
    "model",
)  # fmt: skip


def render(found: Status, view: View, lang: str, tallies: Mapping[str, Tally] | None = None) -> str:
    """The state of the folders; `tallies` add what the runs that have just ended did, by location."""
    if view.format in ("json", "jsonl"):
        failures = [{"rule": failure.rule, "error": failure.error} for failure in found.failures]
        folders = [_to_json(item) for item in found.folders]
        document = {"schema": SCHEMA, "folders": folders, "rule_failures": failures}
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if not found.folders:
        return message("batch.empty-store", lang) + "\n"
    told = ("\n".join(_lines(item, view, lang, (tallies or {}).get(item.location))) for item in found.folders)
    failed = [
        message("batch.status.failure", lang, rule=failure.rule, error=shown(failure.error))
        for failure in found.failures
    ]
    return "\n\n".join([*told, *failed]) + "\n"


def _to_json(item: FolderStatus) -> dict[str, Any]:
    return {
        "folder": _named(item),
        "run": {key: item.run[key] for key in _RUN_KEYS if key in item.run},
        "files": item.files,
        "filings": item.filings,
        "forms": item.forms,
        "findings": item.findings,
        "across": item.across,
        "degraded": item.degraded,
        "errors": [{"path": bad.path, "code": bad.code, "message": bad.message} for bad in item.unread],
    }


def _lines(item: FolderStatus, view: View, lang: str, tally: Tally | None) -> Iterator[str]:
    run = item.run
    yield message(
        "batch.status.head", lang, folder=shown(_named(item)), state=message(f"batch.state.{run['state']}", lang)
    )
    facts = {key: run.get(key) or "—" for key in _TOLD}
    yield message("batch.status.run", lang, **facts, mode=message(f"mode.{run.get('mode') or 'offline'}", lang))
    if run.get("reason"):
        yield message("batch.status.reason", lang, reason=shown(run["reason"]))
    if tally is not None:
        did = {"checked": tally.checked, "unchanged": tally.unchanged, "gone": tally.gone}
        yield message("batch.status.tally", lang, **did)
    yield ""
    heads = [message(f"batch.status.{key}", lang) for key in ("what", "count")]
    yield print_table(view, heads, _rows(item, lang)).rstrip("\n")
    for bad in item.unread[:_LISTED]:
        yield message("batch.status.unread", lang, message=shown(bad.message))
    if len(item.unread) > _LISTED:
        yield message("batch.status.more-unread", lang, count=len(item.unread) - _LISTED)
    if item.degraded:
        yield message("batch.status.degraded", lang, count=item.degraded)
    if not item.finished:
        yield message("batch.status.resume", lang)


def _rows(item: FolderStatus, lang: str) -> Iterator[tuple[str, str]]:
    for state in ("read", "unread", "skipped"):
        yield message(f"batch.files.{state}", lang), str(item.files.get(state, 0))
    yield message("batch.filings", lang), str(item.filings)
    for severity in sorted(Severity, reverse=True):
        yield message(f"batch.findings.{severity.label}", lang), str(item.findings[severity.label])
    for severity in sorted(Severity, reverse=True):
        yield message(f"batch.across.{severity.label}", lang), str(item.across[severity.label])


def _named(item: FolderStatus) -> str:
    return printable(paths.named(item.folder))
