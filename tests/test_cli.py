"""The command line: options, exit codes, where output goes. Each test runs the real command."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Run

from form_text import contradiction, form


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.txt"
    path.write_text(form(), "utf-8")
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "faulty.txt"
    path.write_text(contradiction(), "utf-8")
    return path


def document(run: subprocess.CompletedProcess[bytes]) -> dict[str, object]:
    """The JSON a command printed, after its form was tested."""
    assert b"Traceback" not in run.stderr, run.stderr.decode()
    answer = json.loads(run.stdout.decode("utf-8"))
    assert answer["schema"] == "narrcheck/1"
    return answer  # type: ignore[no-any-return]


def codes(answer: dict[str, object]) -> list[str]:
    """The rule codes of all findings."""
    filings: list[dict[str, list[dict[str, str]]]] = answer["filings"]  # type: ignore[assignment]
    return [finding["rule"] for filing in filings for finding in filing["findings"]]


def test_sound_filing_ends_with_zero(narrcheck: Run, sound: Path) -> None:
    run = narrcheck("check", sound, "--format", "json")
    assert codes(document(run)) == []
    assert run.returncode == 0 and run.stderr == b""


def test_contradiction_ends_with_one(narrcheck: Run, faulty: Path) -> None:
    run = narrcheck("check", faulty, "--format", "json")
    assert codes(document(run)) == ["N01"]
    assert run.returncode == 1


@pytest.mark.parametrize(("limit", "code"), [("error", 1), ("warning", 1), ("info", 1), ("never", 0)])
def test_fail_on_decides_the_exit_code(narrcheck: Run, faulty: Path, limit: str, code: int) -> None:
    assert narrcheck("check", faulty, "--fail-on", limit).returncode == code


def test_findings_below_the_limit_end_with_zero(narrcheck: Run, faulty: Path) -> None:
    assert narrcheck("check", faulty, "--ignore", "N01").returncode == 0


def test_several_inputs_give_one_document_in_order(narrcheck: Run, sound: Path, faulty: Path) -> None:
    answer = document(narrcheck("check", faulty, sound, "--format", "json"))
    filings: list[dict[str, dict[str, str]]] = answer["filings"]  # type: ignore[assignment]
    assert [Path(filing["source"]["path"]).name for filing in filings] == ["faulty.txt", "sound.txt"]


def test_standard_input(narrcheck: Run) -> None:
    run = narrcheck("check", "-", "--format", "json", stdin=contradiction().encode())
    assert codes(document(run)) == ["N01"] and run.returncode == 1


def test_folder_lists_what_it_skips(narrcheck: Run, faulty: Path) -> None:
    (faulty.parent / "poem.txt").write_text("两个黄鹂鸣翠柳，\n一行白鹭上青天。\n", "utf-8")
    run = narrcheck("check", faulty.parent, "--format", "json")
    answer = document(run)
    skipped: list[dict[str, str]] = answer["skipped"]  # type: ignore[assignment]
    assert [Path(item["path"]).name for item in skipped] == ["poem.txt"] and skipped[0]["reason"]
    assert answer["errors"] == [] and run.returncode == 1


def test_jsonl_is_one_filing_a_line(narrcheck: Run, sound: Path, faulty: Path) -> None:
    lines = narrcheck("check", sound, faulty, "--format", "jsonl").stdout.decode().splitlines()
    assert len(lines) == 3 and "filings" not in json.loads(lines[0])


def test_default_format_is_markdown_where_output_is_no_screen(narrcheck: Run, faulty: Path) -> None:
    assert narrcheck("check", faulty).stdout.decode().startswith("# 绩效自评核对报告")


@pytest.mark.skipif(sys.platform == "win32", reason="a screen is made another way on Windows")
@pytest.mark.parametrize(("variables", "colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_screen_gets_the_terminal_format(faulty: Path, variables: dict[str, str], colored: bool) -> None:
    import pty

    screen, end = pty.openpty()
    command = [sys.executable, "-m", "narrcheck", "check", str(faulty)]
    plain = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    environment = {**plain, "TERM": "xterm", "COLUMNS": "90", **variables}
    with subprocess.Popen(command, stdout=end, env=environment) as process:
        os.close(end)
        shown = b""
        try:
            while piece := os.read(screen, 65536):
                shown += piece
        except OSError:  # the screen's other end was closed
            pass
        os.close(screen)
    assert process.returncode == 1 and "供水管网维护" in shown.decode()
    assert not shown.startswith(b"#") and (b"\x1b[" in shown) is colored


def test_report_in_english(narrcheck: Run, faulty: Path) -> None:
    text = narrcheck("check", faulty, "--lang", "en").stdout.decode()
    assert "error N01" in text and "Coverage" in text


def test_verbose_shows_why_a_claim_is_linked(narrcheck: Run, faulty: Path) -> None:
    text = narrcheck("check", faulty, "-v").stdout.decode()
    assert "对应依据" in text and "管网巡检次数" in text


def test_quiet_prints_one_line_about_a_sound_filing(narrcheck: Run, sound: Path) -> None:
    (line,) = narrcheck("check", sound, "-q", "--format", "markdown").stdout.decode().splitlines()[2:3]
    assert "供水管网维护" in line and "核对范围" in line


def test_select_and_ignore(narrcheck: Run, faulty: Path) -> None:
    assert codes(document(narrcheck("check", faulty, "--format", "json", "--select", "S,F"))) == []
    assert codes(document(narrcheck("check", faulty, "--format", "json", "--select", "N01"))) == ["N01"]
    assert codes(document(narrcheck("check", faulty, "--format", "json", "--ignore", "N"))) == []


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_unknown_rule_code_names_the_nearest(narrcheck: Run, faulty: Path, option: str) -> None:
    run = narrcheck("check", faulty, option, "N0l")
    assert run.returncode == 2 and run.stdout == b""
    assert "N0L" in run.stderr.decode() and "N01" in run.stderr.decode()


@pytest.mark.parametrize("use", ["auto", "full"])
def test_model_that_is_not_configured_is_said_once(narrcheck: Run, sound: Path, use: str) -> None:
    run = narrcheck("check", sound, "--llm", use, "--format", "json")
    assert document(run)["mode"] == "offline"
    assert len(run.stderr.decode().splitlines()) == 1 and "离线" in run.stderr.decode()
    assert narrcheck("check", sound, "--offline").stderr == b""


@pytest.mark.parametrize(
    "arguments",
    [[], ["check"], ["chek", "x"], ["check", "x", "--format", "xlsx"], ["check", "x", "--colour"], ["rules", "Q77"]],
)
def test_wrong_command_line_ends_with_two(narrcheck: Run, arguments: list[str]) -> None:
    run = narrcheck(*arguments)
    assert run.returncode == 2 and run.stdout == b""
    assert run.stderr.startswith(b"narrcheck: ") and b"Traceback" not in run.stderr


def test_wrong_key_in_a_settings_file_names_file_and_line(narrcheck: Run, sound: Path) -> None:
    (sound.parent / "narrcheck.toml").write_text('profile = "national"\nignor = ["S05"]\n', "utf-8")
    run = narrcheck("check", sound)
    assert run.returncode == 2 and run.stdout == b""
    message = run.stderr.decode()
    assert "narrcheck.toml" in message and "2" in message and "ignore" in message


def test_settings_file_that_is_not_there_ends_with_two(narrcheck: Run, sound: Path) -> None:
    run = narrcheck("check", sound, "--config", "none.toml")
    assert run.returncode == 2 and "none.toml" in run.stderr.decode()


def test_waiver_hides_a_finding_and_an_unused_one_is_reported(narrcheck: Run, faulty: Path) -> None:
    identity = json.loads(narrcheck("check", faulty, "--format", "json").stdout)["filings"][0]["findings"][0]["id"]
    (faulty.parent / "narrcheck.toml").write_text(
        f'[[waiver]]\nid = "{identity}"\nwho = "李审核"\nwhy = "已核实"\n\n'
        '[[waiver]]\nid = "000000000000"\nwho = "王审核"\nwhy = "旧"\n',
        "utf-8",
    )
    run = narrcheck("check", faulty, "--format", "json")
    answer = document(run)
    assert codes(answer) == [] and run.returncode == 0
    unused: list[dict[str, str]] = answer["unused_waivers"]  # type: ignore[assignment]
    assert [waiver["who"] for waiver in unused] == ["王审核"]


def test_output_file_has_the_format_of_its_suffix(narrcheck: Run, faulty: Path, tmp_path: Path) -> None:
    target = tmp_path / "报告.json"
    run = narrcheck("check", faulty, "-o", target)
    assert run.stdout == b"" and run.returncode == 1
    assert codes(json.loads(target.read_text("utf-8"))) == ["N01"]
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_output_that_cannot_be_written_ends_with_two(narrcheck: Run, sound: Path, tmp_path: Path) -> None:
    for target in (sound / "report.md", tmp_path / "none" / "report.json", tmp_path / "report.pdf"):
        run = narrcheck("check", sound, "-o", target)
        assert run.returncode == 2 and run.stderr.startswith(b"narrcheck: ")


def test_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from narrcheck.commands import output

    target = tmp_path / "report.md"
    target.write_text("before", "utf-8")

    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(output.UsageError, match="No space left"):
        output.write("after", target, "zh")
    assert target.read_text("utf-8") == "before" and list(tmp_path.iterdir()) == [target]


def test_output_to_a_device_does_not_replace_it(narrcheck: Run, sound: Path) -> None:
    if not Path(os.devnull).exists():
        pytest.skip("no such device on this system")
    assert narrcheck("check", sound, "-o", os.devnull, "--format", "json").returncode == 0
    assert not Path(os.devnull).is_file()


def test_output_is_utf8_on_a_gbk_console(narrcheck: Run, faulty: Path) -> None:
    run = narrcheck("check", faulty, PYTHONIOENCODING="gbk", PYTHONUTF8="0")
    assert "核对报告" in run.stdout.decode("utf-8")
    run = narrcheck("check", "没有.txt", PYTHONIOENCODING="gbk", PYTHONUTF8="0")
    assert "没有.txt" in run.stderr.decode("utf-8")


def test_reader_that_leaves_early_causes_no_traceback(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number:02}.txt").write_text(contradiction(), "utf-8")
    command = [sys.executable, "-m", "narrcheck", "check", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent another way on Windows")
def test_interrupt_ends_without_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "narrcheck", "check", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read() and process.returncode == 130


def test_parse_shows_the_reading_and_check_takes_it_back(narrcheck: Run, faulty: Path, tmp_path: Path) -> None:
    reading = tmp_path / "reading.json"
    assert narrcheck("parse", faulty, "-o", reading).returncode == 0
    assert codes(document(narrcheck("check", reading, "--format", "json"))) == ["N01"]
    corrected = reading.read_text("utf-8").replace("管网巡检36次", "管网巡检26次")
    reading.write_text(corrected, "utf-8")
    assert codes(document(narrcheck("check", reading, "--format", "json"))) == []


def test_saved_reading_has_the_same_finding_ids(narrcheck: Run, faulty: Path, tmp_path: Path) -> None:
    reading = tmp_path / "reading.json"
    narrcheck("parse", faulty, "-o", reading)
    ids = [
        json.loads(narrcheck("check", path, "--format", "json").stdout)["filings"][0]["findings"][0]["id"]
        for path in (faulty, reading)
    ]
    assert ids[0] == ids[1]


@pytest.mark.parametrize("format", ["terminal", "markdown", "json", "jsonl"])
def test_parse_in_every_format(narrcheck: Run, sound: Path, format: str) -> None:
    run = narrcheck("parse", sound, "--format", format, COLUMNS="140")
    assert run.returncode == 0 and "管网巡检次数" in run.stdout.decode()


def test_rules_lists_the_catalogue(narrcheck: Run) -> None:
    text = narrcheck("rules").stdout.decode()
    listed = re.findall(r"\b[NFSRLX]\d\d\b", text)
    wanted = [f"N{n:02}" for n in range(1, 12)] + [f"F{n:02}" for n in range(1, 6)]
    wanted += [f"S{n:02}" for n in range(1, 11)] + [f"R{n:02}" for n in range(1, 7)]
    wanted += ["L01", "L02", "L03", "X01", "X02", "X03", "X04", "X05"]
    assert sorted(set(listed)) == sorted(wanted)
    assert len(json.loads(narrcheck("rules", "--format", "json").stdout)["rules"]) == len(wanted)


def test_rules_shows_one_rule_with_its_example(narrcheck: Run) -> None:
    text = narrcheck("rules", "S09").stdout.decode()
    assert "over-achievement" in text and "row:" in text and "over_achievement" in text
    fact = json.loads(narrcheck("rules", "s09", "--format", "json").stdout)
    assert fact["code"] == "S09" and fact["examples"]


def test_config_names_value_and_origin_of_every_setting(narrcheck: Run, tmp_path: Path) -> None:
    (tmp_path / "narrcheck.toml").write_text('lang = "en"\n', "utf-8")
    run = narrcheck("config", "--format", "json", "--profile", "provincial-a")
    settings = {item["setting"]: item for item in json.loads(run.stdout)["settings"]}
    assert settings["lang"]["value"] == "en" and "narrcheck.toml" in settings["lang"]["origin"]
    assert settings["profile"]["value"] == "provincial-a"
    assert len({item["origin"] for item in settings.values()}) >= 3


def test_version_and_help(narrcheck: Run) -> None:
    from narrcheck import __version__

    assert narrcheck("--version").stdout.decode().strip() == f"narrcheck {__version__}"
    for command in ([], ["check"], ["parse"], ["rules"], ["config"]):
        run = narrcheck(*command, "--help")
        assert run.returncode == 0 and "显示本帮助" in run.stdout.decode()


@pytest.mark.parametrize("command", ["check", "parse"])
def test_output_never_takes_the_place_of_an_input(narrcheck: Run, sound: Path, command: str) -> None:
    before = sound.read_bytes()
    run = narrcheck(command, sound, "-o", sound)
    assert run.returncode == 2 and "输入文件" in run.stderr.decode() and sound.read_bytes() == before


def test_waiver_counts_as_used_whatever_is_selected(narrcheck: Run, faulty: Path) -> None:
    identity = json.loads(narrcheck("check", faulty, "--format", "json").stdout)["filings"][0]["findings"][0]["id"]
    waiver = f'[[waiver]]\nid = "{identity}"\nwho = "李审核"\nwhy = "已核实"\n'
    (faulty.parent / "narrcheck.toml").write_text(waiver, "utf-8")
    assert document(narrcheck("check", faulty, "--format", "json", "--select", "S"))["unused_waivers"] == []


def test_selection_does_not_claim_agreement(narrcheck: Run, faulty: Path) -> None:
    text = narrcheck("check", faulty, "--select", "S,F").stdout.decode()
    assert "所选规则（S,F）未发现不符" in text and "处数量与表格或其他文字相符" not in text
