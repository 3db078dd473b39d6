"""Rows that are identical in every column."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.clean.project.sheet import SheetWork
from bgest_analysis.schema.ingresso import NOTE

_ODD = (
    0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93,
    0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3,
)  # fmt: skip


def repeated_rows(work: SheetWork) -> npt.NDArray[np.bool_]:
    """Return which rows are identical to an earlier one: found by a sum, then looked at."""
    total = np.zeros(len(work.index), dtype=np.uint64)
    columns = [_codes_of(work, str(name)) for name in work.raw.cells.columns]
    for place, codes in enumerate(columns):
        total += codes.astype(np.uint64) * np.uint64(_ODD[place % len(_ODD)] + 2 * place)
    perhaps = np.flatnonzero(pd.Series(total).duplicated(keep=False))
    exact = pd.DataFrame({n: codes[perhaps] for n, codes in enumerate(columns)})
    repeated = np.zeros(len(work.index), dtype=bool)
    repeated[perhaps] = exact.duplicated().to_numpy()
    return repeated


def _codes_of(work: SheetWork, name: str) -> npt.NDArray[Any]:
    if name == NOTE.name:
        return np.asarray(pd.factorize(work.raw.cells[name])[0])
    return work.prepared(name).cells.codes
