"""Goal and narrative: the two free texts, put together from cells torn over lines, columns and pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from narrcheck.reading.document import Row
from narrcheck.reading.vocabulary import Headings, key
from narrcheck.text import squeeze

NAMES = ("goal", "narrative")
_ENDS = tuple("。；;！？!?.”）)")


@dataclass(slots=True)
class Texts:
    """The two texts in the making; `homes` are the places of their headings."""

    homes: dict[str, int]
    goal: list[str]
    narrative: list[str]
    doubtful: bool = False


def headings_in(keys: Sequence[tuple[int, str]], words: Headings) -> dict[str, int]:
    """The texts whose headings stand in this row, with their places; beside one that is known, the other need not be:
    the goal stands to the left."""
    found = {words.texts[label]: place for place, label in keys if words.texts.get(label) in NAMES}
    if len(found) == 1:
        ((known, home),) = found.items()
        for place, label in keys:
            like = words.text_like(label) if label and label not in words.texts else ""
            if like not in ("", known) and (place < home) == (like == "goal"):
                found.setdefault(like, place)
    return found


def from_cells(rows: Sequence[Row], homes: dict[str, int], words: Headings) -> Texts:
    """The texts under their headings, from rows of cells. A piece torn off continues the text that lacks its end."""
    texts = Texts(homes, [], [])
    for row in rows:
        pieces = [
            (place, cell) for place, cell in row.filled if not _is_label(cell, place < homes.get("goal", 1), words)
        ]
        add(texts, pieces)
    return texts


def add(texts: Texts, pieces: Sequence[tuple[int, str]]) -> None:
    """One row of text cells: goal and narrative, or a piece of one of them."""
    distinct: list[tuple[int, str]] = []
    for place, text in pieces:
        if not distinct or squeeze(distinct[-1][1]) != squeeze(text):
            distinct.append((place, text))
    if not distinct:
        return
    if len(distinct) == 1:
        _one(texts, *distinct[0])
    elif texts.narrative:
        texts.goal.append(distinct[0][1])
        texts.narrative.append("".join(text for _, text in distinct[1:]))
    else:
        texts.goal.append(distinct[0][1])
        texts.narrative.extend(text for _, text in distinct[1:])


def _one(texts: Texts, place: int, text: str) -> None:
    """A single cell: by its heading's place while the texts begin, later by which text is unfinished."""
    goal_home, narrative_home = texts.homes.get("goal"), texts.homes.get("narrative")
    if not texts.goal and not texts.narrative:
        far = narrative_home is not None and place >= narrative_home
        if goal_home is None or (far and place > (goal_home or 0)):
            texts.narrative.append(text)
        else:
            texts.goal.append(text)
        return
    if not texts.narrative and (narrative_home is None or place < narrative_home):
        # The narrative has not begun: the goal's cell holds line ends.
        texts.goal.append(text)
        return
    goal_goes_on = _unfinished(texts.goal) and texts.narrative and not _unfinished(texts.narrative)
    longer = sum(map(len, texts.narrative)) >= sum(map(len, texts.goal))
    (texts.goal if goal_goes_on and not longer else texts.narrative).append(text)


def _unfinished(pieces: Sequence[str]) -> bool:
    return bool(pieces) and not pieces[-1].rstrip().endswith(_ENDS)


def _is_label(cell: str, beside: bool, words: Headings) -> bool:
    """The label beside the texts (年度总体目标, or a torn piece of it)."""
    known = key(cell)
    if not known or len(known) > 10:
        return False
    return known in words.texts or (beside and any(known in name for name in words.texts))


def joined(pieces: Sequence[str]) -> str | None:
    """The pieces as one text; nothing is put between them, except a blank between two Latin words."""
    text = ""
    for piece in pieces:
        if text and text[-1].isascii() and text[-1].isalpha() and piece[:1].isascii() and piece[:1].isalpha():
            text += " "
        text += piece
    return text if squeeze(text[:4096]) else None
