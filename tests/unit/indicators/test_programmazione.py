"""Hours at risk, forecast and allocation, on logs small enough to work out by hand."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from bgest_analysis.indicators import previsione, programmazione
from bgest_analysis.pages.areas import one_row
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.indicatori import programmazione as schema
from bgest_analysis.schema.mediazione import INTERVENTI
from tests.lib.studies import small_study

PROJECTS = pd.DataFrame({"progetto_id": ["p", "q"], "stato": ["concluso", "attivo"]})
ROWS = [
    ("p", "SU", "2021-01-10", 600, 0, "cpia", "concluso"),  # more than a year before the last
    ("p", "SU", "2022-06-10", 60, 60, "cpia", "concluso"),
    ("q", "SU", "2022-06-11", 60, 0, "scuola_primaria", "concluso"),
    ("p", "NO", "2022-06-12", 120, 0, "cpia", "concluso"),
    (None, "NO", "2022-06-13", 0, 0, "cpia", "non_coperto"),
]


def log_of(rows):
    names = ["progetto_id", "ambito_id", "data", "minuti_frontali", "minuti_viaggio"]
    frame = pd.DataFrame(rows, columns=[*names, "ente_richiedente_tipo", "esito"])
    frame["data"] = pd.to_datetime(frame["data"])
    types = {column.name: column.dtype for column in INTERVENTI.columns}
    return frame.reindex(columns=list(types)).astype(types)


@pytest.fixture
def study(tmp_path):
    return dataclasses.replace(small_study(tmp_path), tabelle={"progetti": PROJECTS})


@pytest.fixture
def frames():
    people = pd.DataFrame(
        {"area": ["NO", "SU", "distretto"], "anno": [2023] * 3, "extra_ue": [100.0, 300.0, 400.0]}
    )
    return {"tidy_interventi": log_of(ROWS), "ind_incidenza": people}


def test_hours_of_ended_projects_are_at_risk(frames, study):
    table = programmazione.compute_rischio(frames, study)
    validate_table(table, schema.ORE_RISCHIO)
    south = one_row(table, area="SU", servizio="tutti")
    assert (south["ore"], south["ore_rischio"]) == (3, 2)
    assert south["quota_rischio"] == pytest.approx(2 / 3)
    assert (south["interventi_rischio"], south["altri_interventi"]) == (1, 1)
    assert one_row(table, area="distretto", servizio="cpia")["quota_rischio"] == 1


def test_rules_share_out_the_same_hours(frames, study):
    table = programmazione.compute_riparto(frames, study)
    validate_table(table, schema.RIPARTO)
    for _, part in table.groupby("regola"):
        assert part["ore"].sum() == pytest.approx(4)  # contact hours of the last year
    assert one_row(table, regola="incidenza", ambito_id="SU")["ore"] == pytest.approx(3)
    assert one_row(table, regola="oggi", ambito_id="SU")["ore_per_1000"] == pytest.approx(
        1000 * 2 / 300
    )
    assert one_row(table, regola="domanda", ambito_id="NO")["quota"] == 0.5
    assert one_row(table, regola="bisogno_inevaso", ambito_id="SU")["ore"] == 0
    # SU: 300 people, 2 contact hours of 3 worked; NO: 100 people, 2 of 2
    assert one_row(table, regola="costo", ambito_id="SU")["quota"] == pytest.approx(200 / 300)


def test_equal_hours_a_head_are_no_inequality(frames, study):
    made = {**frames, "ind_riparto": programmazione.compute_riparto(frames, study)}
    table = programmazione.compute_equita(made, study)
    validate_table(table, schema.RIPARTO_EQUITA)
    by_people = one_row(table, regola="incidenza")
    assert by_people["theil"] == pytest.approx(0, abs=1e-12)
    assert by_people["rapporto"] == pytest.approx(1)
    assert by_people["spostate"] == pytest.approx(0.25)
    assert np.isinf(one_row(table, regola="bisogno_inevaso")["rapporto"])


def requests(counts, start="2018-12"):
    months = pd.period_range(start, periods=len(counts), freq="M").to_timestamp()
    days = np.repeat(months, counts)
    return log_of([("p", "SU", day, 60, 0, "cpia", "concluso") for day in days])


def test_a_short_series_is_not_forecast(study):
    frames = {"tidy_interventi": requests([20] * 20)}
    tests = previsione.compute_prova(frames, study)
    validate_table(tests, schema.PROVA)
    row = one_row(tests, area="SU")
    assert (row["mesi"], row["usata"]) == (18, "nessuna")
    table = previsione.compute_previsione({**frames, "ind_previsione_prova": tests}, study)
    validate_table(table, schema.PREVISIONE)
    assert set(table["tipo"]) == {"osservato"}


def test_rare_requests_are_not_forecast(study):
    tests = previsione.compute_prova({"tidy_interventi": requests([1] * 50)}, study)
    assert one_row(tests, area="SU")["motivo"] == previsione.TOO_FEW


def test_a_steady_trend_is_forecast_by_the_model(study):
    counts = [round(20 * 1.02**k) for k in range(50)]
    frames = {"tidy_interventi": requests(counts)}
    tests = previsione.compute_prova(frames, study)
    row = one_row(tests, area="SU")
    assert row["usata"] == "modello"
    assert row["errore_modello"] < 2 < row["errore_anno_prima"]
    table = previsione.compute_previsione({**frames, "ind_previsione_prova": tests}, study)
    ahead = table[(table["area"] == "SU") & (table["tipo"] == "previsto")]
    truth = [20 * 1.02**k for k in range(49, 61)]
    assert ahead["valore"].tolist() == pytest.approx(truth, rel=0.05)
    assert (ahead["basso"] < ahead["valore"]).all()


def test_a_pattern_that_repeats_is_left_to_last_year(study):
    year = [10, 40, 10, 10, 60, 10, 10, 10, 5, 30, 10, 10]
    frames = {"tidy_interventi": requests(year * 4 + year[:2])}
    tests = previsione.compute_prova(frames, study)
    row = one_row(tests, area="SU")
    assert (row["usata"], row["errore_anno_prima"]) == ("anno_prima", 0)
