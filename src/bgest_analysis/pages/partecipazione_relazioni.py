"""Blocks on ties between bodies before and after (R4)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.pages.areas import one_row, with_words
from bgest_analysis.pages.build import paragraph, table, title, unavailable, warning
from bgest_analysis.pages.partecipazione import (
    ALL,
    NOT_ESTIMABLE,
    p_word,
)
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

KINDS = {
    "tutti": T("Tutti i tipi"),
    "informazione": T("Scambio di informazioni"),
    "invio": T("Invio"),
    "caso_condiviso": T("Caso condiviso"),
    "coprogettazione": T("Coprogettazione"),
}


def ties(relazioni: pd.DataFrame, source: Message) -> list[Block]:
    """Show how collaboration changed between the waves (R4), with the two QAP correlations."""
    rows = relazioni.copy()
    order = {kind: place for place, kind in enumerate(KINDS)}
    rows = rows.sort_values("tipo_relazione", key=lambda c: c.map(order), kind="stable")
    whole = one_row(rows, tipo_relazione=ALL)
    return [
        title("sez_relazioni", T("Le relazioni prima e dopo")),
        _ties_sentence(whole),
        _ties_table(rows, source),
        warning(
            "relazioni_2020",
            T(
                "Le due onde stanno a cavallo del 2020: nel mezzo ci sono il COVID-19, l'Ucraina e "
                "altri progetti. Se l'onda «prima» è ricordata a posteriori, il ricordo pesa. Il "
                "cambiamento non si può attribuire al solo progetto."
            ),
        ),
    ]


def _ties_sentence(whole: pd.Series) -> Block:
    if is_missing(whole["delta"]):
        need = T("risposte degli stessi enti nelle due onde ({why}).", why=whole["motivo"])
        return unavailable("relazioni", T("Il cambiamento non è stimabile."), need)
    return paragraph(
        "relazioni_frase",
        T(
            "Su {c:int} coppie di enti descritte nelle due onde la frequenza media passa da "
            "{p:dec2} a {d:dec2} (scala 0–4): {x:sdec2} (jackknife sugli enti, {a:sdec2} – "
            "{b:sdec2}). {k:int} coppie hanno un'onda sola e sono escluse.",
            c=whole["coppie"],
            p=whole["media_prima"],
            d=whole["media_dopo"],
            x=whole["delta"],
            a=whole["basso"],
            b=whole["alto"],
            k=whole["coppie_perse"],
        ),
    )


def _ties_table(rows: pd.DataFrame, source: Message) -> Block:
    shown = with_words(
        rows,
        nome=[KINDS.get(kind, kind.replace("_", " ")) for kind in rows["tipo_relazione"]],
        campo=[
            NOT_ESTIMABLE if is_missing(r["basso"])
            else T("{a:sdec2} – {b:sdec2}", a=r["basso"], b=r["alto"])
            for _, r in rows.iterrows()
        ],
        p_onde=[p_word(p) for p in rows["qap_onde_p"]],
        p_incontri=[p_word(p) for p in rows["qap_incontri_p"]],
    )  # fmt: skip
    return table(
        "relazioni_tabella",
        shown,
        [
            ("nome", T("Relazione"), "text"),
            ("coppie", T("Coppie"), "int"),
            ("densita_prima", T("Legate prima"), "pct0"),
            ("densita_dopo", T("Legate dopo"), "pct0"),
            ("delta", T("Cambiamento medio (R4)"), "sdec2"),
            ("campo", T("Intervallo"), "text"),
            ("qap_onde", T("Correlazione tra le onde"), "dec2"),
            ("p_onde", T("p (QAP)"), "text"),
            ("qap_incontri", T("Cambiamento e incontri"), "dec2"),
            ("p_incontri", T("p (QAP), con gli incontri"), "text"),
        ],
        caption=T("Collaborazione tra enti prima e dopo"),
        alt=T("Tabella di {n} tipi di relazione con cambiamento e correlazioni QAP.", n=len(rows)),
        source=source,
        n=T("{n:int} enti", n=int(rows["enti"].max())),
        tables=["ind_relazioni"],
    )


def ties_missing() -> Block:
    """Say what the comparison of ties would need."""
    return unavailable(
        "relazioni",
        T("Se la collaborazione tra gli enti sia cambiata non si può ancora dire."),
        T("il questionario di rete nelle due onde (tabella relazioni), in data/raw/relazioni."),
    )


def headline_ties(relazioni: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return R4 as fields of ``notebook.door.Result``; none for an Ambito."""
    if area != DISTRETTO:
        return []
    row = one_row(relazioni, tipo_relazione=ALL)
    known = not is_missing(row["delta"])
    return [
        {
            "codice": "R4",
            "ambito": area,
            "stima": float(row["delta"]) if known else None,
            "basso": float(row["basso"]) if known else None,
            "alto": float(row["alto"]) if known else None,
            "n": int(row["coppie"]),
            "intervallo": "jackknife sugli enti 95%" if known else "nessuno",
            "forza": "debole" if known else "non stimabile",
            "blocco": "relazioni_tabella",
            "motivo": row["motivo"],
        }
    ]
