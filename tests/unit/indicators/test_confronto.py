"""The slide beside the recomputed shares: gaps, and the Ambiti that fit no year."""

import pandas as pd
import pytest

from bgest_analysis.indicators.confronto import (
    ambiti_that_fit_no_year,
    compute_confronto_sintesi,
    compute_confronto_slide,
)
from bgest_analysis.pages.areas import one_row


@pytest.fixture
def frames():
    slide = pd.DataFrame({"ambito_id": ["NO", "SU"], "incidenza_pct": [10.0, 8.0]})
    areas = pd.DataFrame(
        [
            ("distretto", 2021, 0.09, 0.07),
            ("NO", 2021, 0.101, 0.08),
            ("SU", 2021, 0.055, 0.04),
            ("NO", 2022, 0.104, 0.085),
            ("SU", 2022, 0.06, 0.05),
        ],
        columns=["area", "anno", "incidenza", "incidenza_extra_ue"],
    )
    return {"tidy_slide_incidenza": slide, "ind_incidenza": areas}


def test_gaps_are_recomputed_minus_slide_in_points(frames):
    table = compute_confronto_slide(frames, None)
    assert len(table) == 8
    row = one_row(table, ambito_id="NO", definizione="stranieri", anno=2021)
    assert row["ricalcolato_pct"] == pytest.approx(10.1)
    assert row["scarto_punti"] == pytest.approx(0.1)


def test_the_summary_tells_the_misfit_apart(frames):
    slide = compute_confronto_slide(frames, None)
    assert ambiti_that_fit_no_year(slide) == ["SU"]
    table = compute_confronto_sintesi({"ind_confronto_slide": slide}, None)
    best = one_row(table, definizione="stranieri", anno=2021)
    assert best["scarto_medio"] == pytest.approx((0.1 + 2.5) / 2)
    assert best["scarto_massimo"] == pytest.approx(2.5)
    assert best["ambito_massimo"] == "SU"
    assert best["scarto_medio_senza"] == pytest.approx(0.1)
    assert best["esclusi"] == "SU"
