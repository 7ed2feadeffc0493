"""Writes docs/quality.md, eval/baseline.json and eval/planted.json from the fixtures: `make quality`; --check only
compares the page.

Every part of the page is a function of its own, and what it prints is what the command named in it prints. The part
about planted faults is made from eval/planted.json, which holds what became of them filing by filing.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from narrcheck.catalogue import message
from narrcheck.evaluation.ablate import ablated, cells, heads
from narrcheck.evaluation.across import score_across
from narrcheck.evaluation.fixtures import Folder, find_folders
from narrcheck.evaluation.perturb.faults import FAULTS
from narrcheck.evaluation.perturb.measure import Share, families, measure
from narrcheck.evaluation.perturb.rewrites import rewrites
from narrcheck.evaluation.perturb.subjects import subjects
from narrcheck.evaluation.report.figures import breakdowns, layers, rules
from narrcheck.evaluation.report.text import markdown_table
from narrcheck.evaluation.result import Result
from narrcheck.evaluation.run import evaluate, summed
from narrcheck.evaluation.systems import Live
from narrcheck.reports.markdown import table
from narrcheck.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGE, BASELINE = ROOT / "docs" / "quality.md", ROOT / "eval" / "baseline.json"
PLANTED = ROOT / "eval" / "planted.json"
FIXTURES, BATCHES = ROOT / "eval" / "fixtures", ROOT / "eval" / "batches"
SEED, EACH = 0, 1
LANG = "zh"
SETTINGS = Settings()
Record = dict[str, dict[str, dict[str, list[bool]]]]
"""What became of planted faults and rewrites, by filing, family and kind: whether each came out well."""

HEAD = """# 核对质量

本页由 `make quality` 生成；其中每个数都可以用所列命令重现。样本是虚构的自评表，见
[eval/README.md](../eval/README.md)。程序的毛病有不少正是靠它们找出来改掉的，所以下面的数是回归的尺子，不是对没见过的自评表的
估计。都在不用语言模型时测得；提示词的好坏没有测过。

怎样评测自己的样本、怎样比较两个版本，见 [评测](evaluation.md)。
"""


def whole() -> Result:
    """The evaluation of all fixtures, and of the folders for the rules across filings: what the baseline holds."""
    folders = find_folders([FIXTURES, BATCHES])
    found = evaluate(folders, Live(SETTINGS), resample=False)
    across = [one for folder in folders for one in score_across(folder, SETTINGS)]
    return summed([*found.filings, *across], found.folders).model_copy(update={"system": found.system})


def fixtures_part(folders: Sequence[Folder]) -> Iterator[str]:
    """How many fixtures there are, by sector, layout and format."""
    fixtures = [fixture for folder in folders for fixture in folder.fixtures]
    yield from ("## 样本", "")
    formats = Counter(file.suffix.lstrip(".") for fixture in fixtures for file in fixture.files)
    told = "、".join(f"{name} {count}" for name, count in sorted(formats.items()))
    yield from (f"`eval/fixtures` 有 {len(fixtures)} 份自评表，{sum(formats.values())} 个文件（{told}）。", "")
    for key, title in (("sector", "领域"), ("layout", "版式")):
        counts = Counter(str(getattr(fixture.labels, key)) for fixture in fixtures)
        rows = [(name, str(count)) for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
        yield from (*table([title, "份数"], rows), "")


def layers_part(result: Result) -> Iterator[str]:
    """The layers and rules of single filings."""
    yield from ("## 各层和各条规则", "", "`narrcheck eval run eval/fixtures`", "")
    yield from markdown_table(layers(result, LANG, intervals=True))
    yield from markdown_table(rules(result, LANG, intervals=True))
    for one in breakdowns(result, LANG):
        yield from markdown_table(one)


def across_part(result: Result) -> Iterator[str]:
    """The rules across filings."""
    folders = len(result.filings)
    yield from ("## 跨自评表的规则", "", f"`narrcheck eval run eval/batches`（{folders} 个文件夹）", "")
    yield from markdown_table(layers(result, LANG, intervals=True))
    yield from markdown_table(rules(result, LANG, intervals=True))


def planted_part(record: Record) -> Iterator[str]:
    """Planted faults and harmless rewrites."""
    yield from ("## 植入的差错和无害的改写", "", f"`narrcheck eval perturb eval/fixtures/*.txt --each {EACH}`", "")
    for what, shares in (("family", by_family(record)), ("kind", by_kind(record))):
        columns = (what, "filings", "made", "good", "share")
        titles = [message(f"perturb.column.{column}", LANG) for column in columns]
        yield from (*table(titles, [_share(f"perturb.{what}.{name}", one) for name, one in shares.items()]), "")


def _share(key: str, one: Share) -> list[str]:
    return [message(key, LANG), str(one.filings), str(one.made), str(one.good), f"{one.share:.3f}"]


def ablations_part(folders: Sequence[Folder]) -> Iterator[str]:
    """What each part is worth."""
    yield from ("## 各个组成部分值多少", "", "`narrcheck eval ablate eval/fixtures --suffix .txt`", "")
    yield from (message("ablate.explained", LANG), "")
    yield from table(heads(LANG), list(cells(ablated(folders, SETTINGS), LANG)))


def planted(paths: Sequence[Path]) -> Record:
    """What became of all kinds planted in these filings."""
    found, problems = subjects([str(path) for path in paths], SETTINGS)
    assert not problems
    kinds, trouble = rewrites(ROOT / "eval" / "rewrites.toml")
    assert trouble is None
    record: Record = {}
    for one in measure(found, SETTINGS, families(kinds), each=EACH, seed=SEED):
        kinds_of = record.setdefault(one.filing, {}).setdefault(one.family, {})
        kinds_of.setdefault(one.variant.kind, []).append(one.good)
    return record


def recorded() -> Record:
    """What became of all that was planted when the record was written."""
    found: Record = json.loads(PLANTED.read_text("utf-8"))
    return found


def by_family(record: Record) -> dict[str, Share]:
    """The share of each family."""
    return _shares((family, filing, goods) for filing, known in record.items()
                   for family, kinds in known.items() for goods in kinds.values())  # fmt: skip


def by_kind(record: Record) -> dict[str, Share]:
    """The share of each kind, faults in the order of their families first."""
    shares = _shares((kind, filing, goods) for filing, known in record.items()
                     for kinds in known.values() for kind, goods in kinds.items())  # fmt: skip
    order = list(FAULTS)
    rank = {kind: order.index(kind) if kind in FAULTS else len(order) for kind in shares}
    return {kind: shares[kind] for kind in sorted(shares, key=rank.__getitem__)}


def _shares(counted: Iterable[tuple[str, str, list[bool]]]) -> dict[str, Share]:
    made: dict[str, list[bool]] = {}
    filings: dict[str, set[str]] = {}
    for name, filing, goods in counted:
        made.setdefault(name, []).extend(goods)
        filings.setdefault(name, set()).add(filing)
    return {name: Share(len(goods), sum(goods), len(filings[name])) for name, goods in made.items()}


def across() -> Result:
    """The evaluation of the folders for the rules across filings."""
    folders = find_folders([BATCHES])
    return summed([one for folder in folders for one in score_across(folder, SETTINGS)], [BATCHES.name])


PARTS = {
    "fixtures": lambda: fixtures_part(find_folders([FIXTURES])),
    "layers": lambda: layers_part(evaluate(find_folders([FIXTURES]), Live(SETTINGS))),
    "across": lambda: across_part(across()),
    "planted": lambda: planted_part(recorded()),
    "ablations": lambda: ablations_part(find_folders([FIXTURES], ".txt")),
}
"""The parts of the page in order, each the lines it has."""


def part(name: str) -> str:
    """One part of the page."""
    return "\n".join(PARTS[name]()).strip() + "\n"


def main(arguments: list[str]) -> int:
    """Exit code 1 where --check finds another page than is measured now."""
    checking = "--check" in arguments
    record = planted(sorted(FIXTURES.glob("*.txt")))
    same = PLANTED.is_file() and record == recorded()
    if not checking:
        lines = (f"{json.dumps(filing)}: {json.dumps(known)}" for filing, known in record.items())
        PLANTED.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8", newline="\n")
    text = "\n".join([HEAD, *(part(name) for name in PARTS)])
    if checking:
        if same and PAGE.read_text("utf-8") == text:
            return 0
        print(f"{PAGE} is not what is measured now: run make quality", file=sys.stderr)
        return 1
    PAGE.write_text(text, "utf-8", newline="\n")
    BASELINE.write_text(whole().to_json(), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
