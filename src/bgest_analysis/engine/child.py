"""The process of one job in a fresh interpreter: does the task it reads, and ends."""

from __future__ import annotations

import json
import os
import sys

from bgest_analysis.engine.capture import Capture
from bgest_analysis.engine.inprocess import close_shell, open_shell
from bgest_analysis.engine.orphans import die_with_parent, end_with_input
from bgest_analysis.engine.perform import Task, do_task
from bgest_analysis.engine.preload import load_modules, modules_for


def main() -> None:
    """Read a task from the first line of the standard input and do it."""
    die_with_parent()
    task = Task.from_json(json.loads(sys.stdin.buffer.readline()))
    end_with_input(sys.stdin.buffer)
    load_modules(open_shell(Capture()), modules_for([task.job]))
    close_shell()
    done = do_task(task)
    os._exit(0 if done else 1)
