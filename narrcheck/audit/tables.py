"""The export as tables: filings, findings (one row a finding and filing) and claims, as Parquet files or a workbook."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from narrcheck.audit.decisions import evidence_line
from narrcheck.audit.export import Document, Export, Item
from narrcheck.audit.rebuilt import shown_path
from narrcheck.catalogue import message
from narrcheck.filing import Severity
from narrcheck.reading.inputs import printable
from narrcheck.reading.package import AUTHOR
from narrcheck.reports.encoding import encodable
from narrcheck.reports.workbooks import OPTIONS, ROWS, cell_text

Row = tuple[Any, ...]

TABLES = ("findings", "filings", "claims")
COLUMNS: dict[str, dict[str, str]] = {
    "filings": {
        "folder": "text", "path": "text", "index": "count", "sha256": "text", "form": "text", "layout": "text",
        "year": "count", "project": "text", "department": "text", "unit": "text", "money_unit": "text",
        "grade": "text", "total_score": "decimal", "budget": "yuan", "executed": "yuan", "numbers": "count",
        "claims": "count", "linked": "count", "checked": "count", "doubtful_cells": "count", "errors": "count",
        "warnings": "count", "infos": "count", "waived": "count", "degraded": "flag", "goal": "text",
        "narrative": "text",
    },
    "findings": {
        "folder": "text", "path": "text", "index": "count", "year": "count", "project": "text", "department": "text",
        "unit": "text", "finding": "text", "rule": "text", "name": "text", "severity": "text", "message": "text",
        "suggestion": "text", "by": "text", "evidence": "evidence", "waived_by": "text", "waived_why": "text",
        "verdict": "text", "why": "text", "who": "text", "decided": "text",
    },
    "claims": {
        "folder": "text", "path": "text", "index": "count", "year": "count", "project": "text", "field": "text",
        "in_row": "count", "quote": "text", "start": "count", "end": "count", "value": "decimal", "upper": "decimal",
        "number_unit": "text", "modifier": "text", "subject": "text", "row": "count", "row_name": "text",
        "link": "text", "by": "text", "scope": "text",
    },
}  # fmt: skip
"""The columns of each table with their kinds: text; count; flag; decimal, with its digits as printed; yuan, an amount;
evidence, the pieces as reports write them."""

_WIDTHS = {"text": 18, "evidence": 60}
_WIDE = {"message": 60, "quote": 40, "project": 30, "path": 36}
_AT_ONCE = 5000
_EXACT = 15


def rows(item: Item) -> dict[str, list[Row]]:
    """The rows of one filing for each table, in the order of COLUMNS."""
    row = item.row
    folder = printable(row.named)
    head = (folder, shown_path(row), row.number)
    counts = [sum(one["severity"] == severity.label for one in item.findings) for severity in reversed(Severity)]
    filing = (
        *head, row.sha256, row.form, row.layout, row.year, row.project, row.department, row.unit, row.money_unit,
        row.grade, row.total_score, _yuan(row.budget), _yuan(row.executed), row.numbers, row.claimed, row.linked,
        row.checked, row.doubtful_cells, *counts, len(item.waived), bool(row.degraded), row.goal, row.narrative,
    )  # fmt: skip
    about = (*head, row.year, row.project, row.department, row.unit)
    claims = [
        (
            *head, row.year, row.project, one.field, one.in_row, one.quote, one.start, one.end, one.value, one.upper,
            one.unit, one.modifier, one.subject, one.row, _name(item, one.row), one.why, one.by, one.scope,
        )
        for one in item.claims
    ]  # fmt: skip
    return {
        "filings": [filing],
        "findings": [(*about, *_finding(one)) for one in (*item.findings, *item.waived)],
        "claims": claims,
    }


def _finding(one: Document) -> Row:
    waiver, decision = one.get("waiver", {}), one.get("decision", {})
    keys = ("id", "rule", "name", "severity", "message", "suggestion", "by", "evidence")
    decided = (decision.get(key) for key in ("verdict", "why", "who", "at"))
    return (*(one[key] for key in keys), waiver.get("who"), waiver.get("why"), *decided)


def _name(item: Item, row: int | None) -> str | None:
    return item.names[row] if row is not None and 0 <= row < len(item.names) else None


def _yuan(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents).scaleb(-2)


def parquet_paths(path: Path) -> dict[str, Path]:
    """The files of an export to `path`: the findings there, the other tables beside it (year.filings.parquet)."""
    beside = {name: path.with_name(f"{path.stem}.{name}{path.suffix}") for name in TABLES[1:]}
    return {TABLES[0]: path, **beside}


def write_parquet(source: Export, files: dict[str, Path]) -> None:
    """Write each table to its file. ImportError where pyarrow is not installed."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {"count": pa.int64(), "flag": pa.bool_(), "yuan": pa.decimal128(21, 2)}
    schemas = {
        name: pa.schema([(column, kinds.get(kind, pa.string())) for column, kind in COLUMNS[name].items()])
        for name in files
    }
    writers = {name: parquet.ParquetWriter(path, schemas[name], compression="zstd") for name, path in files.items()}
    try:
        for name, chunk in _chunks(source):
            columns = zip(COLUMNS[name].values(), zip(*chunk, strict=True), strict=True)
            arrays = [[_plain(value, kind) for value in values] for kind, values in columns]
            typed = [pa.array(array, field.type) for array, field in zip(arrays, schemas[name], strict=True)]
            writers[name].write_batch(pa.record_batch(typed, schema=schemas[name]))
    finally:
        for writer in writers.values():
            writer.close()


def _chunks(source: Export) -> Iterator[tuple[str, list[Row]]]:
    """The rows of all tables, some thousand of one table at a time."""
    waiting: dict[str, list[Row]] = {name: [] for name in TABLES}
    for item in source.items(names=True):
        for name, some in rows(item).items():
            waiting[name] += some
            if len(waiting[name]) >= _AT_ONCE:
                yield name, waiting[name]
                waiting[name] = []
    yield from ((name, some) for name, some in waiting.items() if some)


def _plain(value: Any, kind: str) -> Any:
    """A value as Parquet takes it."""
    if kind == "evidence":
        value = json.dumps(value, ensure_ascii=False)
    return encodable(value) if isinstance(value, str) else value


class Sheet:
    """A table of a workbook, on as many sheets as its rows need, each with a fixed head and filters."""

    def __init__(self, book: Any, name: str, lang: str, limit: int = ROWS) -> None:
        self._book, self._name, self._lang, self._limit = book, name, lang, limit
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._number = 0
        self._begin()

    def add(self, row: Row) -> None:
        """Write a row. Text stays text, whatever it begins with."""
        if self._next >= self._limit:
            self.close()
            self._begin()
        for at, (kind, value) in enumerate(zip(COLUMNS[self._name].values(), row, strict=True)):
            self._write(at, kind, value)
        self._next += 1

    def close(self) -> None:
        """Set the filters over all rows of the sheet."""
        self._sheet.autofilter(0, 0, self._next - 1, len(COLUMNS[self._name]) - 1)

    def _begin(self) -> None:
        self._number += 1
        title = message(f"export.sheet.{self._name}", self._lang)
        self._sheet = self._book.add_worksheet(title if self._number == 1 else f"{title} {self._number}")
        self._sheet.freeze_panes(1, 0)
        for at, (column, kind) in enumerate(COLUMNS[self._name].items()):
            self._sheet.set_column(at, at, _WIDE.get(column) or _WIDTHS.get(kind, 11))
            self._sheet.write_string(0, at, message(f"export.column.{column}", self._lang), self._head)
        self._next = 1

    def _write(self, at: int, kind: str, value: Any) -> None:
        if value is None or value == "":
            return
        if kind == "evidence":
            value = "\n".join(evidence_line(piece, self._lang) for piece in value)
        if kind == "flag":
            self._sheet.write_boolean(self._next, at, value)
        elif kind in ("count", "yuan") or (kind == "decimal" and sum(map(str.isdigit, value)) <= _EXACT):
            self._sheet.write_number(self._next, at, float(value))
        else:
            self._sheet.write_string(self._next, at, cell_text(value))


def write_workbook(source: Export, path: Path, lang: str) -> None:
    """Write the tables as sheets of a workbook, row by row."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, **OPTIONS}
    with Workbook(str(path), options) as book:
        book.set_properties({"author": AUTHOR})
        sheets = {name: Sheet(book, name, lang) for name in ("filings", "findings", "claims")}
        for item in source.items(names=True):
            for name, some in rows(item).items():
                for row in some:
                    sheets[name].add(row)
        for sheet in sheets.values():
            sheet.close()
