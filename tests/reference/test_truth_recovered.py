"""Planted effects come back from synthetic studies made, cleaned and estimated end to end.

The 200 studies of ``docs/prove-dei-metodi.md`` are run by ``tools.esempio.recover_truth``; the
full tier repeats some of them. What is known to be biased, and why, stands on that page.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tools.esempio.recover_truth import as_markdown, read, run, summary

STUDIES, ERRORS = 12, 4.0
# Shortened by missing notes; a series whose share grows as time does; seasons of the surge;
# people without a record; scales that end at 5.
KNOWN = ("autonomia", "serie", "emivita", "ampiezza", "altri_", "operatori")


def test_bias_and_coverage_of_known_estimates():
    stima = np.array([0.9, 1.1, 1.3, 1.1])
    rows = pd.DataFrame({"effetto": "x", "verita": 1.0, "stima": stima, "basso": stima - 0.2})
    rows = pd.concat([rows.assign(alto=stima + 0.2), rows.assign(stima=np.nan)])
    table = summary(rows)
    found = table.iloc[0]
    assert (found["studi"], found["distorsione"], found["copertura"]) == (
        4,
        pytest.approx(0.1),
        0.75,
    )
    half = 1.96 * stima.std(ddof=1) / 2
    assert found["alto"] - found["distorsione"] == pytest.approx(half, rel=1e-3)
    assert "| x | 4 | 1.000 | 1.100 | +0.100" in as_markdown(table)


@pytest.mark.full
def test_planted_effects_come_back(tmp_path):
    results = tmp_path / "studi.csv"
    run(results, STUDIES, 1.0)
    rows = read(results)
    assert rows["seme"].nunique() == STUDIES
    table = summary(rows)
    print(as_markdown(table))
    plain = table[~table["effetto"].str.contains("|".join(KNOWN))]
    error = plain["deviazione"] / np.sqrt(plain["studi"])
    assert len(plain) >= 20
    assert (plain["distorsione"].abs() <= ERRORS * error + 1e-9).all()
    held = table[table["con_intervallo"] == STUDIES]
    assert held["copertura"].mean() >= 0.9
