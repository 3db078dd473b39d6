"""The project's own tables of the territory, and the checks they share with the others."""

from pathlib import Path

import pandas as pd
import pytest

from bgest_analysis.clean.official.cross import check_foreigners
from tests.lib.official_samples import clean_file, places, rules, table, write

POPULATION = ("cod_istat", "anno", "residenti", "stranieri", "stato_dato")
PROVINCE = ("cod_provincia", "anno", "cittadinanza_iso3", "come_scritto", "sesso", "n", "ue")


def clean(tmp_path: Path, header, *rows, known=None):
    return clean_file(write(tmp_path, "t.csv", table(header, rows, ",")), known)


def test_population_gives_residents_and_foreigners(tmp_path: Path) -> None:
    cleaned = clean(tmp_path, POPULATION, ("016001", 2023, 2000, 300, "prima_diffusione"))

    assert cleaned.tables["popolazione"].drop(
        columns=["fonte_file", "fonte_riga"]
    ).to_numpy().tolist() == [
        ["016001", 2023, "T", "tot", "tutti", 2000, "prima_diffusione"],
        ["016001", 2023, "T", "tot", "stranieri", 300, "prima_diffusione"],
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("016001", 2023, 100, 101, "definitivo"), ("stranieri", "stranieri_oltre_residenti")),
        (("016001", "23", 100, 1, "definitivo"), ("anno", "anno_illeggibile")),
        (("016001", 2023, 100, 1, "boh"), ("stato_dato", "codice_non_ammesso")),
        (("01600A", 2023, 100, 1, "definitivo"), ("cod_istat", "codice_illeggibile")),
        (("", 2023, 100, 1, "definitivo"), ("cod_istat", "codice_illeggibile")),
        (("999001", 2023, 100, 1, "definitivo"), ("cod_istat", "comune_sconosciuto")),
    ],
)
def test_population_rows_that_stand_aside(tmp_path: Path, row, expected) -> None:
    sound = ("016002", 2023, 50, 5, "definitivo")

    cleaned = clean(tmp_path, POPULATION, row, sound)

    assert rules(cleaned) == [(2, *expected)]
    assert cleaned.accounting.to_json()["quarantena"] == 1
    assert set(cleaned.tables["popolazione"]["cod_istat"]) == {"016002"}


def test_codes_without_zeros_throughout_are_told_once(tmp_path: Path) -> None:
    rows = [("16001", 2023, 9, 1, "definitivo"), ("12001", 2023, 9, 1, "definitivo")]

    cleaned = clean(tmp_path, POPULATION, *rows)

    assert rules(cleaned) == [(1, "cod_istat", "codici_senza_zeri")]
    assert cleaned.log.problems()[0].value == "2"
    assert set(cleaned.tables["popolazione"]["cod_istat"]) == {"016001", "012001"}


def test_a_comune_of_an_older_province_gets_its_code_of_today(tmp_path: Path) -> None:
    known = places()
    monza = type(known)({**known.comuni, "108033": "Monza", "015146": "Milano"}, known.variazioni)

    cleaned = clean(tmp_path, POPULATION, ("015149", 2001, 9, 1, "definitivo"), known=monza)

    assert rules(cleaned) == []
    assert set(cleaned.tables["popolazione"]["cod_istat"]) == {"108033"}
    assert [step.rule for step in cleaned.steps] == ["codice_storico"]


def test_foreigners_of_a_province_by_country(tmp_path: Path) -> None:
    rows = [
        ("016", 2023, "ROU", "Romania", sex, n, "true")
        for sex, n in (("M", 4), ("F", 6), ("T", 10))
    ]

    cleaned = clean(tmp_path, PROVINCE, *rows)

    assert rules(cleaned) == []
    assert cleaned.tables["stranieri_provincia"]["ue"].tolist() == [True] * 3


@pytest.mark.parametrize(
    ("country", "males", "ue", "expected"),
    [
        ("ROU", 5, "true", [(row, "n", "sessi_non_sommano") for row in (2, 3, 4)]),
        ("ROU", 4, "false", [(row, "ue", "ue_discorde") for row in (2, 3, 4)]),
        (
            "QQQ",
            4,
            "false",
            [(row, "cittadinanza_iso3", "cittadinanza_sconosciuta") for row in (2, 3, 4)],
        ),
        ("ROU", 4, "forse", [(row, "ue", "codice_non_ammesso") for row in (2, 3, 4)]),
    ],
)
def test_citizenship_rows_that_break_a_rule(
    tmp_path: Path, country: str, males: int, ue: str, expected
) -> None:
    rows = [
        ("016", 2023, country, "x", sex, n, ue) for sex, n in (("M", males), ("F", 6), ("T", 10))
    ]

    assert rules(clean(tmp_path, PROVINCE, *rows)) == expected


def test_british_citizens_were_of_the_union_until_2020(tmp_path: Path) -> None:
    rows = [
        ("016", year, "GBR", "Regno Unito", "T", 5, ue)
        for year, ue in ((2020, "true"), (2021, "false"))
    ]

    assert rules(clean(tmp_path, PROVINCE, *rows)) == []


def test_provinces_and_slide(tmp_path: Path) -> None:
    provinces = clean(
        tmp_path,
        ("cod_provincia", "anno", "stranieri", "ue"),
        ("016", 2023, 100, 20),
        ("17", 2023, 10, 20),
    )
    slide = clean(
        tmp_path,
        ("ambito_id", "come_scritto", "incidenza_pct"),
        ("GRU", "Grumello", '"15,70"'),
        ("BSE", "Basso Sebino", "147"),
    )

    assert provinces.tables["stranieri_province"]["stranieri_ue"].tolist() == [20]
    assert [rule for _, _, rule in rules(provinces)] == ["zero_perso", "ue_oltre_stranieri"]
    assert slide.tables["slide_incidenza"]["incidenza_pct"].tolist() == [15.7]
    assert rules(slide) == [(3, "incidenza_pct", "valore_non_numerico")]


def test_foreigners_of_one_file_against_residents_of_another() -> None:
    rows = pd.DataFrame(
        {
            "cod_istat": ["016001", "016001", "016002", "016002"],
            "anno": [2023] * 4,
            "sesso": ["T"] * 4,
            "eta": ["tot"] * 4,
            "cittadinanza": ["tutti", "stranieri"] * 2,
            "n": pd.array([100, 120, 100, 20], dtype="Int64"),
            "fonte_file": ["P2.csv", "P3.csv"] * 2,
            "fonte_riga": [5, 9, 6, 10],
        }
    )

    (log,) = check_foreigners(rows)

    (problem,) = log.problems()
    assert (problem.file, problem.row, problem.value) == ("P3.csv", 9, "120 > 100")
    assert "stessa edizione" in problem.remedy().render("it")
