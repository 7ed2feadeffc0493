"""Where the forms of a document begin and end, and what kind of form each is."""

from collections.abc import Sequence
from dataclasses import dataclass

from narrcheck.filing import FormKind
from narrcheck.reading.document import Document, Row
from narrcheck.reading.vocabulary import Headings, key
from narrcheck.text import squeeze

_TITLE_LENGTH = 40
_HEAD_ROWS = 12
_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one form."""

    rows: tuple[Row, ...]
    kind: FormKind


def title_kind(row: Row, words: Headings) -> str | None:
    """The kind of form this row is the title of, or None."""
    cell = next((cell for cell in row.cells if cell), "")
    line = cell.split("\n", 1)[0]
    if len(line) > 3 * _TITLE_LENGTH:
        return None
    flat = squeeze(line)
    if len(flat) > _TITLE_LENGTH or "表" not in flat:
        return None
    return next((kind for word, kind in words.titles if word in flat), None)


def pieces(row: Row) -> list[str]:
    """The cells of a row; of a line of text, its words."""
    if row.tabular:
        return [cell for cell in row.cells if cell]
    line = row.cells[0]
    return line.split() if len(line) < 400 else [line]


def blocks(document: Document, words: Headings) -> list[Block]:
    """The forms of a document, in order; none when its rows do not look like a form."""
    rows = document.rows
    titles = [index for index, row in enumerate(rows) if title_kind(row, words)]
    projects = _projects(rows, words)
    starts: list[int] = []
    for number, project in enumerate(projects):
        floor = projects[number - 1] + 1 if number else 0
        above = [title for title in titles if floor <= title <= project and project - title <= _HEAD_ROWS]
        start = above[0] if above else _year_line(rows, project, floor)
        starts.append(start)
    if not starts:
        starts = titles[:1] or [0]
    found: list[Block] = []
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(rows)
        part = rows[start:end]
        project = projects[number] - start if number < len(projects) else _HEAD_ROWS
        kind = _kind_by_title(part, project, words)
        if _is_form(part, kind is not None, words):
            found.append(
                Block(
                    part,
                    "target_table" if (kind or _kind_by_labels(part, words)) == "target_table" else "self_evaluation",
                )
            )
    return found


def _kind_by_title(part: Sequence[Row], project: int, words: Headings) -> str | None:
    """The kind that the titles tell: the last one above the label 项目名称 (a sheet's or page's own name may stand
    above it), otherwise the first one below."""
    kinds = [title_kind(row, words) for row in part[:_HEAD_ROWS]]
    above = [kind for kind in kinds[: project + 1] if kind]
    return above[-1] if above else next((kind for kind in kinds if kind), None)


def _projects(rows: Sequence[Row], words: Headings) -> list[int]:
    """The rows that open with the label 项目名称 (also torn over two lines)."""
    found: list[int] = []
    for index, row in enumerate(rows):
        first = next((cell for cell in row.cells if cell), "")
        if len(first) > 200:
            continue
        if not row.tabular and " " in first:
            first = first.split(maxsplit=1)[0]
        label = key(first.replace("：", ":").partition(":")[0])
        if words.fields.get(label) == "project":
            found.append(index)
        elif label == "项目" and index + 1 < len(rows):
            following = pieces(rows[index + 1])
            if following and words.fields.get(label + key(following[0])) == "project":
                found.append(index)
    return found


def _year_line(rows: Sequence[Row], project: int, floor: int) -> int:
    """The line above the label that only gives the year, where the title is missing."""
    above = project - 1
    if above >= floor and "年" in (cell := "".join(rows[above].cells)) and len(cell) < 20:
        return above
    return project


def _is_form(rows: Sequence[Row], titled: bool, words: Headings) -> bool:
    """A form shows several of its known labels, each as a cell of its own."""
    found: set[str] = set()
    for row in rows:
        for piece in pieces(row):
            if len(piece) <= 60:
                label = (
                    key(piece)
                    if ":" not in piece and "：" not in piece
                    else key(piece.replace("：", ":").partition(":")[0])
                )
                if label in words.signals:
                    found.add(label)
        if len(found) >= _ENOUGH or (titled and len(found) >= 2):
            return True
    return False


def _kind_by_labels(rows: Sequence[Row], words: Headings) -> str:
    labels = {key(piece) for row in rows for piece in pieces(row) if len(piece) <= 60}
    names = {words.columns.get(label) for label in labels}
    return "target_table" if labels & set(words.plan_funds) and "actual" not in names else "self_evaluation"
