"""Word cutting: what our way of loading jieba's dictionary gives is what jieba gives."""

import logging
import subprocess
import sys

import pytest

from narrcheck.words import _Jieba, straddles, words

TEXTS = [
    "新建社区口袋公园二十六个",
    "乡村医生适宜技术推广班",
    "5G基站与OpenHarmony Lab合作",
    "南京市长江大桥",
    "",
    "\ud800培训\x00",
    "乒乓球拍卖完了",
]


def test_words_join_to_the_text() -> None:
    for text in TEXTS[:3]:
        assert "".join(words(text)) == text
    assert words("培训乡村医生") == ("培训", "乡村", "医生")
    assert len("".join(words("培训" * 5000))) == 2000


def test_the_same_words_as_jieba() -> None:
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    lean = _Jieba()
    assert lean._tokenizer.total == jieba.dt.total
    for text in TEXTS:
        assert list(lean.cut(text)) == list(jieba.cut(text))


@pytest.mark.parametrize("hide", ["rjieba", ""])
def test_nothing_on_standard_error_and_nothing_loaded_early(hide: str) -> None:
    code = (
        f"import sys; sys.modules.update({{{hide!r}: None}} if {hide!r} else {{}});"
        "import narrcheck.claims.offline, narrcheck.words as w;"
        "assert 'jieba' not in sys.modules; print(w.words('开展培训'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stderr == ""
    assert done.stdout.strip() == "('开展', '培训')"


def test_a_pair_across_the_border_of_two_words_is_no_word() -> None:
    assert straddles("召开大会议程审定", "会议")
    assert not straddles("召开会议", "会议")
    assert not straddles("召开大会，会议顺利", "会议")
