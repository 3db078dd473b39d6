"""Yes and no as people write them -> booleans."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.clean.cells import rules
from bgest_analysis.clean.cells.missing import missing_cell
from bgest_analysis.clean.cells.parsed import Cell, Parsed, distinct, wrong
from bgest_analysis.read.raw import CellKind

_YES = {"si", "sì", "si'", "s", "s.", "x", "✓", "✔", "☑", "vero", "true", "yes", "y", "1", "1.0"}
_NO = {"no", "n", "n.", "falso", "false", "☐", "✗", "✘", "0", "0.0"}


def parse_flags(
    text: pd.Series, kinds: pd.Series | None = None, empty_is_no: bool = False
) -> Parsed:
    """Read yes and no into ``boolean``.

    Parameters
    ----------
    empty_is_no
        The layout says that a blank box means no (a column of crosses).
    """
    values = distinct(text, kinds)
    return values.spread(
        values.read(lambda value, kind: _read(value, kind, empty_is_no)), "boolean"
    )


def _read(text: str, kind: CellKind, empty_is_no: bool) -> Cell:
    folded = text.replace("’", "'").strip().lower()
    if not folded and kind in (CellKind.TEXT, CellKind.EMPTY) and empty_is_no:
        return Cell(False)
    if folded in _YES:
        return Cell(True)
    if folded in _NO:
        return Cell(False)
    return missing_cell(text, kind) or wrong(rules.FLAG_UNREADABLE.code)
