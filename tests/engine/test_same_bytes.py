"""A notebook that does awkward things comes out the same, byte by byte, from every engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from bgest_analysis.engine.engines import EngineName, open_backend
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.runner import RunResult, run_jobs
from bgest_analysis.workspace import Workspace
from tests.lib.engine_study import make_job, make_study, write_notebook

pytestmark = pytest.mark.slow

AWKWARD = (
    '# parameters\nambito: str = "VCA"\nquota: float = 0.5',
    "import sys, os\nprint('out'); print('err', file=sys.stderr); print('out2')",
    "os.system('echo from-subprocess; echo to-stderr >&2');",
    "!echo bang",
    "import subprocess\nsubprocess.run(['echo', 'run'])\nos.write(2, b'beneath');",
    "from IPython.display import HTML, Markdown, clear_output, display, publish_display_data\n"
    "handle = display('a', display_id=True)\nhandle.update('b')",
    "publish_display_data({'application/vnd.bgest.block+json': {'id': 'b', 1: (2, None)}})",
    "print('gone'); clear_output(); print('stays')",
    "print('gone'); clear_output(wait=True); print('stays too')",
    "import random, numpy as np\nprint(random.random(), np.random.rand(), hash('x'))",
    "import pandas as pd\npd.DataFrame({f'colonna_{i}': range(70) for i in range(30)})",
    "pd.options.display.max_columns, pd.options.display.width",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "figure, axes = plt.subplots()\naxes.bar(['a', 'b'], [1, 2])\nfigure",
    "from io import StringIO\nsvg = StringIO()\nfigure.savefig(svg, format='svg')\n"
    "print(svg.getvalue()[-2000:])",
    "import warnings; warnings.warn('attenzione')",
    "import logging; logging.getLogger('z').warning('logged')",
    "import asyncio\nawait asyncio.sleep(0)\nprint('awaited')",
    "import threading\nt = threading.Thread(target=lambda: print('thread')); t.start(); t.join()",
    "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))).__module__)",
    "print(type(get_ipython()).__name__, sys.stdout.isatty(), __name__, In[1][:12], _ is None)",
    "np.linalg.svd(np.random.default_rng(0).normal(size=(300, 300)), compute_uv=False)[:3]",
    "print(os.getcwd(), os.environ['TZ'], sys.executable, sys.flags.hash_randomization)",
    "{'è': {1, 2}, 'x': {'b', 'a', 'c'}}",
    "float('nan'), b'bytes', None",
    "display(HTML('<b>x</b>'), Markdown('*y*'))",
    "None",
    "1; 2",
)


def jobs_for(study: Workspace) -> list[Job]:
    source = write_notebook(study.root / "notebooks" / "01.ipynb", *AWKWARD)
    output = study.reports / "notebooks" / "BSE" / "01.ipynb"
    return [
        Job(
            id="notebook/01/BSE",
            step=Step.NOTEBOOK,
            action="tests.lib.engine_actions:run_notebook",
            inputs=(source,),
            outputs=(output,),
            settings={"parameters": {"ambito": "BSE", "quota": 0.25}},
        ),
        make_job(study, "conta", reads=("a",)),
    ]


def run_with(study: Workspace, engine: EngineName, jobs: int = 1) -> RunResult:
    plan = jobs_for(study)
    return run_jobs(study, plan, open_backend(study, plan, jobs, engine))


def test_every_engine_gives_the_same_bytes(tmp_path: Path) -> None:
    texts: dict[EngineName, dict[str, bytes]] = {}
    for place, engine in enumerate(EngineName):
        study = make_study(tmp_path / f"studio {engine} {place * 'x'}", a="uno")
        result = run_with(study, engine, jobs=1 + place % 2)
        assert {name: str(error) for name, error in result.failed.items()} == {}
        outputs = (study.reports / "run.json", *(job.outputs[0] for job in jobs_for(study)))
        texts[engine] = {path.name: path.read_bytes() for path in outputs}
    assert texts[EngineName.FORK] == texts[EngineName.SPAWN]
    assert texts[EngineName.FORK] == texts[EngineName.STOCK]
    assert b"image/png" in texts[EngineName.FORK]["01.ipynb"]
