"""A project file of the study -> its sheets, cleaned: the reader that fits is found by table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from bgest_analysis.clean.project.model import CleanContext, CleanedProject
from bgest_analysis.clean.project.tidy import clean_project
from bgest_analysis.clean.project.totals import declared_totals
from bgest_analysis.errors import StudyError, UnknownLayout
from bgest_analysis.read.codings import read_codings
from bgest_analysis.read.grids import read_attendance
from bgest_analysis.read.project import ReadOptions, read_project_file
from bgest_analysis.read.raw import RawTable
from bgest_analysis.read.surveys import SurveyItem, item_map, read_survey
from bgest_analysis.read.timesheets import read_timesheet_grid
from bgest_analysis.schema import territorio
from bgest_analysis.schema.ingresso import INTERNAL
from bgest_analysis.schema.model import Layer, Personal, Table
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.study.load import ITEM_MAP

PROJECT_TABLES = frozenset(
    name for name, table in TABLES.items() if table.layer is Layer.TIDY
) - frozenset({*INTERNAL, *(table.name for table in territorio.TABLES)})
EXTRA_TABLES = {"destinatari": ("impronte_persone",), "presenze": ("incontri",)}


def needs_key(table: Table) -> bool:
    """Tell whether a table has pseudonyms, and so cannot be read without a key."""
    return any(column.personal is Personal.PSEUDONIMO for column in table.columns)


def clean_project_file(
    path: Path, shown_as: str, table: Table, context: CleanContext
) -> tuple[CleanedProject, ...]:
    """Read and clean a file, one result a sheet.

    Raises
    ------
    UnsafeInput
        If the file cannot be opened safely.
    UnknownLayout
        If no sheet holds the table.
    PrivacyGateClosed
        If the table is about persons and there is no key.
    """
    raws = read_raw_tables(path, shown_as, table, survey_items(context.items_file))
    totals = declared_totals(path, raws, ReadOptions(shown_as=shown_as))
    pairs = enumerate(zip(raws, totals, strict=True), start=1)
    return tuple(clean_project(raw, table, context, said, at) for at, (raw, said) in pairs)


def read_raw_tables(
    path: Path, shown_as: str, table: Table, items: tuple[SurveyItem, ...] = ()
) -> list[RawTable]:
    """Return the sheets of a file: the table as it is, else in the other shapes it may have.

    Raises
    ------
    UnknownLayout
        If the file has the table in none of its shapes.
    """
    options = ReadOptions(shown_as=shown_as)
    other = _other_shape(table, items)
    if table.name == "timesheet" and (grids := _timesheet_grids(path, options)):
        return grids
    try:
        found = read_project_file(path, table, options)
    except UnknownLayout:
        if table.name == "questionari" and not items:
            raise without_item_map(shown_as) from None
        if other is None:
            raise
        return other(path, options)
    if other is None or all(_holds(raw, table) for raw in found):
        return found
    try:
        return other(path, options)
    except UnknownLayout:
        return found


def without_item_map(shown_as: str) -> UnknownLayout:
    """Make the error on an export of answers that no item map explains."""
    return UnknownLayout(
        "{file} ha una riga per persona, come l'esportazione di un modulo: per leggerla serve la "
        "mappa delle domande dello studio ({mappa}), una riga per domanda del file",
        file=shown_as,
        mappa=f"studio/{ITEM_MAP}",
    )


def _timesheet_grids(path: Path, options: ReadOptions) -> list[RawTable]:
    """Return the grids of a file of timesheets, none if it is a plain table.

    A grid often has a column of totals too, which alone would pass for the table.
    """
    try:
        return read_timesheet_grid(path, options)
    except UnknownLayout:
        return []


def recognise_shape(path: Path, shown_as: str, items: tuple[SurveyItem, ...]) -> Table | None:
    """Return the table of a file that has it in another shape than rows under our headers."""
    options = ReadOptions(shown_as=shown_as)
    found = []
    for name in TELLING:
        other = _other_shape(TABLES[name], items)
        try:
            if other is not None and other(path, options):
                found.append(TABLES[name])
        except UnknownLayout:
            continue
    return found[0] if len(found) == 1 else None


def _holds(raw: RawTable, table: Table) -> bool:
    """Tell whether a sheet has the columns that its table's other shape lacks."""
    return any(set(names) <= set(raw.cells.columns) for names in TELLING[table.name])


# Columns without which a table that has another shape is taken for that one.
TELLING = {
    "presenze": (("incontro_id", "ente_id"), ("data", "ente_id")),
    "questionari": (("item", "valore"),),
    "codifiche_qual": (("doc_id", "codice_qual"),),
    "timesheet": (("mediatore", "minuti"),),
}


def _other_shape(
    table: Table, items: tuple[SurveyItem, ...]
) -> Callable[[Path, ReadOptions], list[RawTable]] | None:
    shapes: dict[str, Callable[[Path, ReadOptions], list[RawTable]]] = {
        "presenze": read_attendance,
        "codifiche_qual": read_codings,
        "timesheet": read_timesheet_grid,
    }
    if items:
        shapes["questionari"] = lambda path, options: read_survey(path, items, options)
    return shapes.get(table.name)


def survey_items(listed: Path | None) -> tuple[SurveyItem, ...]:
    """Return the study's item map (a CSV beside its other tables), if it has one.

    Raises
    ------
    StudyError
        If it lacks the column of the questions, or a line cannot be used.
    """
    if listed is None or not listed.is_file():
        return ()
    frame = pd.read_csv(listed, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    if "domanda" not in frame.columns:
        raise StudyError("{file}: manca la colonna «domanda»", file=listed.name)
    rows = (
        {str(name): str(cell) for name, cell in row.items()} for row in frame.to_dict("records")
    )
    return item_map(list(rows))


def empty_table(name: str) -> pd.DataFrame:
    """Return a table without rows, in the columns and types of the schema."""
    columns = TABLES[name].columns
    return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in columns})
