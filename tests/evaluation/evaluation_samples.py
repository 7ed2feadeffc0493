"""Two evaluations of a library and a clinic, made up, with every number worked out by hand.

Before: of four labelled findings three are found (the clinic's missing answer is not), and the library has a false
alarm: precision, recall and F1 are 3/4. Now: the library's first finding is missed, its false alarm is gone, and the
clinic's missing answer is found: precision 3/3, recall 3/4, F1 6/7.
"""

from narrcheck.evaluation.intervals import grouped, pooled
from narrcheck.evaluation.result import Cost, Counts, FileResult, Item, Quote, Result, System, Verdict

CARDS = (Quote(field="narrative", quote="新办借书证1 260张"), Quote(field="actual", row="新办借书证", quote="1206张"))
HOSTILE = "<script>alert(1)</script> | `借书`"


def finding(name: str, verdict: Verdict, text: str = "", *quotes: Quote) -> Item:
    return Item(layer="findings", key=name[:3], verdict=verdict, name=name, text=text, quotes=list(quotes))


def fault(layer: str, name: str, verdict: Verdict) -> Item:
    key = {"modifiers": "claims.modifier", "reading": "parse.cells"}.get(layer, layer)
    return Item(layer=layer, key=key, verdict=verdict, name=name)


def counted(labels: int, found: int, reported: int, right: int) -> Counts:
    return Counts(labels=labels, found=found, reported=reported, right=right)


def file(name: str, findings: Counts | None = None, *items: Item, **counts: Counts) -> FileResult:
    known = counts if findings is None else {"findings": findings, **counts}
    stem = name.rpartition("/")[2].partition(".")[0]
    return FileResult(id=stem, file=name, counts=known, items=list(items), numbers=10, claims=8)


def evaluated(*filings: FileResult, **given: object) -> Result:
    figures = {key: counts.figure() for key, counts in pooled(grouped(filings)).items()}
    return Result(schema="narrcheck-eval/1", files=len(filings), filings=list(filings), figures=figures, **given)


OLD = evaluated(
    file(
        "library.txt",
        counted(2, 2, 3, 2),
        finding("N01|新办借书证|1206", "found", "写1260张，表中1206张", *CARDS),
        finding("S01|总分", "found"),
        finding("N08|narrative", "false", HOSTILE, Quote(field="narrative", quote="其中少儿证900张")),
    ),
    file(
        "clinic.txt", counted(2, 1, 1, 1), finding("N05|义诊", "missed", "义诊没有下文"), finding("S02|分值", "found")
    ),
    system=System(name="before", version="0.1"),
)
NEW = evaluated(
    file(
        "library.txt",
        counted(2, 1, 1, 1),
        finding("N01|新办借书证|1206", "missed", "写1260张，表中1206张", *CARDS),
        finding("S01|总分", "found"),
    ),
    file("clinic.txt", counted(2, 2, 2, 2), finding("N05|义诊", "found", "义诊没有下文"), finding("S02|分值", "found")),
    system=System(name="now", version="0.2"),
    recognised=0.8,
    false_alarms=0.0,
    cost=Cost(requests=1234, cached=5, sent=60000, received=4000, seconds=12.5, money="0.75", currency="元", unknown=2),
)
