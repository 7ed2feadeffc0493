"""Zip files and folders of mixed content: what can be read is read, what cannot is told, nothing else is."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import openpyxl
import pytest
from test_reading_bytes import SAVED, TEXT
from test_reading_forms import PLAIN, rows

from narrcheck.filing import Filing, Problem, Skipped
from narrcheck.reading import ReadingLimits, read_bytes
from narrcheck.reading.inputs import read_paths

FORM = TEXT.encode()
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(20)


class Raw(zipfile.ZipInfo):
    """A member whose name is stored as the bytes given, under flags of one's own."""

    stored, flags = b"", 0

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.stored, self.flags


def raw(name: bytes, flags: int = 0) -> Raw:
    info = Raw("x")
    info.stored, info.flags = name, flags
    return info


def packed(members: Mapping[str | Raw, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data, method)
    return file.getvalue()


def noise(kilobytes: int, seed: int = 0) -> bytes:
    """Text that does not pack."""
    return Random(seed).randbytes(kilobytes << 9).hex().encode()


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., list[tuple[str, str, str]]]:
    """Reads a zip file of these members; (path behind the folder, what became of it, code or project or reason)."""

    def tell(members: Mapping[str | Raw, bytes] | bytes, /, **limits: int) -> list[tuple[str, str, str]]:
        path = tmp_path / "年报.zip"
        path.write_bytes(members if isinstance(members, bytes) else packed(members))
        before = sorted(tmp_path.rglob("*"))
        found = list(read_paths([str(path)], limits=ReadingLimits(**limits)))
        assert sorted(tmp_path.rglob("*")) == before
        return [_told(item, f"{tmp_path}/") for item in found]

    return tell


def _told(item: Filing | Problem | Skipped, folder: str) -> tuple[str, str, str]:
    if isinstance(item, Filing):
        return item.source.path.removeprefix(folder), "read", item.project or ""
    if isinstance(item, Problem):
        assert item.path in item.message or item.code == "cannot-read"
        return item.path.removeprefix(folder), "problem", item.code
    return item.path.removeprefix(folder), "skipped", item.reason.removeprefix(item.path)


Tell = Callable[..., list[tuple[str, str, str]]]
PROJECT = "流动图书车运行"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for line in TEXT.split("\n"):
        book.active.append(line.split("\t"))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_zip_of_forms_in_many_formats(told: Tell, tmp_path: Path) -> None:
    lines = "".join("<tr><td>" + "<td>".join(line.split("\t")) for line in TEXT.split("\n") if line)
    found = told({
        "一局/表1.xlsx": workbook(),
        "一局/": b"",
        "二局\\表2.html": f"<html><table>{lines}</table></html>".encode(),
        "./三局.txt": FORM,
        "照片.png": PICTURE,
        "说明.txt": "请查收。".encode(),
    })  # fmt: skip
    assert [(path, what) for path, what, _ in found] == [
        ("年报.zip/一局/表1.xlsx", "read"), ("年报.zip/二局/表2.html", "read"), ("年报.zip/三局.txt", "read"),
        ("年报.zip/照片.png", "skipped"), ("年报.zip/说明.txt", "skipped"),
    ]  # fmt: skip
    for item in read_paths([str(tmp_path / "年报.zip")]):
        assert not isinstance(item, Filing) or rows(item) == PLAIN


def test_a_zip_in_a_folder_and_on_standard_input(tmp_path: Path) -> None:
    (tmp_path / "报").mkdir()
    (tmp_path / "报" / "a.dat").write_bytes(packed({"1.txt": FORM, "2.txt": FORM}))
    (tmp_path / "报" / "b.txt").write_bytes(FORM)
    found = [_told(item, f"{tmp_path}/")[:2] for item in read_paths([str(tmp_path / "报")])]
    assert found == [("报/a.dat/1.txt", "read"), ("报/a.dat/2.txt", "read"), ("报/b.txt", "read")]
    (filing,) = read_paths(["-"], packed({"1.txt": FORM}))
    assert isinstance(filing, Filing) and filing.source.path == "-/1.txt"


@pytest.mark.parametrize(
    ("name", "flags", "shown"),
    [
        ("一局/表.txt".encode(), 0x800, "一局/表.txt"),
        ("一局/表.txt".encode("gb18030"), 0, "一局/表.txt"),
        ("一局/表.txt".encode(), 0, "一局/表.txt"),
        (b"r\x82sum\x82.txt", 0, "résumé.txt"),
        (b"a\x1b[31m.txt", 0, "a\ufffd[31m.txt"),
    ],
)
def test_names_as_people_wrote_them(told: Tell, name: bytes, flags: int, shown: str) -> None:
    assert told({raw(name, flags): FORM}) == [(f"年报.zip/{shown}", "read", PROJECT)]


@pytest.mark.parametrize(
    "name",
    ["../a.txt", "a/../../b.txt", "/etc/a.txt", "C:\\a.txt", "c:a.txt", "..\\a.txt", "\\\\host\\a.txt", "../.b.txt"],
)
def test_a_name_that_leads_out_is_told_and_the_rest_read(told: Tell, name: str) -> None:
    unsafe, good = told({raw(name.encode()): FORM, "b.txt": FORM})
    assert unsafe[1:] == ("problem", "unsafe-name")
    assert good == ("年报.zip/b.txt", "read", PROJECT)


def test_what_nobody_means_is_passed_over(told: Tell, tmp_path: Path) -> None:
    names = ["__MACOSX/a/._b.txt", ".DS_Store", "a/.DS_Store", "a/~$表.xlsx", ".hidden/c.txt", "a..b.txt"]
    assert told(dict.fromkeys(names, FORM)) == [("年报.zip/a..b.txt", "read", PROJECT)]
    for name in ("~$表.txt", "b.txt"):
        (tmp_path / name).write_bytes(FORM)
    assert [_told(item, f"{tmp_path}/")[0] for item in read_paths([str(tmp_path)])] == ["b.txt", "年报.zip/a..b.txt"]


def test_members_that_cannot_be_read_do_not_stop_their_neighbours(told: Tell) -> None:
    hurt = noise(8)
    data = packed({
        "a.txt": FORM, raw(b"b.xlsx", 1): FORM, "c.zip": b"PK\x03\x04" + bytes(50), "d.xlsx": workbook()[:3000],
        "e.txt": hurt, "f.html": b"<div>" * 3000 + b"<html>", "g.html": b"<html>" + b"<div>" * 3000, "h.txt": FORM,
    }, zipfile.ZIP_STORED)  # fmt: skip
    found = told(data.replace(hurt, hurt[:-1] + b"?"))
    assert [(path[7:], what, code) for path, what, code in found if what != "skipped"] == [
        ("a.txt", "read", PROJECT), ("b.xlsx", "problem", "password-protected"), ("c.zip", "problem", "damaged"),
        ("d.xlsx", "problem", "damaged"), ("e.txt", "problem", "damaged"), ("g.html", "problem", "damaged"),
        ("h.txt", "read", PROJECT),
    ]  # fmt: skip


def test_a_bomb_does_not_stop_its_neighbours(told: Tell) -> None:
    bomb = bytes(21 << 20)
    members = {"a.txt": FORM, "b.txt": bomb, "c.txt": FORM}
    assert [what for _, what, _ in told(members)] == ["read", "problem", "read"]
    assert told(members)[1] == ("年报.zip/b.txt", "problem", "unpacks-too-much")
    assert told(members, unpacked_mb=1)[1] == ("年报.zip/b.txt", "problem", "unpacks-too-large")
    assert told(members, file_mb=1)[1] == ("年报.zip/b.txt", "problem", "file-too-large")


def test_a_size_that_is_a_lie_is_damage(told: Tell) -> None:
    data = packed({"a.txt": bytes(3 << 20), "b.txt": FORM})
    lied = data.replace((3 << 20).to_bytes(4, "little"), (99).to_bytes(4, "little"))
    assert lied != data
    assert told(lied) == [("年报.zip/a.txt", "problem", "damaged"), ("年报.zip/b.txt", "read", PROJECT)]


def test_what_is_left_behind_the_limit_is_told_once(told: Tell, tmp_path: Path) -> None:
    members: dict[str | Raw, bytes] = {"a.txt": FORM, "b.txt": noise(700), ".hidden": b"", "c.txt": noise(700)}
    found = told(members | {"d.txt": FORM, "e.txt": FORM}, unpacked_mb=1)
    assert [(path, what) for path, what, _ in found] == [
        ("年报.zip/a.txt", "read"), ("年报.zip/b.txt", "skipped"), ("年报.zip", "problem")
    ]  # fmt: skip
    assert found[-1][2] == "unpacks-too-large"
    (*_, rest) = read_paths([str(tmp_path / "年报.zip")], lang="en", limits=ReadingLimits(unpacked_mb=1))
    assert isinstance(rest, Problem) and "3 of its files were not read" in rest.message


def test_archives_inside_share_the_account_of_the_outer_one(told: Tell) -> None:
    inner = packed({"a.txt": noise(700), "b.txt": noise(700)})
    found = told({"1.zip": inner, "2.zip": inner, "c.txt": FORM}, unpacked_mb=1)
    assert [(path, code) for path, what, code in found if what == "problem"] == [
        ("年报.zip/1.zip", "unpacks-too-large"), ("年报.zip", "unpacks-too-large"), ("年报.zip", "no-filing-in-folder")
    ]  # fmt: skip


def test_many_small_bombs_are_one(told: Tell) -> None:
    found = told({f"{number}.txt": bytes(5 << 20) for number in range(9)} | {"a.txt": FORM})
    assert found[-2:] == [("年报.zip", "problem", "unpacks-too-much"), ("年报.zip", "problem", "no-filing-in-folder")]


def test_archives_inside_archives(told: Tell) -> None:
    data = FORM
    for name in ("甲.txt", "乙.zip", "丙.zip", "丁.zip"):
        data = packed({name: data})
    ((path, what, reason),) = told(packed({"戊.txt": FORM, "丁.zip": packed({"丙.zip": data})}), depth=2)[1:]
    assert (path, what) == ("年报.zip/丁.zip/丙.zip", "skipped") and "层数过多" in reason
    assert told(data, depth=4) == [("年报.zip/丁.zip/丙.zip/乙.zip/甲.txt", "read", PROJECT)]
    assert [(path, what) for path, what, _ in told(data, depth=3)] == [
        ("年报.zip/丁.zip/丙.zip/乙.zip", "skipped"), ("年报.zip", "problem")
    ]  # fmt: skip


def test_too_many_members(told: Tell) -> None:
    assert told({"a.txt": FORM, "b.txt": FORM}, members=1) == [("年报.zip", "problem", "too-many-members")]


@pytest.mark.parametrize("members", [{}, {"a.png": PICTURE}, {".hidden.txt": FORM}, {"b.zip": packed({})}])
def test_a_named_zip_without_a_filing_is_a_problem(told: Tell, members: dict[str, bytes], tmp_path: Path) -> None:
    assert told(members)[-1] == ("年报.zip", "problem", "no-filing-in-folder")
    (*_, last) = read_paths([str(tmp_path / "年报.zip")], lang="en")
    assert isinstance(last, Problem) and last.message.endswith("the zip file holds no filing")


def test_an_empty_zip_in_a_folder_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed({}))
    (tmp_path / "b.txt").write_bytes(FORM)
    skipped, filing = read_paths([str(tmp_path)])
    assert isinstance(skipped, Skipped) and isinstance(filing, Filing)
    assert "压缩包中没有可读的自评表" in skipped.reason


def test_a_reading_beside_its_file_is_not_read_twice(told: Tell) -> None:
    saved = json.dumps(SAVED).encode()
    found = told({"一/a.txt": FORM, "一/a.parse.json": saved, "二/a.parse.json": saved, "ab.parse.json": saved})
    assert [(path[7:], what) for path, what, _ in found] == [
        ("一/a.txt", "read"), ("一/a.parse.json", "skipped"), ("二/a.parse.json", "read"), ("ab.parse.json", "read")
    ]  # fmt: skip


def test_what_in_a_folder_may_be_a_filing_is_a_problem(tmp_path: Path) -> None:
    contents = {
        "a.txt": FORM, "b.xlsx": workbook()[:3000], "c.zip": packed({"x.txt": FORM})[:-9], "d.png": PICTURE,
        "e.txt": b"", "f.rar": b"Rar!\x1a\x07\x00", "g.html": b"<html>" + b"<div>" * 3000,
        "h.so": b"\x7fELF" + bytes(9),
    }  # fmt: skip
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    found = [_told(item, f"{tmp_path}/") for item in read_paths([str(tmp_path)])]
    assert {path: code for path, what, code in found if what == "problem"} == dict.fromkeys(
        ["b.xlsx", "c.zip", "g.html"], "damaged"
    )
    assert [path for path, what, _ in found if what == "skipped"] == ["d.png", "e.txt", "f.rar", "h.so"]


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("a.txt", 1 << 20), ("b.txt", (1 << 20) + 1)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    opened: list[str] = []
    whole = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path.name) or whole(path))
    limits = ReadingLimits(file_mb=1)
    skipped, problem, _ = read_paths([str(tmp_path)], limits=limits)
    assert isinstance(skipped, Skipped) and isinstance(problem, Problem)
    assert (problem.code, opened) == ("file-too-large", ["a.txt"])
    (problem,) = read_paths(["-"], bytes(2 << 20), limits=limits)
    assert isinstance(problem, Problem) and problem.code == "file-too-large"


def test_a_reader_of_ones_own_reads_every_single_file(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed({"1.txt": FORM, "2.zip": packed({"3.txt": FORM})}))
    (tmp_path / "b.txt").write_bytes(FORM)
    asked: list[str] = []

    def reader(data: bytes, path: str) -> tuple[Filing, ...]:
        asked.append(path.removeprefix(f"{tmp_path}/"))
        return read_bytes(data, path)

    found = list(read_paths([str(tmp_path)], reader=reader))
    assert asked == ["a.zip/1.txt", "a.zip/2.zip/3.txt", "b.txt"]
    assert all(isinstance(item, Filing) for item in found)


def test_limits_reach_the_reader_and_headings_too(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook())
    (problem,) = read_paths([str(tmp_path / "a.xlsx")], limits=ReadingLimits(members=2))
    assert isinstance(problem, Problem) and problem.code == "too-many-members"
    text = TEXT.replace("项目名称", "课题")
    (tmp_path / "b.zip").write_bytes(packed({"a.txt": text.encode()}))
    (filing,) = read_paths([str(tmp_path / "b.zip")], extra_headings={"fields": {"课题": "project"}})
    assert isinstance(filing, Filing) and filing.project == PROJECT


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_spoilt_anywhere_is_read_as_far_as_it_goes(told: Tell, method: int) -> None:
    whole = packed({"a.txt": FORM, "b.txt": FORM}, method)
    random = Random(7)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(random.choice((1, 2, 9))):
            data[random.randrange(len(data))] = random.randrange(256)
        assert told(bytes(data))
