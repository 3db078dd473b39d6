"""The names of the analyses, for documents and the entry page."""

from __future__ import annotations

from bgest_analysis.text.messages import Message, T

ANALYSES = {
    "00_sintesi": T("Sintesi"),
    "01_territorio": T("Il territorio"),
    "02_rete_governance": T("Rete e governance"),
    "03_modello_mediazione": T("Il modello di mediazione"),
    "04_copertura_equita": T("Copertura ed equità"),
    "05_effetti": T("Effetti"),
    "06_emergenza_ucraina": T("L'emergenza Ucraina"),
    "07_fondi_costi": T("Fondi e costi"),
    "08_monitoraggio_indicatori": T("Monitoraggio e indicatori"),
    "09_percezioni": T("Percezioni"),
    "10_programmazione": T("Programmazione"),
    "11_qualita_dati": T("Qualità dei dati"),
    "12_multiverso": T("Multiverso delle scelte"),
}


def analysis_name(analisi: str) -> Message:
    """Return an analysis' name; a study's own notebook keeps the name of its file."""
    return ANALYSES.get(analisi, Message("{nome}", {"nome": analisi}))
