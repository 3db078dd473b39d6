"""Numbers, money, percentages, yes and no."""

from __future__ import annotations

import pandas as pd
import pytest

from bgest_analysis.clean.cells.flags import parse_flags
from bgest_analysis.clean.cells.numbers import (
    Dot,
    NumberOptions,
    parse_money,
    parse_numbers,
)
from bgest_analysis.clean.cells.percents import parse_percents


def text(*cells: str) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


def plain(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


NUMBERS = [
    ("12", 12.0, ""),
    ("12,5", 12.5, ""),
    ("1.234,56", 1234.56, ""),
    ("1.234.567", 1234567.0, ""),
    ("1234,5", 1234.5, ""),
    ("1,234", 1.234, ""),  # the comma is the decimal sign
    ("0.75", 0.75, ""),
    ("-5", -5.0, ""),
    ("−5", -5.0, ""),
    ("1,234.56", 1234.56, "numero_inglese"),
    ("1 234,50", 1234.5, "numero_spazi_migliaia"),
    ("1'234", 1234.0, "numero_spazi_migliaia"),
    ("(12,5)", -12.5, "numero_contabile"),
    ("5-", -5.0, "numero_contabile"),
    ("1,5E+05", 150000.0, "numero_scientifico"),
    ("circa 100", 100.0, "valore_approssimato"),
    ("1.234", None, "numero_punto_ambiguo"),
    ("<5", None, "numero_intervallo"),
    ("10-12", None, "numero_intervallo"),
    ("12 ore", None, "numero_illeggibile"),
    ("1.234,5,6", None, "numero_illeggibile"),
    ("12.34.56", None, "numero_illeggibile"),
    ("inf", None, "numero_illeggibile"),
    ("-", None, "mancante_segno"),
    ("n.d.", None, "mancante_nd"),
    ("#DIV/0!", None, "errore_excel"),
]


@pytest.mark.parametrize(("cell", "expected", "rule"), NUMBERS)
def test_one_number(cell, expected, rule):
    parsed = parse_numbers(text(cell))
    assert plain(parsed.values) == [expected]
    assert parsed.rule.iloc[0] == rule


@pytest.mark.parametrize(
    ("column", "expected", "said"),
    [
        (("1.234", "12,5"), [1234.0, 12.5], "migliaia"),
        (("1.234", "2.500.000"), [1234.0, 2500000.0], "migliaia"),
        (("1.234", "12.5"), [1.234, 12.5], "decimali"),
        (("1.234", "1,5", "2.5"), [None, 1.5, 2.5], "incerto"),
        (("1,234", "12.5"), [None, 12.5], "decimali"),
    ],
)
def test_the_column_decides_on_the_dot(column, expected, said):
    parsed = parse_numbers(text(*column))
    assert plain(parsed.values) == expected
    assert f"letto come {said}" in parsed.decisions[0].render("it")


def test_a_declared_layout_decides():
    parsed = parse_numbers(text("1.234"), None, NumberOptions(dot=Dot.DECIMALI))
    assert plain(parsed.values) == [1.234]


def test_numbers_that_excel_had_typed_are_taken_as_they_are():
    parsed = parse_numbers(text("1.234", "TRUE"), pd.Series(["n", "b"]))
    assert plain(parsed.values) == [1.234, None]
    assert list(parsed.rule) == ["", "tipo_cella"]


@pytest.mark.parametrize(
    ("cell", "expected", "rule"),
    [
        ("1.234", 1234, "numero_punto_migliaia"),  # there is no third of a person
        ("12", 12, ""),
        ("12,0", 12, ""),
        ("12,5", None, "numero_non_intero"),
        ("1,234", None, "numero_punto_ambiguo"),
    ],
)
def test_whole_numbers(cell, expected, rule):
    parsed = parse_numbers(text(cell), None, NumberOptions(integer=True))
    assert plain(parsed.values) == [expected]
    assert str(parsed.values.dtype) == "Int64"
    assert parsed.rule.iloc[0] == rule


@pytest.mark.parametrize(
    ("cell", "expected", "rule"),
    [
        ("1.234,56 €", 1234.56, ""),
        ("€ 1.234", 1234.0, "numero_punto_migliaia"),
        ("euro 12,00", 12.0, ""),
        ("EUR 3.000", 3000.0, "numero_punto_migliaia"),
        ("€ -", 0.0, "numero_contabile"),
        ("(1.234,56) €", -1234.56, "numero_contabile"),
        ("-", None, "mancante_segno"),
        ("1,234", None, "numero_punto_ambiguo"),
        ("dodici euro", None, "numero_illeggibile"),
    ],
)
def test_money(cell, expected, rule):
    parsed = parse_money(text(cell))
    assert plain(parsed.values) == [expected]
    assert parsed.rule.iloc[0] == rule


def test_money_with_decimal_dots_in_the_column_is_not_decided():
    assert plain(parse_money(text("1.234", "12.50")).values) == [None, 12.5]


def test_percentages_of_excel_are_fractions():
    parsed = parse_percents(text("0.125", "0.5", "12%", "12,5 %"), pd.Series(list("nntt")))
    assert plain(parsed.values) == [12.5, 50.0, 12.0, 12.5]
    assert list(parsed.rule) == ["percentuale_frazione", "percentuale_frazione", "", ""]


def test_a_column_of_fractions_and_points_goes_to_a_person():
    parsed = parse_percents(text("0.125", "50"), pd.Series(list("nn")))
    assert plain(parsed.values) == [None, 50.0]
    assert parsed.rule.iloc[0] == "percentuale_ambigua"


def test_one_alone_may_be_one_per_cent_or_all():
    assert plain(parse_percents(text("1"), pd.Series(["n"])).values) == [None]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("sì", True), ("Si", True), ("SI'", True), ("X", True), ("no", False), ("0", False)],
)
def test_yes_and_no(cell, expected):
    assert bool(parse_flags(text(cell)).values.iloc[0]) is expected


def test_yes_and_no_that_are_neither():
    parsed = parse_flags(text("forse", "", "n.d."))
    assert list(parsed.rule) == ["si_no_illeggibile", "vuota", "mancante_nd"]
    assert parsed.values.isna().all()


def test_an_empty_box_is_no_only_when_the_layout_says_so():
    assert not parse_flags(text(""), empty_is_no=True).values.iloc[0]
