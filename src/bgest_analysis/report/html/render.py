"""A dossier as one HTML file: offline, escaped, under a strict content security policy."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.report.charts.render import Figures
from bgest_analysis.report.citing import citation_text, is_titled_like_study
from bgest_analysis.report.dossier import SYNTHETIC, Dossier, Section
from bgest_analysis.report.grids import lay_out
from bgest_analysis.report.html.texts import content_policy, flow, inline
from bgest_analysis.report.labels import ORIGINS, labels
from bgest_analysis.report.numbering import Numbering, number_dossier
from bgest_analysis.report.printable import printable_value
from bgest_analysis.text.formats import format_value

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Links:
    """Addresses of neighbours, relative to the document.

    Parameters
    ----------
    index
        The entry page; empty for none.
    languages
        The same dossier in other languages, by language.
    files
        The same dossier in other formats: (label, address).
    """

    index: str = ""
    languages: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()


def render_html(
    dossier: Dossier, language: str, figures: Figures, links: Links | None = None
) -> str:
    """Return the whole document.

    Parameters
    ----------
    figures
        What ``charts.render.render_figures`` drew for this dossier and language.
    """
    numbering = number_dossier(dossier)
    style = stylesheet()
    page = {
        "language": language,
        "policy": content_policy(style),
        "style": Markup(style),  # noqa: S704 (our own file)
        "label": labels(language),
        "dossier": dossier,
        "title": dossier.title.render(language),
        "subtitle": dossier.subtitle.render(language),
        "study": "" if is_titled_like_study(dossier, language) else dossier.meta.study_title,
        "date": format_value(dossier.meta.date, "date", language),
        "links": links or Links(),
        "logos": [_logo(path) for path in dossier.meta.logos],
        "sections": [
            _section(section, numbering, language, figures) for section in dossier.sections
        ],
        "contents": _contents(numbering, language),
        "references": _listing(numbering, language, Kind.CITATION),
        "citation": citation_text(dossier, language),
        "inputs": _inputs(dossier, language),
        "notes": [note.render(language) for note in dossier.notes],
    }
    return environment().get_template("dossier.html.j2").render(page)


@cache
def environment() -> Environment:
    """Return the templates, every value escaped."""
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        finalize=printable_value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def stylesheet() -> str:
    """Return the style sheet of every page."""
    return (HERE / "style.css").read_text(encoding="utf-8")


def _section(
    section: Section, numbering: Numbering, language: str, figures: Figures
) -> dict[str, Any]:
    heading = numbering.of(section)
    return {
        "anchor": heading.anchor,
        "number": heading.number,
        "heading": heading.text.render(language),
        "notebook": section.notebook,
        "missing": section.missing.render(language) if section.missing else "",
        "empty": not section.body,
        "blocks": [
            block_view(block, section, numbering, language, figures) for block in section.body
        ],
    }


def block_view(
    block: Block, section: Section, numbering: Numbering, language: str, figures: Figures
) -> dict[str, Any]:
    """Return what the template of blocks needs of one block."""
    text = block.text.render(language)
    view: dict[str, Any] = {
        "kind": str(block.kind),
        "anchor": section.anchor(block.id),
        "text": inline(numbering.pieces(section, text), language),
        "flow": flow(text, section, numbering, language),
        "synthetic": block.origin == SYNTHETIC,
    }
    target = numbering.find(section, block.id)
    if target is not None:
        view |= {"number": target.number, "level": target.level}
        view |= {"called": target.label.render(language)}
    if block.kind in (Kind.TABLE, Kind.FIGURE):
        view |= _evidence(block, section, numbering, language)
    if block.kind is Kind.FIGURE:
        picture = figures.get((section.analisi, block.id))
        view["svg"] = Markup(picture.svg if picture else "")  # noqa: S704 (ours)
    return view


def _evidence(
    block: Block, section: Section, numbering: Numbering, language: str
) -> dict[str, Any]:
    texts = {"source": block.source, "n": block.n, "suppression": block.suppression}
    rendered = {key: text.render(language) if text else "" for key, text in texts.items()}
    shown: dict[str, Any] = {
        key: inline(numbering.pieces(section, text), language) for key, text in rendered.items()
    }
    shown["alt"] = block.alt.render(language) if block.alt else ""
    if block.grid is not None:
        shown["table"] = lay_out(block.grid, language)
    return shown


def _contents(numbering: Numbering, language: str) -> dict[str, list[dict[str, Any]]]:
    return {
        "headings": _listing(numbering, language, Kind.TITLE),
        "tables": _listing(numbering, language, Kind.TABLE),
        "figures": _listing(numbering, language, Kind.FIGURE),
    }


def _listing(numbering: Numbering, language: str, kind: Kind) -> list[dict[str, Any]]:
    return [
        {
            "anchor": target.anchor,
            "called": target.label.render(language),
            "number": target.number,
            "text": numbering.plain(target, language),
            "level": target.level,
        }
        for target in numbering.list(kind)
    ]


def _inputs(dossier: Dossier, language: str) -> list[dict[str, str]]:
    return [
        {
            "path": item.path,
            "sha256": item.sha256,
            "origin": ORIGINS[item.origin].render(language),
            "source": item.source,
        }
        for item in dossier.colophon.inputs
    ]


def _logo(path: Path) -> dict[str, str]:
    kind = {"svg": "svg+xml", "jpg": "jpeg"}.get(path.suffix[1:].lower(), path.suffix[1:].lower())
    data = base64.b64encode(path.read_bytes()).decode()
    return {"src": f"data:image/{kind};base64,{data}", "alt": path.stem.replace("_", " ")}
