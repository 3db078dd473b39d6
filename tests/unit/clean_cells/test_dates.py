"""Days and periods: the table of cases, always day before month."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from bgest_analysis.clean.cells.dates import DateOptions, parse_dates
from bgest_analysis.clean.cells.periods import parse_period

D = dt.date
ONE_CELL = [
    # text, day, outcome, rule
    ("03/04/2022", D(2022, 4, 3), "ok", ""),  # never 4 March
    ("13/04/2022", D(2022, 4, 13), "ok", ""),
    ("3-4-2022", D(2022, 4, 3), "ok", ""),
    ("03.04.2022", D(2022, 4, 3), "ok", ""),
    ("2022-04-03", D(2022, 4, 3), "ok", ""),
    ("2022-04-03T10:30:00", D(2022, 4, 3), "ok", ""),
    ("03/04/2022 10:30", D(2022, 4, 3), "ok", ""),
    ("3 aprile 2022", D(2022, 4, 3), "ok", ""),
    ("1° maggio 2022", D(2022, 5, 1), "ok", ""),
    ("lunedì 4 aprile 2022", D(2022, 4, 4), "ok", ""),
    ("29/02/2024", D(2024, 2, 29), "ok", ""),
    ("3-4-22", D(2022, 4, 3), "corretto", "data_anno_due_cifre"),
    ("03/04/85", D(1985, 4, 3), "corretto", "data_anno_due_cifre"),
    ("45400", D(2024, 4, 18), "corretto", "data_seriale"),
    ("20220403", D(2022, 4, 3), "corretto", "data_compatta"),
    ("03042022", D(2022, 4, 3), "corretto", "data_compatta"),
    ("20122019", D(2019, 12, 20), "corretto", "data_compatta"),
    ("04/13/2022", None, "errore", "data_impossibile"),  # American: refused
    ("31/02/2024", None, "errore", "data_impossibile"),
    ("29/02/2023", None, "errore", "data_impossibile"),
    ("03/04/202", None, "errore", "data_anno_improbabile"),
    ("03/04/20222", None, "errore", "data_anno_improbabile"),
    ("03/04/1822", None, "errore", "data_anno_improbabile"),
    ("martedì scorso", None, "errore", "data_illeggibile"),
    ("03/04", None, "ambiguo", "data_senza_anno"),
    ("3 aprile", None, "ambiguo", "data_senza_anno"),
    ("aprile 22", None, "ambiguo", "data_periodo"),
    ("a.s. 2021/22", None, "ambiguo", "data_periodo"),
    ("II trim. 2022", None, "ambiguo", "data_periodo"),
    ("2022", None, "ambiguo", "data_periodo"),  # a year and not the 2,022nd day
    ("01/04/2022 - 03/04/2022", None, "ambiguo", "date_multiple"),
    ("01/01/0001", None, "mancante", "data_convenzionale_fami"),
    ("31/12/9999", None, "mancante", "data_senza_scadenza"),
    ("01/01/1900", None, "mancante", "data_predefinita"),
    ("00/00/0000", None, "mancante", "data_predefinita"),
    ("n.d.", None, "mancante", "mancante_nd"),
    ("", None, "mancante", "vuota"),
]


def day(values: pd.Series) -> dt.date | None:
    value = values.iloc[0]
    return None if pd.isna(value) else value.date()


@pytest.mark.parametrize(("text", "expected", "outcome", "rule"), ONE_CELL)
def test_one_day(text, expected, outcome, rule):
    parsed = parse_dates(pd.Series([text], dtype="str"))
    assert day(parsed.values) == expected
    assert (parsed.outcome.iloc[0], parsed.rule.iloc[0]) == (outcome, rule)
    assert parsed.values.dtype == "datetime64[us]"


@pytest.mark.parametrize(
    ("cell", "kind", "expected", "rule"),
    [
        ("2022-04-03", "d", D(2022, 4, 3), ""),
        ("2022-04-03T18:00:00", "d", D(2022, 4, 3), ""),
        ("45400.0", "n", D(2024, 4, 18), "data_seriale"),
        ("2022.0", "n", None, "data_periodo"),
        ("00:00:00", "h", None, "data_predefinita"),  # an empty date in Excel: 00/01/1900
        ("1900-01-01", "d", None, "data_predefinita"),
        ("0001-01-01", "d", None, "data_convenzionale_fami"),
        ("01:30:00", "h", None, "tipo_cella"),
        ("", "f", None, "formula_senza_valore"),
    ],
)
def test_cells_that_excel_had_typed(cell, kind, expected, rule):
    parsed = parse_dates(pd.Series([cell], dtype="str"), pd.Series([kind]))
    assert day(parsed.values) == expected
    assert parsed.rule.iloc[0] == rule


def test_serial_numbers_of_a_workbook_that_counts_from_1904():
    parsed = parse_dates(
        pd.Series(["43938"], dtype="str"), pd.Series(["n"]), DateOptions(date1904=True)
    )
    assert day(parsed.values) == D(2024, 4, 18)


PERIODS = [
    ("aprile 22", D(2022, 4, 1), D(2022, 4, 30), "mese", "data_anno_due_cifre"),
    ("apr-22", D(2022, 4, 1), D(2022, 4, 30), "mese", "data_anno_due_cifre"),
    ("febbraio 2024", D(2024, 2, 1), D(2024, 2, 29), "mese", ""),
    ("04/2022", D(2022, 4, 1), D(2022, 4, 30), "mese", ""),
    ("gen-mar 2022", D(2022, 1, 1), D(2022, 3, 31), "mesi", ""),
    ("a.s. 2021/22", D(2021, 9, 1), D(2022, 8, 31), "anno_scolastico", ""),
    ("2021/2022", D(2021, 9, 1), D(2022, 8, 31), "anno_scolastico", ""),
    ("anno scolastico 2021-2022", D(2021, 9, 1), D(2022, 8, 31), "anno_scolastico", ""),
    ("II trim. 2022", D(2022, 4, 1), D(2022, 6, 30), "trimestre", ""),
    ("4° trimestre 2022", D(2022, 10, 1), D(2022, 12, 31), "trimestre", ""),
    ("2022 Q3", D(2022, 7, 1), D(2022, 9, 30), "trimestre", ""),
    ("I semestre 2022", D(2022, 1, 1), D(2022, 6, 30), "semestre", ""),
    ("2022", D(2022, 1, 1), D(2022, 12, 31), "anno", ""),
    ("03/04/2022", D(2022, 4, 3), D(2022, 4, 3), "giorno", ""),
    ("a.s. 2021/23", None, None, None, "periodo_illeggibile"),
    ("mar-gen 2022", None, None, None, "periodo_illeggibile"),
    ("boh", None, None, None, "periodo_illeggibile"),
    ("n.d.", None, None, None, "mancante_nd"),
]


@pytest.mark.parametrize(("text", "start", "end", "precision", "rule"), PERIODS)
def test_one_period(text, start, end, precision, rule):
    parsed = parse_period(pd.Series([text], dtype="str"))
    assert (day(parsed.start.values), day(parsed.end.values)) == (start, end)
    found = parsed.precision.iloc[0]
    assert (None if pd.isna(found) else found) == precision
    assert parsed.start.rule.iloc[0] == rule
