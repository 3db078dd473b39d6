"""Putting tidy frames together: columns in order, parts of merged comuni summed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from bgest_analysis.clean.official.ledger import Ledger, Mask
from bgest_analysis.clean.official.model import (
    POPOLAZIONE_COLUMNS,
    POPOLAZIONE_PROVINCE_COLUMNS,
    PROVENANCE,
)

NUMBERS = {"anno": "Int64", "n": "Int64"}


def tidy_rows(ledger: Ledger, kept: Mask, columns: dict[str, Any]) -> pd.DataFrame:
    """Return the kept rows of some columns with the two of provenance.

    A column is a value for all rows, or one value a source row.
    """
    frame = pd.DataFrame(index=range(int(kept.sum())))
    for name, values in columns.items():
        frame[name] = _kept(values, kept)
    return frame.assign(**ledger.provenance(kept))


def _kept(values: Any, kept: Mask) -> Any:
    if isinstance(values, pd.Series):
        return values[kept].array
    return values


def popolazione(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the table ``popolazione``: parts one under the other, ordered, merged ones summed."""
    return _population(parts, POPOLAZIONE_COLUMNS)


def popolazione_province(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the table ``popolazione_province``, same columns but for the code."""
    return _population(parts, POPOLAZIONE_PROVINCE_COLUMNS)


def _population(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.concat(parts, ignore_index=True) if parts else empty(columns)
    typed = frame.astype({name: NUMBERS.get(name, "str") for name in columns})
    ordered = typed[[*columns, *PROVENANCE]]
    return sum_parts(ordered, [c for c in columns if c not in ("n", "stato_dato")], ["n"])


def sum_parts(frame: pd.DataFrame, key: Sequence[str], values: Sequence[str]) -> pd.DataFrame:
    """Sum the rows of one key (comuni merged since); the first row's provenance stands for all.

    A sum with a missing part is missing.
    """
    if not frame.duplicated(list(key)).any():
        return frame.reset_index(drop=True)
    grouped = frame.groupby(list(key), sort=False, dropna=False)
    summed = grouped[list(values)].sum(skipna=False)
    first = grouped[[c for c in frame.columns if c not in (*key, *values)]].first()
    return summed.join(first).reset_index()[list(frame.columns)]


def empty(columns: Sequence[str]) -> pd.DataFrame:
    """Return a frame of text columns without rows, provenance included."""
    return pd.DataFrame({name: pd.Series(dtype="str") for name in (*columns, *PROVENANCE)})
