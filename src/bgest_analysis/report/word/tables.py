"""Real Word tables: repeated header row, numbers to the right, alternative text, page width."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell

from bgest_analysis.report.grids import Table
from bgest_analysis.report.word.styles import TEXT_WIDTH_CM
from bgest_analysis.report.word.writer import Writer
from bgest_analysis.report.word.xml import add_text, element

LANDSCAPE_WIDTH_CM = 24.7
WIDE_CHARACTERS = 118
RULE = "12324A"
LIGHT = "D5DBE1"


def is_wide(table: Table) -> bool:
    """Tell whether a table needs a landscape page."""
    return sum(table.widths()) > WIDE_CHARACTERS


def font_size(table: Table, width_cm: float) -> float:
    """Return a type size at which the columns fit the width, between 7 and 9.5 points."""
    return max(7.0, min(9.5, 9.5 * (width_cm / TEXT_WIDTH_CM) * 100 / sum(table.widths())))


def add_table(writer: Writer, table: Table, title: str, alt: str, width_cm: float) -> WordTable:
    """Add a table at the end of the document."""
    made = writer.document.add_table(rows=1, cols=len(table.heads))
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    made.autofit = False
    _describe(made, title, alt)
    size = font_size(table, width_cm)
    _fill(made.rows[0].cells, table.heads, table.numeric, size, bold=True)
    _repeat_header(made.rows[0])
    for row in table.rows:
        added = made.add_row()
        _fill(added.cells, [cell.text for cell in row], table.numeric, size)
        _no_split(added)
    _keep_together(made)
    _set_widths(made, table.widths(), width_cm)
    _rule(made)
    return made


def _fill(
    cells: tuple[_Cell, ...],
    texts: Any,
    numeric: tuple[bool, ...],
    size: float,
    *,
    bold: bool = False,
) -> None:
    for cell, text, number in zip(cells, texts, numeric, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.style = "BG Cella"
        run = add_text(paragraph, text)
        run.font.size = Pt(size)
        run.bold = bold or None
        if number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _keep_together(table: WordTable) -> None:
    """Hold a short table on one page, with the caption before and the source after it."""
    rows = table.rows
    held = rows if len(rows) <= 25 else [*rows[:3], *rows[-2:]]
    for row in held:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _describe(table: WordTable, title: str, alt: str) -> None:
    properties = table._tbl.tblPr
    properties.append(element("tblCaption", val=title))
    properties.append(element("tblDescription", val=alt))


def _repeat_header(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    properties.append(element("tblHeader"))


def _no_split(row: Any) -> None:
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def _set_widths(table: WordTable, widths: list[int], width_cm: float) -> None:
    total = sum(widths)
    natural = min(width_cm, 0.21 * total + 0.25 * len(widths))
    grid = table._tbl.tblGrid
    for i, width in enumerate(widths):
        size = Cm(natural * width / total)
        grid.gridCol_lst[i].w = size
        for row in table.rows:
            row.cells[i].width = size


def _rule(table: WordTable) -> None:
    """Draw rules above and below the head, below the table, thin ones between rows."""
    borders = element("tblBorders")
    borders.append(element("top", val="single", sz="6", space="0", color=RULE))
    borders.append(element("bottom", val="single", sz="6", space="0", color=RULE))
    borders.append(element("insideH", val="single", sz="4", space="0", color=LIGHT))
    properties = table._tbl.tblPr
    layout = properties.find(qn("w:tblLayout"))
    if layout is None:
        properties.append(borders)
    else:
        layout.addprevious(borders)
    for cell in table.rows[0].cells:
        own = element("tcBorders")
        own.append(element("bottom", val="single", sz="12", space="0", color=RULE))
        cell._tc.get_or_add_tcPr().append(own)
