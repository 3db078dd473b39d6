"""Workbooks (xlsx, xls, ods) -> the cells of every sheet as text, with what each cell was.

python-calamine parses; what it does not say (formulas without a stored value, errors) comes
from the scans of the file itself. Runs in the child process, see ``child``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine as calamine

from bgest_analysis.read.archive import Archive
from bgest_analysis.read.guard import Container, Limits, preflight, refuse
from bgest_analysis.read.letters import (
    BOOLEAN,
    DATE,
    DURATION,
    EMPTY,
    ERROR,
    FORMULA,
    NUMBER,
    TEXT,
    TIME,
)
from bgest_analysis.read.scan_ods import scan_ods
from bgest_analysis.read.scan_xls import scan_compound
from bgest_analysis.read.scan_xlsx import BookScan, SheetScan, scan_xlsx

_ODS_DURATION = re.compile(r"^PT(\d+)H(\d+)M(\d+(?:\.\d+)?)S$")


Column = tuple[list[str], str]


@dataclass(frozen=True)
class SheetCells:
    """The cells of one sheet, from row 1 and column A.

    Parameters
    ----------
    texts
        One list of strings a sheet column, empty cells ``""``.
    kinds
        For each column one string, a letter of ``letters.KINDS`` a cell.
    merged
        Merged ranges as (first row, first column, last row, last column), from 0.
    """

    name: str
    visible: bool
    texts: list[list[str]]
    kinds: list[str]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    date1904: bool = False
    hidden_rows: int = 0
    external_links: bool = False


def scan_workbook(path: Path, shown_as: str, limits: Limits) -> BookScan:
    """Refuse a workbook that is not safe to parse; else say what parsing will not show."""
    container = preflight(path, shown_as, limits)
    if container is Container.ODS:
        with Archive(path, shown_as, limits) as archive:
            return scan_ods(archive)
    with path.open("rb") as handle:
        zipped = handle.read(2) == b"PK"
    if not zipped:
        return scan_compound(path, shown_as, limits, container is Container.XLSX)
    with Archive(path, shown_as, limits) as archive:
        return scan_xlsx(archive)


def read_workbook(path: Path, shown_as: str, limits: Limits) -> list[SheetCells]:
    """Return the sheets of a workbook that passed the scans.

    Raises
    ------
    UnsafeInput
        If the scans refuse it, or the parser does.
    """
    scan = scan_workbook(path, shown_as, limits)
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        return [_sheet(book, meta, scan) for meta in book.sheets_metadata if _is_table(meta)]
    except calamine.PasswordError as error:
        raise refuse(
            "{file} è protetto da password; toglierla con Excel e salvare", shown_as
        ) from error
    except (calamine.CalamineError, OSError) as error:
        raise refuse(
            "{file} è danneggiato o incompleto; aprirlo con Excel, salvarlo e rimandarlo", shown_as
        ) from error


def _is_table(meta: calamine.SheetMetadata) -> bool:
    return meta.typ is calamine.SheetTypeEnum.WorkSheet


def _sheet(
    book: calamine.CalamineWorkbook, meta: calamine.SheetMetadata, scan: BookScan
) -> SheetCells:
    sheet = book.get_sheet_by_name(meta.name)
    found = scan.sheets.get(meta.name, SheetScan())
    rows = sheet.to_python(skip_empty_area=False)
    columns = [_column(values) for values in zip(*rows, strict=True)]
    columns = _mark(columns, len(rows), found)
    return SheetCells(
        name=meta.name,
        visible=meta.visible is calamine.SheetVisibleEnum.Visible,
        texts=[texts for texts, _ in columns],
        kinds=[kinds for _, kinds in columns],
        merged=tuple((*start, *end) for start, end in sheet.merged_cell_ranges or ()),
        date1904=scan.date1904,
        hidden_rows=found.hidden_rows,
        external_links=scan.external_links,
    )


# --- one column: values of calamine -> texts and kinds ----------------------------------------
def _text(value: str) -> tuple[str, str]:
    if not value:
        return "", EMPTY
    if value.startswith("PT") and (found := _ODS_DURATION.match(value)):
        seconds = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])
        return _number_text(seconds), DURATION
    return value, TEXT


def _number_text(value: float) -> str:
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


_READERS: dict[type, tuple[Callable[[Any], str], str]] = {
    float: (_number_text, NUMBER),
    int: (str, NUMBER),
    bool: (lambda value: "1" if value else "0", BOOLEAN),
    dt.date: (dt.date.isoformat, DATE),
    dt.datetime: (dt.datetime.isoformat, DATE),
    dt.time: (lambda value: value.strftime("%H:%M:%S"), TIME),
    dt.timedelta: (lambda value: _number_text(value.total_seconds()), DURATION),
}


def _cell(value: Any) -> tuple[str, str]:
    kind = type(value)
    if kind is str:
        return _text(value)
    reader, letter = _READERS[kind]
    return reader(value), letter


def _letters(values: Sequence[str]) -> str:
    return "".join([TEXT if value else EMPTY for value in values])


def _column(values: Sequence[Any]) -> Column:
    types = set(map(type, values))
    if types == {float}:
        return [_number_text(value) for value in values], NUMBER * len(values)
    if types == {str} and not any(value.startswith("PT") for value in set(values)):
        full = "" not in values
        return list(values), TEXT * len(values) if full else _letters(values)
    memo: dict[tuple[type, Any], tuple[str, str]] = {}
    cells = []
    for value in values:
        key = (type(value), value)
        if key not in memo:
            memo[key] = _cell(value)
        cells.append(memo[key])
    return [text for text, _ in cells], "".join(letter for _, letter in cells)


def _mark(columns: list[Column], rows: int, scan: SheetScan) -> list[Column]:
    """Write into the cells what the parser reads as empty: formulas without value, errors."""
    marks: dict[int, dict[int, tuple[str, str]]] = {}
    for row, column in scan.formulas:
        marks.setdefault(column, {})[row] = ("", FORMULA)
    for (row, column), text in scan.errors.items():
        marks.setdefault(column, {})[row] = (text, ERROR)
    marks.pop(-1, None)
    if not marks:
        return columns
    height = max(rows, *(1 + max(column) for column in marks.values()))
    width = max(len(columns), 1 + max(marks))
    empty: list[Column] = [([], "")] * (width - len(columns))
    grown = [*columns, *empty]
    return [_mark_column(pair, height, marks.get(n, {})) for n, pair in enumerate(grown)]


def _mark_column(pair: Column, height: int, marks: dict[int, tuple[str, str]]) -> Column:
    missing = height - len(pair[0])
    texts = pair[0] + [""] * missing
    letters = [*pair[1], *(EMPTY * missing)]
    for row, (text, letter) in marks.items():
        if not texts[row]:
            texts[row], letters[row] = text, letter
    return texts, "".join(letters)
