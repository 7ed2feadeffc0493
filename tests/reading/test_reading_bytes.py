"""Bytes, files and folders: encodings, bad inputs with their codes, readings saved as JSON."""

import json
import os
from pathlib import Path

import pytest
from test_reading_forms import HEAD, PLAIN, ROWS, TAIL, rows

from narrcheck.catalogue import message
from narrcheck.filing import Filing, Problem, Skipped
from narrcheck.reading import ReadError, read_bytes
from narrcheck.reading.inputs import collect, read_paths
from narrcheck.reading.saved import filing_from_json

TEXT = HEAD + ROWS + TAIL


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    (filing,) = read_bytes(TEXT.replace("\n", end).encode(encoding), "a.txt")
    assert rows(filing) == PLAIN


def test_a_file_cut_inside_a_character() -> None:
    data = TEXT.encode()
    (filing,) = read_bytes(data[: data.rindex("优".encode()) + 1], "a.txt")
    assert rows(filing) == PLAIN


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_stray_byte_is_replaced_and_reported(encoding: str) -> None:
    first, rest = TEXT.encode(encoding).split("图书完好率".encode(encoding))
    (filing,) = read_bytes(first + "图书完好率".encode(encoding) + b"\xff" + rest, "a.txt")
    assert [row.name for row in filing.indicators][1] == "图书完好率\ufffd"
    assert [(doubt.field, doubt.row, doubt.reason) for doubt in filing.doubts] == [("name", 1, "doubt.spoilt")]
    assert rows(filing)[2:] == PLAIN[2:]


def test_an_unpaired_surrogate_is_replaced() -> None:
    (filing,) = read_bytes(TEXT.replace("126趟，", "126\ud83d趟，").encode("utf-8", "surrogatepass"), "a.txt")
    assert filing.narrative == "全年开行图书车126\ufffd趟，服务站点31个。"
    assert [doubt.reason for doubt in filing.doubts] == ["doubt.spoilt"]


def test_a_text_with_many_stray_bytes_is_refused() -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(TEXT.encode().replace(b"\t", b"\xff\xff\t"), "a.txt")
    assert caught.value.code == "undecodable"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"\xef\xbb\xbf", "empty-file"),
        (b" \n\t\n", "empty-file"),
        (b"\x00\x00\x00", "empty-file"),
        ("\u3000\u200b\n".encode(), "no-filing-found"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
        (bytes(range(256)) * 20, "not-text"),
        (b"\xff\xfe\xfd\xfc" * 3 + b"abc\x81", "no-filing-found"),
        (b'{"a": 1}', "no-filing-found"),
        (b"[1, 2", "no-filing-found"),
        (b"\x81" * 50 + b"\xff" * 31, "undecodable"),
    ],
)
def test_bad_input_has_a_code_and_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "x.txt")
    assert caught.value.code == code
    for lang in ("zh", "en"):
        assert "x.txt" in caught.value.explain(lang)


@pytest.mark.parametrize("mark", ["\u200f", "\u202e", "\x07", "\x00", "\ufeff"])
def test_marks_without_width_change_nothing(mark: str) -> None:
    text = (
        TEXT.replace("图书完好率", f"图书{mark}完好率")
        .replace("≥95%", f"{mark}≥95%")
        .replace("评分等级", f"{mark}评分等级")
    )
    (filing,) = read_bytes(text.encode(), "a.txt")
    assert rows(filing) == PLAIN
    assert filing.grade == "优"


def test_files_folders_and_standard_input(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.txt").write_text(TEXT, "utf-8")
    (tmp_path / "a.txt").write_text("诗一首", "utf-8")
    (tmp_path / ".hidden.txt").write_text(TEXT, "utf-8")
    (tmp_path / "empty").mkdir()
    found = list(read_paths([str(tmp_path), "-", str(tmp_path / "no.txt"), str(tmp_path / "a.txt")], TEXT.encode()))
    assert [type(item) for item in found] == [Skipped, Filing, Filing, Problem, Problem]
    assert [item.code for item in found if isinstance(item, Problem)] == ["path-not-found", "no-filing-found"]
    assert [item.source.path for item in found if isinstance(item, Filing)] == [str(tmp_path / "b" / "2.txt"), "-"]
    (nothing,) = read_paths([str(tmp_path / "empty")], lang="en")
    assert isinstance(nothing, Problem)
    assert (nothing.code, "holds no filing" in nothing.message) == ("no-filing-in-folder", True)
    assert [item.named for item in collect([str(tmp_path), "-"])] == [False, False, True]


def test_a_reading_beside_its_file_is_not_read_twice(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "a.parse.json").write_text(json.dumps(SAVED), "utf-8")
    (tmp_path / "b.parse.json").write_text(json.dumps(SAVED), "utf-8")
    skipped, first, second = read_paths([str(tmp_path)])
    assert isinstance(skipped, Skipped)
    assert isinstance(first, Filing)
    assert isinstance(second, Filing)
    (named,) = read_paths([str(tmp_path / "a.parse.json")])
    assert isinstance(named, Filing)


def test_odd_paths(tmp_path: Path) -> None:
    (problem,) = read_paths(["a\x00b"])
    assert isinstance(problem, Problem)
    assert problem.code == "path-not-found"
    name = os.fsencode(tmp_path) + b"/\xc3\x28.txt"
    try:
        Path(os.fsdecode(name)).write_bytes(TEXT.encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (filing,) = read_paths([str(tmp_path)])
    assert isinstance(filing, Filing)
    filing.source.path.encode()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_file_without_permission(tmp_path: Path) -> None:
    locked = tmp_path / "a.txt"
    locked.write_text(TEXT, "utf-8")
    locked.chmod(0)
    (problem,) = read_paths([str(locked)])
    assert isinstance(problem, Problem)
    assert problem.code == "cannot-read"


SAVED = {
    "form": "self_evaluation", "year": 2023, "project": "流动图书车运行", "money_unit": "万元",
    "narrative": "开行126趟。",
    "funds": [{"label": "年度资金总额", "initial": "80.00", "weight": "10", "raw": {"initial": "80.00 "}}],
    "indicators": [
        {"level1": "产出指标", "level2": "数量指标", "name": "图书车开行趟次", "weight": "40",
         "score": None, "note": None,
         "target": {"raw": "≥120趟", "comparator": "≥", "value": "120", "upper": None, "unit": "趟"},
         "actual": {"raw": "126趟"}, "raw": {"score": "满分"}}
    ],
    "total_weight": "100", "total_score": 99.5, "grade": "优",
}  # fmt: skip


def test_a_saved_reading_is_an_input() -> None:
    for document in (SAVED, [SAVED], {"schema": "narrcheck/1", "filings": [SAVED]}):
        (filing,) = read_bytes(json.dumps(document, ensure_ascii=False).encode(), "a.json")
        row = filing.indicators[0]
        assert (filing.project, filing.layout, filing.source.path) == ("流动图书车运行", "json", "a.json")
        assert (row.target.comparator, str(row.target.value), row.target.unit) == ("≥", "120", "趟")
        assert (str(row.actual.value), row.actual.unit) == ("126", "趟")
        assert (row.score.raw, row.score.malformed) == ("满分", True)
        assert str(filing.total_score.value) == "99.5"
    assert filing_from_json({**SAVED, "source": {"path": "b.txt", "index": 3}}).source.index == 3


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"narative": "x"}, "filings[0].narative"),
        ({"year": "soon"}, "filings[0].year"),
        ({"indicators": [{"name": "a", "weight": "many"}]}, "filings[0].indicators[0].weight"),
        ({"indicators": [{"weight": "1"}]}, "filings[0].indicators[0].name"),
        ({"form": "poem"}, "filings[0].form"),
    ],
)
def test_a_slip_in_a_saved_reading_is_named(change: dict[str, object], where: str) -> None:
    document = {"filings": [{**SAVED, **change}]}
    with pytest.raises(ReadError) as caught:
        read_bytes(json.dumps(document).encode(), "a.json")
    assert (caught.value.code, caught.value.facts["where"]) == ("bad-reading", where)
    assert where in caught.value.explain("zh")


def test_broken_json_of_a_reading_names_its_line() -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(b'{"filings": [\n{"form": }]}', "a.json")
    assert (caught.value.code, caught.value.facts["where"]) == ("bad-reading", "2:10")


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        ({"goal": 1.5}, "此处应为文字", "text is expected here"),
        ({"year": "soon"}, "此处应为整数", "a whole number is expected here"),
        ({"indicators": {}}, "此处应为列表", "a list is expected here"),
        ({"indicators": [3]}, "此处应为对象（{…}）", "an object ({…}) is expected here"),
        ({"indicators": [{"weight": "1"}]}, "缺少此项", "this entry is missing"),
        ({"narative": "x"}, "没有名为此的项，请检查拼写", "there is no entry of this name; check the spelling"),
        ({"indicators": [{"name": "a", "score": "many"}]}, "此处应为数", "a number is expected here"),
        ({"form": "poem"}, "此处应为以下之一：'self_evaluation', 'target_table'", "'target_table'"),
    ],
)
def test_a_slip_is_told_in_the_language_asked_for(change: dict[str, object], zh: str, en: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(json.dumps({"filings": [{**SAVED, **change}]}).encode(), "a.json")
    assert caught.value.explain("zh").endswith(zh)
    assert caught.value.explain("en").endswith(en)


def test_json_nested_too_deeply_is_told_in_words() -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(('{"filings": ' + "[" * 200_000 + "]" * 200_000 + "}").encode(), "a.json")
    assert "嵌套层数过多" in caught.value.explain("zh")
    assert "RecursionError" not in caught.value.explain("en")


def test_a_path_given_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(HEAD + ROWS + TAIL, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert [item.path for item in collect(["a.txt", "./a.txt", "a.txt"])] == ["a.txt"]
    assert len(list(read_paths(["a.txt", "a.txt"]))) == 1
    assert [item.path for item in collect(["b", "a", "b", "-", "-"])] == ["b", "a", "-"]


def test_every_doubt_and_error_has_its_sentence() -> None:
    codes = ["empty-file", "not-text", "undecodable", "no-filing-found", "no-filing-in-folder", "path-not-found"]
    for lang in ("zh", "en"):
        for code in codes:
            assert message(f"error.{code}", lang, path="p")
        for doubt in ("row-columns", "no-name", "no-weight", "text-boundary"):
            assert message(f"doubt.{doubt}", lang)
