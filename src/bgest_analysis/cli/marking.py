"""The copy a sender gets back: bad cells marked, a sheet of errors, the original untouched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from openpyxl.utils import column_index_from_string

from bgest_analysis.problems.record import ProblemLog
from bgest_analysis.read.headers import REMARK, header_report
from bgest_analysis.read.raw import RawTable
from bgest_analysis.schema.codes import hides_values
from bgest_analysis.schema.ingresso import input_columns
from bgest_analysis.schema.model import Table
from bgest_analysis.workbooks.marked import PlainSheet, collect_marks, mark_plain, mark_workbook
from bgest_analysis.workspace import MARKED

EXCEL = ".xlsx"


def write_marked_copy(
    file: Path, raws: Sequence[RawTable], logs: Sequence[ProblemLog], table: Table, language: str
) -> Path:
    """Write the marked copy beside the file and return where it is.

    Parameters
    ----------
    raws
        The sheets as read, for the letters of their columns.
    logs
        The problems of each sheet.
    """
    letters = {raw.sheet: letters_of(raw) for raw in raws}
    personal = frozenset(c.name for c in table.columns if hides_values(table, c))
    pairs = zip(raws, logs, strict=True)  # the sender knows the sheets by their own names
    problems = [replace(p, sheet=raw.sheet) for raw, log in pairs for p in log.problems()]
    headers = {raw.sheet: headers_of(raw, table) for raw in raws}
    marks = collect_marks(problems, letters, language, personal, headers)
    target = free_name(file)
    if file.suffix.lower() != EXCEL or not mark_workbook(file, target, marks, language):
        sheets = [PlainSheet(raw.sheet, rows_of(raw, letters[raw.sheet])) for raw in raws]
        mark_plain(sheets, target, marks, language)
    return target


def letters_of(raw: RawTable) -> dict[str, str]:
    """Return our column -> letter of the sheet; empty for sheets that are no plain table."""
    return header_report(raw).letters if REMARK in raw.remarks else {}


def headers_of(raw: RawTable, table: Table) -> dict[str, str]:
    """Return our column -> what the sender calls it, our title where the sheet lacks it."""
    titles = {column.name: column.title_it for column in (*table.columns, *input_columns(table))}
    if REMARK not in raw.remarks:
        return titles
    own = {head.column: head.text for head in header_report(raw).known}
    return {**titles, **own}


def rows_of(raw: RawTable, letters: Mapping[str, str]) -> dict[int, list[str]]:
    """Return the recognised cells of a sheet, each in the column and row it has in the file."""
    places = {name: column_index_from_string(letter) for name, letter in letters.items()}
    width = max(places.values(), default=0)
    rows: dict[int, list[str]] = {}
    records = raw.cells[list(places)].to_dict("records") if places else []
    for number, record in zip(raw.cells.index.tolist(), records, strict=False):
        cells = [""] * width
        for name, place in places.items():
            cells[place - 1] = str(record[name])
        rows[int(number)] = cells
    return rows


def free_name(file: Path) -> Path:
    """Return a name beside the file that nothing has yet."""
    first = file.with_name(f"{file.stem} {MARKED}{EXCEL}")
    if not first.exists():
        return first
    others = (file.with_name(f"{file.stem} {MARKED}-{n}{EXCEL}") for n in count(2))
    return next(path for path in others if not path.exists())
