"""Files made by others: nothing is lost, nothing guessed, what is sure is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bgest_analysis.clean.project.files import clean_project_file
from bgest_analysis.clean.project.model import CleanContext, CleanedProject
from bgest_analysis.clean.project.vocabularies import study_vocabularies
from bgest_analysis.privacy.pseudonyms import example_key
from bgest_analysis.schema.registry import find_table
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace
from tests.lib.others_mess import (
    write_attendance,
    write_codings,
    write_export,
    write_log,
    write_tabs,
)

Take = Callable[[Callable[[Path], None], str, str], tuple[CleanedProject, ...]]


@pytest.fixture
def take(root: Path, tmp_path: Path) -> Take:
    """Return what cleans a messy file for the real study; the accounts of each sheet add up."""
    study = load_study(Workspace(root))
    context = CleanContext(study, study_vocabularies(study), example_key())

    def take(write: Callable[[Path], None], name: str, table: str) -> tuple[CleanedProject, ...]:
        write(tmp_path / name)
        cleaned = clean_project_file(tmp_path / name, name, find_table(table), context)
        for sheet in cleaned:
            sums = sheet.accounting
            assert sums.rows_in == sums.tidy + sums.quarantined + sum(sums.dropped.values())
        return cleaned

    return take


def asked(cleaned: CleanedProject) -> set[tuple[int, str, str]]:
    """Return row, column and rule of what a person is asked or told."""
    frame = cleaned.log.to_frame().dropna(subset=["riga"])
    return set(frame[["riga", "colonna", "regola"]].itertuples(index=False, name=None))


def test_a_cooperatives_log_of_many_habits(take: Take) -> None:
    january, february = take(write_log, "Registro 2022.xlsx", "interventi")
    log = january.tables["interventi"].set_index("fonte_riga")
    assert log["minuti_frontali"].fillna(0).astype(int).to_dict() == {7: 90, 8: 90, 9: 120, 11: 0,
                                                                      14: 0, 15: 0}  # fmt: skip
    assert log["ambito_id"].to_dict() == {7: "VSE", 8: "VCA", 9: "GRU", 11: "SER", 14: "ASE",
                                          15: "BSE"}  # fmt: skip
    assert log["esito"].to_dict()[11] == "non_coperto"
    assert {
        (8, "lingua", "voce_sconosciuta"),
        (9, "lingua", "voci_multiple"),
        (14, "data", "data_impossibile"),
        (14, "data_richiesta", "data_periodo"),
        (14, "minuti_frontali", "ore_virgola_ambigua"),
        (15, "minuti_frontali", "fuori_intervallo"),
    } <= asked(january)
    assert set(january.accounting.dropped) == {"totale", "nota"}
    other = february.tables["interventi"]
    assert other["lingua"].tolist() == ["cmn", "wol"]
    assert other["data"].dt.day.tolist() == [2, 2]
    told = january.log.to_frame()["regola"].tolist()
    assert [told.count("fogli_nascosti"), told.count("fogli_senza_tabella")] == [1, 1]


def test_an_export_of_a_management_program(take: Take) -> None:
    [cleaned] = take(write_export, "estrazione.csv", "interventi")
    log = cleaned.tables["interventi"]
    assert log["minuti_frontali"].tolist() == [90, 60]
    assert log["cod_istat"].nunique() == 1
    assert log["esito"].tolist() == ["concluso", "utente_assente"]
    assert log["lingua"].tolist() == ["spa", "spa"]
    assert cleaned.accounting.dropped


def test_excels_unicode_text(take: Take) -> None:
    [cleaned] = take(write_tabs, "unicode.txt", "interventi")
    assert cleaned.tables["interventi"]["minuti_frontali"].tolist() == [90, 135]
    assert cleaned.tables["interventi"]["ambito_id"].tolist() == ["GRU", "GRU"]
    assert len(cleaned.log) == 0


def test_an_attendance_grid_with_names_and_totals(take: Take) -> None:
    [cleaned] = take(write_attendance, "presenze.xlsx", "presenze")
    there = cleaned.tables["presenze"]
    assert there.groupby("ente_id").size().to_dict() == {"CSVC": 2, "RUAH": 1}
    assert len(cleaned.tables["incontri"]) == 2
    assert (3, "data", "data_periodo") in asked(cleaned)  # a cross under a month is not lost


def test_codings_without_the_coder_wait(take: Take) -> None:
    [cleaned] = take(write_codings, "MAXQDA.txt", "codifiche_qual")
    assert cleaned.tables["codifiche_qual"].empty
    assert {rule for _, _, rule in asked(cleaned)} == {"manca_obbligatorio"}
    assert "fido" not in cleaned.quarantine.to_csv()


def write_odd_headers(path: Path) -> None:
    """Write a management program's export with its own words for our columns."""
    path.write_bytes(
        "Registro prestazioni;;;;;;\r\n"
        "Id prestazione;Data prestazione;Operatore;Lingua richiesta;Ore erogate;Tipo di servizio;"
        "Distretto;Stato\r\n"
        "PR-001;03/04/2021;Op. 12;Arabo;1,5;Mediazione linguistica;Valcavallina;Erogata\r\n"
        "PR-002;13/04/2021;idem;idem;0,75;Équipe;Val Cavallina;Disdetta utente\r\n".encode("cp1252")
    )


def test_headers_any_person_would_recognise(take: Take) -> None:
    [cleaned] = take(write_odd_headers, "prestazioni.csv", "interventi")
    log = cleaned.tables["interventi"]
    assert log["intervento_id"].tolist() == ["PR-001", "PR-002"]
    assert log["minuti_frontali"].tolist() == [90, 45]
    assert log["tipologia"].tolist() == ["linguistica", "equipe_coordinamento"]
    assert log["esito"].tolist() == ["concluso", "utente_assente"]
    told = cleaned.log.to_frame()
    assert "intestazione_sconosciuta" not in set(told["regola"])
    [idem] = told.loc[told["regola"] == "idem_senza_origine", "valore"]
    assert idem == "idem"  # it names nobody, though a mediator's cell says it too


def write_minutes(path: Path) -> None:
    """Write attendance as a list, one line a body and date, crosses for who came."""
    path.write_bytes(
        "Data;Organismo;Ente;Ruolo;Presente\r\n"
        "01/03/2021;Cabina di regia;Ruah;coordinatrice;X\r\n"
        "01/03/2021;Cabina di regia;Progettazione;coordinatrice;\r\n"
        "14/04/2021;Equipe tecnica;ANCI;referente;A\r\n".encode("cp1252")
    )


def test_attendance_as_a_list_with_crosses(take: Take) -> None:
    [cleaned] = take(write_minutes, "verbali.csv", "presenze")
    assert cleaned.tables["presenze"]["ente_id"].tolist() == ["RUAH"]
    assert cleaned.accounting.dropped == {"assente": 2}
