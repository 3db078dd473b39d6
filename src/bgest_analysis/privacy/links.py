"""Sums between tables that do not share names: found where the true figures agree.

A total may stand in one table and its parts in another, under other names (interventions by
phase here, the n of a share there). So the sums of each table over some of its keys are
compared, place by place (area, year, quarter): where those of two tables agree they are taken
for the same count. A coincidence does no harm: what happens to be true may be computed with.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping

import networkx as nx
import numpy as np
import pandas as pd

from bgest_analysis.privacy.system import Coordinates, Count, Sum, System
from bgest_analysis.schema.model import Table

AREA, YEAR, QUARTER, MONTH = "area", "anno", "trimestre", "mese"
SAME = {"ambito_id": AREA}
PLACES = ((AREA,), (AREA, YEAR), (AREA, QUARTER), (YEAR,), (QUARTER,), ("item",))
LEAST = 3  # places in which two sums must agree, and values they must take
MOST_SUMS = 4_000

Parts = tuple[Count, ...]
Series = dict[Coordinates, Parts]
Name = tuple[str, str, frozenset[str], frozenset[tuple[str, str]]]


def linked_sums(system: System, tables: Mapping[str, tuple[Table, pd.DataFrame]]) -> Iterator[Sum]:
    """Yield the sums that bind counts of different tables or columns."""
    for index in PLACES:
        series = dict(_series(system, tables, frozenset(index)))
        for group in _agreeing(system, series):
            for at in sorted({at for one in group for at in series[one]}, key=sorted):
                members = {series[one][at] for one in group if at in series[one]}
                yield from _bind(system, at, members)


def _series(
    system: System, tables: Mapping[str, tuple[Table, pd.DataFrame]], index: frozenset[str]
) -> Iterator[tuple[Name, Series]]:
    """Yield the sums of each column over some of its keys, by place; each name once."""
    columns: dict[tuple[str, str, frozenset[str]], dict[Count, dict[str, str]]] = defaultdict(dict)
    for count, places in system.places.items():
        at = _coordinates(count)
        for table, _, column in places:
            shape = frozenset(key for key, _ in count.at)
            if index <= at.keys():
                columns[table, column, shape][count] = at
    for (table, column, shape), counts in sorted(columns.items(), key=lambda item: str(item[0])):
        others = sorted({k for at in counts.values() for k in at} - index - _coarser(index))
        for size in range(len(others) + 1):
            for fixed in itertools.combinations(others, size):
                for at_fixed, found in _grouped(counts, index, fixed).items():
                    yield (table, column, shape, at_fixed), found


def _coordinates(count: Count) -> dict[str, str]:
    """Return where a count stands; a quarter or month says its year, a month its quarter."""
    at = {SAME.get(key, key): value for key, value in count.at}
    month = at.get(MONTH, "")
    if len(month) >= len("2021-01") and month[5:7].isdigit():
        at.setdefault(QUARTER, f"{month[:4]}-T{(int(month[5:7]) + 2) // 3}")
    if QUARTER in at and YEAR in at and not at[QUARTER].startswith(at[YEAR]):
        at[QUARTER] = f"{at[YEAR]}-{at[QUARTER]}"
    if QUARTER in at and YEAR not in at:
        at[YEAR] = at[QUARTER][:4]
    return at


def _coarser(index: frozenset[str]) -> frozenset[str]:
    return frozenset({YEAR}) if QUARTER in index else frozenset()


def _grouped(
    counts: Mapping[Count, dict[str, str]], index: frozenset[str], fixed: tuple[str, ...]
) -> dict[frozenset[tuple[str, str]], Series]:
    sums: dict[frozenset[tuple[str, str]], dict[Coordinates, list[Count]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for count, at in counts.items():
        if all(key in at for key in fixed):
            slice_of = frozenset((key, at[key]) for key in fixed)
            sums[slice_of][frozenset((key, at[key]) for key in index)].append(count)
    return {
        slice_of: {at: tuple(parts) for at, parts in found.items()}
        for slice_of, found in sums.items()
        if len(found) >= LEAST
    }


def _agreeing(system: System, series: Mapping[Name, Series]) -> Iterator[list[Name]]:
    """Yield the groups of series that agree wherever both are, or nearly everywhere."""
    names = list(series)[:MOST_SUMS]
    every = sorted({at for one in series.values() for at in one}, key=sorted)
    places = {at: place for place, at in enumerate(every)}
    table = np.full((len(names), len(places)), np.nan)
    for row, name in enumerate(names):
        for at, parts in series[name].items():
            table[row, places[at]] = sum(system.values[part] for part in parts)
    graph: nx.Graph = nx.Graph()
    for row in range(len(names)):
        both = ~np.isnan(table[row]) & ~np.isnan(table[row + 1 :])
        same = both & (table[row + 1 :] == table[row]) & (table[row] > 0)
        agreeing = same.sum(axis=1)
        for other in np.flatnonzero((agreeing >= LEAST) & (2 * agreeing > both.sum(axis=1))):
            agreed = table[row][same[other]]
            if len(set(agreed.tolist())) >= LEAST:
                graph.add_edge(names[row], names[row + 1 + int(other)])
    order = {name: n for n, name in enumerate(names)}
    for group in nx.connected_components(graph):
        yield sorted(group, key=order.__getitem__)


def _bind(system: System, at: Coordinates, members: set[Parts]) -> Iterator[Sum]:
    """Yield the sums that make the members of one place, where they agree, one count."""
    by_value: dict[int, list[Parts]] = defaultdict(list)
    for parts in sorted(members, key=str):
        by_value[sum(system.values[part] for part in parts)].append(parts)
    for value, equal in by_value.items():
        if len(equal) < 2 or value == 0:
            continue
        single = [parts[0] for parts in equal if len(parts) == 1]
        for parts in equal:
            if single and parts != (single[0],):
                yield Sum(single[0], parts)
