"""The blind workbook of a coder: what the log says of each intervention, and two empty columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bgest_analysis.clean.sampling import SHOWN, VARIABLES
from bgest_analysis.errors import SourceError
from bgest_analysis.read.project import ReadOptions, read_grids
from bgest_analysis.schema.codes import list_codes
from bgest_analysis.schema.registry import find_table
from bgest_analysis.text.messages import T
from bgest_analysis.vocabulary.load import load_codes
from bgest_analysis.workbooks.writer import (
    HEADER_FILL,
    HEADER_FONT,
    new_workbook,
    put,
    save_workbook,
    set_page,
)

SHEET, GUIDE = "codifica", "istruzioni"
PLACE = ("fonte_file", "fonte_riga")
LARGEST = 50_000
WIDTH = 22


def write_coding_workbook(path: Path, sample: pd.DataFrame, coder: str) -> None:
    """Write the workbook of one coder: no phase, orientation, derived value or weight is in it.

    The coder opens the record in its own file and row (the log's notes enter no table of ours),
    and chooses from the drop-downs.

    Parameters
    ----------
    coder
        Initials, never a full name.
    """
    book = new_workbook()
    page = book.create_sheet(SHEET)
    titles = _titles()
    names = ["campione_id", *PLACE, *SHOWN, *VARIABLES]
    for place, name in enumerate(names, start=1):
        cell = put(page.cell(1, place), titles[name])
        cell.font, cell.fill = HEADER_FONT, HEADER_FILL
        page.column_dimensions[get_column_letter(place)].width = WIDTH
    shown = _readable(sample)
    for line, row in enumerate(shown.itertuples(index=False), start=2):
        for place, value in enumerate(row, start=1):
            put(page.cell(line, place), value, "date" if names[place - 1] == "data" else "text")
    _add_lists(page, names, len(shown) + 1)
    set_page(page, 1)
    page.freeze_panes = "B2"
    _fill_guide(book, coder)
    save_workbook(book, path, f"Codifica {coder}")


def _titles() -> Mapping[str, str]:
    table = find_table("interventi")
    return {"campione_id": "campione_id", **{c.name: c.title_it for c in table.columns}}


def _readable(sample: pd.DataFrame) -> pd.DataFrame:
    """Return the columns a coder sees, codes by their Italian names."""
    table = find_table("interventi")
    shown = sample[["campione_id", *PLACE, *SHOWN]].copy()
    for name in SHOWN:
        codes = table.column(name).codes
        if codes:
            names = {code.codice: code.titolo_it for code in list_codes(codes)}
            shown[name] = shown[name].map(names)
    return shown


def _add_lists(page: Worksheet, names: list[str], last: int) -> None:
    for variable in VARIABLES:
        titles = ",".join(code.titolo_it for code in list_codes(variable))
        rule = DataValidation(type="list", formula1=f'"{titles}"', allow_blank=True)
        rule.showErrorMessage = True
        rule.error = "Scegliere una voce dell'elenco a discesa."
        letter = get_column_letter(names.index(variable) + 1)
        rule.add(f"{letter}2:{letter}{last}")
        page.add_data_validation(rule)


def _fill_guide(book: Workbook, coder: str) -> None:
    guide = book.create_sheet(GUIDE)
    lines = [
        f"Codifica di {coder}: lavorare da soli, senza guardare quella dell'altra persona.",
        "Aprire la riga indicata del file d'origine e leggere anche le note.",
        "Se non si può decidere, lasciare vuoto.",
    ]
    for variable in VARIABLES:
        lines += [f"{variable}: {code.titolo_it}" for code in list_codes(variable)]
    for row, text in enumerate(lines, start=1):
        put(guide.cell(row, 1), text)
    guide.column_dimensions["A"].width = 90


def read_coding_workbook(path: Path) -> pd.DataFrame:
    """Return what a coder filled in.

    Returns
    -------
    pandas.DataFrame
        ``campione_id`` and ``VARIABLES`` as codes; missing where left blank.

    Raises
    ------
    SourceError
        If the columns are not there, an item stands twice, or a code is not one of the list.
    """
    for grid in read_grids(path, ReadOptions(shown_as=path.name)).grids:
        rows = grid.top(LARGEST)
        titles = _titles()
        wanted = {name: titles[name] for name in ("campione_id", *VARIABLES)}
        if rows and set(wanted.values()) <= set(rows[0]):
            places = {name: rows[0].index(title) for name, title in wanted.items()}
            cells = {name: [row[at] for row in rows[1:]] for name, at in places.items()}
            return _checked(pd.DataFrame(cells, dtype="str"), path)
    raise SourceError(
        "{file}: non trovo le colonne della codifica ({names})",
        file=path.name,
        names=["campione_id", *VARIABLES],
    )


def _checked(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    filled = frame[frame["campione_id"] != ""].reset_index(drop=True)
    twice = filled["campione_id"].duplicated(keep=False)
    _refuse(path, filled, twice, "campione_id", "il caso è scritto due volte")
    for name in VARIABLES:
        found = load_codes(name).match(filled[name].replace("", None))
        unknown = found["codice"].isna() & (filled[name] != "")
        _refuse(path, filled, unknown, name, "la voce non è dell'elenco")
        filled[name] = found["codice"]
    return filled


def _refuse(path: Path, rows: pd.DataFrame, wrong: pd.Series, column: str, why: str) -> None:
    if wrong.any():
        raise SourceError(
            "{file}, colonna {column}, casi {items}: {why}",
            file=path.name,
            column=column,
            items=rows.loc[wrong, "campione_id"].tolist(),
            why=T(why),
        )
