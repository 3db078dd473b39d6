"""Sheets of project files in two lines, and what cleaning them said."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from bgest_analysis.clean.project.model import CleanedProject
from bgest_analysis.read.raw import RawTable, Skipped

FILE = "data/raw/prova/registro.csv"
FIRST_ROW = 2
Clean = Callable[..., CleanedProject]


def make_raw(
    rows: list[dict[str, str]],
    *,
    file: str = FILE,
    sheet: str = "",
    skipped: tuple[Skipped, ...] = (),
) -> RawTable:
    """Return a sheet whose rows are numbered from 2; a column a row lacks is empty in it."""
    cells = pd.DataFrame(rows, dtype="str").fillna("")
    cells.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(cells), name="riga")
    return RawTable(
        file, sheet, cells, "progetto", len(rows) + sum(len(s.rows) for s in skipped), None, skipped
    )


def rules_by_row(cleaned: CleanedProject) -> set[tuple[int, str, str]]:
    """Return (row, column, rule) of every problem that has a row."""
    return {(p.row, p.column, p.rule.code) for p in cleaned.log.problems() if p.row is not None}


def counted(cleaned: CleanedProject, rule: str) -> int:
    """Return how many cells the register says a rule changed."""
    return sum(step.cells for step in cleaned.steps if step.rule == rule)
