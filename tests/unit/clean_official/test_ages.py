"""POSAS and STRASA: ages add up, sexes add up, 999 is the total."""

from pathlib import Path

import pytest

from bgest_analysis.clean.official.ages import read_age
from tests.lib.official_samples import clean_file, rules, write

TITLE = '"Stranieri residenti al 1° gennaio 2023 per età e sesso"'
COMUNI = '"Codice comune";"Comune";"Età";"Maschi";"Femmine";"Totale"'
ROWS = (
    ("016001", "0", 1, 2, 3),
    ("016001", "1", 3, 0, 3),
    ("016001", "100 e più", 0, 1, 1),
    ("016001", "999", 4, 3, 7),
)


def strasa(tmp_path: Path, rows, header: str = COMUNI, title: str = TITLE, sep: str = ";"):
    lines = [
        sep.join([f'"{code}"', '"Alfa"', age, *map(str, counts)]) for code, age, *counts in rows
    ]
    text = "\n".join([title, header.replace(";", sep), *lines, '"Fonte: dati di prova inventati"'])
    return clean_file(write(tmp_path, "STRASA_2023_it_Comuni.csv", text + "\n"))


def test_ages_and_sexes_of_a_comune(tmp_path: Path) -> None:
    cleaned = strasa(tmp_path, ROWS)

    found = cleaned.tables["popolazione"].set_index(["eta", "sesso"])["n"]
    assert found.to_dict() == {
        ("0", "M"): 1,
        ("1", "M"): 3,
        ("100+", "M"): 0,
        ("tot", "M"): 4,
        ("0", "F"): 2,
        ("1", "F"): 0,
        ("100+", "F"): 1,
        ("tot", "F"): 3,
        ("0", "T"): 3,
        ("1", "T"): 3,
        ("100+", "T"): 1,
        ("tot", "T"): 7,
    }
    assert set(cleaned.tables["popolazione"]["cittadinanza"]) == {"stranieri"}
    assert rules(cleaned) == []
    assert cleaned.accounting.dropped == {"nota": 1}


def test_provinces_of_the_english_edition_without_a_total_column(tmp_path: Path) -> None:
    rows = [("016", age, m, f) for _, age, m, f, _ in ROWS]
    header = '"Province code";"Province";"Age";"Males";"Females"'

    cleaned = strasa(tmp_path, rows, header, '"Resident foreigners on 1st January 2023"', ",")

    table = cleaned.tables["popolazione_province"]
    assert table.query("eta == 'tot' and sesso == 'T'")["n"].tolist() == [7]
    assert set(table["cod_provincia"]) == {"016"}
    assert "popolazione" not in cleaned.tables


def test_an_estimate_is_provisional(tmp_path: Path) -> None:
    title = '"Popolazione residente per età e sesso al 1° gennaio 2026 (stima)"'

    table = strasa(tmp_path, ROWS, title=title).tables["popolazione"]

    assert set(table["stato_dato"]) == {"provvisorio"}
    assert set(table["cittadinanza"]) == {"tutti"}


def test_ages_that_do_not_add_up_put_the_comune_aside(tmp_path: Path) -> None:
    wrong = [
        *ROWS[:3],
        ("016001", "999", 4, 4, 8),
        ("016002", "0", 1, 1, 2),
        ("016002", "999", 1, 1, 2),
    ]

    cleaned = strasa(tmp_path, wrong)

    assert {rule for _, _, rule in rules(cleaned)} == {"eta_non_sommano"}
    assert [(row, column) for row, column, _ in rules(cleaned)] == [
        (row, "Femmine") for row in (3, 4, 5, 6)
    ]
    assert cleaned.log.problems()[0].value == "3 ≠ 4"
    assert set(cleaned.tables["popolazione"]["cod_istat"]) == {"016002"}


def test_sexes_that_do_not_add_up_put_the_row_aside(tmp_path: Path) -> None:
    cleaned = strasa(tmp_path, [("016001", "0", 1, 2, 4), ("016002", "0", 1, 2, 3)])

    assert rules(cleaned) == [(3, "Totale", "sessi_non_sommano")]
    assert cleaned.log.problems()[0].value == "3 ≠ 4"


def test_an_age_that_is_none_and_a_doubled_one(tmp_path: Path) -> None:
    cleaned = strasa(
        tmp_path, [("016001", "0-4", 1, 2, 3), ("016002", "5", 1, 0, 1), ("016002", "5", 2, 0, 2)]
    )

    assert [(row, rule) for row, _, rule in rules(cleaned)] == [
        (3, "codice_non_ammesso"),
        (4, "chiave_doppia"),
        (5, "chiave_doppia"),
    ]


@pytest.mark.parametrize(
    ("form", "age"),
    [
        ("0", "0"),
        ("00", "0"),
        ("07", "7"),
        ("99", "99"),
        ("100", "100+"),
        ("100+", "100+"),
        ("100 e più", "100+"),
        ("100 and over", "100+"),
        ("999", "tot"),
        ("Totale", "tot"),
        ("Total", "tot"),
        ("101", ""),
        ("-1", ""),
        ("0-4", ""),
        ("", ""),
        ("x", ""),
    ],
)
def test_ages_as_written(form: str, age: str) -> None:
    assert read_age(form) == age
