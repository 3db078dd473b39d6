"""Indices between comuni: even, uneven, and areas too small to have one."""

import pandas as pd
import pytest

from bgest_analysis.indicators.segregazione import compute_segregazione
from bgest_analysis.pages.areas import one_row
from tests.lib.studies import small_study


def comuni(stranieri):
    frame = pd.DataFrame(
        {
            "cod_istat": ["016001", "016002", "016004"],
            "anno": pd.array([2023] * 3, dtype="Int64"),
            "residenti": pd.array([1000, 1000, 2000], dtype="Int64"),
            "stranieri": pd.array(stranieri, dtype="Int64"),
        }
    )
    return {"ind_incidenza_comuni": frame}


def test_an_even_spread_has_no_dissimilarity(tmp_path):
    table = compute_segregazione(comuni([100, 100, 200]), small_study(tmp_path))
    row = one_row(table, area="distretto", indice="dissimilarita")
    assert row["stima"] == pytest.approx(0)
    assert row["corretto"] == pytest.approx(0, abs=0.01)
    assert row["atteso_caso"] > 0


def test_an_uneven_spread_follows_the_formula(tmp_path):
    table = compute_segregazione(comuni([300, 0, 0]), small_study(tmp_path))
    row = one_row(table, area="distretto", indice="dissimilarita")
    rest = [700, 1000, 2000]
    expected = 0.5 * (abs(1 - rest[0] / 3700) + rest[1] / 3700 + rest[2] / 3700)
    assert row["stima"] == pytest.approx(expected)
    alone = one_row(table, area="distretto", indice="isolamento")
    assert alone["stima"] == pytest.approx(0.3)


def test_an_area_of_one_comune_has_no_index(tmp_path):
    table = compute_segregazione(comuni([100, 50, 10]), small_study(tmp_path))
    assert set(table["area"]) == {"distretto", "SU"}
