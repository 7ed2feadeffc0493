"""Bad input through the real command line: a clear message, no traceback, and the rest goes on."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import Run

from form_text import NARRATIVE, ROWS, contradiction, form

pytestmark = pytest.mark.in_process

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000") + bytes(range(256)) * 4
UNREADABLE = {
    "empty.txt": b"",
    "blank.txt": b" \n\t\n\xef\xbb\xbf",
    "poem.txt": "国破山河在，城春草木深。\n感时花溅泪，恨别鸟惊心。\n烽火连三月，家书抵万金。\n".encode(),
    "program.py": b"import sys\n\ndef main():\n    print(sys.argv[1:])\n    return 0\n",
    "image.txt": PNG,
    "list.json": b"[1, 2, 3]",
    "broken.json": b'{"schema": "narrcheck/1", "filings": [',
}


def read(run: subprocess.CompletedProcess[bytes]) -> dict[str, list[dict[str, object]]]:
    """The JSON that was printed all the same."""
    assert b"Traceback" not in run.stderr, run.stderr.decode()
    answer: dict[str, list[dict[str, object]]] = json.loads(run.stdout.decode("utf-8"))
    return answer


@pytest.mark.parametrize("name", UNREADABLE)
def test_file_that_holds_no_filing(narrcheck: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(UNREADABLE[name])
    (tmp_path / "good.txt").write_text(form(), "utf-8")
    run = narrcheck("check", name, "good.txt", "--format", "json")
    answer = read(run)
    assert run.returncode == 3
    assert [error["path"] for error in answer["errors"]] == [name]
    assert answer["errors"][0]["code"] and answer["errors"][0]["message"]
    assert name in run.stderr.decode()
    assert len(answer["filings"]) == 1


def test_unread_input_weighs_more_than_a_finding(narrcheck: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text(contradiction(), "utf-8")
    assert narrcheck("check", "bad.txt", "none.txt").returncode == 3


def test_path_that_does_not_exist(narrcheck: Run) -> None:
    run = narrcheck("check", "没有这个文件.txt", "--format", "json")
    assert run.returncode == 3 and read(run)["errors"][0]["path"] == "没有这个文件.txt"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything")
def test_file_that_cannot_be_read(narrcheck: Run, tmp_path: Path) -> None:
    path = tmp_path / "locked.txt"
    path.write_text(form(), "utf-8")
    path.chmod(0)
    assert narrcheck("check", path).returncode == 3


@pytest.mark.parametrize("names", [[], ["poem.txt", "image.txt"]])
def test_folder_without_filings(narrcheck: Run, tmp_path: Path, names: list[str]) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(UNREADABLE[name])
    run = narrcheck("check", "folder", "--format", "json")
    answer = read(run)
    assert run.returncode == 3 and answer["errors"][0]["path"] == "folder"
    assert len(answer["skipped"]) == len(names)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9])
def test_form_cut_off_in_the_middle(narrcheck: Run, tmp_path: Path, share: float) -> None:
    text = form()
    (tmp_path / "cut.txt").write_text(text[: int(len(text) * share)], "utf-8")
    run = narrcheck("check", "cut.txt", "--format", "json", timeout=30)
    answer = read(run)
    assert run.returncode in (0, 1) and answer["filings"][0]["project"] == "供水管网维护"


def check_one(narrcheck: Run, folder: Path, data: bytes, name: str = "form.txt") -> dict[str, object]:
    """The one filing that `data` holds; the command ends in time and without a traceback."""
    (folder / name).write_bytes(data)
    run = narrcheck("check", name, "--format", "json", timeout=60)
    answer = read(run)
    assert run.returncode in (0, 1), run.stderr.decode()
    assert len(answer["filings"]) == 1
    for format in ("terminal", "markdown"):
        printed = narrcheck("check", name, "--format", format, timeout=60)
        assert b"Traceback" not in printed.stderr and printed.stdout.decode("utf-8")
    return answer["filings"][0]


def test_filing_without_narrative(narrcheck: Run, tmp_path: Path) -> None:
    assert check_one(narrcheck, tmp_path, form(narrative="").encode())["project"] == "供水管网维护"


def test_filing_without_rows(narrcheck: Run, tmp_path: Path) -> None:
    check_one(narrcheck, tmp_path, form(rows=()).encode())
    assert "供水管网维护" in narrcheck("check", "form.txt").stdout.decode()


def test_filing_with_500_rows(narrcheck: Run, tmp_path: Path) -> None:
    rows = [(f"第{n}号井维护次数", f"≥{n}.00(次)", f"{n + 1}.00(次)", "0.18", "0.18", "") for n in range(1, 501)]
    check_one(narrcheck, tmp_path, form(rows=rows).encode())
    parsed = json.loads(narrcheck("parse", "form.txt", "--format", "json").stdout)
    assert len(parsed["filings"][0]["indicators"]) == 500


@pytest.mark.parametrize("sentence", ["巡检队伍清理沟渠12处，", "一二三四五六七八九十百千万", "9", "1,", "（", "其中"])
def test_narrative_of_a_megabyte(narrcheck: Run, tmp_path: Path, sentence: str) -> None:
    narrative = NARRATIVE + sentence * (1_000_000 // len(sentence.encode()))
    (tmp_path / "form.txt").write_bytes(form(narrative=narrative).encode())
    run = narrcheck("check", "form.txt", "--format", "json", timeout=60)
    assert len(read(run)["filings"]) == 1 and run.returncode in (0, 1)


def test_number_of_400_digits(narrcheck: Run, tmp_path: Path) -> None:
    digits = "7" * 400
    rows = (("管网巡检次数", f"≥{digits}(次)", f"{digits}(次)", "20.00", "20.00", ""), *ROWS[1:])
    filing = check_one(narrcheck, tmp_path, form(narrative=f"全年管网巡检{digits}次。", rows=rows).encode())
    claims: list[dict[str, str]] = filing["claims"]  # type: ignore[assignment]
    assert digits in {claim["value"] for claim in claims}


AWKWARD = "全年\x00管网\x1b[31m巡检\u202e26次\u202c，\u200e更换\x07阀门60只\u200f，用户满意度95%。"


def test_control_characters_and_direction_marks(narrcheck: Run, tmp_path: Path) -> None:
    check_one(narrcheck, tmp_path, form(narrative=AWKWARD).encode())
    for format in ("terminal", "markdown"):
        printed = narrcheck("check", "form.txt", "-v", "--format", format).stdout.decode()
        assert "\x1b" not in printed and "\u202e" not in printed


def test_unpaired_surrogates(narrcheck: Run, tmp_path: Path) -> None:
    text = form(narrative="全年管网巡检\ud83d26次，更换阀门60只。", project="供水\udc00管网维护")
    for data in (text.encode("utf-8", "surrogatepass"), b"\xff\xfe" + text.encode("utf-16-le", "surrogatepass")):
        check_one(narrcheck, tmp_path, data)
    (tmp_path / "sound.txt").write_text(form(), "utf-8")
    saved = narrcheck("parse", "sound.txt", "--format", "json").stdout.decode()
    check_one(narrcheck, tmp_path, saved.replace("供水管网维护", "供水\\ud83d管网维护").encode(), "saved.json")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
def test_other_encodings(narrcheck: Run, tmp_path: Path, encoding: str) -> None:
    data = contradiction().encode(encoding)
    if encoding == "utf-16-be":
        data = b"\xfe\xff" + data
    findings: list[dict[str, str]] = check_one(narrcheck, tmp_path, data)["findings"]  # type: ignore[assignment]
    assert [finding["rule"] for finding in findings] == ["N01"]
