"""Checks across rows: parts of one dimension (sex, age, area) against the row of their total."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.ledger import Ledger, Mask
from bgest_analysis.clean.official.model import KnownPlaces
from bgest_analysis.problems.record import Rule

LEAST_SHARE = 0.5


def check_parts(
    ledger: Ledger,
    rule: Rule,
    frame: pd.DataFrame,
    dimension: str,
    parts: Collection[str],
    total: str,
    role: str,
    *,
    complete: bool = True,
) -> None:
    """Put aside (or mark) the groups whose parts do not add up to the total, tolerance 0.

    Parameters
    ----------
    frame
        One row a source row: the key's columns, ``dimension`` among them, and ``n``.
    parts, total
        Values of the dimension that are added, and the one they must give.
    complete
        Every part must be there to compare; otherwise an absent part counts as zero.
    """
    key = [name for name in frame.columns if name not in (dimension, "n")]
    group = frame.groupby(key, sort=False, dropna=False).ngroup().to_numpy()
    part = frame[dimension].isin(list(parts)).to_numpy(dtype=bool)
    whole = frame[dimension].eq(total).to_numpy(dtype=bool)
    least = len(parts) if complete else 1
    shown = _mismatches(ledger, frame, group, part, whole, least)
    where = np.isin(group, list(shown)) & (part | whole)
    ledger.apply(rule, where, role, [shown.get(g, "") for g in group])


def _mismatches(
    ledger: Ledger, frame: pd.DataFrame, group: np.ndarray, part: Mask, whole: Mask, least: int
) -> dict[Any, str]:
    """Return group -> "sum ≠ total", for the groups none of whose rows stands aside."""
    known = frame["n"].notna().to_numpy(dtype=bool)
    usable = ledger.alive & known
    unsound = (part | whole) & (ledger.aside | (ledger.alive & ~known))
    sums = _sums(frame, group, usable & part)
    totals = _sums(frame, group, usable & whole).rename(columns={"n": "total", "rows": "totals"})
    both = sums.join(totals, how="inner")
    both = both[both["rows"].ge(least) & both["totals"].eq(1)]
    both = both[~both.index.isin(np.unique(group[unsound])) & both["n"].ne(both["total"])]
    pairs = zip(both.index, both["n"], both["total"], strict=True)
    return {code: f"{a} ≠ {b}" for code, a, b in pairs}


def _sums(frame: pd.DataFrame, group: np.ndarray, where: Mask) -> pd.DataFrame:
    values = frame.loc[where, "n"].astype("int64").groupby(group[where])
    return pd.DataFrame({"n": values.sum(), "rows": values.size()})


def check_provinces(
    ledger: Ledger,
    rule: Rule,
    frame: pd.DataFrame,
    comuni: Mask,
    compared: Mask,
    role: str,
) -> None:
    """Mark the province rows that the comuni of the province do not add up to.

    Compared only where all the rows of the province's comuni are sound.

    Parameters
    ----------
    frame
        One row a source row: ``provincia`` (of the comune, or itself), the other columns of the
        key, and ``n``.
    comuni
        Which rows are comuni.
    compared
        Rows of the provinces that the file covers (an extract says nothing of the sum).
    """
    key = [name for name in frame.columns if name != "n"]
    group = frame.groupby(key, sort=False, dropna=False).ngroup().to_numpy()
    shown = _mismatches(ledger, frame, group, comuni & compared, ~comuni & compared, 1)
    where = np.isin(group, list(shown)) & ~comuni
    ledger.apply(rule, where, role, [shown.get(g, "") for g in group])


def covered(frame: pd.DataFrame, codes: pd.Series, comuni: Mask, places: KnownPlaces) -> Mask:
    """Return the rows of the provinces that have at least half of their comuni in the file."""
    present = pd.Series(codes[comuni].unique()).str[:3].value_counts()
    known = pd.Series([code[:3] for code in places.comuni]).value_counts()
    share = (present / known.reindex(present.index)).fillna(0)
    return frame["provincia"].isin(share.index[share.ge(LEAST_SHARE)]).to_numpy(dtype=bool)
