"""Abolished comuni: moved when nothing is lost or doubled, aside otherwise."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from bgest_analysis.clean.official.mergers import history
from bgest_analysis.clean.official.model import VARIAZIONI_COLUMNS, KnownPlaces
from tests.lib.official_samples import clean_file, places, rules, table, write

HEADER = ("cod_istat", "anno", "residenti", "stranieri", "stato_dato")


def clean_rows(tmp_path: Path, rows: list[tuple[str, int, int]], known: KnownPlaces | None = None):
    lines = [(code, year, n, n // 10, "definitivo") for code, year, n in rows]
    path = write(tmp_path, "popolazione.csv", table(HEADER, lines, ","))
    return clean_file(path, known)


def residents(cleaned) -> dict[tuple[str, int], int]:
    rows = cleaned.tables["popolazione"].query("cittadinanza == 'tutti'")
    return {
        (code, int(year)): int(n)
        for code, year, n in zip(rows["cod_istat"], rows["anno"], rows["n"], strict=True)
    }


@pytest.mark.parametrize(
    ("case", "rows", "expected", "told"),
    [
        (
            "a new comune takes the sum of all its parts",
            [("016010", 2012, 100), ("016011", 2012, 50)],
            {("016250", 2012): 150},
            [(2, "comune_soppresso"), (3, "comune_soppresso")],
        ),
        (
            "a part is missing",
            [("016010", 2012, 100), ("016001", 2012, 7)],
            {("016001", 2012): 7},
            [(2, "fusione_incompleta")],
        ),
        (
            "each year is judged by itself",
            [("016010", 2012, 100), ("016011", 2012, 50), ("016010", 2013, 90)],
            {("016250", 2012): 150},
            [(2, "comune_soppresso"), (3, "comune_soppresso"), (4, "fusione_incompleta")],
        ),
        (
            "an older comune takes in another",
            [("016020", 2018, 10), ("016100", 2018, 1000)],
            {("016100", 2018): 1010},
            [(2, "comune_soppresso")],
        ),
        (
            "the older comune is not in the file",
            [("016020", 2018, 10)],
            {},
            [(2, "fusione_incompleta")],
        ),
        (
            "the comune kept its name and changed its code",
            [("016040", 2015, 30)],
            {("016005", 2015): 30},
            [(2, "comune_soppresso")],
        ),
        (
            "after the merger, beside the new comune, it would count twice",
            [("016020", 2021, 10), ("016100", 2021, 1010)],
            {("016100", 2021): 1010},
            [(2, "soppresso_e_nuovo")],
        ),
        (
            "divided among several",
            [("016030", 2014, 40), ("016001", 2014, 5)],
            {},
            [(2, "comune_diviso"), (3, "fusione_incompleta")],
        ),
        (
            "the file is already on today's borders",
            [("016100", 2018, 1010), ("016250", 2012, 150)],
            {("016100", 2018): 1010, ("016250", 2012): 150},
            [],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_becomes_of_an_abolished_comune(
    tmp_path: Path, case: str, rows, expected, told
) -> None:
    known = places(set(places().comuni) - {"016002"}) if case.startswith("divided") else None

    cleaned = clean_rows(tmp_path, rows, known)

    assert residents(cleaned) == expected
    assert [(row, rule) for row, _, rule in rules(cleaned)] == told


def test_the_host_stands_aside_with_a_part_that_is_wrong(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "p.csv",
        table(
            HEADER,
            [
                ("016020", 2018, "x", 1, "definitivo"),
                ("016100", 2018, 1000, 100, "definitivo"),
            ],
            ",",
        ),
    )

    cleaned = clean_file(path)

    assert residents(cleaned) == {}
    assert [(row, rule) for row, _, rule in rules(cleaned)] == [
        (2, "valore_non_numerico"),
        (3, "fusione_incompleta"),
    ]


def test_sums_keep_the_row_of_their_first_part(tmp_path: Path) -> None:
    cleaned = clean_rows(tmp_path, [("016011", 2012, 50), ("016010", 2012, 100)])

    assert cleaned.tables["popolazione"]["fonte_riga"].tolist() == [2, 2]
    assert cleaned.accounting.tidy == 2


def test_a_chain_of_mergers_is_followed(tmp_path: Path) -> None:
    chain = pd.DataFrame(
        [
            ("016060", "A", "2000-01-01", "016061", "B"),
            ("016062", "C", "2000-01-01", "016061", "B"),
            ("016061", "B", "2010-01-01", "016001", "Alfa"),
            ("016063", "D", "2010-01-01", "016001", "Alfa"),
        ],
        columns=list(VARIAZIONI_COLUMNS),
    )
    known = KnownPlaces({"016001": "Alfa"}, chain)

    parts = clean_rows(
        tmp_path, [("016060", 1999, 1), ("016062", 1999, 2), ("016063", 1999, 4)], known
    )
    missing = clean_rows(tmp_path, [("016060", 1999, 1), ("016063", 1999, 4)], known)

    assert residents(parts) == {("016001", 1999): 7}
    assert residents(missing) == {}


def test_mergers_of_comuni_elsewhere_are_not_told(tmp_path: Path) -> None:
    cleaned = clean_rows(tmp_path, [("016010", 2012, 100)], places(["016001"]))

    assert rules(cleaned) == []
    assert cleaned.accounting.dropped == {"fuori_territorio": 1}


def test_history_reads_dates_and_names() -> None:
    past = history(places().variazioni)

    assert past.by_old["016010"][0].date == dt.date(2014, 2, 4)
    assert past.by_old["016040"][0].same_name
    assert {merger.old for merger in past.by_new["016250"]} == {"016010", "016011"}
