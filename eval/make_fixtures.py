"""Writes the built fixtures: `python eval/make_fixtures.py` in any folder.

`--check` writes nothing and names the files that differ, `--list` prints a table of all fixtures.

`fixtures.toml` names the filings, the sort of text and the other formats they are kept in; their `x.parse.json` holds
what is printed, their `x.labels.json` the layout. The same input makes the same bytes. Needs the packages of the extra
"dev"; the PDFs bring their own font, whose characters are boxes.
"""

import argparse
import json
import os
import re
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [path for path in (str(HERE), str(HERE.parent / "tests")) if path not in sys.path]

from provincial import laid_out  # noqa: E402

from makers import pdf, spreadsheet, webpage, word  # noqa: E402
from makers.table import AMOUNTS, Table  # noqa: E402
from narrcheck.evaluation.labels import SUFFIX, read_labels  # noqa: E402
from narrcheck.filing import Actual, Filing, FundsRow, Indicator, Number, Source, Target  # noqa: E402

FIXTURES = HERE / "fixtures"
_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_LINE, _LONG = 28, 30
"""How many characters a wrapped line of text has, and from which length on a cell is wrapped."""


def main() -> int:
    """1 where `--check` finds a file that differs."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing, name the files that differ")
    options.add_argument("--list", action="store_true", help="write nothing, print a table of all fixtures")
    chosen = options.parse_args()
    os.environ["SOURCE_DATE_EPOCH"] = "1735689600"  # the time that the PDFs' font says it was made
    if chosen.list:
        print("\n".join(listed()))
        return 0
    differing = [(path, data) for path, data in built() if not path.exists() or path.read_bytes() != data]
    for path, data in differing:
        print(path.relative_to(HERE.parent))
        if not chosen.check:
            path.write_bytes(data)
    return int(chosen.check and bool(differing))


def listed() -> Iterator[str]:
    """A markdown table of all fixtures, the built ones among them."""
    yield "| filing | project | sector | layout | formats | labelled findings |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for path in sorted(FIXTURES.glob(f"*{SUFFIX}")):
        labels = read_labels(path)
        formats = sorted(one.suffix[1:] for one in FIXTURES.glob(f"{labels.id}.*") if one.suffix != ".json")
        rules = sorted(finding.rule for finding in labels.findings if finding.certainty == "sure")
        cells = (f"`{labels.id}`", labels.project, labels.sector, labels.layout, " ".join(formats), " ".join(rules))
        yield "| " + " | ".join(cell or "none" for cell in cells) + " |"


def built(*only: str) -> Iterator[tuple[Path, bytes]]:
    """The files of the built fixtures and what is in them; `only` names some of the filings."""
    for name, plan in tomllib.loads((HERE / "fixtures.toml").read_text("utf-8")).items():
        if only and name not in only:
            continue
        filing = printed(json.loads((FIXTURES / f"{name}.parse.json").read_text("utf-8")))
        layout = json.loads((FIXTURES / f"{name}.labels.json").read_text("utf-8"))["layout"]
        yield FIXTURES / f"{name}.txt", ("\n".join(TEXTS[plan["text"]](laid_out(filing, layout))) + "\n").encode()
        for kind in plan.get("formats", ()):
            with _tables_of(layout):
                yield FIXTURES / f"{name}.{kind}", _undated(FORMATS[kind](filing))


def printed(document: Mapping[str, Any]) -> Filing:
    """A reading as the form shows it: cells as printed, values left out."""

    def cell(owner: Mapping[str, Any], key: str) -> Number:
        return Number((owner.get("raw") or {}).get(key) or owner.get(key) or "")

    names = ("year", "project", "department", "unit", "money_unit", "goal", "narrative", "grade")
    heads: dict[str, Any] = {name: document.get(name) for name in names}
    return Filing(
        Source(document["id"]),
        **heads,
        funds=tuple(FundsRow(row["label"], *(cell(row, key) for key in AMOUNTS)) for row in document["funds"]),
        indicators=tuple(
            Indicator(
                place, row["level1"], row["level2"], row["name"], Target(row["target"]["raw"]),
                Actual(row["actual"]["raw"]), cell(row, "weight"), cell(row, "score"), row["note"],
            )
            for place, row in enumerate(document["indicators"])
        ),
        total_weight=cell(document, "total_weight"),
        total_score=cell(document, "total_score"),
    )  # fmt: skip


def _tabs(made: Table) -> Iterator[str]:
    """A table copied into an editor: tabs between the cells, a merged range in its first."""
    yield from (*made.titles, *("\t".join(line) for line in made.lines()), made.foot)


def _markdown(made: Table) -> Iterator[str]:
    yield from (f"# {made.titles[0]}", "", *made.titles[1:], "")
    for place, line in enumerate(made.lines()):
        yield "| " + " | ".join(line) + " |"
        if place == 0:
            yield "| " + " | ".join(["---"] * len(line)) + " |"
    yield from ("", made.foot)


def _spaced(made: Table) -> Iterator[str]:
    """As text comes out of a page: spaces between cells, merged labels and long texts in lines of their own."""
    yield from made.titles
    for number in range(made.height):
        cells = sorted((cell for cell in made.cells if cell.row == number and cell.text), key=lambda cell: cell.column)
        yield from (cell.text for cell in cells if cell.rows > 1)
        own = [cell for cell in cells if cell.rows == 1]
        if not any(len(cell.text) > _LONG for cell in own):
            yield " ".join(cell.text for cell in own)
            continue
        for cell in own:
            yield from (cell.text[start : start + _LINE] for start in range(0, len(cell.text), _LINE))
            yield ""
    yield made.foot


TEXTS: dict[str, Callable[[Table], Iterator[str]]] = {"tabs": _tabs, "markdown": _markdown, "spaced": _spaced}
FORMATS: dict[str, Callable[[Filing], bytes]] = {
    "xlsx": spreadsheet.to_xlsx, "docx": word.to_docx, "pdf": pdf.to_pdf, "html": webpage.to_html,
}  # fmt: skip


@contextmanager
def _tables_of(layout: str) -> Iterator[None]:
    """The makers print the tables of this layout."""
    makers: list[Any] = [spreadsheet, word, pdf, webpage]
    before = [maker.table for maker in makers]
    try:
        for maker in makers:
            maker.table = lambda filing, _: laid_out(filing, layout)
        yield
    finally:
        for maker, table in zip(makers, before, strict=True):
            maker.table = table


def _undated(data: bytes) -> bytes:
    """An office file without the time of its writing; other bytes as they are."""
    if not data.startswith(b"PK"):
        return data
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = _WRITTEN.sub(rb"\g<1>2025-01-01T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
