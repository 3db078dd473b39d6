"""The log of interventions: one way for every column, and the few things only it has."""

from __future__ import annotations

import pandas as pd
import pytest

from bgest_analysis.clean.corrections import Decision
from bgest_analysis.privacy.scrub import MASK
from tests.lib.cleaning import Clean, counted, rules_by_row

ROW = {
    "intervento_id": "I1",
    "data": "03/04/2022",
    "minuti_frontali": "90",
    "mediatore": "Rossi Amina",
    "ambito_id": "Val Cavallina",
    "lingua": "arabo",
    "tipologia": "linguistica",
    "modalita": "programmata",
    "esito": "concluso",
}


# Words no vocabulary knows may be a person's: the list to review covers them.
COVERED = dict.fromkeys(("klingon", "tanto", "boh"), MASK)


def row(**cells: str) -> dict[str, str]:
    return {**ROW, **cells}


def test_a_clean_row_comes_through_whole(clean: Clean) -> None:
    cleaned = clean("interventi", [ROW])
    found = cleaned.tables["interventi"].iloc[0]
    assert found["data"] == pd.Timestamp(2022, 4, 3)
    assert (found["minuti_frontali"], found["ambito_id"], found["lingua"]) == (90, "VCA", "ara")
    assert (found["lingua_raw"], found["modalita"], found["esito"]) == (
        "arabo",
        "programmata",
        "concluso",
    )
    assert (found["fonte_file"], found["fonte_riga"]) == ("data/raw/prova/registro.csv", 2)
    assert len(cleaned.log) == 0
    assert cleaned.quarantine.empty


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Val Cavallina", "VCA"),
        ("Valcavallina", "VCA"),
        ("Ambito Val Cavallina", "VCA"),
        ("ambito territoriale di Val Cavallina", "VCA"),
        ("GRUMELLO", "GRU"),
        ("VALLE SERIANA", "VSE"),
        ("Alta Valle Seriana", "AVS"),
    ],
)
def test_ambiti_by_their_known_names(clean: Clean, written: str, code: str) -> None:
    cleaned = clean("interventi", [row(ambito_id=written)])
    assert cleaned.tables["interventi"]["ambito_id"].tolist() == [code]


@pytest.mark.parametrize(
    ("written", "rule", "suggestion"),
    [
        ("Clusone", "ambito_con_comune", "AVS"),
        ("Distretto Bergamo Est", "ambito_con_distretto", ""),
        ("ASST Bergamo Est", "ambito_con_distretto", ""),
        ("Val Cavalina", "voce_sconosciuta", "VCA"),
    ],
)
def test_an_ambito_is_never_guessed(clean: Clean, written: str, rule: str, suggestion: str) -> None:
    cleaned = clean("interventi", [row(ambito_id=written)])
    assert cleaned.tables["interventi"].empty
    assert rules_by_row(cleaned) == {(2, "ambito_id", rule), (2, "ambito_id", "manca_obbligatorio")}
    asked = cleaned.review.iloc[0]
    assert (asked["valore"], asked["regola"], asked["celle"]) == (written, rule, 1)
    assert asked["suggerimenti"].split("|")[0] == suggestion
    assert cleaned.accounting.quarantined == 1


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("Ghanese", "paese_non_lingua"),
        ("afgano", "paese_non_lingua"),
        ("arabo, francese", "voci_multiple"),
        ("klingon", "voce_sconosciuta"),
    ],
)
def test_a_language_is_never_guessed(clean: Clean, written: str, rule: str) -> None:
    cleaned = clean("interventi", [row(lingua=written)])
    found = cleaned.tables["interventi"]
    assert found["lingua"].isna().all()
    assert found["lingua_raw"].isna().all()
    assert rules_by_row(cleaned) == {(2, "lingua", rule)}
    assert cleaned.review["valore"].tolist() == [COVERED.get(written, written)]


def test_the_same_language_twice_is_one(clean: Clean) -> None:
    cleaned = clean("interventi", [row(lingua="Arabo / arabo")])
    assert cleaned.tables["interventi"]["lingua"].tolist() == ["ara"]


@pytest.mark.parametrize(
    ("column", "written", "rule"),
    [
        ("minuti_frontali", "tanto", "ore_illeggibili"),
        ("minuti_frontali", "2000", "fuori_intervallo"),
        ("data", "31/02/2022", "data_impossibile"),
        ("data", "aprile 22", "data_periodo"),
        ("data", "03/04/2099", "data_anno_improbabile"),
        ("data", "03/04/2030", "data_futura"),
        ("n_partecipanti", "0", "fuori_intervallo"),
        ("n_partecipanti", "due o tre", "numero_illeggibile"),
        ("esito", "boh", "voce_sconosciuta"),
        ("esito", "annullato", "voce_ambigua"),
        ("autonomia_0_3", "4", "fuori_intervallo"),
        ("cod_istat", "Bergamasca", "voce_sconosciuta"),
        ("azione", "05", "voce_sconosciuta"),
        ("lingua", "idem", "idem_senza_origine"),
    ],
)
def test_a_doubtful_cell_is_missing_and_asked(
    clean: Clean, column: str, written: str, rule: str
) -> None:
    cleaned = clean("interventi", [row(**{column: written})])
    assert (2, column, rule) in rules_by_row(cleaned)
    found = cleaned.tables["interventi"]
    assert found.empty or found[column].isna().all()
    shown = COVERED.get(written, written)
    assert cleaned.review.query("colonna == @column")["valore"].tolist() == [shown]


def test_first_day_of_the_month_comes_first(clean: Clean) -> None:
    rows = [row(intervento_id="1", data="03/04/2022"), row(intervento_id="2", data="13/04/2022")]
    found = clean("interventi", rows).tables["interventi"]
    assert found["data"].dt.month.tolist() == [4, 4]


def test_unmet_requests_stay_rows(clean: Clean) -> None:
    unmet = {
        "intervento_id": "I2",
        "ambito_id": "Seriate",
        "esito": "non coperto",
        "lingua": "urdu",
    }
    found = clean("interventi", [ROW, unmet]).tables["interventi"]
    assert found["esito"].tolist() == ["concluso", "non_coperto"]
    assert found["minuti_frontali"].isna().tolist() == [False, True]


def test_identical_rows_are_dropped_by_name(clean: Clean) -> None:
    cleaned = clean("interventi", [ROW, dict(ROW), row(intervento_id="I2")])
    assert cleaned.accounting.dropped == {"riga_ripetuta": 1}
    assert rules_by_row(cleaned) == {(3, "", "riga_ripetuta")}
    assert cleaned.tables["interventi"]["intervento_id"].tolist() == ["I1", "I2"]


def test_two_rows_with_one_code_stand_aside(clean: Clean) -> None:
    cleaned = clean("interventi", [ROW, row(minuti_frontali="60"), row(intervento_id="I2")])
    assert cleaned.tables["interventi"]["intervento_id"].tolist() == ["I2"]
    assert cleaned.accounting.quarantined == 2
    assert cleaned.quarantine["regola"].tolist() == ["chiave_ripetuta", "chiave_ripetuta"]


def test_rows_without_a_code_get_one(clean: Clean) -> None:
    rows = [{k: v for k, v in row(data=day).items() if k != "intervento_id"} for day in DAYS]
    cleaned = clean("interventi", rows)
    assert cleaned.tables["interventi"]["intervento_id"].tolist() == ["registro-2", "registro-3"]
    assert counted(cleaned, "codice_creato") == 2


DAYS = ("03/04/2022", "04/04/2022")


def test_the_ambito_comes_from_the_comune_only_when_empty(clean: Clean) -> None:
    rows = [
        row(intervento_id="1", ambito_id="", cod_istat="Clusone"),
        row(intervento_id="2", ambito_id="Val Cavallina", cod_istat="Clusone"),
        row(intervento_id="3", ambito_id="boh", cod_istat="Clusone"),
    ]
    cleaned = clean("interventi", rows)
    assert cleaned.tables["interventi"]["ambito_id"].tolist() == ["AVS", "VCA"]
    assert counted(cleaned, "ambito_da_comune") == 1
    assert (3, "cod_istat", "comune_di_altro_ambito") in rules_by_row(cleaned)


def test_the_ambito_comes_from_the_sheet_when_there_is_no_column(clean: Clean) -> None:
    bare = {name: text for name, text in ROW.items() if name != "ambito_id"}
    cleaned = clean("interventi", [bare], sheet="Ambito Alto Sebino")
    found = cleaned.tables["interventi"].iloc[0]
    assert found["ambito_id"] == "ASE"
    assert found["fonte_file"] == "data/raw/prova/registro.csv#Ambito Alto Sebino"


def test_without_an_outcome_column_only_rows_with_minutes_are_done(clean: Clean) -> None:
    bare = {name: text for name, text in ROW.items() if name != "esito"}
    cleaned = clean("interventi", [bare, {**bare, "intervento_id": "I2", "minuti_frontali": ""}])
    assert cleaned.tables["interventi"]["esito"].tolist() == ["concluso"]
    assert counted(cleaned, "esito_dai_minuti") == 1
    assert cleaned.quarantine["riga"].tolist() == [3]


def test_notes_leave_only_a_mark(clean: Clean) -> None:
    rows = [row(intervento_id=str(n), note=text) for n, text in enumerate(["", "-", "piange"])]
    cleaned = clean("interventi", rows)
    assert cleaned.tables["interventi"]["note_flag"].tolist() == [False, False, True]
    assert not cleaned.tables["interventi"].astype(str).isin(["piange"]).any(axis=None)


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ({"data_richiesta": "05/04/2022"}, "data_richiesta", "richiesta_dopo_intervento"),
        ({"esito": "non coperto"}, "minuti_frontali", "inevasa_con_minuti"),
        ({"minuti_frontali": ""}, "minuti_frontali", "svolto_senza_minuti"),
        ({"data": ""}, "data", "svolto_senza_data"),
    ],
)
def test_what_does_not_agree_within_a_row_is_said(
    clean: Clean, cells: dict[str, str], column: str, rule: str
) -> None:
    cleaned = clean("interventi", [row(**cells)])
    assert (2, column, rule) in rules_by_row(cleaned)
    assert len(cleaned.tables["interventi"]) == 1


def test_the_phase_is_marked_by_where_it_comes_from(clean: Clean) -> None:
    rows = [
        row(intervento_id="1", fase="progettazione"),
        row(intervento_id="2", fase=""),
        row(intervento_id="3", fase="", tipologia=""),
        row(intervento_id="4", fase="", esito="non coperto", minuti_frontali=""),
    ]
    found = clean("interventi", rows).tables["interventi"]
    assert found["fase"].fillna("").tolist() == ["progettazione", "attuazione", "", ""]
    assert found["fase_origine"].fillna("").tolist() == ["registrata", "derivata", "", ""]


def test_a_recoded_phase_says_so(clean: Clean) -> None:
    decided = Decision("interventi", "fase", "", "lettura", code="I1")
    found = clean("interventi", [row(fase="")], decided).tables["interventi"].iloc[0]
    assert (found["fase"], found["fase_origine"]) == ("lettura", "ricodificata")


def test_a_decision_is_applied_counted_and_asked_no_more(clean: Clean) -> None:
    rows = [row(intervento_id="1", lingua="ghanese"), row(intervento_id="2", lingua=" ghanese ")]
    decided = Decision("interventi", "lingua", "ghanese", "twi")
    cleaned = clean("interventi", rows, decided)
    found = cleaned.tables["interventi"]
    assert found["lingua"].tolist() == ["twi", "twi"]
    assert found["lingua_raw"].isna().all()
    assert counted(cleaned, "decisione") == 2
    assert cleaned.review.empty


def test_a_decision_on_one_row_touches_that_row_only(clean: Clean) -> None:
    rows = [row(intervento_id=str(n), lingua="ghanese") for n in range(3)]
    decided = Decision("interventi", "lingua", "", "twi", row=3)
    found = clean("interventi", rows, decided).tables["interventi"]
    assert found["lingua"].fillna("").tolist() == ["", "twi", ""]


def test_mojibake_is_mended_before_a_name_is_looked_up(clean: Clean) -> None:
    cleaned = clean("interventi", [row(modalita="a chiamata", tipologia="Ã‰quipe")])
    assert cleaned.tables["interventi"]["tipologia"].tolist() == ["equipe_coordinamento"]
    assert counted(cleaned, "testo_codifica") == 1


@pytest.mark.parametrize(
    "written",
    [
        "=1+1",
        '=HYPERLINK("file:///x1","qui")',
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-1+1",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        " =1+1",
        "\uff1d1+1",
        "\uff0b1+1",
        '=WEBSERVICE("x1")',
    ],
)
def test_a_formula_is_no_code_of_an_intervention(clean: Clean, written: str) -> None:
    """A code is written again in text files that a spreadsheet opens: the row gets another."""
    cleaned = clean("interventi", [ROW, row(intervento_id=written)])
    assert cleaned.tables["interventi"]["intervento_id"].tolist() == ["I1", "registro-3"]
    assert rules_by_row(cleaned) == {(3, "intervento_id", "forma_non_valida")}


@pytest.mark.parametrize("written", ["I1", "7", "2021/35", "A-12", "n. 4", "12-B"])
def test_codes_as_people_write_them_stay(clean: Clean, written: str) -> None:
    cleaned = clean("interventi", [row(intervento_id=written)])
    assert cleaned.tables["interventi"]["intervento_id"].tolist() == [written]
