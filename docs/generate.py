"""Writes docs/rules.md and docs/settings.md from the rules and settings themselves; --check only compares."""

import sys
from collections.abc import Iterator
from pathlib import Path

from narrcheck.catalogue import message
from narrcheck.commands.config import words_of
from narrcheck.commands.rules import settings_of
from narrcheck.data import load
from narrcheck.reports.rulebook import listing, page
from narrcheck.rules.registry import all_rules
from narrcheck.settings import SETTINGS

FOLDER = Path(__file__).parent
RULES = """# 规则目录

本页由 `make docs` 生成，与 `narrcheck rules 编号` 是同一份文字。示例是缩写的表格，一行一项，格子之间用竖线隔开：

- `row`：指标名称、年度指标值、实际完成值、分值、得分、偏差原因
- `funds`：资金来源、年初预算数、全年预算数、全年执行数、分值、执行率、得分
- `total`：总分值、总得分、评分等级
- `goal`、`narrative`：预期目标、实际完成情况
- X 类规则的示例含几份表，以 `---` 隔开；`project`、`unit`、`year`、`form` 说明是哪一份

| 编号 | 级别 | 名称 | 内容 |
| --- | --- | --- | --- |"""
SETTINGS_HEAD = """# 设置

本页的两张表由 `make docs` 从程序生成；`narrcheck config` 显示当前的取值和每一项的来源。

设置按这个顺序取值，后者优先：默认值、规则口径（profile）、设置文件、环境变量、命令行。

设置文件是 `--config` 指定的文件，否则是从当前文件夹向上找到的第一个 `narrcheck.toml`，或写有 `[tool.narrcheck]` 的
`pyproject.toml`。不认识的设置项、规则编号和口径都会被拒绝，并指出文件、行号和最接近的名称；此时什么也不核对，退出码
为 2。

## 全部设置

| 设置 | 默认值 | 环境变量 | 含义 |
| --- | --- | --- | --- |"""
PROFILES_HEAD = """
`limits.`、`reading.` 和 `llm.` 开头的设置在文件里分别写在 `[limits]`、`[reading]` 和 `[llm]` 表下；有 `[llm]` 表时，
`llm` 本身的取值写成表里的 `use`。比例写成小数（0.5 即 50%），差距以百分点计。语言模型的用法见 [语言模型](llm.md)。

## 规则口径

各地的限值、分档和公式不同，放在口径里。空格表示与 `national` 相同。设置文件可以用 `[profiles.名称]` 增加自己的口径，
可写的项目与 `[limits]` 相同。
"""
SETTINGS_TAIL = """
## 豁免

核实过、不必再报的发现写成 `[[waiver]]`。用发现的编号 `id`，或用规则 `rule` 加项目 `project` 和指标行 `row`；
`who`（谁）和 `why`（为什么）必填，`until` 是最后有效的一天：

```toml
[[waiver]]
id = "0a1b2c3d4e5f"
who = "李审核"
why = "已电话核实"

[[waiver]]
rule = "S06"
project = "公共图书馆服务提升与全民阅读"
row = "新增馆藏图书"
who = "李审核"
why = "采购合同跨年执行"
until = "2026-12-31"
```

豁免的发现不计入退出码，仍列在报告的“已豁免”之下；没有用到的豁免列为“未用到的豁免”。

## 补充栏目名称

各地表格的栏目名称不同。程序认得的名称在 `narrcheck/data/headings.toml`；`headings` 指定的文件用同样的表补充自己的名称：

```toml
headings = "our-headings.toml"
```
"""


def rules_page() -> str:
    """docs/rules.md."""
    rules = all_rules()
    lines = [RULES]
    for code, severity, name, statement in listing(rules, "zh"):
        lines.append(f"| [{code}](#{code.lower()}-{name}) | {severity} | {name} | {statement} |")
    return "\n".join([*lines, "", *(page(rule, "zh", settings_of(rule)) for rule in rules)])


def settings_page() -> str:
    """docs/settings.md."""
    return "\n".join([SETTINGS_HEAD, *_settings(), PROFILES_HEAD, *_profiles(), SETTINGS_TAIL])


def _settings() -> Iterator[str]:
    for setting in SETTINGS:
        default, meaning = words_of(setting.default), message(setting.meaning, "zh")
        variable = "—" if setting.kind == "waivers" else f"`{setting.variable}`"
        yield f"| `{setting.name}` | {default} | {variable} | {meaning} |"


def _profiles() -> Iterator[str]:
    profiles = load("profiles.toml")
    yield f"| 限值 | {' | '.join(f'`{name}`' for name in profiles)} |"
    yield f"| --- |{' --- |' * len(profiles)}"
    for limit in profiles["national"]:
        figures = " | ".join(str(profile.get(limit, "")) for profile in profiles.values())
        yield f"| `{limit}` | {figures} |"


def main(arguments: list[str]) -> int:
    """Exit code 1 where --check finds another text than the program gives."""
    pages = {FOLDER / "rules.md": rules_page(), FOLDER / "settings.md": settings_page()}
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path} is not what the program says now: run make docs", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(pages[path], "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
