"""Where jobs are done: the interface of the runners, and the simplest of them."""

from __future__ import annotations

from collections import deque
from typing import Protocol

from bgest_analysis.engine.context import STOCK
from bgest_analysis.engine.perform import Exit, Report, Task, perform, read_report


class Backend(Protocol):
    """Does tasks, some at once, in processes of its own.

    Attributes
    ----------
    engine
        Papermill engine for notebooks.
    capacity
        How many tasks at once.
    """

    engine: str
    capacity: int

    def submit(self, task: Task) -> None:
        """Start a task; never called with ``capacity`` tasks running."""

    def wait(self) -> Report:
        """Return the report of a task that has ended, waiting for one."""

    def close(self) -> None:
        """End all processes, those at work too."""


class InlineBackend:
    """One job after the other in this very process: for tests and for looking into a job."""

    def __init__(self, engine: str = STOCK) -> None:
        self.engine = engine
        self.capacity = 1
        self._tasks: deque[Task] = deque()

    def submit(self, task: Task) -> None:
        self._tasks.append(task)

    def wait(self) -> Report:
        task = self._tasks.popleft()
        perform(task)
        return read_report(task, Exit())

    def close(self) -> None:
        self._tasks.clear()
