"""The forking process: loads the libraries once and forks a child for each job.

It reads orders from its standard input and answers on its standard output, one JSON line each.
It has one thread, reads no table and opens no ZeroMQ context, so that forking is safe; when its
input ends, its children and it end too.

Orders: ``{"op": "load", "modules": […]}``, ``{"op": "run", "task": {…}}``,
``{"op": "kill", "id": "…"}``. Answers: ``{"event": "ready"}``,
``{"event": "refused", "threads": n}``, ``{"event": "ended", "id": "…", "code": n, …}``.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import time
from dataclasses import dataclass
from typing import Any

import nbformat as untyped_nbformat
from nbformat.validator import validate

from bgest_analysis.engine.capture import Capture
from bgest_analysis.engine.inprocess import close_shell, open_shell
from bgest_analysis.engine.orphans import die_with_parent, end_group
from bgest_analysis.engine.perform import Task, do_task, redirect_output
from bgest_analysis.engine.preload import load_modules, thread_count

KIB = 1024
nbformat: Any = untyped_nbformat


@dataclass
class Child:
    """A job at work."""

    id: str
    pid: int
    handle: int
    deadline: float | None
    timed_out: bool = False


class Zygote:
    """Serves orders until its input ends."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders, self._answers = orders, answers
        self._buffer = b""
        self._children: dict[int, Child] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(orders, selectors.EVENT_READ)

    def serve(self) -> None:
        """Take orders and bury the dead, until nobody orders any more."""
        open_ended = True
        while open_ended:
            for key, _ in self._selector.select(self._time_left()):
                if key.fd == self._orders:
                    open_ended = self._read_orders()
                else:
                    self._bury(self._children.pop(key.fd))
            self._stop_overdue()
        for child in self._children.values():
            end_group(child.pid)
            os.waitpid(child.pid, 0)

    def _time_left(self) -> float | None:
        ends = [c.deadline for c in self._children.values() if c.deadline and not c.timed_out]
        return max(0.0, min(ends) - time.monotonic()) if ends else None

    def _read_orders(self) -> bool:
        piece = os.read(self._orders, 1 << 16)
        *lines, self._buffer = (self._buffer + piece).split(b"\n")
        for line in lines:
            self._obey(json.loads(line))
        return bool(piece)

    def _obey(self, order: dict[str, Any]) -> None:
        if order["op"] == "load":
            self._load(order["modules"])
        elif order["op"] == "run":
            self._fork(Task.from_json(order["task"]))
        elif order["op"] == "kill":
            for child in self._children.values():
                if child.id == order["id"]:
                    end_group(child.pid)

    def _load(self, modules: list[str]) -> None:
        failed = load_modules(open_shell(Capture()), modules)
        close_shell()
        validate(_any_notebook())  # compiles the schema
        threads = thread_count()
        if threads > 1:
            self._answer({"event": "refused", "threads": threads})
            return
        gc.collect()
        gc.freeze()
        self._answer({"event": "ready", "failed": failed})

    def _fork(self, task: Task) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_child(task, parent)
        handle = os.pidfd_open(pid)
        deadline = None if task.timeout is None else time.monotonic() + task.timeout
        self._children[handle] = Child(task.job.id, pid, handle, deadline)
        self._selector.register(handle, selectors.EVENT_READ)

    def _become_child(self, task: Task, parent: int) -> None:
        """Do the job and end; never returns."""
        code = 1
        try:
            os.setsid()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            die_with_parent(parent)
            self._close_inherited()
            redirect_output(task.folder)
            code = 0 if do_task(task) else 1
        finally:
            os._exit(code)

    def _close_inherited(self) -> None:
        self._selector.close()
        for descriptor in (self._orders, self._answers, *self._children):
            os.close(descriptor)

    def _bury(self, child: Child) -> None:
        self._selector.unregister(child.handle)
        os.close(child.handle)
        _, status, usage = os.wait4(child.pid, 0)
        end_group(child.pid)  # whatever it had started and left
        code = os.waitstatus_to_exitcode(status)
        self._answer(
            {
                "event": "ended",
                "id": child.id,
                "code": max(code, 0),
                "signal": max(-code, 0),
                "timed_out": child.timed_out,
                "peak_mb": round(usage.ru_maxrss / KIB, 1),
            }
        )

    def _stop_overdue(self) -> None:
        now = time.monotonic()
        for child in self._children.values():
            if child.deadline is not None and not child.timed_out and now >= child.deadline:
                child.timed_out = True
                end_group(child.pid)

    def _answer(self, data: dict[str, Any]) -> None:
        line = json.dumps(data).encode() + b"\n"
        while line:
            line = line[os.write(self._answers, line) :]


def _any_notebook() -> Any:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])


def main() -> None:
    """Serve on the standard streams; what libraries print while loading goes to stderr."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    Zygote(orders, answers).serve()
