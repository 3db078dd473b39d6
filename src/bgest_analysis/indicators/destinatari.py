"""Unique persons: the records of one person gathered, with the range that doubles leave."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bgest_analysis.indicators.interventi import by_area

SAME, TO_REVIEW = "stessa", "da_rivedere"
BANDS = ("<18", "18-60", ">60")
ADULT, OLD = 18, 60


def with_persons(destinatari: pd.DataFrame, coppie: pd.DataFrame | None) -> pd.DataFrame:
    """Return the eligible records with ``persona`` and ``persona_minima``.

    Records joined by a certain pair are one ``persona``; joined by a pair to be reviewed too,
    one ``persona_minima``. A record that does not say whether it is eligible is kept.
    """
    records = destinatari[destinatari["ammissibile_fami"].fillna(value=True).astype("bool")]
    records = records.reset_index(drop=True)
    pairs = pd.DataFrame() if coppie is None else coppie
    certain = _pairs_of(pairs, (SAME,))
    possible = _pairs_of(pairs, (SAME, TO_REVIEW))
    return records.assign(
        persona=_components(records["destinatario_id"], certain),
        persona_minima=_components(records["destinatario_id"], possible),
    )


def _pairs_of(pairs: pd.DataFrame, classes: tuple[str, ...]) -> pd.DataFrame:
    if pairs.empty:
        return pd.DataFrame({"destinatario_a": [], "destinatario_b": []})
    return pairs[pairs["classe_coppia"].isin(classes)]


def _components(ids: pd.Series, pairs: pd.DataFrame) -> np.ndarray:
    """Return the number of each record's group of joined records."""
    place = pd.Series(range(len(ids)), index=ids.to_numpy())
    one, other = (place.reindex(pairs[name]) for name in ("destinatario_a", "destinatario_b"))
    known = (one.notna().to_numpy()) & (other.notna().to_numpy())
    ends = one.to_numpy()[known].astype(int), other.to_numpy()[known].astype(int)
    graph = coo_array((np.ones(len(ends[0])), ends), shape=(len(ids), len(ids)))
    found: np.ndarray = connected_components(graph, directed=False)[1]
    return found


def count_persons(records: pd.DataFrame) -> pd.DataFrame:
    """Return, by area, records, unique persons and their lowest number."""
    placed = by_area(records)
    groups = placed[placed["area"].notna()].groupby("area")
    return groups.agg(
        schede=("destinatario_id", "size"),
        persone=("persona", "nunique"),
        persone_minimo=("persona_minima", "nunique"),
    ).reset_index()


def with_band(records: pd.DataFrame) -> pd.DataFrame:
    """Add ``fascia``, the age band at first contact; missing where the year is not known."""
    age = records["data_primo_contatto"].dt.year - records["anno_nascita"]
    band = pd.Series(None, index=records.index, dtype="str")
    band = band.mask((age < ADULT).fillna(value=False), BANDS[0])
    band = band.mask(age.between(ADULT, OLD).fillna(value=False), BANDS[1])
    return records.assign(fascia=band.mask((age > OLD).fillna(value=False), BANDS[2]))
