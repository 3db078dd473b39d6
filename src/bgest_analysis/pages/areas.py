"""Names and order of areas in tables and figures."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message
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


def with_words(frame: pd.DataFrame, **columns: Sequence[Message | str]) -> pd.DataFrame:
    """Add columns of words (messages are put into a language when they are printed)."""
    words = {
        name: pd.Series(list(values), index=frame.index, dtype="object")
        for name, values in columns.items()
    }
    return frame.assign(**words)


def highest(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return the row with the largest value (the first, if several)."""
    return frame.sort_values(column, ascending=False, kind="stable").iloc[0]


def lowest(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return the row with the smallest value (the first, if several)."""
    return frame.sort_values(column, kind="stable").iloc[0]
