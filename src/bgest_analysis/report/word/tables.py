"""Real Word tables: repeated header row, numbers to the right, alternative text, page width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from bgest_analysis.report.grids import Table
from bgest_analysis.report.widths import CELL_MARGINS_CM, column_widths, font_size
from bgest_analysis.report.word.writer import Writer
from bgest_analysis.report.word.xml import add_text, element

RULE = "12324A"
LIGHT = "D5DBE1"
WHOLE_ROWS = 26  # up to these, a table does not break across pages


@dataclass(frozen=True)
class _Look:
    """How the cells of one table are set: style id, type size, widths in cm, numeric columns."""

    style: str
    size: float
    widths: list[float]
    numeric: tuple[bool, ...]


def add_table(writer: Writer, table: Table, title: str, alt: str, width_cm: float) -> WordTable:
    """Add a table at the end of the document."""
    size = font_size(table, width_cm)
    style = writer.document.styles["BG Cella"].style_id
    look = _Look(style, size, column_widths(table, width_cm, size), table.numeric)
    texts = [table.heads, *(tuple(cell.text for cell in row) for row in table.rows)]
    made: WordTable = writer.document.add_table(rows=len(texts), cols=len(table.heads))
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    made.autofit = False
    _describe(made, title, alt)
    for column, width in zip(made._tbl.tblGrid.gridCol_lst, look.widths, strict=True):
        column.w = Cm(width)
    for place, (row, cells) in enumerate(zip(made._tbl.tr_lst, texts, strict=True)):
        _fill(made, row, cells, look, bold=place == 0, held=_is_held(place, len(texts)))
    _repeat_header(made._tbl.tr_lst[0])
    _rule(made)
    return made


def _is_held(place: int, rows: int) -> bool:
    """Tell whether a row stays with the next: all of a short table, the ends of a long one."""
    return rows <= WHOLE_ROWS or place < 3 or place >= rows - 2


def _fill(
    table: WordTable, row: Any, texts: Sequence[str], look: _Look, *, bold: bool, held: bool
) -> None:
    """Write a row, straight into its XML: the cells of python-docx are slow to reach."""
    row.get_or_add_trPr().append(element("cantSplit"))
    for place, (cell, text) in enumerate(zip(row.tc_lst, texts, strict=True)):
        cell.width = Cm(look.widths[place])
        cell.p_lst[0].style = look.style
        paragraph = Paragraph(cell.p_lst[0], table)
        run = add_text(paragraph, text)
        run.font.size = Pt(look.size)
        run.bold = bold or None
        paragraph.paragraph_format.keep_with_next = held or None
        if look.numeric[place]:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _describe(table: WordTable, title: str, alt: str) -> None:
    properties = table._tbl.tblPr
    properties.append(element("tblCaption", val=title))
    properties.append(element("tblDescription", val=alt))


def _repeat_header(row: Any) -> None:
    row.get_or_add_trPr().append(element("tblHeader"))


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
    for cell in table._tbl.tr_lst[0].tc_lst:
        own = element("tcBorders")
        own.append(element("bottom", val="single", sz="12", space="0", color=RULE))
        cell.get_or_add_tcPr().append(own)
