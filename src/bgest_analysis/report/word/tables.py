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
CHARACTER_CM = 0.0196  # width of a digit, per point of type size
CELL_MARGINS_CM = 0.24  # both sides
SLACK_CM = 0.3  # wished beyond what the text needs
SIZES = (9.5, 9.0, 8.5, 8.0)
SMALL_SIZES = (*SIZES, 7.5, 7.0, 6.5, 6.0)
RULE = "12324A"
LIGHT = "D5DBE1"


def is_wide(table: Table) -> bool:
    """Tell whether a table needs a landscape page."""
    return sum(_needed(table.least_widths(), SIZES[-1])) > TEXT_WIDTH_CM


def font_size(table: Table, width_cm: float) -> float:
    """Return the largest type size at which no number or word breaks in the width."""
    least = table.least_widths()
    fitting = (size for size in SMALL_SIZES if sum(_needed(least, size)) <= width_cm)
    return next(fitting, SMALL_SIZES[-1])


def column_widths(table: Table, width_cm: float, size: float) -> list[float]:
    """Return column widths in cm: what each must have, the rest shared by need."""
    least = _needed(table.least_widths(), size)
    wide = [width + SLACK_CM for width in _needed(table.full_widths(), size)]
    full = [max(pair) for pair in zip(least, wide, strict=True)]
    spare = max(width_cm - sum(least), 0.0)
    wanted = sum(full) - sum(least)
    share = min(1.0, spare / wanted) if wanted else 0.0
    return [low + (high - low) * share for low, high in zip(least, full, strict=True)]


def _needed(characters: list[int], size: float) -> list[float]:
    return [count * CHARACTER_CM * size + CELL_MARGINS_CM for count in characters]


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
