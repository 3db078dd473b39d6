"""Keys of rows: made where the file has none, rows of one key summed or completed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.sheet import SheetWork
from bgest_analysis.problems.record import Rule


def make_keys(work: SheetWork, name: str, rule: Rule = rules.KEY_MADE) -> None:
    """Give rows without a code one made of file, sheet and row."""
    values = work.values[name]
    missing = values.isna().to_numpy(dtype=bool)
    if not missing.any():
        return
    where = np.flatnonzero(missing)
    made = [f"{work.stem}-{row}" for row in work.ledger.rows[where].tolist()]
    filled = values.copy()
    filled.iloc[where] = made
    work.values[name] = filled
    work.ledger.count(rule, name, len(where))


def add_up(work: SheetWork, key: Sequence[str], amount: str) -> None:
    """Sum rows of the same key into the first of them; the others are absorbed by it."""
    alive = np.flatnonzero(work.ledger.alive)
    rows = pd.DataFrame({name: work.values[name].iloc[alive] for name in (*key, amount)})
    twice = rows.duplicated(list(key), keep=False)
    if not twice.any():
        return
    groups = rows[twice].groupby(list(key), dropna=False, sort=False)[amount]
    totals = groups.transform(lambda values: values.sum(min_count=1))
    first = ~rows[twice].duplicated(list(key))
    summed = work.values[amount].copy()
    summed.loc[totals.index[first]] = totals[first]
    work.values[amount] = summed
    work.absorbed[totals.index[~first]] = True
    work.ledger.count(rules.ROWS_ADDED, amount, int((~first).sum()))


def complete_first(work: SheetWork, name: str, earliest: str = "") -> None:
    """Keep one row a person: the first, completed by the others, which are dropped by name.

    Parameters
    ----------
    name
        The pseudonym that rows share.
    earliest
        A column of days of which the first is kept.
    """
    alive = np.flatnonzero(work.ledger.alive)
    frame = pd.DataFrame({n: v.iloc[alive] for n, v in work.values.items()})
    twice = frame[frame[name].notna() & frame.duplicated(name, keep=False)]
    if twice.empty:
        return
    if earliest:
        twice = twice.assign(**{earliest: twice.groupby(name)[earliest].transform("min")})
    first = ~twice.duplicated(name)
    merged = twice.groupby(name, sort=False).first()
    _report_differences(work, twice, name)
    for column in merged.columns:
        filled = work.values[column].copy()
        filled.loc[twice.index[first]] = merged[column].to_numpy()
        work.values[column] = filled.astype(work.values[column].dtype)
    dropped = np.zeros(work.ledger.n, dtype=bool)
    dropped[twice.index[~first]] = True
    work.ledger.apply(rules.SAME_PERSON, dropped, name)


def _report_differences(work: SheetWork, twice: pd.DataFrame, name: str) -> None:
    groups = twice.groupby(name, sort=False)
    for column in twice.columns.drop(name):
        differs = groups[column].transform("nunique") > 1
        where = np.zeros(work.ledger.n, dtype=bool)
        where[twice.index[differs]] = True
        work.ledger.apply(rules.PERSON_DIFFERS, where, column)
