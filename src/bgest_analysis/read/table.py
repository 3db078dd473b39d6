"""A sheet in which a table was found -> ``RawTable``: our columns, file rows, what was left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from bgest_analysis.read.above import Said, is_day_of_a_month, said_above
from bgest_analysis.read.body import Body, find_body
from bgest_analysis.read.grid import Grid
from bgest_analysis.read.headers import REMARK, Synonyms, map_headers
from bgest_analysis.read.letters import EMPTY, KINDS
from bgest_analysis.read.raw import RawTable
from bgest_analysis.read.sheet import HeaderPlace

LAYOUT = "progetto"
INDEX = "riga"
ABOVE = "sopra_la_tabella"
KIND_TYPE = pd.CategoricalDtype(list(KINDS))
_POSITION = np.full(256, KINDS.index(EMPTY), dtype=np.int8)
_POSITION[[ord(kind) for kind in KINDS]] = range(len(KINDS))


def extract(grid: Grid, header: HeaderPlace, known: Synonyms, shown_as: str) -> RawTable:
    """Return the table under a header.

    Parameters
    ----------
    grid
        The sheet.
    known
        The known headers of the table, and the table.
    shown_as
        The file's name as the user knows it.

    Returns
    -------
    RawTable
        ``cells`` and ``kinds`` have our column names; ``remarks["intestazioni"]`` holds the
        ``HeaderReport`` (letters, units, unknown headers).
    """
    start = header.last + 1
    below = [bool(mask.any()) for mask in grid.filled(start)]
    above = _of_all_rows(said_above(grid, header.first, known), header, known)
    days = ["mese" in above and is_day_of_a_month(name) for name in header.names]
    names = ["" if day else name for name, day in zip(header.names, days, strict=True)]
    filled_in = [full and not day for full, day in zip(below, days, strict=True)]
    report, places = map_headers(names, filled_in, known)
    report = replace(report, missing=tuple(n for n in report.missing if n not in above))
    body = find_body(grid, header, sorted(places.values()))
    rows, filled = _unmerge(grid, body, places)
    lines = pd.Index(grid.lines[body.rows], name=INDEX)
    return RawTable(
        file=shown_as,
        sheet=grid.name,
        cells=_texts(grid, rows, places, lines).assign(
            **{name: pd.Series(said.text, index=lines, dtype="str") for name, said in above.items()}
        ),
        kinds=_kinds(grid, rows, places, lines, above),
        layout=f"{LAYOUT}.{known.table.name}",
        rows_in=body.rows_in,
        skipped=body.skipped,
        remarks={
            **grid.remarks,
            **_remarks(grid, header, body, filled),
            **({ABOVE: " ".join(sorted(above))} if above else {}),
            REMARK: report.to_json(),
        },
    )


def _of_all_rows(said: Mapping[str, Said], header: HeaderPlace, known: Synonyms) -> dict[str, Said]:
    """Return what the lines above say of columns that the table has not."""
    own = {
        match[0]: name for name in header.names if name and (match := known.find(name)) is not None
    }
    return {
        name: value
        for name, value in said.items()
        if name not in own or (name == "mese" and is_day_of_a_month(own[name]))
    }


Rows = dict[int, npt.NDArray[np.intp]]  # column of the sheet -> the row each cell comes from


def _unmerge(grid: Grid, body: Body, places: Mapping[str, int]) -> tuple[Rows, int]:
    """Say where each cell's value stands: in a vertical merge, in its first row."""
    rows: Rows = dict.fromkeys(places.values(), body.rows)
    filled = 0
    for first_row, first, last_row, last in grid.merged:
        for place in range(first, last + 1):
            if place not in rows or last_row == first_row:
                continue
            covered = (body.rows > first_row) & (body.rows <= last_row)
            if covered.any() and first_row >= body.rows[0]:
                rows[place] = np.where(covered, first_row, rows[place])
                filled += int(covered.sum())
    return rows, filled


def _texts(grid: Grid, rows: Rows, places: Mapping[str, int], lines: pd.Index) -> pd.DataFrame:
    columns = {
        name: pd.Series(_taken(grid.texts[place], rows[place]), index=lines, dtype="str")
        for name, place in places.items()
    }
    return pd.DataFrame(columns, index=lines)


def _taken(column: pa.Array | pa.ChunkedArray, rows: npt.NDArray[np.intp]) -> object:
    """Return the cells of ``rows`` without copying when they are all that follow the header."""
    if len(rows) and bool((np.diff(rows) == 1).all()):
        part = column.slice(int(rows[0]), len(rows))
    else:
        part = column.take(pa.array(rows))
    return pd.array(part, dtype="str")


def _kinds(
    grid: Grid,
    rows: Rows,
    places: Mapping[str, int],
    lines: pd.Index,
    above: Mapping[str, Said],
) -> pd.DataFrame | None:
    if grid.kinds is None:
        return None
    columns = {
        name: pd.Series(
            pd.Categorical.from_codes(_POSITION[grid.kinds[place][rows[place]]], dtype=KIND_TYPE),
            index=lines,
        )
        for name, place in places.items()
    }
    for name, said in above.items():
        columns[name] = pd.Series(said.kind, index=lines, dtype=KIND_TYPE)
    return pd.DataFrame(columns, index=lines)


def _remarks(grid: Grid, header: HeaderPlace, body: Body, filled: int) -> dict[str, str]:
    remarks = {"riga_intestazione": str(grid.lines[header.first])}
    if header.last > header.first:
        remarks["righe_intestazione"] = "2"
    if body.blank:
        remarks["righe_vuote"] = str(body.blank)
    if filled:
        remarks["celle_unite_riempite"] = str(filled)
    return remarks
