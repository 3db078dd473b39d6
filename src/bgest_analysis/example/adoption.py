"""When each Ambito moves to the integrated model, and the practices that show it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.example.draws import Bools, Days, Ints, stream
from bgest_analysis.example.territory import Territory

# Months of adoption of the seven Ambiti of a district, ES1 first: all adopt in the end.
COHORTS = (
    "2020-01-01",
    "2020-09-01",
    "2020-09-01",
    "2021-03-01",
    "2021-10-01",
    "2022-05-01",
    "2023-01-01",
)
SIX_MONTHS = 183
UKRAINE_PRACTICE = 5 / 7  # share of Ambiti that make a practice of the emergency


def adoption_dates(seed: int, territory: Territory) -> Days:
    """Return each Ambito's day of adoption: the cohorts in order, then shuffled by district."""
    n = len(territory.ambito_ids)
    rng = stream(seed, "adozione")
    blocks = [np.arange(len(COHORTS))]
    while len(blocks) * len(COHORTS) < n:
        blocks.append(rng.permutation(len(COHORTS)))
    return np.array(COHORTS, dtype="datetime64[D]")[np.concatenate(blocks)[:n]]


def adopted(dates: Days, ambito: Ints, days: Days) -> Bools:
    """Tell whether each Ambito had adopted on each day."""
    return days >= dates[ambito]


def practices(seed: int, territory: Territory, dates: Days) -> pd.DataFrame:
    """Return table ``pratiche``: the move itself, then activation, then Ukraine's practices."""
    rng = stream(seed, "pratiche")
    codes = np.array(territory.ambito_ids, dtype=object)
    ukraine = np.datetime64("2022-03-15") + rng.integers(0, 160, len(codes))
    kept = np.zeros(len(codes), dtype=bool)
    kept[rng.permutation(len(codes))[: round(UKRAINE_PRACTICE * len(codes))]] = True
    everybody = np.ones(len(codes), dtype=bool)
    parts = [
        _practice("integrata", "Mediazione nell'équipe", codes, dates, everybody),
        _practice("lettura_progettazione", "Lettura congiunta", codes, dates, everybody),
        _practice("attivazione", "Patto di attivazione", codes, dates + SIX_MONTHS, everybody),
        _practice("prassi_ucraina", "Accoglienza rapida", codes, ukraine, kept),
    ]
    table = pd.concat(parts, ignore_index=True)
    table["evidenza"] = rng.choice(["protocollo", "verbale", "intervista"], len(table))
    table["strumento_formale"] = table["evidenza"] == "protocollo"
    table["pratica_id"] = [f"PR{k + 1:03d}" for k in range(len(table))]
    return table


def _practice(
    component: str, title: str, codes: np.ndarray, dates: Days, kept: Bools
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ambito_id": codes[kept],
            "componente": component,
            "titolo": title,
            "data_adozione": dates[kept],
        }
    )
