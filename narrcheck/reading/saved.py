"""Readings kept as JSON (what `narrcheck parse` prints), corrected by hand, as an input: JSON → Filing.

A document with "filings", a list of filings, or a single filing. Cells may be corrected in their value alone: where a
`raw` text no longer says what its value says, the value counts.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from narrcheck.filing import Actual, Doubt, Filing, FundsRow, Indicator, Number, Source, Target
from narrcheck.printed import Note
from narrcheck.quantity.cells import read_actual, read_number, read_target
from narrcheck.reading.errors import ReadError, Reason

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from narrcheck.reading.saved_shape import SavedFiling, SavedIndicator

_FUNDS = ("initial", "adjusted", "executed", "weight", "rate", "score")
_SIGNS = frozenset(["indicators", "funds", "narrative", "goal"])
"""One of them is in every reading, and none in what `check` and `batch export` write."""


def filings_from_text(text: str, path: str, sha256: str = "") -> tuple[Filing, ...]:
    """The filings of a JSON text. ReadError: no-filing-found (other JSON, or no JSON), bad-reading (with the place)."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if '"filings"' not in text and '"indicators"' not in text:
            raise ReadError("no-filing-found", path=path) from None
        raise ReadError("bad-reading", path=path, where=_line(error), reason=_problem(error)) from None
    if isinstance(document, dict) and "filings" in document:
        prefix, objects = "filings", document["filings"]
    else:
        prefix, objects = "", document if isinstance(document, list) else [document]
    if not isinstance(objects, list) or not all(isinstance(item, dict) and _SIGNS & set(item) for item in objects):
        raise ReadError("no-filing-found", path=path)
    if not objects:
        raise ReadError("no-filing-found", path=path)
    return tuple(
        _filing(item, Source(path, index, sha256), f"{prefix}[{index - 1}]" if prefix or len(objects) > 1 else "")
        for index, item in enumerate(objects, 1)
    )


def filing_from_json(document: Mapping[str, Any]) -> Filing:
    """The filing of one JSON object, its source as the object states it. ReadError: bad-reading."""
    stated = document.get("source")
    source = stated if isinstance(stated, Mapping) else {}
    index = source.get("index")
    return _filing(
        document,
        Source(str(source.get("path", "")), index if isinstance(index, int) else 1, str(source.get("sha256", ""))),
        "",
    )


def _filing(document: Mapping[str, Any], source: Source, where: str) -> Filing:
    from pydantic import ValidationError

    from narrcheck.reading.saved_shape import SavedFiling

    try:
        saved = SavedFiling.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        where = (where + place).lstrip(".")
        raise ReadError("bad-reading", path=source.path, where=where, reason=_slip(first)) from None
    return _built(saved, source)


def _built(saved: "SavedFiling", source: Source) -> Filing:
    raw = saved.raw or {}
    return Filing(
        source,
        form=saved.form,
        layout=saved.layout or "json",
        year=saved.year,
        project=saved.project,
        department=saved.department,
        unit=saved.unit,
        money_unit=saved.money_unit,
        goal=saved.goal,
        narrative=saved.narrative,
        funds=tuple(
            FundsRow(row.label, **{name: _number(getattr(row, name), (row.raw or {}).get(name)) for name in _FUNDS})
            for row in saved.funds
        ),
        indicators=tuple(_indicator(position, row) for position, row in enumerate(saved.indicators)),
        total_weight=_number(saved.total_weight, raw.get("total_weight")),
        total_score=_number(saved.total_score, raw.get("total_score")),
        grade=saved.grade,
        doubts=tuple(Doubt(doubt.field, doubt.quote, doubt.reason, doubt.row) for doubt in saved.doubts),
        notes=tuple(Note(note.key, note.fact) for note in saved.notes),
        signed=tuple(saved.signed),
    )


def _indicator(position: int, row: "SavedIndicator") -> Indicator:
    raw = row.raw or {}
    return Indicator(
        position,
        row.level1,
        row.level2,
        row.name,
        _target(row),
        _actual(row),
        _number(row.weight, raw.get("weight")),
        _number(row.score, raw.get("score")),
        row.note,
    )


def _target(row: "SavedIndicator") -> Target:
    cell = row.target
    if cell is None or not (cell.raw or cell.value):
        return Target()
    if cell.raw and not ({"value", "unit", "comparator"} & cell.model_fields_set):
        return read_target(cell.raw, row.name)
    raw = cell.raw or f"{cell.comparator or ''}{cell.value}{cell.unit or ''}"
    return Target(raw, cell.comparator, _decimal(cell.value), _decimal(cell.upper), cell.unit)


def _actual(row: "SavedIndicator") -> Actual:
    cell = row.actual
    if cell is None or not (cell.raw or cell.value):
        return Actual()
    if cell.raw and not ({"value", "unit", "status"} & cell.model_fields_set):
        return read_actual(cell.raw, row.name)
    raw = cell.raw or f"{cell.value}{cell.unit or ''}"
    return Actual(raw, _decimal(cell.value), _decimal(cell.upper), cell.unit, cell.status)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else read_number(value).value


def _number(value: str | None, raw: str | None) -> Number:
    """The cell as printed where that still says `value`; otherwise the value itself."""
    printed = read_number(raw or "")
    if value is None:
        return printed if printed.malformed else Number()
    stated = read_number(value)
    if stated.value is None:
        stated = Number(value, Decimal(value.strip()))
    return printed if raw and printed.value == stated.value else stated


def _line(error: Exception) -> str:
    return f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "1:1"


def _problem(error: Exception) -> Reason:
    return Reason("json", error.msg) if isinstance(error, json.JSONDecodeError) else Reason("nested")


# What pydantic calls the slips of the pen = the key of the sentence about them.
_SLIPS = {
    "string_type": "string",
    "int_type": "number",
    "int_parsing": "number",
    "int_from_float": "number",
    "list_type": "list",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "missing": "missing",
    "extra_forbidden": "extra",
    "literal_error": "choice",
    "value_error": "not-number",
}


def _slip(error: "ErrorDetails") -> Reason:
    """What is wrong with one entry."""
    fact = error.get("ctx", {}).get("expected", "")
    known = _SLIPS.get(error["type"])
    return Reason(known, str(fact).replace(" or ", ", ")) if known else Reason("other", error["msg"])
