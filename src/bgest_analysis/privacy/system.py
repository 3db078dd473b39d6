"""The counts of persons of all tables as one system: each count once, and the sums that bind them.

Two cells are the same count when they have the same column and the same coordinates (a total is
a coordinate left out), whatever table they stand in. A sum binds a count to its parts when the
true figures add up: that is what an attacker would use, inside a table or between tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from bgest_analysis.schema.model import Table

TOTALS = frozenset({"distretto", "T", "tot", "totale", "tutti", "tutte", "tutto"})
Coordinates = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Count:
    """One count of persons: the column that holds it and where it stands."""

    measure: str
    at: Coordinates

    def without(self, dimension: str) -> Count:
        """Return the count one dimension up."""
        kept = frozenset(pair for pair in self.at if pair[0] != dimension)
        return Count(self.measure, kept)


@dataclass(frozen=True)
class Sum:
    """``total`` = sum of ``parts``."""

    total: Count
    parts: tuple[Count, ...]

    @property
    def members(self) -> tuple[Count, ...]:
        return (self.total, *self.parts)


@dataclass
class System:
    """All counts with their true values, the cells that show each, and the sums between them.

    Parameters
    ----------
    values
        True value of each count.
    places
        (table, row, column) of every cell that shows a count.
    sums
        Sums that hold in the true figures.
    """

    values: dict[Count, int] = field(default_factory=dict)
    places: dict[Count, list[tuple[str, int, str]]] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)

    def sums_of(self) -> dict[Count, list[Sum]]:
        """Return the sums each count takes part in."""
        found: dict[Count, list[Sum]] = defaultdict(list)
        for one in self.sums:
            for count in one.members:
                found[count].append(one)
        return found


def build_system(tables: Mapping[str, tuple[Table, pd.DataFrame]]) -> System:
    """Gather the counts of the tables.

    Parameters
    ----------
    tables
        By full name; only tables that need protection. Where two tables give different values
        for the same column and coordinates they are different counts.
    """
    system = System()
    for name, (table, frame) in tables.items():
        for column in table.columns:
            if column.count:
                _add_counts(system, name, table, frame, column.name)
    system.sums = list(_find_sums(system.values))
    return system


def _add_counts(system: System, name: str, table: Table, frame: pd.DataFrame, column: str) -> None:
    keys = [key for key in table.key if key in frame.columns]
    rows = frame[keys].astype("str").to_dict("records")
    for place, (row, value) in enumerate(zip(rows, frame[column], strict=True)):
        if pd.isna(value):
            continue
        at = frozenset((str(k), str(v)) for k, v in row.items() if v not in TOTALS)
        count = Count(column, at)
        if system.values.get(count, int(value)) != int(value):
            count = Count(f"{name}.{column}", at)
        system.values[count] = int(value)
        system.places.setdefault(count, []).append((name, place, column))


def _find_sums(values: Mapping[Count, int]) -> Iterable[Sum]:
    groups: dict[tuple[Count, str], list[Count]] = defaultdict(list)
    for count in values:
        for dimension, _ in count.at:
            groups[count.without(dimension), dimension].append(count)
    for (total, _), parts in groups.items():
        if total in values and values[total] == sum(values[part] for part in parts):
            yield Sum(total, tuple(parts))
