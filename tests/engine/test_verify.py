"""nbval's opinion on executed notebooks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bgest_analysis.engine.engines import EngineName, open_backend
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.runner import run_jobs
from bgest_analysis.engine.verify import choose_sample, verify_notebook
from bgest_analysis.errors import AnalysisFailed
from bgest_analysis.workspace import Workspace
from tests.lib.engine_study import write_notebook

pytestmark = pytest.mark.slow

CELLS = (
    '# parameters\nambito: str = "VCA"',
    "import random, sys, warnings, pandas as pd\nprint(ambito); print('e', file=sys.stderr)",
    "print(random.random())",
    "warnings.warn('attenzione')",
    "pd.DataFrame({'residenti': [17000, 12]})",
    "from IPython.display import display\n"
    "display({'application/vnd.bgest.block+json': {'id': 'b', 'n': [1, None]}}, raw=True)",
)


@pytest.fixture
def job(study: Workspace) -> Job:
    """Return a notebook job that was done by the forking engine."""
    made = Job(
        id="notebook/01/BSE",
        step=Step.NOTEBOOK,
        action="tests.lib.engine_actions:run_notebook",
        inputs=(write_notebook(study.root / "notebooks" / "01.ipynb", *CELLS),),
        outputs=(study.reports / "notebooks" / "BSE" / "01.ipynb",),
        settings={"parameters": {"ambito": "BSE"}},
    )
    result = run_jobs(study, [made], open_backend(study, [made], 1, EngineName.FORK))
    assert result.done == (made.id,)
    return made


def test_nbval_agrees_and_sees_a_changed_output(study: Workspace, job: Job) -> None:
    verdict = verify_notebook(study, job)
    assert (verdict.cells, verdict.differing, verdict.same) == (7, (), True)
    falsify(job.outputs[0], "17000", "17001")
    changed = verify_notebook(study, job)
    assert (changed.differing, changed.same) == ((5,), False)
    assert list((study.state / "verifica").iterdir()) == []


def falsify(path: Path, old: str, new: str) -> None:
    nb = json.loads(path.read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        outputs = json.dumps(cell.get("outputs", [])).replace(old, new)
        if cell["cell_type"] == "code":
            cell["outputs"] = json.loads(outputs)
    path.write_text(json.dumps(nb), encoding="utf-8")


def test_a_notebook_that_was_not_run_cannot_be_verified(study: Workspace) -> None:
    job = Job("notebook/02/BSE", Step.NOTEBOOK, "m:f", outputs=(study.reports / "02.ipynb",))
    with pytest.raises(AnalysisFailed, match="bgest run"):
        verify_notebook(study, job)


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    jobs = [Job(f"notebook/{n:02}", Step.NOTEBOOK, "m:f") for n in range(20)]
    jobs += [Job("index", Step.INDEX, "m:f")]
    chosen = choose_sample(jobs, 4, seed=1)
    assert len(chosen) == 4
    assert chosen == choose_sample(list(reversed(jobs)), 4, seed=1)[::-1]
    assert chosen != choose_sample(jobs, 4, seed=2)
    assert len(choose_sample(jobs, None)) == 20
