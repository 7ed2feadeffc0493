"""Reviewers' decisions as labelled fixtures: for each decided filing its file, and what should be found in it."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from narrcheck import __version__, pipeline
from narrcheck.audit import paths
from narrcheck.audit.decisions import Decision
from narrcheck.audit.export import Document, Export, Item
from narrcheck.audit.rebuilt import shown_path
from narrcheck.catalogue import message
from narrcheck.filing import Filing
from narrcheck.llm.persons import MASK
from narrcheck.reading import ReadError
from narrcheck.reading.guard import Guard
from narrcheck.reading.inputs import Input, read_data
from narrcheck.reports.encoding import encodable
from narrcheck.reports.json import render_parsed
from narrcheck.reports.parsed import Readings
from narrcheck.settings import Settings

ACROSS = "across"
_OTHER = re.compile(r"[^\w-]+")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_LONGEST = 60
_READING = ".json"


@dataclass(slots=True)
class Written:
    """What was exported: fixtures, labels of each kind, the filings left out with the reason, and the decisions whose
    finding no longer stands."""

    fixtures: int = 0
    confirmed: int = 0
    dismissed: int = 0
    refused: list[str] = field(default_factory=list)
    gone: list[Decision] = field(default_factory=list)


class Refused(Exception):
    """A filing whose file cannot be given as it was audited; the text says why."""


def write_labels(source: Export, folder: Path, settings: Settings) -> Written:
    """Write the fixtures into an empty folder. OSError, StoreError."""
    written = Written(gone=source.unused())
    names: dict[int, str] = {}
    heads: dict[str, Document] = {}
    across: dict[str, Document] = {}
    with Guard(settings.reading, settings.extra_headings) as guard:
        fixtures = Fixtures(source, settings, guard)
        for item in source.items():
            decided = [one for one in (*item.findings, *item.waived) if "decision" in one]
            across.update((one["id"], one) for one in decided if _is_across(one))
            if not decided:
                continue
            try:
                data, name = fixtures.fixture(item)
            except Refused as refusal:
                written.refused.append(str(refusal))
                continue
            (folder / name).write_bytes(data)
            stem = name.partition(".")[0]
            labels = _labels(item, stem)
            _write(folder, stem, labels)
            _count(written, labels)
            names[item.row.id], heads[stem] = stem, {key: labels[key] for key in ("id", "project", "year")}
    written.fixtures = len(names)
    _write_across(source, folder, across.values(), names, heads, written)
    return written


class Fixtures:
    """Takes filings out of the audited files: the file as it is, a member of a zip file, or, where a file holds several
    filings or personal data are masked, the saved reading of the one."""

    def __init__(self, source: Export, settings: Settings, guard: Guard) -> None:
        self._source, self._settings, self._guard = source, settings, guard
        self._masks = settings.mask == "yes" or source.masks()
        self._taken = {ACROSS}
        self._open: tuple[int, bytes] | None = None

    def fixture(self, item: Item) -> tuple[bytes, str]:
        """The bytes of a filing's fixture, and its name. Refused."""
        row = item.row
        data = self._data(item)
        several = self._source.beside(row) > 1
        name = PurePosixPath(row.member or row.path).name
        suffix = _suffix(name)
        masks = self._masks or _is_masked(item)
        if several or masks:
            data, suffix = self._reading(item, data, masks), _READING
        return data, self._name(name, f"_{row.number}" if several else "") + suffix

    def _data(self, item: Item) -> bytes:
        """The bytes that hold the filing. Refused where they are not those that were audited."""
        row = item.row
        whole = self._whole(item)
        if row.member is None:
            return whole
        found: list[bytes] = []

        def keep(data: bytes, path: str) -> tuple[Filing, ...]:
            if path.endswith(row.member) and hashlib.sha256(data).hexdigest() == row.sha256:
                found.append(data)
            return ()

        shown = shown_path(row).removesuffix(row.member)
        for _ in read_data(Input(shown, None), whole, self._settings.lang, self._settings.reading, keep):
            if found:
                break
        if not found:
            raise self._refused("export.changed", item)
        return found[0]

    def _whole(self, item: Item) -> bytes:
        row = item.row
        if self._open is None or self._open[0] != row.file_id:
            try:
                data = paths.location(paths.named(row.location), row.path).read_bytes()
            except (OSError, ValueError):
                raise self._refused("export.file-gone", item) from None
            self._open = (row.file_id, data)
        if hashlib.sha256(self._open[1]).hexdigest() != row.file_sha256:
            raise self._refused("export.changed", item)
        return self._open[1]

    def _reading(self, item: Item, data: bytes, masks: bool) -> bytes:
        """The saved reading of one filing."""
        row = item.row
        try:
            filings = self._guard.read(data, shown_path(row))
        except ReadError as error:
            raise Refused(error.explain(self._settings.lang)) from None
        filing = next((one for one in filings if one.source.index == row.number), None)
        if filing is None:
            raise self._refused("export.changed", item)
        if masks:
            filing = pipeline.masked_filing(filing)
        readings = Readings(__version__, self._settings.profile, (filing,), lang=self._source.lang)
        return render_parsed(readings).encode()

    def _refused(self, key: str, item: Item) -> Refused:
        return Refused(message(key, self._settings.lang, path=shown_path(item.row), index=item.row.number))

    def _name(self, name: str, end: str) -> str:
        """A name of letters and digits, without a dot, that no other fixture has on any system."""
        stem = name.removesuffix(".json").removesuffix(".parse") if name.endswith(".json") else name
        stem = stem.rpartition(".")[0] or stem
        stem = _OTHER.sub("_", unicodedata.normalize("NFC", encodable(stem)))[:_LONGEST].strip("_") or "filing"
        stem, number = f"{stem}{end}", 1
        unique = stem
        while unique.casefold() in self._taken:
            number += 1
            unique = f"{stem}-{number}"
        self._taken.add(unique.casefold())
        return unique


def _is_masked(item: Item) -> bool:
    """Whether the store holds masked texts of the filing, whatever the settings say now."""
    row = item.row
    quotes = (piece["quote"] for one in (*item.findings, *item.waived) for piece in one["evidence"])
    return any(MASK in (text or "") for text in (row.project, row.goal, row.narrative, *quotes))


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ""


def _is_across(finding: Document) -> bool:
    return any("source" in piece for piece in finding["evidence"])


def _labels(item: Item, stem: str) -> Document:
    """The labels of a filing: what was confirmed is to be found; what nobody has decided neither counts nor harms."""
    own = [one for one in (*item.findings, *item.waived) if not _is_across(one)]
    row = item.row
    return {
        "id": stem,
        "project": row.project,
        "year": row.year,
        "money_unit": row.money_unit,
        "findings_only": True,
        "findings": [_label(one) for one in own if _verdict(one) != "dismissed"],
        "dismissed": [_label(one) for one in own if _verdict(one) == "dismissed"],
    }


def _verdict(finding: Document) -> str | None:
    decision: dict[str, str] = finding.get("decision", {})
    return decision.get("verdict")


def _label(finding: Document) -> Document:
    pieces = finding["evidence"]
    rows = _distinct(piece["name"] for piece in pieces if piece["row"] is not None)
    decision = finding.get("decision")
    return {
        "rule": finding["rule"],
        "row": rows[0] if len(rows) == 1 else None,
        "rows": rows if len(rows) > 1 else None,
        "fields": _distinct(map(_field, pieces)),
        "quotes": _distinct(piece["quote"] for piece in pieces),
        "values": _distinct(piece["value"] for piece in pieces),
        "certainty": "sure" if decision else "debatable",
        "why": decision["why"] if decision else "",
    }


def _field(piece: Document) -> str:
    """The field of a piece of evidence as labels write it: narrative, actual:<row>, funds:<label>:<column>, total."""
    parts = [piece["field"], piece["name"], piece["column"]]
    return ":".join(str(part) for part in parts if part) if piece["row"] is not None else str(piece["field"])


def _distinct(texts: Iterable[Any]) -> list[Any]:
    return [text for text in dict.fromkeys(texts) if text]


def _count(written: Written, labels: Document) -> None:
    written.confirmed += sum(label["certainty"] == "sure" for label in labels["findings"])
    written.dismissed += len(labels["dismissed"])


def _write(folder: Path, stem: str, labels: Document) -> None:
    text = encodable(json.dumps(labels, ensure_ascii=False, indent=1)) + "\n"
    (folder / f"{stem}.labels.json").write_text(text, "utf-8", newline="\n")


def _write_across(
    source: Export,
    folder: Path,
    decided: Iterable[Document],
    names: dict[int, str],
    heads: dict[str, Document],
    written: Written,
) -> None:
    """The labels across filings, in a file of their own, where all filings of a finding could be exported."""
    found: dict[str, list[Document]] = {"confirmed": [], "dismissed": []}
    used: dict[str, None] = {}
    for finding in decided:
        stems = [names.get(key) for key in source.touched(finding["id"])]
        if None in stems:
            facts = {"finding": finding["id"], "rule": finding["rule"]}
            written.refused.append(message("export.across-incomplete", source.settings.lang, **facts))
            continue
        label = {**_label(finding), "filings": _distinct(stems)}
        found[finding["decision"]["verdict"]].append(label)
        used |= dict.fromkeys(label["filings"])
    if not used:
        return
    labels = {
        "id": ACROSS,
        "findings_only": True,
        "filings": [heads[stem] for stem in used],
        "findings": found["confirmed"],
        "dismissed": found["dismissed"],
    }
    _write(folder, ACROSS, labels)
    _count(written, labels)
