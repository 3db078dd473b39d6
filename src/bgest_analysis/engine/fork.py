"""The fast runner on Linux: a child forked from a loaded process for each job."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bgest_analysis.engine.context import IN_PROCESS
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.perform import Report, Task, read_report
from bgest_analysis.engine.preload import modules_for
from bgest_analysis.engine.sidecar import Sidecar, exit_of
from bgest_analysis.engine.spawn import SpawnBackend

logger = logging.getLogger(__name__)


class ForkBackend:
    """Jobs in children of a sidecar process.

    Parameters
    ----------
    state
        The study's state folder.
    jobs
        The plan: what its jobs need is loaded before forking.
    capacity
        How many children at once.
    engine
        Papermill engine for notebooks.
    """

    def __init__(
        self, state: Path, jobs: Sequence[Job], capacity: int, engine: str = IN_PROCESS
    ) -> None:
        self.engine = engine
        self.capacity = capacity
        self._state = state
        self._modules = modules_for(jobs)
        self._sidecar: Sidecar | None = None
        self._running: dict[str, Task] = {}
        self._instead: SpawnBackend | None = None

    def submit(self, task: Task) -> None:
        if self._instead is not None:
            self._instead.submit(task)
            return
        self._running[task.job.id] = task
        self._open_sidecar().run(task)

    def _open_sidecar(self) -> Sidecar:
        if self._sidecar is None:
            self._sidecar = Sidecar(self._state, self._modules)
        return self._sidecar

    def wait(self) -> Report:
        while self._instead is None:
            answer = self._open_sidecar().answer()
            if answer["event"] == "ended":
                return read_report(self._running.pop(answer["id"]), exit_of(answer))
            if answer["event"] == "gone":
                return self._bury_sidecar(answer)
            if answer["event"] == "refused":
                self._instead = self._spawn_instead(answer["threads"])
        return self._instead.wait()

    def _bury_sidecar(self, answer: dict[str, Any]) -> Report:
        """Report one of the jobs that went down with the forking process; the rest follow."""
        task = self._running.pop(next(iter(self._running)))
        if not self._running:
            self._close_sidecar()  # the next job gets a new one
        report = read_report(task, exit_of(answer))
        return replace(report, frames=report.frames or tuple(answer["frames"]))

    def _spawn_instead(self, threads: int) -> SpawnBackend:
        logger.warning("forking refused: a library started threads (%d in all)", threads)
        self._close_sidecar()
        spawning = SpawnBackend(self._state, self.capacity, self.engine)
        for task in self._running.values():
            spawning.submit(task)
        self._running.clear()
        return spawning

    def _close_sidecar(self) -> None:
        if self._sidecar is not None:
            self._sidecar.close()
            self._sidecar = None

    def close(self) -> None:
        self._close_sidecar()
        self._running.clear()
        if self._instead is not None:
            self._instead.close()
