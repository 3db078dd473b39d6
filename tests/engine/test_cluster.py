"""A real Dask scheduler and two worker processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bgest_analysis.engine.backend import Backend, InlineBackend
from bgest_analysis.engine.engines import EngineName, open_backend, open_cluster
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.runner import RunResult, run_jobs
from bgest_analysis.errors import MachineLacks
from bgest_analysis.workspace import Workspace
from tests.lib.engine_study import make_job, make_study
from tests.lib.processes import has_ended, read_ready

pytest.importorskip("distributed", reason="the extra «dask» is not installed")
pytestmark = pytest.mark.slow

SCHEDULER = """
import asyncio, sys
from distributed import Scheduler

async def serve():
    async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()

asyncio.run(serve())
"""
WORKER = """
import asyncio, sys
from distributed import Worker
from bgest_analysis.engine import remote

remote.code_hash = lambda cache: sys.argv[2]
remote.lock_hash = lambda cache: "l" * 64

async def serve():
    async with Worker(sys.argv[1], nthreads=1, name=sys.argv[3]) as worker:
        print(worker.address, flush=True)
        await worker.finished()

asyncio.run(serve())
"""
CODE = "c" * 64


@dataclass
class Cluster:
    address: str
    scheduler: subprocess.Popen[str]
    workers: list[subprocess.Popen[str]]

    def add_worker(self, code: str = CODE) -> None:
        name = f"w{len(self.workers)}"
        self.workers.append(start(WORKER, self.address, code, name)[0])

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.communicate()


def start(code: str, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    """Start a process and return it with the first line it prints."""
    command = [sys.executable, "-c", code, *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.setattr("bgest_analysis.engine.remote.code_hash", lambda cache: CODE)
    monkeypatch.setattr("bgest_analysis.engine.remote.lock_hash", lambda cache: "l" * 64)
    scheduler, address = start(SCHEDULER)
    made = Cluster(address, scheduler, [])
    made.add_worker()
    yield made
    made.stop()


def plan(study: Workspace) -> list[Job]:
    jobs = [make_job(study, f"p{n}", reads=("a",), settings={"n": n}) for n in range(6)]
    return [*jobs, make_job(study, "insieme", reads=[job.id for job in jobs], action="join")]


def outputs(study: Workspace) -> dict[str, bytes]:
    found = [*study.processed.glob("*.txt"), study.reports / "run.json"]
    return {path.name: path.read_bytes() for path in found}


def test_a_cluster_gives_the_same_bytes_and_refuses_other_workers(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.add_worker()
    cluster.add_worker(code="another")
    local, shared = make_study(tmp_path / "locale", a="uno"), make_study(tmp_path / "rete", a="uno")
    run_jobs(local, plan(local), open_backend(local, plan(local), 1, EngineName.FORK))
    backend = open_cluster(shared, plan(shared), cluster.address)
    assert backend.capacity == 2
    result = run_jobs(shared, plan(shared), backend)
    assert (len(result.done), result.failed) == (7, {})
    assert outputs(shared) == outputs(local)
    assert not (shared.state / "in_corso").exists()


def test_a_killed_worker_loses_nothing(cluster: Cluster, study: Workspace) -> None:
    """The first worker dies while a job waits in it; the second one does that job anew."""
    os.mkfifo(study.root / "pronto")
    jobs = [make_job(study, "lento", "wait_first_time"), make_job(study, "altro", reads=("a",))]
    backend = open_cluster(study, jobs, cluster.address)

    def replace_worker() -> None:
        read_ready(study.root / "pronto")
        cluster.add_worker()
        cluster.workers[0].kill()

    result = run_beside(replace_worker, study, jobs, backend)
    assert sorted(result.done) == ["altro", "lento"]
    assert (study.processed / "lento.txt").read_text(encoding="utf-8") == "second"
    assert has_ended(int((study.root / "primo").read_text(encoding="utf-8")))
    assert sorted(path.name for path in study.processed.glob("*.txt")) == ["altro.txt", "lento.txt"]


def test_a_lost_scheduler_is_said_and_a_new_run_goes_on(cluster: Cluster, study: Workspace) -> None:
    os.mkfifo(study.root / "pronto")
    jobs = [make_job(study, "prima", reads=("a",)), make_job(study, "lento", "wait_forever")]
    backend = open_cluster(study, jobs, cluster.address)

    def kill_scheduler() -> None:
        read_ready(study.root / "pronto")
        cluster.scheduler.kill()

    with pytest.raises(MachineLacks, match="si riparte da lì"):
        run_beside(kill_scheduler, study, jobs, backend)
    assert (study.processed / "prima.txt").is_file()
    assert not (study.processed / "lento.txt").exists()
    again = [jobs[0], make_job(study, "lento", reads=("a",))]
    result = run_jobs(study, again, InlineBackend())
    assert (result.current, result.done) == (("prima",), ("lento",))


def run_beside(
    happening: Callable[[], None], study: Workspace, jobs: list[Job], backend: Backend
) -> RunResult:
    """Run while something happens beside."""
    thread = threading.Thread(target=happening)
    thread.start()
    try:
        return run_jobs(study, jobs, backend)
    finally:
        thread.join()


@pytest.mark.full
def test_workers_that_all_differ_are_refused(
    cluster: Cluster, study: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bgest_analysis.engine.remote.code_hash", lambda cache: "other")
    with pytest.raises(MachineLacks, match="1 collegati; da qui differiscono per il programma"):
        open_cluster(study, [], cluster.address)


def test_no_scheduler_is_said(study: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bgest_analysis.engine.cluster.CONNECT_SECONDS", 1)
    with pytest.raises(MachineLacks, match="non risponde"):
        open_cluster(study, [], "tcp://127.0.0.1:1")
