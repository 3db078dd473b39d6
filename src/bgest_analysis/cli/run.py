"""``bgest run``: says at once that nothing has changed, and only else loads what makes things."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from bgest_analysis.engine.quick import nothing_to_do
from bgest_analysis.errors import DONE
from bgest_analysis.workspace import Workspace

MAKING = "bgest_analysis.cli.making"
NOT_ASKED = frozenset({"verb", "study", "debug", "json", "jobs", "engine"})


def execute(options: argparse.Namespace) -> int:
    """Make everything that was asked for and is not there yet."""
    workspace = Workspace.find(options.study or Path.cwd())
    closing = None if options.rehash else nothing_to_do(workspace, asked_for(options))
    if closing is not None and not options.json:
        print("\n".join(closing))
        return DONE
    return int(importlib.import_module(MAKING).execute(options, workspace))


def asked_for(options: argparse.Namespace) -> list[str]:
    """Return what changes a run's results, in a fixed order."""
    given = {key: value for key, value in vars(options).items() if key not in NOT_ASKED}
    return [f"{key}={value}" for key, value in sorted(given.items())]
