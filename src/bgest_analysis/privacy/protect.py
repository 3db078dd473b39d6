"""Protection of statistics on the way out: which cells of the ``ind_`` tables are not shown.

One decision over all tables of the study. A count of persons in 1..threshold-1 is hidden, with
what rests on it, and so are the counts from which it could be computed (``complement``). Public
figures, and figures about bodies, meetings and public budgets, are exempt (design.md 2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from bgest_analysis.errors import PrivacyGateClosed
from bgest_analysis.privacy.build import build_system
from bgest_analysis.privacy.complement import choose_hidden
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Origin, Table, Told

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


def protect_tables(
    candidates: Mapping[str, Candidate], threshold: int, base: int = 1
) -> dict[str, pd.DataFrame]:
    """Return the tables as they may be read by notebooks.

    Parameters
    ----------
    candidates
        By full name (``ind_...``).
    threshold
        Counts from 1 to ``threshold - 1`` are hidden.
    base
        Counts of persons that are shown are rounded to its multiples, each by itself: rounded
        parts need not add up to a rounded total.

    Returns
    -------
    The frames with a column ``protezione``: names of the hidden cells of the row, joined by
    "|"; a small count carries the threshold after a colon (``n:5``), others do not.

    Raises
    ------
    PrivacyGateClosed
        If a hidden count could still be computed.
    """
    delicate = {
        name: candidate for name, candidate in candidates.items() if needs_protection(candidate)
    }
    system = build_system({name: (c.table, c.frame) for name, c in delicate.items()})
    hidden = choose_hidden(system, threshold)
    exposed = [interval for interval in hidden.intervals if not interval.is_safe(threshold)]
    if exposed:
        raise PrivacyGateClosed(
            "{n} conteggi nascosti si potrebbero ricavare dagli altri: nessuna tabella è stata "
            "scritta",
            n=len(exposed),
        )
    marks: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for count in sorted(hidden.counts, key=lambda one: (one.measure, sorted(one.at))):
        for name, row, column in system.places[count]:
            shown = f"{column}:{threshold}" if count in hidden.primary else column
            marks[name][row].append(shown)
    for name, row, column in _told(delicate, marks):
        marks[name][row].append(column)
    rounded = {
        name: _round(candidate, base) if name in delicate else candidate.frame
        for name, candidate in candidates.items()
    }
    return {
        name: _hide(rounded[name], candidate.table, marks.get(name, {}))
        for name, candidate in candidates.items()
    }


def round_counts(values: pd.Series, base: int) -> pd.Series:
    """Return counts as the nearest multiples of ``base``, halves up; only zero becomes zero."""
    nearest = (values + base // 2) // base * base
    lost = ((values > 0) & (nearest == 0)).fillna(False)  # a missing count stays missing
    return nearest.mask(lost, base)


def _round(candidate: Candidate, base: int) -> pd.DataFrame:
    columns = [c.name for c in candidate.table.columns if c.count and c.name in candidate.frame]
    if base == 1:
        return candidate.frame
    rounded = {name: round_counts(candidate.frame[name], base) for name in columns}
    return candidate.frame.assign(**rounded)


def _hide(frame: pd.DataFrame, table: Table, marks: Mapping[int, list[str]]) -> pd.DataFrame:
    names = [_with_resting(marks.get(row, []), table) for row in range(len(frame))]
    empty = {
        column: pd.Series([column in {m.partition(":")[0] for m in row} for row in names])
        for column in {mark.partition(":")[0] for row in names for mark in row}
    }
    protected = frame.reset_index(drop=True)
    protected = protected.assign(
        **{column: protected[column].mask(mask) for column, mask in empty.items()}
    )
    return protected.assign(**{MARK: pd.Series(["|".join(row) for row in names], dtype="str")})


def _with_resting(marks: list[str], table: Table) -> list[str]:
    """Add what rests on a hidden count, or is a share of one."""
    gone = {mark.partition(":")[0] for mark in marks}
    parts = {column.name: column.part_of for column in table.columns if column.part_of}
    resting = [
        column.name
        for column in table.columns
        if column.rests_on
        and not gone.isdisjoint({column.rests_on, _whole(column.rests_on, parts)})
    ]
    return [*marks, *(name for name in resting if name not in gone)]


def _whole(name: str, parts: Mapping[str, str]) -> str:
    while name in parts:
        name = parts[name]
    return name


def _told(
    candidates: Mapping[str, Candidate], marks: Mapping[str, Mapping[int, list[str]]]
) -> list[tuple[str, int, str]]:
    """Return the cells that are computed from hidden counts of other tables."""
    return [
        (name, row, column.name)
        for name, candidate in candidates.items()
        for column in candidate.table.columns
        for told in column.told_by
        if told.table in candidates
        for row in _rows_told(candidate, candidates[told.table], told, marks.get(told.table, {}))
    ]


def _rows_told(
    candidate: Candidate, source: Candidate, told: Told, marks: Mapping[int, list[str]]
) -> list[int]:
    shared = [key for key in candidate.table.key if key in source.table.key]
    frame = source.frame.reset_index(drop=True)
    gone = [row for row, names in marks.items() if told.column in _bare(names)]
    hidden = frame.loc[sorted(gone)]
    for column, value in told.only:
        hidden = hidden[hidden[column] == value]
    where = set(hidden[shared].itertuples(index=False, name=None))
    rows = candidate.frame[shared].itertuples(index=False, name=None)
    return [number for number, keys in enumerate(rows) if keys in where]


def _bare(marks: Collection[str]) -> set[str]:
    return {mark.partition(":")[0] for mark in marks}
