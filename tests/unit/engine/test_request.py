"""A request is checked at once, with nothing loaded that makes things."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bgest_analysis.engine.job import Step
from bgest_analysis.engine.plan import Planner
from bgest_analysis.engine.request import Request, check_request
from bgest_analysis.errors import ParamsError
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace

EXAMPLE = Workspace(Path(__file__).parents[3] / "example")
HEAVY = ("IPython", "matplotlib", "nbformat", "papermill", "scipy", "statsmodels")
REFUSED = f"""
import sys
from bgest_analysis.cli.main import main
code = main(["run", "--study", {str(EXAMPLE.root)!r}, "--parameter", "pippo=1"])
print(code, [name for name in {HEAVY!r} if name in sys.modules])
"""


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (Request(areas=("EST",)), "aree sconosciute EST"),
        (Request(notebooks=("99_nulla",)), "analisi sconosciute 99_nulla"),
        (Request(parameters={"pippo": 1}), "parametri sconosciuti pippo"),
        (Request(notebooks=("01_territorio",), parameters={"trimestre": "x"}), "trimestre"),
        (Request(parameters={"anno": "2023"}), "anno vuole int, non str"),
        (Request(parameters={"anno": True}), "anno vuole int, non bool"),
        (Request(parameters={"ambito": "EST"}), "l'area EST"),
        (Request(parameters={"codifica": "../fuori"}), "caratteri non ammessi"),
        (Request(parameters={"codifica": 'x"; y'}), "caratteri non ammessi"),
    ],
)
def test_what_is_asked_wrongly_is_refused(request_: Request, said: str) -> None:
    with pytest.raises(ParamsError, match=said):
        check_request(EXAMPLE, load_study(EXAMPLE), request_)


def test_what_is_asked_rightly_passes() -> None:
    rightly = Request(areas=("ES1",), parameters={"anno": 2022})
    assert check_request(EXAMPLE, load_study(EXAMPLE), rightly) is None


def test_a_refusal_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", REFUSED], capture_output=True, text=True, check=False
    )
    assert done.stdout == "2 []\n", done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_notebook_waits_for_the_results_it_reads_whichever_their_number() -> None:
    jobs = Planner(EXAMPLE, load_study(EXAMPLE), Request(areas=("ES1",))).all_jobs()
    by_id = {job.id: job for job in jobs if job.step is Step.NOTEBOOK}
    reader = by_id["notebook/03_modello_mediazione/ES1"]
    assert by_id["notebook/04_copertura_equita/ES1"].outputs[1] in reader.wants
    alone = Request(areas=("ES1",), notebooks=("03_modello_mediazione",))
    [again] = [
        job
        for job in Planner(EXAMPLE, load_study(EXAMPLE), alone).all_jobs()
        if job.step is Step.NOTEBOOK
    ]
    assert EXAMPLE.results_table("ris_04_copertura_equita", "ES1") in again.wants
