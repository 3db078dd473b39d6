"""What the forking process loads once for all jobs."""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bgest_analysis.engine.job import Job, Step

SAFE = frozenset(
    {
        "bgest_analysis", "IPython", "matplotlib", "numpy", "pandas", "pyarrow", "scipy",
        "seaborn", "statsmodels",
    }
)  # fmt: skip
ALWAYS = ("numpy.random", "IPython.display", "papermill", "nbformat.validator")
# What libraries import when they are first used: otherwise every child would.
LATE = {
    "pandera": ("pandera.backends.pandas.builtin_checks",),
    "pyarrow": ("pyarrow.parquet", "pyarrow.dataset"),
    "matplotlib": ("matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg"),
    "babel": ("babel.numbers", "babel.dates"),
}


def modules_for(jobs: Sequence[Job]) -> list[str]:
    """Return the modules to load before forking for these jobs.

    Those of their actions, and what their notebooks import as far as it is known to start no
    thread; the rest is imported by each child.
    """
    actions = {job.action.partition(":")[0] for job in jobs}
    notebooks = [job for job in jobs if job.step is Step.NOTEBOOK]
    sources = {path for job in notebooks for path in job.inputs if path.suffix == ".ipynb"}
    wanted = {name for path in sorted(sources) for name in imports_of(path)}
    return [*ALWAYS, *sorted(name for name in wanted if _is_safe(name)), *sorted(actions)]


def _is_safe(name: str) -> bool:
    return name.partition(".")[0] in SAFE


def imports_of(notebook: Path) -> set[str]:
    """Return the modules a notebook's cells import; a file that cannot be read imports none."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return set()  # the job itself will say what is wrong
    sources = ["".join(cell["source"]) for cell in cells if cell.get("cell_type") == "code"]
    return {name for source in sources for name in _imports(source)}


def _imports(source: str) -> Iterable[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return  # a magic command, or the cell's own error
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def load_modules(shell: Any, modules: Iterable[str]) -> list[str]:
    """Import modules through a live shell and return those that could not be.

    Libraries look for a notebook's shell while they are imported (pandas chooses how wide a
    table may be), so it has to be there.
    """
    failed = [name for name in modules if not _load(shell, name)]
    late = [name for package in sorted(LATE) if package in sys.modules for name in LATE[package]]
    return failed + [name for name in late if not _load(shell, name)]


def _load(shell: Any, name: str) -> bool:
    return bool(shell.run_cell(f"import {name}", silent=True).success)


def thread_count() -> int:
    """Return how many threads this process has, those of C libraries too (Linux)."""
    return len(os.listdir("/proc/self/task"))
