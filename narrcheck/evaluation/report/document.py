"""A report of an evaluation as data: the same for screen, Markdown and page."""

from dataclasses import dataclass, field

from narrcheck.evaluation.result import Quote


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain texts below a heading; `numeric` columns stand right."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A label or answer that is told. `state` is what became of it in words, `verdict` the word of the result by which
    entries can be chosen. `files` are as the result names them: those of one filing in several formats are told at
    once, and the quotes are those of the first."""

    layer: str
    verdict: str
    state: str
    kind: str
    files: tuple[str, ...]
    text: str
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries below a heading, all of them: whoever prints them bounds them. `name` is lost, won, relabelled or a
    layer."""

    name: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. A `folded` one is opened by whoever wants it."""

    name: str
    title: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    listings: tuple[Listing, ...] = ()
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report: a title, the sentences that matter most, and the parts."""

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...] = field(default=())
