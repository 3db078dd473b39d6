"""A table whose source is gone is not read again."""

from __future__ import annotations

from bgest_analysis.engine.job import Step
from bgest_analysis.engine.plan import Planner
from bgest_analysis.engine.request import Request
from bgest_analysis.engine.retired import retire_tables
from bgest_analysis.study.load import load_study
from tests.lib.studies import write_study


def _put(*paths):
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"di prima")


def test_what_the_whole_plan_no_longer_makes_is_removed(tmp_path):
    workspace = write_study(tmp_path)
    jobs = Planner(workspace, load_study(workspace), Request()).all_jobs()
    made = next(path for job in jobs for path in job.outputs if path.stem.startswith("ind_"))
    gone = workspace.processed / "tidy_pratiche.parquet"
    lacking = workspace.results_table("ris_05_effetti", "distretto")
    possible = workspace.results_table("ris_09_percezioni", "distretto")
    _put(made, gone, lacking, possible)
    assert set(retire_tables(workspace, jobs)) == {gone, lacking}
    assert (made.is_file(), possible.is_file()) == (True, True)
    assert not gone.is_file()
    assert not lacking.is_file()


def test_a_part_of_a_plan_retires_nothing(tmp_path):
    workspace = write_study(tmp_path)
    jobs = Planner(workspace, load_study(workspace), Request()).all_jobs()
    gone = workspace.processed / "tidy_pratiche.parquet"
    _put(gone)
    assert retire_tables(workspace, [job for job in jobs if job.step is not Step.INDEX]) == ()
    assert gone.is_file()
