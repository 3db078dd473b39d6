"""A pytest plugin, loaded by ``verify`` beside nbval: writes the outcome of each cell, as JSON."""

from __future__ import annotations

import json
import os
from typing import Any

RESULTS = "BGEST_NBVAL_RESULTS"


def pytest_runtest_logreport(report: Any) -> None:
    """Add a line for a cell that was run, or could not be."""
    if report.when == "call" or (report.when == "setup" and report.outcome != "passed"):
        line = json.dumps({"cell": report.nodeid, "outcome": report.outcome})
        with open(os.environ[RESULTS], "a", encoding="utf-8") as stream:
            stream.write(line + "\n")
