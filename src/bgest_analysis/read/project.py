"""A file of the project, workbook or text -> its tables, with our column names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.child import read_in_child
from bgest_analysis.read.delimited import read_delimited
from bgest_analysis.read.grid import Grid, grid_of
from bgest_analysis.read.guard import Container, Limits, preflight
from bgest_analysis.read.headers import Synonyms, synonyms
from bgest_analysis.read.raw import RawTable
from bgest_analysis.read.sheet import HeaderPlace, find_header
from bgest_analysis.read.table import extract
from bgest_analysis.schema.ingresso import STAMP_SHEET
from bgest_analysis.schema.model import Layer, Table
from bgest_analysis.schema.registry import TABLES

RECOGNISED = 3  # headers that a file must have to be recognised without being told its table
SHOWN_HEADERS = 12
OWN_SHEETS = frozenset({STAMP_SHEET, "Istruzioni", "Elenchi", "Errori"})


@dataclass(frozen=True)
class ReadOptions:
    """How to read the files of a study.

    Parameters
    ----------
    shown_as
        The file's name in messages and tables; its own name when empty.
    limits
        What a file may be at most.
    hidden_sheets
        Read hidden sheets too; else they are only reported.
    """

    shown_as: str = ""
    limits: Limits = field(default_factory=Limits)
    hidden_sheets: bool = False


@dataclass(frozen=True)
class Book:
    """The sheets of a file that are read, and the names of the hidden ones."""

    grids: list[Grid]
    hidden: list[str]

    def remark_unread(self, tables: list[RawTable]) -> list[RawTable]:
        """Return the file's tables; the first says which sheets are hidden or gave no table."""
        read = {raw.sheet for raw in tables}
        others = [grid.name for grid in self.grids if grid.name not in read and grid.height]
        remarks = dict(tables[0].remarks)
        if self.hidden:
            remarks["fogli_nascosti"] = ", ".join(self.hidden)
        if others:
            remarks["fogli_senza_tabella"] = ", ".join(others)
        return [replace(tables[0], remarks=remarks), *tables[1:]]


def read_project_file(
    path: Path, table: Table | None = None, options: ReadOptions | None = None
) -> list[RawTable]:
    """Return the tables of a file, one a sheet.

    Parameters
    ----------
    path
        xlsx, xls, ods, csv, tsv or txt.
    table
        What the file holds; ``None`` to recognise it by its headers.

    Returns
    -------
    list of RawTable
        ``cells`` have the names of the columns a sender fills in (``schema.ingresso``); every
        row of a sheet is in ``cells`` or in ``skipped``. The first one's ``remarks`` name hidden
        sheets and sheets without a table.

    Raises
    ------
    UnsafeInput
        If the file cannot be opened safely.
    UnknownLayout
        If it opens but no sheet holds the table.
    """
    chosen = options or ReadOptions()
    shown_as = chosen.shown_as or path.name
    book = read_grids(path, chosen)
    known = synonyms(table) if table is not None else _recognise(book.grids, shown_as)
    found = [(grid, find_header(grid, known)) for grid in book.grids]
    tables = [extract(grid, place, known, shown_as) for grid, place in found if place is not None]
    if not tables:
        raise _unknown(book.grids, known, shown_as)
    return book.remark_unread(tables)


def read_grids(path: Path, options: ReadOptions) -> Book:
    """Return the sheets of a file as they are, those of our own making left out."""
    shown_as = options.shown_as or path.name
    if preflight(path, shown_as, options.limits) is Container.TESTO:
        return Book([read_delimited(path, shown_as, options.limits)], [])
    sheets = [
        sheet
        for sheet in read_in_child(path, shown_as, options.limits)
        if sheet.name not in OWN_SHEETS
    ]
    read = [sheet for sheet in sheets if sheet.visible or options.hidden_sheets]
    hidden = [sheet.name for sheet in sheets if not sheet.visible]
    return Book([grid_of(sheet) for sheet in read], hidden)


# --- which table is it ------------------------------------------------------------------------
def _recognise(grids: list[Grid], shown_as: str) -> Synonyms:
    """Return the table whose headers the file has most of; refuse when two fit as well."""
    candidates = [synonyms(table) for table in TABLES.values() if table.layer is Layer.TIDY]
    scores = {known.table.name: _matched(grids, known) for known in candidates}
    best = max(scores.values(), default=0)
    names = [name for name, score in scores.items() if score == best]
    if best < RECOGNISED:
        raise _unknown(grids, None, shown_as)
    if len(names) > 1:
        raise UnknownLayout(
            "{file} può essere una di queste tabelle: {tabelle}; dire quale",
            file=shown_as,
            tabelle=names,
        )
    return next(known for known in candidates if known.table.name == names[0])


def nearest_table(path: Path, options: ReadOptions) -> tuple[Table, tuple[str, ...]] | None:
    """Return the table whose headers a file has most of, and those headers as our titles.

    ``None`` if it has fewer than two of any.
    """
    grids = read_grids(path, options).grids
    best: tuple[int, Table, tuple[str, ...]] | None = None
    for table in TABLES.values():
        if table.layer is Layer.TIDY:
            known = synonyms(table)
            for grid in grids:
                place = find_header(grid, known)
                if place is not None and (best is None or place.matched > best[0]):
                    texts = tuple(name for name in place.names if name and known.find(name))
                    best = place.matched, table, texts
    return None if best is None else (best[1], best[2])


def _matched(grids: Iterable[Grid], known: Synonyms) -> int:
    places: list[HeaderPlace | None] = [find_header(grid, known) for grid in grids]
    return max((place.matched for place in places if place is not None), default=0)


def _unknown(grids: list[Grid], known: Synonyms | None, shown_as: str) -> UnknownLayout:
    """Say which headers were seen: those of the widest of the first rows."""
    rows = [row for grid in grids for row in grid.top(20)]
    widest = max(rows, key=lambda row: sum(map(bool, row)), default=[])
    headers = [cell[:40] for cell in widest if cell and not any(map(str.isdigit, cell))]
    return UnknownLayout(
        "in {file} non trovo le intestazioni {tabella}; quelle che vedo: {viste}. "
        "Usare il modello della tabella oppure rinominare le colonne",
        file=shown_as,
        tabella=f"della tabella «{known.table.title_it}»" if known else "di nessuna tabella nota",
        viste=headers[:SHOWN_HEADERS] or ["nessuna"],
    )
