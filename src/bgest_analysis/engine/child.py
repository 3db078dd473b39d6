"""The process of a job in a fresh interpreter.

It does the task it reads and ends; of the steps that leave nothing behind one process does
several, one after the other.
"""

from __future__ import annotations

import json
import os
import queue
import threading

from bgest_analysis.engine.capture import Capture
from bgest_analysis.engine.inprocess import close_shell, open_shell
from bgest_analysis.engine.orphans import die_with_parent
from bgest_analysis.engine.perform import DONE, SHARING, Task, do_task, redirect_output
from bgest_analysis.engine.preload import load_modules, modules_for


def main() -> None:
    """Do tasks, one a line of the standard input, telling on the standard output when each is."""
    die_with_parent()
    orders, answers = os.dup(0), os.dup(1)
    tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
    threading.Thread(target=_read_tasks, args=(orders, tasks), daemon=True).start()
    while True:
        task = tasks.get()
        redirect_output(task.folder)
        load_modules(open_shell(Capture()), modules_for([task.job]))
        close_shell()
        done = do_task(task)
        if task.job.step not in SHARING:
            os._exit(0 if done else 1)
        os.write(answers, DONE)


def _read_tasks(orders: int, tasks: queue.SimpleQueue[Task]) -> None:
    """Pass on the tasks that come; when the parent ends or closes its side, end at once."""
    with os.fdopen(orders, "rb") as stream:
        for line in stream:
            tasks.put(Task.from_json(json.loads(line)))
    os._exit(1)
