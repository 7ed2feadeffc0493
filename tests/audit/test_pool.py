"""A job that hangs, crashes, or eats memory costs only itself; nothing is left behind, however the caller ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from batching_helpers import PATIENCE, ROOT, left_alone, session, until
from narrcheck.audit.pool import Alive, Failure, Pool


def start() -> Callable[[str, Alive], str]:
    """A worker whose jobs are small programs."""
    return work


def start_slowly() -> Callable[[str, Alive], str]:
    """A worker that takes longer to start than a job may take."""
    time.sleep(2)
    return work


def work(job: str, alive: Alive) -> str:
    kind, _, rest = job.partition(" ")
    if kind == "hang":
        time.sleep(10 * PATIENCE)
    elif kind == "slow":
        for _ in range(12):
            time.sleep(0.25)
            alive()
    elif kind == "eat":
        held = [bytearray(1 << 26) for _ in range(100)]
        return str(len(held))
    elif kind == "exit":
        os._exit(7)
    elif kind == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif kind == "raise":
        raise RuntimeError(f"no {rest}")
    elif kind == "once" and not Path(rest).exists():
        Path(rest).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return job


def results(jobs: list[str], size: int = 2, seconds: float = 30) -> list[tuple[str, str | Failure]]:
    with Pool[str, str](start, size, seconds, 512) as pool:
        return list(pool.run(jobs))


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("hang", "too-slow"), ("eat", "out-of-memory"), ("exit", "worker-died"), ("crash", "worker-died"),
        ("raise pump", "worker-failed"),
    ],
)  # fmt: skip
def test_a_poisonous_job_costs_only_itself(bad: str, code: str) -> None:
    good = [f"job {number}" for number in range(12)]
    found = results([*good[:5], bad, *good[5:]], seconds=3 if bad == "hang" else 30)
    assert sorted(job for job, _ in found) == sorted([*good, bad])
    told = dict(found)
    failure = told.pop(bad)
    assert isinstance(failure, Failure) and failure.code == code
    assert told == {job: job for job in good}


def test_many_poisonous_jobs_at_once_leave_the_others_their_results() -> None:
    bad = ["exit 1", "crash 1", "eat 1", "raise 1", "exit 2", "crash 2", "eat 2", "hang 1"]
    good = [f"job {number}" for number in range(8)]
    jobs = [job for pair in zip(bad, good, strict=True) for job in pair]
    found = results(jobs, seconds=4)
    assert sorted(job for job, _ in found) == sorted(jobs)
    assert {job for job, result in found if isinstance(result, Failure)} == set(bad)


def test_the_reason_of_an_error_in_the_program_is_kept() -> None:
    ((_, failure),) = results(["raise valve"], size=1)
    assert isinstance(failure, Failure) and "RuntimeError: no valve" in failure.reason


def test_a_job_that_says_it_goes_on_may_take_long() -> None:
    assert results(["slow", "job"], seconds=1.5) == [("job", "job"), ("slow", "slow")]


def test_the_start_of_a_worker_is_not_counted_as_its_first_job() -> None:
    with Pool[str, str](start_slowly, 1, 1, 512) as pool:
        assert dict(pool.run(["job 1", "job 2"])) == {"job 1": "job 1", "job 2": "job 2"}


def test_a_job_whose_process_was_killed_once_is_done_again(tmp_path: Path) -> None:
    job = f"once {tmp_path / 'seen'}"
    assert dict(results([job, "job"])) == {job: job, "job": "job"}


def test_no_jobs_start_no_process() -> None:
    with Pool[str, str](start, 2, 2, 512) as pool:
        assert list(pool.run([])) == []
        assert pool._workers == []


UNGUARDED = """
import sys
sys.path[:0] = {paths!r}
from narrcheck.audit.pool import Pool
from test_pool import start
print("script", flush=True)
with Pool(start, 2, {seconds}, 512) as pool:
    for job, result in pool.run({jobs!r}):
        print(result, flush=True)
        {then}
"""


def script(folder: Path, jobs: list[str], then: str = "", seconds: int = 30) -> "subprocess.Popen[bytes]":
    """A caller's script without a guard against being imported, in a session of its own."""
    paths = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]
    path = folder / "script.py"
    path.write_text(UNGUARDED.format(paths=paths, jobs=jobs, then=then, seconds=seconds), "utf-8")
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, path], stdout=pipe, stderr=pipe, start_new_session=True)


def test_a_script_without_a_guard_runs_once(tmp_path: Path) -> None:
    process = script(tmp_path, ["job 1", "job 2", "job 3"])
    said, told = process.communicate(timeout=PATIENCE)
    assert told == b"" and process.returncode == 0
    assert sorted(said.decode().splitlines()) == ["job 1", "job 2", "job 3", "script"]


def test_leaving_in_the_middle_ends_all_processes(tmp_path: Path) -> None:
    process = script(tmp_path, ["job", *["hang"] * 6], then="break")
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert left_alone(process.pid)


def test_workers_end_when_the_caller_is_killed_even_those_that_wait(tmp_path: Path) -> None:
    process = script(tmp_path, ["job"], then="import time; time.sleep(600)")
    assert process.stdout is not None and process.stdout.readline() == b"script\n" and process.stdout.readline()
    assert until(lambda: len(session(process.pid)) > 1)
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert left_alone(process.pid)


def test_a_second_ctrl_c_while_workers_are_ended_leaves_none_behind(tmp_path: Path) -> None:
    process = script(tmp_path, ["job", *["hang"] * 6])
    assert process.stdout is not None and process.stdout.readline() == b"script\n" and process.stdout.readline()
    while process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.005)
    process.communicate(timeout=PATIENCE)
    assert left_alone(process.pid)
