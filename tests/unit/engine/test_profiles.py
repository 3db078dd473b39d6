"""Profiles: which counts a run hides, and what a confidential dossier says of itself."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest

from bgest_analysis.engine.plan import Planner
from bgest_analysis.engine.profiles import Profile, stamp_confidential, study_for
from bgest_analysis.engine.request import Request
from bgest_analysis.report.charts.render import render_figures
from bgest_analysis.report.excel import write_excel
from bgest_analysis.report.html.render import render_html
from bgest_analysis.report.word.render import render_word
from bgest_analysis.study.load import load_study
from tests.lib.report_samples import DOSSIER, STYLE
from tests.lib.studies import write_study


@pytest.mark.parametrize(
    ("profile", "settings"),
    [
        (Profile.INTERNO, {"soglia": 5}),
        (
            Profile.PUBBLICAZIONE,
            {"profilo": "pubblicazione", "soglia": 10, "arrotondamento": 5},
        ),
        (Profile.RISERVATO, {"profilo": "riservato", "soglia": 1}),
    ],
)
def test_the_profile_reaches_the_protect_job(tmp_path, profile, settings):
    workspace = write_study(tmp_path)
    planner = Planner(workspace, load_study(workspace), Request(profile=profile))
    assert planner.protect_job([]).settings == settings


def test_thresholds_in_indicators_follow_the_profile(tmp_path):
    study = load_study(write_study(tmp_path))
    assert study_for(study, {}).protezione.soglia_interna == 5
    assert study_for(study, {"profilo": "riservato"}).protezione.soglia_interna == 5
    assert study_for(study, {"profilo": "pubblicazione"}).protezione.soglia_interna == 10


def test_a_confidential_dossier_says_so_in_every_format(tmp_path):
    dossier = stamp_confidential(DOSSIER)
    figures = render_figures(dossier.sections, "it", STYLE)
    document = docx.Document(io.BytesIO(render_word(dossier, "it", figures)))
    assert "RISERVATO" in document.sections[0].header.paragraphs[0].text
    assert render_html(dossier, "it", figures).count("RISERVATO") >= 5
    write_excel(dossier, "it", tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    for sheet in book:
        words = [str(cell.value) for row in sheet.iter_rows() for cell in row]
        assert any("RISERVATO" in word for word in words), sheet.title
