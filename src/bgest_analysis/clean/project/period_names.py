"""Months and quarters as people write them -> ``2021-03`` and ``2021-T2``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.clean.cells.parsed import Cell, Outcome, Parsed, fixed, wrong
from bgest_analysis.clean.cells.period_text import Precision
from bgest_analysis.clean.cells.periods import parse_period
from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.prepared import Prepared


def name_periods(prepared: Prepared, wanted: Precision) -> Parsed:
    """Read periods of one length; a day gives the one it lies in, another length is asked."""
    kinds = pd.Series([str(kind) for kind in prepared.cells.kinds], dtype="str")
    found = parse_period(pd.Series(prepared.cells.texts, dtype="str"), kinds)
    rows = zip(
        found.start.values, found.precision, found.start.outcome, found.start.rule, strict=True
    )
    return prepared.spread([_period(*row, wanted) for row in rows], "str")


def _period(start: Any, precision: Any, outcome: str, rule: str, wanted: Precision) -> Cell:
    if pd.isna(start):
        return Cell(None, Outcome(outcome), rule)
    name = f"{start:%Y-%m}" if wanted is Precision.MESE else f"{start.year}-T{start.quarter}"
    if precision == Precision.GIORNO:
        return fixed(name, rules.SHORT_PERIOD.code)
    if precision != wanted:
        return wrong(rules.WRONG_PERIOD.code)
    return Cell(name, Outcome(outcome), rule)
