"""Names and order of areas in tables and figures."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO


def with_area_names(frame: pd.DataFrame, study: Study, column: str = "area") -> pd.DataFrame:
    """Add ``nome_area``, the name a reader knows."""
    names = {area: study.nome_area(area) for area in study.aree}
    return frame.assign(nome_area=frame[column].map(names))


def only_ambiti(frame: pd.DataFrame, column: str = "area") -> pd.DataFrame:
    """Leave out the row of the whole."""
    return frame[frame[column] != DISTRETTO]


def one_row(frame: pd.DataFrame, **where: object) -> pd.Series:
    """Return the only row that has these values.

    Raises
    ------
    KeyError
        If there is none, or more than one.
    """
    found = frame
    for column, value in where.items():
        found = found[found[column] == value]
    if len(found) != 1:
        raise KeyError(f"{len(found)} rows for {where}")
    return found.iloc[0]
