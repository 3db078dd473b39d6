"""The fixed words of the documents, each a message so that each has its translation."""

from __future__ import annotations

from collections.abc import Mapping

from bgest_analysis.text.messages import Message, T

LABELS: Mapping[str, Message] = {
    "indice": T("Indice"),
    "elenco_tabelle": T("Elenco delle tabelle"),
    "elenco_figure": T("Elenco delle figure"),
    "tabella": T("Tabella"),
    "figura": T("Figura"),
    "fonte": T("Fonte"),
    "nota": T("Nota"),
    "attenzione": T("Attenzione"),
    "sintetici": T("DATI SINTETICI"),
    "sintetici_esteso": T(
        "DATI SINTETICI: numeri generati dal programma per mostrare il metodo. Non descrivono "
        "persone, enti o interventi reali e non vanno citati."
    ),
    "sintetici_breve": T("DATI SINTETICI: non citare"),
    "soppressione": T("Protezione dei dati"),
    "mancante": T("Analisi non ancora disponibile"),
    "incompleta": T("Analisi incompleta"),
    "riferimenti": T("Riferimenti"),
    "come_citare": T("Come citare"),
    "colophon": T("Colophon"),
    "colophon_intro": T(
        "Ciò che serve per rifare questo documento: stessi file, stesso codice, stessi numeri."
    ),
    "esecuzione": T("Esecuzione"),
    "codice": T("Versione del codice"),
    "parametri": T("Parametri"),
    "versioni": T("Programmi e versioni"),
    "file": T("File"),
    "file_letti": T("File letti"),
    "impronta": T("SHA-256"),
    "origine": T("Origine"),
    "contatti": T("Contatti"),
    "salta": T("Vai al contenuto"),
    "notebook": T("Notebook eseguito di questa analisi"),
    "torna_indice": T("Tutti i documenti"),
    "dati_figura": T("Dati della figura"),
    "pagina": T("Pagina"),
    "di": T("di"),
}

ORIGINS: Mapping[str, Message] = {
    "pubblica": T("dati pubblici"),
    "progetto": T("dati del progetto"),
    "sintetica": T("dati sintetici"),
}


def labels(language: str) -> dict[str, str]:
    """Return the fixed words in a language, by key."""
    return {key: message.render(language) for key, message in LABELS.items()}
