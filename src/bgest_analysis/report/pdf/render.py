"""A dossier as a PDF/UA-1 file: tagged, with alternative texts, the same bytes every time.

Typst compiles ``dossier.typ``, which reads the texts and numbers from a JSON file beside it, so
nothing that comes from data is ever read as code. Only fonts that travel with typst and
matplotlib are used, so that every machine sets the same lines.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import typst

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.report.charts.render import Figures
from bgest_analysis.report.citing import citation_text, colophon_lines, is_titled_like_study
from bgest_analysis.report.dossier import SYNTHETIC, Dossier, Section
from bgest_analysis.report.grids import lay_out
from bgest_analysis.report.labels import ORIGINS, labels
from bgest_analysis.report.numbering import Numbering, Target, number_dossier
from bgest_analysis.report.printable import printable
from bgest_analysis.report.widths import (
    LANDSCAPE_WIDTH_CM,
    TEXT_WIDTH_CM,
    column_widths,
    font_size,
    is_wide,
)
from bgest_analysis.text.formats import format_value
from bgest_analysis.text.messages import Message

TEMPLATE = Path(__file__).with_name("dossier.typ")
REGIONS = {"it": "IT", "en": "GB"}
STANDARD: Final = "ua-1"


def render_pdf(dossier: Dossier, language: str, figures: Figures) -> bytes:
    """Return the bytes of the PDF.

    Parameters
    ----------
    figures
        What ``charts.render.render_figures`` drew for this dossier and language.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        data = _Data(dossier, language, figures, root).document()
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        shutil.copyfile(TEMPLATE, root / TEMPLATE.name)
        date = dossier.meta.date
        compiled = typst.compile(
            root / TEMPLATE.name,
            root=root,
            font_paths=[Path(mpl.get_data_path()) / "fonts" / "ttf"],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=STANDARD,
            timestamp=dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC),
        )
    return bytes(compiled)


class _Data:
    """The dossier as plain JSON for the template; pictures are written beside it."""

    def __init__(self, dossier: Dossier, language: str, figures: Figures, root: Path) -> None:
        self.dossier, self.language = dossier, language
        self.figures, self.root = figures, root
        self.numbering: Numbering = number_dossier(dossier)

    def text(self, message: Message | None) -> str:
        return printable(message.render(self.language)) if message else ""

    def rich(self, section: Section, text: str) -> list[Any]:
        return [
            {"anchor": piece.anchor, "text": self.text(piece.label)}
            if isinstance(piece, Target)
            else printable(piece)
            for piece in self.numbering.pieces(section, text)
        ]

    def flow(self, section: Section, text: str) -> list[dict[str, Any]]:
        parts = (part.strip().splitlines() for part in text.split("\n\n") if part.strip())
        return [
            {
                "list": all(line.startswith("- ") for line in lines),
                "lines": [self.rich(section, line.removeprefix("- ")) for line in lines],
            }
            for lines in parts
        ]

    def document(self) -> dict[str, Any]:
        dossier, meta = self.dossier, self.dossier.meta
        author = ", ".join(meta.authors)
        day = format_value(meta.date, "date", self.language)
        return {
            "language": self.language,
            "region": REGIONS[self.language],
            "label": labels(self.language),
            "title": self.text(dossier.title),
            "subtitle": self.text(dossier.subtitle),
            "study": "" if is_titled_like_study(dossier, self.language) else meta.study_title,
            "author": author or meta.institution,
            "byline": [line for line in (author, meta.institution, day) if line],
            "date": {"year": meta.date.year, "month": meta.date.month, "day": meta.date.day},
            "fund": list(meta.fund_statement),
            "logos": [self.logo(i, path) for i, path in enumerate(meta.logos)],
            "synthetic": dossier.synthetic,
            "tables": len(self.numbering.list(Kind.TABLE)),
            "figures": len(self.numbering.list(Kind.FIGURE)),
            "sections": [self.section(section) for section in dossier.sections],
            "references": [self.reference(t) for t in self.numbering.list(Kind.CITATION)],
            "citation": citation_text(dossier, self.language),
            "colophon": [
                {"name": name, "text": text}
                for name, text in colophon_lines(dossier, self.language)
            ],
            "inputs": list(self.inputs()),
        }

    def logo(self, number: int, path: Path) -> dict[str, str]:
        name = f"logo{number}{path.suffix.lower()}"
        shutil.copyfile(path, self.root / name)
        return {"path": name, "alt": path.stem.replace("_", " ")}

    def reference(self, target: Target) -> dict[str, str]:
        text = self.numbering.plain(target, self.language)
        return {"anchor": target.anchor, "number": target.number, "text": printable(text)}

    def inputs(self) -> Iterable[dict[str, str]]:
        for item in self.dossier.colophon.inputs:
            origin = self.text(ORIGINS[item.origin])
            yield {"path": printable(item.path), "origin": origin, "sha256": item.sha256}

    def section(self, section: Section) -> dict[str, Any]:
        shown = [block for block in section.body if block.kind is not Kind.CITATION]
        return {
            "anchor": section.anchor(),
            "heading": self.rich(section, self.text(section.heading)),
            "missing": self.flow(section, self.text(section.missing)),
            "blocks": [self.block(section, block) for block in shown],
        }

    def block(self, section: Section, block: Block) -> dict[str, Any]:
        text = self.text(block.text)
        view: dict[str, Any] = {
            "kind": str(block.kind),
            "anchor": section.anchor(block.id),
            "text": self.rich(section, text),
            "flow": self.flow(section, text),
            "synthetic": block.origin == SYNTHETIC,
            "alt": self.text(block.alt),
        }
        for key in ("source", "n", "suppression"):
            view[key] = self.rich(section, self.text(getattr(block, key)))
        if block.kind is Kind.TITLE:
            view["level"] = self.numbering.of(section, block.id).level
        if block.kind is Kind.TABLE:
            view["table"] = self.table(block)
        if block.kind is Kind.FIGURE:
            view |= self.picture(section, block)
        return view

    def table(self, block: Block) -> dict[str, Any]:
        if block.grid is None:
            return {}
        table = lay_out(block.grid, self.language)
        wide = is_wide(table)
        width = LANDSCAPE_WIDTH_CM if wide else TEXT_WIDTH_CM
        size = font_size(table, width)
        return {
            "heads": [printable(head) for head in table.heads],
            "numeric": list(table.numeric),
            "rows": [[printable(cell.text) for cell in row] for row in table.rows],
            "widths": column_widths(table, width, size),
            "size": size,
            "wide": wide,
        }

    def picture(self, section: Section, block: Block) -> dict[str, Any]:
        figure = self.figures[section.analisi, block.id]
        name = f"{section.anchor(block.id)}.svg"
        (self.root / name).write_text(figure.svg, encoding="utf-8")
        return {"image": name, "width": figure.width_cm}
