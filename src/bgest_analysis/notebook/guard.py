"""Rows about persons are not displayed by accident: a notebook shows what the table is instead."""

from __future__ import annotations

from functools import cache
from html import escape

import pandas as pd
from IPython.core.getipython import get_ipython

from bgest_analysis.schema.model import Personal
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.text.messages import T

OF_ROWS = (Personal.PSEUDONIMO, Personal.DIRETTO, Personal.LIBERO)


@cache
def personal_columns() -> frozenset[str]:
    """Return the names of the columns that single persons out, or hold free text."""
    return frozenset(
        column.name
        for table in TABLES.values()
        for column in table.columns
        if column.personal in OF_ROWS
    )


def is_personal(frame: pd.DataFrame) -> bool:
    """Tell whether a table has rows about persons."""
    return not personal_columns().isdisjoint(map(str, frame.columns))


def guard_display(language: str) -> None:
    """Make the notebook show, of a table with rows about persons, only its size and columns."""
    shell = get_ipython()
    if shell is None or shell.display_formatter is None:
        return
    formatters = shell.display_formatter.formatters
    plain, html = formatters["text/plain"], formatters["text/html"]
    usual = html.lookup_by_type(pd.DataFrame) if pd.DataFrame in html.type_printers else None

    def as_html(frame: pd.DataFrame) -> str | None:
        if is_personal(frame):
            return f"<p>{escape(description(frame, language))}</p>"
        shown: str | None = usual(frame) if usual else frame._repr_html_()  # type: ignore[operator]
        return shown

    def as_text(frame: pd.DataFrame, printer: object, cycle: bool) -> None:
        text = description(frame, language) if is_personal(frame) else repr(frame)
        printer.text(text)  # type: ignore[attr-defined]

    html.for_type(pd.DataFrame, as_html)
    plain.for_type(pd.DataFrame, as_text)


def description(frame: pd.DataFrame, language: str) -> str:
    """Return what is said of a table that is not shown."""
    return T(
        "Tabella con righe su persone: {n:int} righe, {k:int} colonne. Non si mostra; nei notebook "
        "si usano le tabelle protette, con run.table(...).",
        n=len(frame),
        k=len(frame.columns),
    ).render(language)
