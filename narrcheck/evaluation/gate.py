"""Floors under the figures: what an evaluation must reach.

A floors file is TOML: under [floors] a layer or rule with precision, recall or f1, or the plain figure
`recognised`; under [ceilings] `false_alarms` (a filing) and `unread` (files).
"""

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrcheck.evaluation.result import MEASURES, Result
from narrcheck.rules.registry import find_rule

_PLAIN = ("recognised",)
_LAYERS = (
    "parse.cells", "parse.filings", "claims", "claims.modifier", "links",
    "findings", *(f"findings.{letter}" for letter in "NFSRX"),
)  # fmt: skip
_CEILINGS = ("false_alarms", "unread")
_DEFAULT = ("findings", "f1")


class FloorError(ValueError):
    """Floors that cannot be used: `key` names the sentence of the catalogue, `facts` fill it."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(f"{key} {facts}")
        self.key, self.facts = key, facts


@dataclass(frozen=True, slots=True)
class Floor:
    """A limit of one figure: `measure` of the layer or rule `key`, or the plain figure `key` where it is empty.
    `most` makes it a ceiling."""

    key: str
    measure: str
    limit: float
    most: bool = False

    @property
    def name(self) -> str:
        return f"{self.key}.{self.measure}" if self.measure else self.key


@dataclass(frozen=True, slots=True)
class Broken:
    """A floor that is not reached; `value` is None where there is nothing to measure."""

    floor: Floor
    value: float | None


def read_floors(path: Path) -> list[Floor]:
    """The floors of a file. FloorError, OSError."""
    try:
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FloorError("not-toml", path=path, reason=error) from None
    unknown = set(document) - {"floors", "ceilings"}
    if unknown:
        raise FloorError("unknown-table", path=path, table=min(unknown))
    try:
        return [*_of_table(document.get("floors", {})), *_ceilings(document.get("ceilings", {}))]
    except FloorError as error:
        raise FloorError(error.key, path=path, **error.facts) from None


def _of_table(table: Any) -> Iterator[Floor]:
    for key, value in _items("floors", table):
        if isinstance(value, Mapping) and key not in _PLAIN:
            for measure, limit in value.items():
                if measure not in MEASURES:
                    raise FloorError("unknown-measure", name=f"{key}.{measure}", known=", ".join(MEASURES))
                _known(key)
                yield Floor(key, measure, _share(f"{key}.{measure}", limit))
        elif key in _PLAIN:
            yield Floor(key, "", _share(key, value))
        else:
            raise FloorError("unknown-measure", name=key, known=", ".join(f"{key}.{one}" for one in MEASURES))


def _items(name: str, table: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(table, Mapping):
        raise FloorError("not-a-table", table=name)
    yield from table.items()


def _known(key: str) -> None:
    """FloorError for what is neither a layer nor a rule."""
    if key not in _LAYERS and find_rule(key) is None:
        raise FloorError("unknown-measure", name=key, known=", ".join((*_LAYERS, "N01 …")))


def _ceilings(table: Any) -> Iterator[Floor]:
    for key, value in _items("ceilings", table):
        if key not in _CEILINGS:
            raise FloorError("unknown-measure", name=key, known=", ".join(_CEILINGS))
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            raise FloorError("not-a-share", name=key, value=value)
        yield Floor(key, "", float(value), most=True)


def _share(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise FloorError("not-a-share", name=name, value=value)
    return float(value)


def stated(texts: Iterable[str]) -> list[Floor]:
    """The floors of --fail-under: 0.95 (F1 of all findings), findings.N=0.9 (its F1), links.recall=0.9. FloorError."""
    return [_stated(text) for text in texts]


def _stated(text: str) -> Floor:
    name, _, limit = text.rpartition("=")
    try:
        value = _share(name or "findings.f1", float(limit))
    except ValueError as error:
        if isinstance(error, FloorError):
            raise
        raise FloorError("not-a-share", name=name or "findings.f1", value=limit) from None
    if not name:
        return Floor(*_DEFAULT, value)
    if name in _PLAIN:
        return Floor(name, "", value)
    key, _, measure = name.rpartition(".")
    if measure not in MEASURES:
        key, measure = name, "f1"
    _known(key)
    return Floor(key, measure, value)


def broken(floors: Iterable[Floor], result: Result) -> list[Broken]:
    """The floors that the figures do not reach, also where there is no such figure."""
    found: list[Broken] = []
    for floor in floors:
        if floor.measure:
            figure = result.figures.get(floor.key)
            value = None if figure is None else getattr(figure, floor.measure)
        else:
            value = getattr(result, floor.key)
        if value is None or (value > floor.limit if floor.most else value < floor.limit):
            found.append(Broken(floor, value))
    return found
