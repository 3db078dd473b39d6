"""The action of the benchmark's jobs: an executed notebook and, as the peers make, its HTML."""

from __future__ import annotations

from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from bgest_analysis.engine.files import write_whole
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.notebooks import execute_notebook
from bgest_analysis.workspace import Workspace


def warm_exporter() -> HTMLExporter:
    """Return an exporter that has loaded what it loads at its first notebook."""
    exporter = HTMLExporter()
    shown = {"text/plain": "1", "text/html": "<b>1</b>", "image/png": "AAAA"}
    outputs = [new_output("stream", text="x"), new_output("display_data", shown)]
    cells = [new_markdown_cell("# a"), new_code_cell("import a\na.b('c', 1)  # d", outputs=outputs)]
    exporter.from_notebook_node(new_notebook(cells=cells))
    return exporter


EXPORTER = warm_exporter()  # when the forking process imports this, not in every child


def execute(workspace: Workspace, job: Job) -> None:
    """Execute the job's notebook for its district."""
    source, data = job.inputs
    folder = data.parent.relative_to(workspace.root).as_posix()
    parameters = {"distretto": job.settings["distretto"], "cartella": folder}
    nb = execute_notebook(source, job.outputs[0], parameters, workspace.root)
    for path in job.outputs[1:]:
        body, _ = EXPORTER.from_notebook_node(nb, resources={"metadata": {"name": path.stem}})
        write_whole(path, body)
