"""Themes of coded documents, and the headline figure that each goes with."""

from __future__ import annotations

from bgest_analysis.text.messages import T

PARTI = {"C": T("Contesto"), "M": T("Meccanismo"), "O": T("Esito")}
THEMES = {
    "E3": ("autonomia",),
    "M6": ("attivazione",),
    "M3": ("lettura_condivisa", "lettura"),
    "E1": ("fiducia", "riconoscimento"),
    "P4": ("accesso",),
}
WORDS = "Q-"  # before a figure's code: the share of documents where its themes appear


def theme_name(code: str) -> str:
    """Return the words of a theme's code, without the letter of its part."""
    part, _, words = code.partition("_")
    return (words if part in PARTI else code).replace("_", " ")
