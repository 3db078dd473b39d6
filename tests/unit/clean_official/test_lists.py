from pathlib import Path

import pytest

from bgest_analysis.clean.official.lists import read_date
from tests.lib.official_samples import clean_file, rules, write

ELENCO = (
    'Codice Regione;"Codice dell\'Unità territoriale sovracomunale \n(valida a fini statistici)";'
    "Codice Provincia (Storico)(1);Progressivo del Comune (2);"
    "Codice Comune formato alfanumerico;Denominazione (Italiana e straniera);"
    "Denominazione in italiano;Denominazione altra lingua;Denominazione Regione;"
    '"Denominazione dell\'Unità territoriale sovracomunale \n(valida a fini statistici)";'
    "Sigla automobilistica;Codice Catastale del comune;Codice NUTS3 2021;Codice NUTS3 2024\r\n"
)
SOPPRESSI = (
    "Anno;Sigla Automobilistica;Codice Unità territoriale sovracomunale (Uts);Codice Comune;"
    "Denominazione Comune;Comune soppresso per scorporo;Data evento;"
    "Codice del Comune associato alla variazione;"
    "Denominazione Comune associato alla variazione;"
    "Codice Unità territoriale sovracomunale associato alla variazione;"
    "Sigla Automobilistica associata alla variazione;;;;;\r\n"
)


def test_the_list_of_comuni_with_breaks_in_its_header(tmp_path: Path) -> None:
    text = ELENCO + (
        "03;016;016;001;016001;Alfà;Alfà;;Lombardia;Bergamo;BG;A001;ITC46;ITC46\r\n"
        "04;021;021;022;021022;Cermes/Tscherms;Cermes;Tscherms;TAA;Bolzano/Bozen;BZ;A022;ITH10;"
        "ITH10\r\n"
    )

    cleaned = clean_file(write(tmp_path, "elenco.csv", text, "latin-1"))

    table = cleaned.tables["comuni_elenco"]
    assert table["nome"].tolist() == ["Alfà", "Cermes"]
    assert table["provincia"].tolist() == ["Bergamo", "Bolzano/Bozen"]
    assert table["fonte_riga"].tolist() == [4, 5]
    assert cleaned.accounting.to_json()["righe_pulite"] == 2


def test_abolished_comuni(tmp_path: Path) -> None:
    text = SOPPRESSI + (
        "2014;BG;016;016010;Fusa;;04/02/2014;016250;Fusa con Unità;016;BG;;;;;\r\n"
        "1947;CN;004;004805;Briga;;16/09/1947;;Stato estero;-;-;;;;;\r\n"
        "2014;BG;016;016011;Unità;;31/02/2014;016250;Fusa con Unità;016;BG;;;;;\r\n"
    )

    cleaned = clean_file(write(tmp_path, "soppressi.csv", text, "latin-1"))

    table = cleaned.tables["variazioni"]
    assert table.drop(columns=["fonte_file", "fonte_riga"]).to_numpy().tolist() == [
        ["016010", "Fusa", "2014-02-04", "016250", "Fusa con Unità"]
    ]
    assert rules(cleaned) == [(4, "Data evento", "data_illeggibile")]
    assert cleaned.accounting.dropped == {"ceduto_all_estero": 1}


@pytest.mark.parametrize(
    ("form", "date"),
    [
        ("04/02/2014", "2014-02-04"),
        ("2014-02-04", "2014-02-04"),
        ("2014-02-04T00:00:00", "2014-02-04"),
        ("04/02/2014 00:00", "2014-02-04"),
        ("30/02/2014", ""),
        ("4/2/14", ""),
        ("", ""),
    ],
)
def test_dates(form: str, date: str) -> None:
    assert read_date(form) == date
