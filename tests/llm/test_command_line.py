"""`narrcheck check` with a model at hand, as a process: what is asked, what the reports say, what stays secret."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from form_text import contradiction, form
from modelserver import TASKS, Asked, ModelServer, Reply, empty

pytestmark = pytest.mark.in_process

KEY = "sk-very-secret-key"
ROWS = (
    ("惠民电影放映场次", "≥20.00(场)", "12.00(场)", "40.00", "24.00", "下一步加强组织协调。"),
    ("剧场观众满意度", "≥90.00(%)", "95.00(%)", "50.00", "50.00", ""),
)
GOAL = "为居民放露天影片20场，建立设备保养台账，满意度达到90%。"
NARRATIVE = "全年夜间广场上为居民放露天影片18场，联系人：赵晓峰，电话13912345678，排演新剧目3幕，满意度95%。"


def filing(folder: Path, name: str = "剧场.txt") -> Path:
    path = folder / name
    path.write_text(form(GOAL, NARRATIVE, ROWS, total="84.00", project="剧场惠民演出"), "utf-8")
    return path


def helpful(asked: Asked) -> Reply:
    """The answers of a good model to that filing."""
    items: dict[str, list[Any]] = {
        "extract": [{"text": "T1", "quote": "排演新剧目3幕", "number": "3幕"}],
        "link": [{"claim": claim, "row": "R1"} for claim in ("C1", "C3") if f"\n{claim}｜" in asked.text],
        "goal": [{"goal": "建立设备保养台账", "nearest": "满意度95%"}],
        "note": [{"row": "R1", "quote": "下一步加强组织协调"}],
    }
    return Reply({TASKS[asked.task]: items.get(asked.task, [])})


def model(server: ModelServer, folder: Path, **more: str) -> dict[str, str]:
    """The environment of a run that asks this server."""
    return {
        "NARRCHECK_LLM_BASE_URL": server.base_url,
        "NARRCHECK_LLM_API_KEY": KEY,
        "NARRCHECK_LLM_MODEL": "tiny",
        "NARRCHECK_LLM_CACHE": str(folder / "answers.sqlite"),
        "NARRCHECK_LLM_WAIT_SECONDS": "0.01",
        **more,
    }


def test_a_configured_model_is_asked_about_doubts_and_adds_to_the_report(tmp_path: Path, narrcheck: Run) -> None:
    path = filing(tmp_path)
    offline = json.loads(narrcheck("check", path, "--format", "json").stdout)["filings"][0]
    with ModelServer(helpful) as server:
        done = narrcheck("check", path, "--format", "json", **model(server, tmp_path))
    report = json.loads(done.stdout)
    (checked,) = report["filings"]
    assert server.base_url in done.stderr.decode() and "tiny" in done.stderr.decode()
    assert (report["mode"], report["model"]["model"], report["model"]["use"]) == ("llm", "tiny", "auto")
    assert len(report["model"]["prompts"]) == 12 and report["model"]["requests"] == len(server.asked)
    assert report["model"]["questions"]["asked"] < report["model"]["questions"]["full"]
    own = {finding["rule"]: finding for finding in checked["findings"] if finding["by"] == "llm"}
    assert set(own) == {"N01", "L01", "L02"}
    assert {finding["severity"] for finding in own.values()} == {"warning"}
    assert own["L02"]["evidence"][0]["quote"] == "下一步加强组织协调"
    kept = [f["id"] for f in checked["findings"] if f["by"] != "llm"]
    assert kept == [f["id"] for f in offline["findings"]]
    added = [claim for claim in checked["claims"] if claim["by"] == "llm" and claim["unit"] == "幕"]
    assert [(claim["value"], claim["quote"]) for claim in added] == [("3", "排演新剧目3幕")]
    assert checked["model"]["degraded"] == [] and checked["model"]["dropped"] == {}


def test_personal_data_and_the_key_stay_here(tmp_path: Path, narrcheck: Run) -> None:
    with ModelServer(helpful) as server:
        done = narrcheck("check", filing(tmp_path), "--llm", "full", **model(server, tmp_path))
    sent = "".join(asked.everything for asked in server.asked)
    assert "放露天影片18场" in sent and "联系人：＊＊＊" in sent
    assert "赵晓峰" not in sent and "13912345678" not in sent
    assert "剧场惠民演出" not in sent and "青川市" not in sent
    assert all(asked.headers["Authorization"] == f"Bearer {KEY}" for asked in server.asked)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("answers.sqlite*"))
    assert kept and KEY.encode() not in done.stdout + done.stderr + kept


def test_a_masked_reading_holds_no_personal_data(tmp_path: Path, narrcheck: Run) -> None:
    path = filing(tmp_path)
    for option in (["parse", path, "--format", "json"], ["parse", path, "--format", "markdown"]):
        assert "赵晓峰" in narrcheck(*option).stdout.decode()
        shown = narrcheck(*option, "--mask").stdout.decode()
        assert "赵晓峰" not in shown and "13912345678" not in shown and "放露天影片18场" in shown


def test_masked_reports_hold_no_personal_data_and_the_same_places(tmp_path: Path, narrcheck: Run) -> None:
    path = filing(tmp_path)
    plain, masked = (
        json.loads(narrcheck("check", path, "--format", "json", *more).stdout) for more in ([], ["--mask"])
    )
    assert "赵晓峰" not in json.dumps(masked, ensure_ascii=False)
    pairs = zip(plain["filings"][0]["claims"], masked["filings"][0]["claims"], strict=True)
    assert all((a["start"], a["end"], len(a["quote"])) == (b["start"], b["end"], len(b["quote"])) for a, b in pairs)
    assert [f["id"] for f in plain["filings"][0]["findings"]] == [f["id"] for f in masked["filings"][0]["findings"]]


@pytest.mark.parametrize("option", [["--offline"], ["--llm", "off"], ["--offline", "--llm", "full"]])
def test_offline_asks_nothing_though_a_model_is_configured(tmp_path: Path, narrcheck: Run, option: list[str]) -> None:
    path = filing(tmp_path)
    with ModelServer(helpful) as server:
        done = narrcheck("check", path, "--format", "json", *option, **model(server, tmp_path))
    assert server.asked == [] and done.stderr == b""
    assert done.stdout == narrcheck("check", path, "--format", "json").stdout


def test_a_second_run_asks_nothing_and_says_the_same(tmp_path: Path, narrcheck: Run) -> None:
    path = filing(tmp_path)
    with ModelServer(helpful) as server:
        first, second = (narrcheck("check", path, "--format", "json", **model(server, tmp_path)) for _ in range(2))
        asked = len(server.asked)
    one, other = json.loads(first.stdout), json.loads(second.stdout)
    assert asked == one["model"]["requests"] and other["model"]["requests"] == 0
    assert other["model"]["cached"] == asked
    assert one["filings"][0]["findings"] == other["filings"][0]["findings"]
    assert one["filings"][0]["claims"] == other["filings"][0]["claims"]


@pytest.mark.parametrize("form_of_report", ["terminal", "markdown"])
def test_both_sides_beside_each_other(tmp_path: Path, narrcheck: Run, form_of_report: str) -> None:
    path = filing(tmp_path)
    with ModelServer(helpful) as server:
        options = ["--compare", "--format", form_of_report, "-o", tmp_path / "out"]
        narrcheck("check", path, *options, **model(server, tmp_path, COLUMNS="140"))
    lines = (tmp_path / "out").read_text("utf-8").splitlines()
    claims = [line for line in lines if "放露天影片18场" in line and "无对应行" in line]
    assert claims and all("惠民电影放映场次" in line.split("无对应行")[1] for line in claims)
    assert any("排演新剧目3幕" in line and "未取" in line for line in lines)
    assert any("N01" in line and "语言模型" in line for line in lines)


def test_a_dry_run_shows_all_and_sends_nothing(tmp_path: Path, narrcheck: Run) -> None:
    path = filing(tmp_path)
    with ModelServer(helpful) as server:
        done = narrcheck("check", path, "--llm-dry-run", "--llm", "full", **model(server, tmp_path))
        narrcheck("check", path, "--llm", "full", **model(server, tmp_path))
        sent = {asked.task: asked.text for asked in server.asked}
    text = done.stdout.decode()
    assert done.returncode == 0 and f"共 1 份，{len(sent)} 个问题" in text and "没有送出任何内容" in text
    assert server.base_url in text
    for task in ("extract", "goal", "note", "wording"):
        assert sent[task] in text
    assert KEY not in text
    assert "尚未配置语言模型" in narrcheck("check", path, "--llm-dry-run").stdout.decode()


def test_a_budget_ends_the_questions_and_says_so(tmp_path: Path, narrcheck: Run) -> None:
    for number in range(6):
        filing(tmp_path, f"{number}.txt")
    with ModelServer(helpful) as server:
        options = ["--llm", "full", "--max-requests", "3", "--format", "json"]
        done = narrcheck("check", tmp_path, *options, **model(server, tmp_path))
    report = json.loads(done.stdout)
    assert len(server.asked) == 3 == report["model"]["requests"]
    assert len(report["filings"]) == 6 and all(checked["findings"] for checked in report["filings"])
    codes = {item["code"] for checked in report["filings"] for item in checked["model"]["degraded"]}
    assert codes == {"budget-requests"}
    assert "已用到请求数上限 3" in done.stderr.decode()


def test_a_wrong_key_is_said_once_and_the_offline_report_stands(tmp_path: Path, narrcheck: Run) -> None:
    (tmp_path / "a.txt").write_text(contradiction(), "utf-8")
    refused = Reply(raw=json.dumps({"error": {"message": f"bad key {KEY}"}}).encode(), status=401)
    with ModelServer(refused) as server:
        done = narrcheck("check", tmp_path / "a.txt", "--llm", "full", **model(server, tmp_path))
    assert done.returncode == 1 and "N01" in done.stdout.decode()
    said = done.stderr.decode()
    assert said.count("NARRCHECK_LLM_API_KEY") == 1 and KEY not in said + done.stdout.decode()
    assert "密钥未被接受" in done.stdout.decode()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"NARRCHECK_LLM_BASE_URL": "http://localhost:1/v1"}, "缺少 llm.model"),
        ({"NARRCHECK_LLM_MODEL": "tiny"}, "缺少 llm.base_url / llm.api_key"),
    ],
)
def test_half_a_configuration_is_said(tmp_path: Path, narrcheck: Run, environment: dict[str, str], said: str) -> None:
    done = narrcheck("check", filing(tmp_path), "--format", "json", **environment)
    assert said in done.stderr.decode() and json.loads(done.stdout)["mode"] == "offline"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NARRCHECK_LLM_BASE_URL", "localhost:11434"),
        ("NARRCHECK_LLM_BASE_URL", "http://me:secret@host/v1"),
        ("NARRCHECK_LLM_BASE_URL", "http://host/v1?key=secret"),
        ("NARRCHECK_LLM_API_KEY", "sk-secret 2"),
        ("NARRCHECK_LLM_MODE", "xml"),
        ("NARRCHECK_LLM_CONCURRENCY", "0"),
        ("NARRCHECK_LLM_TEMPERATURE", "1"),
    ],
)
def test_wrong_settings_are_refused_by_name(tmp_path: Path, narrcheck: Run, name: str, value: str) -> None:
    done = narrcheck("check", filing(tmp_path), **{name: value})
    assert done.returncode == 2 and name in done.stderr.decode() and b"secret" not in done.stderr


def test_rules_of_the_model_need_one(tmp_path: Path, narrcheck: Run) -> None:
    path = filing(tmp_path)
    alone = narrcheck("check", path, "--select", "L")
    assert alone.returncode == 2 and "NARRCHECK_LLM_MODEL" in alone.stderr.decode()
    with ModelServer(helpful) as server:
        done = narrcheck("check", path, "--select", "L", "--format", "json", **model(server, tmp_path))
    assert [f["rule"] for f in json.loads(done.stdout)["filings"][0]["findings"]] == ["L01", "L02"]


def test_a_settings_file_configures_a_model(tmp_path: Path, narrcheck: Run) -> None:
    path = filing(tmp_path)
    with ModelServer(empty) as server:
        text = f'[llm]\nuse = "full"\nbase-url = "{server.base_url}"\nmodel = "tiny"\ncache = "kept.sqlite"\n'
        (tmp_path / "narrcheck.toml").write_text(text, "utf-8")
        done = narrcheck("check", path, "--format", "json")
        shown = narrcheck("config", "--format", "json", NARRCHECK_LLM_API_KEY=KEY).stdout.decode()
    assert json.loads(done.stdout)["model"]["use"] == "full" and server.tasks()
    assert (tmp_path / "kept.sqlite").exists()
    facts = {fact["setting"]: fact for fact in json.loads(shown)["settings"]}
    assert facts["llm"]["value"] == "full" and facts["llm.api_key"]["value"] == "***" and KEY not in shown


def test_an_english_report_speaks_english_of_the_model(tmp_path: Path, narrcheck: Run) -> None:
    refused = Reply(raw=b'{"error": {"message": "busy"}}', status=503)
    with ModelServer(refused) as server:
        environment = model(server, tmp_path, NARRCHECK_LLM_ATTEMPTS="1")
        done = narrcheck("check", filing(tmp_path), "--lang", "en", **environment)
    assert "The language model did not finish; the offline result stands" in done.stdout.decode()
    assert "the service failed (HTTP 503)" in done.stderr.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent otherwise on Windows")
def test_ctrl_c_while_a_model_thinks_ends_the_run_quietly(tmp_path: Path) -> None:
    path = filing(tmp_path)
    with ModelServer(Reply({"claims": []}, delay=30)) as server:
        command = [sys.executable, "-m", "narrcheck", "check", str(path), "--llm", "full"]
        environment = {**os.environ, **model(server, tmp_path)}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while not server.asked and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        output, said = process.communicate(timeout=20)
    assert process.returncode == 130 and output == b""
    assert b"Traceback" not in said and b"pending" not in said


def test_who_signs_below_the_table_is_masked_in_the_texts(tmp_path: Path, narrcheck: Run) -> None:
    text = form(GOAL, "赵晓峰带队放露天影片18场，满意度95%。", ROWS, total="84.00")
    (tmp_path / "a.txt").write_text(text + "填报人：赵晓峰\t联系电话：0571-88001234\n", "utf-8")
    done = narrcheck("check", tmp_path / "a.txt", "--llm-dry-run", "--llm", "full").stdout.decode()
    assert "＊＊＊带队放露天影片18场" in done and "赵晓峰" not in done and "88001234" not in done
    narrcheck("parse", tmp_path / "a.txt", "-o", tmp_path / "a.json")
    saved = narrcheck("check", tmp_path / "a.json", "--llm-dry-run", "--llm", "full").stdout.decode()
    assert "＊＊＊带队放露天影片18场" in saved and "赵晓峰" not in saved
    masked = narrcheck("parse", tmp_path / "a.txt", "--mask", "--format", "json").stdout.decode()
    assert "赵晓峰" not in masked and "88001234" not in masked
