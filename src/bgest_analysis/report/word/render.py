"""A dossier as a Word file an evaluator can hand in."""

from __future__ import annotations

from pathlib import Path

from bgest_analysis.report.charts.render import Figures
from bgest_analysis.report.dossier import Dossier
from bgest_analysis.report.numbering import number_dossier
from bgest_analysis.report.word.content import write_section
from bgest_analysis.report.word.matter import (
    write_colophon,
    write_cover,
    write_lists,
    write_references,
    write_running_heads,
)
from bgest_analysis.report.word.package import pack, set_properties
from bgest_analysis.report.word.styles import open_document
from bgest_analysis.report.word.writer import Writer


def render_word(
    dossier: Dossier, language: str, figures: Figures, template: Path | None = None
) -> bytes:
    """Return the bytes of a ``.docx``.

    Parameters
    ----------
    figures
        What ``charts.render.render_figures`` drew for this dossier and language.
    template
        An institution's ``.docx``: its styles, page, header and cover are kept.
    """
    document = open_document(template, language)
    writer = Writer(document, dossier, language, number_dossier(dossier), figures)
    if template is None:
        write_running_heads(writer)
        write_cover(writer)
    write_lists(writer)
    for section in dossier.sections:
        write_section(writer, section)
    write_references(writer)
    write_colophon(writer)
    author = ", ".join(dossier.meta.authors) or dossier.meta.institution
    set_properties(document, dossier.title.render(language), author, dossier.meta.date)
    return pack(document)
