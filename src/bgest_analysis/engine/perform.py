"""Doing one job in the process meant for it, and telling the run how it went."""

from __future__ import annotations

import importlib
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bgest_analysis import errors
from bgest_analysis.engine.context import JobContext, job_context
from bgest_analysis.engine.files import read_json, write_json
from bgest_analysis.engine.job import Job, Step, job_from_json
from bgest_analysis.errors import AnalysisFailed, BgestError, machine_fault
from bgest_analysis.text.messages import Message
from bgest_analysis.workspace import PACKAGE_DIR, Workspace

OUTCOME = "esito.json"
OUTPUT = "uscita.txt"
# Steps that leave nothing behind in a process (tables from tables, pictures drawn under their own
# settings): a spawned process may do several of them.
SHARING = frozenset({Step.CLEAN, Step.TIDY, Step.INDICATOR, Step.PROTECT, Step.FIGURES})
DONE = b"done\n"
PRINTED_FRAME = re.compile(r'^ *File "([^"\n]+)", line (\d+), in (\S+)$', re.MULTILINE)


@dataclass(frozen=True)
class Task:
    """A job as it is handed to a process.

    Parameters
    ----------
    job
        With its outputs in the staging folder.
    key
        The job's key.
    engine
        Papermill engine for notebooks.
    workspace
        The study.
    folder
        Where the outcome is written.
    timeout
        Seconds, ``None`` for no limit.
    """

    job: Job
    key: str
    engine: str
    workspace: Workspace
    folder: Path
    timeout: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "job": self.job.to_json(),
            "key": self.key,
            "engine": self.engine,
            "root": str(self.workspace.root),
            "reports": str(self.workspace.reports),
            "folder": str(self.folder),
            "timeout": self.timeout,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Task:
        return Task(
            job_from_json(data["job"]),
            data["key"],
            data["engine"],
            Workspace(Path(data["root"]), Path(data["reports"])),
            Path(data["folder"]),
            data["timeout"],
        )


@dataclass(frozen=True)
class Report:
    """How a job went.

    Parameters
    ----------
    error
        ``None`` if it went well.
    frames
        For a fault of ours, where it was, without any value.
    seconds, peak_mb
        Wall time; peak resident memory in MiB, ``None`` where not known.
    """

    job_id: str
    error: BgestError | None = None
    frames: tuple[str, ...] = ()
    seconds: float = 0.0
    peak_mb: float | None = None


@dataclass(frozen=True)
class Exit:
    """How a job's process ended: its code, or the signal that ended it."""

    code: int = 0
    signal: int = 0
    timed_out: bool = False
    peak_mb: float | None = None


def do_task(task: Task) -> bool:
    """Do a job in a process of its own: in the study's folder, figures going nowhere by chance."""
    os.chdir(task.workspace.root)
    if task.job.step is not Step.NOTEBOOK:
        _leave_inline_figures()
    try:
        return perform(task)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def redirect_output(folder: Path) -> None:
    """Read nothing; print into the task's folder."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = os.open(folder / OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(output)


def _leave_inline_figures() -> None:
    """Take matplotlib off the notebooks' backend; it may be loaded, or be loaded later."""
    os.environ["MPLBACKEND"] = "agg"
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        matplotlib.use("agg")


def perform(task: Task) -> bool:
    """Do a job here, write its outcome in the task's folder, tell whether it went well."""
    start = time.perf_counter()
    with job_context(JobContext(task.engine, task.key)):
        outcome = _attempt(task)
    outcome["seconds"] = round(time.perf_counter() - start, 3)
    write_json(task.folder / OUTCOME, outcome)
    return bool(outcome["ok"])


def _attempt(task: Task) -> dict[str, Any]:
    try:
        resolve_action(task.job.action)(task.workspace, task.job)
    except BgestError as error:
        return _failed(error)
    except MemoryError:
        return _failed(AnalysisFailed("{job}: memoria esaurita", job=task.job.id))
    except OSError as fault:
        lacks = machine_fault(fault)
        return _describe_fault(task.job, fault) if lacks is None else _failed(lacks)
    except Exception as fault:  # noqa: BLE001  the edge of a job: whatever it is, the others go on
        return _describe_fault(task.job, fault)
    return {"ok": True}


def _failed(error: BgestError, frames: Sequence[str] = ()) -> dict[str, Any]:
    return {"ok": False, "error": error_to_json(error), "frames": list(frames)}


def resolve_action(name: str) -> Callable[[Workspace, Job], None]:
    """Return the function named ``module:function``."""
    module, _, function = name.partition(":")
    found: Callable[[Workspace, Job], None] = getattr(importlib.import_module(module), function)
    return found


def _describe_fault(job: Job, fault: Exception) -> dict[str, Any]:
    """Describe an unforeseen error by class and place; its words may hold personal values."""
    steps = traceback.extract_tb(fault.__traceback__)
    frames = [f"{_short(step.filename)}:{step.lineno} {step.name}" for step in steps]
    error = AnalysisFailed(
        "{job}: errore del programma {error} in {where}",
        job=job.id,
        error=type(fault).__name__,
        where=frames[-1] if frames else "?",
    )
    return _failed(error, frames)


def _short(filename: str) -> str:
    path = Path(filename)
    return (
        path.relative_to(PACKAGE_DIR).as_posix() if path.is_relative_to(PACKAGE_DIR) else path.name
    )


def error_to_json(error: BgestError) -> dict[str, Any]:
    """Return plain JSON data; ``error_from_json`` is its inverse."""
    return {"class": type(error).__name__, "message": error.message.to_json()}


def error_from_json(data: Mapping[str, Any]) -> BgestError:
    """Rebuild an error; a class that is not of our tree becomes ``AnalysisFailed``."""
    found = getattr(errors, data["class"], None)
    message = Message.from_json(data["message"])
    if isinstance(found, type) and issubclass(found, BgestError):
        return found(message.template, **message.values)
    return AnalysisFailed(message.template, **message.values)


def read_report(task: Task, ended: Exit) -> Report:
    """Return how a job went, from what it wrote and from how its process ended."""
    outcome = read_json(task.folder / OUTCOME)
    peak = ended.peak_mb
    if ended.timed_out or ended.signal or outcome is None:
        frames = printed_frames(task.folder / OUTPUT)
        return Report(task.job.id, _violent_end(task, ended), frames, peak_mb=peak)
    if outcome["ok"]:
        return Report(task.job.id, seconds=outcome["seconds"], peak_mb=peak)
    error, frames = error_from_json(outcome["error"]), tuple(outcome["frames"])
    return Report(task.job.id, error, frames, outcome["seconds"], peak)


def printed_frames(output: Path) -> tuple[str, ...]:
    """Return the places named by a traceback that a process printed while it ended."""
    try:
        text = output.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ()
    return tuple(
        f"{_short(file)}:{line} {name}" for file, line, name in PRINTED_FRAME.findall(text)
    )


SIGKILL = 9


def _violent_end(task: Task, ended: Exit) -> AnalysisFailed:
    values = {"job": task.job.id, "signal": str(ended.signal), "peak": ended.peak_mb}
    if ended.timed_out:
        return AnalysisFailed(
            "{job}: fermato dopo {seconds:int} secondi, il tempo massimo",
            job=task.job.id,
            seconds=task.timeout,
        )
    if ended.signal == SIGKILL:
        return AnalysisFailed(
            "{job}: memoria esaurita: il sistema ha chiuso il processo (segnale {signal}, "
            "picco di memoria {peak:int} MB); provare con --jobs 1",
            **values,
        )
    if ended.signal:
        return AnalysisFailed(
            "{job}: il processo si è interrotto (segnale {signal}, picco di memoria {peak:int} MB)",
            **values,
        )
    return AnalysisFailed(
        "{job}: il processo è finito con codice {code} senza dire come",
        job=task.job.id,
        code=str(ended.code),
    )
