"""A module that starts a thread when it is imported, as some libraries do."""

from __future__ import annotations

import threading

from bgest_analysis.engine.job import Job
from bgest_analysis.workspace import Workspace

STOP = threading.Event()
threading.Thread(target=STOP.wait, daemon=True).start()


def write(workspace: Workspace, job: Job) -> None:
    job.outputs[0].write_text("done", encoding="utf-8")
