"""What people decided on the values a parser would not guess: read, checked, applied every run.

A decision has a value (or a row, or the row's code), a new value, and why, who and when. Those
about persons stand in ``data/raw/correzioni/personali/``, which stays out of git. The list of
values to review, filled in and saved there, is such a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from bgest_analysis.errors import StudyError
from bgest_analysis.privacy.scrub import MASK
from bgest_analysis.read.project import ReadOptions, read_grids
from bgest_analysis.schema.ingresso import input_columns
from bgest_analysis.schema.registry import TABLES

FOLDER = "correzioni"
PRIVATE = "personali"
SUFFIXES = (".csv", ".xlsx", ".ods")
REASONS = ("perche", "chi", "quando")
REQUIRED = ("tabella", "colonna", "nuovo_valore", *REASONS)
OPTIONAL = ("valore", "file", "foglio", "riga", "codice")
PAIRS = ("coppie_persone", "classe_coppia")
LARGEST = 100_000
Place = tuple[str, str]


@dataclass(frozen=True)
class Decision:
    """One decision, as a line of a corrections table says it.

    Parameters
    ----------
    value
        The text as it stands in the files, without outer blanks; a pseudonym for persons.
    row, file, sheet
        The one row it is about, when it is about a row.
    code
        The code of the one row it is about (``intervento_id``…).
    """

    table: str
    column: str
    value: str
    new_value: str
    row: int | None = None
    file: str = ""
    sheet: str = ""
    code: str = ""


@dataclass(frozen=True)
class Decisions:
    """All the decisions of a study.

    Parameters
    ----------
    by_value
        (table, column) -> value -> new value.
    by_row
        (table, column) -> decisions on single rows.
    by_code
        (table, column) -> code of the row -> new value.
    """

    by_value: Mapping[Place, Mapping[str, str]] = field(default_factory=dict)
    by_row: Mapping[Place, tuple[Decision, ...]] = field(default_factory=dict)
    by_code: Mapping[Place, Mapping[str, str]] = field(default_factory=dict)

    def pairs(self) -> pd.DataFrame:
        """Return the decided pairs of persons: two pseudonyms and the class."""
        decided = self.by_value.get(PAIRS, {})
        rows = [(*pair.split("|", 1), chosen) for pair, chosen in decided.items()]
        return pd.DataFrame(rows, columns=["destinatario_a", "destinatario_b", "classe_coppia"])


def decision_files(raw: Path) -> tuple[Path, ...]:
    """Return the corrections tables under a study's ``data/raw``, the public ones first."""
    folders = (raw / FOLDER, raw / FOLDER / PRIVATE)
    return tuple(
        path
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(("~$", "."))
    )


def load_decisions(raw: Path) -> Decisions:
    """Read the decisions of a study.

    Raises
    ------
    StudyError
        If a line names an unknown table or column, lacks why, who or when, or contradicts
        another one.
    """
    listed = [decision for path in decision_files(raw) for decision in read_decisions(path)]
    return collect_decisions(listed)


def collect_decisions(listed: Iterable[Decision]) -> Decisions:
    """Return decisions ready to be applied.

    Raises
    ------
    StudyError
        If two lines decide differently on the same value or row.
    """
    by_value: dict[Place, dict[str, str]] = {}
    by_row: dict[Place, dict[tuple[str, str, int], Decision]] = {}
    by_code: dict[Place, dict[str, str]] = {}
    for item in listed:
        place = (item.table, item.column)
        if item.row is not None:
            rows = by_row.setdefault(place, {})
            key = (item.file, item.sheet, item.row)
            _refuse_contradiction(item, rows.get(key, item).new_value)
            rows[key] = item
        else:
            target = (by_code if item.code else by_value).setdefault(place, {})
            name = item.code or item.value
            _refuse_contradiction(item, target.get(name, item.new_value))
            target[name] = item.new_value
    return Decisions(
        by_value, {place: tuple(rows.values()) for place, rows in by_row.items()}, by_code
    )


def _refuse_contradiction(item: Decision, earlier: str) -> None:
    if earlier != item.new_value:
        raise StudyError(
            "correzioni, tabella {tabella}, colonna {colonna}: due decisioni diverse sullo stesso "
            "valore; tenerne una",
            tabella=item.table,
            colonna=item.column,
        )


def read_decisions(path: Path) -> list[Decision]:
    """Read one corrections table; lines that nobody has filled in yet are passed over.

    Raises
    ------
    StudyError
        See ``load_decisions``.
    """
    found: list[Decision] = []
    for grid in read_grids(path, ReadOptions(shown_as=path.name)).grids:
        rows = grid.top(LARGEST)
        if not rows:
            continue
        names = [cell.strip().lower() for cell in rows[0]]
        _refuse_header(path, names)
        for number, row in enumerate(rows[1:], start=2):
            cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
            if any(cells[name] for name in (*REASONS, "nuovo_valore")):
                found.append(_decision(path, number, cells))
    return found


def _refuse_header(path: Path, names: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise StudyError(
            "correzioni, {file}: mancano le colonne {missing}", file=path.name, missing=missing
        )


def _decision(path: Path, number: int, cells: Mapping[str, str]) -> Decision:
    empty = [name for name in REASONS if not cells[name]]
    if empty:
        raise StudyError(
            "correzioni, {file}, riga {row}: una decisione dice perché, chi e quando; "
            "manca {empty}",
            file=path.name,
            row=number,
            empty=empty,
        )
    _refuse_unknown(path, number, cells["tabella"], cells["colonna"])
    row = cells.get("riga", "").removesuffix(".0")
    if row and not row.isdigit():
        raise StudyError(
            "correzioni, {file}, riga {row}: la colonna «riga» vuole un numero",
            file=path.name,
            row=number,
        )
    written, code = cells.get("valore", ""), cells.get("codice", "")
    if not (row or code) and (not written or MASK in written):
        raise StudyError(
            "correzioni, {file}, riga {row}: il valore è vuoto o coperto; scriverlo com'è nel "
            "file, oppure indicare file, foglio e riga",
            file=path.name,
            row=number,
        )
    return Decision(
        cells["tabella"],
        cells["colonna"],
        written,
        cells["nuovo_valore"],
        int(row) if row else None,
        cells.get("file", ""),
        cells.get("foglio", ""),
        code,
    )


def _refuse_unknown(path: Path, number: int, table: str, column: str) -> None:
    known = TABLES.get(table)
    columns = {c.name for c in (*known.columns, *input_columns(known))} if known else set()
    if column not in columns:
        raise StudyError(
            "correzioni, {file}, riga {row}: la tabella «{table}» non ha la colonna «{column}»",
            file=path.name,
            row=number,
            table=table,
            column=column,
        )
