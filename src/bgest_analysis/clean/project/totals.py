"""Totals that a sheet declares, against the sum of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.clean.cells.hours import HoursOptions, Unit, parse_minutes
from bgest_analysis.clean.cells.numbers import parse_numbers
from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.sheet import SheetWork
from bgest_analysis.read.body import TOTAL
from bgest_analysis.read.grid import Grid
from bgest_analysis.read.headers import REMARK, header_report
from bgest_analysis.read.letters import KINDS
from bgest_analysis.read.project import ReadOptions, read_grids
from bgest_analysis.read.raw import CellKind, RawTable
from bgest_analysis.schema.model import Column, Type

NO_CEILING = 10**9  # minutes: a total has no limit of its own
CLOSE = {"minuti": 1.0}  # rounding of cells to whole minutes
CENT = 0.005
ADDED = (CellKind.NUMBER, CellKind.TIME, CellKind.DURATION, CellKind.DATE)


@dataclass(frozen=True)
class DeclaredTotal:
    """A row that says it is a total: its number in the file, its cells by column."""

    row: int
    cells: Mapping[str, tuple[str, CellKind]]


def declared_totals(
    path: Path, raws: Sequence[RawTable], options: ReadOptions
) -> list[tuple[DeclaredTotal, ...]]:
    """Return the totals of each sheet; the file is read again only if there are any."""
    if not any(skipped.rule == TOTAL for raw in raws for skipped in raw.skipped):
        return [()] * len(raws)
    grids = {grid.name: grid for grid in read_grids(path, options).grids}
    return [_of_sheet(raw, grids.get(raw.sheet)) for raw in raws]


def _of_sheet(raw: RawTable, grid: Grid | None) -> tuple[DeclaredTotal, ...]:
    if grid is None or REMARK not in raw.remarks:
        return ()
    places = {name: _position(at) for name, at in header_report(raw).letters.items()}
    rows = [row for skipped in raw.skipped if skipped.rule == TOTAL for row in skipped.rows]
    found = []
    for row in sorted(rows):
        line = int(np.searchsorted(grid.lines, row))
        texts = grid.row(line)
        cells = {
            name: (texts[at], _kind(grid, at, line)) for name, at in places.items() if texts[at]
        }
        found.append(DeclaredTotal(row, cells))
    return tuple(found)


def _kind(grid: Grid, column: int, line: int) -> CellKind:
    if grid.kinds is None:
        return CellKind.TEXT
    letter = chr(int(grid.kinds[column][line]))
    return CellKind(letter) if letter in KINDS else CellKind.TEXT


def _position(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def compare_totals(work: SheetWork, totals: Sequence[DeclaredTotal]) -> None:
    """Report totals that are neither the sum of all rows above nor of those since the last one.

    A row written twice may or may not be in the sender's own total: either is right.
    """
    before = 0
    for total in totals:
        for column in work.table.columns:
            if column.type in (Type.INT, Type.DEC) and column.name in total.cells:
                _compare(work, column, total, before)
        before = total.row


def _compare(work: SheetWork, column: Column, total: DeclaredTotal, before: int) -> None:
    declared = _read(work, column, *total.cells[column.name])
    if declared is None or column.name not in work.values:
        return
    rows, values = work.ledger.rows, work.values[column.name]
    above = rows < total.row
    unread = values.isna() & (work.texts(column.name).str.strip() != "")
    if bool(unread[above].any()):
        return  # those cells are asked already, and without them there is no sum
    above &= ~work.absorbed  # those are in the row that took them up
    ranges = (above, above & (rows > before))
    kept = (~work.ledger.dropped, rows > 0)
    sums = [float(values[where & rest].sum()) for rest in kept for where in ranges]
    close = CLOSE.get(column.unit, CENT)
    if min(abs(declared - one) for one in sums) <= close:
        return
    typed = _typed(work, column.name)
    partial = [float(values[w & rest & typed].sum()) for rest in kept for w in ranges]
    skips = min(abs(declared - one) for one in partial) <= close
    said = f"{_plain(declared)} dichiarato, {_plain(sums[0])} la somma"
    rule = rules.TOTAL_SKIPS_TEXT if skips else rules.TOTAL_DIFFERS
    work.ledger.note(rule, total.row, column.name, said)


def _typed(work: SheetWork, name: str) -> Any:
    """Return which cells a spreadsheet adds up: those that are not text."""
    if work.raw.kinds is None:
        return np.ones(len(work.index), dtype=bool)
    kinds = work.raw.kinds[name].astype("str").isin([str(kind) for kind in ADDED])
    return kinds.to_numpy(dtype=bool)


def _plain(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _read(work: SheetWork, column: Column, text: str, kind: CellKind) -> float | None:
    cell, kinds = pd.Series([text], dtype="str"), pd.Series([str(kind)], dtype="str")
    if column.unit == "minuti":
        unit = work.units.get(column.name, "")
        options = HoursOptions(Unit(unit) if unit else Unit.ORE, NO_CEILING)
        value = parse_minutes(cell, kinds, options).values.iloc[0]
    else:
        value = parse_numbers(cell, kinds).values.iloc[0]
    return None if pd.isna(value) else float(value)
