"""Funds, costs and monitoring: amounts and quarters small enough to add up by hand."""

import dataclasses

import pandas as pd
import pytest

from bgest_analysis.example.tables import make_tables
from bgest_analysis.indicators import costi, fondi, monitoraggio
from bgest_analysis.pages.areas import one_row
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.gestione import BUDGET
from bgest_analysis.schema.indicatori import fondi as schema
from bgest_analysis.schema.indicatori import monitoraggio as schema_m
from bgest_analysis.schema.mediazione import INTERVENTI
from tests.lib.studies import small_study

PROJECTS = pd.DataFrame(
    {
        "progetto_id": ["altro", "p"],
        "titolo": ["Altro progetto", "Il progetto"],
        "fondo": ["altro_fami", "labimpact"],
        "capofila": ["", "Ente A"],
        "target": ["", ""],
        "dal": ["2020-05-15", ""],
        "al": ["2022-06", "2023-06-30"],
        "stato": ["concluso", "concluso"],
        "continua_da": ["", ""],
        "fonte": ["pagina", "slide"],
    }
)
LINES = [
    ("A", "Mediatori", "X", "approvato", 100.0, None, None),
    ("A", "Mediatori", "X", "rimod_1", 120.0, None, None),
    ("A", "Mediatori", "X", "rimod_2", 90.0, None, None),
    ("IND", "Indiretti", "Y", "approvato", 10.0, None, None),
    ("A", "Mediatori", "X", None, None, "2021-02-01", 60.0),
    ("A", "Mediatori", "X", None, None, "2021-05-01", 39.0),
    ("IND", "Indiretti", "Y", None, None, "2021-05-01", 6.0),
]


def as_tidy(frame, table):
    types = {column.name: column.dtype for column in table.columns}
    return frame.reindex(columns=list(types)).astype(types)


@pytest.fixture
def study(tmp_path):
    return dataclasses.replace(small_study(tmp_path), tabelle={"progetti": PROJECTS})


@pytest.fixture
def budget():
    names = ["voce", "sottovoce", "ente_id", "versione_budget", "importo_eur"]
    frame = pd.DataFrame(LINES, columns=[*names, "data_spesa", "importo_rendicontato_eur"])
    return as_tidy(frame.assign(progetto_id="p"), BUDGET)


@pytest.fixture
def log():
    frame = pd.DataFrame(
        {
            "intervento_id": ["1", "2", "3"],
            "progetto_id": ["p", "p", "altro"],
            "ambito_id": ["SU", "NO", "SU"],
            "data": pd.to_datetime(["2021-02-03", "2021-05-03", "2021-02-03"]),
            "minuti_frontali": [60, 120, 60],
            "minuti_viaggio": [30, 0, 0],
            "mediatore_id": ["a" * 20, "b" * 20, "a" * 20],
            "ente_richiedente_tipo": ["cpia"] * 3,
            "lingua": ["ara"] * 3,
            "destinatari_id": ["c" * 20 + "|" + "d" * 20, "c" * 20, "e" * 20],
            "esito": ["concluso"] * 3,
        }
    )
    return as_tidy(frame, INTERVENTI)


@pytest.fixture(scope="module")
def synthetic():
    return {f"tidy_{name}": frame for name, frame in make_tables().items()}


def test_part_of_a_date_stays_unknown(study):
    table = fondi.compute_progetti({}, study)
    validate_table(table, schema.PROGETTI)
    assert table["progetto_id"].tolist() == ["p", "altro"]
    assert pd.isna(one_row(table, progetto_id="altro")["al"])
    assert pd.isna(one_row(table, progetto_id="p")["dal"])


def test_hours_and_persons_by_project(log, study):
    table = fondi.compute_ore_fondi({"tidy_interventi": log}, study)
    validate_table(table, schema.ORE_FONDI)
    own = one_row(table, area="distretto", progetto_id="p")
    assert (own["ore"], own["interventi"], own["persone"]) == (3.5, 2, 2)
    assert own["quota_ore"] == pytest.approx(3.5 / 4.5)
    assert one_row(table, area="SU", progetto_id="p")["persone"] == 2


def test_the_same_work_on_two_projects_is_flagged(log, study):
    table = fondi.compute_doppio({"tidy_interventi": log}, study)
    validate_table(table, schema.DOPPIO)
    assert one_row(table, controllo="interventi_uguali")["segnalazioni"] == 1
    assert one_row(table, controllo="spese_uguali")["motivo"] == "manca la tabella"


def test_pairs_make_a_range_of_persons():
    pairs = pd.DataFrame(
        {
            "destinatario_a": ["1", "2", "3"],
            "destinatario_b": ["2", "3", "4"],
            "classe_coppia": ["stessa", "da_rivedere", "diversa"],
        }
    )
    assert fondi.distinct_persons({"1", "2", "3", "4"}, pairs) == (2, 3)
    assert fondi.distinct_persons({"1", "4"}, pairs) == (2, 2)


def test_reported_is_compared_with_the_last_version_of_each_line(budget, study):
    table = costi.compute_budget({"tidy_budget": budget}, study)
    validate_table(table, schema.BUDGET)
    staff = one_row(table, voce="A", ente_id="tutti")
    assert (staff["approvato_eur"], staff["ultimo_eur"], staff["versioni"]) == (100, 90, 3)
    assert staff["avanzamento"] == pytest.approx(1.1)
    whole = one_row(table, voce="tutti", ente_id="tutti")
    assert (whole["ultimo_eur"], whole["rendicontato_eur"]) == (100, 105)


def test_expenses_add_up_by_quarter(budget, study):
    table = costi.compute_spesa({"tidy_budget": budget}, study)
    validate_table(table, schema.SPESA)
    assert table["cumulato_eur"].tolist() == [60, 105]
    assert table["quota"].tolist() == pytest.approx([0.6, 1.05])


def test_unit_costs_count_only_the_project(budget, log, study):
    table = costi.compute_costi({"tidy_budget": budget, "tidy_interventi": log}, study)
    validate_table(table, schema.COSTI)
    hour = one_row(table, unita="ora", base="totale", denominatore="ore_frontali")
    assert hour["valore_eur"] == pytest.approx(105 / 3)
    assert hour["preferito"]
    assert pd.isna(hour["basso_eur"])  # two quarters give no interval
    lean = one_row(table, unita="ora", base="senza_indiretti", denominatore="ore_totali")
    assert lean["valore_eur"] == pytest.approx(99 / 3.5)
    head = one_row(table, unita="persona", base="totale", denominatore="persone_max")
    assert head["valore_eur"] == pytest.approx(105 / 2)


QUARTERS = [
    ("C", "2021-T1", 1, 10.0, True),
    ("C", "2021-T2", 1, 8.0, True),
    ("C", "2021-T2", 2, 14.0, True),
    ("C", "2021-T3", 1, 13.0, True),
    ("N", "2021-T1", 1, 3.0, False),
    ("N", "2021-T2", 1, 4.0, False),
]


@pytest.fixture
def sheets():
    names = ["codice", "trimestre", "versione", "valore_realizzato", "cumulato"]
    frame = pd.DataFrame(QUARTERS, columns=names)
    frame["unita"] = frame["codice"].map({"C": "persone", "N": "ore"})
    return {"tidy_indicatori": frame.assign(valore_atteso=20.0)}


def test_cumulative_and_quarterly_values_meet(sheets, study):
    table = monitoraggio.compute_trimestri(sheets, study)
    validate_table(table, schema_m.TRIMESTRI)
    rows = table.set_index(["codice", "trimestre"])
    assert rows.loc[("C", "2021-T2"), "incremento"] == 4
    assert rows.loc[("C", "2021-T2"), "correzione"] == 6
    assert rows.loc[("C", "2021-T2"), "prima_in_calo"]
    assert not rows.loc[("C", "2021-T2"), "calo"]
    assert rows.loc[("C", "2021-T3"), "calo"]
    assert rows.loc[("N", "2021-T2"), "cumulativo"] == 7
    assert pd.isna(rows.loc[("N", "2021-T2"), "persone"])
    assert rows.loc[("C", "2021-T2"), "persone_trimestre"] == 4


def test_a_closed_project_is_not_projected(sheets, study):
    made = {"ind_indicatori_trimestri": monitoraggio.compute_trimestri(sheets, study)}
    table = monitoraggio.compute_conseguimento(made, study)
    validate_table(table, schema_m.CONSEGUIMENTO)
    assert table["proiezione"].isna().all()
    assert one_row(table, codice="C")["quota"] == pytest.approx(13 / 20)


def test_an_open_project_is_projected_at_its_recent_pace(study):
    rows = [(f"2022-T{q}", 10.0 * q + (q == 4) * 4) for q in (1, 2, 3, 4)]
    frame = pd.DataFrame(rows, columns=["trimestre", "valore_realizzato"]).assign(
        codice="C", versione=1, cumulato=True, unita="ore", valore_atteso=100.0
    )
    running = PROJECTS.assign(stato="attivo")
    opened = dataclasses.replace(study, tabelle={"progetti": running})
    made = {
        "ind_indicatori_trimestri": monitoraggio.compute_trimestri(
            {"tidy_indicatori": frame}, opened
        )
    }
    row = monitoraggio.compute_conseguimento(made, opened).iloc[0]
    # 44 reached, two quarters left to 30 June 2023, pace 10, 10, 10, 14
    assert (row["proiezione"], row["basso"], row["alto"]) == (66, 64, 72)


def test_the_edition_chooses_the_official_set(sheets, study):
    table = monitoraggio.compute_ufficiali({}, study)
    validate_table(table, schema_m.UFFICIALI)
    own = table[table["dello_studio"]]
    assert own["codice"].str.startswith("SO2.").all()
    assert set(table["verifica"]) == {"da verificare sul testo ufficiale"}
    project = dataclasses.replace(study.progetto, edizione="2021-2027")
    later = monitoraggio.compute_ufficiali({}, dataclasses.replace(study, progetto=project))
    assert later[later["dello_studio"]]["codice"].str.match(r"[OR]\.2\.").all()


def test_planted_overruns_and_falls_are_found(synthetic, study):
    project = dataclasses.replace(study.progetto, progetto_id="esempio_impact")
    own = dataclasses.replace(study, progetto=project)
    table = costi.lines(costi.of_project(synthetic["tidy_budget"], own))
    over = table[table["rendicontato_eur"] > table["ultimo_eur"] + 0.005]
    assert len(over) == 3
    quarters = monitoraggio.compute_trimestri(synthetic, study)
    planted = one_row(quarters, codice="M1", trimestre="2021-T2")
    assert planted["prima_in_calo"]
    assert not quarters["calo"].any()
