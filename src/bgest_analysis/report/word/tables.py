"""Real Word tables: repeated header row, numbers to the right, alternative text, page width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Cm
from docx.table import Table as WordTable

from bgest_analysis.report.grids import Table
from bgest_analysis.report.widths import CELL_MARGINS_CM, column_widths, font_size
from bgest_analysis.report.word.writer import Writer
from bgest_analysis.report.word.xml import element, run_content

RULE = "12324A"
LIGHT = "D5DBE1"
HEAD_RULE = (
    '<w:tcBorders><w:bottom w:val="single" w:sz="12" w:space="0" w:color="'
    + RULE
    + '"/></w:tcBorders>'
)
ROW = f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/>{{head}}</w:trPr>{{cells}}</w:tr>"
CELL = (
    '<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/>{rule}</w:tcPr>'
    '<w:p><w:pPr><w:pStyle w:val="{style}"/>{held}{side}</w:pPr>'
    '<w:r><w:rPr>{bold}<w:sz w:val="{size}"/></w:rPr>{text}</w:r></w:p></w:tc>'
)
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
    style = writer.style_id("BG Cella")
    look = _Look(style, size, column_widths(table, width_cm, size), table.numeric)
    texts = [table.heads, *(tuple(cell.text for cell in row) for row in table.rows)]
    made: WordTable = writer.document.add_table(rows=0, cols=len(table.heads))
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    made.autofit = False
    _describe(made, title, alt)
    for column, width in zip(made._tbl.tblGrid.gridCol_lst, look.widths, strict=True):
        column.w = Cm(width)
    for place, cells in enumerate(texts):
        made._tbl.append(_row(cells, look, head=place == 0, held=_is_held(place, len(texts))))
    _rule(made)
    return made


def _is_held(place: int, rows: int) -> bool:
    """Tell whether a row stays with the next: all of a short table, the ends of a long one."""
    return rows <= WHOLE_ROWS or place < 3 or place >= rows - 2


def _row(texts: Sequence[str], look: _Look, *, head: bool, held: bool) -> Any:
    """Return a row made as XML at once: python-docx takes ten times as long over each cell."""
    cells = "".join(
        CELL.format(
            width=Cm(width).twips,
            rule=HEAD_RULE if head else "",
            style=look.style,
            held="<w:keepNext/>" if held else "",
            side='<w:jc w:val="right"/>' if numeric else "",
            bold="<w:b/>" if head else "",
            size=round(look.size * 2),
            text=run_content(text),
        )
        for text, width, numeric in zip(texts, look.widths, look.numeric, strict=True)
    )
    return parse_xml(ROW.format(head="<w:tblHeader/>" if head else "", cells=cells))


def _describe(table: WordTable, title: str, alt: str) -> None:
    properties = table._tbl.tblPr
    properties.append(element("tblCaption", val=title))
    properties.append(element("tblDescription", val=alt))


def _rule(table: WordTable) -> None:
    """Draw rules above the head and below the table, thin ones between rows."""
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
