"""Checks across rows: parts of one dimension (sex, age, area) against the row of their total."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.ledger import Ledger, Mask
from bgest_analysis.problems.record import Rule


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
    known: Collection[str],
    role: str,
) -> None:
    """Mark the province rows that the comuni of the province do not add up to.

    Compared only where all the rows of the province's comuni are sound and most of its comuni
    are in the file (an extract of a few comuni says nothing of the sum).

    Parameters
    ----------
    frame
        One row a source row: ``provincia`` (of the comune, or itself), the other columns of the
        key, and ``n``.
    comuni
        Which rows are comuni.
    known
        Codes of the comuni that exist; their first three digits are the province.
    """
    key = [name for name in frame.columns if name != "n"]
    group = frame.groupby(key, sort=False, dropna=False).ngroup().to_numpy()
    usable = frame["n"].notna().to_numpy(dtype=bool) & ledger.alive
    unsound = set(group[comuni & ~usable].tolist())
    sums = _sums(frame, group, usable, comuni)
    totals = _sums(frame, group, usable, ~comuni)
    both = sums.join(totals[totals["rows"].eq(1)], rsuffix="_t", how="inner")
    both = both[~both.index.isin(list(unsound))]
    if both.empty:
        return
    province_of = pd.Series(frame["provincia"].to_numpy(), index=group)
    province_of = province_of[~province_of.index.duplicated()]
    size = pd.Series([code[:3] for code in known]).value_counts()
    expected = province_of.reindex(both.index).map(size).fillna(0)
    most = expected.gt(0) & both["rows"].mul(2).ge(expected)
    wrong = both[most & both["n"].ne(both["n_t"])]
    shown = {g: f"{a} ≠ {b}" for g, a, b in zip(wrong.index, wrong["n"], wrong["n_t"], strict=True)}
    where = np.isin(group, list(shown)) & ~comuni
    ledger.apply(rule, where, role, [shown.get(g, "") for g in group])
