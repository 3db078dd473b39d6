"""The invented territory: Ambiti, comuni and residents, shaped like real ones, named like none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bgest_analysis.example.draws import Floats, Ints, Texts, stream, texts
from bgest_analysis.example.parameters import AMBITI_OF_A_DISTRICT, Size

PROVINCE = "999"  # no province of Italy has it, or will soon
REFERENCE_YEAR = 2023
YEARS = tuple(range(2019, 2025))
INCOME_YEARS = tuple(range(2017, 2023))
EU_SHARE = 0.17
# Ambiti of a mixed district: lowland and valleys, large and small.
COMUNI_PER_AMBITO = (20, 18, 24, 8, 11, 10, 12)
RESIDENTS = (54_000, 97_000, 42_000, 51_000, 78_000, 31_000, 32_000)
FOREIGN_SHARE = (0.135, 0.064, 0.042, 0.155, 0.108, 0.112, 0.126)
REACH = (1.60, 1.25, 1.00, 0.90, 0.80, 0.70, 0.55)  # relative coverage of non-EU residents
BIGGEST_COMUNE_CODE = 999


@dataclass(frozen=True)
class Territory:
    """The places of the study.

    Parameters
    ----------
    ambiti
        One row an Ambito: ambito_id, nome, capofila, residents and relative reach.
    comuni
        One row a comune: cod_istat, nome, ambito_id, x, y (invented degrees).
    popolazione
        One row a comune and year: residenti, stranieri, stato_dato.
    """

    ambiti: pd.DataFrame
    comuni: pd.DataFrame
    popolazione: pd.DataFrame

    @property
    def ambito_ids(self) -> list[str]:
        return self.ambiti["ambito_id"].tolist()

    def extra_ue(self, anno: int = REFERENCE_YEAR) -> Floats:
        """Return each Ambito's non-EU residents: foreigners less the same EU share everywhere."""
        rows = self.popolazione[self.popolazione["anno"] == anno]
        by_ambito = rows.merge(self.comuni[["cod_istat", "ambito_id"]], on="cod_istat")
        counts = by_ambito.groupby("ambito_id")["stranieri"].sum().reindex(self.ambito_ids)
        return counts.to_numpy(dtype=float) * (1 - EU_SHARE)


def build_territory(seed: int, size: Size) -> Territory:
    """Return the territory of a seed and size."""
    rng = stream(seed, "territorio")
    ambiti = _ambiti(size)
    comuni = _comuni(rng, ambiti)
    popolazione = _popolazione(rng, ambiti, comuni)
    return Territory(ambiti, comuni[["cod_istat", "nome", "ambito_id", "x", "y"]], popolazione)


def _ambiti(size: Size) -> pd.DataFrame:
    number = np.arange(size.ambiti)
    shape = number % AMBITI_OF_A_DISTRICT
    return pd.DataFrame(
        {
            "ambito_id": [f"ES{k + 1}" for k in number],
            "nome": [f"Ambito Esempio {k + 1}" for k in number],
            "capofila": number == 0,
            "ordine": number + 1,
            "n_comuni": np.array(COMUNI_PER_AMBITO)[shape],
            "residenti": np.array(RESIDENTS)[shape],
            "quota_stranieri": np.array(FOREIGN_SHARE)[shape],
            "copertura": np.array(REACH)[shape],
        }
    )


def _comuni(rng: np.random.Generator, ambiti: pd.DataFrame) -> pd.DataFrame:
    """Return the comuni with a weight (their part of the Ambito) and a point in a square."""
    owner = np.repeat(np.arange(len(ambiti)), ambiti["n_comuni"])
    starts = np.cumsum(ambiti["n_comuni"]) - ambiti["n_comuni"]
    within = np.arange(len(owner)) - starts.to_numpy()[owner]
    side = int(np.ceil(np.sqrt(len(ambiti))))
    centre = np.stack([owner % side, owner // side], axis=1) * 0.2
    points = centre + rng.uniform(0.01, 0.19, (len(owner), 2))
    return pd.DataFrame(
        {
            "cod_istat": comune_codes(len(owner)),
            "nome": [
                f"Comune Esempio {a + 1}-{k + 1:02d}" for a, k in zip(owner, within, strict=True)
            ],
            "ambito_id": ambiti["ambito_id"].to_numpy()[owner],
            "owner": owner,
            "weight": rng.lognormal(0.0, 0.9, len(owner)),
            "x": np.round(points[:, 0], 4),
            "y": np.round(points[:, 1], 4),
        }
    )


def comune_codes(n: int) -> list[str]:
    """Return codes of comuni in invented provinces: 999, then 998 and so on when full."""
    province = int(PROVINCE) - np.arange(n) // BIGGEST_COMUNE_CODE
    number = np.arange(n) % BIGGEST_COMUNE_CODE + 1
    return [f"{p:03d}{k:03d}" for p, k in zip(province, number, strict=True)]


def _popolazione(
    rng: np.random.Generator, ambiti: pd.DataFrame, comuni: pd.DataFrame
) -> pd.DataFrame:
    totals = comuni.groupby("owner")["weight"].transform("sum").to_numpy()
    residents = ambiti["residenti"].to_numpy()[comuni["owner"]] * comuni["weight"] / totals
    residents = np.maximum(residents.to_numpy(), 90.0)
    share = ambiti["quota_stranieri"].to_numpy()[comuni["owner"]]
    share = np.clip(share * rng.lognormal(0.0, 0.25, len(comuni)), 0.005, 0.4)
    frames = [_year(rng, comuni, residents, share, year) for year in YEARS]
    return pd.concat(frames).sort_values(["cod_istat", "anno"], ignore_index=True)


def _year(
    rng: np.random.Generator, comuni: pd.DataFrame, residents: Floats, share: Floats, year: int
) -> pd.DataFrame:
    drift = 1 + 0.003 * (year - REFERENCE_YEAR) + rng.normal(0, 0.004, len(comuni))
    everyone = np.rint(residents * drift).astype(np.int64)
    growth = 1 + 0.015 * (year - REFERENCE_YEAR)
    foreign = np.minimum(np.rint(everyone * share * growth).astype(np.int64), everyone)
    return pd.DataFrame(
        {
            "cod_istat": comuni["cod_istat"],
            "anno": year,
            "residenti": everyone,
            "stranieri": foreign,
            "stato_dato": "definitivo" if year < YEARS[-1] else "provvisorio",
        }
    )


def incomes(seed: int, territory: Territory) -> pd.DataFrame:
    """Return invented incomes: one row a comune and tax year."""
    rng = stream(seed, "redditi")
    people = territory.popolazione.query("anno == @REFERENCE_YEAR").set_index("cod_istat")
    taxpayers = np.rint(people["residenti"].to_numpy() * 0.74).astype(np.int64)
    mean = rng.normal(20_500, 1_500, len(people))
    frames = []
    for year in INCOME_YEARS:
        with_income: Ints = np.rint(taxpayers * 0.985).astype(np.int64)
        euros = np.rint(with_income * mean * (1 + 0.02 * (year - INCOME_YEARS[-1])))
        frames.append(
            pd.DataFrame(
                {
                    "cod_istat": people.index,
                    "anno_imposta": year,
                    "contribuenti": taxpayers,
                    "imponibile_freq": with_income,
                    "imponibile_eur": euros.astype(np.int64),
                }
            )
        )
    return pd.concat(frames).sort_values(["cod_istat", "anno_imposta"], ignore_index=True)


def slide_shares(territory: Territory) -> pd.DataFrame:
    """Return a slide's percentages: all foreigners of 2021, and one that fits no year."""
    rows = territory.popolazione.query("anno == 2021").merge(
        territory.comuni[["cod_istat", "ambito_id"]], on="cod_istat"
    )
    sums = rows.groupby("ambito_id")[["residenti", "stranieri"]].sum().reindex(territory.ambito_ids)
    shares = (100 * sums["stranieri"] / sums["residenti"]).round(2).to_numpy(copy=True)
    shares[-1] = round(shares[-1] + 2.0, 2)
    return pd.DataFrame(
        {
            "ambito_id": territory.ambito_ids,
            "come_scritto": territory.ambiti["nome"],
            "incidenza_pct": shares,
            "fonte": "diapositiva inventata (DATI SINTETICI)",
            "data": "2023-06-13",
        }
    )


def names_of(territory: Territory) -> dict[str, str]:
    """Return comune code -> name."""
    return dict(zip(territory.comuni["cod_istat"], territory.comuni["nome"], strict=True))


def comuni_of(territory: Territory, ambito: Ints, rng: np.random.Generator) -> Texts:
    """Return a comune of each Ambito (positions), drawn by residents."""
    counts = territory.popolazione.query("anno == @REFERENCE_YEAR").set_index("cod_istat")
    people = counts["stranieri"].reindex(territory.comuni["cod_istat"]).to_numpy(float)
    position = {code: k for k, code in enumerate(territory.ambito_ids)}
    owner = territory.comuni["ambito_id"].map(position).to_numpy()
    cumulated = np.concatenate([[0.0], np.cumsum(people)])
    first = np.searchsorted(owner, np.arange(len(territory.ambito_ids)))
    last = np.searchsorted(owner, np.arange(len(territory.ambito_ids)), side="right")
    low, high = cumulated[first][ambito], cumulated[last][ambito]
    drawn = low + rng.random(len(ambito)) * (high - low)
    index = np.clip(np.searchsorted(cumulated, drawn, side="right") - 1, 0, len(owner) - 1)
    codes: Texts = texts(territory.comuni["cod_istat"].tolist())[index]
    return codes
