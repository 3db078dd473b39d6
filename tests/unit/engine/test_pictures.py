"""Pictures are drawn once a notebook and language, and kept whole for the documents."""

from dataclasses import replace
from pathlib import Path

import pytest

from bgest_analysis.engine.dossiers import drawn_pictures
from bgest_analysis.engine.job import Step
from bgest_analysis.engine.pictures import keep_pictures, kept_pictures
from bgest_analysis.engine.plan import Planner
from bgest_analysis.engine.request import Request
from bgest_analysis.report.charts.render import render_figures
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace
from tests.lib.report_samples import DOSSIER, STYLE

EXAMPLE = Workspace(Path(__file__).parents[3] / "example")


@pytest.fixture(scope="module")
def jobs():
    request = Request(areas=("ES1",), languages=("it", "en"))
    return Planner(EXAMPLE, load_study(EXAMPLE), request).all_jobs()


def test_kept_pictures_are_the_drawn_ones(tmp_path):
    first, *others = DOSSIER.sections
    for name, sections in (("a", [first]), ("b", others)):
        keep_pictures(tmp_path / f"{name}.parquet", render_figures(sections, "en", STYLE))
    kept = kept_pictures([tmp_path / "a.parquet", tmp_path / "b.parquet"])
    assert kept == render_figures(DOSSIER.sections, "en", STYLE)
    assert kept


def test_an_analysis_without_figures_keeps_none(tmp_path):
    keep_pictures(tmp_path / "a.parquet", {})
    assert kept_pictures([tmp_path / "a.parquet"]) == {}


def test_a_notebook_is_drawn_once_a_language_for_its_documents(jobs):
    notebooks = [job for job in jobs if job.step is Step.NOTEBOOK]
    figures = [job for job in jobs if job.step is Step.FIGURES]
    assert [(job.inputs[0], job.settings["lingua"]) for job in figures] == [
        (notebook.outputs[0], language) for language in ("it", "en") for notebook in notebooks
    ]
    for document in (job for job in jobs if job.step is Step.DOCUMENT):
        language = document.settings["lingua"]
        own = {job.outputs[0] for job in figures if job.settings["lingua"] == language}
        assert {path for path in document.wants if path.suffix == ".parquet"} == own


def test_an_analysis_whose_figures_were_not_drawn_is_left_out(jobs, tmp_path):
    document = next(job for job in jobs if job.step is Step.DOCUMENT)
    drawn = tmp_path / "01_territorio.parquet"
    drawn.touch()
    wants = (tmp_path / "01_territorio.ipynb", drawn, tmp_path / "02_rete_governance.parquet")
    assert drawn_pictures(replace(document, wants=wants)) == {"01_territorio": drawn}
