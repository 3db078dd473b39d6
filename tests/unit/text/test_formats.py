"""Numbers, dates and money as Italian and English readers write them."""

import pandas as pd
import pytest

from bgest_analysis.text.formats import Hidden, format_value, is_missing

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "spec", "italian", "english"),
    [
        (1234, "int", "1.234", "1,234"),
        (0, "int", "0", "0"),
        (2023, "", "2023", "2023"),
        (1234567.891, "dec2", "1.234.567,89", "1,234,567.89"),
        (-0.351, "sdec2", "−0,35", "−0.35"),
        (0.2, "sdec1", "+0,2", "+0.2"),
        (-0.001, "dec2", "0,00", "0.00"),
        (0.1234, "pct1", "12,3%", "12.3%"),
        (1234.5, "eur2", f"1.234,50{NBSP}€", "€1,234.50"),
        ("2023-06-30", "date", "30/06/2023", "30/06/2023"),
        (True, "text", "sì", "yes"),
        (float("inf"), "dec1", "∞", "∞"),
    ],
)
def test_formats_of_the_two_languages(value, spec, italian, english):
    assert format_value(value, spec, "it") == italian
    assert format_value(value, spec, "en") == english


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_value_is_never_a_zero(value):
    assert is_missing(value)
    assert format_value(value, "int", "it") == "n.d."
    assert format_value(value, "pct1", "en") == "n/a"


def test_a_protected_value_says_what_it_is_below():
    assert format_value(Hidden(5), "int", "it") == "<5"
    assert format_value(Hidden(), "dec1", "it") == "n.p."


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="unknown format"):
        format_value(1.0, "banana", "it")


@pytest.mark.parametrize(
    ("value", "spec", "printed"),
    [
        (2009.0, "qty1", "2.009"),
        (1933.24, "qty1", "1.933,2"),
        (0.04, "qty1", "0"),
        (0.0004, "prob3", "< 0,001"),
        (0.0005, "prob3", "< 0,001"),
        (0.0014, "prob3", "0,001"),
        (1.0, "prob3", "1,000"),
    ],
)
def test_quantities_and_probabilities(value, spec, printed):
    assert format_value(value, spec, "it") == printed
