"""The tables of a dossier, and the data behind its figures, as a workbook with an index."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from bgest_analysis.blocks import Block, Grid, Kind
from bgest_analysis.report.citing import citation_text, colophon_lines
from bgest_analysis.report.dossier import SYNTHETIC, Dossier
from bgest_analysis.report.labels import LABELS
from bgest_analysis.report.numbering import Numbering, Target, number_dossier
from bgest_analysis.report.printable import printable
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workbooks.annex import Sheet, SheetColumn, write_annex


def write_excel(dossier: Dossier, language: str, path: Path) -> None:
    """Write the annex: an index, one sheet a table and a figure, numbers as numbers."""
    numbering = number_dossier(dossier)
    sheets = tuple(
        _sheet(block, numbering.of(section, block.id), numbering, language)
        for section, block in dossier.items()
        if block.kind in (Kind.TABLE, Kind.FIGURE)
    )
    write_annex(path, dossier.title, sheets, language, _index_notes(dossier, language))


def _sheet(block: Block, target: Target, numbering: Numbering, language: str) -> Sheet:
    if block.grid is None:
        return Sheet(target.label, block.text, (), ())
    return Sheet(
        title=target.label,
        caption=f"{target.label.render(language)}. {numbering.plain(target, language)}",
        columns=tuple(SheetColumn(column.title, column.format) for column in block.grid.columns),
        rows=_rows(block.grid, language),
        notes=_notes(block),
        warning=LABELS["sintetici_esteso"] if block.origin == SYNTHETIC else "",
    )


def _rows(grid: Grid, language: str) -> tuple[tuple[Any, ...], ...]:
    """Return the rows with ISO days as dates, so that Excel can sort and count them."""
    days = [column.format == "date" for column in grid.columns]
    return tuple(
        tuple(_cell(cell, day, language) for cell, day in zip(row, days, strict=True))
        for row in grid.rows
    )


def _cell(cell: Any, day: bool, language: str) -> Any:
    text = cell.render(language) if isinstance(cell, Message) else cell
    if not isinstance(text, str):
        return text
    return dt.date.fromisoformat(text[:10]) if day else printable(text)


def _notes(block: Block) -> tuple[Message, ...]:
    notes = [T("Fonte: {testo}", testo=block.source)] if block.source else []
    notes += [block.n] if block.n else []
    if block.suppression:
        notes.append(T("Protezione dei dati: {testo}", testo=block.suppression))
    return tuple(notes)


def _index_notes(dossier: Dossier, language: str) -> tuple[str, ...]:
    lines = [f"{name}: {text}" for name, text in colophon_lines(dossier, language)]
    lines += [f"{item.path}  SHA-256 {item.sha256}" for item in dossier.colophon.inputs]
    if dossier.synthetic:
        lines.insert(0, LABELS["sintetici_esteso"].render(language))
    return (citation_text(dossier, language), *lines)
