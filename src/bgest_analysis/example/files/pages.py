"""Sheets with titles, headers of two rows, totals and notes, written as people write them.

A page knows the number that each of its rows gets in the file, so that what is planted in it
can be found again.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from bgest_analysis.example.draws import Ints
from bgest_analysis.text.formats import is_missing
from bgest_analysis.workbooks.writer import new_workbook, put, save_workbook

SYNTHETIC = "DATI SINTETICI"
MINUTES_OF_A_DAY = 1440


class Typed(NamedTuple):
    """A number of Excel with its own format: a duration, a serial date."""

    value: float
    number_format: str


class Formula(NamedTuple):
    """A formula without a stored value, as programs that do not calculate leave it."""

    text: str


@dataclass(frozen=True)
class Page:
    """One sheet, or one text file.

    Parameters
    ----------
    titles
        Lines above the header; the first says that the data are synthetic.
    headers
        Names of the columns; with ``groups``, a row of merged groups stands above them.
    groups
        Text and number of columns of each group.
    body
        Cells, one column a header; the index labels the rows.
    blanks
        Positions in ``body`` before which an empty row stands.
    totals, notes
        Rows below the body.
    """

    name: str
    titles: tuple[str, ...]
    headers: tuple[str, ...]
    body: pd.DataFrame
    groups: tuple[tuple[str, int], ...] = ()
    blanks: tuple[int, ...] = ()
    totals: tuple[tuple[Any, ...], ...] = ()
    notes: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def first_row(self) -> int:
        """Number in the file of the first row of the body."""
        return len(self.titles) + 1 + bool(self.groups) + 1

    def rows_of(self, positions: Ints) -> Ints:
        """Return the numbers in the file of some rows of the body."""
        before = np.searchsorted(np.array(self.blanks, dtype=np.int64), positions, side="right")
        return self.first_row + positions + before

    @property
    def totals_rows(self) -> list[int]:
        last = self.first_row + len(self.body) + len(self.blanks)
        return [last + k for k in range(len(self.totals))]

    @property
    def blank_rows(self) -> list[int]:
        """Numbers in the file of the empty rows among the data."""
        return [self.first_row + b + k for k, b in enumerate(self.blanks)]


def page_rows(page: Page) -> Iterator[Sequence[Any]]:
    """Return the rows of a page from top to bottom."""
    for title in page.titles:
        yield [title]
    if page.groups:
        yield [text for group, width in page.groups for text in (group, *[None] * (width - 1))]
    yield page.headers
    blanks = set(page.blanks)
    for position, row in enumerate(page.body.itertuples(index=False, name=None)):
        if position in blanks:
            yield []
        yield row
    yield from page.totals
    for note in page.notes:
        yield [note]


def write_book(path: Path, pages: Sequence[Page]) -> None:
    """Write pages as the sheets of a workbook; same pages, same bytes."""
    book = new_workbook()
    for page in pages:
        sheet = book.create_sheet(page.name)
        sheet.sheet_state = "hidden" if page.hidden else "visible"
        _fill(sheet, page)
    save_workbook(book, path, SYNTHETIC)


def _fill(sheet: Worksheet, page: Page) -> None:
    for number, row in enumerate(page_rows(page), start=1):
        for column, value in enumerate(row, start=1):
            if not is_missing(value):
                _write(sheet.cell(number, column), value)
    column = 1
    for _, width in page.groups:
        if width > 1:
            line = len(page.titles) + 1
            sheet.merge_cells(
                start_row=line, end_row=line, start_column=column, end_column=column + width - 1
            )
        column += width


def _write(cell: Cell, value: Any) -> None:
    if isinstance(value, Typed):
        cell.value, cell.number_format = value
    elif isinstance(value, Formula):
        cell.value = value.text
    elif isinstance(value, dt.time):
        cell.value, cell.number_format = value, "h:mm"
    else:
        put(cell, value)


def write_text(path: Path, page: Page, encoding: str, separator: str = ";") -> None:
    """Write a page as a text file, Italian style; lines end as on Windows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    edges = [0, *page.blanks, len(page.body)]
    with path.open("w", encoding=encoding, newline="") as file:
        top = csv.writer(file, delimiter=separator, lineterminator="\r\n")
        top.writerows([[title] for title in page.titles])
        top.writerow(page.headers)
        for start, stop in pairwise(edges):
            if start:
                top.writerow([""] * len(page.headers))
            file.write(_lines(page.body.iloc[start:stop], separator))
        top.writerows(page.totals)
        top.writerows([[note] for note in page.notes])


def _lines(body: pd.DataFrame, separator: str) -> str:
    buffer = io.StringIO()
    body.to_csv(buffer, sep=separator, header=False, index=False, lineterminator="\r\n")
    return buffer.getvalue()
