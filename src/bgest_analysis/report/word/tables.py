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
from bgest_analysis.report.widths import CELL_MARGINS_CM, column_widths, font_size
from bgest_analysis.report.word.writer import Writer
from bgest_analysis.report.word.xml import add_text, element

RULE = "12324A"
LIGHT = "D5DBE1"


def add_table(writer: Writer, table: Table, title: str, alt: str, width_cm: float) -> WordTable:
    """Add a table at the end of the document."""
    made: WordTable = writer.document.add_table(rows=1, cols=len(table.heads))
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    made.autofit = False
    _describe(made, title, alt)
    size = font_size(table, width_cm)
    _fill(made.rows[0].cells, table.heads, table.numeric, size, bold=True)
    _repeat_header(made.rows[0])
    for row in table.rows:
        added = made.add_row()  # type: ignore[no-untyped-call]
        _fill(added.cells, [cell.text for cell in row], table.numeric, size)
        _no_split(added)
    _keep_together(made)
    _set_widths(made, column_widths(table, width_cm, size))
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


def _set_widths(table: WordTable, widths: list[float]) -> None:
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def _rule(table: WordTable) -> None:
    """Draw rules above and below the head, below the table, thin ones between rows."""
    borders = element("tblBorders")
    borders.append(element("top", val="single", sz="6", space="0", color=RULE))
    borders.append(element("bottom", val="single", sz="6", space="0", color=RULE))
    borders.append(element("insideH", val="single", sz="4", space="0", color=LIGHT))
    margins = element("tblCellMar")
    twips = str(round(CELL_MARGINS_CM / 2 / 2.54 * 1440))
    for side in ("left", "right"):
        margins.append(element(side, w=twips, type="dxa"))
    properties = table._tbl.tblPr
    layout = properties.find(qn("w:tblLayout"))
    if layout is None:
        properties.append(borders)
        properties.append(margins)
    else:
        layout.addprevious(borders)
        layout.addnext(margins)
    for cell in table.rows[0].cells:
        own = element("tcBorders")
        own.append(element("bottom", val="single", sz="12", space="0", color=RULE))
        cell._tc.get_or_add_tcPr().append(own)
