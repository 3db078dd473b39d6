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
    alive = ledger.alive & frame["n"].notna().to_numpy(dtype=bool)
    key = [name for name in frame.columns if name not in (dimension, "n")]
    group = frame.groupby(key, sort=False, dropna=False).ngroup().to_numpy()
    sums = _sums(frame, group, alive, frame[dimension].isin(list(parts)).to_numpy(dtype=bool))
    totals = _sums(frame, group, alive, frame[dimension].eq(total).to_numpy(dtype=bool))
    needed = len(parts) if complete else 1
    compared = sums[sums["rows"].ge(needed)].join(
        totals[totals["rows"].eq(1)], rsuffix="_t", how="inner"
    )
    wrong = compared[compared["n"].ne(compared["n_t"])]
    if wrong.empty:
        return
    shown = {g: f"{a} ≠ {b}" for g, a, b in zip(wrong.index, wrong["n"], wrong["n_t"], strict=True)}
    concerned = frame[dimension].isin([*parts, total]).to_numpy(dtype=bool)
    where = np.isin(group, wrong.index.to_numpy()) & concerned
    ledger.apply(rule, where, role, [shown.get(g, "") for g in group])


def _sums(frame: pd.DataFrame, group: np.ndarray, alive: Mask, where: Mask) -> pd.DataFrame:
    kept = alive & where
    values = frame.loc[kept, "n"].astype("int64").groupby(group[kept])
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
    usable = frame["n"].notna().to_numpy(dtype=bool) & ledger.alive
    unsound = group[comuni & ~usable & compared]
    sums = _sums(frame, group, usable & compared, comuni)
    totals = _sums(frame, group, usable & compared, ~comuni)
    both = sums.join(totals[totals["rows"].eq(1)], rsuffix="_t", how="inner")
    both = both[~both.index.isin(np.unique(unsound))]
    wrong = both[both["n"].ne(both["n_t"])]
    shown = _shown(wrong)
    where = np.isin(group, wrong.index.to_numpy()) & ~comuni
    ledger.apply(rule, where, role, [shown.get(g, "") for g in group])


def covered(frame: pd.DataFrame, codes: pd.Series, comuni: Mask, places: KnownPlaces) -> Mask:
    """Return the rows of the provinces that have at least half of their comuni in the file."""
    present = pd.Series(codes[comuni].unique()).str[:3].value_counts()
    known = pd.Series([code[:3] for code in places.comuni]).value_counts()
    share = (present / known.reindex(present.index)).fillna(0)
    return frame["provincia"].isin(share.index[share.ge(LEAST_SHARE)]).to_numpy(dtype=bool)


def _shown(wrong: pd.DataFrame) -> dict[Any, str]:
    pairs = zip(wrong.index, wrong["n"], wrong["n_t"], strict=True)
    return {group: f"{a} ≠ {b}" for group, a, b in pairs}
