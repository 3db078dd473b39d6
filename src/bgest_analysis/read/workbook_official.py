"""Workbooks of official publications, and official tables saved as Excel."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from bgest_analysis.errors import UnsafeInput
from bgest_analysis.read.header import assemble, choose, fitting, unknown_layout
from bgest_analysis.read.raw import RawTable
from bgest_analysis.read.text_file import HEAD_RECORDS, Record
from bgest_analysis.read.zipped import is_zip, open_zip

MOST_SHEETS = 500
MOST_CELLS = 20_000_000


def read_workbook_tables(content: bytes, shown_as: str, file_name: str) -> list[RawTable]:
    """Read the sheets of a workbook that have a known layout; legends and the like are left.

    Raises
    ------
    UnknownLayout
        If no sheet has one.
    UnsafeInput
        If the workbook cannot be opened.
    """
    heads: dict[str, Sequence[Record]] = {}
    tables = []
    for name, rows in _sheets(content, shown_as):
        candidates = fitting(rows[:HEAD_RECORDS], name)
        if candidates:
            remarks = {"nome_file": file_name, "foglio": name}
            tables.append(assemble(rows, choose(candidates, shown_as), shown_as, name, remarks))
        else:
            heads[name] = rows[:HEAD_RECORDS]
    if not tables:
        raise unknown_layout(heads, shown_as)
    return tables


def _sheets(content: bytes, shown_as: str) -> Iterator[tuple[str, list[Record]]]:
    if is_zip(content):
        open_zip(content, shown_as).close()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if len(book.sheet_names) > MOST_SHEETS:
            raise UnsafeInput(
                "{file} ha troppi fogli ({numero}); tenere solo quelli con i dati",
                file=shown_as,
                numero=len(book.sheet_names),
            )
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                raise UnsafeInput(
                    "{file}, foglio {foglio}: troppe celle; cancellare le righe e le colonne "
                    "vuote in fondo e salvare di nuovo",
                    file=shown_as,
                    foglio=name,
                )
            yield name, _records(sheet.to_python(skip_empty_area=False))
    except CalamineError as error:
        raise UnsafeInput(
            "{file} non si apre come foglio di calcolo: danneggiato, protetto da password o di un "
            "altro tipo; aprirlo in Excel e salvarne una copia .xlsx senza password",
            file=shown_as,
        ) from error


def _records(rows: Sequence[Sequence[Any]]) -> list[Record]:
    return [Record(line, [_text(cell) for cell in row]) for line, row in enumerate(rows, 1)]


def _text(cell: Any) -> str:
    """Return a cell as text: whole numbers without decimals, dates in ISO form."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)
