"""Blocks on data quality: accounts of each file, rules met, completeness."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.pages.build import paragraph, table, title
from bgest_analysis.text.messages import Message, T


def opening(fonti: pd.DataFrame) -> Block:
    """Give the sums of the accounts: nothing is lost between a file and its table."""
    return paragraph(
        "qualita_frase",
        T(
            "Sono stati letti {files:int} file e {read:int} righe: {kept:int} sono entrate nelle "
            "tabelle, {aside:int} sono in quarantena, {dropped:int} sono state scartate da una "
            "regola con nome. La somma torna per ogni file. Le segnalazioni sono {problems:int}.",
            files=len(fonti),
            read=int(fonti["righe_lette"].sum()),
            kept=int(fonti["righe_pulite"].sum()),
            aside=int(fonti["quarantena"].sum()),
            dropped=int(fonti["scartate"].sum()),
            problems=int(fonti["segnalazioni"].sum()),
        ),
    )


def accounts(fonti: pd.DataFrame, source: Message) -> Block:
    """Show the accounts of each file."""
    shown = fonti.assign(impronta=fonti["sha256"].str[:12])
    return table(
        "qualita_conti",
        shown,
        [
            ("file", T("File"), "text"),
            ("tabella", T("Tabella"), "text"),
            ("righe_lette", T("Righe lette"), "int"),
            ("righe_pulite", T("Pulite"), "int"),
            ("quarantena", T("Quarantena"), "int"),
            ("scartate", T("Scartate"), "int"),
            ("segnalazioni", T("Segnalazioni"), "int"),
            ("impronta", T("SHA-256 (inizio)"), "text"),
        ],
        caption=T("I conti della pulizia: ogni riga letta si ritrova"),
        alt=T(
            "Tabella di {n} file con righe lette, pulite, in quarantena e scartate.", n=len(shown)
        ),
        source=source,
        n=T("{n:int} file", n=len(shown)),
        tables=["ind_qualita_fonti"],
    )


def rules(regole: pd.DataFrame, source: Message) -> Block:
    """Show which rules were met in the files of each table, or say that none was."""
    if regole.empty:
        return paragraph("qualita_regole", T("Nessuna regola è stata violata nei file caricati."))
    keys = ["cartella", "regola", "trattamento", "colonna"]
    folders = [PurePosixPath(file).parent.name for file in regole["file"]]
    totals = regole.assign(cartella=folders, colonna=regole["colonna"].fillna("")).groupby(keys)
    shown = totals.agg(file=("file", "nunique"), casi=("casi", "sum")).reset_index()
    return table(
        "qualita_regole",
        shown.sort_values(["cartella", "casi"], ascending=[True, False], kind="stable"),
        [
            ("cartella", T("Cartella"), "text"),
            ("regola", T("Regola"), "text"),
            ("trattamento", T("Trattamento"), "text"),
            ("colonna", T("Colonna"), "text"),
            ("file", T("File"), "int"),
            ("casi", T("Casi"), "int"),
        ],
        caption=T("Registro delle pulizie: regole incontrate, per cartella"),
        alt=T("Tabella di {n} regole con il numero di file e di casi.", n=len(shown)),
        source=source,
        n=T("{n:int} casi", n=int(regole["casi"].sum())),
        tables=["ind_qualita_regole"],
    )


def completeness(completezza: pd.DataFrame, source: Message) -> Block:
    """Show the completeness of required columns, table by table."""
    by_table = completezza.groupby("tabella").agg(
        righe=("righe", "first"), colonne=("colonna", "size"), minimo=("completezza", "min")
    )
    shown = by_table.reset_index()
    return table(
        "qualita_completezza",
        shown,
        [
            ("tabella", T("Tabella"), "text"),
            ("righe", T("Righe"), "int"),
            ("colonne", T("Colonne obbligatorie"), "int"),
            ("minimo", T("Completezza minima"), "pct1"),
        ],
        caption=T("Completezza delle colonne obbligatorie (indicatore D1)"),
        alt=T("Tabella di {n} tabelle con la completezza minima.", n=len(shown)),
        source=source,
        n=T("{n:int} colonne", n=len(completezza)),
        tables=["ind_qualita_completezza"],
    )


PROJECT_TABLES = {
    "interventi": T("modello di mediazione, copertura, tempi"),
    "destinatari": T("destinatari unici, copertura"),
    "servizi_ricevuti": T("destinatari per servizio"),
    "incontri": T("funzionamento degli organi"),
    "presenze": T("rete tra enti"),
    "budget": T("costi e avanzamento"),
    "timesheet": T("confronto con il registro degli interventi"),
    "indicatori": T("previsto e realizzato"),
    "questionari": T("percezioni di persone e operatori"),
    "pratiche": T("diffusione delle pratiche, disegno degli effetti"),
}


def headings() -> list[Block]:
    """Return the analysis' heading and its question."""
    return [
        title("titolo", T("Qualità dei dati"), level=1),
        paragraph(
            "domanda",
            T("Domanda valutativa: fin dove ci si può fidare dei dati usati in questo dossier?"),
        ),
    ]


def absent_tables(present: set[str]) -> list[Block]:
    """Say which project tables are not loaded yet, and what they would allow."""
    lines = [
        T("{table} ({use})", table=name, use=use)
        for name, use in PROJECT_TABLES.items()
        if f"tidy_{name}" not in present
    ]
    if not lines:
        return []
    return [
        paragraph(
            "qualita_assenti",
            T(
                "Dati di progetto non ancora caricati, con ciò che permetterebbero: {lines}.",
                lines=lines,
            ),
        )
    ]


def headline(completezza: pd.DataFrame, area: str) -> dict[str, Any]:
    """Return the lowest completeness, as fields of ``notebook.door.Result``."""
    return {
        "codice": "D1",
        "ambito": area,
        "stima": float(completezza["completezza"].min()),
        "basso": None,
        "alto": None,
        "n": len(completezza),
        "intervallo": "nessuno: conteggio completo",
        "forza": "forte",
        "blocco": "qualita_completezza",
    }
