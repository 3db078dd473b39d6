"""What an estimator is: the rows it needs, and the table of estimates it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

N_COLUMN = "n"
REASON_COLUMN = "motivo"


@dataclass(frozen=True)
class Estimator:
    """A model that needs rows; a notebook gets its estimates, never the rows.

    Parameters
    ----------
    name
        What a notebook calls it by.
    reads
        Full names of the tidy tables it needs.
    compute
        ``(frames, study, **settings) -> frame``: one row an estimate, with at least ``n`` (the
        persons or cases it rests on) and ``motivo`` (why it is not estimable, else "").
    also_reads
        Tidy tables it uses when they are there.
    """

    name: str
    reads: tuple[str, ...]
    compute: Callable[..., pd.DataFrame]
    also_reads: tuple[str, ...] = ()


def hide_small(estimates: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Empty every number of the rows that rest on fewer than ``threshold`` persons or cases."""
    small = estimates[N_COLUMN].between(1, threshold - 1).fillna(False)
    numbers = [name for name in estimates.columns if estimates[name].dtype.kind in "if"]
    hidden = estimates.assign(**{name: estimates[name].mask(small) for name in numbers})
    reason = hidden[REASON_COLUMN].mask(small, "meno casi della soglia di riservatezza")
    return hidden.assign(**{REASON_COLUMN: reason})
