from __future__ import annotations

from pathlib import Path

import pytest

from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.preload import imports_of, modules_for
from tests.lib.engine_study import write_notebook

CELLS = (
    "# parameters\nx: int = 1",
    "import pandas as pd, torch\nimport statsmodels.formula.api as smf",
    "from scipy import stats\nfrom . import vicino\nfrom bgest_analysis.notebook.door import start",
    "%matplotlib inline\nimport seaborn",
    "def",
)


def test_imports_are_read_from_the_source(tmp_path: Path) -> None:
    found = imports_of(write_notebook(tmp_path / "x.ipynb", *CELLS))
    expected = {"pandas", "torch", "statsmodels.formula.api", "scipy"}
    assert found == expected | {"bgest_analysis.notebook.door"}


@pytest.mark.parametrize("text", ["", "{", "{}", "\xff"])
def test_a_file_that_is_no_notebook_imports_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.ipynb").write_bytes(text.encode("latin-1"))
    assert imports_of(tmp_path / "x.ipynb") == set()


def test_only_what_starts_no_thread_is_loaded_before_forking(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "x.ipynb", *CELLS)
    jobs = [
        Job("a", Step.NOTEBOOK, "pacchetto.azioni:notebook", inputs=(source,)),
        Job("b", Step.CLEAN, "pacchetto.altre:clean", inputs=(tmp_path / "y.csv",)),
    ]
    modules = modules_for(jobs)
    assert {"pandas", "scipy", "pacchetto.azioni", "pacchetto.altre", "papermill"} <= set(modules)
    assert "torch" not in modules
    assert "seaborn" not in modules
