"""Requests in time and place, grouped in cases: a Poisson process by Ambito and day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.example.draws import Days, Floats, Ints, Texts, stream
from bgest_analysis.example.effects import covid_factor, season_factor, ukraine_intensity
from bgest_analysis.example.parameters import END, START, Parameters, Size
from bgest_analysis.example.people import People

WITHOUT_CASE = 0.25
MEAN_FURTHER_CONTACTS = 2.2
ROWS_A_STREAM = 150  # cases of one stream follow each other, and last some weeks


def build_requests(seed: int, size: Size, people: People, truth: Parameters) -> pd.DataFrame:
    """Return the requests: ambito (position), giorno, sfollati (for Ukraine), caso, persona.

    True intensity of a day, as multiple of an Ambito's mean: season x COVID factor for the
    ordinary requests; ``ampiezza`` x 0.5 ** (days / half-life) more for people from Ukraine.
    Rows without a case have ``caso`` and ``persona`` -1.
    """
    rng = stream(seed, "richieste")
    days = np.arange(np.datetime64(START), np.datetime64(END) + 1)
    shape = season_factor(days) * covid_factor(days, truth.covid)
    surge = truth.ucraina.ampiezza * ukraine_intensity(days, truth.ucraina)
    persons = np.bincount(people.persone["ambito"].to_numpy())
    daily = size.interventions * persons / persons.sum() / float(shape.sum() + surge.sum())
    rows = pd.concat(
        [_draw(rng, daily, shape, days, False), _draw(rng, daily, surge, days, True)],
        ignore_index=True,
    )
    rows["caso"] = _cases(rng, rows)
    rows["persona"] = _persons_of_cases(rng, rows, people)
    return rows


def _draw(
    rng: np.random.Generator, daily: Floats, shape: Floats, days: Days, displaced: bool
) -> pd.DataFrame:
    counts = rng.poisson(daily[:, None] * shape[None, :])
    ambito, day = np.nonzero(counts)
    times = counts[ambito, day]
    return pd.DataFrame(
        {
            "ambito": np.repeat(ambito, times),
            "giorno": np.repeat(days[day], times),
            "sfollati": displaced,
        }
    )


def _cases(rng: np.random.Generator, rows: pd.DataFrame) -> Ints:
    """Chain the requests of an Ambito into cases of 1 + Poisson(2.2) consecutive ones."""
    in_case = np.flatnonzero(rng.random(len(rows)) >= WITHOUT_CASE)
    chosen = rows.iloc[in_case]
    group = chosen["ambito"].to_numpy() * 2 + chosen["sfollati"].to_numpy()
    streams = np.maximum(1, np.bincount(group) // ROWS_A_STREAM)[group]
    line = (rng.random(len(in_case)) * streams).astype(np.int64)
    order = np.lexsort((chosen["giorno"].to_numpy(), line, group))
    sizes = 1 + rng.poisson(MEAN_FURTHER_CONTACTS, len(in_case))
    chunk = np.searchsorted(np.cumsum(sizes), np.arange(len(in_case)), side="right")
    keys = np.stack([group[order], line[order], chunk])
    starts = np.ones(len(in_case), dtype=bool)
    starts[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    case = np.full(len(rows), -1, dtype=np.int64)
    case[in_case[order]] = np.cumsum(starts) - 1
    return case


def _persons_of_cases(rng: np.random.Generator, rows: pd.DataFrame, people: People) -> Ints:
    """Give each case a person of its Ambito, everybody once before anybody twice."""
    cases = rows[rows["caso"] >= 0].groupby("caso", sort=True)[["ambito", "sfollati"]].first()
    person = np.full(len(cases), -1, dtype=np.int64)
    who = people.persone
    for displaced in (False, True):
        for ambito in range(int(who["ambito"].max()) + 1):
            pool = _pool(who, ambito, displaced)
            mine = np.flatnonzero((cases["ambito"] == ambito) & (cases["sfollati"] == displaced))
            person[mine] = np.resize(rng.permutation(pool), len(mine))
    result = np.full(len(rows), -1, dtype=np.int64)
    known = rows["caso"].to_numpy() >= 0
    result[known] = person[rows["caso"].to_numpy()[known]]
    return result


def _pool(who: pd.DataFrame, ambito: int, displaced: bool) -> Ints:
    """Return the persons of an Ambito a case can be about; anybody where nobody fits."""
    here = (who["ambito"] == ambito).to_numpy()
    fitting = here & (who["sfollato"] == displaced).to_numpy()
    return np.flatnonzero(fitting if fitting.any() else here)


def case_openings(rows: pd.DataFrame) -> Days:
    """Return, for each row, the day its case opened (its own day where there is no case)."""
    known = rows["caso"] >= 0
    first = rows["giorno"].where(known).groupby(rows["caso"]).transform("min")
    opened: Texts = first.where(known, rows["giorno"]).to_numpy()
    return opened.astype("datetime64[D]")
