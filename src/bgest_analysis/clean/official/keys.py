"""Rows that say the same thing twice, or say two things of the same key."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.ledger import Ledger
from bgest_analysis.clean.official.rules import CHIAVE_DOPPIA, RIGA_IDENTICA


def check_keys(ledger: Ledger, key: dict[str, pd.Series], role: str) -> None:
    """Drop copies of identical rows, put aside every copy of a key with different values.

    Parameters
    ----------
    key
        Values of the key, by role, after repairs, one a source row.
    role
        Column shown in the problem.
    """
    alive = ledger.alive
    where = np.flatnonzero(alive)
    keys = pd.DataFrame({name: values.to_numpy()[alive] for name, values in key.items()})
    doubled = keys.duplicated(keep=False).to_numpy(dtype=bool)
    if not doubled.any():
        return
    suspects = where[doubled]
    content = ledger.raw.cells.iloc[suspects].reset_index(drop=True).apply(_stripped)
    content = content.assign(**{f"chiave {n}": keys[n].to_numpy()[doubled] for n in key})
    content = content.drop(columns=[ledger.header(role)])
    copies = content.duplicated(keep="first").to_numpy(dtype=bool)
    shown = keys.astype("str").agg(", ".join, axis=1).to_numpy()
    ledger.apply(
        RIGA_IDENTICA, _mask(ledger, suspects[copies]), role, _spread(ledger, where, shown)
    )
    left = keys[doubled][~copies].duplicated(keep=False).to_numpy(dtype=bool)
    different = suspects[~copies][left]
    ledger.apply(CHIAVE_DOPPIA, _mask(ledger, different), role, _spread(ledger, where, shown))


def _stripped(cells: pd.Series) -> pd.Series:
    return cells.str.strip()


def _mask(ledger: Ledger, positions: np.ndarray) -> np.ndarray:
    mask = np.zeros(ledger.n, dtype=bool)
    mask[positions] = True
    return mask


def _spread(ledger: Ledger, where: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Put values of some rows back at their positions among all rows."""
    full = np.full(ledger.n, "", dtype=object)
    full[where] = values
    return full
