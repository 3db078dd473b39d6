"""Programs known by the headers of their exports: which one wrote a file, which column is what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from bgest_analysis.read.grid import Grid
from bgest_analysis.read.letters import KINDS, TEXT
from bgest_analysis.read.raw import RawTable, Skipped
from bgest_analysis.vocabulary.matcher import fold

_PERCENT = re.compile(r"\s*%\s*$")


@dataclass(frozen=True)
class Program:
    """A program and the roles of the headers it writes (folded form -> role)."""

    name: str
    roles: dict[str, str]

    def roles_of(self, headers: Sequence[str]) -> list[str]:
        """Return the role of each header, ``""`` where it has none."""
        return [self.roles.get(fold(_PERCENT.sub("", header)), "") for header in headers]


@cache
def programs(table: str) -> tuple[Program, ...]:
    """Return the programs of ``intestazioni/<table>.csv``."""
    source = files("bgest_analysis.read") / "intestazioni" / f"{table}.csv"
    with source.open("r", encoding="utf-8") as handle:
        rows = pd.read_csv(handle, dtype="str", keep_default_na=False)
    return tuple(
        Program(
            str(name), {fold(form): role for form, role in zip(g["forma"], g["ruolo"], strict=True)}
        )
        for name, g in rows.groupby("programma", sort=False)
    )


@dataclass(frozen=True)
class Entry:
    """One cell of a wide or crossed table, on its way to a row of its own.

    Parameters
    ----------
    kind
        What the spreadsheet said the last of ``cells`` was; the others are text.
    """

    place: int
    cells: tuple[str, ...]
    kind: str = TEXT


def long_table(
    grid: Grid,
    shown_as: str,
    layout: str,
    columns: Sequence[str],
    entries: Sequence[Entry],
    *,
    skipped: dict[str, list[int]] | None = None,
    remarks: dict[str, str] | None = None,
) -> RawTable:
    """Return the table of cells that became rows; each keeps the file row it came from.

    ``rows_in`` counts cells of the source (``remarks["conteggio"]`` says so): those that became
    rows, and those left out by a named rule.
    """
    left_out = tuple(
        Skipped(rule, tuple(int(grid.lines[place]) for place in places))
        for rule, places in sorted((skipped or {}).items())
        if places
    )
    index = pd.Index(
        [int(grid.lines[entry.place]) for entry in entries], name="riga", dtype="int64"
    )
    cells = pd.DataFrame(
        [entry.cells for entry in entries], columns=list(columns), index=index, dtype="str"
    )
    letters = [entry.kind for entry in entries]
    kinds = None
    if set(letters) - {TEXT}:
        kinds = pd.DataFrame(TEXT, columns=list(columns), index=index).assign(
            **{columns[-1]: letters}
        )
        kinds = kinds.astype(pd.CategoricalDtype(list(KINDS)))
    return RawTable(
        file=shown_as,
        sheet=grid.name,
        cells=cells,
        kinds=kinds,
        layout=layout,
        rows_in=len(cells) + sum(len(entry.rows) for entry in left_out),
        skipped=left_out,
        remarks={**grid.remarks, "conteggio": "celle", **(remarks or {})},
    )
