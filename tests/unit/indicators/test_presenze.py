"""Meetings, absences, proposals, the network and its ties, worked out by hand."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from bgest_analysis.example.parameters import NETWORK_CHANGE, Parameters
from bgest_analysis.example.tables import make_tables
from bgest_analysis.indicators import presenze, relazioni, rete_incontri
from bgest_analysis.pages.areas import one_row
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.indicatori import presenze as schema
from tests.lib.studies import small_study

ENTI = pd.DataFrame(
    {
        "ente_id": ["A", "B", "C", "D"],
        "nome": ["Ente A", "Ente B", "Ente C", "Ente D"],
        "tipo": ["capofila", "ambito", "coop", "scuola"],
        "ambito_id": ["NO", "SU", "", "SU"],
    }
)
SEATS = pd.DataFrame(
    {
        "organo": ["cabina_regia", "cabina_regia", "livello_operativo"],
        "ente_id": ["A", "B", "A"],
        "ruolo": ["resp_udp"] * 3,
    }
)
MEETINGS = pd.DataFrame(
    {
        "incontro_id": ["1", "2", "3", "4"],
        "livello": ["cabina_regia"] * 3 + ["operativo"],
        "data": pd.to_datetime(["2021-01-10", "2021-06-10", "2022-01-10", "2022-02-10"]),
        "verbale": pd.array([True, True, False, True], dtype="boolean"),
    }
)
CAME = pd.DataFrame(
    [
        ("1", "A", "resp_udp"),
        ("1", "B", "resp_udp"),
        ("2", "A", "resp_udp"),
        ("2", "C", "altro"),
        ("3", "A", "resp_udp"),
        ("4", "D", "docente"),
        ("4", "C", "mediatore"),
        ("4", "C", "altro"),
    ],
    columns=["incontro_id", "ente_id", "ruolo"],
)


@pytest.fixture
def study(tmp_path):
    tables = {"enti": ENTI, "composizione_organi": SEATS}
    return dataclasses.replace(small_study(tmp_path), tabelle=tables)


@pytest.fixture
def frames():
    return {"tidy_incontri": MEETINGS, "tidy_presenze": CAME}


@pytest.fixture(scope="module")
def synthetic():
    return {f"tidy_{name}": frame for name, frame in make_tables().items()}


def test_a_seat_that_is_never_taken_is_a_row(frames, study):
    table = presenze.compute_presenze_enti(frames, study)
    validate_table(table, schema.PRESENZE_ENTI)
    lead = one_row(table, livello="cabina_regia", ente_id="A")
    assert (lead["incontri"], lead["presenti"], lead["quota"]) == (3, 3, 1.0)
    assert lead["basso"] == pytest.approx(0.4385, abs=1e-4)  # Wilson, 3 of 3
    absent = one_row(table, livello="operativo", ente_id="A")
    assert absent["seggio"]
    assert absent["presenti"] == 0
    assert not one_row(table, livello="operativo", ente_id="D")["seggio"]


def test_an_ambito_is_present_with_any_of_its_bodies(frames, study):
    table = presenze.compute_presenze_ambiti(frames, study)
    validate_table(table, schema.PRESENZE_AMBITI)
    assert one_row(table, livello="cabina_regia", ambito_id="SU")["presenti"] == 1
    south = one_row(table, livello="operativo", ambito_id="SU")
    assert (south["presenti"], south["seggio"]) == (1, False)
    north = one_row(table, livello="operativo", ambito_id="NO")
    assert (north["presenti"], north["seggio"]) == (0, True)


def test_a_mediator_counts_once_a_meeting(frames, study):
    table = presenze.compute_incontri(frames, study)
    validate_table(table, schema.INCONTRI_LIVELLI)
    whole = one_row(table, livello="tutti", periodo="tutto")
    assert (whole["incontri"], whole["con_verbale"], whole["con_mediatore"]) == (4, 3, 1)
    assert whole["quota"] == 0.25
    assert one_row(table, livello="operativo", periodo="2022")["enti_mediana"] == 2


def test_continuity_counts_the_levels_of_the_seats(frames, study):
    made = {"ind_presenze_enti": presenze.compute_presenze_enti(frames, study)}
    table = presenze.compute_continuita(made, study)
    validate_table(table, schema.CONTINUITA)
    seated = one_row(table, area="distretto", seggio=True, tipo="tutti")
    assert (seated["enti"], seated["continui"]) == (2, 1)  # A 3 of 4, B 1 of 3
    guests = one_row(table, area="distretto", seggio=False, tipo="tutti")
    assert (guests["enti"], guests["continui"]) == (2, 1)  # C 2 of 4, D 1 of 1


def test_proposals_that_never_come_back_have_no_days(frames, study):
    rows = pd.DataFrame(
        {
            "tema": ["modello"] * 11 + ["ucraina"],
            "data": pd.to_datetime(["2021-02-01"] * 12),
            "esito_proposta": ["approvata"] * 10 + ["respinta", "senza_riscontro"],
            "incontro_cabina": ["2"] * 11 + [None],
            "data_esito": pd.to_datetime(["2021-02-11"] * 5 + ["2021-02-16"] * 6 + [None]),
        }
    )
    table = presenze.compute_proposte({**frames, "tidy_proposte": rows}, study)
    validate_table(table, schema.PROPOSTE)
    approved = one_row(table, tema="tutti", esito="approvata")
    assert (approved["proposte"], approved["giorni_massimo"]) == (10, 15)
    assert approved["giorni_mediana"] == 12  # median 12.5, to the even day
    assert pd.isna(one_row(table, tema="tutti", esito="respinta")["giorni_mediana"])
    lost = one_row(table, tema="tutti", esito="senza_riscontro")
    assert (lost["mai_in_cabina"], lost["cabine_dopo"]) == (1, 2)
    assert lost["quota"] == pytest.approx(1 / 12)


def test_ties_are_strong_at_a_quarter_of_the_meetings():
    incidence = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 0, 1, 0, 0]], dtype=float)
    ties = rete_incontri.strong_ties(incidence)
    assert ties.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_a_small_network_says_why_it_is_not_measured(frames, study):
    table = rete_incontri.compute_misure(frames, study)
    validate_table(table, schema.RETE_MISURE)
    year = one_row(table, misura="densita", livello="tutti", periodo="2021")
    assert pd.isna(year["valore"])
    assert "quattro enti" in year["motivo"]
    share = one_row(table, misura="densita_due_modi", livello="tutti", periodo="tutto")
    assert share["valore"] == pytest.approx(7 / 16)


def test_a_clique_inside_the_network_is_more_than_chance():
    """Two groups of three that only meet among themselves: fewer pairs than chance."""
    came = pd.DataFrame(
        [(f"{g}{m}", f"{g}{b}") for g in "xy" for m in range(6) for b in range(3)],
        columns=["incontro_id", "ente_id"],
    )
    rows = list(rete_incontri._measured(rete_incontri.two_mode(came), rete_incontri.YEARLY))
    found = {row["misura"]: row for row in rows}["densita"]
    assert found["valore"] == pytest.approx(6 / 15)
    assert found["valore"] < found["caso_basso"]
    assert found["p_valore"] < 0.05


def test_change_of_ties_is_the_mean_over_pairs_in_both_waves(study):
    bodies = ["A", "B", "C", "D"]
    rows = [
        (a, b, wave, "invio", 1 if wave == "prima" else 1 + (a == "A"))
        for a in bodies
        for b in bodies
        for wave in ("prima", "dopo")
        if a != b and (a, b, wave) != ("D", "C", "dopo")
    ]
    ties = pd.DataFrame(
        rows, columns=["da_ente", "a_ente", "onda", "tipo_relazione", "frequenza"]
    ).astype({"frequenza": "Int64"})
    table = relazioni.compute_relazioni({"tidy_relazioni": ties}, study)
    validate_table(table, schema.RELAZIONI)
    row = one_row(table, tipo_relazione="tutti")
    assert (row["coppie"], row["coppie_perse"]) == (11, 1)
    assert row["delta"] == pytest.approx(3 / 11)
    assert row["basso"] < 0 < row["alto"]
    assert "non variano" in row["motivo"]


def test_the_planted_network_is_found(synthetic, study):
    truth = Parameters().rete
    ties = relazioni.compute_relazioni({"tidy_relazioni": synthetic["tidy_relazioni"]}, study)
    kinds = ties[ties["tipo_relazione"] != "tutti"]
    assert kinds["densita_prima"].mean() == pytest.approx(truth.densita_relazioni[0], abs=0.03)
    assert kinds["densita_dopo"].mean() == pytest.approx(truth.densita_relazioni[1], abs=0.03)
    assert (kinds["basso"] > 0).all()
    meetings = presenze.compute_incontri(synthetic, study)
    years = meetings[meetings["periodo"] != "tutto"]
    late = years[(years["periodo"].astype(int) >= NETWORK_CHANGE.year)]
    late = late[~late["livello"].isin(["tutti", "cabina_regia"])]
    share = late["con_mediatore"].sum() / late["con_presenze"].sum()
    assert share == pytest.approx(truth.mediatore_presente[1], abs=0.2)
