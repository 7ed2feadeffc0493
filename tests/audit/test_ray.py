"""The same audit on a Ray cluster: two nodes on this machine, one of them killed; nothing is lost, nothing is twice."""

import importlib.util
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import pytest

from batching_helpers import PATIENCE, audit, content, filing, mixed, rows, started, stored, unread, until
from narrcheck.audit.engines import Local, Result, engine
from narrcheck.audit.pool import Alive, Failure
from narrcheck.audit.rows import FileRows
from narrcheck.audit.work import FileWork, Worker
from narrcheck.batching import BatchOptions
from narrcheck.settings import Settings

pytestmark = [
    pytest.mark.xdist_group("ray"),
    pytest.mark.required,
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="narrcheck[ray] is not installed"),
]
NODE = {"num_cpus": 1, "object_store_memory": 80 << 20}


@dataclass(frozen=True)
class Held(Worker):
    """Begins on files named held… only when `gate` is there, and tells beside it that they wait."""

    gate: str = ""

    def __call__(self) -> Callable[[str, Alive], FileWork | FileRows]:
        work, gate = Worker.__call__(self), Path(self.gate)

        def held(path: str, alive: Alive) -> FileWork | FileRows:
            if path.startswith("held"):
                gate.with_name(f"waiting-{path}").touch()
                while not gate.exists():
                    sleep(0.05)
            return work(path, alive)

        return held


class Gated:
    """Ray with held files, each file a task of its own."""

    name = "ray"

    def __init__(self, address: str, gate: Path) -> None:
        from narrcheck.audit.ray import Ray

        self._ray, self._gate = Ray(address, 2, files=1), gate

    def run(self, worker: Worker, paths: Iterable[str]) -> Generator[tuple[str, Result], None, None]:
        return self._ray.run(Held(worker.folder, worker.settings, gate=str(self._gate)), paths)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A node that finds the worker of this module; tests add a second."""
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)]))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        made = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
        yield made
        made.shutdown()


@pytest.fixture
def second(cluster: Any) -> Iterator[Any]:
    """The second node."""
    node = cluster.add_node(**NODE)
    yield node
    if node in cluster.worker_nodes:
        cluster.remove_node(node)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Filings of every format, some broken, and twelve that can be held up."""
    place = mixed(tmp_path / "年度", 40)
    for number in range(12):
        (place / f"held-{number:02}.txt").write_text(filing(f"第{number}泵站维护", said=26 + number % 2), "utf-8")
    return place


def test_two_nodes_give_what_one_machine_gives(cluster: Any, second: Any, folder: Path, tmp_path: Path) -> None:
    tally = audit(tmp_path / "ray.db", folder, engine("ray", 2, cluster.address))
    audit(tmp_path / "local.db", folder, Local(1))
    found = content(tmp_path / "ray.db")
    assert found == content(tmp_path / "local.db")
    assert tally.checked == len(found["files"])
    assert found["findings"] and found["across"] and found["problems"]


def test_the_files_of_a_killed_node_are_done_again(cluster: Any, second: Any, folder: Path, tmp_path: Path) -> None:
    gate = tmp_path / "gate"

    def kill() -> None:
        if until(lambda: len([*tmp_path.glob("waiting-*")]) == 2):  # both nodes have one core, and a held file on it
            cluster.remove_node(second, allow_graceful=False)
        gate.touch()

    killer = Thread(target=kill)
    killer.start()
    tally = audit(tmp_path / "ray.db", folder, Gated(cluster.address, gate))
    killer.join()
    assert second not in cluster.worker_nodes
    audit(tmp_path / "local.db", folder, Local(1))
    found = content(tmp_path / "ray.db")
    assert found == content(tmp_path / "local.db")
    assert tally.checked == len(found["files"])
    assert rows(tmp_path / "ray.db", "SELECT COUNT(*) FROM files") == [(tally.checked,)]


def test_a_file_over_its_time_costs_only_itself(cluster: Any, tmp_path: Path) -> None:
    folder = tmp_path / "水厂"
    folder.mkdir()
    for name in ("一号池.txt", "held-二号池.txt", "三号池.txt", "管网.txt"):
        (folder / name).write_text(filing(name), "utf-8")
    store = tmp_path / "audit.db"
    audit(store, folder, Gated(cluster.address, tmp_path / "never"), batch=BatchOptions(seconds=5))
    assert unread(store) == {str(folder / "held-二号池.txt"): "too-slow"}
    assert rows(store, "SELECT COUNT(*) FROM files WHERE current AND state = 'read'") == [(3,)]


def test_a_node_that_does_not_see_the_folder_says_so_for_each_file(cluster: Any, tmp_path: Path) -> None:
    worker = Worker(str(tmp_path / "not-there"), Settings())
    found = dict(engine("ray", 1, cluster.address).run(worker, ["a.txt", "b.txt"]))
    assert found.keys() == {"a.txt", "b.txt"}
    assert {type(result) for result in found.values()} == {Failure}
    assert {result.code for result in found.values() if isinstance(result, Failure)} == {"unfit-node"}


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "127.0.0.1:99999", "nowhere.invalid:6379"])
def test_no_cluster_at_the_address_is_told_at_once(address: str) -> None:
    with pytest.raises(ConnectionError) as caught:
        engine("ray", 1, address)
    assert str(caught.value)


def test_ctrl_c_ends_the_cluster_too_and_resume_goes_on(folder: Path, tmp_path: Path) -> None:
    store, place = tmp_path / "ray.db", tempfile.mkdtemp(prefix="ray-", dir="/tmp")
    try:
        for number in range(400):
            (folder / f"park-{number:03}.txt").write_text(filing(f"{number}号公园绿化"), "utf-8")
        ray_options = ("--engine", "ray", "--store", store, "--jobs", "1", "-q", "--fail-on", "never")
        process = started("run", folder, *ray_options, RAY_TMPDIR=place)
        assert until(lambda: stored(store) > 0 or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert until(lambda: not running_in(place)), "a process of the cluster was left behind"
        assert 0 < stored(store) < len([*folder.rglob("*.*")])
        resumed = started("resume", "--store", store, "--engine", "local", "-q", "--fail-on", "never")
        resumed.communicate(timeout=PATIENCE)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    audit(tmp_path / "local.db", folder, Local(1))
    assert content(store) == content(tmp_path / "local.db")


def running_in(place: str) -> list[str]:
    """The command lines of processes that name a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if place in line:
            found.append(line)
    return found
