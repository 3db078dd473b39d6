"""The forking process seen from outside: starting it, ordering, reading its answers."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, cast

from bgest_analysis.engine.environment import fixed_environment, prepare_folder
from bgest_analysis.engine.perform import Exit, Task, printed_frames

FOLDER = "ambiente"
COMMAND = [sys.executable, "-m", "bgest_analysis.engine.start", "zygote"]


class Sidecar:
    """A forking process.

    Parameters
    ----------
    state
        The study's state folder, where settings folders and its log stand.
    modules
        What to load before the first job.
    """

    def __init__(self, state: Path, modules: Iterable[str]) -> None:
        folder = state / FOLDER
        prepare_folder(folder)
        self._log = folder / f"zygote-{os.getpid()}-{id(self)}.log"
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=fixed_environment(os.environ, folder),
                start_new_session=True,
            )
        self._stdin = cast("IO[bytes]", self._process.stdin)
        self._stdout = cast("IO[bytes]", self._process.stdout)
        self._order({"op": "load", "modules": list(modules)})

    def run(self, task: Task) -> None:
        """Order a job."""
        self._order({"op": "run", "task": task.to_json()})

    def kill(self, job_id: str) -> None:
        """Order the end of a job."""
        self._order({"op": "kill", "id": job_id})

    def _order(self, data: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError):  # it has ended: the next answer says so
            self._stdin.write(json.dumps(data).encode() + b"\n")
            self._stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Return its next answer, waiting for it; ``{"event": "gone"}`` when it has ended."""
        line = self._stdout.readline()
        if not line.endswith(b"\n"):
            code = self._process.wait()
            end = {"event": "gone", "code": max(code, 0), "signal": max(-code, 0)}
            return {**end, "frames": printed_frames(self._log)}
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        """End it and its children."""
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(BrokenPipeError):  # an order that it will never read
                pipe.close()
        self._process.wait()
        self._log.unlink(missing_ok=True)


def exit_of(answer: dict[str, Any]) -> Exit:
    """Return how a process ended, as an ``ended`` or ``gone`` answer says."""
    return Exit(
        code=answer["code"],
        signal=answer["signal"],
        timed_out=answer.get("timed_out", False),
        peak_mb=answer.get("peak_mb"),
    )
