"""``bgest verify``: executed notebooks run again on stock kernels, compared cell by cell."""

from __future__ import annotations

import argparse
from pathlib import Path

from bgest_analysis.cli.main import message_language
from bgest_analysis.cli.status import last_request
from bgest_analysis.engine.plan import Planner
from bgest_analysis.engine.verify import choose_sample, verify_notebook
from bgest_analysis.errors import DONE, SOME_FAILED
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import Workspace

SAMPLE = 3


def execute(options: argparse.Namespace) -> int:
    """Verify a sample of notebooks, or all of them."""
    workspace = Workspace.find(options.study or Path.cwd())
    jobs = Planner(workspace, load_study(workspace), last_request(workspace)).all_jobs()
    language = message_language(options)
    different = 0
    for job in choose_sample(jobs, None if options.all else SAMPLE):
        verdict = verify_notebook(workspace, job)
        different += not verdict.same
        same = T("uguale") if verdict.same else T("DIVERSO nelle celle {c}", c=verdict.differing)
        words = T("{job}: {cells:int} celle, {same}", job=job.id, cells=verdict.cells, same=same)
        print(words.render(language))
    return SOME_FAILED if different else DONE
