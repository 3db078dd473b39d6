"""Coverage, demand and waits on tables small enough to work out by hand."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bgest_analysis.indicators.attese import compute_attese, compute_curva, waits
from bgest_analysis.indicators.copertura import (
    compute_copertura,
    compute_copertura_eta,
    compute_equita,
)
from bgest_analysis.indicators.destinatari import with_band, with_persons
from bgest_analysis.indicators.domanda import compute_domanda, compute_lingue
from bgest_analysis.pages.areas import one_row
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.indicatori import copertura as schema
from bgest_analysis.schema.mediazione import INTERVENTI
from bgest_analysis.schema.persone import DESTINATARI
from bgest_analysis.stats.inequality import theil
from bgest_analysis.stats.rates import rate_interval
from bgest_analysis.study.model import Protezione
from tests.lib.studies import small_study

DAY = dt.datetime(2022, 3, 1)
IDS = [letter * 20 for letter in "abcdef"]


@pytest.fixture
def study(tmp_path):
    return replace(small_study(tmp_path), protezione=Protezione(soglia_interna=1))


def table_of(schema_table, **columns):
    """Return a tidy table of these columns; whatever else its schema wants is missing."""
    types = {column.name: column.dtype for column in schema_table.columns}
    return pd.DataFrame(columns).reindex(columns=list(types)).astype(types)


def people(**columns):
    base = {
        "destinatario_id": IDS,
        "ambito_id": ["SU", "SU", "NO", "NO", "NO", "NO"],
        "ammissibile_fami": [True, True, True, True, None, False],
        "anno_nascita": [2010, 1990, 1950, 1990, None, 1990],
        "data_primo_contatto": DAY,
    }
    return table_of(DESTINATARI, **{**base, **columns})


PAIRS = pd.DataFrame(
    {
        "destinatario_a": [IDS[0], IDS[1], IDS[3]],
        "destinatario_b": [IDS[1], IDS[2], IDS[5]],
        "classe_coppia": ["stessa", "da_rivedere", "stessa"],
    }
)
INCIDENZA = pd.DataFrame(
    {
        "area": ["distretto", "SU", "NO"] * 2,
        "anno": [2020] * 3 + [2023] * 3,
        "extra_ue": [1.0] * 3 + [1000.0, 400.0, 600.0],
        "extra_ue_basso": [1.0] * 3 + [800.0, 320.0, 480.0],
        "extra_ue_alto": [1.0] * 3 + [1250.0, 500.0, 750.0],
        "stranieri": [1] * 3 + [2000, 800, 1200],
    }
)


@pytest.fixture
def frames():
    return {
        "tidy_destinatari": people(),
        "tidy_coppie_persone": PAIRS,
        "ind_incidenza": INCIDENZA,
    }


def test_only_certain_pairs_are_one_person_and_the_others_give_the_range():
    records = with_persons(people(), PAIRS)
    assert len(records) == 5  # one is not eligible; the one that does not say is kept
    assert records["persona"].nunique() == 4
    assert records["persona_minima"].nunique() == 3


def test_without_pairs_every_record_is_a_person():
    assert with_persons(people(), None)["persona"].nunique() == 5


def test_the_age_bands_are_those_at_first_contact():
    bands = with_band(people(anno_nascita=[2005, 2004, 1962, 1961, None, 1990]))["fascia"]
    assert bands.tolist()[:4] == ["<18", "18-60", "18-60", ">60"]
    assert pd.isna(bands.iloc[4])


def test_the_three_uncertainties_stand_apart(frames, study):
    table = compute_copertura(frames, study)
    validate_table(table, schema.COPERTURA)
    north = one_row(table, area="NO")
    assert (north["anno"], north["schede"], north["persone"]) == (2023, 3, 3)
    assert north["tasso"] == pytest.approx(1000 * 3 / 600)
    whole = one_row(table, area="distretto")
    assert (whole["schede"], whole["persone"], whole["persone_minimo"]) == (5, 4, 3)
    assert (whole["tasso_doppioni_basso"], whole["tasso_doppioni_alto"]) == (3.0, 5.0)
    ends = whole["tasso_denominatore_basso"], whole["tasso_denominatore_alto"]
    assert ends == pytest.approx((4 / 1.25, 4 / 0.8))
    chance = rate_interval(4, 1000, 1000)
    ends = whole["tasso_caso_basso"], whole["tasso_caso_alto"]
    assert ends == pytest.approx((float(chance.low), float(chance.high)))
    assert whole["tasso_stranieri"] == pytest.approx(2.0)


def test_expected_persons_add_up_to_those_reached(frames, study):
    # The persons of the Ambiti: one record pair joined inside SU, so 1 + 3 = 4.
    table = compute_copertura(frames, study)
    ambiti = table[table["area"] != "distretto"]
    assert ambiti["attese"].sum() == pytest.approx(4)
    south = one_row(table, area="SU")
    assert south["rapporto"] == pytest.approx(1 / (4 * 0.4))
    assert set(table["standardizzazione"]) == {"nessuna"}


def test_ages_standardise_where_they_are_loaded(frames, study):
    ages = pd.DataFrame(
        [(code, eta, n) for code, n in (("016001", 10), ("016002", 10), ("016004", 40))
         for eta in ("10", "30", "70")],
        columns=["cod_istat", "eta", "n"],
    ).assign(anno=2023, sesso="T", cittadinanza="stranieri")  # fmt: skip
    given = {**frames, "tidy_popolazione": ages}
    table = compute_copertura(given, study)
    assert set(table["standardizzazione"]) == {"eta"}
    bands = compute_copertura_eta(given, study)
    young = one_row(bands, area="SU", fascia="<18")
    assert (young["persone"], young["stranieri"]) == (1, 20)
    assert young["tasso_stranieri"] == pytest.approx(50)


def test_small_age_bands_stand_together(frames, study):
    strict = replace(study, protezione=Protezione(soglia_interna=2))
    table = compute_copertura_eta(frames, strict)
    assert set(table["area"]) == {"NO"}  # elsewhere one band has a single person
    many = people(
        destinatario_id=[f"{k:020x}" for k in range(6)],
        ambito_id="SU",
        ammissibile_fami=True,
        anno_nascita=[2010, 2011, 1990, 1991, 1992, 1950],
    )
    table = compute_copertura_eta({**frames, "tidy_destinatari": many}, strict)
    whole = table[table["area"] == "distretto"].set_index("fascia")["persone"]
    assert whole.to_dict() == {"<18": 2, "18+": 4}


def test_shrinking_moves_rates_towards_each_other(frames, study):
    table = compute_copertura(frames, study)
    ambiti = table[table["area"] != "distretto"]
    raw, shrunken = ambiti["tasso"], ambiti["tasso_raccolto"]
    assert shrunken.max() - shrunken.min() <= raw.max() - raw.min()
    assert pd.isna(one_row(table, area="distretto")["tasso_raccolto"])


def areas(persone, base):
    columns = {"persone": persone, "extra_ue": base, "ore": np.nan, "interventi": 0}
    return pd.DataFrame({"area": ["SU", "NO"], **columns})


def test_equal_rates_have_no_inequality(study):
    table = compute_equita({"ind_copertura": areas([400, 800], [1000.0, 2000.0])}, study)
    assert one_row(table, indice="theil")["valore"] == pytest.approx(0, abs=1e-3)
    assert one_row(table, indice="massimo_minimo")["valore"] == pytest.approx(1, abs=0.1)


def test_inequality_weighs_ambiti_by_residents(study):
    table = compute_equita({"ind_copertura": areas([4000, 2000], [1000.0, 2000.0])}, study)
    plain = theil([4, 1], [1000, 2000])
    assert one_row(table, indice="theil")["valore"] == pytest.approx(plain, abs=0.005)


def test_the_ratio_of_extremes_is_not_given_on_few_persons(study):
    table = compute_equita({"ind_copertura": areas([9, 50], [1000.0, 2000.0])}, study)
    assert pd.isna(one_row(table, indice="massimo_minimo")["valore"])
    assert pd.notna(one_row(table, indice="theil")["valore"])


ASKED = table_of(
    INTERVENTI,
    intervento_id=[f"I{k}" for k in range(6)],
    ambito_id=["SU", "SU", "SU", "NO", "NO", "NO"],
    lingua=["ary", "ary", "wol", "ary", None, "ary"],
    ente_richiedente_tipo=["cti", "tutela_minori", "cti", "consultorio", None, "terzo_settore"],
    esito=["concluso", "non_coperto", "annullato_ente", "concluso", "concluso", "utente_assente"],
    modalita=["programmata"] * 5 + ["presidio_fisso"],
    data_richiesta=DAY,
    data=[DAY + dt.timedelta(days=d) for d in (3, 0, 0, 10, 40, 0)],
)
LOG = ASKED.assign(data=ASKED["data"].mask(ASKED["esito"].isin(["non_coperto", "annullato_ente"])))


def test_unmet_requests_by_language_and_service(study):
    table = compute_domanda({"tidy_interventi": LOG}, study)
    validate_table(table, schema.DOMANDA)
    whole = one_row(table, area="distretto", lingua="tutte", servizio="tutti")
    assert (whole["richieste"], whole["inevase"]) == (6, 2)
    assert whole["quota_inevase"] == pytest.approx(2 / 6)
    four = pd.concat([LOG] * 4, ignore_index=True)
    table = compute_domanda({"tidy_interventi": four}, study)
    arabic = one_row(table, area="distretto", lingua="ary", servizio="tutti")
    assert (arabic["richieste"], arabic["inevase"]) == (16, 4)
    assert arabic["quota_inevase"] == pytest.approx(0.25)
    schools = one_row(table, area="SU", lingua="tutte", servizio="scuola")
    assert (schools["richieste"], schools["inevase"]) == (8, 4)
    crossed = table[(table["lingua"] == "ary") & (table["servizio"] == "sociale")]
    assert crossed["area"].tolist() == ["distretto"]
    assert one_row(table, area="NO", lingua="nd", servizio="tutti")["richieste"] == 4


def test_breakdowns_of_almost_nothing_are_not_made(study):
    strict = replace(study, protezione=Protezione(soglia_interna=5))
    table = compute_domanda({"tidy_interventi": LOG}, strict)
    assert set(table["lingua"]) == {"tutte"}
    assert set(table["servizio"]) == {"tutti"}
    many = pd.concat([LOG] * 8, ignore_index=True)
    table = compute_domanda({"tidy_interventi": many}, strict)
    margin = table[(table["area"] == "NO") & (table["lingua"] != "tutte")]
    assert len(margin) == 2
    assert margin["inevase"].isna().all()


def test_languages_beyond_the_most_asked_stand_together(study):
    many = [f"l{k:02d}" for k in range(12)]
    log = table_of(
        INTERVENTI,
        ambito_id="SU",
        lingua=[code for k, code in enumerate(many) for _ in range(20 - k)],
        esito="concluso",
    )
    table = compute_domanda({"tidy_interventi": log}, study)
    kept = set(table["lingua"]) - {"tutte"}
    assert kept == {*many[:8], "altre"}


def test_concentration_of_languages(study):
    table = compute_lingue({"tidy_interventi": LOG}, study)
    row = one_row(table, area="distretto")
    assert (row["richieste"], row["lingue"]) == (5, 2)
    assert row["hhi"] == pytest.approx((4 / 5) ** 2 + (1 / 5) ** 2)


def test_the_unmet_wait_until_the_registers_close():
    found = waits(LOG).set_index("intervento_id")
    assert found["giorni"].to_dict() == {"I0": 3, "I1": 40, "I2": 40, "I3": 10, "I4": 40}
    assert found["finita"].tolist() == [True, False, False, True, True]


def test_medians_count_the_unmet_as_still_waiting(study):
    table = compute_attese({"tidy_interventi": LOG}, study)
    # Waits 3, 10, 40 and two cut at 40: half are served by day 40 only.
    whole = one_row(table, area="distretto", gruppo="tutte")
    assert (whole["richieste"], whole["con_intervento"], whole["mediana"]) == (5, 3, 40)
    assert whole["entro_30"] == pytest.approx(2 / 5)
    assert whole["entro_2"] == 0
    schools = one_row(table, area="distretto", gruppo="scuola")
    assert (schools["richieste"], schools["con_intervento"]) == (2, 1)


def test_a_median_needs_twice_the_threshold(study):
    strict = replace(study, protezione=Protezione(soglia_interna=3))
    table = compute_attese({"tidy_interventi": LOG}, strict)
    assert table["mediana"].isna().all()
    assert compute_curva({"tidy_interventi": LOG}, strict).empty


def test_the_curve_stands_on_a_coarse_grid(study):
    table = compute_curva({"tidy_interventi": LOG}, study)
    whole = table[table["area"] == "distretto"].set_index("giorno")["in_attesa"]
    assert whole.loc[[2, 7, 14, 45]].tolist() == pytest.approx([1.0, 0.8, 0.6, 0.4])
