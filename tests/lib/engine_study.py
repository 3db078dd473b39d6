"""A study's folder and jobs in two lines, for the engine's tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

from bgest_analysis.engine.job import Job, Step
from bgest_analysis.workspace import Workspace
from tests.lib.engine_actions import HERE


def make_study(root: Path, **files: str) -> Workspace:
    """Return a study whose raw folder has the files ``name=text``, with the suffix ``.txt``."""
    workspace = Workspace(root)
    workspace.raw.mkdir(parents=True)
    workspace.study_file.write_text("versione = 1\n", encoding="utf-8")
    for name, text in files.items():
        (workspace.raw / f"{name}.txt").write_text(text, encoding="utf-8")
    return workspace


def make_job(workspace: Workspace, name: str, action: str = "join", **parts: Any) -> Job:
    """Return a job that makes ``data/processed/<name>.txt`` from files named in ``reads``."""
    reads = parts.pop("reads", ())
    outputs = parts.pop("makes", (workspace.processed / f"{name}.txt",))
    return Job(
        id=name,
        step=parts.pop("step", Step.CLEAN),
        action=f"{HERE}:{action}",
        inputs=tuple(_find(workspace, item) for item in reads),
        outputs=tuple(outputs),
        **parts,
    )


def _find(workspace: Workspace, name: str) -> Path:
    raw = workspace.raw / f"{name}.txt"
    return raw if raw.is_file() else workspace.processed / f"{name}.txt"


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of code cells; one that starts with ``# parameters`` gets the tag."""
    made = []
    for place, source in enumerate(cells):
        tags = {"tags": ["parameters"]} if source.startswith("# parameters") else {}
        made.append(nbformat.v4.new_code_cell(source, id=f"cell-{place}", metadata=tags))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=made)), encoding="utf-8")
    return path
