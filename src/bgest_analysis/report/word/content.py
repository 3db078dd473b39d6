"""Blocks of an analysis as parts of a Word document."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.shape import CT_Inline
from docx.shared import Cm

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.report.dossier import SYNTHETIC, Section
from bgest_analysis.report.grids import lay_out
from bgest_analysis.report.widths import LANDSCAPE_WIDTH_CM, TEXT_WIDTH_CM, is_wide
from bgest_analysis.report.word.tables import add_table
from bgest_analysis.report.word.writer import Writer
from bgest_analysis.report.word.xml import add_text, shade_paragraph, shade_run

NOTE = ("EEF4F9", "0B4F7D")
WARNING = ("FDF0E8", "D55E00")
PICTURES = 100_000  # their ids start here, far from those of bookmarks and logos
ABSENT = ("F4F6F8", "4C5864")
AMBER = "FFF3D6"


def write_section(writer: Writer, section: Section) -> None:
    """Add an analysis: heading, what is missing, its blocks."""
    opens = section is writer.dossier.sections[0]
    writer.heading(writer.numbering.of(section), new_page=opens or bool(section.body))
    if section.missing is not None:
        title = writer.label["incompleta" if section.body else "mancante"]
        write_box(writer, section, title, section.missing.render(writer.language), ABSENT)
    for block in section.body:
        write = WRITERS.get(block.kind)
        if write is not None:
            write(writer, section, block)


def _title(writer: Writer, section: Section, block: Block) -> None:
    writer.heading(writer.numbering.of(section, block.id))


def _paragraph(writer: Writer, section: Section, block: Block) -> None:
    for line in block.text.render(writer.language).splitlines():
        if line.strip():
            style = "List Bullet" if line.startswith("- ") else "Body Text"
            writer.write(writer.paragraph(style), section, line.removeprefix("- "))


def _note(writer: Writer, section: Section, block: Block) -> None:
    write_box(writer, section, writer.label["nota"], block.text.render(writer.language), NOTE)


def _warning(writer: Writer, section: Section, block: Block) -> None:
    title = writer.label["attenzione"]
    write_box(writer, section, f"⚠ {title}", block.text.render(writer.language), WARNING)


def write_box(
    writer: Writer, section: Section, title: str, text: str, colours: tuple[str, str]
) -> None:
    """Add a tinted box with a heading."""
    head = writer.paragraph("BG Riquadro")
    add_text(head, title).bold = True
    head.paragraph_format.keep_with_next = True
    parts = [head]
    for line in filter(str.strip, text.splitlines()):
        parts.append(writer.paragraph("BG Riquadro"))
        writer.write(parts[-1], section, line)
    for part in parts:
        shade_paragraph(part, *colours)
        part.paragraph_format.keep_together = True
        part.paragraph_format.keep_with_next = part is not parts[-1]
    writer.paragraph("Body Text").paragraph_format.space_after = Cm(0.1)


def _formula(writer: Writer, section: Section, block: Block) -> None:
    writer.write(writer.paragraph("BG Formula"), section, block.text.render(writer.language))


def _source(writer: Writer, section: Section, block: Block) -> None:
    paragraph = writer.paragraph("BG Fonte")
    add_text(paragraph, writer.label["fonte"] + ": ").bold = True
    writer.write(paragraph, section, block.text.render(writer.language))


def _table(writer: Writer, section: Section, block: Block) -> None:
    if block.grid is None or block.alt is None:
        return
    table = lay_out(block.grid, writer.language)
    wide = is_wide(table)
    if wide:
        _turn_page(writer, landscape=True)
    target = writer.numbering.of(section, block.id)
    writer.caption(target, section)
    title, alt = target.label.render(writer.language), block.alt.render(writer.language)
    add_table(writer, table, title, alt, LANDSCAPE_WIDTH_CM if wide else TEXT_WIDTH_CM)
    _under(writer, section, block)
    if wide:
        _turn_page(writer, landscape=False)


def _turn_page(writer: Writer, *, landscape: bool) -> None:
    page = writer.document.add_section(WD_SECTION.NEW_PAGE)
    page.different_first_page_header_footer = False
    if (page.orientation is WD_ORIENT.LANDSCAPE) != landscape:
        page.page_width, page.page_height = page.page_height, page.page_width
    page.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT


def _figure(writer: Writer, section: Section, block: Block) -> None:
    writer.caption(writer.numbering.of(section, block.id), section)
    picture = writer.figures[section.analisi, block.id]
    paragraph = writer.paragraph("BG Figura")
    relation, image = writer.document.part.get_or_add_image(io.BytesIO(picture.png))
    size = image.scaled_dimensions(Cm(picture.width_cm))
    # python-docx's add_picture reads the whole document each time, to find an id not yet used
    inline = CT_Inline.new_pic_inline(PICTURES + next(writer.ids), relation, "figura.png", *size)
    paragraph.add_run()._r.add_drawing(inline)
    properties = inline.docPr
    properties.set("descr", block.alt.render(writer.language) if block.alt else "")
    properties.set("title", block.text.render(writer.language))
    properties.set("name", f"{writer.label['figura']} {properties.id}")
    _under(writer, section, block)


def _under(writer: Writer, section: Section, block: Block) -> None:
    """Add source, n, protection and origin below a table or figure."""
    paragraph = writer.paragraph("BG Fonte")
    if block.origin == SYNTHETIC:
        mark = add_text(paragraph, f" {writer.label['sintetici_breve']} ")
        mark.bold = True
        shade_run(mark, AMBER)
        paragraph.add_run().add_break()
    add_text(paragraph, writer.label["fonte"] + ": ").bold = True
    for i, text in enumerate((block.source, block.n, block.suppression)):
        if text is None:
            continue
        if i:
            paragraph.add_run().add_break()
        if i == 2:
            add_text(paragraph, writer.label["soppressione"] + ": ").bold = True
        writer.write(paragraph, section, text.render(writer.language))


WRITERS: Mapping[Kind, Callable[[Writer, Section, Block], None]] = {
    Kind.TITLE: _title,
    Kind.PARAGRAPH: _paragraph,
    Kind.TABLE: _table,
    Kind.FIGURE: _figure,
    Kind.NOTE: _note,
    Kind.SOURCE: _source,
    Kind.FORMULA: _formula,
    Kind.WARNING: _warning,
}
