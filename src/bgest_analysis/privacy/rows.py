"""Sums that the schema declares: parts of a total in one row, steps of a count that cumulates.

What no column shows (the rest of a total, a step) is a count too: whoever subtracts has it.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pandas as pd

from bgest_analysis.privacy.system import Count, Sum, System
from bgest_analysis.schema.model import Table

Tables = Mapping[str, tuple[Table, pd.DataFrame]]
Cells = dict[tuple[str, int, str], Count]


def row_sums(system: System, tables: Tables) -> Iterator[Sum]:
    """Yield the sums of parts within rows and of steps between rows; adds what is unprinted."""
    cells = {place: count for count, places in system.places.items() for place in places}
    for name, (table, frame) in tables.items():
        yield from _parts(system, cells, name, table, len(frame))
        for column in table.columns:
            if column.cumulates in table.key and column.name in frame.columns:
                yield from _steps(system, cells, name, table, frame, column.name)


def _parts(system: System, cells: Cells, name: str, table: Table, rows: int) -> Iterator[Sum]:
    parts: dict[str, list[str]] = defaultdict(list)
    for column in table.columns:
        if column.part_of:
            parts[column.part_of].append(column.name)
    for total, names in parts.items():
        for row in range(rows):
            whole = cells.get((name, row, total))
            found = [cells.get((name, row, part)) for part in names]
            known = [count for count in found if count is not None]
            if whole is not None and len(known) == len(names):
                yield from _with_rest(system, f"{name}.{total}−", whole, known)


def _with_rest(system: System, measure: str, whole: Count, parts: list[Count]) -> Iterator[Sum]:
    """Yield ``whole`` = its parts and what is left; nothing where they exceed it."""
    rest = system.values[whole] - sum(system.values[part] for part in parts)
    if rest == 0:
        yield Sum(whole, tuple(parts))
    elif rest > 0:
        left = system.add_unprinted(measure, whole.at, rest)
        yield Sum(whole, (*parts, left))


def _steps(
    system: System, cells: Cells, name: str, table: Table, frame: pd.DataFrame, column: str
) -> Iterator[Sum]:
    along = table.column(column).cumulates
    printed = next((c.name for c in table.columns if c.increment_of == column), "")
    keys = [key for key in table.key if key != along and key in frame.columns]
    ordered = frame.reset_index(drop=True).sort_values([*keys, along], kind="stable")
    groups = ordered.groupby(keys, dropna=False) if keys else [((), ordered)]
    for _, group in groups:
        found = [cells.get((name, int(row), column)) for row in group.index]
        steps = [cells.get((name, int(row), printed)) for row in group.index]
        known = [(c, step) for c, step in zip(found, steps, strict=True) if c is not None]
        for start, step in known[:1]:
            if step is not None and system.values[start] == system.values[step]:
                yield Sum(start, (step,))
        for (before, _), (after, step) in itertools.pairwise(known):
            yield from _with_rest(
                system, f"{name}.{column}+", after, [before, *([step] if step else [])]
            )
