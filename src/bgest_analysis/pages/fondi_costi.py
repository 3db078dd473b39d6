"""Blocks on unit costs: per hour and per person, with their range (F2)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import (
    formula,
    paragraph,
    table,
    title,
    unavailable,
    warning,
)
from bgest_analysis.pages.fondi import result_fields
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

UNITS = {"ora": T("ora"), "persona": T("persona")}
BASES = {
    "totale": T("tutti i costi, indiretti compresi"),
    "senza_indiretti": T("senza i costi indiretti"),
    "personale_e_viaggi": T("solo personale e viaggi"),
}
DENOMINATORS = {
    "ore_frontali": T("ore frontali"),
    "ore_totali": T("ore frontali, di viaggio e back-office"),
    "persone_min": T("persone, possibili doppioni uniti"),
    "persone_max": T("persone, solo doppioni certi uniti"),
}
NOT_ESTIMABLE = T("non stimabile")


def unit_costs(costi: pd.DataFrame, source: Message) -> list[Block]:
    """Show the cost per hour and per person with every base and denominator (F2)."""
    return [
        title("sez_costi", T("Quanto costano un'ora e una persona")),
        formula("costi_formula", T("F2 = costi rendicontati / ore (o persone) del progetto")),
        *[_unit_sentence(costi, unit) for unit in UNITS],
        _costs_table(costi, source),
        warning(
            "costi_nota",
            T(
                "Il costo comprende anche rete, formazione e materiali, che non sono ore di "
                "mediazione: non è una tariffa. L'intervallo di Fieller dice quanto il rapporto "
                "oscilla tra i trimestri, che comprendono COVID-19 e Ucraina. I costi non sono "
                "registrati per Ambito: ripartirli per ore darebbe lo stesso costo orario a tutti."
            ),
        ),
        unavailable(
            "accettabilita",
            T(
                "Una curva di accettabilità non si può tracciare e un rapporto tra benefici "
                "monetizzati e costi (SROI) non si calcola: nessuno ha qui i valori che servono."
            ),
            T("un termine di confronto: costi ed esiti di un servizio simile senza il modello."),
        ),
    ]  # fmt: skip


def _unit_sentence(costi: pd.DataFrame, unit: str) -> Block:
    rows = costi[costi["unita"] == unit]
    chosen = rows[rows["preferito"].fillna(False).astype("bool")]
    if chosen.empty or is_missing(chosen.iloc[0]["valore_eur"]):
        need = T("ore e persone del progetto, sopra la soglia di riservatezza.")
        return unavailable(f"costo_{unit}", T("Il costo per {u} non è stimabile.", u=unit), need)
    row = chosen.iloc[0]
    return paragraph(
        f"costo_{unit}",
        T(
            "Costo per {u}: {v:eur2} con la scelta principale ({base}; {den}); tra {a:eur2} e "
            "{b:eur2} cambiando i costi contati e il denominatore.",
            u=UNITS[unit],
            v=row["valore_eur"],
            base=BASES[row["base"]],
            den=DENOMINATORS[row["denominatore"]],
            a=rows["valore_eur"].min(),
            b=rows["valore_eur"].max(),
        ),
    )


def _costs_table(costi: pd.DataFrame, source: Message) -> Block:
    shown = with_words(
        costi,
        per=[UNITS[unit] for unit in costi["unita"]],
        cosa=[BASES[base] for base in costi["base"]],
        den=[DENOMINATORS[name] for name in costi["denominatore"]],
        campo=[_interval(row) for _, row in costi.iterrows()],
    )
    return table(
        "costi_tabella",
        shown,
        [
            ("per", T("Per"), "text"),
            ("cosa", T("Costi contati"), "text"),
            ("den", T("Diviso per"), "text"),
            ("costo_eur", T("Costo"), "eur0"),
            ("quantita", T("Quantità"), "qty1"),
            ("valore_eur", T("Costo per unità"), "eur2"),
            ("campo", T("Fieller sui trimestri, 95%"), "text"),
        ],
        caption=T("Costo per ora e per persona, con ogni scelta"),
        alt=T("Tabella di {n} combinazioni di costi e denominatori.", n=len(costi)),
        source=source,
        n=T("{n:int} combinazioni", n=len(costi)),
        tables=["ind_costi_unitari"],
    )


def _interval(row: pd.Series) -> Message:
    if row["unita"] == "persona":
        return T("nessuno")
    if is_missing(row["basso_eur"]):
        return NOT_ESTIMABLE
    return T("{a:eur2}–{b:eur2}", a=row["basso_eur"], b=row["alto_eur"])


def costs_missing() -> Block:
    """Say what unit costs would need."""
    return unavailable(
        "costi",
        T("Quanto costano un'ora e una persona non si può ancora dire."),
        T("il budget e il registro degli interventi, in data/raw/budget e data/raw/interventi."),
    )


def headline_cost(costi: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return F2 (cost per hour) with the range over choices; none for an Ambito."""
    if area != DISTRETTO:
        return []
    rows = costi[costi["unita"] == "ora"]
    row = rows[rows["preferito"].fillna(False).astype("bool")].iloc[0]
    if is_missing(row["valore_eur"]):
        why = "ore del progetto sotto soglia o assenti"
        return [result_fields("F2", None, None, None, 0, "nessuno", "costi_tabella", why)]
    low, high = float(rows["valore_eur"].min()), float(rows["valore_eur"].max())
    kind = "campo di variazione tra le scelte"
    return [
        result_fields(
            "F2", float(row["valore_eur"]), low, high, int(row["casi"]), kind, "costo_ora", ""
        )
    ]
