"""What a parsed column has to tell: problems for the sender, counts for the register."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.clean.cells.parsed import Outcome, Parsed
from bgest_analysis.clean.cells.rules import EMPTY, RULES
from bgest_analysis.problems.record import ProblemLog, Treatment
from bgest_analysis.problems.register import CleaningRegister, Step


def report_column(
    parsed: Parsed,
    text: pd.Series,
    column: str,
    log: ProblemLog,
    *,
    register: CleaningRegister | None = None,
    show_values: bool = True,
) -> None:
    """Record what happened to a column.

    Parameters
    ----------
    text
        The cells as they were, same index as ``parsed``.
    column
        Our name of the column.
    log
        Takes the cells that a person must look at (ambiguous, unreadable).
    register
        Takes the number of cells of every rule: repairs, coded missing values, problems.
    show_values
        False for personal columns: places without values.
    """
    for code, cells in parsed.counts().items():
        if code == EMPTY.code:
            continue
        if register is not None:
            rows = len(text)
            register.add(Step(log.file, log.sheet, column, code, rows, rows, cells))
        if RULES[code].treatment is Treatment.REVISIONE:
            asked = parsed.where(Outcome.AMBIGUO, Outcome.ERRORE)
            shown = text.iloc[np.flatnonzero(asked & (parsed.rule == code).to_numpy())]
            values = list(shown) if show_values else None
            log.add(RULES[code], list(shown.index), column, values)
