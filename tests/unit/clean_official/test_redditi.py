from pathlib import Path

import pandas as pd

from tests.lib.official_samples import clean_file, places, rules, table, write

HEADER = (
    "Anno di imposta",
    "Codice catastale",
    "Codice Istat Comune",
    "Denominazione Comune",
    "Numero contribuenti",
    "Reddito imponibile - Frequenza",
    "Reddito imponibile - Ammontare in euro",
)


def clean(tmp_path: Path, *rows, header=HEADER, known=None):
    return clean_file(write(tmp_path, "irpef.csv", table(header, rows), "latin-1"), known)


def test_incomes_with_unpadded_codes(tmp_path: Path) -> None:
    cleaned = clean(
        tmp_path,
        (2001, "A1", 16001, "ALFA", 100, 95, 1500000),
        (2001, "A2", 12001, "ALTRA", 10, 9, 150000),
    )

    found = cleaned.tables["redditi"]
    assert found.drop(columns=["fonte_file", "fonte_riga"]).to_numpy().tolist() == [
        ["016001", 2001, 100, 95, 1500000.0],
        ["012001", 2001, 10, 9, 150000.0],
    ]
    assert rules(cleaned) == []
    assert [(step.rule, step.cells) for step in cleaned.steps] == [("codici_senza_zeri", 2)]


def test_quoted_codes_and_a_trailing_separator(tmp_path: Path) -> None:
    text = ";".join(HEADER) + '\r\n2012;A1;"016001";ALFA;100;95;1500000;\r\n'

    cleaned = clean_file(write(tmp_path, "r.csv", text, "latin-1"))

    assert cleaned.tables["redditi"]["cod_istat"].tolist() == ["016001"]
    assert rules(cleaned) == []


def test_protected_cells_stay_missing(tmp_path: Path) -> None:
    cleaned = clean(tmp_path, (2023, "A1", "016001", "ALFA", 3, "", ""))

    row = cleaned.tables["redditi"].iloc[0]
    assert row["contribuenti"] == 3
    assert pd.isna(row["imponibile_freq"])
    assert pd.isna(row["imponibile_eur"])


def test_the_rows_without_a_comune_are_counted(tmp_path: Path) -> None:
    cleaned = clean(
        tmp_path,
        (2008, "A1", "016001", "ALFA", 9, 9, 9),
        (2008, "0", "0", "COMUNE ASSENTE - 0000", 9, 9, 9),
        (2008, "0000", "000000", "Non indicato", 9, 9, 9),
        (2008, "0", "0", "0", 9, 9, 9),
    )

    assert rules(cleaned) == []
    assert cleaned.accounting.dropped == {"senza_comune": 3}


def test_a_real_comune_without_its_code_stands_aside(tmp_path: Path) -> None:
    cleaned = clean(tmp_path, (2008, "A1", "0", "ALFA", 9, 9, 9))

    assert rules(cleaned) == [(2, "Codice Istat Comune", "codice_illeggibile")]


def test_more_declarations_than_taxpayers(tmp_path: Path) -> None:
    cleaned = clean(tmp_path, (2008, "A1", "016001", "ALFA", 9, 10, 9))

    assert rules(cleaned) == [(2, "Reddito imponibile - Frequenza", "parti_non_sommano")]


def test_incomes_of_merged_comuni_are_summed_missing_if_a_part_is(tmp_path: Path) -> None:
    cleaned = clean(
        tmp_path,
        (2010, "A1", "016010", "FUSA", 5, 5, 50),
        (2010, "A2", "016011", "UNITA", 7, "", ""),
    )

    (row,) = cleaned.tables["redditi"].to_dict("records")
    assert (row["cod_istat"], row["contribuenti"]) == ("016250", 12)
    assert pd.isna(row["imponibile_eur"])


def test_totals_among_the_rows(tmp_path: Path) -> None:
    cleaned = clean(
        tmp_path,
        (2010, "A1", "016001", "ALFA", 5, 5, 50),
        (2010, "", "", "TOTALE", 5, 5, 50),
        known=places(["016001"]),
    )

    assert rules(cleaned) == [(3, "Denominazione Comune", "riga_di_totale")]
