"""The parts of Word's own XML that python-docx has no words for: fields, bookmarks, shading."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from bgest_analysis.report.printable import printable


def element(tag: str, **attributes: str) -> Any:
    """Return a ``w:`` element with ``w:`` attributes."""
    made = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def add_text(paragraph: Paragraph, text: str, style: str | None = None) -> Run:
    """Add a run of text, cleaned of what XML or a reader cannot take."""
    return paragraph.add_run(printable(text), style)


def run_content(text: str) -> str:
    """Return the XML of a run's text, cleaned as by ``add_text``: lines and tabs as Word's own."""
    whole = f'<w:t xml:space="preserve">{escape(printable(text))}</w:t>'
    for mark, tag in (("\n", "br"), ("\t", "tab")):
        whole = whole.replace(mark, f'</w:t><w:{tag}/><w:t xml:space="preserve">')
    return whole


def add_field(paragraph: Paragraph, instruction: str, result: str) -> None:
    """Add a field with its result already there, so that nothing needs updating on opening."""
    start_field(paragraph, instruction)
    add_text(paragraph, result)
    end_field(paragraph)


def start_field(paragraph: Paragraph, instruction: str) -> None:
    """Open a field; what follows up to ``end_field`` is its result."""
    _field_mark(paragraph, "begin")
    code = element("instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    paragraph.add_run()._r.append(code)
    _field_mark(paragraph, "separate")


def end_field(paragraph: Paragraph) -> None:
    """Close a field opened by ``start_field``."""
    _field_mark(paragraph, "end")


def _field_mark(paragraph: Paragraph, kind: str) -> None:
    paragraph.add_run()._r.append(element("fldChar", fldCharType=kind))


def start_bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Open a bookmark."""
    paragraph._p.append(element("bookmarkStart", id=str(number), name=name))


def end_bookmark(paragraph: Paragraph, number: int) -> None:
    """Close a bookmark."""
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def add_internal_link(paragraph: Paragraph, bookmark: str, text: str) -> None:
    """Add a text that leads to a bookmark."""
    link = element("hyperlink", anchor=bookmark, history="1")
    run = add_text(paragraph, text)
    link.append(run._r)
    paragraph._p.append(link)


def shade_paragraph(paragraph: Paragraph, fill: str, edge: str) -> None:
    """Give a paragraph a tinted ground and a coloured bar at its left."""
    properties = paragraph._p.get_or_add_pPr()
    borders = element("pBdr")
    borders.append(element("left", val="single", sz="24", space="8", color=edge))
    for side in (borders, element("shd", val="clear", color="auto", fill=fill)):
        properties.insert_element_before(
            side, "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )


def shade_run(run: Run, fill: str) -> None:
    """Give a run a tinted ground."""
    run._r.get_or_add_rPr().append(element("shd", val="clear", color="auto", fill=fill))
