"""Protection of statistics on the way out: which cells of the ``ind_`` tables are not shown.

One decision over all tables of the study. Primary suppression: a count of persons in
1..threshold-1 is hidden, and with it every statistic that rests on it. Public figures, and
figures about bodies, meetings and public budgets, are exempt (design.md 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Origin, Table

MARK = "protezione"


@dataclass(frozen=True)
class Candidate:
    """An ``ind_`` table before protection."""

    table: Table
    frame: pd.DataFrame
    lineage: Lineage


def needs_protection(candidate: Candidate) -> bool:
    """Tell whether a table's counts are of persons and not public figures."""
    return candidate.table.about_people and candidate.lineage.origin is not Origin.PUBBLICA


def protect_tables(candidates: Mapping[str, Candidate], threshold: int) -> dict[str, pd.DataFrame]:
    """Return the tables as they may be read by notebooks.

    Parameters
    ----------
    candidates
        By full name (``ind_...``).
    threshold
        Counts from 1 to ``threshold - 1`` are hidden.

    Returns
    -------
    The frames with a column ``protezione``: names of the hidden cells of the row, joined by
    "|"; a primary cell carries the threshold after a colon (``n:5``), others do not.
    """
    return {
        name: _hide_small(candidate.frame, candidate.table, threshold)
        if needs_protection(candidate)
        else candidate.frame.assign(**{MARK: ""})
        for name, candidate in candidates.items()
    }


def _hide_small(frame: pd.DataFrame, table: Table, threshold: int) -> pd.DataFrame:
    hidden = {
        column.name: frame[column.name].between(1, threshold - 1).fillna(False)
        for column in table.columns
        if column.count
    }
    masks = {**hidden, **_resting(table, hidden)}
    marks = [
        mask.map({True: f"{name}:{threshold}" if name in hidden else name, False: ""})
        for name, mask in masks.items()
    ]
    protected = frame.assign(**{name: frame[name].mask(mask) for name, mask in masks.items()})
    return protected.assign(**{MARK: _join(marks, len(frame), frame.index)})


def _resting(table: Table, hidden: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
    return {
        column.name: hidden[column.rests_on]
        for column in table.columns
        if column.rests_on in hidden
    }


def _join(marks: list[pd.Series], rows: int, index: pd.Index) -> pd.Series:
    lists = [[mark.iloc[i] for mark in marks if mark.iloc[i]] for i in range(rows)]
    return pd.Series(["|".join(items) for items in lists], index=index, dtype="str")
