"""The blind workbook of a coder: what the log says of each intervention, and two empty columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import PatternFill
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
    BORDER,
    HEADER_FILL,
    HEADER_FONT,
    TITLE_FONT,
    WARNING_FONT,
    WRAPPED,
    new_workbook,
    put,
    save_workbook,
    set_page,
)

SHEET, GUIDE, LISTS = "Codifica", "Istruzioni", "Elenchi"
ITEM, ITEM_TITLE = "campione_id", "Caso"
PLACE = ("fonte_file", "fonte_riga")
COLUMNS = (ITEM, *VARIABLES, *SHOWN, *PLACE)
WIDTHS = {
    ITEM: 9,
    "data": 12,
    "ente_richiedente_tipo": 34,
    "tipologia": 34,
    "n_partecipanti": 13,
    "fonte_file": 64,
    "fonte_riga": 9,
}
WIDTH = 24
LARGEST = 50_000
TO_FILL = PatternFill("solid", start_color="FFF2CC")
EXPLAINED = {
    "fase": "In quale momento del lavoro sul caso è intervenuta la mediazione.",
    "orientamento": "A che cosa mirava l'intervento.",
}


def write_coding_workbook(path: Path, sample: pd.DataFrame, coder: str, warning: str = "") -> None:
    """Write the workbook of one coder: no phase, orientation, derived value or weight is in it.

    The coder opens the record in its own file and row (the log's notes enter no table of ours),
    and chooses from the drop-downs. The same sample gives the same bytes.

    Parameters
    ----------
    sample
        ``campione_id`` and, of the log, ``SHOWN`` and the place of the row.
    coder
        Initials, never a full name.
    warning
        What must stand above everything, e.g. that the data are synthetic.
    """
    book = new_workbook()
    page = book.create_sheet(SHEET)
    titles = _titles()
    for place, name in enumerate(COLUMNS, start=1):
        cell = put(page.cell(1, place), titles[name])
        cell.font, cell.fill, cell.alignment = HEADER_FONT, HEADER_FILL, WRAPPED
        page.column_dimensions[get_column_letter(place)].width = WIDTHS.get(name, WIDTH)
    shown = _readable(sample)
    for line, row in enumerate(shown.itertuples(index=False), start=2):
        for place, value in enumerate(row, start=1):
            name = COLUMNS[place - 1]
            cell = put(page.cell(line, place), value, "date" if name == "data" else "text")
            cell.border = BORDER
            if name in VARIABLES:
                cell.fill = TO_FILL
    page.freeze_panes = "D2"
    set_page(page, 1)
    _fill_guide(book, coder, len(shown), warning)
    _add_lists(book, page, len(shown) + 1)
    save_workbook(book, path, f"Codifica {coder}")


def _titles() -> Mapping[str, str]:
    table = find_table("interventi")
    return {**{c.name: c.title_it for c in table.columns}, ITEM: ITEM_TITLE}


def _readable(sample: pd.DataFrame) -> pd.DataFrame:
    """Return the columns a coder sees, codes by their Italian names."""
    table = find_table("interventi")
    shown = sample.assign(**dict.fromkeys(VARIABLES))[list(COLUMNS)]
    shown["fonte_file"] = shown["fonte_file"].str.rpartition("/")[2]
    for name in SHOWN:
        codes = table.column(name).codes
        if codes:
            names = {code.codice: code.titolo_it for code in list_codes(codes)}
            shown[name] = shown[name].map(names)
    return shown


def _add_lists(book: Workbook, page: Worksheet, last: int) -> None:
    lists = book.create_sheet(LISTS)
    for place, variable in enumerate(VARIABLES, start=1):
        names = [code.titolo_it for code in list_codes(variable)]
        for row, text in enumerate([_titles()[variable], *names], start=1):
            put(lists.cell(row, place), text)
        source = get_column_letter(place)
        rule = DataValidation(
            type="list",
            formula1=f"'{LISTS}'!${source}$2:${source}${len(names) + 1}",
            allow_blank=True,
            showErrorMessage=True,
            showInputMessage=True,
            errorTitle="Valore non ammesso",
            error="Scegliere una voce dell'elenco a discesa.",
            promptTitle=_titles()[variable],
            prompt="Scegliere dall'elenco; se non si può decidere, lasciare vuoto.",
        )
        letter = get_column_letter(COLUMNS.index(variable) + 1)
        rule.add(f"{letter}2:{letter}{last}")
        page.add_data_validation(rule)
    lists.sheet_state = "hidden"


def _fill_guide(book: Workbook, coder: str, cases: int, warning: str) -> None:
    guide = book.create_sheet(GUIDE)
    if warning:
        put(guide.cell(1, 1), warning).font = WARNING_FONT
    put(guide.cell(2, 1), f"Codifica di {coder}: {cases} casi").font = TITLE_FONT
    lines = (
        "Si compilano le due colonne gialle del foglio Codifica, scegliendo dall'elenco.",
        "Lavorare da soli: non parlarne con l'altra persona e non guardare il suo foglio.",
        "Per ogni caso aprire il file d'origine alla riga indicata e leggere anche le note.",
        "Se il registro ha già la fase o l'orientamento, non guardarli.",
        "Se non si può decidere, lasciare vuoto.",
        "Non cambiare i codici della colonna Caso; le righe si possono riordinare.",
        "Non scrivere nomi né altri dati di persone in questo foglio.",
    )
    for row, text in enumerate(lines, start=3):
        put(guide.cell(row, 1), text)
    for variable in VARIABLES:
        top = guide.max_row + 2
        cell = put(guide.cell(top, 1), f"{_titles()[variable]}. {EXPLAINED[variable]}")
        cell.font, cell.fill = HEADER_FONT, HEADER_FILL
        for row, code in enumerate(list_codes(variable), start=top + 1):
            put(guide.cell(row, 1), code.titolo_it).border = BORDER
    guide.column_dimensions["A"].width = 100
    set_page(guide, 2)


def read_coding_workbook(path: Path, cases: Sequence[str], *, whole: bool = True) -> pd.DataFrame:
    """Return what a coder filled in.

    Parameters
    ----------
    cases
        ``campione_id`` of the sample the workbook was made for.
    whole
        Whether every one of them must be there.

    Returns
    -------
    pandas.DataFrame
        ``campione_id`` and ``VARIABLES`` as codes; missing where left blank.

    Raises
    ------
    SourceError
        If the columns or some cases are not there, a case is unknown or stands twice, or a code
        is not one of the list.
    """
    filled = _filled_rows(path)
    _refuse(path, filled[ITEM].duplicated(keep=False), filled, ITEM, "il caso è scritto due volte")
    strange = ~filled[ITEM].isin(list(cases))
    _refuse(path, strange, filled, ITEM, "il caso non è del campione: non cambiare i codici")
    lost = [case for case in cases if case not in set(filled[ITEM])]
    if whole and lost:
        raise SourceError(
            "{file}: mancano {n:int} casi del campione ({cases}); rimettere le loro righe, anche "
            "vuote",
            file=path.name,
            n=len(lost),
            cases=lost[:SHOWN_CASES],
        )
    for name in VARIABLES:
        found = load_codes(name).match(filled[name].replace("", None))
        unknown = found["codice"].isna() & (filled[name] != "")
        _refuse(path, unknown, filled, name, "la voce non è dell'elenco a discesa")
        filled[name] = found["codice"]
    return filled


SHOWN_CASES = 10


def _filled_rows(path: Path) -> pd.DataFrame:
    """Return the rows with a case, as text."""
    titles = _titles()
    wanted = {name: titles[name] for name in (ITEM, *VARIABLES)}
    for grid in read_grids(path, ReadOptions(shown_as=path.name)).grids:
        rows = grid.top(LARGEST)
        if rows and set(wanted.values()) <= set(rows[0]):
            places = {name: rows[0].index(title) for name, title in wanted.items()}
            cells = {name: [row[at].strip() for row in rows[1:]] for name, at in places.items()}
            frame = pd.DataFrame(cells, dtype="str")
            return frame[frame[ITEM] != ""].reset_index(drop=True)
    raise SourceError(
        "{file}: non è un foglio di codifica, mancano le colonne {names}",
        file=path.name,
        names=list(wanted.values()),
    )


def _refuse(path: Path, wrong: pd.Series, rows: pd.DataFrame, column: str, why: str) -> None:
    if wrong.any():
        raise SourceError(
            "{file}, colonna {column}, casi {items}: {why}",
            file=path.name,
            column=_titles()[column],
            items=rows.loc[wrong, ITEM].tolist()[:SHOWN_CASES],
            why=T(why),
        )
