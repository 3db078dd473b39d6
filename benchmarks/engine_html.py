"""The action of the benchmark's jobs: an executed notebook and, as the peers make, its HTML."""

from __future__ import annotations

from nbconvert import HTMLExporter

from bgest_analysis.engine.files import write_whole
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.notebooks import execute_notebook
from bgest_analysis.workspace import Workspace

EXPORTER = HTMLExporter()
EXPORTER.template  # noqa: B018  compiled once, before forking


def execute(workspace: Workspace, job: Job) -> None:
    """Execute the job's notebook for its district."""
    source, data = job.inputs
    folder = data.parent.relative_to(workspace.root).as_posix()
    parameters = {"distretto": job.settings["distretto"], "cartella": folder}
    nb = execute_notebook(source, job.outputs[0], parameters, workspace.root)
    for path in job.outputs[1:]:
        body, _ = EXPORTER.from_notebook_node(nb, resources={"metadata": {"name": path.stem}})
        write_whole(path, body)
