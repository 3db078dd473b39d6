"""What the parts of a Word dossier share: the document, its numbers, its bookmarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from docx.document import Document as WordDocument
from docx.text.paragraph import Paragraph

from bgest_analysis.blocks import Kind
from bgest_analysis.report.charts.render import Figures
from bgest_analysis.report.dossier import Dossier, Section
from bgest_analysis.report.labels import labels
from bgest_analysis.report.numbering import Numbering, Target
from bgest_analysis.report.word.xml import (
    add_field,
    add_internal_link,
    add_text,
    end_bookmark,
    start_bookmark,
)

SEQUENCES = {Kind.TABLE: "tabella", Kind.FIGURE: "figura"}


@dataclass
class Writer:
    """The document being written.

    Parameters
    ----------
    bookmarks
        The bookmark of each numbered thing, by its anchor.
    """

    document: WordDocument
    dossier: Dossier
    language: str
    numbering: Numbering
    figures: Figures
    bookmarks: dict[str, str] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    style_ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.label = labels(self.language)
        for i, target in enumerate(self.numbering.targets.values(), start=1):
            prefix = "_Toc" if target.kind is Kind.TITLE else "_Ref"
            self.bookmarks.setdefault(target.anchor, f"{prefix}{i:08d}")

    def paragraph(self, style: str, text: str = "") -> Paragraph:
        """Add a paragraph."""
        made = self.document.add_paragraph()
        made._p.style = self.style_id(style)
        if text:
            add_text(made, text)
        return made

    def style_id(self, name: str) -> str:
        """Return a style's id; python-docx looks through all styles for each paragraph."""
        if name not in self.style_ids:
            self.style_ids[name] = self.document.styles[name].style_id
        return self.style_ids[name]

    def heading(self, target: Target, *, new_page: bool = False) -> None:
        """Add a numbered heading, bookmarked for the contents and the references."""
        paragraph = self.paragraph(f"Heading {target.level}")
        paragraph.paragraph_format.page_break_before = new_page or None
        number = next(self.ids)
        start_bookmark(paragraph, self.bookmarks[target.anchor], number)
        add_text(paragraph, target.text.render(self.language))
        end_bookmark(paragraph, number)

    def caption(self, target: Target, section: Section) -> None:
        """Add "Tabella 3. ..." where the number is a SEQ field and "Tabella 3" a bookmark."""
        word = self.label[SEQUENCES[target.kind]]
        paragraph = self.paragraph("Caption")
        number = next(self.ids)
        start_bookmark(paragraph, self.bookmarks[target.anchor], number)
        add_text(paragraph, f"{word} ").bold = True
        add_field(paragraph, f"SEQ {word} \\* ARABIC", target.number)
        end_bookmark(paragraph, number)
        for run in paragraph.runs:
            run.bold = True
        add_text(paragraph, ". ")
        self.write(paragraph, section, target.text.render(self.language))

    def write(self, paragraph: Paragraph, section: Section, text: str) -> None:
        """Add a text, its references as cross-reference fields."""
        for piece in self.numbering.pieces(section, text):
            if isinstance(piece, Target):
                self._refer(paragraph, piece)
            else:
                add_text(paragraph, piece)

    def _refer(self, paragraph: Paragraph, target: Target) -> None:
        bookmark = self.bookmarks[target.anchor]
        called = target.label.render(self.language)
        if target.kind is Kind.CITATION:
            add_internal_link(paragraph, bookmark, called)
        elif target.kind is Kind.TITLE:
            add_text(paragraph, called.removesuffix(target.number))
            add_field(paragraph, f"REF {bookmark} \\r \\h", target.number)
        else:
            add_field(paragraph, f"REF {bookmark} \\h", called)
