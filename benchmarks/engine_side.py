"""Our side of the engine's benchmarks, as a process: what ``bgest run`` is for the product.

python benchmarks/engine_side.py WORK --jobs 70 --at-once 2 [--engine fork] [--html] [--empty]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.quick import nothing_to_do, remember_run
from bgest_analysis.workspace import Workspace

HERE = Path(__file__).resolve().parent
EMPTY = "vuoto"


def main() -> int:
    """Run, unless nothing has changed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--jobs", type=int, default=70)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--engine", default="fork")
    parser.add_argument("--html", action="store_true")
    parser.add_argument("--empty", action="store_true")
    options = parser.parse_args()
    workspace = Workspace(options.work)
    if nothing_to_do(workspace, sys.argv[1:]) is not None:
        return 0
    return work(workspace, options)


def work(workspace: Workspace, options: argparse.Namespace) -> int:
    """Run the stale jobs."""
    from bgest_analysis.engine.engines import EngineName, open_backend
    from bgest_analysis.engine.runner import run_jobs

    jobs = plan(workspace, options)
    backend = open_backend(workspace, jobs, options.at_once, EngineName(options.engine))
    result = run_jobs(workspace, jobs, backend)
    for name, error in result.failed.items():
        print(name, error, file=sys.stderr)
    print(len(result.done), "done")
    if not result.failed:
        remember_run(workspace, sys.argv[1:], jobs, {"fatti": len(result.done)})
    return result.exit_code


def plan(workspace: Workspace, options: argparse.Namespace) -> list[Job]:
    """Return the benchmark's jobs."""
    from engine_pairs import pairs

    notebooks = workspace.root / "notebooks"
    jobs = []
    for number, (model, district) in enumerate(pairs(options.jobs)):
        name = EMPTY if options.empty else model
        base = workspace.reports / "notebooks" / f"{number:04}-{name}-{district}"
        outputs = [base.with_suffix(".ipynb"), base.with_suffix(".html")]
        jobs.append(
            Job(
                id=base.name,
                step=Step.NOTEBOOK,
                action="engine_html:execute",
                inputs=(notebooks / f"{name}.ipynb", workspace.raw / f"{district}.csv"),
                outputs=tuple(outputs if options.html else outputs[:1]),
                settings={"distretto": district},
            )
        )
    return jobs


if __name__ == "__main__":
    sys.exit(main())
