"""The double-coded sample: drawn by strata, to be coded blind by two persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bgest_analysis.clean.derive import UNMET, derive_phase
from bgest_analysis.errors import UsageError

VARIABLES = ("fase", "orientamento")
STRATA = ("ambito_id", "modalita")
SHOWN = (
    "data",
    "ente_richiedente_tipo",
    "tipologia",
    "modalita",
    "canale",
    "utenza",
    "n_partecipanti",
    "esito",
)
FEWEST = 2  # of a stratum, so that its variance can be seen
PREFIX = "C"


@dataclass(frozen=True)
class Design:
    """How a sample is drawn.

    Parameters
    ----------
    size
        Interventions to code.
    strata
        Columns whose combinations are the strata; a missing value is a stratum too.
    seed
        Same seed and log, same sample.
    """

    size: int = 200
    strata: tuple[str, ...] = STRATA
    seed: int = 2463


def draw_sample(log: pd.DataFrame, design: Design) -> pd.DataFrame:
    """Return a stratified random sample of the interventions that took place.

    Proportional to the strata, at least two of each (all of one that has fewer).

    Returns
    -------
    pandas.DataFrame
        ``campione_id`` (in random order), ``intervento_id``, ``strato``, ``N_strato``,
        ``n_strato``, ``peso`` (interventions that one stands for), the columns shown to coders,
        the derived phase, and the row of the source.

    Raises
    ------
    UsageError
        If there are fewer interventions than asked.
    """
    done = log[~log["esito"].isin(UNMET)].sort_values("intervento_id", ignore_index=True)
    if not 0 < design.size <= len(done):
        raise UsageError(
            "il campione chiede {size:int} interventi, il registro ne ha {n:int} svolti: indicare "
            "--size",
            size=design.size,
            n=len(done),
        )
    strata = _strata(done, design.strata)
    rng = np.random.default_rng(design.seed)
    chosen = _choose(rng, strata, design.size)
    sample = done.iloc[rng.permutation(chosen)].reset_index(drop=True)
    names = _strata(sample, design.strata).to_numpy()
    whole, taken = strata.value_counts(), pd.Series(names).value_counts()
    counts = pd.DataFrame({"strato": names})
    counts["N_strato"] = counts["strato"].map(whole)
    counts["n_strato"] = counts["strato"].map(taken)
    derived = derive_phase(sample)["fase"]
    return pd.DataFrame(
        {
            "campione_id": [f"{PREFIX}{place:04d}" for place in range(1, len(sample) + 1)],
            "intervento_id": sample["intervento_id"],
            "strato": counts["strato"],
            "N_strato": counts["N_strato"],
            "n_strato": counts["n_strato"],
            "peso": counts["N_strato"] / counts["n_strato"],
            **{name: sample[name] for name in SHOWN},
            "fase_derivata": derived,
            "fonte_file": sample["fonte_file"],
            "fonte_riga": sample["fonte_riga"],
        }
    )


def _strata(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    named = [rows[column].astype("str").fillna("n.d.") for column in columns]
    return pd.Series([" · ".join(parts) for parts in zip(*named, strict=True)], index=rows.index)


def _choose(rng: np.random.Generator, strata: pd.Series, size: int) -> np.ndarray:
    """Return positions: of each stratum as many as its share asks, at random."""
    sizes = strata.value_counts().sort_index()
    wanted = allocate(sizes.to_numpy(), size)
    parts = [
        rng.choice(np.flatnonzero((strata == name).to_numpy()), n, replace=False)
        for name, n in zip(sizes.index, wanted, strict=True)
    ]
    return np.concatenate(parts)


def allocate(sizes: np.ndarray, total: int) -> np.ndarray:
    """Return how many to take of each stratum: in proportion, two at least, the sum kept.

    Largest remainders; what small strata need beyond their share the largest ones give. Where
    two of each stratum are more than the total, that many are taken.
    """
    floor = np.minimum(sizes, FEWEST)
    exact = total * sizes / sizes.sum()
    taken = np.floor(exact).astype(np.int64)
    order = np.argsort(taken - exact, kind="stable")
    taken[order[: total - int(taken.sum())]] += 1
    taken = np.maximum(taken, floor)
    while taken.sum() > max(total, int(floor.sum())):
        taken[np.argmax(taken - floor)] -= 1
    return np.asarray(taken, dtype=np.int64)
