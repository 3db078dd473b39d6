"""Recipients, mediators, timesheets, meetings, management, listening: what only they have."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bgest_analysis.clean.corrections import Decision
from bgest_analysis.clean.persons import mediator_identity, recipient_identity
from bgest_analysis.clean.project.ascolto import read_answer, read_qualitative_code
from bgest_analysis.clean.project.model import CleanContext
from bgest_analysis.clean.project.tidy import clean_project
from bgest_analysis.errors import PrivacyGateClosed
from bgest_analysis.privacy.pseudonyms import (
    DESTINATARIO,
    MEDIATORE,
    example_key,
    make_key,
    pseudonym,
)
from bgest_analysis.read.raw import CellKind
from bgest_analysis.schema.registry import find_table
from tests.lib.cleaning import Clean, counted, make_raw, rules_by_row

PERSON = {
    "cognome": "Verdini",
    "nome_persona": "Fatima",
    "data_nascita": "12/03/1985",
    "sesso": "F",
    "cittadinanza_iso3": "marocchina",
    "ambito_id": "Seriate",
    "titolo_soggiorno": "motivi familiari",
    "data_primo_contatto": "01/02/2021",
    "numero_permesso": "I01234567",
    "telefono": "333 1234567",
}


def person(**cells: str) -> dict[str, str]:
    return {**PERSON, **cells}


# --- recipients ---
def test_a_recipient_becomes_a_pseudonym_and_a_year(clean: Clean) -> None:
    cleaned = clean("destinatari", [PERSON])
    found = cleaned.tables["destinatari"].iloc[0]
    assert found["destinatario_id"] == pseudonym(
        example_key(), DESTINATARIO, "nome:fatima verdini:1985-03-12"
    )
    assert (found["anno_nascita"], found["cittadinanza_iso3"]) == (1985, "MAR")
    assert bool(found["ammissibile_fami"])
    assert pd.isna(found["motivo_non_ammissibile"])
    assert cleaned.tables["impronte_persone"]["destinatario_id"].tolist() == [
        found["destinatario_id"]
    ]


def everything_written(cleaned: object) -> str:
    parts = [
        *cleaned.tables.values(),
        cleaned.quarantine,
        cleaned.log.to_frame(),
        cleaned.review,
    ]
    return (
        " ".join(part.astype(str).to_csv() for part in parts).lower() + repr(cleaned.steps).lower()
    )


SECRETS = ("verdini", "fatima", "12/03/1985", "1985-03-12", "i01234567", "1234567", "segreto")


def test_no_personal_value_is_left_anywhere(clean: Clean) -> None:
    rows = [
        PERSON,
        person(cittadinanza_iso3="Fatima", sesso="segreto"),
        person(cognome="", nome_persona="", ambito_id="Verdini Fatima 3331234567"),
        person(data_nascita="31/02/1985", codice_fiscale="I01234567"),
        person(titolo_soggiorno="I01234567", note="segreto"),
    ]
    cleaned = clean("destinatari", rows, sheet="Verdini Fatima")
    written = everything_written(cleaned)
    assert [word for word in SECRETS if word in written] == []
    assert cleaned.accounting.rows_in == 5


@pytest.mark.parametrize(
    ("cells", "reason", "eligible"),
    [
        ({}, None, True),
        ({"cittadinanza_iso3": "rumena"}, "cittadino_ue", False),
        ({"cittadinanza_iso3": "italiana"}, "cittadino_italiano", False),
        ({"titolo_soggiorno": "richiedente asilo"}, "richiedente_asilo", False),
        ({"cittadinanza_iso3": ""}, "cittadinanza_nota_manca", None),
        ({"cittadinanza_iso3": "GBR", "data_primo_contatto": "01/12/2019"}, "cittadino_ue", False),
        ({"cittadinanza_iso3": "GBR", "data_primo_contatto": "01/12/2020"}, None, True),
        ({"cittadinanza_iso3": "apolide"}, None, True),
    ],
)
def test_who_is_eligible_and_why_not(
    clean: Clean, cells: dict[str, str], reason: str | None, eligible: bool | None
) -> None:
    found = clean("destinatari", [person(**cells)]).tables["destinatari"].iloc[0]
    assert (
        None if pd.isna(found["motivo_non_ammissibile"]) else found["motivo_non_ammissibile"]
    ) == (reason)
    assert (None if pd.isna(found["ammissibile_fami"]) else bool(found["ammissibile_fami"])) is (
        eligible
    )


def test_one_row_a_person_completed_by_the_others(clean: Clean) -> None:
    rows = [
        person(titolo_studio="", data_primo_contatto="05/05/2021"),
        person(titolo_studio="laurea", data_primo_contatto="01/02/2021"),
        person(titolo_studio="diploma", nome_persona="Fatima "),
    ]
    cleaned = clean("destinatari", rows)
    found = cleaned.tables["destinatari"]
    assert found["titolo_studio"].tolist() == ["terziaria"]
    assert found["data_primo_contatto"].tolist() == [pd.Timestamp(2021, 2, 1)]
    assert cleaned.accounting.dropped == {"persona_ripetuta": 2}
    assert (3, "titolo_studio", "persona_con_valori_diversi") in rules_by_row(cleaned)
    assert len(cleaned.tables["impronte_persone"]) == 3


def test_a_row_that_tells_nobody_apart_stands_aside(clean: Clean) -> None:
    cleaned = clean("destinatari", [person(data_nascita="", anno_nascita=""), PERSON])
    assert cleaned.quarantine["regola"].tolist() == ["persona_non_riconoscibile"]
    assert len(cleaned.tables["destinatari"]) == 1


def test_fami_sentinel_is_no_date_of_birth(clean: Clean) -> None:
    cleaned = clean("destinatari", [person(data_nascita="01/01/0001", anno_nascita="1990")])
    assert cleaned.tables["destinatari"]["anno_nascita"].tolist() == [1990]
    assert counted(cleaned, "data_convenzionale_fami") == 1


def test_two_digit_years_of_birth_are_in_the_past(clean: Clean) -> None:
    found = clean("destinatari", [person(data_nascita="12/03/35")]).tables["destinatari"]
    assert found["anno_nascita"].tolist() == [1935]


def test_pseudonyms_decided_to_be_one_become_one(clean: Clean) -> None:
    rows = [PERSON, person(nome_persona="Fatiha")]
    one, other = clean("destinatari", rows).tables["destinatari"]["destinatario_id"]
    cleaned = clean("destinatari", rows, Decision("destinatari", "destinatario_id", other, one))
    assert cleaned.tables["destinatari"]["destinatario_id"].tolist() == [one]
    assert counted(cleaned, "decisione") == 1


def test_without_a_key_nothing_about_persons_is_read(context: CleanContext) -> None:
    keyless = CleanContext(context.study, context.vocabularies)
    with pytest.raises(PrivacyGateClosed, match="bgest key"):
        clean_project(make_raw([PERSON]), find_table("destinatari"), keyless)


def test_another_key_gives_other_pseudonyms(context: CleanContext, tmp_path: Path) -> None:
    key = make_key(tmp_path / "chiavi" / "prova.chiave", tmp_path / "studio")
    other = CleanContext(context.study, context.vocabularies, key)
    table = find_table("destinatari")
    ids = {
        clean_project(make_raw([PERSON]), table, one)
        .tables["destinatari"]["destinatario_id"]
        .iloc[0]
        for one in (context, other)
    }
    assert len(ids) == 2


def test_services_link_to_their_person_by_code(clean: Clean) -> None:
    service = {"codice_utente": "U7", "servizio": "casa", "data": "01/03/2021", "minuti": "60"}
    recipient = clean("destinatari", [person(codice_utente="u 7")]).tables["destinatari"]
    found = clean("servizi_ricevuti", [service, {**service, "minuti": "30"}])
    assert found.tables["servizi_ricevuti"]["destinatario_id"].tolist() == (
        recipient["destinatario_id"].tolist()
    )
    assert found.tables["servizi_ricevuti"]["minuti"].tolist() == [90]
    assert found.accounting.tidy == 2
    assert counted(found, "righe_sommate") == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Rossi Amina", "amina ROSSI"), ("M-01", "m01"), ("Òlena B.", "olena b")]
)
def test_one_mediator_however_written(one: str, other: str) -> None:
    assert mediator_identity(one) == mediator_identity(other) != ""


@pytest.mark.parametrize("nothing", ["", "n.d.", "-", "  "])
def test_nobody_has_no_identity(nothing: str) -> None:
    assert mediator_identity(nothing) == ""
    assert recipient_identity(nothing, "") == ""


def test_lists_of_persons_keep_codes_and_report_names(clean: Clean) -> None:
    base = {"intervento_id": "1", "ambito_id": "Seriate", "esito": "concluso"}
    cleaned = clean(
        "interventi",
        [{**base, "persone": "U1 | U2"}, {**base, "intervento_id": "2", "persone": "U1; Verdini"}],
    )
    ids = cleaned.tables["interventi"]["destinatari_id"].tolist()
    u1 = pseudonym(example_key(), DESTINATARIO, "codice::U1")
    assert ids[1] == u1
    assert len(ids[0].split("|")) == 2
    assert rules_by_row(cleaned) >= {(3, "persone", "persone_senza_codice")}
    assert "verdini" not in everything_written(cleaned)


# --- timesheets and mediators ---
def test_days_of_a_month_are_summed(clean: Clean) -> None:
    rows = [
        {"mediatore": "Rossi Amina", "mese": month, "minuti": minutes}
        for month, minutes in (("03/05/2021", "60"), ("04/05/2021", "90"), ("giugno 2021", "30"))
    ]
    cleaned = clean("timesheet", rows)
    found = cleaned.tables["timesheet"]
    assert dict(zip(found["mese"], found["minuti"], strict=True)) == {"2021-05": 150, "2021-06": 30}
    assert found["mediatore_id"].unique().tolist() == [
        pseudonym(example_key(), MEDIATORE, "nome:amina rossi")
    ]
    assert cleaned.accounting.tidy == 3


def test_a_mediator_has_languages(clean: Clean) -> None:
    row = {"mediatore": "Rossi Amina", "ente_id": "Cooperativa Ruah", "lingue": "arabo, francese"}
    found = clean("mediatori", [row]).tables["mediatori"]
    assert found["lingue"].tolist() == ["ara|fra"]


def test_a_list_with_an_unknown_part_is_asked_whole(clean: Clean) -> None:
    row = {"mediatore": "Rossi Amina", "ente_id": "Cooperativa Ruah", "lingue": "arabo, klingon"}
    cleaned = clean("mediatori", [row])
    assert cleaned.quarantine["regola"].tolist() == ["manca_obbligatorio"]
    assert (2, "lingue", "elenco_con_voci_ignote") in rules_by_row(cleaned)


# --- meetings ---
def test_meetings_without_a_code_are_named_by_level_and_day(clean: Clean) -> None:
    rows = [{"data": "12/03/2021", "livello": "Cabina di regia", "odg_temi": "modello; casi"}]
    found = clean("incontri", rows).tables["incontri"].iloc[0]
    assert found["incontro_id"] == "cabina_regia_2021-03-12"
    assert found["odg_temi"] == "modello|casi"


def test_a_grid_gives_presences_and_meetings(clean: Clean) -> None:
    rows = [
        {"data": day, "livello": "Cabina", "ente_id": body, "ruolo": "", "n_persone": "1"}
        for day in ("12/03/2021", "14/04/2021")
        for body in ("Cooperativa Ruah", "Consorzio Servizi")
    ]
    cleaned = clean("presenze", rows)
    presences, meetings = cleaned.tables["presenze"], cleaned.tables["incontri"]
    assert meetings["incontro_id"].tolist() == [
        "cabina_regia_2021-03-12",
        "cabina_regia_2021-04-14",
    ]
    assert set(presences["incontro_id"]) == set(meetings["incontro_id"])
    assert presences["ruolo"].unique().tolist() == ["non_precisato"]
    assert counted(cleaned, "ruolo_non_detto") == 4


def test_the_level_may_come_from_the_sheet(clean: Clean) -> None:
    rows = [{"data": "12/03/2021", "ente_id": "Cooperativa Ruah", "n_persone": "1"}]
    cleaned = clean("presenze", rows, sheet="Équipe Tecnica 2021")
    assert cleaned.tables["incontri"]["livello"].tolist() == ["equipe_tecnica"]
    assert counted(cleaned, "dal_nome_del_file") == 1


# --- management ---
def test_sheets_of_indicators_say_version_and_quarter(clean: Clean) -> None:
    row = {"codice": "P1", "trimestre": "II trim. 2022", "valore_realizzato": "1.234"}
    cleaned = clean("indicatori", [row, {**row, "trimestre": "30/09/2022", "versione": "2"}])
    found = cleaned.tables["indicatori"]
    assert found["trimestre"].tolist() == ["2022-T2", "2022-T3"]
    assert found["versione"].tolist() == [1, 2]
    assert counted(cleaned, "versione_mancante") == 1
    assert counted(cleaned, "cumulato_non_detto") == 2


def test_a_month_is_not_a_quarter(clean: Clean) -> None:
    cleaned = clean("indicatori", [{"codice": "P1", "trimestre": "marzo 2021"}])
    assert (2, "trimestre", "periodo_di_altra_durata") in rules_by_row(cleaned)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Approvato", "approvato"),
        ("Budget approvato", "approvato"),
        ("rimod_1", "rimod_1"),
        ("Rimodulazione n. 2", "rimod_2"),
        ("2° rimodulazione", "rimod_2"),
        ("rimodulato", None),
    ],
)
def test_versions_of_the_budget(clean: Clean, written: str, read: str | None) -> None:
    row = {"voce": "A. Personale", "versione_budget": written, "importo_eur": "1.234,50 €"}
    found = clean("budget", [row]).tables["budget"].iloc[0]
    assert (None if pd.isna(found["versione_budget"]) else found["versione_budget"]) == read
    assert found["importo_eur"] == 1234.5


def test_two_equal_expenses_both_stay(clean: Clean) -> None:
    row = {"voce": "B", "importo_rendicontato_eur": "12,00", "data_spesa": "01/02/2022"}
    cleaned = clean("budget", [row, dict(row), {"voce": "B"}])
    assert len(cleaned.tables["budget"]) == 2
    assert (3, "", "riga_uguale") in rules_by_row(cleaned)
    assert cleaned.quarantine["regola"].tolist() == ["riga_senza_importo"]


# --- listening ---
@pytest.mark.parametrize(
    ("text", "scale", "points"),
    [
        ("Molto d'accordo", "likert_1_5", 5),
        ("molto d’accordo", "likert_1_4", 4),
        ("4 - abbastanza", "likert_1_5", 4),
        ("3", "likert_1_5_inversa", 3),
        ("Sì", "si_no", 1),
        ("😐", "faccine_1_3", 2),
        ("10", "numerica_0_10", 10),
    ],
)
def test_answers_on_their_scale(text: str, scale: str, points: int) -> None:
    assert read_answer(text, CellKind.TEXT, scale).value == points


@pytest.mark.parametrize(
    ("text", "scale"), [("6", "likert_1_5"), ("forse", "si_no"), ("3", ""), ("0", "faccine_1_5")]
)
def test_answers_off_the_scale_are_asked(text: str, scale: str) -> None:
    cell = read_answer(text, CellKind.TEXT, scale)
    assert (cell.value, cell.rule) == (None, "risposta_fuori_scala")


def test_a_questionnaire_is_named_after_its_file(clean: Clean) -> None:
    rows = [
        {"risposta_id": "R2", "item": "utile", "scala": "likert_1_5", "valore": text}
        for text in ("molto d'accordo",)
    ] + [{"risposta_id": "R3", "item": "utile", "scala": "likert_1_5", "valore": ""}]
    cleaned = clean("questionari", rows, file="data/raw/questionari/destinatari_post.csv")
    found = cleaned.tables["questionari"]
    assert found["rilevazione"].unique().tolist() == ["destinatari"]
    assert found["onda_questionario"].unique().tolist() == ["post"]
    assert found["risposta_id"].tolist() == ["destinatari_post-R2", "destinatari_post-R3"]
    assert found["valore"].fillna(-1).tolist() == [5.0, -1.0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("M_fiducia", "M_fiducia"),
        ("Meccanismo\\Fiducia reciproca", "M_fiducia_reciproca"),
        ("contesto: scuola", "C_scuola"),
        ("Esito > Autonomia", "O_autonomia"),
        ("O", "O"),
        ("Mediatrice", None),
    ],
)
def test_codes_of_the_logic_model(text: str, code: str | None) -> None:
    assert read_qualitative_code(text, CellKind.TEXT).value == code
