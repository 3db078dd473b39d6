"""The traps of running notebooks in forked processes, each in a notebook that would show it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from bgest_analysis.engine.engines import EngineName, open_backend
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.runner import RunResult, run_jobs
from tests.lib.engine_study import make_study, write_notebook

pytestmark = pytest.mark.slow

FIGURE = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
DRAW = "import random, numpy as np\nprint(random.random(), np.random.rand())"
NOTEBOOKS = {
    "figura_a": ("import pandas as pd, matplotlib", FIGURE),
    "figura_b": (FIGURE, "plt.plot([2, 1]);"),
    "caso_a": (DRAW,),
    "caso_b": (DRAW, "1"),
    "opzioni": ("from pandas import options\noptions.display.max_columns, options.display.width",),
    "registro": ("import logging\nlogging.getLogger('x').warning('logged')",),
    "sotto": ("import os\nos.system('echo shell')\nos.write(1, b'beneath');",),
    "stato": ("import pandas as pd, sys\npd.options.display.max_rows = 3\nsys.segno = 1",),
    "stato_dopo": (
        "import pandas, sys\nprint(pandas.options.display.max_rows, 'segno' in dir(sys))",
    ),
    "storia": ("print(get_ipython().history_manager.enabled, In[-1][:5])",),
    "uscita": ("print('a')", "raise SystemExit", "print('mai')"),
}  # fmt: skip
BAD = {
    "valore": ("raise KeyError('Mario Rossi')", "si è fermato alla cella 2 (KeyError)"),
    "nostro": (
        "from bgest_analysis.errors import SourceError\nraise SourceError('manca {x}', x='a')",
        "si è fermato alla cella 2: manca a",
    ),
    "memoria": ("raise MemoryError", "si è fermato alla cella 2: memoria esaurita"),
    "morto": ("import os; os._exit(1)", "senza dire come"),
    "indirizzo": ("object()", "la cella 2 stampa un indirizzo di memoria"),
    "sintassi": ("def", "si è fermato alla cella 2 (SyntaxError)"),
    "tastiera": ("input()", "si è fermato alla cella 2 (EOFError)"),
}


@dataclass(frozen=True)
class Outcome:
    root: Path
    result: RunResult

    def outputs(self, name: str) -> list[Any]:
        nb = nbformat.read(self.root / "reports" / "nb" / f"{name}.ipynb", as_version=4)
        return [item for cell in nb.cells for item in cell.get("outputs", [])]

    def text(self, name: str) -> str:
        return "".join(item.text for item in self.outputs(name) if item.output_type == "stream")


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """Run all the notebooks once, in a process whose logging is switched off."""
    study = make_study(tmp_path_factory.mktemp("trappole") / "studio")
    cells = {name: ("# parameters\nx: int = 1", *found) for name, found in NOTEBOOKS.items()}
    cells |= {name: ("# parameters\nx: int = 1", cell) for name, (cell, _) in BAD.items()}
    jobs = [
        Job(
            id=name,
            step=Step.NOTEBOOK,
            action="tests.lib.engine_actions:run_notebook",
            inputs=(write_notebook(study.root / "notebooks" / f"{name}.ipynb", *found),),
            outputs=(study.reports / "nb" / f"{name}.ipynb",),
        )
        for name, found in cells.items()
    ]
    logging.disable(logging.CRITICAL)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", f"{Path(__file__).parents[2]}")
            yield Outcome(
                study.root, run_jobs(study, jobs, open_backend(study, jobs, 2, EngineName.FORK))
            )
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs(outcome: Outcome, name: str) -> None:
    assert name in outcome.result.done


@pytest.mark.parametrize(("name", "figures"), [("figura_a", 1), ("figura_b", 2)])
def test_figures_are_pictures_though_the_backend_was_loaded_by_another_shell(
    outcome: Outcome, name: str, figures: int
) -> None:
    found = [item for item in outcome.outputs(name) if "image/png" in item.get("data", {})]
    assert len(found) == figures


def test_random_state_is_not_inherited(outcome: Outcome) -> None:
    assert outcome.text("caso_a").split() != outcome.text("caso_b").split()


def test_pandas_knows_that_it_is_in_a_notebook(outcome: Outcome) -> None:
    assert outcome.outputs("opzioni")[0].data["text/plain"] == "(20, 80)"


def test_the_hosts_logging_settings_stay_with_the_host(outcome: Outcome) -> None:
    assert "logged" in outcome.text("registro")


def test_what_is_written_beneath_python_is_kept(outcome: Outcome) -> None:
    assert outcome.text("sotto") == "shell\nbeneath"


def test_no_state_goes_from_one_notebook_to_another(outcome: Outcome) -> None:
    assert outcome.text("stato_dopo") == "60 False\n"


def test_no_history_is_kept_on_the_disk(outcome: Outcome) -> None:
    assert outcome.text("storia") == "False print\n"
    assert not list(outcome.root.rglob("*.sqlite*"))


def test_a_notebook_may_end_itself(outcome: Outcome) -> None:
    assert outcome.text("uscita").startswith("a\n")
    assert "mai" not in outcome.text("uscita")


@pytest.mark.parametrize("name", BAD)
def test_a_failure_says_where_without_values(outcome: Outcome, name: str) -> None:
    message = str(outcome.result.failed[name])
    assert BAD[name][1] in message
    assert "Rossi" not in message
    assert not (outcome.root / "reports" / "nb" / f"{name}.ipynb").exists()


@pytest.mark.parametrize("name", sorted(set(BAD) - {"morto"}))
def test_a_failed_notebook_is_kept_without_values(outcome: Outcome, name: str) -> None:
    file = outcome.root / "reports" / "nb" / "failed" / f"{name}.ipynb"
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    assert "".join(cells[-1]["source"]) == BAD[name][0]
    assert "Rossi" not in json.dumps([cell["outputs"] for cell in cells])


def test_a_success_removes_the_failed_copy(outcome: Outcome) -> None:
    study = make_study(outcome.root.parent / "altro")
    source = study.root / "notebooks" / "x.ipynb"
    job = Job(
        id="x",
        step=Step.NOTEBOOK,
        action="tests.lib.engine_actions:run_notebook",
        inputs=(source,),
        outputs=(study.reports / "nb" / "x.ipynb",),
    )
    for cell, failed in (("1/0", 1), ("1", 0)):
        write_notebook(source, "# parameters\nx: int = 1", cell)
        result = run_jobs(study, [job], open_backend(study, [job], 1, EngineName.FORK))
        assert len(result.failed) == failed
        assert (study.reports / "nb" / "failed").exists() is bool(failed)
