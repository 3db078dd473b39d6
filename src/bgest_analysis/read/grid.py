"""The cells of one sheet or text file on their way to a table, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bgest_analysis.read.letters import EMPTY, TEXT
from bgest_analysis.read.workbook import SheetCells

TextColumn: TypeAlias = Any  # pa.Array or pa.ChunkedArray; pyarrow has no types
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet.

    Parameters
    ----------
    texts
        One Arrow column of strings a sheet column, all of the same length.
    kinds
        For each column one byte a cell (``letters``); ``None`` when all is text.
    lines
        Number in the file of each row.
    merged
        Merged ranges (first row, first column, last row, last column), positions from 0.
    remarks
        What the reader noticed, for the register.
    """

    name: str
    texts: tuple[TextColumn, ...]
    kinds: tuple[npt.NDArray[np.uint8], ...] | None
    lines: npt.NDArray[np.int64]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    remarks: dict[str, str] = field(default_factory=dict)

    @property
    def height(self) -> int:
        return len(self.lines)

    @property
    def width(self) -> int:
        return len(self.texts)

    def top(self, rows: int) -> list[list[str]]:
        """Return the first rows as lists of stripped texts."""
        columns = [column.slice(0, rows).to_pylist() for column in self.texts]
        return [[cell.strip() for cell in row] for row in zip(*columns, strict=True)]

    def row(self, place: int) -> list[str]:
        """Return the stripped texts of one row."""
        return [column[place].as_py().strip() for column in self.texts]

    def typed(self, place: int) -> int:
        """Return how many cells of a row are neither text nor empty."""
        if self.kinds is None:
            return 0
        plain = (ord(TEXT), ord(EMPTY))
        return sum(column[place] not in plain for column in self.kinds)

    def filled(self, start: int) -> list[Mask]:
        """Return, for each column, which cells from row ``start`` on are not blank."""
        return [self._filled(place, start) for place in range(self.width)]

    def _filled(self, place: int, start: int) -> Mask:
        text = pc.not_equal(pc.utf8_trim_whitespace(self.texts[place].slice(start)), "")
        filled = np.asarray(text.to_numpy(zero_copy_only=False), dtype=bool)
        if self.kinds is None:
            return filled
        kinds = self.kinds[place][start:]
        return np.asarray(filled | ((kinds != ord(TEXT)) & (kinds != ord(EMPTY))), dtype=bool)


def grid_of(sheet: SheetCells) -> Grid:
    """Return the grid of a workbook sheet; merged body cells stay as they are."""
    height = max((len(column) for column in sheet.texts), default=0)
    remarks = {}
    if sheet.date1904:
        remarks["sistema_date"] = "1904"
    if sheet.hidden_rows:
        remarks["righe_nascoste"] = str(sheet.hidden_rows)
    if sheet.external_links:
        remarks["collegamenti_esterni"] = "sì"
    return Grid(
        name=sheet.name,
        texts=tuple(pa.array(column, type=pa.large_string()) for column in sheet.texts),
        kinds=tuple(np.frombuffer(letters.encode("ascii"), np.uint8) for letters in sheet.kinds),
        lines=np.arange(1, height + 1, dtype=np.int64),
        merged=sheet.merged,
        remarks=remarks,
    )


def text_grid(
    name: str, rows: Sequence[Sequence[str]], lines: Sequence[int], remarks: dict[str, str]
) -> Grid:
    """Return the grid of rows of texts; short rows are filled with empty cells."""
    width = max((len(row) for row in rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    columns = zip(*padded, strict=True) if padded else ()
    return Grid(
        name=name,
        texts=tuple(pa.array(list(column), type=pa.large_string()) for column in columns),
        kinds=None,
        lines=np.asarray(lines, dtype=np.int64),
        remarks=remarks,
    )
