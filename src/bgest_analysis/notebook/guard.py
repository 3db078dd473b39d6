"""Rows about persons are not shown by accident: a notebook says what the table is instead.

What is guarded is what pandas writes of a table, a column, a row or an index, displayed or
printed. Values taken out on purpose (``.tolist()``, ``.to_string()``, a file) are not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html import escape

import pandas as pd
from IPython.core.getipython import get_ipython

from bgest_analysis.schema.model import Personal
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.text.messages import T

OF_ROWS = (Personal.PSEUDONIMO, Personal.DIRETTO, Personal.LIBERO)
Shown = pd.DataFrame | pd.Series | pd.Index


@cache
def personal_columns() -> frozenset[str]:
    """Return the names of the columns that single persons out, or hold free text."""
    return frozenset(
        column.name
        for table in TABLES.values()
        for column in table.columns
        if column.personal in OF_ROWS
    )


def is_personal(data: Shown) -> bool:
    """Tell whether a table, a column, a row or an index is about persons, by its names."""
    return not personal_columns().isdisjoint(map(str, _names(data)))


def _names(data: Shown) -> list[object]:
    if isinstance(data, pd.Index):
        return list(data.names)
    if isinstance(data, pd.Series):
        return [data.name, *data.index.names, *_labels(data.index)]
    axes = (data.columns, data.index)
    return [name for axis in axes for name in (*axis.names, *_labels(axis))]


def _labels(axis: pd.Index) -> list[object]:
    """Return the labels that are names of personal columns: of a row, or of a turned table."""
    levels = (axis.unique(level) for level in range(axis.nlevels))
    return [label for level in levels for label in level[level.isin(personal_columns())]]


def guard_display(language: str) -> None:
    """Make pandas write, of what is about persons, only its size; in a notebook, not elsewhere."""
    if get_ipython() is None:
        return
    for kind in (pd.DataFrame, pd.Series, pd.Index, pd.MultiIndex):
        _guard(kind, "__repr__", str, language)
        _guard(kind, "__str__", str, language)
    _guard(pd.DataFrame, "_repr_html_", lambda text: f"<p>{escape(text)}</p>", language)


def _guard(kind: type, method: str, shape: Callable[[str], str], language: str) -> None:
    usual = getattr(kind, method)
    if hasattr(usual, "of_persons"):
        return

    def guarded(data: Shown) -> str | None:
        text: str | None = shape(description(data, language)) if is_personal(data) else usual(data)
        return text

    guarded.of_persons = True  # type: ignore[attr-defined]
    setattr(kind, method, guarded)


def description(data: Shown, language: str) -> str:
    """Return what is said of a table, a column, a row or an index that is not shown."""
    return T(
        "Tabella con righe su persone: {n:int} righe, {k:int} colonne. Non si mostra; nei notebook "
        "si usano le tabelle protette, con run.table(...).",
        n=len(data),
        k=data.shape[1] if isinstance(data, pd.DataFrame) else 1,
    ).render(language)
