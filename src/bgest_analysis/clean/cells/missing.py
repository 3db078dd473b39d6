"""Cells without a value, and why: the ways people write "there is nothing here"."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from bgest_analysis.clean.cells.parsed import Cell, Outcome, missing
from bgest_analysis.clean.cells.rules import EMPTY, EXCEL_ERROR, FORMULA, IDEM
from bgest_analysis.read.raw import CellKind

_DOTS = re.compile(r"[.\s\u00a0]+")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'"})
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-"})


@cache
def missing_forms() -> dict[str, str]:
    """Return the known forms, folded as ``_fold`` does, and the code of the rule of each."""
    source = files("bgest_analysis.clean.cells").joinpath("mancanti.csv")
    with source.open("r", encoding="utf-8") as handle:
        table = pd.read_csv(handle, dtype="str", keep_default_na=False)
    return dict(zip(table["forma"], table["regola"], strict=True))


def _fold(text: str) -> str:
    if not text.strip(". \u00a0"):
        return "…" if "." in text else ""
    plain = text.translate(_QUOTES).translate(_DASHES).lower()
    return _DOTS.sub(" ", plain).strip()


def missing_rule(text: str) -> str:
    """Return the code of the rule that says why ``text`` is no value, ``""`` if it is one."""
    folded = _fold(text)
    if not folded:
        return EMPTY.code
    return missing_forms().get(folded, "")


def missing_cell(text: str, kind: CellKind = CellKind.TEXT) -> Cell | None:
    """Return the reading of a cell that holds no value of any type, ``None`` if it may hold one.

    A formula without a stored value is an error and never an empty cell; "idem" waits for a
    person, since only the layout of the source can say that it repeats the row above.
    """
    if kind is CellKind.FORMULA:
        return Cell(None, Outcome.ERRORE, FORMULA.code)
    if kind is CellKind.ERROR:
        return Cell(None, Outcome.ERRORE, EXCEL_ERROR.code)
    if kind not in (CellKind.TEXT, CellKind.EMPTY):
        return None
    rule = missing_rule(text)
    if rule == IDEM.code:
        return Cell(None, Outcome.AMBIGUO, rule)
    if rule == EXCEL_ERROR.code:
        return Cell(None, Outcome.ERRORE, rule)
    return missing(rule) if rule else None


def is_idem(text: str) -> bool:
    """Tell whether a cell says "same as above"."""
    return missing_rule(text) == IDEM.code


def fill_idem(
    text: pd.Series, kinds: pd.Series | None = None
) -> tuple[pd.Series, pd.Series | None, pd.Series]:
    """Replace each "idem" by the cell above it, for sources whose layout says so.

    Returns
    -------
    text, kinds
        The columns with the repetitions written out; an "idem" in the first row, or under an
        empty cell, stays as it is.
    filled
        Boolean: the rows that were filled.
    """
    repeats = text.map({value: is_idem(value) for value in text.unique()}).astype(bool)
    own = np.where(~repeats, np.arange(len(text)), -1)
    source = np.maximum.accumulate(own)
    above = text.array.take(np.maximum(source, 0))
    useful = (source >= 0) & (above != "")
    filled = pd.Series(repeats.to_numpy() & useful, index=text.index)
    new_text = text.mask(filled, pd.Series(above, index=text.index))
    if kinds is None:
        return new_text, None, filled
    above_kinds = pd.Series(kinds.array.take(np.maximum(source, 0)), index=text.index)
    return new_text, kinds.mask(filled, above_kinds), filled
