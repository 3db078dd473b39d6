"""The template of a table: a workbook to fill in, with drop-downs, limits and prompts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bgest_analysis.errors import UsageError
from bgest_analysis.schema.codes import allowed_codes
from bgest_analysis.schema.ingresso import (
    EXAMPLE_MARK,
    INTERNAL,
    STAMP_SHEET,
    input_columns,
    is_required,
)
from bgest_analysis.schema.model import VERSION, Column, Table, Type
from bgest_analysis.workbooks.writer import (
    EXAMPLE_FILL,
    EXAMPLE_FONT,
    HEADER_FILL,
    HEADER_FONT,
    TITLE_FONT,
    WARNING_FONT,
    WRAPPED,
    new_workbook,
    put,
    save_workbook,
    set_page,
    sheet_name,
)

ROWS = 5_000
HEADER_ROW = 1
EXAMPLE_ROW = 2
FIRST_ROW = 3
LAST_ROW = FIRST_ROW + ROWS - 1
LISTS_SHEET = "Elenchi"
GUIDE_SHEET = "Istruzioni"
YES_NO = ("sì", "no")
PROMPT_TITLE, PROMPT_TEXT = 32, 255
LISTED_CHOICES = 12
NARROWEST, WIDEST = 14, 34
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2099, 12, 31)
EPOCH = dt.date(1899, 12, 30)
EXAMPLE_DATE = dt.date(2022, 3, 15)
PROJECT_DATES = frozenset({"data", "data_richiesta", "data_primo_contatto", "data_spesa"})


@dataclass(frozen=True)
class Limits:
    """What a study says about the answers a template accepts.

    Parameters
    ----------
    first_day, last_day
        Days between which the dates of the project's own work may lie.
    choices
        Further drop-downs by column, e.g. the names of the Ambiti under ``ambito_id``.
    """

    first_day: dt.date = dt.date(2014, 1, 1)
    last_day: dt.date = dt.date(2030, 12, 31)
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def write_template(path: Path, table: Table, limits: Limits | None = None) -> None:
    """Write the template of a table.

    The first sheet is to be filled in: header frozen, an example row whose first cell says
    ``ESEMPIO`` and that is never read, 5,000 rows with drop-downs, limits and prompts.

    Raises
    ------
    UsageError
        If the table is one that nobody sends.
    """
    if table.name in INTERNAL:
        raise UsageError("la tabella {table} non si compila: la fa il programma", table=table.name)
    settings = limits or Limits()
    book = new_workbook()
    page = book.create_sheet(sheet_name(table.title_it, []))
    lists = book.create_sheet(LISTS_SHEET)
    columns = input_columns(table)
    for place, column in enumerate(columns, start=1):
        choices = _choices(table, column, settings)
        _fill_header(page, place, table, column)
        _fill_example(page, place, column, choices)
        _set_column(page, place, column, choices)
        _restrict(page, lists, place, table, column, choices, settings)
    page.freeze_panes = page.cell(FIRST_ROW, 1)
    set_page(page, HEADER_ROW)
    _fill_guide(book, table, columns)
    _fill_stamp(book, table)
    lists.sheet_state = "hidden"
    save_workbook(book, path, table.title_it)


def _choices(table: Table, column: Column, limits: Limits) -> tuple[str, ...]:
    if column.name in limits.choices:
        return tuple(limits.choices[column.name])
    if column.type is Type.BOOL:
        return YES_NO
    return tuple(code.titolo_it for code in allowed_codes(table, column))


def _fill_header(page: Worksheet, place: int, table: Table, column: Column) -> None:
    mark = " *" if is_required(table, column) else ""
    cell = put(page.cell(HEADER_ROW, place), column.title_it + mark)
    cell.font, cell.fill, cell.alignment = HEADER_FONT, HEADER_FILL, WRAPPED


def _fill_example(page: Worksheet, place: int, column: Column, choices: Sequence[str]) -> None:
    value = EXAMPLE_MARK if place == 1 else _example(column, choices)
    cell = put(page.cell(EXAMPLE_ROW, place), value)
    cell.font, cell.fill = EXAMPLE_FONT, EXAMPLE_FILL


def _example(column: Column, choices: Sequence[str]) -> object:
    if choices:
        return choices[0]
    if column.type is Type.DATE:
        return EXAMPLE_DATE
    if column.type in (Type.INT, Type.DEC):
        return EXAMPLE_DATE.year if column.unit == "anno" else max(1, column.minimum or 0)
    return _TEXTS.get(column.name, "…")


_TEXTS = {
    "cod_istat": "016024",
    "cod_provincia": "016",
    "mese": "2022-03",
    "trimestre": "2022-T1",
    "versione_budget": "approvato",
    "cognome": "Cognome",
    "nome_persona": "Nome",
    "codice_utente": "U001",
    "mediatore": "M01",
    "caso": "C001",
    "persone": "U001|U002",
}


def _set_column(page: Worksheet, place: int, column: Column, choices: Sequence[str]) -> None:
    dimension = page.column_dimensions[get_column_letter(place)]
    longest = max(map(len, (column.title_it, *choices)))
    dimension.width = max(NARROWEST, min(WIDEST, longest + 5))
    if column.type is Type.DATE:
        dimension.number_format = "dd/mm/yyyy"
    elif column.type in (Type.STR, Type.CAT, Type.LIST):
        dimension.number_format = "@"


def _restrict(
    page: Worksheet,
    lists: Worksheet,
    place: int,
    table: Table,
    column: Column,
    choices: Sequence[str],
    limits: Limits,
) -> None:
    rule = _validation(lists, place, column, choices, limits)
    rule.allow_blank = True
    rule.showInputMessage = True
    rule.promptTitle = column.title_it[:PROMPT_TITLE]
    rule.prompt = _prompt(table, column, choices)[:PROMPT_TEXT]
    letter = get_column_letter(place)
    rule.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    page.add_data_validation(rule)


def _prompt(table: Table, column: Column, choices: Sequence[str]) -> str:
    parts = [column.description]
    if choices and column.type is not Type.LIST:
        parts = ["Scegliere dall'elenco."]
    elif 0 < len(choices) <= LISTED_CHOICES:
        parts.append("Più valori separati da |: " + ", ".join(choices) + ".")
    parts.append("Obbligatorio." if is_required(table, column) else "Facoltativo.")
    return " ".join(part for part in parts if part)


def _validation(
    lists: Worksheet, place: int, column: Column, choices: Sequence[str], limits: Limits
) -> DataValidation:
    if choices and column.type is not Type.LIST:
        return _list_rule(lists, place, column, choices)
    if column.type is Type.DATE:
        return _date_rule(column, limits)
    if column.type in (Type.INT, Type.DEC):
        return _number_rule(column)
    return DataValidation(type=None)


def _stop(rule: DataValidation, error: str) -> DataValidation:
    rule.showErrorMessage = True
    rule.errorStyle = "stop"
    rule.errorTitle = "Valore non ammesso"
    rule.error = error
    return rule


def _list_rule(
    lists: Worksheet, place: int, column: Column, choices: Sequence[str]
) -> DataValidation:
    put(lists.cell(1, place), column.title_it)
    for row, choice in enumerate(choices, start=2):
        put(lists.cell(row, place), choice)
    letter = get_column_letter(place)
    source = f"'{LISTS_SHEET}'!${letter}$2:${letter}${len(choices) + 1}"
    return _stop(
        DataValidation(type="list", formula1=source), "Scegliere una voce dell'elenco a discesa."
    )


def _date_rule(column: Column, limits: Limits) -> DataValidation:
    ours = column.name in PROJECT_DATES
    first, last = (limits.first_day, limits.last_day) if ours else (EARLIEST, LATEST)
    rule = DataValidation(
        type="date",
        operator="between",
        formula1=str((first - EPOCH).days),
        formula2=str((last - EPOCH).days),
    )
    return _stop(rule, f"Scrivere una data tra il {first:%d/%m/%Y} e il {last:%d/%m/%Y}.")


def _number_rule(column: Column) -> DataValidation:
    low = -1e12 if column.minimum is None else column.minimum
    high = 1e12 if column.maximum is None else column.maximum
    kind, noun = (
        ("whole", "un numero intero") if column.type is Type.INT else ("decimal", "un numero")
    )
    rule = DataValidation(
        type=kind, operator="between", formula1=f"{low:.0f}", formula2=f"{high:.0f}"
    )
    return _stop(rule, f"Scrivere {noun}{_range_words(column)}.")


def _range_words(column: Column) -> str:
    words = ""
    if column.minimum is not None:
        words += f" da {column.minimum:.0f}"
    if column.maximum is not None:
        words += f" fino a {column.maximum:.0f}"
    return words


def _fill_guide(book: Workbook, table: Table, columns: Sequence[Column]) -> None:
    guide = book.create_sheet(GUIDE_SHEET)
    put(guide.cell(1, 1), table.title_it).font = TITLE_FONT
    lines = (
        f"Una riga per: {table.grain_it}.",
        f"La riga con «{EXAMPLE_MARK}» è un esempio e non viene letta.",
        "Le colonne con * sono obbligatorie. Non cambiare i nomi delle colonne.",
        "Un dato che non c'è si lascia vuoto.",
    )
    for row, line in enumerate(lines, start=2):
        put(guide.cell(row, 1), line)
    if table.about_people:
        text = "Il file contiene dati personali: conservarlo e inviarlo in modo protetto."
        put(guide.cell(6, 1), text).font = WARNING_FONT
    _fill_guide_table(guide, 8, table, columns)
    for letter, width in (("A", 34), ("B", 80), ("C", 16)):
        guide.column_dimensions[letter].width = width
    set_page(guide, 8)


def _fill_guide_table(guide: Worksheet, top: int, table: Table, columns: Sequence[Column]) -> None:
    for place, title in enumerate(("Colonna", "Che cosa scrivere", "Obbligatoria"), start=1):
        cell = put(guide.cell(top, place), title)
        cell.font, cell.fill = HEADER_FONT, HEADER_FILL
    for row, column in enumerate(columns, start=top + 1):
        needed = "sì" if is_required(table, column) else "no"
        for place, text in enumerate((column.title_it, column.description, needed), start=1):
            put(guide.cell(row, place), text).alignment = WRAPPED


def _fill_stamp(book: Workbook, table: Table) -> None:
    stamp = book.create_sheet(STAMP_SHEET)
    for row, (name, value) in enumerate((("tabella", table.name), ("versione", VERSION)), start=1):
        put(stamp.cell(row, 1), name)
        put(stamp.cell(row, 2), value, "")
    stamp.sheet_state = "veryHidden"
