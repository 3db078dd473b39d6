"""Durations: the table of cases of the domain, the traps of Excel, the decision for a column."""

from __future__ import annotations

import pandas as pd
import pytest

from bgest_analysis.clean.cells.hours import Comma, HoursOptions, Unit, parse_minutes

ONE_CELL = [
    # text, minutes, outcome, rule
    ("1,5", 90, "ok", ""),
    ("1.5", 90, "ok", ""),
    ("2", 120, "ok", ""),
    ("2,00", 120, "ok", ""),
    ("0,75", 45, "ok", ""),
    ("1:30", 90, "ok", ""),
    ("01:30:00", 90, "ok", ""),
    ("25:30", 1530, "ok", ""),
    ("1h30", 90, "ok", ""),
    ("1 h 30 min", 90, "ok", ""),
    ("1 h e 30'", 90, "ok", ""),
    ("1 ora e 30 minuti", 90, "ok", ""),
    ("3 ore 15", 195, "ok", ""),
    ("90'", 90, "ok", ""),
    ("90 min", 90, "ok", ""),
    ("90 min.", 90, "ok", ""),
    ("2 ore", 120, "ok", ""),
    ("ore 2", 120, "ok", ""),
    ("1,5 h", 90, "ok", ""),
    ("PT25H30M00S", 1530, "ok", ""),  # what LibreOffice stores
    ("0", 0, "ok", ""),
    ("1,333333333", 80, "ok", ""),
    ("mezz'ora", 30, "corretto", "ore_a_parole"),
    ("Mezz’ora", 30, "corretto", "ore_a_parole"),
    ("un'ora", 60, "corretto", "ore_a_parole"),
    ("un'ora e mezza", 90, "corretto", "ore_a_parole"),
    ("un'ora e un quarto", 75, "corretto", "ore_a_parole"),
    ("due ore e mezza", 150, "corretto", "ore_a_parole"),
    ("tre quarti d'ora", 45, "corretto", "ore_a_parole"),
    ("quindici minuti", 15, "corretto", "ore_a_parole"),
    ("1½", 90, "corretto", "ore_a_parole"),
    ("2 h 1/2", 150, "corretto", "ore_a_parole"),
    ("circa 2 ore", 120, "corretto", "valore_approssimato"),
    ("9:00-10:30", 90, "corretto", "ore_dalle_alle"),
    ("dalle 9.00 alle 10.30", 90, "corretto", "ore_dalle_alle"),
    ("2/3", None, "ambiguo", "ore_intervallo"),
    ("2-3 ore", None, "ambiguo", "ore_intervallo"),
    ("1,30", None, "ambiguo", "ore_virgola_ambigua"),
    ("1.30", None, "ambiguo", "ore_virgola_ambigua"),
    ("h 1,30", None, "ambiguo", "ore_virgola_ambigua"),
    ("1,3", None, "ambiguo", "ore_virgola_ambigua"),  # 1,30 typed into Excel
    ("90", None, "ambiguo", "ore_unita_incerta"),
    ("0,0625", None, "ambiguo", "ore_frazione_di_giorno"),
    ("1:75", None, "errore", "ore_minuti_oltre_59"),
    ("1h60", None, "errore", "ore_minuti_oltre_59"),
    ("-1", None, "errore", "ore_negative"),
    ("due", None, "errore", "ore_illeggibili"),
    ("un giorno", None, "errore", "ore_illeggibili"),
    ("n.d.", None, "mancante", "mancante_nd"),
    ("-", None, "mancante", "mancante_segno"),
    ("", None, "mancante", "vuota"),
    ("idem", None, "ambiguo", "idem_senza_origine"),
    ("vedi sopra", None, "ambiguo", "idem_senza_origine"),
]


def read(cells: list[str], kinds: str = "", options: HoursOptions | None = None):
    text = pd.Series(cells, dtype="str", index=range(2, 2 + len(cells)))
    kind = pd.Series(list(kinds), index=text.index) if kinds else None
    return parse_minutes(text, kind, options)


def minutes(parsed) -> list[int | None]:
    return [None if pd.isna(value) else int(value) for value in parsed.values]


@pytest.mark.parametrize(("text", "expected", "outcome", "rule"), ONE_CELL)
def test_one_cell(text, expected, outcome, rule):
    parsed = read([text])
    assert minutes(parsed) == [expected]
    assert (parsed.outcome.iloc[0], parsed.rule.iloc[0]) == (outcome, rule)


def test_index_and_type_are_those_of_the_rows():
    parsed = read(["1:30", "", "1:30"])
    assert list(parsed.values.index) == [2, 3, 4]
    assert str(parsed.values.dtype) == "Int64"


@pytest.mark.parametrize(
    ("cell", "kind", "expected", "rule"),
    [
        ("01:30:00", "h", 90, ""),
        ("91800.0", "p", 1530, ""),
        ("1900-01-01T01:30:00", "d", 1530, "ore_oltre_24"),  # 25:30 in a cell h:mm
        ("1900-01-01", "d", 1440, "ore_oltre_24"),  # 24:00
        ("1900-01-01T00:00:00", "d", 1440, "ore_oltre_24"),
        ("1904-01-02T01:30:00", "d", 1530, "ore_oltre_24"),  # the same, counted from 1904
        ("1900-01-03T00:15:00", "d", 3 * 1440 + 15, "ore_oltre_24"),
        ("2022-01-30", "d", None, "ore_data"),
        ("01:30:31", "h", 91, "ore_arrotondate"),
        ("1.5", "n", 90, ""),
        ("1.0625", "n", None, "ore_frazione_di_giorno"),  # 25:30 without a format
        ("1", "b", None, "tipo_cella"),
        ("", "f", None, "formula_senza_valore"),
        ("#N/D", "e", None, "errore_excel"),
    ],
)
def test_cells_that_excel_had_typed(cell, kind, expected, rule):
    parsed = read([cell], kind)
    assert minutes(parsed) == [expected]
    assert parsed.rule.iloc[0] == rule


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["1,30", "0,45", "2"], [90, 45, 120]),  # quarters of an hour: minutes
        (["1.30", "2.15", "0.45"], [90, 135, 45]),
        (["1,25", "1,75"], [75, 105]),  # 75 cannot be minutes: decimals
        (["1,25", "1,5"], [75, 90]),
        (["1,50"] * 4 + ["1,25"], [90] * 4 + [75]),  # only halves and quarters
        (["1,30", "1,5"], [None, 90]),  # the cells disagree: nobody decides but a person
        (["1,30", "0,45", "1,75"], [None, None, 105]),
        (["1,50", "2"], [None, 120]),  # one cell is no evidence
        (["1,30", "1:30"], [None, 90]),
    ],
)
def test_the_column_decides_on_the_comma(column, expected):
    parsed = read(column)
    assert minutes(parsed) == expected
    assert len(parsed.decisions) == 1


def test_the_decision_is_written_down():
    said = read(["1,30", "0,45", "2"]).decisions[0].render("it")
    assert "ore e minuti" in said
    assert "dei minuti: 2" in said


def test_a_declared_layout_decides():
    options = HoursOptions(comma=Comma.DECIMALI)
    assert minutes(read(["1,30"], options=options)) == [78]


def test_a_column_of_minutes():
    options = HoursOptions(unit=Unit.MINUTI)
    assert minutes(read(["90", "45", "1:30", "90'", "2 h"], options=options)) == [
        90,
        45,
        90,
        90,
        120,
    ]


def test_a_monthly_timesheet_believes_more_hours():
    assert minutes(read(["90"], options=HoursOptions(ceiling=31 * 1440))) == [5400]
