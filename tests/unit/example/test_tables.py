"""The clean tables keep their contracts, hold together, and name nothing that exists."""

from __future__ import annotations

import pandas as pd
import pytest

from bgest_analysis.errors import UsageError
from bgest_analysis.example.parameters import Size
from bgest_analysis.example.tables import make_tables
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.model import Layer
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.vocabulary.load import load_comuni

NOT_MADE = {"impronte_persone", "permessi_provincia", "riscontri"}  # made by us, or not a project's
MADE = sorted(
    name for name, table in TABLES.items() if table.layer is Layer.TIDY and name not in NOT_MADE
)
REFERENCES = [
    ("comuni", "ambito_id", "ambiti", "ambito_id"),
    ("popolazione", "cod_istat", "comuni", "cod_istat"),
    ("redditi", "cod_istat", "comuni", "cod_istat"),
    ("enti", "ambito_id", "ambiti", "ambito_id"),
    ("composizione_organi", "ente_id", "enti", "ente_id"),
    ("mediatori", "ente_id", "enti", "ente_id"),
    ("interventi", "ambito_id", "ambiti", "ambito_id"),
    ("interventi", "cod_istat", "comuni", "cod_istat"),
    ("interventi", "ente_id", "enti", "ente_id"),
    ("interventi", "mediatore_id", "mediatori", "mediatore_id"),
    ("interventi", "destinatari_id", "destinatari", "destinatario_id"),
    ("interventi", "progetto_id", "progetti", "progetto_id"),
    ("servizi_ricevuti", "destinatario_id", "destinatari", "destinatario_id"),
    ("coppie_persone", "destinatario_a", "destinatari", "destinatario_id"),
    ("coppie_persone", "destinatario_b", "destinatari", "destinatario_id"),
    ("presenze", "incontro_id", "incontri", "incontro_id"),
    ("presenze", "ente_id", "enti", "ente_id"),
    ("relazioni", "da_ente", "enti", "ente_id"),
    ("relazioni", "a_ente", "enti", "ente_id"),
    ("proposte", "incontro_origine", "incontri", "incontro_id"),
    ("proposte", "incontro_cabina", "incontri", "incontro_id"),
    ("pratiche", "ambito_id", "ambiti", "ambito_id"),
    ("attivita", "ente_id", "enti", "ente_id"),
    ("timesheet", "mediatore_id", "mediatori", "mediatore_id"),
    ("timesheet", "attivita_id", "attivita", "attivita_id"),
    ("budget", "ente_id", "enti", "ente_id"),
    ("questionari", "ente_id", "enti", "ente_id"),
    ("teoria_nessi", "da_nodo", "teoria_nodi", "nodo_id"),
    ("teoria_nessi", "a_nodo", "teoria_nodi", "nodo_id"),
    ("progetti", "continua_da", "progetti", "progetto_id"),
]


@pytest.mark.parametrize("name", MADE)
def test_every_table_is_made_and_keeps_its_contract(tables, name):
    validate_table(tables[name], TABLES[name])
    assert len(tables[name]) > 0


def test_nothing_else_is_made(tables):
    assert sorted(tables) == MADE


@pytest.mark.parametrize(
    ("table", "column", "other", "key"), REFERENCES, ids=lambda value: str(value)
)
def test_what_a_row_points_to_is_there(tables, table, column, other, key):
    assert set(tables[table][column].dropna()) <= set(tables[other][key])


def test_the_comune_of_an_intervention_lies_in_its_ambito(tables):
    ambito = tables["comuni"].set_index("cod_istat")["ambito_id"]
    log = tables["interventi"]
    assert (log["cod_istat"].map(ambito) == log["ambito_id"]).all()


def test_a_mediator_speaks_the_language(tables):
    spoken = tables["mediatori"].set_index("mediatore_id")["lingue"].str.split("|")
    log = tables["interventi"].dropna(subset=["mediatore_id"])
    pairs = zip(log["mediatore_id"].map(spoken), log["lingua"], strict=True)
    assert all(language in languages for languages, language in pairs)


def test_unmet_requests_are_rows_without_day_mediator_or_minutes(tables):
    log = tables["interventi"]
    unmet = log[log["esito"].isin(["non_coperto", "annullato_ente", "annullato_mediatore"])]
    assert len(unmet) > 100
    assert unmet["data"].isna().all()
    assert unmet["mediatore_id"].isna().all()
    assert unmet["fase"].isna().all()
    assert unmet["data_richiesta"].notna().any()
    met = log.drop(unmet.index)
    assert met["data"].notna().all()
    assert met["mediatore_id"].notna().all()


@pytest.mark.parametrize(
    ("column", "start"),
    [("orientamento", "2020-07-01"), ("caso_id", "2019-07-01"), ("autonomia_0_3", "2019-07-01")],
)
def test_a_variable_is_missing_before_it_was_registered(tables, world, column, start):
    log = tables["interventi"]
    early = (world.log["giorno"] < start).to_numpy()
    assert log.loc[early, column].isna().all()
    assert log.loc[~early, column].notna().mean() > 0.4


def test_phase_is_derived_before_and_registered_after(tables, world):
    log = tables["interventi"]
    early = (world.log["giorno"] < "2020-07-01").to_numpy()
    done = log["data"].notna().to_numpy()
    assert set(log.loc[early & done, "fase_origine"]) == {"derivata"}
    share = (log.loc[~early & done, "fase_origine"] == "registrata").mean()
    assert share == pytest.approx(0.94, abs=0.03)


def test_dates_go_in_order(tables):
    log = tables["interventi"].dropna(subset=["data", "data_richiesta"])
    assert (log["data"] >= log["data_richiesta"]).all()
    assert log["data"].between("2019-01-01", "2023-12-31").all()
    people = tables["destinatari"]
    displaced = people["target"].str.contains("ucraina")
    first = people.loc[displaced & people["ammissibile_fami"], "data_primo_contatto"]
    assert first.min() >= pd.Timestamp("2022-02-24")


def test_no_place_is_a_real_one(tables):
    comuni = load_comuni()
    for row in tables["comuni"].itertuples():
        assert comuni.find(row.nome).codice is None
        assert comuni.find(row.cod_istat).codice is None
    assert tables["ambiti"]["nome"].str.startswith("Ambito Esempio ").all()


def test_a_body_has_the_word_example_in_its_name(tables):
    assert tables["enti"]["nome"].str.contains("Esempio").all()


def test_population_adds_up(tables):
    province = tables["stranieri_province"].iloc[0]
    by_country = tables["stranieri_provincia"].query("sesso == 'T'")
    people = tables["popolazione"].query("anno == 2023 and cittadinanza == 'stranieri'")
    assert people["n"].sum() == province["stranieri"] == by_country["n"].sum()
    assert by_country.loc[by_country["ue"], "n"].sum() == province["stranieri_ue"]


@pytest.mark.parametrize(("scale", "ambiti"), [(0.05, 7), (1, 7), (20, 7), (30, 14), (667, 231)])
def test_the_number_of_ambiti_grows_only_beyond_a_district(scale, ambiti):
    assert Size(scale).ambiti == ambiti


@pytest.mark.parametrize("scale", [0, 0.01, 5000, float("nan")])
def test_a_scale_out_of_bounds_is_refused(scale):
    with pytest.raises(UsageError):
        make_tables(scale=scale)


def test_same_seed_same_tables_and_another_seed_others():
    one, two, other = make_tables(5, 0.1), make_tables(5, 0.1), make_tables(6, 0.1)
    for name, frame in one.items():
        pd.testing.assert_frame_equal(frame, two[name])
    assert not one["interventi"].equals(other["interventi"])


@pytest.mark.full
def test_a_million_interventions_on_hundreds_of_ambiti():
    made = make_tables(1, 667)
    assert len(made["interventi"]) == pytest.approx(1_000_000, rel=0.02)
    assert len(made["ambiti"]) == 231
    assert made["interventi"]["intervento_id"].is_unique
    assert made["mediatori"]["mediatore_id"].is_unique
    assert made["destinatari"]["destinatario_id"].is_unique
