"""Workbooks of official publications, and official tables saved as Excel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bgest_analysis.read.child import read_in_child
from bgest_analysis.read.header import assemble, choose, fitting, unknown_layout
from bgest_analysis.read.letters import NUMBER
from bgest_analysis.read.raw import RawTable
from bgest_analysis.read.text_file import HEAD_RECORDS, Record
from bgest_analysis.read.workbook import SheetCells


def read_workbook_tables(path: Path, shown_as: str) -> list[RawTable]:
    """Read the sheets of a workbook that have a known layout; legends and the like are left.

    Raises
    ------
    UnknownLayout
        If no sheet has one.
    UnsafeInput
        If the workbook cannot be opened safely.
    """
    heads: dict[str, Sequence[Record]] = {}
    tables = []
    for sheet in read_in_child(path, shown_as):
        rows = _records(sheet)
        candidates = fitting(rows[:HEAD_RECORDS], sheet.name)
        if candidates:
            found = choose(candidates, shown_as)
            tables.append(assemble(rows, found, shown_as, sheet.name, {"nome_file": path.name}))
        else:
            heads[sheet.name] = rows[:HEAD_RECORDS]
    if not tables:
        raise unknown_layout(heads, shown_as)
    return tables


def _records(sheet: SheetCells) -> list[Record]:
    columns = [
        [_whole(text) if kind == NUMBER else text for text, kind in zip(texts, kinds, strict=True)]
        for texts, kinds in zip(sheet.texts, sheet.kinds, strict=True)
    ]
    return [Record(row, list(cells)) for row, cells in enumerate(zip(*columns, strict=True), 1)]


def _whole(text: str) -> str:
    """Excel keeps every number with decimals: 269 is 269.0."""
    return text.removesuffix(".0")
