"""Attendance kept as a grid, bodies by dates with a cross for who came -> one row a presence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.body import TOTAL
from bgest_analysis.read.exports import Entry, long_table
from bgest_analysis.read.grid import Grid
from bgest_analysis.read.headers import letter as column_letter
from bgest_analysis.read.headers import synonyms
from bgest_analysis.read.project import ReadOptions, read_grids
from bgest_analysis.read.raw import RawTable
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.vocabulary.matcher import fold

COLUMNS = ("data", "livello", "ente_id", "ruolo", "n_persone", "lettera")
LAYOUT = "presenze.griglia"
ABSENT = "assente"
FEWEST_DATES = 2
LARGEST_GRID = 2_000
_MONTHS = "gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic"
_DATE = re.compile(
    rf"^\d{{1,2}}[/\-]\d{{1,2}}([/\-]\d{{2,4}})?$|^\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}}$|^\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|^\d{{1,2}}[ \-]({_MONTHS})[a-z]*\.?([ \-]\d{{2,4}})?$",
    re.IGNORECASE,
)
_PRESENT = {"x", "p", "presente", "presenti", "si", "s", "1", "✓", "✔"}
_ABSENT = {
    "a",
    "assente",
    "assenti",
    "no",
    "n",
    "0",
    "g",
    "ag",
    "giustificato",
    "giust",
    "assente giustificato",
    "assente g",
    "ass",
    "ass giust",
    "a g",
    "assente non giustificato",
}
_TOTALS = re.compile(r"^(tot\b|total)")


@dataclass(frozen=True)
class _Crossing:
    """Where the dates stand, and where the bodies."""

    header: int
    dates: tuple[int, ...]
    body: int
    role: int | None
    level: int | None


def read_attendance(path: Path, options: ReadOptions | None = None) -> list[RawTable]:
    """Return the presences written in the grids of a file.

    Parameters
    ----------
    path
        Workbook or text file with one grid a sheet: bodies in rows and dates in columns, or the
        other way round; "X", "P", a number or "A" in the cells; the level of the meeting may
        stand above each date.

    Returns
    -------
    list of RawTable
        Columns ``COLUMNS``: the date as written, body, role, number of persons (1 for a cross),
        letter of the source column. Absences are left out by the rule ``assente``; a mark that
        is neither stays as it is, for a person to read.

    Raises
    ------
    UnknownLayout
        If no sheet holds a grid.
    """
    chosen = options or ReadOptions()
    shown_as = chosen.shown_as or path.name
    book, tables = read_grids(path, chosen), []
    for grid in book.grids:
        cells = grid.top(LARGEST_GRID)
        found = _find(cells)
        if found is not None:
            tables.append(_unfold(grid, cells, found, shown_as, crossed=False))
            continue
        turned = [list(row) for row in zip(*cells, strict=True)]
        found = _find(turned)
        if found is not None:
            tables.append(_unfold(grid, turned, found, shown_as, crossed=True))
    if not tables:
        raise UnknownLayout(
            "in {file} non trovo una griglia di presenze: servono le date in una riga (o in una "
            "colonna) e gli enti nell'altra; usare il modello «Presenze agli incontri»",
            file=shown_as,
        )
    return book.remark_unread(tables)


def _find(cells: list[list[str]]) -> _Crossing | None:
    """Return the row with most dates, and the first column of texts to their left."""
    dates = [tuple(n for n, cell in enumerate(row) if _DATE.match(cell)) for row in cells[:60]]
    if not dates:
        return None
    header = max(range(len(dates)), key=lambda row: (len(dates[row]), -row))
    if len(dates[header]) < FEWEST_DATES or dates[header][0] == 0:
        return None
    left = range(dates[header][0])
    role = next((n for n in left if _is_role(cells[header][n])), None)
    texts = {n: sum(_is_name(row[n]) for row in cells[header + 1 :]) for n in left if n != role}
    body = max(texts, key=lambda n: (texts[n], -n), default=None)
    if body is None or not texts[body]:
        return None
    meetings = tuple(sorted({*dates[header], *_undated(cells, header, dates[header][0])}))
    if not _mostly_marks(cells[header + 1 :], meetings):
        return None
    above = header - 1
    named = above >= 0 and any(cells[above][n] for n in meetings)
    return _Crossing(header, meetings, body, role, above if named else None)


def _mostly_marks(below: list[list[str]], columns: tuple[int, ...]) -> bool:
    """Tell whether the cells say who came; a list turned on its side has anything in them."""
    cells = [row[n] for row in below for n in columns if row[n]]
    marks = [cell for cell in cells if persons_of(cell) in ("0", "1") or cell.isdigit()]
    return 2 * len(marks) > len(cells)


def _undated(cells: list[list[str]], header: int, first: int) -> list[int]:
    """Return columns right of the first date that are meetings too, by their crosses.

    Their heading ("ottobre 2021", "rinviata") is no day: a person will be asked for it.
    """
    found = []
    for n in range(first + 1, len(cells[header])):
        title = cells[header][n]
        if title and not _DATE.match(title) and not _TOTALS.match(fold(title)):
            marks = [persons_of(row[n]) for row in cells[header + 1 :] if row[n].isalpha()]
            if any(mark in ("0", "1") for mark in marks):
                found.append(n)
    return found


def _is_role(text: str) -> bool:
    found = synonyms(TABLES["presenze"]).find(text) if text else None
    return found is not None and found[0] == "ruolo"


def _is_name(text: str) -> bool:
    return any(letter.isalpha() for letter in text) and not _DATE.match(text)


def _unfold(
    grid: Grid, cells: list[list[str]], found: _Crossing, shown_as: str, *, crossed: bool
) -> RawTable:
    entries: list[Entry] = []
    skipped: dict[str, list[int]] = {TOTAL: [], ABSENT: []}
    for row in range(found.header + 1, len(cells)):
        body = cells[row][found.body]
        for column in found.dates:
            mark = cells[row][column]
            place, letter_of = (column, row) if crossed else (row, column)
            if not mark or not body:
                continue
            persons = persons_of(mark)
            if _TOTALS.match(fold(body)):
                skipped[TOTAL].append(place)
            elif persons == "0":
                skipped[ABSENT].append(place)
            else:
                values = _values(cells, found, row, column)
                entries.append(Entry(place, (*values, persons, column_letter(letter_of))))
    return long_table(grid, shown_as, LAYOUT, COLUMNS, entries, skipped=skipped)


def _values(cells: list[list[str]], found: _Crossing, row: int, column: int) -> tuple[str, ...]:
    """Return date, level, body and role of one cell of the grid."""
    level = _level(cells[found.level], column) if found.level is not None else ""
    role = cells[row][found.role] if found.role is not None else ""
    return cells[found.header][column], level, cells[row][found.body], role


def _level(row: list[str], column: int) -> str:
    """Return the text above a date, or the last one to its left (a merged heading)."""
    return next((row[n] for n in range(column, -1, -1) if row[n]), "")


def persons_of(mark: str) -> str:
    """Return "1" for a cross, "0" for an absence, any other mark as it is."""
    folded = fold(mark) or mark.lower()
    if folded in _PRESENT or mark in _PRESENT:
        return "1"
    return "0" if folded in _ABSENT else mark
