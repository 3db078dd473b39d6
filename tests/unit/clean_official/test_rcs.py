"""RCS: comune by citizenship, with provinces among the comuni."""

from pathlib import Path

import pytest

from bgest_analysis.clean.official.model import KnownPlaces
from bgest_analysis.errors import UnknownLayout
from tests.lib.official_samples import clean_file, places, rules, table, write

HEADER = (
    "Codice Istat",
    "Denominazione",
    "Codice stato di cittadinanza",
    "Stato di cittadinanza",
    "Totale",
)
ALFA = (
    ("016001", "Alfa", "100", "Italia", 900),
    ("016001", "Alfa", "235", "Romania", 30),
    ("016001", "Alfa", "201", "Albania", 50),
    ("016001", "Alfa", "999", "Apolide", 1),
)
TWO = KnownPlaces({"016001": "Alfa", "016002": "Beta"}, places().variazioni)


def clean(tmp_path: Path, *rows, header=HEADER, known=TWO, name="Dati_cittadinanza_2024.csv"):
    return clean_file(write(tmp_path, name, table(header, rows), "utf-8"), known)


def counts(cleaned, code: str = "016001") -> dict[str, int]:
    rows = cleaned.tables["popolazione"].query("cod_istat == @code and sesso == 'T'")
    return dict(zip(rows["cittadinanza"], map(int, rows["n"]), strict=True))


def test_countries_and_their_sums(tmp_path: Path) -> None:
    cleaned = clean(tmp_path, *ALFA)

    assert counts(cleaned) == {
        "ITA": 900,
        "ROU": 30,
        "ALB": 50,
        "XXA": 1,
        "tutti": 981,
        "stranieri": 81,
        "ue": 30,
        "extra_ue": 51,
    }
    assert rules(cleaned) == []


def test_no_sums_for_a_comune_with_a_row_aside(tmp_path: Path) -> None:
    cleaned = clean(
        tmp_path,
        *ALFA,
        ("016001", "Alfa", "888", "Atlantide", 3),
        ("016002", "Beta", "201", "Albania", 4),
    )

    assert rules(cleaned) == [(6, "Codice stato di cittadinanza", "cittadinanza_sconosciuta")]
    assert "stranieri" not in counts(cleaned)
    assert counts(cleaned, "016002") == {
        "ALB": 4,
        "stranieri": 4,
        "ue": 0,
        "extra_ue": 4,
    } or counts(cleaned, "016002") == {"ALB": 4, "stranieri": 4, "extra_ue": 4}


def test_provinces_and_larger_areas_are_counted_not_told(tmp_path: Path) -> None:
    cleaned = clean(
        tmp_path,
        *ALFA,
        ("016002", "Beta", "201", "Albania", 5),
        ("016", "Bergamo", "201", "Albania", 55),
        ("03", "Lombardia", "201", "Albania", 99),
        ("IT", "Italia", "201", "Albania", 999),
    )

    assert rules(cleaned) == []
    assert cleaned.accounting.dropped == {"subtotale_provincia": 1, "aggregato_territoriale": 2}


def test_a_province_that_is_not_the_sum_of_its_comuni_is_told(tmp_path: Path) -> None:
    cleaned = clean(
        tmp_path,
        *ALFA,
        ("016002", "Beta", "201", "Albania", 5),
        ("016", "Bergamo", "201", "Albania", 56),
    )

    assert rules(cleaned) == [(7, "Totale", "comuni_non_sommano")]
    assert cleaned.log.problems()[0].value == "55 ≠ 56"


def test_an_extract_says_nothing_of_the_province(tmp_path: Path) -> None:
    many = KnownPlaces({f"016{n:03d}": "x" for n in range(1, 10)}, places().variazioni)

    cleaned = clean(tmp_path, *ALFA, ("016", "Bergamo", "201", "Albania", 56), known=many)

    assert rules(cleaned) == []


def test_lost_zeros_sexes_and_year_in_a_column(tmp_path: Path) -> None:
    header = ("Anno", *HEADER[:4], "Maschi", "Femmine", "Totale")

    cleaned = clean(
        tmp_path,
        (2025, "16001", "Alfa", "201", "Albania", 2, 3, 5),
        (2025, "016002", "Beta", "201", "Albania", 2, 3, 6),
        header=header,
    )

    assert rules(cleaned) == [(2, "Codice Istat", "zero_perso"), (3, "Totale", "sessi_non_sommano")]
    assert counts(cleaned)["ALB"] == 5
    assert set(cleaned.tables["popolazione"]["anno"]) == {2025}
    assert set(cleaned.tables["popolazione"]["sesso"]) == {"M", "F", "T"}


def test_a_total_of_citizenships_is_no_country(tmp_path: Path) -> None:
    cleaned = clean(tmp_path, *ALFA, ("016001", "Alfa", "0", "Totale", 981))

    assert cleaned.accounting.dropped == {"aggregato_cittadinanza": 1}
    assert counts(cleaned)["stranieri"] == 81


def test_without_a_year_anywhere_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownLayout, match="un solo anno"):
        clean(tmp_path, *ALFA, name="cittadinanza.csv")
