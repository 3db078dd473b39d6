"""Codings exported from NVivo, MAXQDA, Atlas.ti -> one row a segment and code, without texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.exports import Entry, Program, long_table, programs
from bgest_analysis.read.grid import Grid
from bgest_analysis.read.project import ReadOptions, read_grids
from bgest_analysis.read.raw import RawTable

COLUMNS = ("doc_id", "segmento", "codice_qual", "codificatore")
LAYOUT = "codifiche_qual"
WITHOUT_CODE = "senza_codice"
LARGEST = 200_000
TOP = 20
_SEVERAL = re.compile(r"\s*(?:\r?\n|;|\|)\s*")


def read_codings(path: Path, options: ReadOptions | None = None) -> list[RawTable]:
    """Return the codings of an export.

    Parameters
    ----------
    path
        The list of coded segments (MAXQDA), of references (NVivo) or of quotations (Atlas.ti),
        as a workbook or text file.

    Returns
    -------
    list of RawTable
        Columns ``COLUMNS``, as written; a quotation with several codes gives a row each. The
        texts of the segments are not read.

    Raises
    ------
    UnknownLayout
        If no sheet has a document and a code column of one of these programs.
    """
    chosen = options or ReadOptions()
    shown_as = chosen.shown_as or path.name
    book = read_grids(path, chosen)
    tables = [table for grid in book.grids if (table := _read(grid, shown_as)) is not None]
    if not tables:
        raise UnknownLayout(
            "in {file} non trovo un'esportazione di NVivo, MAXQDA o Atlas.ti: servono almeno le "
            "colonne del documento e del codice; esportare l'elenco dei segmenti codificati",
            file=shown_as,
        )
    return book.remark_unread(tables)


def _read(grid: Grid, shown_as: str) -> RawTable | None:
    cells = grid.top(LARGEST)
    candidates = [
        (program, row) for row in range(min(TOP, len(cells))) for program in programs("codifiche")
    ]
    usable = [(p, r) for p, r in candidates if {"documento", "codice"} <= set(p.roles_of(cells[r]))]
    if not usable:
        return None
    program, header = max(usable, key=lambda pair: _fit(pair[0], cells[pair[1]]))
    entries, bare = _entries(cells, header, program)
    return long_table(
        grid,
        shown_as,
        f"{LAYOUT}.{program.name}",
        COLUMNS,
        entries,
        skipped={WITHOUT_CODE: bare},
        remarks={"riga_intestazione": str(grid.lines[header]), "programma": program.name},
    )


def _fit(program: Program, headers: Sequence[str]) -> int:
    return sum(map(bool, program.roles_of(headers)))


def _entries(
    cells: list[list[str]], header: int, program: Program
) -> tuple[list[Entry], list[int]]:
    roles = program.roles_of(cells[header])
    places = {role: place for place, role in reversed(list(enumerate(roles))) if role}
    entries: list[Entry] = []
    bare: list[int] = []
    for place in range(header + 1, len(cells)):
        row = cells[place]
        if not any(row):
            continue
        values = {role: row[column] for role, column in places.items()}
        codes = [code for code in _SEVERAL.split(values["codice"]) if code]
        if not codes or not values["documento"]:
            bare.append(place)
        for code in codes if values["documento"] else ():
            coder = values.get("codificatore", "")
            entries.append(Entry(place, (values["documento"], _segment(values), code, coder)))
    return entries, bare


def _segment(values: dict[str, str]) -> str:
    """Return what tells a segment from the others of its document: its number, or its limits."""
    if values.get("segmento"):
        return values["segmento"]
    limits = [values[role] for role in ("inizio", "fine") if values.get(role)]
    return "-".join(limits)
