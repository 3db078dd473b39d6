"""Differencing: what two publications tell together of the few persons in whom they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from bgest_analysis.publish.findings import Finding, Rule
from bgest_analysis.schema.model import Table

Tables = Mapping[str, tuple[Table, pd.DataFrame]]


def few_differ(old: Tables, new: Tables, threshold: int) -> Iterator[Finding]:
    """Yield the cells shown in both publications whose counts differ by 1..threshold-1.

    Parameters
    ----------
    old, new
        Protected tables about people by full name.
    """
    for name, (table, frame) in sorted(new.items()):
        if name in old:
            yield from _few_in(name, table, old[name][1], frame, threshold)


def _few_in(
    name: str, table: Table, old: pd.DataFrame, new: pd.DataFrame, threshold: int
) -> Iterator[Finding]:
    keys = [key for key in table.key if key in old.columns and key in new.columns]
    before, after = _by_key(old, keys), _by_key(new, keys)
    counts = [c.name for c in table.columns if c.count and c.name in before and c.name in after]
    shared = before.index.intersection(after.index)
    for column in counts:
        change = (after.loc[shared, column] - before.loc[shared, column]).abs()
        few = ((change > 0) & (change < threshold)).fillna(False)
        for row in sorted(after.index.get_indexer(shared[few.to_numpy(dtype=bool)])):
            yield Finding(f"{name}{PARQUET}", f"riga {row + 1}, {column}", Rule.DIFFERENCE)


PARQUET = ".parquet"


def _by_key(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    labels = frame[keys].astype("str").agg("\u001f".join, axis=1)
    return frame.set_index(pd.Index(labels))


def table_file(folder: Path, name: str) -> Path:
    """Return where the protected table of a publication is kept."""
    return folder / f"{name}{PARQUET}"
