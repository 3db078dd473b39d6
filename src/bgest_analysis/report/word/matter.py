"""What stands before and after the analyses: cover, lists, header, references, colophon."""

from __future__ import annotations

from collections.abc import Sequence

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from bgest_analysis.blocks import Kind
from bgest_analysis.report.citing import citation_text, colophon_lines, is_titled_like_study
from bgest_analysis.report.labels import ORIGINS
from bgest_analysis.report.numbering import Target
from bgest_analysis.report.widths import TEXT_WIDTH_CM
from bgest_analysis.report.word.content import AMBER, WARNING
from bgest_analysis.report.word.styles import DEEP, INK
from bgest_analysis.report.word.writer import Writer
from bgest_analysis.report.word.xml import (
    add_field,
    add_internal_link,
    add_text,
    element,
    end_bookmark,
    end_field,
    shade_paragraph,
    shade_run,
    start_bookmark,
    start_field,
)
from bgest_analysis.text.formats import format_value


def write_cover(writer: Writer) -> None:
    """Add the first page: study, title, authors, fund."""
    meta = writer.dossier.meta
    named = is_titled_like_study(writer.dossier, writer.language)
    first = writer.paragraph("BG Copertina", "" if named else meta.study_title)
    first.paragraph_format.space_before = Pt(120)
    _big(writer, writer.dossier.title.render(writer.language), 30, bold=True)
    _big(writer, writer.dossier.subtitle.render(writer.language), 15, bold=False)
    if writer.dossier.synthetic:
        notice = writer.paragraph("BG Riquadro", writer.label["sintetici_esteso"])
        notice.runs[0].bold = True
        shade_paragraph(notice, AMBER, WARNING[1])
    signed = [", ".join(meta.authors), meta.institution]
    signed.append(format_value(meta.date, "date", writer.language))
    for i, line in enumerate(filter(None, signed)):
        paragraph = writer.paragraph("BG Copertina", line)
        paragraph.runs[0].font.color.rgb = INK
        paragraph.paragraph_format.space_before = Pt(0 if i else 48)
    _fund(writer)


def _big(writer: Writer, text: str, size: float, *, bold: bool) -> None:
    run = writer.paragraph("Title" if bold else "Subtitle", text).runs[0]
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, DEEP


def _fund(writer: Writer) -> None:
    meta = writer.dossier.meta
    if meta.logos:
        logos = writer.paragraph("BG Copertina")
        logos.paragraph_format.space_before = Pt(60)
        for path in meta.logos:
            logos.add_run().add_picture(str(path), height=Cm(1.7))
            add_text(logos, "   ")
    for i, line in enumerate(meta.fund_statement):
        paragraph = writer.paragraph("BG Copertina", line)
        paragraph.runs[0].font.size = Pt(9)
        paragraph.paragraph_format.space_before = Pt(0 if i or meta.logos else 90)
        paragraph.paragraph_format.space_after = Pt(1)


def write_lists(writer: Writer) -> None:
    """Add contents, list of tables, list of figures: fields with their results in place."""
    titles = writer.numbering.list(Kind.TITLE)
    _list(writer, "indice", 'TOC \\o "1-3" \\h \\z \\u', titles, page_break=True)
    for kind, key, title in (
        (Kind.TABLE, "tabella", "elenco_tabelle"),
        (Kind.FIGURE, "figura", "elenco_figure"),
    ):
        targets = writer.numbering.list(kind)
        if targets:
            _list(writer, title, f'TOC \\h \\z \\c "{writer.label[key]}"', targets)


def _list(
    writer: Writer, title: str, code: str, targets: Sequence[Target], *, page_break: bool = False
) -> None:
    heading = writer.paragraph("BG Indice", writer.label[title])
    heading.paragraph_format.page_break_before = page_break
    heading.paragraph_format.keep_with_next = True
    paragraph: Paragraph | None = None
    for i, target in enumerate(targets):
        style = f"toc {target.level}" if target.level else "table of figures"
        paragraph = writer.paragraph(style)
        if i == 0:
            start_field(paragraph, code)
        text = writer.numbering.plain(target, writer.language)
        called = target.number if target.level else f"{target.label.render(writer.language)}."
        add_internal_link(paragraph, writer.bookmarks[target.anchor], f"{called}  {text}")
    if paragraph is not None:
        end_field(paragraph)


def write_running_heads(writer: Writer) -> None:
    """Add the header (title, origin) and the footer (page of pages), not on the cover."""
    page = writer.document.sections[0]
    page.different_first_page_header_footer = True
    header = page.header.paragraphs[0]
    run = add_text(header, writer.dossier.title.render(writer.language))
    run.font.size = Pt(8.5)
    if writer.dossier.synthetic:
        mark = add_text(header, f"   {writer.label['sintetici']} ")
        mark.font.size, mark.bold = Pt(8.5), True
        shade_run(mark, AMBER)
    footer = page.footer.paragraphs[0]
    add_text(footer, writer.label["pagina"] + " ")
    add_field(footer, "PAGE", "1")
    add_text(footer, f" {writer.label['di']} ")
    add_field(footer, "NUMPAGES", "1")
    for run in footer.runs:
        run.font.size = Pt(8.5)


def write_references(writer: Writer) -> None:
    """Add the list of works cited."""
    cited = writer.numbering.list(Kind.CITATION)
    if not cited:
        return
    _unnumbered(writer, "riferimenti")
    for target in cited:
        paragraph = writer.paragraph("BG Riferimento")
        number = next(writer.ids)
        start_bookmark(paragraph, writer.bookmarks[target.anchor], number)
        add_text(paragraph, f"[{target.number}]")
        end_bookmark(paragraph, number)
        add_text(paragraph, "\t" + target.text.render(writer.language))


def _unnumbered(writer: Writer, key: str, *, same_page: bool = False) -> None:
    heading = writer.paragraph("Heading 1", writer.label[key])
    number = heading._p.get_or_add_pPr().get_or_add_numPr()
    number.get_or_add_numId().val = 0
    heading.paragraph_format.left_indent = Cm(0)
    heading.paragraph_format.first_line_indent = Cm(0)
    heading.paragraph_format.page_break_before = not same_page


def write_colophon(writer: Writer) -> None:
    """Add how to cite, and what is needed to make the document again."""
    _unnumbered(writer, "come_citare", same_page=bool(writer.numbering.list(Kind.CITATION)))
    writer.paragraph("Body Text", citation_text(writer.dossier, writer.language))
    _unnumbered(writer, "colophon", same_page=True)
    writer.paragraph("BG Colophon", writer.label["colophon_intro"])
    for name, text in colophon_lines(writer.dossier, writer.language):
        paragraph = writer.paragraph("BG Colophon")
        add_text(paragraph, f"{name}: ").bold = True
        add_text(paragraph, text)
    _files(writer)


def _files(writer: Writer) -> None:
    inputs = writer.dossier.colophon.inputs
    if not inputs:
        return
    table = writer.document.add_table(rows=len(inputs) + 1, cols=3)
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    table._tbl.tblPr.append(element("tblCaption", val=writer.label["file_letti"]))
    heads = [writer.label[key] for key in ("file", "origine", "impronta")]
    rows = [
        (item.path, ORIGINS[item.origin].render(writer.language), item.sha256) for item in inputs
    ]
    table.rows[0]._tr.get_or_add_trPr().append(element("tblHeader"))
    widths = (5.6, 2.2, TEXT_WIDTH_CM - 7.8)
    style = writer.style_id("BG Cella")
    for place, (row, texts) in enumerate(zip(list(table.rows), [heads, *rows], strict=True)):
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0]._p.style = style
            run = add_text(cell.paragraphs[0], text)
            run.font.size = Pt(7)
            run.bold = place == 0 or None
