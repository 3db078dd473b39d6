"""Texts as safe HTML: everything escaped, references turned into links, lines into lists."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from markupsafe import Markup, escape

from bgest_analysis.report.dossier import Section
from bgest_analysis.report.numbering import Numbering, Target


def inline(pieces: Iterable[str | Target], language: str) -> Markup:
    """Return a text with its references as links."""
    return Markup("").join(
        link(piece, language) if isinstance(piece, Target) else escape(piece) for piece in pieces
    )


def link(target: Target, language: str) -> Markup:
    """Return a link to a numbered thing, reading "Tabella 3"."""
    return Markup('<a href="#{}">{}</a>').format(target.anchor, target.label.render(language))


def flow(text: str, section: Section, numbering: Numbering, language: str) -> Markup:
    """Return paragraphs and lists: blank lines part paragraphs, "- " opens an item."""
    parts = [part for part in text.split("\n\n") if part.strip()]
    return Markup("\n").join(_part(part, section, numbering, language) for part in parts)


def _part(part: str, section: Section, numbering: Numbering, language: str) -> Markup:
    lines = part.strip().splitlines()
    rendered = [
        inline(numbering.pieces(section, line.removeprefix("- ")), language) for line in lines
    ]
    if all(line.startswith("- ") for line in lines):
        items = Markup("").join(Markup("<li>{}</li>").format(line) for line in rendered)
        return Markup("<ul>{}</ul>").format(items)
    return Markup("<p>{}</p>").format(Markup(" ").join(rendered))


def policy_hash(content: str) -> str:
    """Return the source expression that lets one inline style or script through the policy."""
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def content_policy(style: str, script: str = "") -> str:
    """Return a content security policy under which only what is in the page is used."""
    rules = ["default-src 'none'", f"style-src {policy_hash(style)}", "img-src data:"]
    if script:
        rules.append(f"script-src {policy_hash(script)}")
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])
