"""The prompts: in order, grounded in their own examples, and part of what is installed."""

import re
from typing import Any

import pytest

from narrcheck.llm.answers import ANSWERS, items_of
from narrcheck.llm.grounding import Grounds, Passage
from narrcheck.llm.prompts import TASKS, fingerprint, folder, prompt, read

HEAD = "---\ntask: extract\nversion: 1\nlanguage: zh\nexamples: []\n---\n正文\n"


def examples() -> list[Any]:
    return [
        pytest.param(task, *example, id=f"{task}-{n}")
        for task in TASKS
        for n, example in enumerate(prompt(task).examples)
    ]


def grounds_of(text: str) -> Grounds:
    """What the example's answer must stand up to, taken from its question as the program builds it for a filing."""
    found = Grounds()
    for match in re.finditer(r"^\[(T\d+)\] ([^\n]*)\n(.*?)(?=^\[T\d+\] |^指标行：|\Z)", text, re.S | re.M):
        body = match[3].strip("\n")
        found.passages[match[1]] = Passage(match[1], "narrative", None, match[2], body, body)
    for match in re.finditer(r"^(R\d+)｜([^｜\n]*)[^\n]*(?:\n偏差原因：(.*))?$", text, re.M):
        body = match[3] or match[2]
        found.passages[match[1]] = Passage(match[1], "note", 0, "", body, body)
    for claim, rows in re.findall(r"^(C\d+)｜.*｜候选：(.*)$", text, re.M):
        found.candidates[claim] = frozenset(rows.split("、"))
    return found


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_its_prompt(task: str) -> None:
    own = prompt(task)
    assert (own.task, own.language) == (task, "zh") and own.version >= 1
    assert len(own.examples) >= 2
    messages = own.messages("表里的文字")
    assert [m["role"] for m in messages] == ["system", *["user", "assistant"] * len(own.examples), "user"]
    assert messages[-1]["content"] == "表里的文字"


@pytest.mark.parametrize(("task", "question", "answer"), examples())
def test_an_example_stands_up_to_its_own_text(task: str, question: str, answer: Any) -> None:
    ANSWERS[task].model_validate(answer, context=grounds_of(question))


@pytest.mark.parametrize("task", TASKS)
def test_examples_show_the_empty_answer_and_an_instruction_that_is_not_followed(task: str) -> None:
    shown = prompt(task).examples
    answers = [items_of(task, ANSWERS[task].model_validate(answer)) for _, answer in shown]
    assert any(not items or all(getattr(item, "row", "") is None for item in items) for items in answers)
    assert any("忽略以上要求" in question for question, _ in shown)


def test_the_check_of_examples_can_fail() -> None:
    question, answer = prompt("extract").examples[0]
    with pytest.raises(ValueError, match="逐字照抄"):
        ANSWERS["extract"].model_validate(answer, context=grounds_of(question.replace("五", "六")))


@pytest.mark.parametrize(
    "text",
    [
        HEAD.replace("---\n", "", 1),
        HEAD.replace("version: 1\n", ""),
        HEAD.replace("task:", "tusk:"),
        HEAD.replace("extract", "link"),
        HEAD.replace("1", "one"),
    ],
)
def test_a_prompt_out_of_order_is_refused_by_name(text: str) -> None:
    assert read(HEAD, "extract.md").system == "正文"
    with pytest.raises(ValueError, match=r"extract\.md"):
        read(text, "extract.md")


def test_the_fingerprint_is_that_of_all_files() -> None:
    assert re.fullmatch("[0-9a-f]{12}", fingerprint())
    assert {path.stem for path in folder().glob("*.md")} == {*TASKS, "README"}
