"""What an indicator is: the tables it reads, the table it makes, the function between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from bgest_analysis.schema.model import Table
from bgest_analysis.study.model import Study

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Indicator:
    """An indicator job.

    Parameters
    ----------
    table
        The ``ind_`` table it makes.
    reads
        Full names of the tables it cannot do without; where one is absent the indicator is not
        made, and the analyses that use it say what is missing.
    compute
        ``(frames, study) -> frame`` with exactly the columns of ``table``.
    also_reads
        Tables it uses when they are there.
    """

    table: Table
    reads: tuple[str, ...]
    compute: Callable[[Frames, Study], pd.DataFrame]
    also_reads: tuple[str, ...] = ()
