"""A made-up form printed line by line over two pages, as text taken from a printed page: the hardest layout to invert.

Columns have the widths of the printed form, cells are wrapped to them, cells of one line share a line, and a page end
may part a row: then each of its wrapped cells goes on below, without the cells that stand whole above.
"""

from random import Random

from layouts import HEADINGS, Form, _body, _head, _paragraph, wrapped

NUMBERED = [
    "组建不少于3支巡护小队，每支不少于12人", "受理后7个工作日内反馈处理结果", "在2024年11月30日前完成全部任务",
    "不少于20场，其中进校园8场，覆盖6个街道", "每季度开展1次检查，发现问题15日内整改到位",
    "完成2期培训，人均不低于16学时",
    "完善部门协同、社会监督、居民自治的共治机制", "扩大服务覆盖面，提升服务可及性和均等化水平",
]  # fmt: skip
_TEXTS = ("name", "target", "actual", "note")


def with_numbers(form: Form, random: Random) -> Form:
    """The form with numbers in the targets written in words."""
    for row in form.rows:
        if row["actual"] in ("达成指标", "达成年度指标", "达成预期指标") and row["target"][0] not in "≥=≤>":
            row["target"] = random.choice(NUMBERED)
    return form


def printed(form: Form, random: Random, tear: bool = True) -> str:
    """The form's lines; with `tear`, a page ends inside a row that has a wrapped cell, or between rows."""
    widths = {"level1": 2, "level2": 3, "name": random.randint(12, 15), "target": random.randint(5, 7),
              "actual": random.randint(7, 8), "weight": 8, "score": 8, "note": random.randint(7, 9)}  # fmt: skip
    out: list[tuple[int, str]] = []

    def put(lines: list[str]) -> None:
        for line in lines:
            # Digits have a font of their own: the line below them stands closer.
            close = out and any(char.isdigit() for char in out[-1][1]) and line[0] not in "0123456789≥≤="
            out.append((0 if close and random.random() < 0.3 else 1, line))

    put(["财政项目支出绩效自评表", f"（{form.year}年度）"])
    for row in _head(form)[2:-2]:
        put(_paragraph([(cell, 24) for cell in row if cell]))
    put(["年度", "总体", "目标", "预期目标 实际完成情况"])
    put(_paragraph([(form.goal, 25), (form.narrative, 25)]))
    put(_paragraph([(h, {"level1": 2, "level2": 2, "note": 6}.get(k, 9)) for h, k in
                    zip(HEADINGS[form.order], form.kinds, strict=True)]))  # fmt: skip
    torn = random.randrange(1, len(form.rows)) if tear else -1
    for number, row in enumerate(_body(form)):
        cells = [(kind, cell) for kind, cell in zip(form.kinds, row, strict=True) if cell]
        if number == torn:
            cut = random.randint(1, 3)
            upper, lower = _cut(cells, widths, cut)
            put(upper)
            out.extend((3 if not index else 1, line) for index, line in enumerate(lower))
            if not lower:
                out.append((2, ""))
        else:
            put(_paragraph([(_spaced(cell, random) if kind in _TEXTS else cell, widths[kind]) for kind, cell in cells]))
    put([f"总分 {form.total_weight} {form.total_score}", f"评分等级 {form.grade}"])
    return "".join("\n" * (gap + 1 if index else 0) + line for index, (gap, line) in enumerate(out)) + "\n"


def _spaced(cell: str, random: Random) -> str:
    """Words with a blank where Chinese and digits meet, as some programs print them."""
    if cell[0] in "≥≤=>0123456789" or random.random() < 0.7:
        return cell
    return "".join(
        " " + char if char.isdigit() and index and not cell[index - 1].isascii() else char
        for index, char in enumerate(cell)
    )


def _cut(cells: list[tuple[str, str]], widths: dict[str, int], cut: int) -> tuple[list[str], list[str]]:
    """The lines of a row above and below a page end behind line `cut` of its wrapped cells."""
    above: list[tuple[str, int]] = []
    lower: list[str] = []
    for kind, cell in cells:
        lines = wrapped(cell, widths[kind])
        if kind in _TEXTS and len(lines) > cut:
            above.append(("".join(lines[:cut]), widths[kind]))
            lower += lines[cut:]
        else:
            above.append((cell, widths[kind]))
    return _paragraph(above), lower
