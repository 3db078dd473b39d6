"""Periods as people write them -> first day, last day, precision: "aprile 22", "a.s. 2021/22"."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from bgest_analysis.clean.cells import rules
from bgest_analysis.clean.cells.dates import DateOptions, read_date
from bgest_analysis.clean.cells.parsed import Cell, Outcome, Parsed, distinct
from bgest_analysis.clean.cells.period_text import Period, Precision, fold_date, read_period
from bgest_analysis.read.raw import CellKind


@dataclass(frozen=True)
class ParsedPeriods:
    """Two parsed columns of days and the precision, one row a cell."""

    start: Parsed
    end: Parsed
    precision: pd.Series


def parse_period(text: pd.Series, kinds: pd.Series | None = None) -> ParsedPeriods:
    """Read periods into first day, last day and precision.

    Parameters
    ----------
    text
        Cells as text; index = rows of the file.
    kinds
        ``CellKind`` of each cell, ``None`` for text files.

    Returns
    -------
    ParsedPeriods
        ``start`` and ``end`` in ``datetime64[us]``, both days inside the period.
    """
    values = distinct(text, kinds)
    cells = values.read(_read)
    starts = [Cell(c.value.start if c.value else None, c.outcome, c.rule) for c in cells]
    ends = [Cell(c.value.end if c.value else None, c.outcome, c.rule) for c in cells]
    names = [Cell(str(c.value.precision) if c.value else None, c.outcome, c.rule) for c in cells]
    return ParsedPeriods(
        values.spread(starts, "datetime64[us]"),
        values.spread(ends, "datetime64[us]"),
        values.spread(names, "str").values,
    )


_SHORT_YEAR = re.compile(r"(?<!\d)\d{2}$")


def _read(text: str, kind: CellKind) -> Cell:
    """Read a period, or a single day as a period of one day."""
    folded = fold_date(text)
    period = read_period(folded) if kind in (CellKind.TEXT, CellKind.NUMBER) else None
    if period is None:
        return _day(read_date(text, kind, DateOptions()))
    school = period.precision is Precision.ANNO_SCOLASTICO
    if _SHORT_YEAR.search(folded) and not school and not folded[:4].isdigit():
        return Cell(period, Outcome.CORRETTO, rules.DATE_SHORT_YEAR.code)
    return Cell(period)


def _day(cell: Cell) -> Cell:
    if cell.value is not None:
        return Cell(Period(cell.value, cell.value, Precision.GIORNO), cell.outcome, cell.rule)
    unknown = cell.rule == rules.DATE_UNREADABLE.code
    return Cell(None, cell.outcome, rules.PERIOD_UNREADABLE.code if unknown else cell.rule)
