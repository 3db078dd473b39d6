"""What every reader returns: the cells of one sheet as text, each with its row in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd


class CellKind(StrEnum):
    """What a spreadsheet said a cell was; text files only have ``TEXT``."""

    TEXT = "t"
    NUMBER = "n"  # text form: repr of the number, decimal point
    DATE = "d"  # ISO date or date-time
    TIME = "h"  # HH:MM:SS
    DURATION = "p"  # total seconds as a number
    BOOLEAN = "b"  # "1" or "0"
    FORMULA = "f"  # a formula without a stored value: the cell is NOT empty
    ERROR = "e"  # #N/D, #DIV/0! and the like
    EMPTY = "v"


@dataclass(frozen=True)
class Skipped:
    """Rows of the sheet that are not data: which, and the rule that says so."""

    rule: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class RawTable:
    """One sheet as read: nothing converted, nothing lost.

    Parameters
    ----------
    file
        Path as the user knows it (relative to the study).
    sheet
        Sheet name, ``""`` for text files.
    cells
        Strings, one column a header found, empty cells ``""``; the index, named ``riga``, is the
        row number in the file (from 1).
    kinds
        Same shape, ``CellKind`` values; ``None`` when every cell is text.
    layout
        Code of the layout that was recognised.
    rows_in
        Rows of the sheet below the header that are not blank = ``len(cells)`` + skipped rows.
    skipped
        Rows below the header recognised as no data (totals, notes), by rule.
    remarks
        Facts on the reading (encoding, separator, header row), for the register.
    """

    file: str
    sheet: str
    cells: pd.DataFrame
    layout: str
    rows_in: int
    kinds: pd.DataFrame | None = None
    skipped: tuple[Skipped, ...] = ()
    remarks: dict[str, str] = field(default_factory=dict)
