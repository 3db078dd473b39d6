"""The list of values that wait for a person: a workbook to fill in and save as corrections."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from openpyxl.utils import get_column_letter

from bgest_analysis.clean.corrections import REASONS
from bgest_analysis.clean.project.model import REVIEW_COLUMNS
from bgest_analysis.workbooks.writer import (
    HEADER_FILL,
    HEADER_FONT,
    new_workbook,
    put,
    save_workbook,
    set_page,
)

TO_FILL = ("nuovo_valore", *REASONS)
WIDTHS = {"valore": 40, "suggerimenti": 24, "dove": 48, "perche": 32, "nuovo_valore": 20}
PLACES = 3  # places shown of a value that several files have


def gather_reviews(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the values of several files, each once, the most frequent first."""
    stacked = pd.concat(parts, ignore_index=True)
    key = ["tabella", "colonna", "valore", "suggerimenti", "regola"]
    shown = stacked["valore"].ne("")
    grouped = stacked[shown].groupby(key, sort=False, as_index=False)
    merged = grouped.agg(celle=("celle", "sum"), dove=("dove", _join))
    everything = pd.concat([merged, stacked[~shown]], ignore_index=True)[list(REVIEW_COLUMNS)]
    return everything.sort_values(
        ["tabella", "colonna", "celle", "valore", "dove"],
        ascending=[True, True, False, True, True],
        ignore_index=True,
    ).astype(stacked.dtypes.to_dict())


def _join(places: pd.Series) -> str:
    listed = sorted(places)
    return "; ".join(listed[:PLACES]) + ("; …" if len(listed) > PLACES else "")


def write_review(path: Path, review: pd.DataFrame) -> None:
    """Write the list with empty columns for the decision, why, who and when.

    Filled in and saved under ``data/raw/correzioni``, it is applied at the next run.
    """
    book = new_workbook()
    page = book.create_sheet("da_rivedere")
    names = [*review.columns, *TO_FILL]
    for place, name in enumerate(names, start=1):
        cell = put(page.cell(1, place), name)
        cell.font, cell.fill = HEADER_FONT, HEADER_FILL
        page.column_dimensions[get_column_letter(place)].width = WIDTHS.get(name, 16)
    for line, row in enumerate(review.itertuples(index=False), start=2):
        for place, value in enumerate(row, start=1):
            put(page.cell(line, place), value)
    set_page(page, 1)
    page.freeze_panes = "A2"
    save_workbook(book, path, "Valori da rivedere")
