"""Shares of the mediation model, on logs small enough to work out by hand."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bgest_analysis.example.parameters import Parameters
from bgest_analysis.example.tables import make_tables
from bgest_analysis.indicators.casi import changes_of_cases, compute_autonomia, compute_pratiche
from bgest_analysis.indicators.fasi import compute_regola_fase
from bgest_analysis.indicators.interventi import clustered_share, done
from bgest_analysis.indicators.mediazione import (
    compute_ore,
    compute_quote,
    compute_variazioni,
)
from bgest_analysis.pages.areas import one_row
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.indicatori import mediazione as schema
from bgest_analysis.schema.mediazione import INTERVENTI
from bgest_analysis.stats.rates import wilson
from bgest_analysis.study.model import Protezione
from tests.lib.studies import small_study

COLUMNS = "intervento_id ambito_id data minuti_frontali fase orientamento modalita caso_id esito"
DAY = dt.datetime(2021, 5, 3)
LATER = dt.datetime(2022, 2, 1)
CASE_A, CASE_B = "a" * 20, "b" * 20
ROWS = [
    ("I1", "SU", DAY, 60, "lettura", "assistenza", "programmata", CASE_A, "concluso"),
    ("I2", "SU", LATER, 120, "attuazione", "attivazione", "a_chiamata", CASE_A, "concluso"),
    ("I3", "SU", LATER, 60, "verifica", "attivazione", "programmata", CASE_B, "concluso"),
    ("I4", "NO", DAY, 60, "segnalazione", None, "presidio_fisso", None, "da_proseguire"),
    ("I5", "NO", None, 0, None, None, "urgente", None, "non_coperto"),
    ("I6", "NO", LATER, 60, None, None, "a_chiamata", None, "concluso"),
]


def log_of(rows, **columns):
    """Return a tidy log of these rows; whatever else its schema wants is missing."""
    frame = pd.DataFrame(rows, columns=COLUMNS.split()).assign(data_richiesta=DAY, **columns)
    for name in ("fase", "orientamento"):
        known = frame[name].notna()
        frame[f"{name}_origine"] = np.where(known, "registrata", None)
    types = {column.name: column.dtype for column in INTERVENTI.columns}
    return frame.reindex(columns=list(types)).astype(types)


@pytest.fixture
def study(tmp_path):
    """Return a study in which nothing is too small to be shown."""
    return replace(small_study(tmp_path), protezione=Protezione(soglia_interna=1))


@pytest.fixture
def frames():
    return {"tidy_interventi": log_of(ROWS)}


@pytest.fixture(scope="module")
def synthetic():
    return {f"tidy_{name}": frame for name, frame in make_tables(scale=3).items()}


def test_unmet_requests_are_not_work_done(frames):
    assert done(frames["tidy_interventi"])["intervento_id"].tolist() == [
        "I1",
        "I2",
        "I3",
        "I4",
        "I6",
    ]


def test_hours_are_shared_among_the_phases_that_are_known(frames, study):
    table = compute_ore(frames, study)
    validate_table(table, schema.ORE_MODELLO)
    phases = table[(table["variabile"] == "fase") & (table["area"] == "distretto")]
    assert set(phases["origine_variabile"]) == {"registrata"}
    whole = phases.set_index("categoria")
    assert whole["ore"].to_dict() == {
        "attuazione": 2.0,
        "lettura": 1.0,
        "segnalazione": 1.0,
        "verifica": 1.0,
    }
    assert whole.loc["attuazione", "quota_ore"] == pytest.approx(2 / 5)
    modes = one_row(table, area="SU", variabile="modalita", categoria="programmata")
    assert (modes["interventi"], modes["ore"]) == (2, 2.0)
    assert modes["quota_interventi"] == pytest.approx(2 / 3)


def test_what_has_no_phase_is_counted(frames, study):
    row = one_row(compute_regola_fase(frames, study), area="distretto")
    assert (row["interventi"], row["con_fase"], row["senza_fase"]) == (5, 4, 1)


def test_origins_stand_apart_and_once_together(frames, study):
    derived = frames["tidy_interventi"].copy()
    derived.loc[2, "fase_origine"] = "derivata"
    table = compute_quote({"tidy_interventi": derived}, study)
    rows = table[(table["codice"] == "M3") & (table["scala"] == "tutto") & (table["area"] == "SU")]
    by_origin = rows.set_index("origine_variabile")["valore"]
    assert by_origin.to_dict() == pytest.approx(
        {"derivata": 1.0, "registrata": 1 / 3, "tutte": 2 / 4}
    )


@pytest.mark.parametrize(
    ("code", "area", "n", "value"),
    [
        ("M3", "SU", 3, 2 / 4),
        ("M3", "NO", 1, 0.0),
        ("M3", "distretto", 4, 2 / 5),
        ("M4", "distretto", 2, 1 / 2),
        ("M5", "distretto", 5, 2 / 5),
        ("M6", "SU", 3, 2 / 3),
    ],
)
def test_the_shares_of_the_model(frames, study, code, area, n, value):
    table = compute_quote(frames, study)
    validate_table(table, schema.QUOTE_MODELLO)
    origin = {"M4": "tutte", "M5": "nessuna"}.get(code, "registrata")
    row = one_row(
        table, codice=code, area=area, scala="tutto", gruppo="tutti", origine_variabile=origin
    )
    assert row["n"] == n
    assert row["valore"] == pytest.approx(value)
    assert row["basso"] <= row["valore"] <= row["alto"]


def test_a_case_is_reached_in_reading_or_design_but_not_in_review(frames, study):
    # Case B has only a review: it is integrated work (M3) and not a case read together (M4).
    table = compute_quote(frames, study)
    row = one_row(table, codice="M4", area="SU", gruppo="tutti")
    assert (row["n"], row["valore"]) == (2, 0.5)


def test_independent_rows_of_equal_weight_give_the_plain_wilson_interval():
    rows = pd.DataFrame({"g": "x", "vero": [True] * 30 + [False] * 70, "peso": 1.0})
    rows["grappolo"] = [str(k) for k in range(len(rows))]
    row = clustered_share(rows, ["g"]).iloc[0]
    plain = wilson(30, 100)
    # Taylor's variance has n - 1 where the binomial has n.
    near = wilson(30 * 99 / 100, 99)
    assert row["valore"] == pytest.approx(float(plain.value))
    assert (row["basso"], row["alto"]) == pytest.approx((float(near.low), float(near.high)))


def test_rows_of_one_cluster_count_as_one():
    rows = pd.DataFrame({"g": "x", "vero": [True] * 30 + [False] * 70, "peso": 1.0})
    rows["grappolo"] = [str(k // 10) for k in range(len(rows))]
    row = clustered_share(rows, ["g"]).iloc[0]
    # Ten clusters all of one kind: variance p(1-p)/9, so an effective n of 9.
    expected = wilson(0.3 * 9, 9)
    assert (row["basso"], row["alto"]) == pytest.approx((float(expected.low), float(expected.high)))


def test_years_and_quarters_keep_the_origins_apart(frames, study):
    thick = pd.concat([frames["tidy_interventi"]] * 2, ignore_index=True)
    table = compute_quote({"tidy_interventi": thick}, study)
    parts = table[(table["codice"] == "M3") & (table["scala"] != "tutto")]
    assert set(parts["origine_variabile"]) == {"registrata"}
    north = parts[parts["area"] == "NO"]
    assert north["periodo"].tolist() == ["2021", "2021-T2"]


def test_a_series_too_thin_to_be_shown_is_not_made(frames, study):
    table = compute_quote(frames, study)
    north = table[(table["codice"] == "M3") & (table["area"] == "NO")]
    assert "trim" not in set(north["scala"])


def test_the_first_and_the_last_year_are_compared(study):
    def year(name, share, n=40):
        ends = {"valore": share, "basso": share - 0.1, "alto": share + 0.2}
        return {"codice": "M3", "area": "SU", "scala": "anno", "periodo": name, "n": n, **ends}

    quote = pd.DataFrame([year("2019", 0.2), year("2021", 0.5), year("2022", 0.9, n=3)])
    quote = quote.assign(origine_variabile="registrata")
    row = compute_variazioni({"ind_quote_modello": quote}, study).iloc[0]
    assert (row["primo_anno"], row["ultimo_anno"], row["attraversa_2020"]) == (2019, 2021, True)
    assert row["differenza"] == pytest.approx(0.3)
    assert row["differenza_basso"] == pytest.approx(0.3 - (0.1**2 + 0.2**2) ** 0.5)
    assert row["differenza_alto"] == pytest.approx(0.3 + (0.2**2 + 0.1**2) ** 0.5)


def test_without_any_phase_the_rule_and_its_bounds_are_left(frames, study):
    kinds = ["supervisione_consulenza", "linguistica", "laboratorio_gruppo"]
    rows = [(f"J{k}", "SU", DAY, 60, None, None, None, None, "concluso") for k in range(4)]
    log = log_of(rows, tipologia=[*kinds, None])
    row = one_row(compute_regola_fase({"tidy_interventi": log}, study), area="SU")
    # Advice is always reading; interpreting is reading by one rule of four; a workshop never is.
    assert row["con_fase"] == 0
    assert pd.isna(row["quota_registrata"])
    assert row["quota_regola"] == pytest.approx(1 / 4)
    assert (row["limite_basso"], row["limite_alto"]) == pytest.approx((1 / 4, 3 / 4))


def test_the_rule_is_measured_where_the_phase_was_recorded(study):
    kinds = ["supervisione_consulenza", "supervisione_consulenza", "laboratorio_gruppo"]
    phases = ["lettura", "attuazione", "attuazione"]
    rows = [(f"J{k}", "SU", DAY, 60, phases[k], None, None, None, "concluso") for k in range(3)]
    log = log_of(rows, tipologia=kinds)
    row = one_row(compute_regola_fase({"tidy_interventi": log}, study), area="SU")
    assert row["accordo"] == pytest.approx(2 / 3)
    assert row["kappa"] == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))


def test_autonomy_changes_from_the_first_to_the_last_note_of_a_case(study):
    days = [dt.datetime(2021, month, 1) for month in (3, 1, 2, 1, 2, 1)]
    cases = [CASE_A, CASE_A, CASE_A, CASE_B, CASE_B, "c" * 20]
    rows = [(f"J{k}", "SU", days[k], 60, None, None, None, cases[k], "concluso") for k in range(6)]
    log = log_of(rows, autonomia_0_3=[3, 1, 0, 2, 2, 1])
    changes = changes_of_cases(log).set_index("caso_id")
    assert changes["variazione"].to_dict() == {CASE_A: 2.0, CASE_B: 0.0}
    asked = log.assign(data_richiesta=log["data"] - pd.Timedelta(days=20))
    asked.loc[1, ["esito", "autonomia_0_3"]] = ["non_coperto", None]
    opened = changes_of_cases(asked).set_index("caso_id")["apertura"]
    assert opened[CASE_A] == pd.Timestamp("2020-12-12")  # the first request, though unmet
    row = one_row(compute_autonomia({"tidy_interventi": log}, study), area="SU")
    assert (row["casi_seguiti"], row["migliorati"], row["stabili"], row["peggiorati"]) == (
        2,
        1,
        1,
        0,
    )
    assert (row["prima"], row["ultima"], row["variazione"]) == (1.5, 2.5, 1.0)
    # t with one degree of freedom: 1 +/- 12.706 x sqrt(2)/sqrt(2).
    assert row["variazione_alto"] == pytest.approx(1 + 12.7062, abs=1e-3)


def test_every_ambito_stands_against_every_component(study):
    known = pd.DataFrame(
        {
            "pratica_id": ["P1", "P2"],
            "ambito_id": "NO",
            "componente": "integrata",
            "data_adozione": [LATER, DAY],
            "strumento_formale": [True, False],
        }
    )
    table = compute_pratiche({"tidy_pratiche": known}, study)
    north, south = one_row(table, area="NO"), one_row(table, area="SU")
    assert (north["adozione"], north["pratiche"], north["formali"]) == (DAY, 2, 1)
    assert pd.isna(south["adozione"])
    assert south["pratiche"] == 0


def test_a_log_without_any_of_the_model_variables_gives_no_share(study):
    rows = [("J1", "SU", DAY, 60, None, None, None, None, "concluso")]
    frames = {"tidy_interventi": log_of(rows)}
    assert compute_quote(frames, study).empty
    assert one_row(compute_autonomia(frames, study), area="SU")["casi_seguiti"] == 0


def test_planted_shares_come_back_from_the_synthetic_log(synthetic, tmp_path):
    study = small_study(tmp_path)
    truth = Parameters().modello
    log = synthetic["tidy_interventi"]
    recorded = log.assign(
        fase=log["fase"].where(log["fase_origine"] == "registrata"), ambito_id="SU"
    )
    quote = compute_quote({"tidy_interventi": recorded}, study)
    total = one_row(quote, codice="M3", area="SU", scala="tutto", origine_variabile="registrata")
    before, after = truth.quota_integrata
    assert before < total["valore"] < after + 0.05
    cases = changes_of_cases(log).merge(
        synthetic["tidy_pratiche"].query("componente == 'integrata'")[
            ["ambito_id", "data_adozione"]
        ],
        on="ambito_id",
    )
    late = cases["apertura"] >= cases["data_adozione"] + pd.Timedelta(days=60)
    early = cases["apertura"] < cases["data_adozione"]
    gap = cases[late]["variazione"].mean() - cases[early]["variazione"].mean()
    assert gap == pytest.approx(truth.autonomia, abs=0.15)
