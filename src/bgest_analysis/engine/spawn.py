"""The runner for systems that cannot fork safely: fresh interpreters."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, cast

from bgest_analysis.engine.context import IN_PROCESS
from bgest_analysis.engine.environment import fixed_environment, prepare_folder
from bgest_analysis.engine.orphans import end_group
from bgest_analysis.engine.perform import DONE, OUTPUT, SHARING, Exit, Report, Task, read_report
from bgest_analysis.engine.sidecar import FOLDER

COMMAND = [sys.executable, "-m", "bgest_analysis.engine.start", "child"]
CAN_INTERRUPT = 1.0  # seconds: on Windows, waiting without a limit cannot be interrupted
MIB = 1 << 20
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class SpawnBackend:
    """Jobs in interpreters of their own; steps that leave nothing behind share some.

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
        self._running: dict[str, tuple[Task, Interpreter]] = {}
        self._idle: list[Interpreter] = []
        self._ended: queue.SimpleQueue[tuple[str, Exit]] = queue.SimpleQueue()

    def submit(self, task: Task) -> None:
        sharing = task.job.step in SHARING and self._idle
        interpreter = self._idle.pop() if sharing else self._start(task)
        self._running[task.job.id] = task, interpreter
        interpreter.send(task)
        threading.Thread(target=self._watch, args=(task, interpreter), daemon=True).start()

    def _start(self, task: Task) -> Interpreter:
        prepare_folder(self._folder)
        return Interpreter(fixed_environment(os.environ, self._folder), task.folder / OUTPUT)

    def _watch(self, task: Task, interpreter: Interpreter) -> None:
        self._ended.put((task.job.id, interpreter.wait(task.timeout)))

    def wait(self) -> Report:
        job_id, ended = self._next_ended()
        task, interpreter = self._running.pop(job_id)
        if interpreter.is_alive:
            self._idle.append(interpreter)
        return read_report(task, ended)

    def _next_ended(self) -> tuple[str, Exit]:
        while True:
            try:
                return self._ended.get(timeout=CAN_INTERRUPT)
            except queue.Empty:
                continue

    def close(self) -> None:
        for _, interpreter in self._running.values():
            interpreter.kill()
        while self._running:
            job_id, _ = self._next_ended()
            del self._running[job_id]
        for interpreter in self._idle:
            interpreter.kill()
            interpreter.wait(None)
        self._idle.clear()


class Interpreter:
    """A fresh interpreter that does the tasks it is sent, one at a time.

    Parameters
    ----------
    env
        Its environment.
    log
        Where it says why it could not start.
    """

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self.is_alive = True
        self._timed_out = False
        with open(log, "ab") as stderr:
            self._process = subprocess.Popen(
                COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=env,
                start_new_session=True,
            )
        self._stdin = cast("IO[bytes]", self._process.stdin)
        self._stdout = cast("IO[bytes]", self._process.stdout)

    def send(self, task: Task) -> None:
        """Give it a task."""
        with contextlib.suppress(BrokenPipeError):  # it has ended already: its exit says so
            self._stdin.write(json.dumps(task.to_json()).encode() + b"\n")
            self._stdin.flush()

    def wait(self, timeout: float | None) -> Exit:
        """Wait until the task is done or the process has ended, by itself or overdue."""
        timer = threading.Timer(timeout or 0, self._overdue)
        if timeout is not None:
            timer.start()
        line = self._stdout.readline()
        timer.cancel()
        return Exit() if line == DONE else self._bury()

    def _bury(self) -> Exit:
        code, peak = _wait(self._process)
        self.is_alive = False
        self.kill()  # whatever it had started and left
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        return Exit(max(code, 0), max(-code, 0), self._timed_out, peak)

    def _overdue(self) -> None:
        self._timed_out = True
        self.kill()

    def kill(self) -> None:
        """End it and what it started; on Windows itself alone."""
        if hasattr(os, "killpg"):
            end_group(self._process.pid)
        elif self._process.poll() is None:
            self._process.kill()


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float | None]:
    """Return exit code (negative: signal) and peak memory in MiB, where the system tells it."""
    if not hasattr(os, "wait4"):
        return process.wait(), None
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, round(usage.ru_maxrss * RSS_UNIT / MIB, 1)
