"""How to cite a dossier, in one sentence, the same in every document."""

from __future__ import annotations

from bgest_analysis.report.dossier import Dossier
from bgest_analysis.report.labels import LABELS


def citation_text(dossier: Dossier, language: str) -> str:
    """Return "Authors (year). Title. Subtitle. Study. Place. Run ...."."""
    meta = dossier.meta
    who = ", ".join(meta.authors) or meta.institution
    parts = [
        f"{who} ({meta.date.year}).".strip(),
        f"{dossier.title.render(language)}.",
        f"{dossier.subtitle.render(language)}.",
        f"{meta.study_title}.",
    ]
    if meta.citation is not None:
        parts.append(meta.citation.render(language).rstrip(".") + ".")
    parts.append(f"{LABELS['esecuzione'].render(language)} {dossier.colophon.run_id}.")
    return " ".join(parts)
