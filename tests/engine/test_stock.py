"""Notebooks on real kernels, through papermill."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from bgest_analysis.engine.context import JobContext, job_context
from bgest_analysis.engine.environment import fixed_environment, prepare_folder
from bgest_analysis.engine.notebooks import execute_notebook, extract_blocks, extract_results
from bgest_analysis.errors import AnalysisFailed
from tests.lib.engine_study import write_notebook

pytestmark = pytest.mark.slow

CELLS = (
    '# parameters\nambito: str = "VCA"\nsoglia: int = 5',
    "import os, random, sys\nimport numpy as np\nimport pandas as pd",
    "print(ambito, soglia, hash('Bergamo'), random.random(), np.random.rand())",
    "print(os.environ['TZ'], os.environ['OMP_NUM_THREADS'], sys.executable)",
    "pd.DataFrame({'comune': ['Albino'], 'residenti': [17000]})",
    "from IPython.display import display\n"
    "display({'application/vnd.bgest.block+json': {'id': 'b1'}, 'text/plain': 'b'}, raw=True)\n"
    "display({'application/vnd.bgest.result+json': {'stima': 1.5}, 'text/plain': 'r'}, raw=True)",
)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder whose name is hard on templates, with the engine's environment set."""
    folder = tmp_path / "città {x} di prova"
    prepare_folder(folder / "ambiente")
    for name, value in fixed_environment({}, folder / "ambiente").items():
        monkeypatch.setenv(name, value)
    return folder


def test_a_notebook_is_run_with_its_parameters(study: Path) -> None:
    source = write_notebook(study / "notebooks" / "01.ipynb", *CELLS)
    output = study / "out" / "01.ipynb"
    with job_context(JobContext(key="ab" * 32)):
        nb = execute_notebook(source, output, {"ambito": "BSE"}, study)
    assert nbformat.read(output, as_version=4) == nb
    words = nb.cells[3].outputs[0].text.split()
    assert words[:2] == ["BSE", "5"]
    assert nb.cells[4].outputs[0].text.split()[:3] == ["UTC", "1", "<python>/bin/python"]
    assert extract_blocks(nb) == [{"id": "b1"}]
    assert extract_results(nb) == [{"stima": 1.5}]
    assert str(study) not in output.read_text(encoding="utf-8")


@pytest.mark.full
def test_the_same_key_gives_the_same_bytes(study: Path) -> None:
    source = write_notebook(study / "01.ipynb", *CELLS)
    texts = []
    for name in ("a", "b"):
        with job_context(JobContext(key="ab" * 32)):
            execute_notebook(source, study / f"{name}.ipynb", {"ambito": "BSE"}, study)
        texts.append((study / f"{name}.ipynb").read_bytes())
    assert texts[0] == texts[1]


def test_a_file_that_is_no_notebook_is_refused(study: Path) -> None:
    (study / "x.ipynb").write_text("ciao", encoding="utf-8")
    with pytest.raises(AnalysisFailed, match="non è un notebook"):
        execute_notebook(study / "x.ipynb", study / "o.ipynb", {}, study)
