"""Made-up forms, and ways to print them: what reading has to invert.

A form is the JSON-like shape of `narrcheck parse`, with each cell as printed. `form(seed)` makes one up; the functions
of LAYOUTS print it as published text does: with spans lost, tabs lost or added, cells wrapped or torn over pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Row = dict[str, str]

_UNITS = ["次", "个", "人", "份", "场", "家", "%", "公里", "批次", "万元", "人次", "套", "项"]
_NAMES = [
    "社区食堂建设数", "老人助餐服务覆盖人数", "营养配餐培训", "食品安全抽检合格率", "配送及时率", "志愿者招募人数",
    "街道养老顾问点建设", "适老化改造户数", "护理员持证上岗率", "健康档案建档率", "应急呼叫响应时间",
    "巡防艇维护保养",
    "河道保洁长度", "水闸自动化改造工程量", "防汛物资储备品种", "堤防隐患排查整治完成率", "湿地修复面积",
    "鸟类监测点位数",
    "科普讲解场次", "林木抚育成活率", "病虫害防治及时率", "图斑核查准确率", "数据更新周期", "系统全年正常运行时间比例",
    "乡镇文化站设备更新", "非遗传承人授课次数", "演出惠民场次（含流动舞台车进村入户演出）", "古籍数字化扫描页数",
    "企业用工监测样本数", "职业技能培训补贴发放及时性", "高校毕业生就业见习岗位开发数量", "人均培训成本控制情况",
]  # fmt: skip
_EFFECTS = [
    "居民生活便利程度", "老年人居家安全水平", "行业管理规范化水平", "对周边生态环境的改善作用", "从业人员职业素养",
    "长效运行管理机制", "公众防灾意识", "区域公共服务均衡水平", "资源循环利用能力", "信息共享机制建设",
]  # fmt: skip
_WORDY = [
    "有效提升", "明显改善", "进一步完善", "健全", "按季度完成并报送", "显著",
    "12月底前全部完成", "建立长效机制并持续运行",
    "推动形成政府主导、社会参与、居民自治的服务格局，逐步扩大服务覆盖面", "符合相关技术规范要求", "持续增强",
    "每季度开展一次检查，发现问题及时整改到位",
]  # fmt: skip
_VERDICTS = ["达成指标", "达成年度指标", "部分达成指标并具有一定效果", "达成预期指标", "完成"]
_SENTENCES = [
    "已在6个街道建成服务点并投入使用，日均服务老人260余人次。",
    "完成设备招标采购和安装调试，系统已上线试运行，用户反馈良好。",
    "全年组织检查4次，整改问题17个", "建立了联席会议制度，出台管理办法1份，明确各方责任",
]  # fmt: skip
_NOTES = [
    "受汛期影响，部分工程顺延至次年一季度完成。下一步加强进度管理。", "需求调研不够充分，后续将完善项目前期论证。",
    "部分站点设备老化，维护周期较长", "实际参与人数超出预期，主要因增加了周末场次。",
]  # fmt: skip
_GOALS = [
    "完善社区养老服务网络，建成社区食堂6家，助餐服务覆盖老人3000人次以上；开展营养配餐培训8场；食品安全抽检合格率不低于98%。",
    "按计划完成水闸自动化改造和堤防隐患整治，储备防汛物资12类，确保安全度汛。持续改善河道水环境质量，保洁长度达到45公里。",
    "保障系统全年稳定运行。",
    "一是加强湿地保护修复，修复面积不少于200亩；二是布设监测点位15个，按月开展监测；三是举办科普讲解不少于20场，提高公众保护意识。",
]
_REPORTS = [
    "全年共建成社区食堂7家，累计服务老人3260人次，较好完成了年度任务。组织营养配餐培训8场，参训人员412人，抽检合格率达到99.2%。",
    "已完成水闸自动化改造3座，整治堤防隐患21处，储备物资13类。汛期无重大险情，河道保洁46.5公里，水质总体稳定。",
    "已完成。",
    "2023年修复湿地215亩，布设监测点位15个，全年开展监测12次，形成监测报告4份；举办科普讲解26场，受众超过3000人次，社会反响良好。",
]
_PROJECTS = ["社区养老服务体系建设", "防汛设施维护与河道保洁", "湿地保护和监测", "信息系统运行维护（二期）"]
_DEPARTMENTS = ["清河区民政局", "临江市水务局", "[205]自然资源局"]
_OFFICES = ["清河区社会福利服务指导中心", "临江市堤防管理处", "清河区民政局"]
_STRUCTURE = [
    ("产出指标", "数量指标", "count"), ("产出指标", "质量指标", "rate"), ("产出指标", "时效指标", "time"),
    ("产出指标", "成本指标", "cost"), ("效益指标", "经济效益指标", "effect"), ("效益指标", "社会效益指标", "effect"),
    ("效益指标", "生态效益指标", "effect"), ("效益指标", "可持续影响指标", "effect"),
    ("满意度指标", "服务对象满意度指标", "rate"),
]  # fmt: skip
HEADINGS = {
    "national": [
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ],
    "weight-first": [
        "一级指标",
        "二级指标",
        "三级指标",
        "权重",
        "全年目标值",
        "全年实际完成值",
        "自评得分",
        "未完成原因及改进措施",
    ],
}
_KINDS = {
    "national": ["level1", "level2", "name", "target", "actual", "weight", "score", "note"],
    "weight-first": ["level1", "level2", "name", "weight", "target", "actual", "score", "note"],
}
_FUNDS = ["initial", "adjusted", "executed", "weight", "rate", "score"]


@dataclass
class Form:
    """One made-up form: cells as printed."""

    year: int
    project: str
    department: str
    unit: str
    money_unit: str
    goal: str
    narrative: str
    funds: list[Row]
    rows: list[Row]
    total_weight: str
    total_score: str
    grade: str
    order: str = "national"

    @property
    def kinds(self) -> list[str]:
        return _KINDS[self.order]


def form(seed: int, order: str = "national") -> Form:
    """A form made up from `seed`: 4 to 24 rows whose weights and scores add up."""
    random = Random(seed)
    names = random.sample(_NAMES, len(_NAMES))
    effects = random.sample(_EFFECTS, len(_EFFECTS))
    system = random.random() < 0.5
    rows: list[Row] = []
    for level1, level2, sort in _STRUCTURE:
        if (sort in ("cost", "time") and random.random() < 0.4) or (
            level2[:2] in ("经济", "生态") and random.random() < 0.6
        ):
            continue
        for _ in range(random.randint(1, 6 if sort == "count" else 2)):
            pool = effects if sort == "effect" else names
            if pool:
                rows.append({"level1": level1, "level2": level2, "name": pool.pop(), **_values(random, sort, system)})
    weights = _weights(random, len(rows))
    total = 0.0
    for row, weight in zip(rows, weights, strict=True):
        lost = random.choice([0, 0, 0, 0.5, 1]) if weight > 1 else 0
        score = weight - lost
        total += score
        row["weight"] = f"{weight:.2f}" if system else f"{weight:g}"
        row["score"] = f"{score:.2f}" if system else f"{score:g}"
        row["note"] = random.choice(_NOTES) if lost and random.random() < 0.7 else ""
    number = random.randrange(len(_GOALS))
    year = random.randint(2020, 2025)
    funds, funds_score = _funds(random, system)
    total += funds_score
    return Form(
        year, random.choice(_PROJECTS), random.choice(_DEPARTMENTS), random.choice(_OFFICES),
        random.choice(["万元", "元"]),
        _GOALS[number], _REPORTS[number], funds, rows, "100.00" if system else "100",
        f"{total:.2f}" if system else f"{total:g}", "优" if total >= 90 else "良", order,
    )  # fmt: skip


def _values(random: Random, sort: str, system: bool) -> Row:
    unit = "%" if sort == "rate" else random.choice(_UNITS)
    if sort == "effect" or (sort == "time" and random.random() < 0.6):
        actual = random.choice(_VERDICTS) if random.random() < 0.8 else random.choice(_SENTENCES)
        return {"target": random.choice(_WORDY), "actual": actual}
    value = random.choice([90, 95, 98, 100]) if unit == "%" else random.choice([1, 2, 4, 12, 60, 200, 1500, 12000])
    reached = value if random.random() < 0.5 else round(value * random.uniform(0.8, 1.4), 1 if unit == "%" else 0)
    sign = random.choice("≥≥=≤>")
    if system:
        return {"target": f"{sign}{value:.2f}({unit})", "actual": f"{reached:.2f}({unit})"}
    return {
        "target": f"{sign}{value}{unit}",
        "actual": f"{reached:g}{unit}" if random.random() < 0.85 else "达成年度指标",
    }


def _weights(random: Random, count: int) -> list[float]:
    weights = [1.0] * count
    for _ in range(90 - count):
        weights[random.randrange(count)] += 1
    return weights


def _funds(random: Random, system: bool) -> tuple[list[Row], float]:
    adjusted = random.randint(10000, 900000) / 100
    executed = round(adjusted * random.uniform(0.5, 1), 2)
    rate = round(executed / adjusted * 100, 2)
    score = round(rate / 10, 2)
    percent = "" if system else "%"
    dash = "-" if system else "—"
    weight = "10.00" if system else "10"
    rows = [{"label": "年度资金总额", "initial": f"{adjusted:.2f}", "adjusted": f"{adjusted:.2f}",
             "executed": f"{executed:.2f}", "weight": weight, "rate": f"{rate:.2f}{percent}",
             "score": f"{score:.2f}"}]  # fmt: skip
    rows.append({**rows[0], "label": "其中：当年财政拨款", "weight": dash, "score": dash})
    for label in ("上年结转资金", "其他资金"):
        rows.append({"label": label, "initial": "0.00", "adjusted": "0.00", "executed": "0.00", "weight": dash,
                     "rate": f"0.00{percent}" if system else dash, "score": dash})  # fmt: skip
    return rows, score


# --- printing ---------------------------------------------------------------------------------------------------


def _head(form: Form) -> list[list[str]]:
    title = "财政项目支出绩效自评表"
    return [
        [title],
        [f"（{form.year}年度）"],
        ["项目名称", "", form.project, "", "", "", "", ""],
        ["主管部门", "", form.department, "", "实施单位", "", form.unit, ""],
        [f"项目资金（{form.money_unit}）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        *(["", row["label"], *(row[name] for name in _FUNDS)] for row in form.funds),
        ["年度总体目标", "预期目标", "", "", "实际完成情况", "", "", ""],
        ["", form.goal, "", "", form.narrative, "", "", ""],
    ]


def _body(form: Form) -> list[list[str]]:
    rows = []
    last: tuple[str, str] = ("", "")
    for row in form.rows:
        level1 = row["level1"] if row["level1"] != last[0] else ""
        level2 = row["level2"] if (row["level1"], row["level2"]) != last else ""
        last = (row["level1"], row["level2"])
        rows.append([{**row, "level1": level1, "level2": level2}[kind] for kind in form.kinds])
    return rows


def _tail(form: Form) -> list[list[str]]:
    place = form.kinds.index("weight")
    other = form.kinds.index("score")
    total = ["总分", *[""] * 7]
    total[place], total[other] = form.total_weight, form.total_score
    return [total, ["评分等级", "", form.grade, *[""] * 5]]


def _tabbed(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows) + "\n"


def tabular(form: Form, random: Random) -> str:
    """Tab-separated, spans blank."""
    return _tabbed([*_head(form), HEADINGS[form.order], *_body(form), *_tail(form)])


def shifted(form: Form, random: Random) -> str:
    """Tab-separated; some rows lost a leading tab or gained one, the headings have an empty column in between."""
    rows = _body(form)
    for row in rows:
        chance = random.random()
        if chance < 0.25 and not row[0]:
            del row[0]
            row.append("")
        elif chance < 0.35:
            row.insert(0, "")
        elif chance < 0.5:
            row.extend([""] * random.randint(1, 2))
    headings = list(HEADINGS[form.order])
    if random.random() < 0.5:
        headings.insert(3, "")
        for row in rows:
            if random.random() < 0.7:
                row.insert(3 if len(row) < 9 else 4, "")
    return _tabbed([*_head(form), headings, *rows, *_tail(form)])


def torn(form: Form, random: Random) -> str:
    """Tab-separated with a page end inside the table: headings repeated or not, one long cell torn over the pages."""
    rows = _body(form)
    at = random.randrange(1, len(rows))
    page = rows[at:]
    repeat = random.random() < 0.5
    if random.random() < 0.5:
        # The spans' labels stand again on the new page, as the printed form has them.
        page[0][0], page[0][1] = form.rows[at]["level1"], form.rows[at]["level2"]
    above = rows[:at]
    columns = [
        place for place, kind in enumerate(form.kinds) if kind in ("target", "actual") and len(above[-1][place]) > 8
    ]
    if columns and form.rows[at - 1]["target"][0] not in "≥≤=<>":
        place = columns[-1]
        cell = above[-1][place]
        cut = random.randrange(3, len(cell) - 2)
        piece = [""] * 8
        piece[place] = cell[cut:]
        above[-1][place] = cell[:cut]
        page.insert(0, piece)
    broken = _tabbed([*_head(form), HEADINGS[form.order], *above]) + "\n"
    if repeat:
        broken += _tabbed([HEADINGS[form.order]])
    return broken + _tabbed([*page, *_tail(form)])


def markdown(form: Form, random: Random) -> str:
    """A Markdown heading and table."""
    head = _head(form)
    table = [*head[2:], HEADINGS[form.order], *_body(form), *_tail(form)]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in (row + [""] * 8)[:8]) + " |" for row in table]
    return f"# {head[0][0]}\n\n{head[1][0]}\n\n{lines[0]}\n|{' --- |' * 8}\n" + "\n".join(lines[1:]) + "\n"


def fragments(form: Form, random: Random) -> str:
    """Tab-separated with HTML left inside the cells."""
    rows = _head(form)
    rows[-1] = [f"<p>{cell.replace('；', '；</p> <p>')}</p>" if cell else "" for cell in rows[-1]]
    tail = _tail(form)
    tail[0][0], tail[1][0] = "<b>总分</b>", "<b>评分等级</b>"
    return _tabbed([*rows, HEADINGS[form.order], *_body(form), *tail]).replace("&", "&amp;")


def html_table(form: Form, random: Random) -> str:
    """An HTML table with merged level cells."""
    lines = [f"<h2>财政项目支出绩效自评表</h2><p>（{form.year}年度）</p><table>"]
    for row in [*_head(form)[2:], HEADINGS[form.order]]:
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>")
    for number, row in enumerate(form.rows):
        cells = []
        for kind in form.kinds:
            span = ""
            if kind in ("level1", "level2"):
                same = [
                    tuple(other[name] for name in ("level1", "level2")[: 2 if kind == "level2" else 1])
                    for other in form.rows
                ]
                if number and same[number - 1] == same[number]:
                    continue
                count = 1
                while number + count < len(same) and same[number + count] == same[number]:
                    count += 1
                span = f' rowspan="{count}"' if count > 1 else ""
            cells.append(f"<td{span}><p>{row[kind]}</p></td>")
        lines.append("<tr>" + "".join(cells) + "</tr>")
    lines += ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in _tail(form)]
    return "\n".join([*lines, "</table>"]) + "\n"


def cell_a_line(form: Form, random: Random) -> str:
    """Each filled cell on a line of its own, as a word processor saves a table as text."""
    rows = [*_head(form), HEADINGS[form.order], *_body(form), *_tail(form)]
    return "\n".join(cell for row in rows for cell in row if cell) + "\n"


def lines(form: Form, random: Random) -> str:
    """Cells wrapped to narrow columns; cells of one line stand in one line, wrapped ones in lines of their own."""
    widths = {"level1": 2, "level2": random.choice([2, 3]), "name": random.randint(9, 15),
              "target": random.randint(6, 9), "actual": random.randint(6, 9),
              "weight": 8, "score": 8, "note": random.randint(7, 11)}  # fmt: skip
    out: list[str] = ["财政项目支出绩效自评表", f"（{form.year}年度）", f"项目名称 {form.project}"]
    out += _paragraph([("主管部门", 20), (form.department, 20), ("实施单位", 20), (form.unit, 14)])
    out += ["项目资金", f"（{form.money_unit}）", "年初预算数 全年预算数 全年执行数 分值 执行率 得分"]
    for row in form.funds:
        out += _paragraph([(row["label"], 8), *((row[name], 20) for name in _FUNDS)])
    out += ["年度", "总体", "目标", "预期目标 实际完成情况"]
    out += _paragraph([(form.goal, 25), (form.narrative, random.choice([25, 20]))])
    out += _paragraph([(heading, {"level1": 2, "level2": 2, "note": 6}.get(kind, 9)) for heading, kind in
                       zip(HEADINGS[form.order], form.kinds, strict=True)])  # fmt: skip
    for row in _body(form):
        out += _paragraph([(cell, widths[kind]) for cell, kind in zip(row, form.kinds, strict=True) if cell])
    out += [f"总分 {form.total_weight} {form.total_score}", f"评分等级 {form.grade}"]
    return "\n\n".join(out) + "\n"


def wrapped(cell: str, width: int) -> list[str]:
    """The cell in lines of `width` Chinese characters, two ASCII ones counting as one; no line opens with a stop."""
    lines, line, used = [], "", 0.0
    for index, char in enumerate(cell):
        step = 0.5 if char.isascii() else 1.0
        stays = char in "，。、；：）”%)" or (char.isascii() and index and cell[index - 1].isascii())
        if used + step > width and not stays:
            lines.append(line)
            line, used = "", 0.0
        line += char
        used += step
    return [*lines, line]


def _paragraph(cells: list[tuple[str, int]]) -> list[str]:
    """The printed lines of a row: runs of unwrapped cells share a line."""
    out: list[str] = []
    run: list[str] = []
    for cell, width in cells:
        parts = wrapped(cell, width)
        if len(parts) == 1:
            run.append(cell)
            continue
        if run:
            out.append(" ".join(run))
            run = []
        out += parts
    return [*out, " ".join(run)] if run else out


LAYOUTS: dict[str, Callable[[Form, Random], str]] = {
    "tabular": tabular, "shifted": shifted, "torn": torn, "markdown": markdown, "fragments": fragments,
    "html_table": html_table, "cell_a_line": cell_a_line, "lines": lines,
}  # fmt: skip
