"""Closeness of wording, and the word lists behind it."""

import pytest

from narrcheck.data import load
from narrcheck.wording import Vocabulary, features, partly_done, phrase, planned, states_result


def test_no_word_stands_in_two_groups() -> None:
    groups = load("wording.toml")["groups"]
    words = [word for group in groups for word in group]
    assert len(words) == len(set(words))
    assert all(len(group) > 1 for group in groups)
    assert not set(words) & set(load("wording.toml")["generic"])


def test_no_word_stands_twice_in_a_list() -> None:
    for name, words in load("wording.toml").items():
        lines = [tuple(word) if isinstance(word, list) else word for word in words]
        assert len(lines) == len(set(lines)), name
        assert all(lines), name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("更换照明灯具", "照明灯具改造更新"),
        ("举办培训班", "组织轮训"),
        ("读者满意率", "读者满意度"),
        ("道路保洁", "道 路 保 洁"),
    ],
)
def test_synonyms_and_generic_words_do_not_separate(one: str, other: str) -> None:
    assert features(one) & features(other)


def test_rare_words_count_more_than_common_ones() -> None:
    rows = [phrase(name) for name in ("社区食堂补贴", "社区食堂新增", "社区食堂卫生检查", "适老化改造")]
    vocabulary = Vocabulary(rows)
    assert vocabulary.weight("适老") > vocabulary.weight("食堂") > 0


def test_coverage_is_whole_for_the_same_words_and_none_for_others() -> None:
    rows = [phrase("河道清淤长度"), phrase("堤防加固")]
    vocabulary = Vocabulary(rows)
    assert vocabulary.coverage(rows[0], features("完成河道清淤")) == pytest.approx(1.0)
    assert vocabulary.coverage(rows[0], features("图书采购")) == 0.0


@pytest.mark.parametrize("clause", ["实际完成17场", "全年组织巡讲36次", "已发放补贴120户"])
def test_a_result_is_told(clause: str) -> None:
    assert states_result(clause)


@pytest.mark.parametrize("clause", ["3次演练取消", "计划于明年完成12处", "比上年减少4起", "回收有效问卷80份"])
def test_plans_delays_and_surveys_are_no_results(clause: str) -> None:
    assert not states_result(clause)


def test_shares_of_a_task_are_told_from_rates() -> None:
    assert partly_done("完成了60%管网改造")
    assert not partly_done("验收合格率达到98%")
    assert not partly_done("完成投资同比增长12%")


def test_what_is_still_to_come() -> None:
    assert planned("拟于2025年完成验收")
    assert not planned("2025年完成验收")
