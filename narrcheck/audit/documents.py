"""The export as JSON: each filing as `check` reports it, with what the batch adds to its findings."""

import json
from collections.abc import Iterator

from narrcheck.audit.export import Document, Export, Item
from narrcheck.audit.rebuilt import claim, shown_path
from narrcheck.reports.encoding import encode
from narrcheck.reports.json import claim_to_json


def document(item: Item) -> Document:
    """A filing with its claims and findings; the keys and their order are those of `check`."""
    row = item.row
    told = {
        "source": {"path": shown_path(row), "index": row.number, "sha256": row.sha256},
        **{key: getattr(row, key) for key in ("form", "layout", "year", "project", "department", "unit", "money_unit")},
        "coverage": {
            "numbers": row.numbers,
            "claims": row.claimed,
            "linked": row.linked,
            "checked": row.checked,
            "doubtful_cells": row.doubtful_cells,
        },
        "doubts": json.loads(row.doubts),
        "notes": json.loads(row.notes),
        "claims": [claim_to_json(claim(one)) for one in item.claims],
        "findings": item.findings,
        "waived": item.waived,
        "rule_failures": json.loads(row.failures),
    }
    return told if row.model is None else {**told, "model": json.loads(row.model)}


def lines(source: Export) -> Iterator[str]:
    """JSON lines: the head, then one filing a line."""
    yield encode({**source.head(), **source.tail()}) + "\n"
    for item in source.items():
        yield encode(document(item)) + "\n"


def one_document(source: Export) -> Iterator[str]:
    """The pieces of one JSON document."""
    yield f'{{{encode(source.head())[1:-1]}, "filings": ['
    lead = "\n"
    for item in source.items():
        yield lead + encode(document(item))
        lead = ",\n"
    yield f"],\n{encode(source.tail())[1:]}\n"
