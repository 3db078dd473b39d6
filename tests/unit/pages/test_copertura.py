"""The pages of coverage and equity, on a full synthetic study and on almost nothing."""

import pandas as pd
import pytest

from bgest_analysis.indicators import attese as wait_indicators
from bgest_analysis.indicators import copertura, territorio
from bgest_analysis.indicators import domanda as demand_indicators
from bgest_analysis.pages.copertura import attese, domanda, equita, raggiunti, risultati
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import DISTRETTO
from tests.lib.synthetic import draw, protected_tables, synthetic_study, texts

SOURCE = T("prova")
MODULES = (territorio, copertura, demand_indicators, wait_indicators)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    study, frames = synthetic_study(tmp_path_factory.mktemp("studio"), 0.6)
    return study, frames, protected_tables(study, frames, MODULES)


def people_pages(study, tables, area):
    return [
        *raggiunti.headings(study, area),
        *raggiunti.reached(tables["ind_copertura"], study, area, SOURCE),
        *raggiunti.ages(tables["ind_copertura_eta"], study, area, SOURCE),
        *equita.equity(tables["ind_copertura"], tables["ind_equita"], study, SOURCE),
    ]


def log_pages(study, tables, area):
    return [
        *domanda.demand(tables["ind_domanda"], tables["ind_lingue"], study, area, SOURCE),
        *attese.waits(tables["ind_attese"], tables["ind_attese_curva"], study, area, SOURCE),
    ]


@pytest.mark.parametrize("area", [DISTRETTO, "ES3"])
def test_all_pages_build(made, area):
    study, _, tables = made
    blocks = [*people_pages(study, tables, area), *log_pages(study, tables, area)]
    words = texts(blocks)
    assert words["raggiunti_tasso"].startswith(study.nome_area(area))
    assert "non si sommano" in words["raggiunti_nota"]
    assert "registro è completo" in words["raggiunti_nota"]
    if area == DISTRETTO:
        assert draw(blocks) >= 5


def test_the_three_uncertainties_are_three_bars(made):
    study, _, tables = made
    blocks = {b.id: b for b in people_pages(study, tables, DISTRETTO)}
    bars = blocks["raggiunti_incertezze"].grid
    assert len(bars.rows) == 3
    doubles = bars.rows[0]
    row = tables["ind_copertura"].set_index("area").loc[DISTRETTO]
    assert doubles[2:] == (row["tasso_doppioni_basso"], row["tasso_doppioni_alto"])


def test_the_funnel_has_both_limits_around_one(made):
    study, _, tables = made
    blocks = {b.id: b for b in people_pages(study, tables, DISTRETTO)}
    limits = blocks["equita_imbuto"].chart.options["limiti"]
    for _, low, high, lowest, highest in limits:
        assert lowest < low < 1 < high < highest


def test_medians_are_whole_days(made):
    study, _, tables = made
    blocks = {b.id: b for b in log_pages(study, tables, DISTRETTO)}
    medians = [m for m in blocks["attese_gruppi"].grid.column("mediana") if pd.notna(m)]
    assert medians
    assert all(float(m).is_integer() for m in medians)


def test_languages_have_names_and_the_rest_stand_together():
    assert domanda.language_name("ukr") == "ucraino"
    assert domanda.language_name("altre").render("it") == "altre lingue"


def test_headlines_point_to_blocks_that_exist(made):
    study, _, tables = made
    shown = set(
        texts([*people_pages(study, tables, DISTRETTO), *log_pages(study, tables, DISTRETTO)])
    )
    rows = [
        *risultati.people(tables["ind_copertura"], DISTRETTO),
        *risultati.inequality(tables["ind_equita"], DISTRETTO),
        *risultati.requests(
            tables["ind_domanda"], tables["ind_lingue"], tables["ind_attese"], DISTRETTO
        ),
    ]
    assert [row["codice"] for row in rows] == ["P1", "P4", "M10", "M7", "M8", "M9"]
    assert {row["blocco"] for row in rows} <= shown
    assert risultati.inequality(tables["ind_equita"], "ES1") == []


def test_a_small_ambito_says_that_it_cannot_be_told(made):
    study, frames, _ = made
    few = {**frames, "tidy_interventi": frames["tidy_interventi"].iloc[:4]}
    tables = protected_tables(study, few, (demand_indicators, wait_indicators))
    words = texts(log_pages(study, tables, DISTRETTO))
    assert "non stimabile" in words["attese_frase"]
    rows = risultati.requests(
        tables["ind_domanda"], tables["ind_lingue"], tables["ind_attese"], DISTRETTO
    )
    assert all(row["forza"] == "non stimabile" for row in rows)
    assert all(row["motivo"] for row in rows)


def test_one_ambito_alone_has_no_comparison(made):
    study, frames, _ = made
    people = frames["tidy_destinatari"]
    own = {**frames, "tidy_destinatari": people[people["ambito_id"] == "ES3"].iloc[:3]}
    tables = protected_tables(study, own, (territorio, copertura))
    words = texts(people_pages(study, tables, DISTRETTO))
    assert "non è stimabile" in words["equita_frase"]
    assert "equita_imbuto" not in words


@pytest.mark.parametrize("block", [raggiunti.people_missing(), domanda.log_missing()])
def test_what_is_missing_is_said(block):
    assert block.id.startswith("manca_")
    assert "data/raw" in block.text.render("it")
