"""An independent opinion on executed notebooks: nbval runs them again on stock kernels.

nbval, not we, starts the kernel, sends the cells and compares what comes back with what the
notebook holds, cell by cell; texts, pages and blocks are compared, pictures only as far as they
stand in pages (nbval itself skips PNG).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bgest_analysis.engine.environment import SEED, fixed_environment, prepare_folder
from bgest_analysis.engine.files import write_json
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.sidecar import FOLDER
from bgest_analysis.engine.state import Record, State
from bgest_analysis.errors import AnalysisFailed
from bgest_analysis.workspace import Workspace

KERNEL = "bgest"
KERNEL_ARGV = [sys.executable, "-m", "bgest_analysis.engine.kernel", "-f", "{connection_file}"]
WORK = "verifica"
RESULTS = "celle.jsonl"
CELL_SECONDS = 600


@dataclass(frozen=True)
class Verdict:
    """What nbval found in one notebook.

    Parameters
    ----------
    cells
        Number of code cells compared.
    differing
        Numbers (from 0, code cells only) of those that failed or came out otherwise.
    """

    job_id: str
    cells: int
    differing: tuple[int, ...]

    @property
    def same(self) -> bool:
        return self.cells > 0 and not self.differing


def choose_sample(jobs: Sequence[Job], count: int | None, seed: int = 0) -> list[Job]:
    """Return notebook jobs to verify: all, or so many, the same ones for the same seed."""
    notebooks = [job for job in jobs if job.step is Step.NOTEBOOK]
    if count is None or count >= len(notebooks):
        return notebooks
    drawn = sorted(notebooks, key=lambda job: hashlib.sha256(f"{seed}\0{job.id}".encode()).digest())
    chosen = {job.id for job in drawn[:count]}
    return [job for job in notebooks if job.id in chosen]


def verify_notebook(workspace: Workspace, job: Job) -> Verdict:
    """Run an executed notebook again under nbval and compare.

    Raises
    ------
    AnalysisFailed
        If the notebook was not executed, or nbval could not judge it.
    """
    record = State(workspace.state).get(job.id)
    executed = next((path for path in job.outputs if path.suffix == ".ipynb"), None)
    if record is None or executed is None or not executed.is_file():
        raise AnalysisFailed("{job}: nessun notebook eseguito; bgest run", job=job.id)
    folder = workspace.state / WORK / hashlib.sha256(job.id.encode()).hexdigest()[:16]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        shutil.copyfile(executed, folder / executed.name)
        _run_nbval(workspace, folder, executed.name, record)
        return _read_verdict(job, folder / RESULTS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_nbval(workspace: Workspace, folder: Path, name: str, record: Record) -> None:
    (folder / "sostituzioni.cfg").write_text(_sanitizing(workspace), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "bgest_analysis.engine.nbval_report"]
    command += ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(folder), "-q"]
    command += ["--nbval", "--nbval-kernel-name", KERNEL, "--nbval-cell-timeout", str(CELL_SECONDS)]
    command += ["--nbval-sanitize-with", str(folder / "sostituzioni.cfg"), str(folder / name)]
    subprocess.run(
        command,
        cwd=folder,
        env=_environment(workspace, folder, record),
        capture_output=True,
        check=False,
    )


def _environment(workspace: Workspace, folder: Path, record: Record) -> dict[str, str]:
    settings = workspace.state / FOLDER
    prepare_folder(settings)
    spec = {"argv": KERNEL_ARGV, "display_name": KERNEL, "language": "python"}
    write_json(folder / "jupyter" / "kernels" / KERNEL / "kernel.json", spec)
    return {
        **fixed_environment(os.environ, settings),
        "JUPYTER_PATH": str(folder / "jupyter"),
        "BGEST_NBVAL_RESULTS": str(folder / RESULTS),
        SEED: str(int(record.key[:8], 16)),
    }


def _sanitizing(workspace: Workspace) -> str:
    """Return nbval's replacements for what ``normalise`` takes out: folders, names of cells."""
    folders = {sys.prefix: "<python>", str(workspace.root): "<studio>"}
    rules = [(_escape(folder), name) for folder, name in folders.items()]
    rules.append((r"<ipython-input-\d+-[0-9a-f]+>|\S*/ipykernel_\d+/\d+\.py", "<cella>"))
    sections = [
        f"[regola{number}]\nregex: {regex}\nreplace: {name}\n"
        for number, (regex, name) in enumerate(rules)
    ]
    return "\n".join(sections)


def _escape(folder: str) -> str:
    return "".join(f"[{char}]" if char in "[](){}.+*?|$ " else char for char in folder)


def _read_verdict(job: Job, results: Path) -> Verdict:
    lines = results.read_text(encoding="utf-8").splitlines() if results.is_file() else []
    if not lines:
        raise AnalysisFailed("{job}: nbval non ha potuto confrontare il notebook", job=job.id)
    cells = [json.loads(line) for line in lines]
    differing = tuple(number for number, cell in enumerate(cells) if cell["outcome"] != "passed")
    return Verdict(job.id, len(cells), differing)
