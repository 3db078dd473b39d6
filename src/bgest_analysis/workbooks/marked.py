"""The copy a sender gets back: bad cells red and commented, and a sheet that lists them all.

The original is never touched. A comment says what is wrong and how to mend it; the value of a
personal column is in no comment and in no line of the list.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bgest_analysis.errors import UnsafeInput, UsageError
from bgest_analysis.problems.record import Problem, Treatment
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workbooks.writer import (
    AUTHOR,
    HEADER_FILL,
    HEADER_FONT,
    NOTE_FONT,
    TITLE_FONT,
    WARNING_FILL,
    WARNING_FONT,
    WRAPPED,
    clean_text,
    new_workbook,
    put,
    save_workbook,
    set_page,
    sheet_name,
)

MOST_COMMENTS = 2_000
MOST_LINES = 50_000
COMMENT_SIZE = (320, 130)
WIDTHS = (18, 10, 24, 60, 24, 60)
LINE = 15.0  # points
ERRORS_SHEET = "Errori"
UNSHOWN = "…"
EXCEL = (".xlsx", ".xlsm")
HARMLESS = frozenset({Treatment.AVVISO, Treatment.CORREZIONE})


@dataclass(frozen=True)
class Mark:
    """One line of the list: where it is, what is wrong, which rule, how to mend it.

    ``row`` and ``letter`` are empty (``None``, ``""``) where the problem is of a whole column
    or of the whole file. ``harmless`` ones (repaired, only to look at) are not coloured.
    """

    sheet: str
    row: int | None
    letter: str
    column: str
    what: str
    rule: str
    remedy: str
    harmless: bool = False

    @property
    def cell(self) -> str:
        """The cell as Excel names it, or as much of it as is known."""
        return f"{self.letter}{'' if self.row is None else self.row}"


@dataclass(frozen=True)
class PlainSheet:
    """A sheet as read from a file that is not xlsx: cells by row number of the file."""

    name: str
    rows: Mapping[int, Sequence[str]]


def collect_marks(
    problems: Iterable[Problem],
    letters: Mapping[str, Mapping[str, str]],
    language: str = "it",
    personal: frozenset[str] = frozenset(),
    headers: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Mark]:
    """Return the marks of the problems of one file, in the order of its sheets and rows.

    Parameters
    ----------
    letters
        For each sheet (``""`` for text files), the letter of each column that was recognised.
    personal
        Columns whose values are dropped even if a problem carries them.
    headers
        For each sheet, what the sender calls each column that was recognised.
    """
    marks = [
        _mark(problem, letters, language, personal, (headers or {}).get(problem.sheet, {}))
        for problem in problems
    ]
    order = {name: place for place, name in enumerate(letters)}
    last = len(order)
    return sorted(
        marks, key=lambda m: (order.get(m.sheet, last), m.row or 0, len(m.letter), m.letter)
    )


def _mark(
    problem: Problem,
    letters: Mapping[str, Mapping[str, str]],
    language: str,
    personal: frozenset[str],
    headers: Mapping[str, str],
) -> Mark:
    value = UNSHOWN if problem.column in personal else problem.value
    name = headers.get(problem.column, problem.column)
    fields = {"colonna": name, "valore": value}
    return Mark(
        sheet=problem.sheet,
        row=problem.row,
        letter=letters.get(problem.sheet, {}).get(problem.column, ""),
        column=name,
        what=Message(problem.rule.what, fields).render(language),
        rule=problem.rule.code,
        remedy=Message(problem.rule.remedy, fields).render(language),
        harmless=problem.rule.treatment in HARMLESS,
    )


def mark_workbook(source: Path, target: Path, marks: Sequence[Mark], language: str = "it") -> bool:
    """Write a marked copy of an Excel file that was already found safe to open.

    Returns
    -------
    Whether it could: openpyxl, which keeps the sender's look, fails on workbooks whose cells
    were read well; then nothing is written.

    Raises
    ------
    UsageError
        If the copy would overwrite the original.
    UnsafeInput
        If the file is no Excel workbook.
    """
    if target.resolve() == source.resolve():
        raise UsageError("la copia segnata non può sostituire il file {file}", file=source.name)
    if source.suffix.lower() not in EXCEL:
        raise UnsafeInput("{file} non è un file xlsx", file=source.name)
    try:
        book = load_workbook(source, keep_links=False)
        _mark_sheets(book, marks)
        _finish(book, target, marks, language)
    except OSError as fault:
        if fault.errno is not None:  # the disk's own refusal
            raise
        return False
    except Exception:  # noqa: BLE001  a damaged style or part: it fails in ways nobody lists
        return False
    return True


def mark_plain(
    sheets: Sequence[PlainSheet], target: Path, marks: Sequence[Mark], language: str = "it"
) -> None:
    """Write a marked Excel copy of a csv, xls or ods file from its cells as text.

    Each row stands at the number it has in the file; the unnamed sheet of a text file is
    called ``Dati``.
    """
    book = new_workbook()
    for sheet in sheets:
        page = book.create_sheet(sheet_name(sheet.name or "Dati", book.sheetnames))
        for number, cells in sheet.rows.items():
            for place, text in enumerate(cells, start=1):
                put(page.cell(number, place), text)
    names = {sheet.name: page.title for sheet, page in zip(sheets, book.worksheets, strict=True)}
    _mark_sheets(book, marks, names)
    _finish(book, target, marks, language)


def _mark_sheets(
    book: Workbook, marks: Sequence[Mark], names: Mapping[str, str] | None = None
) -> None:
    grouped: dict[tuple[str, str], list[Mark]] = {}
    for mark in marks:
        if mark.row is not None and mark.letter and not mark.harmless:
            name = (names or {}).get(mark.sheet, mark.sheet)
            grouped.setdefault((name, mark.cell), []).append(mark)
    for number, ((name, cell), found) in enumerate(grouped.items()):
        if name in book.sheetnames:
            _mark_cell(book[name], cell, found, commented=number < MOST_COMMENTS)


def _mark_cell(page: Worksheet, place: str, found: Sequence[Mark], *, commented: bool) -> None:
    cell = page[place]
    if isinstance(cell, MergedCell):
        cell = page[_anchor(page, place)]
    cell.fill = WARNING_FILL
    cell.font = WARNING_FONT
    if commented:
        text = clean_text("\n".join(f"{mark.what}\n→ {mark.remedy}" for mark in found))
        cell.comment = Comment(text, AUTHOR, width=COMMENT_SIZE[0], height=COMMENT_SIZE[1])


def _anchor(page: Worksheet, place: str) -> str:
    """Return the first cell of the merged range that holds a cell."""
    merged = next(area for area in page.merged_cells.ranges if place in area)
    return f"{get_column_letter(merged.min_col)}{merged.min_row}"


def _finish(book: Workbook, target: Path, marks: Sequence[Mark], language: str) -> None:
    page = book.create_sheet(sheet_name(ERRORS_SHEET, book.sheetnames), 0)
    _list_marks(page, marks, language)
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is page
    book.active = 0
    save_workbook(book, target, ERRORS_SHEET)


def _list_marks(page: Worksheet, marks: Sequence[Mark], language: str) -> None:
    put(
        page.cell(1, 1), T("Errori trovati: {n:int}", n=len(marks)), language=language
    ).font = TITLE_FONT
    put(page.cell(1, 4), T("Correggere il file originale: questa copia non viene letta."),
        language=language).font = NOTE_FONT  # fmt: skip
    titles = (T("Foglio"), T("Cella"), T("Colonna"), T("Cosa"), T("Regola"), T("Rimedio"))
    for place, title in enumerate(titles, start=1):
        cell = put(page.cell(2, place), title, language=language)
        cell.font, cell.fill = HEADER_FONT, HEADER_FILL
    for row, mark in enumerate(marks[:MOST_LINES], start=3):
        texts = (mark.sheet, mark.cell, mark.column, mark.what, mark.rule, mark.remedy)
        for place, text in enumerate(texts, start=1):
            put(page.cell(row, place), text).alignment = WRAPPED
        page.row_dimensions[row].height = LINE * max(
            math.ceil(len(text) / width) for text, width in zip(texts, WIDTHS, strict=True)
        )
    if len(marks) > MOST_LINES:
        more = T("e altri {n:int} problemi, non elencati", n=len(marks) - MOST_LINES)
        put(page.cell(MOST_LINES + 3, 1), more, language=language).font = WARNING_FONT
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A3"
    set_page(page, 2)
    page.auto_filter.ref = f"A2:F{min(len(marks), MOST_LINES) + 2}"
