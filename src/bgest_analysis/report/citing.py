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
    ]
    if not is_titled_like_study(dossier, language):
        parts.append(f"{meta.study_title}.")
    if meta.citation is not None:
        parts.append(meta.citation.render(language).rstrip(".") + ".")
    parts.append(f"{LABELS['esecuzione'].render(language)} {dossier.colophon.run_id}.")
    return " ".join(parts)


def is_titled_like_study(dossier: Dossier, language: str) -> bool:
    """Tell whether the title already says the study's name, which is then not repeated."""
    return dossier.title.render(language).startswith(dossier.meta.study_title)


def colophon_lines(dossier: Dossier, language: str) -> list[tuple[str, str]]:
    """Return (name, text) of what the colophon says beside the files read; empty ones left out."""
    colophon = dossier.colophon
    lines = [
        ("esecuzione", colophon.run_id),
        ("codice", colophon.commit),
        ("parametri", _pairs(colophon.parameters)),
        ("versioni", _pairs(colophon.versions)),
        ("contatti", "; ".join(colophon.contacts)),
    ]
    return [(LABELS[key].render(language), text) for key, text in lines if text]


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name} {value}" for name, value in pairs)
