"""The tables of a document as a workbook: an index, one sheet a table, its notes below."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from bgest_analysis.errors import SchemaViolation
from bgest_analysis.text.formats import format_value
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workbooks.writer import (
    BORDER,
    HEADER_FILL,
    HEADER_FONT,
    LINK_FONT,
    NOTE_FONT,
    TITLE_FONT,
    WARNING_FILL,
    WARNING_FONT,
    WRAPPED,
    new_workbook,
    plain_value,
    put,
    save_workbook,
    set_page,
    sheet_name,
)

Text = Message | str
NARROWEST, WIDEST = 9, 48
SAMPLED_ROWS = 300


@dataclass(frozen=True)
class SheetColumn:
    """A column of an annex sheet: heading and format spec (``text.formats``)."""

    title: Text
    format: str = "text"


@dataclass(frozen=True)
class Sheet:
    """One table of the annex.

    Parameters
    ----------
    title
        Name of the sheet, e.g. ``Tabella 1``; shortened and made unique where needed.
    caption
        What the table shows.
    rows
        Values as in the block's grid: numbers, text, dates, ``Message``, ``Hidden``, ``None``.
    notes
        Lines under the table: n, source, what is hidden and why.
    warning
        A line in red above the table, e.g. that the data are synthetic.
    """

    title: Text
    caption: Text
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[Text, ...] = ()
    warning: Text = ""

    def __post_init__(self) -> None:
        wrong = [i for i, row in enumerate(self.rows) if len(row) != len(self.columns)]
        if wrong:
            raise SchemaViolation("righe con un numero sbagliato di celle: {rows}", rows=wrong)


def write_annex(
    path: Path,
    title: Text,
    sheets: tuple[Sheet, ...],
    language: str = "it",
    notes: tuple[Text, ...] = (),
) -> None:
    """Write the annex; the first sheet is the index, each line a link to its table.

    Parameters
    ----------
    title
        Title of the document the tables belong to.
    notes
        Lines under the index (sources, licence, how to cite).
    """
    book = new_workbook()
    heading = _text(title, language)
    index = book.create_sheet(_text(T("Indice"), language))
    index.sheet_view.showGridLines = False
    names = [_add_sheet(book, sheet, index.title, language) for sheet in sheets]
    _fill_index(index, heading, sheets, names, notes, language)
    save_workbook(book, path, heading)


def _text(value: Text, language: str) -> str:
    return value.render(language) if isinstance(value, Message) else value


def _add_sheet(book: Workbook, sheet: Sheet, index: str, language: str) -> str:
    name = sheet_name(_text(sheet.title, language), book.sheetnames)
    page = book.create_sheet(name)
    put(page.cell(1, 1), sheet.caption, language=language).font = TITLE_FONT
    _link(page, 2, index, _text(T("Torna all'indice"), language))
    top = 3
    if _text(sheet.warning, language):
        _warn(page, top, sheet.warning, language)
        top += 1
    _fill_table(page, top, sheet, language)
    _fill_notes(page, top + len(sheet.rows) + 2, sheet.notes, language)
    _set_widths(page, sheet, language)
    page.freeze_panes = page.cell(top + 1, 1)
    set_page(page, top)
    return name


def _warn(page: Worksheet, row: int, text: Text, language: str) -> None:
    cell = put(page.cell(row, 1), text, language=language)
    cell.font, cell.fill = WARNING_FONT, WARNING_FILL


def _fill_table(page: Worksheet, top: int, sheet: Sheet, language: str) -> None:
    for place, column in enumerate(sheet.columns, start=1):
        cell = put(page.cell(top, place), column.title, language=language)
        cell.font, cell.fill, cell.alignment = HEADER_FONT, HEADER_FILL, WRAPPED
    for number, row in enumerate(sheet.rows, start=top + 1):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True), start=1):
            put(page.cell(number, place), value, column.format, language).border = BORDER


def _fill_notes(page: Worksheet, row: int, notes: tuple[Text, ...], language: str) -> None:
    for number, note in enumerate(notes, start=row):
        put(page.cell(number, 1), note, language=language).font = NOTE_FONT


def _set_widths(page: Worksheet, sheet: Sheet, language: str) -> None:
    for place, column in enumerate(sheet.columns):
        longest_word = max((len(w) for w in _text(column.title, language).split()), default=0)
        shown = [_shown(row[place], column.format, language) for row in sheet.rows[:SAMPLED_ROWS]]
        width = max([longest_word + 2, *(len(text) + 2 for text in shown)])
        letter = get_column_letter(place + 1)
        page.column_dimensions[letter].width = min(max(width, NARROWEST), WIDEST)


def _shown(value: Any, spec: str, language: str) -> str:
    plain = plain_value(value, language)
    return plain if isinstance(plain, str) else format_value(plain, spec, language)


def _link(page: Worksheet, row: int, target: str, text: str) -> None:
    cell = put(page.cell(row, 1), text)
    quoted = target.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1")
    cell.data_type = "s"
    cell.font = LINK_FONT


def _fill_index(
    index: Worksheet,
    heading: str,
    sheets: tuple[Sheet, ...],
    names: list[str],
    notes: tuple[Text, ...],
    language: str,
) -> None:
    put(index.cell(1, 1), heading).font = TITLE_FONT
    for place, title in enumerate((T("Foglio"), T("Tabella"), T("Righe")), start=1):
        cell = put(index.cell(3, place), title, language=language)
        cell.font, cell.fill = HEADER_FONT, HEADER_FILL
    for number, (sheet, name) in enumerate(zip(sheets, names, strict=True), start=4):
        _link(index, number, name, name)
        put(index.cell(number, 2), sheet.caption, language=language).alignment = WRAPPED
        put(index.cell(number, 3), len(sheet.rows), "int")
    _fill_notes(index, len(sheets) + 5, notes, language)
    for letter, width in (("A", 24), ("B", 90), ("C", 9)):
        index.column_dimensions[letter].width = width
    set_page(index, 3)
