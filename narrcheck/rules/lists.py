"""Lists that a text counts: 在城东、城西、城南三个片区; 三类对象：儿童、老人、残疾人。"""

import re
from dataclasses import dataclass

from narrcheck.filing import Claim

# Units that count listed things; 次, 场, 期 count events, which a list of places or subjects does not number.
COUNTS_THINGS = frozenset(
    ["个", "项", "类", "种", "家", "所", "座", "条", "处", "支", "大", "名", "位", "笔", "部", "款", "本", "方面"]
)
_MOST_ITEMS = 10
_BEFORE = re.compile(r"(?:^|[，。；：:（(])([^，。；：:（()）\d]*、[^，。；：:（()）\d]*)$")
_AFTER = re.compile(
    r"^[^，。；：:（()）\d]{0,12}(?:[：:（(]|[，,]?(?:包括|分别为|分别是|即))([^。；）)]*、[^。；）)]*)"
)
_AND = re.compile("以及|[和及与]")
_OPEN = re.compile("等|其他|主要|……")


@dataclass(frozen=True, slots=True)
class Counted:
    """A list in a text: where it stands, and the fewest and most items it can be read as (和 may join or separate)."""

    start: int
    end: int
    fewest: int
    most: int


def listed_items(text: str, claim: Claim) -> Counted | None:
    """The closed list that the claim counts, directly before or after it; None where there is none for certain."""
    if claim.unit not in COUNTS_THINGS or not 2 <= claim.value <= _MOST_ITEMS:
        return None
    after = text[claim.number_end : claim.number_end + 1]
    if "\u4e00" <= after <= "\u9fff" and after not in "，。；":
        before = _BEFORE.search(text[max(claim.number_start - 80, 0) : claim.number_start])
        if before:
            offset = max(claim.number_start - 80, 0)
            return _count(before.group(1), offset + before.start(1))
    following = _AFTER.search(text[claim.number_end : claim.number_end + 200])
    if following and claim.number_end + following.end(1) < len(text):
        return _count(_own_clauses(following.group(1)), claim.number_end + following.start(1))
    return None


def _own_clauses(words: str) -> str:
    """The list alone: a clause after a comma belongs to it while it still lists (has 、) and counts nothing."""
    kept, *rest = re.split("(?=[，,])", words)
    for part in rest:
        if "、" not in part or re.search(r"\d", part):
            break
        kept += part
    return kept


def _count(words: str, start: int) -> Counted | None:
    items = re.split("[、]", words)
    if _OPEN.search(words) or not all(item.strip() for item in items) or max(map(len, items)) > 30:
        return None
    joined = sum(len(_AND.findall(item)) for item in items)
    commas = words.count("，") + words.count(",")
    return Counted(start, start + len(words), len(items), len(items) + joined + commas)
