"""One sheet of a project file -> tidy rows, quarantine, problems, accounts: the same for all."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.headers import remark_headers, remark_missing
from bgest_analysis.clean.project.model import CleanContext, CleanedProject
from bgest_analysis.clean.project.repeats import repeated_rows
from bgest_analysis.clean.project.sheet import SheetWork, open_sheet
from bgest_analysis.clean.project.subjects import SUBJECTS
from bgest_analysis.clean.project.totals import DeclaredTotal, compare_totals
from bgest_analysis.read.raw import RawTable
from bgest_analysis.read.table import ABOVE
from bgest_analysis.schema.model import Personal, Table

SUMMED_OR_KEPT = frozenset({"budget", "timesheet"})  # two equal rows may be two facts


def clean_project(
    raw: RawTable,
    table: Table,
    context: CleanContext,
    totals: Sequence[DeclaredTotal] = (),
    number: int = 1,
) -> CleanedProject:
    """Clean one sheet.

    Parameters
    ----------
    raw
        As ``read.project`` returns it: our column names, cells as text.
    table
        The table the sheet holds.
    totals
        What rows of totals, left out by the reader, declare.
    number
        Which of the file's sheets it is, among those that hold the table.

    Raises
    ------
    PrivacyGateClosed
        If the table is about persons and there is no key.
    """
    work = open_sheet(raw, table, context, number)
    remark_headers(work)
    _drop_repeated(work)
    work.read_columns()
    subject = SUBJECTS.get(table.name)
    if subject is not None:
        subject(work)
    compare_totals(work, totals)
    remark_missing(work)
    _require(work)
    _refuse_repeated_keys(work)
    return _finish(work)


def _drop_repeated(work: SheetWork) -> None:
    if "mese" in work.raw.remarks.get(ABOVE, "").split() or work.raw.layout.endswith("griglia"):
        return  # the days of a month, or the cells of a grid: equal ones are no repetition
    repeated = repeated_rows(work)
    kept = work.table.name in SUMMED_OR_KEPT
    work.ledger.apply(rules.SAME_ROW_KEPT if kept else rules.SAME_ROW, repeated, "")


def _require(work: SheetWork) -> None:
    for column in work.table.columns:
        if column.name in work.values and column.name not in work.table.optional:
            missing = work.values[column.name].isna().to_numpy(dtype=bool)
            work.ledger.apply(rules.REQUIRED, missing & work.ledger.alive, column.name)


def _refuse_repeated_keys(work: SheetWork) -> None:
    key = [name for name in work.table.key if name in work.values]
    if len(key) < len(work.table.key):
        return
    alive = work.ledger.alive & ~work.absorbed
    rows = pd.DataFrame({name: work.values[name].array[alive] for name in key})
    where = alive.copy()
    where[alive] = rows.duplicated(keep=False).to_numpy()
    work.ledger.apply(rules.SAME_KEY, where, ", ".join(key))


def _finish(work: SheetWork) -> CleanedProject:
    tables = {work.table.name: work.frame(), **work.extra}
    return CleanedProject(
        tables=tables,
        quarantine=_quarantine(work),
        log=work.ledger.log,
        accounting=work.ledger.accounting(),
        steps=tuple(work.ledger.steps),
        review=work.ledger.review(),
        decisions=tuple(work.decisions),
    )


def _quarantine(work: SheetWork) -> pd.DataFrame:
    """Return the rows that stand aside: what says nothing of a person, and pseudonyms."""
    fates = work.ledger.fates()
    where = fates.index.to_numpy()
    frame = pd.DataFrame(
        {
            "regola": fates.to_numpy(),
            "foglio": work.ledger.sheet,
            "riga": pd.array(work.ledger.rows[where], dtype="Int64"),
        }
    ).astype({"regola": "str", "foglio": "str"})
    for column in work.table.columns:
        name = column.name
        if column.personal is Personal.PSEUDONIMO and name in work.values:
            frame[name] = work.values[name].array[where]
        elif column.personal is Personal.NO and name in work.raw.cells:
            frame[name] = pd.array(
                work.ledger.masked(work.raw.cells[name].iloc[where]), dtype="str"
            )
    return frame
