"""Tables that no job makes any more: their source is gone, and nothing may read them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bgest_analysis.engine.job import Job, Step
from bgest_analysis.workspace import Workspace


def retire_tables(workspace: Workspace, jobs: Sequence[Job]) -> tuple[Path, ...]:
    """Remove the tables of earlier runs that a whole plan does not make, and return them.

    The results of analyses that were only not asked for stay; those of analyses that can no
    longer run go. A plan whose entry page does not say what is
    lacking is not whole, and retires nothing.
    """
    index = next((job for job in jobs if job.step is Step.INDEX), None)
    if index is None or "mancano" not in index.settings:
        return ()
    made = {path for job in jobs for path in job.outputs}
    gone = [path for path in _tables(workspace) if path not in made]
    lacking = index.settings["mancano"]
    results = (workspace.protected / "ris").glob("*/ris_*.parquet")
    gone += [path for path in results if path.stem.removeprefix("ris_") in lacking]
    for path in gone:
        path.unlink()
    return tuple(gone)


def _tables(workspace: Workspace) -> Iterable[Path]:
    for prefix in ("tidy_", "ind_"):
        yield from sorted(workspace.processed.glob(f"{prefix}*.parquet"))
