"""Lists that a text counts: 在城东、城西、城南三个片区; 三类对象：儿童、老人、残疾人。"""

import re
from dataclasses import dataclass
from functools import lru_cache

from narrcheck.data import load
from narrcheck.filing import Claim

# Units that count listed things; 次, 场, 期 count events, which a list of places or subjects does not number.
COUNTS_THINGS = frozenset(
    ["个", "项", "类", "种", "家", "所", "座", "条", "处", "支", "大", "名", "位", "笔", "部", "款", "本", "方面"]
)
_MOST_ITEMS = 10
# Marks that end a list; texts are flat, so only half-width commas and brackets occur.
_END = r",。;:()"
_BEFORE = re.compile(rf"(?:^|[{_END}])([^{_END}\d]*、[^{_END}\d]*)$")
# Items are told apart by 、 or by the quotation marks around them.
_BETWEEN = r"(?:、|(?<=[”》])(?=[“《]))"


@lru_cache(maxsize=1)
def _after() -> re.Pattern[str]:
    """A list that follows its count, behind a colon, a bracket or a word that announces it."""
    opening = "|".join(map(re.escape, load("wording.toml")["list_opens"]))
    return re.compile(rf"^[^{_END}\d]{{0,12}}(?:[:(]|,?(?:{opening}))([^。;)]*{_BETWEEN}[^。;)]*)")


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words that join two items, and words that leave a list open."""
    joins, leaves_open = (load("wording.toml")[name] for name in ("list_and", "list_open"))
    return re.compile("|".join(map(re.escape, joins))), re.compile("|".join(map(re.escape, leaves_open)))


@dataclass(frozen=True, slots=True)
class Counted:
    """A list in a text: where it stands, and the fewest and most items it can be read as (和 may join or separate)."""

    start: int
    end: int
    fewest: int
    most: int


def listed_items(text: str, claim: Claim, start: int, end: int) -> Counted | None:
    """The closed list that the claim counts, directly before or after it; None where there is none for certain.

    `text` is flat; the claim's number stands at text[start:end].
    """
    if claim.unit not in COUNTS_THINGS or not 2 <= claim.value <= _MOST_ITEMS:
        return None
    after = text[end : end + 1]
    if "\u4e00" <= after <= "\u9fff":
        offset = max(start - 80, 0)
        before = _BEFORE.search(text[offset:start])
        if before:
            return _count(before.group(1), offset + before.start(1))
    following = _after().search(text[end : end + 200])
    if following and end + following.end(1) < len(text):
        return _count(_own_clauses(following.group(1)), end + following.start(1))
    return None


def open_list(words: str) -> bool:
    """Whether words say that they do not name all (等, 主要, 其余)."""
    return bool(_words()[1].search(words))


def _own_clauses(words: str) -> str:
    """The list alone: a clause after a comma belongs to it while it still lists (has 、) and counts nothing."""
    kept, *rest = re.split("(?=,)", words)
    for part in rest:
        if not re.search(_BETWEEN, part) or re.search(r"\d", part):
            break
        kept += part
    return kept


def _count(words: str, start: int) -> Counted | None:
    joins, leaves_open = _words()
    items = re.split(_BETWEEN, words)
    if leaves_open.search(words) or not all(item.strip() for item in items) or max(map(len, items)) > 30:
        return None
    joined = sum(len(joins.findall(item)) for item in items)
    commas = words.count(",")
    return Counted(start, start + len(words), len(items), len(items) + joined + commas)
