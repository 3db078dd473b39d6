"""The runner for systems that cannot fork safely: a fresh interpreter for each job."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any, cast

from bgest_analysis.engine.context import IN_PROCESS
from bgest_analysis.engine.environment import fixed_environment, prepare_folder
from bgest_analysis.engine.orphans import end_group
from bgest_analysis.engine.perform import OUTPUT, Exit, Report, Task, read_report
from bgest_analysis.engine.sidecar import FOLDER

COMMAND = [sys.executable, "-m", "bgest_analysis.engine.start", "child"]
CAN_INTERRUPT = 1.0  # seconds: on Windows, waiting without a limit cannot be interrupted
MIB = 1 << 20
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class SpawnBackend:
    """Jobs in interpreters of their own.

    Parameters
    ----------
    state
        The study's state folder.
    capacity
        How many at once.
    engine
        Papermill engine for notebooks.
    """

    def __init__(self, state: Path, capacity: int, engine: str = IN_PROCESS) -> None:
        self.engine = engine
        self.capacity = capacity
        self._folder = state / FOLDER
        self._running: dict[str, _Spawned] = {}
        self._ended: queue.SimpleQueue[tuple[str, Exit]] = queue.SimpleQueue()

    def submit(self, task: Task) -> None:
        prepare_folder(self._folder)
        spawned = _Spawned(task, fixed_environment(os.environ, self._folder))
        self._running[task.job.id] = spawned
        threading.Thread(target=self._watch, args=(spawned,), daemon=True).start()

    def _watch(self, spawned: _Spawned) -> None:
        self._ended.put((spawned.task.job.id, spawned.wait()))

    def wait(self) -> Report:
        job_id, ended = self._next_ended()
        return read_report(self._running.pop(job_id).task, ended)

    def _next_ended(self) -> tuple[str, Exit]:
        while True:
            try:
                return self._ended.get(timeout=CAN_INTERRUPT)
            except queue.Empty:
                continue

    def close(self) -> None:
        for spawned in self._running.values():
            spawned.kill()
        while self._running:
            job_id, _ = self._next_ended()
            del self._running[job_id]


class _Spawned:
    """A fresh interpreter at work on a task."""

    def __init__(self, task: Task, env: dict[str, str]) -> None:
        self.task = task
        self.timed_out = False
        with open(task.folder / OUTPUT, "ab") as output:
            self.process = subprocess.Popen(
                COMMAND,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                env=env,
                start_new_session=True,
            )
        self._send(json.dumps(task.to_json()).encode() + b"\n")

    def _send(self, line: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):  # it has ended already: its exit says so
            pipe = cast("IO[bytes]", self.process.stdin)
            pipe.write(line)
            pipe.flush()

    def wait(self) -> Exit:
        """Wait for the end, or bring it about when the time is over."""
        timer = threading.Timer(self.task.timeout or 0, self._overdue)
        if self.task.timeout is not None:
            timer.start()
        code, peak = _wait(self.process)
        timer.cancel()
        end_group_of(self.process)
        self._close_input()
        return Exit(max(code, 0), max(-code, 0), self.timed_out, peak)

    def _close_input(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            cast("IO[bytes]", self.process.stdin).close()

    def _overdue(self) -> None:
        self.timed_out = True
        self.kill()

    def kill(self) -> None:
        """End it and what it started."""
        end_group_of(self.process)


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float | None]:
    """Return exit code (negative: signal) and peak memory in MiB, where the system tells it."""
    if not hasattr(os, "wait4"):
        return process.wait(), None
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, round(usage.ru_maxrss * RSS_UNIT / MIB, 1)


def end_group_of(process: subprocess.Popen[Any]) -> None:
    """End a process with all it started; on Windows the process alone."""
    if hasattr(os, "killpg"):
        end_group(process.pid)
    elif process.poll() is None:
        process.kill()
