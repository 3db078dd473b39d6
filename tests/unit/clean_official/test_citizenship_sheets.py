"""ISTAT's Excel export by country: one sheet a territory, groups among the countries."""

from pathlib import Path

import pytest

from bgest_analysis.clean.official.check import clean_official
from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.official import read_official
from tests.lib.official_samples import places, rules, write_workbook

ROWS = (
    ("Mondo  ", 60, 61, 121),
    ("Albania  ", 40, 41, 81),
    ("Romania  ", 10, 10, 20),
    ("Apolide  ", 10, 10, 20),
    ("Unione europea (28 paesi)  ", 10, 10, 20),
    ("Africa  ", 0, 0, 0),
)


def sheet(
    territory: str, rows=ROWS, indicator: str = "Popolazione censita straniera al 1° gennaio"
):
    return [
        ["Italia, regioni, province - Paese di cittadinanza  "],
        ["Frequenza: Annuale  "],
        [f"Territorio: {territory}  "],
        [f"Indicatore: {indicator}  "],
        ["Tempo: 2023  "],
        [],
        ["Sesso  ", "Maschi  ", "Femmine  ", "Totale  "],
        ["Cittadinanza  ", "  ", "  ", "  "],
        *rows,
    ]


def clean(tmp_path: Path, **sheets):
    named = {title.replace("_", " "): content for title, content in sheets.items()}
    path = write_workbook(tmp_path, "POPSTRCIT1.xlsx", named)
    return [clean_official(raw, places()) for raw in read_official(path, path.name)]


def test_the_province_is_told_by_sheet_and_title(tmp_path: Path) -> None:
    region, province = clean(
        tmp_path, A_ITC4_FJAN_2023=sheet("Lombardia"), A_ITC46_FJAN_2023=sheet("Bergamo")
    )

    found = province.tables["stranieri_provincia"]
    assert found.query("sesso == 'T'")[["cittadinanza_iso3", "n", "ue"]].to_numpy().tolist() == [
        ["ALB", 81, False],
        ["ROU", 20, True],
        ["XXA", 20, False],
    ]
    totals = province.tables["stranieri_province"]
    assert totals[["cod_provincia", "anno", "stranieri", "stranieri_ue"]].to_numpy().tolist() == [
        ["016", 2023, 121, 20]
    ]
    assert found["fonte_riga"].iloc[0] == 10
    assert province.accounting.dropped == {"aggregato_cittadinanza": 2}
    assert (region.accounting.tidy, region.accounting.dropped) == (0, {"aggregato_territoriale": 6})


def test_a_province_elsewhere_is_left_out(tmp_path: Path) -> None:
    (roma,) = clean(tmp_path, A_ITE43_FJAN_2023=sheet("Roma"))

    assert roma.accounting.dropped == {"fuori_territorio": 4, "aggregato_cittadinanza": 2}
    assert len(roma.tables["stranieri_provincia"]) == 0


@pytest.mark.parametrize(
    ("place", "row", "expected"),
    [
        (1, ("Albania", 40, 41, 82), [(10, "Totale", "sessi_non_sommano")]),
        (1, ("Albagna", 40, 41, 81), [(10, "Sesso", "cittadinanza_sconosciuta")]),
        (
            1,
            ("Albania", 39, 41, 80),
            [(9, sex, "parti_non_sommano") for sex in ("Maschi", "Totale")],
        ),
        (1, ("Albania", "quaranta", 41, 81), [(10, "Maschi", "valore_non_numerico")]),
    ],
)
def test_rows_that_break_a_rule(tmp_path: Path, place: int, row, expected) -> None:
    rows = [*ROWS[:place], row, *ROWS[place + 1 :]]

    (province,) = clean(tmp_path, A_ITC46_FJAN_2023=sheet("Bergamo", rows))

    assert rules(province) == expected


def test_another_indicator_or_another_territory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownLayout, match="l'indicatore è «Popolazione a metà anno»"):
        clean(tmp_path, A=sheet("Bergamo", indicator="Popolazione a metà anno"))
    with pytest.raises(UnknownLayout, match="non sono la stessa provincia"):
        clean(tmp_path, A_ITC46_FJAN_2023=sheet("Milano"))
