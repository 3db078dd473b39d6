"""Small actions for the engine's tests; importable by the processes that tests start."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd

from bgest_analysis.engine.context import current_job
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.notebooks import execute_notebook
from bgest_analysis.errors import SourceError
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Origin
from bgest_analysis.schema.store import write_table
from bgest_analysis.workspace import Workspace

HERE = "tests.lib.engine_actions"


def join(workspace: Workspace, job: Job) -> None:
    """Write the inputs one after the other, then the settings, to every output."""
    text = "".join(path.read_text(encoding="utf-8") for path in job.inputs)
    for place, path in enumerate(job.outputs):
        path.write_text(f"{place}:{text}{json.dumps(dict(job.settings))}", encoding="utf-8")


def write_text(workspace: Workspace, job: Job) -> None:
    """Write ``settings["text"]``."""
    for path in job.outputs:
        path.write_text(job.settings["text"], encoding="utf-8")


def list_wants(workspace: Workspace, job: Job) -> None:
    """Write the names of those wanted files that are there."""
    found = [path.name for path in job.wants if path.is_file()]
    job.outputs[0].write_text(" ".join(found), encoding="utf-8")


def fill_folder(workspace: Workspace, job: Job) -> None:
    """Make files named in the settings in the job's folder."""
    for name in job.settings["names"]:
        (job.folders[0] / name).write_text(name, encoding="utf-8")


def refuse(workspace: Workspace, job: Job) -> None:
    """Fail as a reader does."""
    job.outputs[0].write_text("half", encoding="utf-8")
    raise SourceError("il file {file} non va", file="a.csv")


def break_down(workspace: Workspace, job: Job) -> None:
    """Fail with an unforeseen error whose words hold a personal value."""
    raise KeyError("Mario Rossi")


def forget(workspace: Workspace, job: Job) -> None:
    """Make the first output only."""
    job.outputs[0].write_text("x", encoding="utf-8")


def interrupt(workspace: Workspace, job: Job) -> None:
    """Be interrupted as by Ctrl-C."""
    job.outputs[0].write_text("half", encoding="utf-8")
    raise KeyboardInterrupt


def run_out_of_memory(workspace: Workspace, job: Job) -> None:
    raise MemoryError


def kill_itself(workspace: Workspace, job: Job) -> None:
    """End as by the system's out-of-memory killer, having written half an output."""
    job.outputs[0].write_text("half", encoding="utf-8")
    os.kill(os.getpid(), signal.SIGKILL)


def leave(workspace: Workspace, job: Job) -> None:
    """Exit without saying how it went."""
    os._exit(3)


def wait_forever(workspace: Workspace, job: Job) -> None:
    """Tell its process id through the pipe ``pronto`` and wait for a signal."""
    job.outputs[0].write_text("half", encoding="utf-8")
    tell_ready(workspace)
    signal.pause()


def wait_first_time(workspace: Workspace, job: Job) -> None:
    """Wait for a signal the first time it is done; the second time, make the output."""
    first = workspace.root / "primo"
    if first.exists():
        job.outputs[0].write_text("second", encoding="utf-8")
        return
    first.write_text(str(os.getpid()), encoding="utf-8")
    wait_forever(workspace, job)


def tell_ready(workspace: Workspace) -> None:
    """Write this process's id into the pipe ``pronto``; waits for somebody to read."""
    with open(workspace.root / "pronto", "w", encoding="utf-8") as pipe:
        pipe.write(f"{os.getpid()}\n")


def kill_parent(workspace: Workspace, job: Job) -> None:
    """Kill the forking process, once."""
    done = workspace.root / "ucciso"
    if not done.exists():
        done.touch()
        os.kill(os.getppid(), signal.SIGKILL)
        signal.pause()
    job.outputs[0].write_text("x", encoding="utf-8")


def start_daemon(workspace: Workspace, job: Job) -> None:
    """Leave a process behind and tell its id."""
    left = subprocess.Popen(["sleep", "1000"])
    job.outputs[0].write_text(str(left.pid), encoding="utf-8")


def describe_process(workspace: Workspace, job: Job) -> None:
    """Write what the process is like: its id, seeds, environment, loaded libraries."""
    names = ("PYTHONHASHSEED", "OMP_NUM_THREADS", "TZ", "MPLBACKEND", "MATPLOTLIBRC")
    facts = {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "hash": hash("Bergamo"),
        "random": random.random(),
        "engine": current_job().engine,
        "seed": current_job().seed,
        "environment": {name: os.environ.get(name) for name in names},
        "loaded": sorted({name.partition(".")[0] for name in sys.modules}),
    }
    job.outputs[0].write_text(json.dumps(facts), encoding="utf-8")


def print_much(workspace: Workspace, job: Job) -> None:
    """Print to both streams and beneath Python, which must disturb nobody."""
    print("x" * 100_000)
    print("y" * 100_000, file=sys.stderr)
    os.write(1, b"z" * 100_000)
    job.outputs[0].write_text("done", encoding="utf-8")


def run_notebook(workspace: Workspace, job: Job) -> None:
    """Execute the first input with ``settings["parameters"]``."""
    parameters = job.settings.get("parameters", {})
    execute_notebook(Path(job.inputs[0]), job.outputs[0], parameters, workspace.root)


def write_parquet(workspace: Workspace, job: Job) -> None:
    """Write a table, as the product does."""
    frame = pd.DataFrame({"n": range(1000)})
    write_table(job.outputs[0], frame, Lineage(Origin.SINTETICA))


def change_input(workspace: Workspace, job: Job) -> None:
    """Write what the first input holds, and add to it as somebody else might, so many times."""
    path = job.inputs[0]
    text = path.read_text(encoding="utf-8")
    job.outputs[0].write_text(text, encoding="utf-8")
    if len(text) < job.settings["until"]:
        path.write_text(text + "+", encoding="utf-8")
