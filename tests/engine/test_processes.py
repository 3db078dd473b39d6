"""What becomes of the processes: killed, overdue, interrupted, orphaned."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bgest_analysis.engine.backend import InlineBackend
from bgest_analysis.engine.engines import EngineName, can_fork, default_engine, open_backend
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.plan import Planner
from bgest_analysis.engine.preload import modules_for
from bgest_analysis.engine.request import Request
from bgest_analysis.engine.runner import RunResult, run_jobs
from bgest_analysis.engine.sidecar import Sidecar
from bgest_analysis.errors import MachineLacks
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace
from tests.lib.engine_study import make_job
from tests.lib.processes import has_ended, read_ready

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not can_fork(), reason="needs Linux")]

ROOT = Path(__file__).resolve().parents[2]
OWN_PROCESS = (EngineName.FORK, pytest.param(EngineName.SPAWN, marks=pytest.mark.full))


def run(
    study: Workspace, jobs: list[Job], engine: EngineName = EngineName.FORK, at_once: int = 2
) -> RunResult:
    return run_jobs(study, jobs, open_backend(study, jobs, at_once, engine))


def text(study: Workspace, name: str) -> str:
    return (study.processed / f"{name}.txt").read_text(encoding="utf-8")


def facts(study: Workspace, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(text(study, name))
    return found


@pytest.mark.parametrize("engine", OWN_PROCESS)
def test_each_job_has_a_process_with_the_fixed_environment(
    study: Workspace, engine: EngineName
) -> None:
    jobs = [make_job(study, name, "describe_process", settings={"x": name}) for name in ("p", "q")]
    assert sorted(run(study, jobs, engine).done) == ["p", "q"]
    first, second = facts(study, "p"), facts(study, "q")
    assert len({first["pid"], second["pid"], os.getpid()}) == 3
    assert first["hash"] == second["hash"]
    assert first["random"] != second["random"]
    assert first["environment"]["TZ"] == "UTC"
    assert first["environment"]["OMP_NUM_THREADS"] == "1"
    assert first["environment"]["MPLBACKEND"] == "agg"
    assert first["engine"] == "bgest-inprocess"
    assert {"papermill", "IPython", "numpy"} <= set(first["loaded"])
    forked = engine is EngineName.FORK
    assert (first["parent"] == second["parent"] != os.getpid()) is forked


def test_only_steps_that_leave_nothing_behind_share_an_interpreter(study: Workspace) -> None:
    steps = {
        "a1": Step.CLEAN,
        "a2": Step.PROTECT,
        "a3": Step.FIGURES,
        "b1": Step.DOCUMENT,
        "b2": Step.NOTEBOOK,
    }
    jobs = [make_job(study, name, "describe_process", step=step) for name, step in steps.items()]
    assert run(study, jobs, EngineName.SPAWN, at_once=1).done == tuple(steps)
    pids = {name: facts(study, name)["pid"] for name in steps}
    assert pids["a1"] == pids["a2"] == pids["a3"]
    assert len(set(pids.values())) == 3


ENDS = {
    "kill_itself": r"memoria esaurita: .*segnale 9, picco di memoria \d+ MB",
    "leave": "codice 3",
    "run_out_of_memory": "memoria esaurita",
    "break_down": "KeyError",
    "refuse": "il file a.csv non va",
}


@pytest.mark.parametrize("engine", [EngineName.FORK, EngineName.SPAWN])
def test_dead_children_are_reported_and_the_others_go_on(
    study: Workspace, engine: EngineName
) -> None:
    jobs = [make_job(study, action, action) for action in ENDS]
    result = run(study, [*jobs, make_job(study, "buono", reads=("a",))], engine)
    found = {action: str(error) for action, error in result.failed.items()}
    assert found.keys() == ENDS.keys()
    assert [action for action in ENDS if not re.search(ENDS[action], found[action])] == []
    assert result.done == ("buono",)
    assert [path.name for path in study.processed.glob("*.txt")] == ["buono.txt"]


@pytest.mark.parametrize("engine", OWN_PROCESS)
def test_an_overdue_job_is_stopped(study: Workspace, engine: EngineName) -> None:
    os.mkfifo(study.root / "pronto")
    reader = os.open(study.root / "pronto", os.O_RDONLY | os.O_NONBLOCK)
    jobs = [make_job(study, "lento", "wait_forever", timeout=4), make_job(study, "buono")]
    result = run(study, jobs, engine)
    pid = int(os.read(reader, 100))
    os.close(reader)
    assert "fermato dopo 4 secondi" in str(result.failed["lento"])
    assert has_ended(pid)
    assert result.done == ("buono",)
    assert not (study.processed / "lento.txt").exists()


@pytest.mark.parametrize("engine", OWN_PROCESS)
def test_what_a_job_leaves_running_is_ended(study: Workspace, engine: EngineName) -> None:
    assert run(study, [make_job(study, "p", "start_daemon")], engine).done == ("p",)
    assert has_ended(int(text(study, "p")))


@pytest.mark.parametrize("engine", OWN_PROCESS)
def test_printing_disturbs_nobody(study: Workspace, engine: EngineName) -> None:
    assert run(study, [make_job(study, "p", "print_much")], engine).done == ("p",)


def test_losing_the_forking_process_loses_its_jobs_only(study: Workspace) -> None:
    jobs = [make_job(study, "p", "kill_parent"), make_job(study, "q", reads=("a",))]
    result = run(study, jobs, at_once=1)
    assert "segnale 9" in str(result.failed["p"])
    assert result.done == ("q",)
    assert run(study, jobs).done == ("p",)


def test_a_forking_process_that_cannot_start_says_where(
    study: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [sys.executable, "-c", "def load():\n    raise OSError\nload()"]
    monkeypatch.setattr("bgest_analysis.engine.sidecar.COMMAND", broken)
    result = run(study, [make_job(study, "p")])
    assert "codice 1" in str(result.failed["p"])
    assert result.frames["p"] == ("<string>:3 <module>", "<string>:2 load")


def test_a_library_that_starts_threads_makes_jobs_spawn(study: Workspace) -> None:
    from_threads = make_job(study, "p")
    job = Job(**{**vars(from_threads), "action": "tests.lib.engine_threads:write"})
    assert run(study, [job, make_job(study, "q", reads=("a",))], at_once=1).done == ("p", "q")


def test_what_a_real_plan_loads_starts_no_thread(tmp_path: Path) -> None:
    """Otherwise every job would be done in an interpreter of its own, ten times as slowly."""
    example = Workspace(ROOT / "example")
    modules = modules_for(Planner(example, load_study(example), Request()).all_jobs())
    sidecar = Sidecar(tmp_path, modules)
    answer = sidecar.answer()
    sidecar.close()
    assert answer == {"event": "ready", "failed": []}
    assert {"bgest_analysis.engine.actions", "bgest_analysis.notebook.door"} <= set(modules)


RUN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started us may ignore it
import sys
from pathlib import Path
from bgest_analysis.engine import staleness
from bgest_analysis.engine.backend import InlineBackend
from bgest_analysis.engine.engines import EngineName, open_backend
from bgest_analysis.engine.runner import run_jobs
from bgest_analysis.workspace import Workspace
from tests.lib.engine_study import make_job

staleness.code_hash = lambda cache: "c" * 64
staleness.lock_hash = lambda cache: "l" * 64
study = Workspace(Path(sys.argv[1]))
jobs = [make_job(study, "prima", reads=("a",)), make_job(study, "lento", "wait_forever")]
result = run_jobs(study, jobs, open_backend(study, jobs, 1, EngineName(sys.argv[2])))
sys.exit(result.exit_code)
"""


def start_run(study: Workspace, engine: EngineName) -> tuple[subprocess.Popen[bytes], int]:
    """Start a run in a process of its own; return it and the id of its waiting job."""
    os.mkfifo(study.root / "pronto")
    command = [sys.executable, "-c", RUN, str(study.root), engine]
    process = subprocess.Popen(command, start_new_session=True)
    return process, read_ready(study.root / "pronto")


@pytest.mark.parametrize("engine", OWN_PROCESS)
@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.full)]
)
def test_ctrl_c_ends_all_and_keeps_what_is_done(
    study: Workspace, engine: EngineName, number: signal.Signals
) -> None:
    process, child = start_run(study, engine)
    process.send_signal(number)
    assert process.wait() == 130
    assert has_ended(child)
    check_kept(study)


@pytest.mark.parametrize("engine", OWN_PROCESS)
def test_kill_9_leaves_no_process_and_no_half_file(study: Workspace, engine: EngineName) -> None:
    process, child = start_run(study, engine)
    process.kill()
    process.wait()
    assert has_ended(child)
    check_kept(study)


def check_kept(study: Workspace) -> None:
    """Check that the finished job is kept, the other left nothing, and a new run goes on."""
    assert text(study, "prima") == "0:uno{}"
    assert not (study.processed / "lento.txt").exists()
    assert not (study.reports / "run.json").exists()
    jobs = [make_job(study, "prima", reads=("a",)), make_job(study, "lento", reads=("b",))]
    result = run_jobs(study, jobs, InlineBackend())
    assert (result.current, result.done) == (("prima",), ("lento",))
    left = [path.name for path in study.root.rglob("*") if path.name.startswith(".in_corso")]
    assert left == []


def test_the_default_engine_of_this_machine_forks() -> None:
    assert default_engine() is EngineName.FORK


def test_fork_is_refused_elsewhere(study: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bgest_analysis.engine.engines.can_fork", lambda: False)
    assert default_engine() is EngineName.SPAWN
    with pytest.raises(MachineLacks, match="spawn"):
        open_backend(study, [], 1, EngineName.FORK)


@pytest.mark.parametrize(
    "module",
    [
        "stock",
        "kernel_engine",
        *(
            pytest.param(name, marks=pytest.mark.full)
            for name in ("inprocess", "notebooks", "child")
        ),
    ],
)
def test_engine_modules_can_be_imported_first(module: str, tmp_path: Path) -> None:
    """papermill loads registered engines while it is being imported: no circle may result."""
    code = f"import bgest_analysis.engine.{module} as m; print(m.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == (f"bgest_analysis.engine.{module}\n", 0), done.stderr
