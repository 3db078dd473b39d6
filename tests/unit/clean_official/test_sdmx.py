"""ISTAT's data warehouse: places of all levels in one column, codes for everything."""

from pathlib import Path

import pytest

from bgest_analysis.clean.official.model import KnownPlaces
from tests.lib.official_samples import clean_file, places, rules, table, write

POPULATION = (
    "DATAFLOW",
    "FREQ",
    "REF_AREA",
    "DATA_TYPE",
    "SEX",
    "TIME_PERIOD",
    "OBS_VALUE",
    "OBS_STATUS",
    "NOTE_DS",
)
AREAS = ("REF_AREA", "DATA_TYPE", "SEX", "CITIZENSHIP", "TIME_PERIOD", "OBS_VALUE")
PERMITS = (
    "REF_AREA",
    "DATA_TYPE",
    "SEX",
    "MOSTREL_CCITENSHIP",
    "TYPE_RES_PERMIT_REASON",
    "TYPE_RES_PERMIT",
    "AGE",
    "MARITAL_STATUS",
    "TIME_PERIOD",
    "OBS_VALUE",
)
TWO = KnownPlaces({"016001": "Alfa", "016002": "Beta", "108001": "Monza"}, places().variazioni)


def clean(tmp_path: Path, header, *rows, known=TWO):
    return clean_file(write(tmp_path, "sdmx.csv", table(header, rows, ","), "ascii"), known)


def fjan(
    area: str,
    n: object,
    year: str = "2023-01-01",
    sex: object = 9,
    kind: str = "FJAN",
    status: str = "",
) -> tuple[object, ...]:
    return ("IT1:29_316(1.0)", "A", area, kind, sex, year, n, status, "")


def test_comuni_and_provinces_go_to_tables_of_their_own(tmp_path: Path) -> None:
    cleaned = clean(
        tmp_path,
        POPULATION,
        fjan("016001", "269.0"),
        fjan("016002", "31.0"),
        fjan("ITC46", "300.0"),
        fjan("IT108", "7.0"),
        fjan("ITC4", "999.0"),
        fjan("IT", "9999.0"),
        fjan("ITC45", "5.0"),
        fjan("058091", "8.0"),
    )

    comuni = cleaned.tables["popolazione"]
    provinces = cleaned.tables["popolazione_province"]
    assert dict(zip(comuni["cod_istat"], comuni["n"], strict=True)) == {"016001": 269, "016002": 31}
    assert dict(zip(provinces["cod_provincia"], provinces["n"], strict=True)) == {
        "016": 300,
        "108": 7,
    }
    assert set(comuni["cittadinanza"]) == {"stranieri"}
    assert cleaned.accounting.dropped == {"aggregato_territoriale": 2, "fuori_territorio": 2}
    assert rules(cleaned) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (fjan("016001", "269.5"), ("OBS_VALUE", "valore_non_intero")),
        (fjan("016001", "-1"), ("OBS_VALUE", "valore_negativo")),
        (fjan("016001", ""), ("OBS_VALUE", "valore_mancante")),
        (fjan("016001", 1, sex=3), ("SEX", "codice_non_ammesso")),
        (fjan("016001", 1, year="2023-Q1"), ("TIME_PERIOD", "anno_illeggibile")),
        (fjan("ITZZ9", 1), ("REF_AREA", "area_sconosciuta")),
        (fjan("016999", 1), ("REF_AREA", "comune_sconosciuto")),
    ],
)
def test_rows_that_stand_aside(tmp_path: Path, row, expected) -> None:
    cleaned = clean(tmp_path, POPULATION, row, fjan("016002", 1))

    assert rules(cleaned) == [(2, *expected)]
    assert set(cleaned.tables["popolazione"]["cod_istat"]) == {"016002"}


def test_residents_ages_and_status(tmp_path: Path) -> None:
    header = (
        "REF_AREA",
        "DATA_TYPE",
        "SEX",
        "AGE",
        "MARITAL_STATUS",
        "TIME_PERIOD",
        "OBS_VALUE",
        "OBS_STATUS",
    )
    ages = [
        ("016001", "JAN", 9, age, 99, 2024, n, "p")
        for age, n in (("Y0", 3), ("Y_GE100", 1), ("TOTAL", 4), ("Y0-4", 4))
    ]

    cleaned = clean(tmp_path, header, *ages, ("016001", "JAN", 9, "Y0", 1, 2024, 3, ""))

    found = cleaned.tables["popolazione"]
    assert dict(zip(found["eta"], found["n"], strict=True)) == {"0": 3, "100+": 1, "tot": 4}
    assert set(found["cittadinanza"]) == {"tutti"}
    assert set(found["stato_dato"]) == {"provvisorio"}
    assert cleaned.accounting.dropped == {"altra_dimensione": 2}


def test_sexes_and_provinces_that_do_not_add_up(tmp_path: Path) -> None:
    sexes = clean(
        tmp_path,
        POPULATION,
        fjan("016001", 1, sex=1),
        fjan("016001", 2, sex=2),
        fjan("016001", 4, sex=9),
        fjan("016002", 5),
    )
    provinces = clean(tmp_path, POPULATION, fjan("016001", 1), fjan("016002", 5), fjan("ITC46", 7))

    assert rules(sexes) == [(row, "OBS_VALUE", "sessi_non_sommano") for row in (2, 3, 4)]
    assert rules(provinces) == [(4, "OBS_VALUE", "comuni_non_sommano")]
    assert provinces.log.problems()[0].value == "6 ≠ 7"


def areas(area: str, world: int, union: int, *, other: int | None = None, sex: int = 9):
    rest = world - union if other is None else other
    return [
        (area, "FJAN", sex, code, 2023, n)
        for code, n in (("WORLD", world), ("EU28", union), ("AFR_N", rest - 1), ("999", 1))
    ]


def test_totals_and_union_by_province(tmp_path: Path) -> None:
    cleaned = clean(
        tmp_path,
        AREAS,
        *areas("ITC46", 100, 20),
        *areas("IT108", 50, 10),
        *areas("ITC4", 999, 99),
        *areas("ITC46", 60, 11, sex=1),
        *areas("ITC46", 40, 9, sex=2),
    )

    found = cleaned.tables["stranieri_province"]
    assert found[["cod_provincia", "anno", "stranieri", "stranieri_ue"]].to_numpy().tolist() == [
        ["016", 2023, 100, 20],
        ["108", 2023, 50, 10],
    ]
    assert "stranieri_provincia" not in cleaned.tables
    assert {rule for _, _, rule in rules(cleaned)} == {"sessi_non_sommano"}
    assert {row for row, _, _ in rules(cleaned)} == {4, 5, 16, 17, 20, 21}  # AFR_N and 999


def test_areas_that_do_not_add_up_put_the_province_aside(tmp_path: Path) -> None:
    cleaned = clean(tmp_path, AREAS, *areas("ITC46", 100, 20, other=81), *areas("IT108", 50, 10))

    assert {rule for _, _, rule in rules(cleaned)} == {"parti_non_sommano"}
    assert {row for row, _, _ in rules(cleaned)} == {2, 3, 4, 5}
    assert cleaned.tables["stranieri_province"]["cod_provincia"].tolist() == ["108"]


def test_single_countries_go_to_their_own_table(tmp_path: Path) -> None:
    rows = [
        ("ITC46", "FJAN", 9, code, 2023, n)
        for code, n in (("WORLD", 10), ("RO", 6), ("AL", 3), ("999", 1), ("QQ", 1))
    ]

    cleaned = clean(tmp_path, AREAS, *rows)

    found = cleaned.tables["stranieri_provincia"]
    assert found[["cittadinanza_iso3", "n", "ue"]].to_numpy().tolist() == [
        ["ROU", 6, True],
        ["ALB", 3, False],
        ["XXA", 1, False],
    ]
    assert rules(cleaned) == [(6, "CITIZENSHIP", "cittadinanza_sconosciuta")]


def permit(kind: str, n: int, sex: int = 9, reason: str = "ALL") -> tuple[object, ...]:
    return ("ITC46", "RESPER", sex, "WORLD", reason, kind, "TOTAL", 99, 2024, n)


def test_permits_by_duration(tmp_path: Path) -> None:
    cleaned = clean(
        tmp_path,
        PERMITS,
        permit("TOTAL", 10),
        permit("LONGT", 6),
        permit("NLONGT", 4),
        permit("TOTAL", 3, reason="FAM"),
    )
    wrong = clean(tmp_path, PERMITS, permit("TOTAL", 10), permit("LONGT", 6), permit("NLONGT", 5))

    found = cleaned.tables["permessi_provincia"]
    assert dict(zip(found["durata_permesso"], found["n"], strict=True)) == {
        "tot": 10,
        "lungo_periodo": 6,
        "a_termine": 4,
    }
    assert cleaned.accounting.dropped == {"altra_dimensione": 1}
    assert {rule for _, _, rule in rules(wrong)} == {"parti_non_sommano"}
    assert wrong.accounting.tidy == 0
