"""Timesheets kept as a grid, mediators by months or by days -> one row a cell with hours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.body import TOTAL
from bgest_analysis.read.exports import Entry, long_table
from bgest_analysis.read.grid import Grid
from bgest_analysis.read.headers import letter, synonyms
from bgest_analysis.read.letters import EMPTY, TEXT
from bgest_analysis.read.project import ReadOptions, read_grids
from bgest_analysis.read.raw import RawTable
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.vocabulary.matcher import fold

LAYOUT = "timesheet.griglia"
UNIT = "unita_ore"
COLUMNS = ("mediatore", "mese", "firma", "lettera", "minuti")
FEWEST_MONTHS, FEWEST_DAYS = 3, 15
NO_HOURS, NO_HOURS_SIGNS = "senza_ore", frozenset("-–—/")
LARGEST_GRID, TOP = 2_000, 60
MONTHS = ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
          "settembre", "ottobre", "novembre", "dicembre")  # fmt: skip
_SHORT = {name[:3]: number for number, name in enumerate(MONTHS, start=1)}
_NAMED = re.compile(r"(?<![a-z])(" + "|".join(f"{m[:3]}(?:{m[3:]})?" for m in MONTHS)
                    + r")(?![a-z])\W*(?:(?:20)?(\d{2})(?!\d))?")  # fmt: skip
_DATE = re.compile(r"^(?:(20\d\d)-(\d\d)-\d\d(?!\d)|(?:\d{1,2}[/.-])?(\d{1,2})[/.-](20\d\d)$)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_TOTALS = re.compile(r"^(tot\b|total|somma)")


@dataclass(frozen=True)
class _Crossing:
    """Where the grid stands: its header, the period of each column, the names, the signatures."""

    header: int
    periods: dict[int, str]
    names: int
    signature: int | None


def read_timesheet_grid(path: Path, options: ReadOptions | None = None) -> list[RawTable]:
    """Return the hours written in the grids of a file.

    Parameters
    ----------
    path
        Workbook or text file with one grid a sheet: mediators in rows, months (or the days of one
        month) in columns. A month without a year takes the one year that the titles above, the
        sheet's name or the file's name say; days take the one month.

    Returns
    -------
    list of RawTable
        Columns ``COLUMNS``; empty cells are no rows, rows and columns of totals are left out.

    Raises
    ------
    UnknownLayout
        If no sheet holds a grid.
    """
    chosen = options or ReadOptions()
    shown_as = chosen.shown_as or path.name
    stem = shown_as.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    book, tables = read_grids(path, chosen), []
    for grid in book.grids:
        cells = grid.top(LARGEST_GRID)
        found = _find(cells, (grid.name, stem))
        if found is not None:
            tables.append(_unfold(grid, cells, found, shown_as))
    if not tables:
        raise UnknownLayout(
            "in {file} non trovo le intestazioni dei fogli ore e nemmeno una griglia: servono i "
            "mediatori nelle righe e i mesi (o i giorni di un mese) nelle colonne; usare il "
            "modello «Fogli ore»",
            file=shown_as,
        )
    return book.remark_unread(tables)


def _find(cells: list[list[str]], names: tuple[str, str]) -> _Crossing | None:
    """Return the first row whose cells are months, or the days of a month, and what is beside."""
    for place, row in enumerate(cells[:TOP]):
        titles = [cell for above in cells[:place] for cell in above if cell]
        months = {n: found for n, cell in enumerate(row) if (found := _month_of(cell))}
        days = [n for n, cell in enumerate(row) if cell.isdigit() and 1 <= int(cell) <= 31]
        if len(months) >= FEWEST_MONTHS:
            periods = _with_year(months, (" ".join(titles), *names))
        elif len(days) >= FEWEST_DAYS and len({row[n] for n in days}) == len(days):
            periods = dict.fromkeys(days, _one_month((*titles, *names)))
        else:
            continue
        person = _names(cells, place, min(periods))
        if person is not None:
            return _Crossing(place, periods, person, _signature(row))
    return None


def _month_of(text: str) -> tuple[int, str] | None:
    """Return month and year (``""`` when it is not said) of a heading such as "gen 22"."""
    date = _DATE.match(text)
    if date:
        return int(date[2] or date[3]), date[1] or date[4]
    named = _NAMED.fullmatch(fold(text))
    return (_SHORT[named[1][:3]], f"20{named[2]}" if named[2] else "") if named else None


def _with_year(months: dict[int, tuple[int, str]], places: Sequence[str]) -> dict[int, str]:
    """Complete months without a year by the one year that titles or names say, if they do."""
    said = [set(_YEAR.findall(text)) for text in places]
    year = next((years.pop() for years in said if len(years) == 1), "")
    return {
        column: f"{MONTHS[month - 1]} {own or year}".strip()
        for column, (month, own) in months.items()
    }


def _one_month(texts: Sequence[str]) -> str:
    """Return the month that the titles, the sheet or the file name; ``""`` if not just one."""
    found = {(m[1][:3], m[2] or "") for text in texts for m in _NAMED.finditer(fold(text))}
    months = {month for month, _ in found}
    if len(months) != 1:
        return ""
    years = {f"20{year}" for _, year in found if year}
    years = years or {year for text in texts for year in _YEAR.findall(text)}
    year = years.pop() if len(years) == 1 else ""
    return f"{MONTHS[_SHORT[months.pop()] - 1]} {year}".strip()


def _names(cells: list[list[str]], header: int, first: int) -> int | None:
    """Return the column of the mediators: the one whose heading says so, else the only texts."""
    known = synonyms(TABLES["timesheet"])
    left = range(first)
    for column in left:
        match = known.find(cells[header][column]) if cells[header][column] else None
        if match is not None and match[0] == "mediatore":
            return column
    below = cells[header + 1 :]
    texts = [n for n in left if any(any(c.isalpha() for c in row[n]) for row in below)]
    return texts[0] if len(texts) == 1 else None


def _signature(row: list[str]) -> int | None:
    known = synonyms(TABLES["timesheet"])
    matches = ((n, known.find(text)) for n, text in enumerate(row) if text)
    return next((n for n, match in matches if match is not None and match[0] == "firma"), None)


def _unfold(grid: Grid, cells: list[list[str]], found: _Crossing, shown_as: str) -> RawTable:
    entries: list[Entry] = []
    totals: list[int] = []
    idle: list[int] = []
    for row in range(found.header + 1, len(cells)):
        name = cells[row][found.names]
        if not name:
            continue
        signed = cells[row][found.signature] if found.signature is not None else ""
        for column, period in found.periods.items():
            kind = _kind(grid, row, column)
            if kind == EMPTY or (kind == TEXT and not cells[row][column]):
                continue
            if cells[row][column] in NO_HOURS_SIGNS:
                idle.append(row)
                continue
            if _TOTALS.match(fold(name)):
                totals.append(row)
                continue
            values = (name, period, signed, letter(column), cells[row][column])
            entries.append(Entry(row, values, kind))
    return long_table(
        grid,
        shown_as,
        LAYOUT,
        _columns(found),
        [_kept(entry, found) for entry in entries],
        skipped={TOTAL: totals, NO_HOURS: idle},
        remarks={
            "riga_intestazione": str(grid.lines[found.header]),
            UNIT: _unit(cells[: found.header + 1]),
        },
    )


def _unit(above: list[list[str]]) -> str:
    """Return what a bare number counts: minutes where the titles say so and hours otherwise."""
    words = {word for row in above for cell in row for word in fold(cell).split()}
    return "minuti" if "minuti" in words and "ore" not in words else "ore"


def _columns(found: _Crossing) -> tuple[str, ...]:
    return tuple(c for c in COLUMNS if c != "firma" or found.signature is not None)


def _kept(entry: Entry, found: _Crossing) -> Entry:
    if found.signature is not None:
        return entry
    person, period, _, *rest = entry.cells
    return Entry(entry.place, (person, period, *rest), entry.kind)


def _kind(grid: Grid, row: int, column: int) -> str:
    return TEXT if grid.kinds is None else chr(int(grid.kinds[column][row]))
