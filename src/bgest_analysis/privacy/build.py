"""From tables to the system of their counts: what each cell counts, and which sums bind them.

Sums are found where the true figures add up: along a key of one table, between the columns of a
row that the schema calls parts, and between tables whose sums agree whatever they are called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd

from bgest_analysis.privacy.links import linked_sums
from bgest_analysis.privacy.rows import row_sums
from bgest_analysis.privacy.system import TOTALS, Coordinates, Count, Sum, System
from bgest_analysis.schema.model import Table


def build_system(tables: Mapping[str, tuple[Table, pd.DataFrame]]) -> System:
    """Gather the counts of the tables.

    Parameters
    ----------
    tables
        By full name; only tables that need protection. A column of counts joins those of the
        same name unless one cell differs at the same coordinates: then it counts something else,
        and keeps to itself, or to others it agrees with.
    """
    system = System()
    families: dict[str, list[str]] = defaultdict(list)
    for name, (table, frame) in tables.items():
        for column in table.columns:
            if column.count and column.name in frame.columns:
                cells = _cells(table, frame, column.name)
                measure = _measure(system, cells, families[column.name], name, column.name)
                for place, (at, value) in cells.items():
                    count = Count(measure, at)
                    if system.values.get(count, value) != value:  # a twin within the table
                        count = Count(f"{measure}#{place}", at)
                    system.values[count] = value
                    system.places.setdefault(count, []).append((name, place, column.name))
    system.sums = _once([*_all_sums(system), *row_sums(system, tables)])
    system.links = _once(linked_sums(system, tables))
    return system


def _once(sums: Iterable[Sum]) -> list[Sum]:
    return list({(one.total, frozenset(one.parts)): one for one in sums}.values())


def _cells(table: Table, frame: pd.DataFrame, column: str) -> dict[int, tuple[Coordinates, int]]:
    """Return coordinates and value of each known count of a column, by row."""
    keys = [key for key in table.key if key in frame.columns]
    rows = frame[keys].astype("str").to_dict("records")
    return {
        place: (frozenset((str(k), str(v)) for k, v in row.items() if v not in TOTALS), int(value))
        for place, (row, value) in enumerate(zip(rows, frame[column], strict=True))
        if not pd.isna(value)
    }


def _measure(
    system: System,
    cells: Mapping[int, tuple[Coordinates, int]],
    family: list[str],
    table: str,
    column: str,
) -> str:
    """Return the name under which a column's counts go: the first family it does not contradict."""
    for measure in family:
        known = ((system.values.get(Count(measure, at)), value) for at, value in cells.values())
        if all(other in (None, value) for other, value in known):
            return measure
    family.append(column if not family else f"{table}.{column}")
    return family[-1]


def _all_sums(system: System) -> Iterable[Sum]:
    """Yield the sums inside each table, and those between tables, once each."""
    inside: dict[tuple[str, str], dict[Count, int]] = defaultdict(dict)
    for count, places in system.places.items():
        for table, _, column in places:
            inside[table, column][count] = system.values[count]
    seen = set()
    for values in (*inside.values(), system.values):
        for one in _find_sums(values):
            key = (one.total, frozenset(one.parts))
            if key not in seen:
                seen.add(key)
                yield one


def _find_sums(values: Mapping[Count, int]) -> Iterable[Sum]:
    groups: dict[tuple[Count, str], list[Count]] = defaultdict(list)
    for count in values:
        for dimension, _ in count.at:
            groups[count.without(dimension), dimension].append(count)
    for (total, _), parts in groups.items():
        if total in values and values[total] == sum(values[part] for part in parts):
            yield Sum(total, tuple(parts))
