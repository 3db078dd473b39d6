"""The pages of the mediation model, on a full synthetic study and on almost nothing."""

import pandas as pd
import pytest

from bgest_analysis.impact.model import hide_small
from bgest_analysis.impact.modello import MEASURES, estimate_convergence, estimate_orientation
from bgest_analysis.indicators import casi as cases_indicators
from bgest_analysis.indicators import fasi, mediazione
from bgest_analysis.indicators import teoria as theory_indicators
from bgest_analysis.pages.modello import attivazione, casi, fedelta, ore, prove, risultati, teoria
from bgest_analysis.pages.modello.prove import AGAINST, FOR, UNCLEAR, Evidence
from bgest_analysis.pages.modello.words import main_origin
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import DISTRETTO
from tests.lib.synthetic import draw, protected_tables, synthetic_study, texts

SOURCE = T("prova")
MODULES = (mediazione, fasi, cases_indicators, theory_indicators)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    study, frames = synthetic_study(tmp_path_factory.mktemp("studio"), 0.6)
    return study, frames, protected_tables(study, frames, MODULES)


def log_pages(study, frames, tables, area):
    """Return all blocks made from the log, as the notebook puts them."""
    hours, shares = tables["ind_ore_modello"], tables["ind_quote_modello"]
    threshold = study.protezione.soglia_interna
    fits = {
        key: hide_small(estimate_orientation(frames, study, covid=key), threshold)
        for key in attivazione.VERSIONS
    }
    spreads = {
        key: hide_small(estimate_convergence(frames, study, key), threshold) for key in MEASURES
    }
    return [
        *ore.phases(hours, tables["ind_regola_fase"], study, area, SOURCE),
        *ore.bounds(tables["ind_regola_fase"], study, area, SOURCE),
        *fedelta.fidelity(shares, study, area, SOURCE),
        *fedelta.cases_by_service(shares, study, area, SOURCE),
        *fedelta.over_time(shares, study, area, SOURCE),
        *fedelta.changes(tables["ind_variazioni_modello"], study, area, SOURCE),
        *attivazione.orientation(hours, study, area, SOURCE),
        *attivazione.model(fits, study, SOURCE),
        *ore.other_variables(hours, study, area, SOURCE),
        *casi.autonomy(tables["ind_autonomia"], study, area, SOURCE),
        *casi.convergence(spreads, study, SOURCE),
    ]


@pytest.fixture(scope="module")
def one_year(made):
    study, frames, _ = made
    log = frames["tidy_interventi"]
    year = log["data"].fillna(log["data_richiesta"]).dt.year
    frames = {**frames, "tidy_interventi": log[year == 2022]}
    return study, frames, protected_tables(study, frames, MODULES)


def test_one_year_of_logs_makes_every_area_s_pages(one_year):
    """Small areas have hidden cells almost everywhere: each page still says what it can."""
    study, frames, tables = one_year
    for area in study.aree:
        words = texts(log_pages(study, frames, tables, area))
        assert not [text for text in words.values() if "<NA>" in text or "nan" in text.split()]


@pytest.mark.parametrize("area", [DISTRETTO, "ES3"])
def test_all_pages_build_and_draw(made, area):
    study, frames, tables = made
    blocks = log_pages(study, frames, tables, area)
    words = texts(blocks)
    assert words["fedelta_M4"].startswith(study.nome_area(area))
    assert "tra i casi con mediazione" in words["fedelta_M4"]
    if area == DISTRETTO:
        assert draw(blocks) >= 10


def test_a_comparison_across_2020_carries_a_warning(made):
    study, _, tables = made
    changes = tables["ind_variazioni_modello"]
    blocks = fedelta.changes(changes, study, DISTRETTO, SOURCE)
    warned = "variazioni_2020" in texts(blocks)
    own = changes[changes["area"] == DISTRETTO]
    assert warned == bool(own["attraversa_2020"].any()) is True


def test_both_versions_of_the_model_are_shown(made):
    study, frames, _ = made
    fits = {k: estimate_orientation(frames, study, covid=k) for k in attivazione.VERSIONS}
    blocks = {block.id: block for block in attivazione.model(fits, study, SOURCE)}
    versions = {cell.render("it") for cell in blocks["modello_termini"].grid.column("quale")}
    assert len(versions) == 2


def test_the_theory_is_drawn_with_all_its_links(made):
    _, _, tables = made
    nodes, links = tables["ind_teoria_nodi"], tables["ind_teoria_nessi"]
    blocks = teoria.theory(nodes, links, SOURCE)
    drawn = next(block for block in blocks if block.id == "teoria_schema")
    assert len(drawn.chart.options["nessi"]) == len(links)
    assert draw(blocks) == 1


@pytest.mark.parametrize(
    ("verdicts", "together"),
    [
        ([FOR, FOR], FOR),
        ([FOR, AGAINST], UNCLEAR),
        (["livello", FOR], FOR),
        (["livello"], "livello"),
        ([], ""),
    ],
)
def test_what_the_evidence_of_a_link_says_together(verdicts, together):
    items = [Evidence(f"M{k}", verdict, T("x")) for k, verdict in enumerate(verdicts)]
    assert teoria.verdict_of(items) == together


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.1, 0.3, FOR), (-0.3, -0.1, AGAINST), (-0.1, 0.3, UNCLEAR), (None, 0.3, "livello")],
)
def test_an_interval_is_read_as_evidence(low, high, verdict):
    assert prove.direction(low, high) == verdict


def test_each_link_says_what_is_missing(made):
    _, _, tables = made
    nodes, links = tables["ind_teoria_nodi"], tables["ind_teoria_nessi"]
    evidence = [Evidence("E3", FOR, T("più autonomia"))]
    table = teoria.contribution(nodes, links, evidence, SOURCE)[2]
    lacking = dict(
        zip(links["nesso_id"], (m.render("it") for m in table.grid.column("manca")), strict=True)
    )
    with_e3 = [code for code, text in zip(links["nesso_id"], links["indicatori"], strict=True)
               if text == "E3"]  # fmt: skip
    assert with_e3
    assert all("E3" not in lacking[code] for code in with_e3)
    assert any("M3" in text for text in lacking.values())


def test_results_of_other_analyses_are_levels():
    results = pd.DataFrame(
        {"ambito": [DISTRETTO] * 3, "codice": ["M7", "C1", "P4"], "stima": [0.1, 0.2, None]}
    )
    found = prove.from_results(results, DISTRETTO)
    assert [(item.codice, item.verso) for item in found] == [("M7", "livello")]
    assert "10,0%" in found[0].testo.render("it")


def test_headlines_point_to_blocks_that_exist(made):
    study, frames, tables = made
    shown = set(texts(log_pages(study, frames, tables, DISTRETTO)))
    rows = risultati.headlines(tables["ind_quote_modello"], tables["ind_regola_fase"], DISTRETTO)
    rows.append(risultati.autonomy_headline(tables["ind_autonomia"], DISTRETTO))
    assert [row["codice"] for row in rows] == ["M3", "M4", "M5", "M6", "E3"]
    assert {row["blocco"] for row in rows} <= shown
    assert all(row["basso"] < row["stima"] < row["alto"] for row in rows)


@pytest.fixture(scope="module")
def bare(made):
    """Return the same study with one Ambito, and none of the model's variables recorded."""
    study, frames, _ = made
    log = frames["tidy_interventi"]
    log = log[log["ambito_id"] == "ES1"]
    absent = ("fase", "orientamento", "caso_id", "autonomia_0_3", "modalita")
    missing = {name: pd.Series(pd.NA, log.index).astype(log[name].dtype) for name in absent}
    bare = {"tidy_interventi": log.assign(**missing)}
    return study, bare, protected_tables(study, bare, (mediazione, fasi, cases_indicators))


def test_without_the_model_variables_each_part_says_what_it_lacks(bare):
    study, frames, tables = bare
    words = texts(log_pages(study, frames, tables, DISTRETTO))
    lacking = {name for name in words if name.startswith("manca_")}
    assert lacking == {
        *(f"manca_fedelta_{code}" for code in ("M3", "M4", "M5", "M6")),
        "manca_orientamento",
        "manca_autonomia",
    }
    assert "limiti_frase" in words
    assert "non stimabile" in words["modello_frase"]


def test_without_the_phase_the_headline_is_the_rule_with_its_bounds(bare):
    _, _, tables = bare
    row = risultati.headlines(tables["ind_quote_modello"], tables["ind_regola_fase"], DISTRETTO)[0]
    assert row["codice"] == "M3"
    assert row["basso"] <= row["stima"] <= row["alto"]
    assert row["forza"] == "debole"
    assert "limiti" in row["intervallo"]


def test_the_firmest_origin_is_taken():
    quote = pd.DataFrame({"codice": "M3", "origine_variabile": ["derivata", "registrata"]})
    assert main_origin(quote, "M3") == "registrata"
    assert main_origin(quote, "M6") == "nessuna"
